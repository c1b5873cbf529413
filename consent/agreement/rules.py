"""The rules that an agreement is judged by, each with its source and what it says in both languages.

Not legal advice. A refusal names law or a decision that such an agreement contradicts, or a promise of
fairtakt that it breaks; a warning is something that both sides should have talked about.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from consent.agreement import sources
from consent.agreement.language import Text
from consent.agreement.schema import Agreement, Campaign
from consent.agreement.vocabulary import MotionPurpose, Party, Prohibition, Role, View

SMALLEST_GROUP = 5
"""BAG 1 ABR 6/94: in a group of 5 to 6 people, pressure on the group still reached each member."""

DEFAULT_GROUP = 7
"""The first size above that group."""

LONGEST_RUN_DAYS = 92
"""A quarter. The court (1 ABR 46/15) named no number: recording was permanent. Campaigns that follow each
other within a week count as one, so that a permanent recording cannot be cut into slices."""

LONG_RUN_DAYS = 31
PAUSE_DAYS = 7

LONG_INTERVALS_DAYS = 14
LONGEST_INTERVALS_DAYS = 30
"""CNIL found 31 days of all indicators unlawful; half of it is long enough to ask why."""

LONG_AGGREGATES_DAYS = 3 * 365
LONG_MOTION_DAYS = 365
SHORT_NOTICE_DAYS = 14
FINE_RESOLUTION_S = 60
"""The last five: chosen so that a usual study passes in silence; they only warn."""


class Severity(StrEnum):
    """What a finding means for the agreement."""

    REFUSAL = "refusal"
    WARNING = "warning"


Places = Iterator[str]
"""Where in the file a rule is broken, such as `campaigns[0].last_day = null`."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `broken` finds the places where an agreement breaks it."""

    name: str
    severity: Severity
    source: str
    text: Text
    broken: Callable[[Agreement], Places]


def _each(broken: Callable[[Campaign], object | None]) -> Callable[[Agreement], Places]:
    def places(agreement: Agreement) -> Places:
        for index, campaign in enumerate(agreement.campaigns):
            if (found := broken(campaign)) is not None:
                yield f"campaigns[{index}].{found}"

    return places


def _when(broken: Callable[[Agreement], object | None]) -> Callable[[Agreement], Places]:
    def places(agreement: Agreement) -> Places:
        if (found := broken(agreement)) is not None:
            yield str(found)

    return places


def _missing(prohibition: Prohibition) -> Callable[[Agreement], Places]:
    return _when(
        lambda agreement: f"prohibited: {prohibition}" if prohibition not in agreement.prohibited else None
    )


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


def _notice_days(agreement: Agreement) -> int | None:
    """Return the days between the notice and the first recording."""
    if agreement.notice_on is None:
        return None
    return (min(campaign.first_day for campaign in agreement.campaigns) - agreement.notice_on).days


def _late(agreement: Agreement) -> str | None:
    days = _notice_days(agreement)
    return f"notice_on = {agreement.notice_on}" if days is not None and days < 1 else None


def _short(agreement: Agreement) -> str | None:
    days = _notice_days(agreement)
    return (
        f"notice_on = {agreement.notice_on}" if days is not None and 1 <= days < SHORT_NOTICE_DAYS else None
    )


def _whole_shift(agreement: Agreement) -> Places:
    for index, campaign in enumerate(agreement.campaigns):
        if campaign.minutes_per_day >= agreement.shift_minutes:
            yield f"campaigns[{index}].minutes_per_day = {campaign.minutes_per_day}"


def _half_shift(agreement: Agreement) -> Places:
    for index, campaign in enumerate(agreement.campaigns):
        if agreement.shift_minutes / 2 < campaign.minutes_per_day < agreement.shift_minutes:
            yield f"campaigns[{index}].minutes_per_day = {campaign.minutes_per_day}"


def _without_key(agreement: Agreement) -> Places:
    for party in Party:
        if agreement.parties.of(party).key is None:
            yield f"parties.{party.value}.key"


def _without_rate(agreement: Agreement) -> Places:
    if agreement.royalties is None:
        return
    paid = {rate.purpose for rate in agreement.royalties.rate_card}
    for purpose in agreement.motion.purposes:
        if purpose is not MotionPurpose.OWN_REVIEW and purpose not in paid:
            yield f"royalties.rate_card: {purpose}"


def _sees(role: Role, view: View, agreement: Agreement) -> bool:
    return any(one.role is role and view in one.may_see for one in agreement.access)


_REFUSAL, _WARNING = Severity.REFUSAL, Severity.WARNING

