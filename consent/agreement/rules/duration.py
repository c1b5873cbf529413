"""How long, how much of a shift and how finely may be recorded: nobody is watched permanently."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from consent.agreement import sources
from consent.agreement.language import Text
from consent.agreement.rules.rule import Places, Rule, Severity, when
from consent.agreement.schema import Agreement, Campaign

LONGEST_RUN_DAYS = 92
"""A quarter. The court (1 ABR 46/15) named no number: recording was permanent. Campaigns that follow each
other within a week count as one, so that a permanent recording cannot be cut into slices."""

PAUSE_DAYS = 7

LONG_RUN_DAYS = 31
FINE_RESOLUTION_S = 60
"""These two: chosen so that a usual study passes in silence; they only warn."""


def _each(broken: Callable[[Campaign], object | None]) -> Callable[[Agreement], Places]:
    def places(agreement: Agreement) -> Places:
        for index, campaign in enumerate(agreement.campaigns):
            if (found := broken(campaign)) is not None:
                yield f"campaigns[{index}].{found}"

    return places


def _runs(agreement: Agreement) -> Iterator[tuple[str, int]]:
    """Yield each station's runs of campaigns that follow each other within a week, and their days."""
    for station in agreement.stations:
        runs: list[tuple[date, date]] = []
        for first, last in sorted(
            (campaign.first_day, campaign.last_day)
            for campaign in agreement.campaigns
            if station in campaign.stations and campaign.last_day is not None
        ):
            if runs and first - runs[-1][1] <= timedelta(days=PAUSE_DAYS):
                runs[-1] = (runs[-1][0], max(runs[-1][1], last))
            else:
                runs.append((first, last))
        for first, last in runs:
            yield station, (last - first).days + 1


def _run_longer_than(low: int, high: int | None = None) -> Callable[[Agreement], Places]:
    def places(agreement: Agreement) -> Places:
        for station, days in _runs(agreement):
            if days > low and (high is None or days <= high):
                yield f"campaigns: {days} d, {station}"

    return places


def _whole_shift(agreement: Agreement) -> Places:
    for index, campaign in enumerate(agreement.campaigns):
        if campaign.minutes_per_day >= agreement.shift_minutes:
            yield f"campaigns[{index}].minutes_per_day = {campaign.minutes_per_day}"


def _half_shift(agreement: Agreement) -> Places:
    for index, campaign in enumerate(agreement.campaigns):
        if agreement.shift_minutes / 2 < campaign.minutes_per_day < agreement.shift_minutes:
            yield f"campaigns[{index}].minutes_per_day = {campaign.minutes_per_day}"


PERMANENT = Rule(
    "permanent",
    Severity.REFUSAL,
    sources.PERMANENT,
    Text(
        de="Eine Erfassung ohne letzten Tag ist eine dauerhafte; eine solche Vereinbarung war unwirksam.",
        en="Recording without a last day is permanent; such an agreement was ineffective.",
    ),
    _each(lambda campaign: "last_day" if campaign.last_day is None else None),
)

SLICED = Rule(
    "sliced",
    Severity.REFUSAL,
    sources.PERMANENT,
    Text(
        de="Mehr als 92 Tage an einem Arbeitsplatz ohne eine Woche Pause sind eine dauerhafte Erfassung.",
        en="More than 92 days at a station without a week's pause amount to permanent recording.",
    ),
    _run_longer_than(LONGEST_RUN_DAYS),
)

WHOLE_SHIFT = Rule(
    "whole shift",
    Severity.REFUSAL,
    sources.PERMANENT,
    Text(
        de="Der ganzen Schicht kann sich niemand entziehen; vereinbaren Sie einen Teil davon.",
        en="Recording a whole shift leaves no way out of it; agree on a part of the shift.",
    ),
    _whole_shift,
)

LONG_CAMPAIGN = Rule(
    "long campaign",
    Severity.WARNING,
    sources.PERMANENT,
    Text(
        de="Mehr als 31 Tage an einem Arbeitsplatz ohne eine Woche Pause: Reicht eine kürzere Erfassung?",
        en="More than 31 days at a station without a week's pause: would a shorter campaign do?",
    ),
    _run_longer_than(LONG_RUN_DAYS, LONGEST_RUN_DAYS),
)

MORE_THAN_HALF_A_SHIFT = Rule(
    "more than half a shift",
    Severity.WARNING,
    sources.PERMANENT,
    Text(
        de="Mehr als die halbe Schicht wird erfasst: Reicht weniger?",
        en="More than half of the shift is recorded: would less do?",
    ),
    _half_shift,
)

NO_END_WHEN_ENOUGH = Rule(
    "no end when enough",
    Severity.WARNING,
    sources.MINIMISATION,
    Text(
        de="Die Erfassung endet nicht von selbst, wenn sie genug gesehen hat (Genauigkeit oder Zyklen).",
        en="The campaign does not end by itself when it has seen enough (accuracy or number of cycles).",
    ),
    _each(lambda campaign: "enough" if campaign.enough is None else None),
)

FINE_TIMES = Rule(
    "fine times",
    Severity.WARNING,
    sources.PERMANENT,
    Text(
        de="Ein Beginn, der feiner als eine Minute ist, lässt einzelne Arbeitsschritte nachvollziehen.",
        en="Start times finer than a minute let single work steps be followed.",
    ),
    when(
        lambda agreement: (
            f"time_resolution_s = {agreement.time_resolution_s}"
            if agreement.time_resolution_s < FINE_RESOLUTION_S
            else None
        )
    ),
)
