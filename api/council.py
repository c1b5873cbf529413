"""What the works council's page shows: everything about the processing, and nothing about a person. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from api.clock import instant_text
from consent.agreement.calendar import local_day
from consent.agreement.language import Language, day_text
from consent.agreement.schema import Campaign, Period, Target
from consent.agreement.vocabulary import Party, View
from consent.audit.names import name
from consent.entries.bodies import AccessViewed, ReleasePublished, SetUpOpened
from consent.site.agreements import LIVE
from consent.site.logged import Logged
from consent.site.state import AgreementLine, SiteState


@dataclass(frozen=True, slots=True)
class Signature:
    """A party under an agreement: its office, whether it signed, and its verifier key."""

    party: str
    office: str
    signed: bool
    key: str


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A campaign at one station."""

    campaign: str
    station: str
    days: str
    minutes_per_day: int
    target: Target | None
    today: bool
    completed: bool
    recording: bool


@dataclass(frozen=True, slots=True)
class AccessRow:
    """Somebody looked: role, view, station or empty, when."""

    index: int
    at: str
    role: str
    view: str
    station: str


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """A table was released."""

    index: int
    at: str
    cells: int
    suppressed: int
    smallest_group: int


def live_lines(state: SiteState) -> list[AgreementLine]:
    """Return the agreements that are in force or suspended."""
    return [line for line in state.agreements.values() if line.state in LIVE]


def signatures(line: AgreementLine, language: Language) -> list[Signature]:
    """Return both parties and whether they signed."""
    offices = {
        Party.EMPLOYER: line.agreement.parties.employer.name,
        Party.COUNCIL: line.agreement.parties.works_council.name,
    }
    return [
        Signature(
            name(party, language),
            offices[party],
            party in line.signed_by,
            str(line.agreement.verifier(party)),
        )
        for party in Party
    ]


def campaigns(line: AgreementLine, state: SiteState, now_ms: int, language: Language) -> list[CampaignRow]:
    """Return each campaign at each of its stations."""
    day = local_day(now_ms, line.agreement.time_zone)
    today = Period(first_day=day, last_day=day)
    open_at = {(session.campaign, session.station) for session in state.sessions.values()}
    return [
        CampaignRow(
            campaign=campaign.name,
            station=station,
            days=_days(campaign, language),
            minutes_per_day=campaign.minutes_per_day,
            target=campaign.enough,
            today=campaign.covers(today),
            completed=(line.agreement.id, campaign.name, station) in state.completed,
            recording=(campaign.name, station) in open_at,
        )
        for campaign in line.agreement.campaigns
        for station in campaign.stations
    ]


LOOKS = (AccessViewed, SetUpOpened)
"""Entries that say that somebody looked: at what is kept, or through a camera while setting a station up."""


def view_of(body: AccessViewed | SetUpOpened) -> View:
    """Return what was looked at."""
    return body.view if isinstance(body, AccessViewed) else View.SET_UP_PICTURES


def accesses(entries: Sequence[Logged], zone: str, language: Language) -> list[AccessRow]:
    """Return who looked, by role: the log knows no names."""
    rows = []
    for logged in entries:
        body = logged.entry.body
        if isinstance(body, AccessViewed | SetUpOpened):
            at = instant_text(logged.entry.at_ms, zone, language)
            role, view = name(body.role, language), name(view_of(body), language)
            rows.append(AccessRow(logged.index, at, role, view, body.station or ""))
    return rows


def releases(entries: Iterable[Logged], zone: str, language: Language) -> list[ReleaseRow]:
    """Return what was released."""
    rows = []
    for logged in entries:
        body = logged.entry.body
        if isinstance(body, ReleasePublished):
            at = instant_text(logged.entry.at_ms, zone, language)
            rows.append(ReleaseRow(logged.index, at, body.cells, body.suppressed, body.smallest_group))
    return rows


def _days(campaign: Campaign, language: Language) -> str:
    first = day_text(campaign.first_day, language)
    return first if campaign.last_day is None else f"{first} – {day_text(campaign.last_day, language)}"