RULES: tuple[Rule, ...] = (
    Rule(
        "permanent",
        _REFUSAL,
        sources.PERMANENT,
        Text(
            de="Eine Erfassung ohne letzten Tag ist eine dauerhafte; eine solche Vereinbarung war unwirksam.",
            en="Recording without a last day is permanent; such an agreement was ineffective.",
        ),
        _each(lambda campaign: "last_day" if campaign.last_day is None else None),
    ),
    Rule(
        "sliced",
        _REFUSAL,
        sources.PERMANENT,
        Text(
            de="Mehr als 92 Tage an einem Arbeitsplatz ohne eine Woche Pause sind eine dauerhafte Erfassung.",
            en="More than 92 days at a station without a week's pause amount to permanent recording.",
        ),
        _run_longer_than(LONGEST_RUN_DAYS),
    ),
    Rule(
        "whole shift",
        _REFUSAL,
        sources.PERMANENT,
        Text(
            de="Der ganzen Schicht kann sich niemand entziehen; vereinbaren Sie einen Teil davon.",
            en="Recording a whole shift leaves no way out of it; agree on a part of the shift.",
        ),
        _whole_shift,
    ),
    Rule(
        "group below five",
        _REFUSAL,
        sources.GROUP,
        Text(
            de="Zahlen über weniger als fünf Personen sind Überwachung der einzelnen.",
            en="Figures about fewer than five people monitor each of them.",
        ),
        _when(
            lambda agreement: (
                f"minimum_group = {agreement.minimum_group}"
                if agreement.minimum_group < SMALLEST_GROUP
                else None
            )
        ),
    ),
    Rule(
        "no notice",
        _REFUSAL,
        sources.NOTICE,
        Text(
            de="Es fehlt der Tag, an dem die Beschäftigten unterrichtet werden.",
            en="The day on which the workers are informed is missing.",
        ),
        _when(lambda agreement: "notice_on" if agreement.notice_on is None else None),
    ),
    Rule(
        "late notice",
        _REFUSAL,
        sources.NOTICE,
        Text(
            de="Die Beschäftigten müssen vor der ersten Erfassung unterrichtet sein.",
            en="The workers must be informed before the first recording.",
        ),
        _when(_late),
    ),
    Rule(
        "performance evaluation",
        _REFUSAL,
        sources.PERFORMANCE,
        Text(
            de="Es fehlt das Verbot, die Leistung einzelner Personen zu bewerten.",
            en="The prohibition of evaluating the performance of persons is missing.",
        ),
        _missing(Prohibition.PERFORMANCE_EVALUATION),
    ),
    Rule(
        "no necessity",
        _REFUSAL,
        sources.NECESSITY,
        Text(
            de="Es fehlt, warum ein milderes Mittel den Zweck nicht erreicht.",
            en="It is not said why a milder means does not serve the purpose.",
        ),
        _when(lambda agreement: "necessity" if agreement.necessity is None else None),
    ),
    Rule(
        "intervals kept too long",
        _REFUSAL,
        sources.CNIL,
        Text(
            de="Einzelne Zeitabschnitte 31 Tage oder länger aufzubewahren geht über den Bedarf hinaus.",
            en="Keeping single intervals for 31 days or more is beyond the need.",
        ),
        _when(
            lambda agreement: (
                f"retention.intervals_days = {agreement.retention.intervals_days}"
                if agreement.retention.intervals_days > LONGEST_INTERVALS_DAYS
                else None
            )
        ),
    ),
    Rule(
        "motion kept without limit",
        _REFUSAL,
        sources.STORAGE_LIMITATION,
        Text(
            de="Bewegungsdaten brauchen eine höchste Aufbewahrungsdauer.",
            en="Motion needs a maximum retention.",
        ),
        _when(
            lambda agreement: (
                "motion.retention_days"
                if agreement.motion.permitted and agreement.motion.retention_days is None
                else None
            )
        ),
    ),
    Rule(
        "motion without royalties",
        _REFUSAL,
        sources.PAID_USE,
        Text(
            de="Bewegungsdaten sind erlaubt, aber nicht, was für ihre Nutzung gezahlt wird.",
            en="Motion is permitted, but not what is paid for its use.",
        ),
        _when(
            lambda agreement: (
                "royalties" if agreement.motion.permitted and agreement.royalties is None else None
            )
        ),
    ),
    Rule(
        "purpose without rate",
        _REFUSAL,
        sources.PAID_USE,
        Text(
            de="Für diesen erlaubten Zweck steht kein Satz in der Vergütungstabelle.",
            en="The rate card has no rate for this permitted purpose.",
        ),
        _without_rate,
    ),
    Rule(
        "key missing",
        _REFUSAL,
        sources.SIGNATURES,
        Text(
            de="Ohne den öffentlichen Schlüssel dieser Seite kann niemand ihre Unterschrift prüfen.",
            en="Without the public key of this party nobody can verify its signature.",
        ),
        _without_key,
    ),
    Rule(
        "long campaign",
        _WARNING,
        sources.PERMANENT,
        Text(
            de="Mehr als 31 Tage an einem Arbeitsplatz ohne eine Woche Pause: Reicht eine kürzere Erfassung?",
            en="More than 31 days at a station without a week's pause: would a shorter campaign do?",
        ),
        _run_longer_than(LONG_RUN_DAYS, LONGEST_RUN_DAYS),
    ),
    Rule(
        "more than half a shift",
        _WARNING,
        sources.PERMANENT,
        Text(
            de="Mehr als die halbe Schicht wird erfasst: Reicht weniger?",
            en="More than half of the shift is recorded: would less do?",
        ),
        _half_shift,
    ),
    Rule(
        "no end when enough",
        _WARNING,
        sources.MINIMISATION,
        Text(
            de="Die Erfassung endet nicht von selbst, wenn sie genug gesehen hat (Genauigkeit oder Zyklen).",
            en="The campaign does not end by itself when it has seen enough (accuracy or number of cycles).",
        ),
        _each(lambda campaign: "enough" if campaign.enough is None else None),
    ),
    Rule(
        "small group",
        _WARNING,
        sources.GROUP,
        Text(
            de="Auch in Gruppen von fünf und sechs Personen erreichte Druck die einzelnen; Vorgabe ist 7.",
            en="In groups of five and six people pressure still reached each of them; the default is 7.",
        ),
        _when(
            lambda agreement: (
                f"minimum_group = {agreement.minimum_group}"
                if SMALLEST_GROUP <= agreement.minimum_group < DEFAULT_GROUP
                else None
            )
        ),
    ),
    Rule(
        "short notice",
        _WARNING,
        sources.NOTICE,
        Text(
            de="Weniger als 14 Tage zwischen Unterrichtung und Erfassung lassen wenig Zeit für Fragen.",
            en="Fewer than 14 days between notice and first recording leave little time for questions.",
        ),
        _when(_short),
    ),
    Rule(
        "idle alarms",
        _WARNING,
        sources.CNIL,
        Text(
            de="Meldungen über die Untätigkeit einzelner sind nicht ausdrücklich verboten.",
            en="Idle alarms per person are not prohibited in so many words.",
        ),
        _missing(Prohibition.IDLE_ALARMS),
    ),
    Rule(
        "emotion inference",
        _WARNING,
        sources.EMOTION,
        Text(
            de="Gefühle am Arbeitsplatz abzuleiten ist ohnehin verboten; sagen Sie es auch hier.",
            en="Inferring emotions at work is forbidden anyway; say so here too.",
        ),
        _missing(Prohibition.EMOTION_INFERENCE),
    ),
    Rule(
        "intervals kept long",
        _WARNING,
        sources.CNIL,
        Text(
            de="Einzelne Zeitabschnitte werden länger als 14 Tage aufbewahrt: Reicht weniger?",
            en="Single intervals are kept for more than 14 days: would less do?",
        ),
        _when(
            lambda agreement: (
                f"retention.intervals_days = {agreement.retention.intervals_days}"
                if LONG_INTERVALS_DAYS < agreement.retention.intervals_days <= LONGEST_INTERVALS_DAYS
                else None
            )
        ),
    ),
    Rule(
        "aggregates kept long",
        _WARNING,
        sources.STORAGE_LIMITATION,
        Text(
            de="Auswertungen werden länger als drei Jahre aufbewahrt: Wofür?",
            en="Aggregates are kept for more than three years: what for?",
        ),
        _when(
            lambda agreement: (
                f"retention.aggregates_days = {agreement.retention.aggregates_days}"
                if agreement.retention.aggregates_days > LONG_AGGREGATES_DAYS
                else None
            )
        ),
    ),
    Rule(
        "motion kept long",
        _WARNING,
        sources.STORAGE_LIMITATION,
        Text(
            de="Bewegungsdaten, an denen man Personen erkennt, werden länger als ein Jahr aufbewahrt: Wofür?",
            en="Motion, by which people can be recognised, is kept for more than a year: what for?",
        ),
        _when(
            lambda agreement: (
                f"motion.retention_days = {agreement.motion.retention_days}"
                if (agreement.motion.retention_days or 0) > LONG_MOTION_DAYS
                else None
            )
        ),
    ),
    Rule(
        "fine times",
        _WARNING,
        sources.PERMANENT,
        Text(
            de="Ein Beginn, der feiner als eine Minute ist, lässt einzelne Arbeitsschritte nachvollziehen.",
            en="Start times finer than a minute let single work steps be followed.",
        ),
        _when(
            lambda agreement: (
                f"time_resolution_s = {agreement.time_resolution_s}"
                if agreement.time_resolution_s < FINE_RESOLUTION_S
                else None
            )
        ),
    ),
    Rule(
        "supervisor sees timelines",
        _WARNING,
        sources.CNIL,
        Text(
            de="Vorgesetzte sehen, was wann an einem Arbeitsplatz geschah: Reichen veröffentlichte Tabellen?",
            en="Supervisors see what happened when at a station: would released tables do?",
        ),
        _when(lambda agreement: "access" if _sees(Role.SUPERVISOR, View.TIMELINES, agreement) else None),
    ),
    Rule(
        "council does not see the log",
        _WARNING,
        sources.COUNCIL,
        Text(
            de="Der Betriebsrat wacht über die Einhaltung der Vereinbarung; dazu braucht er das Protokoll.",
            en="The council watches that the agreement is kept; for this it needs the log.",
        ),
        _when(lambda agreement: None if _sees(Role.COUNCIL, View.LOG, agreement) else "access"),
    ),
)
