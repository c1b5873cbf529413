"""What a log tells a works council, in sections of tables and sentences; counts, and no person.

All times of day are those of the site, all days calendar days there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from itertools import pairwise

from consent.agreement.amounts import money
from consent.agreement.calendar import load_zone
from consent.agreement.language import Language, day_text
from consent.audit.audit import Report
from consent.audit.facts import Event, Facts
from consent.audit.names import EVENTS, name, told

MOST_ROWS = 1000
"""Longer tables are cut, and say so: a page must open on any machine."""

_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below their heads; numbers are those columns whose head begins with `#`."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page."""

    title: str
    sentences: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()


def give_account(report: Report, language: Language) -> tuple[Section, ...]:
    """Return all sections; one without anything to tell says so."""
    teller = _Teller(report, language)
    return (
        teller.recorded(),
        teller.agreements(),
        teller.keys(),
        teller.consents(),
        teller.motion(),
        teller.views(),
        teller.releases(),
        teller.witness(),
    )


def moment(at_ms: int, zone: tzinfo, language: Language) -> str:
    """Return day and time of day, to the second."""
    at = datetime.fromtimestamp(at_ms // 1000, zone)
    return f"{day_text(at.date(), language)} {at:%H:%M:%S}"


def site_zone(facts: Facts) -> tuple[str, tzinfo]:
    """Return the time zone of the site as its agreements name it; UTC before there is one."""
    names = [line.agreement.time_zone for line in facts.agreements.values()]
    return (names[-1], load_zone(names[-1])) if names else ("UTC", UTC)


class _Teller:
    def __init__(self, report: Report, language: Language) -> None:
        self.facts = report.facts
        self.language = language
        self.zone = site_zone(report.facts)[1]

    def words(self, de: str, en: str) -> str:
        return de if self.language is Language.DE else en

    def at(self, at_ms: int | None) -> str:
        return "–" if at_ms is None else moment(at_ms, self.zone, self.language)

    def time(self, at_ms: int | None) -> str:
        return "–" if at_ms is None else f"{datetime.fromtimestamp(at_ms // 1000, self.zone):%H:%M}"

    def recorded(self) -> Section:
        rows = []
        for (station, day), one in sorted(self.facts.days.items(), key=lambda item: (item[0][1], item[0][0])):
            campaigns = sorted(one.campaigns)
            rows.append(
                (
                    day_text(day, self.language),
                    station,
                    _minutes(one.recorded_ms),
                    _minutes(one.permitted_ms),
                    f"{self.time(one.first_ms)}–{self.time(one.last_ms)}",
                    str(one.sessions),
                    ", ".join(dict.fromkeys(campaign for campaign, _, _ in campaigns)),
                    ", ".join(dict.fromkeys(f"{which} {version}" for _, which, version in campaigns)),
                )
            )
        head = (
            self.words("Tag", "Day"),
            self.words("Arbeitsplatz", "Station"),
            self.words("# Minuten", "# Minutes"),
            self.words("# erlaubt", "# permitted"),
            self.words("Uhrzeit", "Time of day"),
            self.words("# Erfassungen", "# Recordings"),
            self.words("Kampagne", "Campaign"),
            self.words("Vereinbarung", "Agreement"),
        )
        stops = [
            (station, name(reason, self.language), str(count))
            for (station, reason), count in sorted(self.facts.stops.items())
        ]
        ends = (
            self.words("Arbeitsplatz", "Station"),
            self.words("Warum eine Erfassung endete", "Why a recording ended"),
            self.words("# Anzahl", "# Number"),
        )
        return self._section(
            self.words("Was erfasst wurde", "What was recorded"), (_table(head, rows), _table(ends, stops))
        )

    def agreements(self) -> Section:
        lines = [
            (
                f"{line.agreement.id} {line.agreement.version}",
                name(line.state, self.language),
                ", ".join(name(party, self.language) for party in sorted(line.signed_by)) or "–",
                self.at(line.activated_ms),
                self.at(line.ended_ms),
                ", ".join(line.agreement.stations),
            )
            for line in self.facts.agreements.values()
        ]
        head = (
            self.words("Vereinbarung", "Agreement"),
            self.words("Stand", "Standing"),
            self.words("unterschrieben von", "signed by"),
            self.words("in Kraft seit", "in force from"),
            self.words("beendet", "ended"),
            self.words("Arbeitsplätze", "Stations"),
        )
        return self._section(
            self.words("Vereinbarungen und Aussetzungen", "Agreements and suspensions"),
            (_table(head, lines), self._events("agreement.", "recording.")),
        )

    def keys(self) -> Section:
        gaps = [
            (device, name(reason, self.language), str(count))
            for (device, reason), count in sorted(self.facts.gaps.items())
        ]
        head = (
            self.words("Gerät", "Device"),
            self.words("Störung", "Health"),
            self.words("# Anzahl", "# Number"),
        )
        return self._section(
            self.words("Schlüssel und Geräte", "Keys and devices"),
            (self._events("key.", "device."), _table(head, gaps)),
        )

    def consents(self) -> Section:
        rows = [
            (words.in_(self.language), str(self.facts.counts[kind]))
            for kind, words in EVENTS.items()
            if kind.startswith("consent.") and self.facts.counts[kind]
        ]
        in_force = sum(grant.ended_ms is None for grant in self.facts.grants.values())
        head = (self.words("Einwilligung", "Consent"), self.words("# Anzahl", "# Number"))
        sentence = self.words(f"In Kraft sind {in_force}.", f"{in_force} in force.")
        return self._section(
            self.words("Einwilligungen", "Consents"), (_table(head, rows),), (sentence,) if rows else ()
        )

    def motion(self) -> Section:
        facts = self.facts
        kept = sum(record is not None for record in facts.segments.values())
        gone = len(facts.segments) - kept
        sentences = (
            self.words(
                f"Abschnitte: {kept} aufbewahrt, {gone} vernichtet.",
                f"Segments: {kept} kept, {gone} destroyed.",
            ),
        )
        purposes: dict[str, int] = {}
        for use in facts.uses.values():
            word = name(use.purpose, self.language)
            purposes[word] = purposes.get(word, 0) + 1
        uses = _table(
            (self.words("Nutzung für", "Used for"), self.words("# Anzahl", "# Number")),
            [(word, str(count)) for word, count in sorted(purposes.items())],
        )
        booked = _table(
            (self.words("Vergütung gebucht für", "Royalty booked for"), self.words("# Betrag", "# Amount")),
            [
                (name(account, self.language), money(amount, currency, self.language))
                for (currency, account), amount in sorted(facts.paid.items())
            ],
        )
        return self._section(
            self.words("Bewegungsdaten und Vergütung", "Motion and royalties"),
            (uses, booked),
            sentences if facts.segments else (),
        )

    def views(self) -> Section:
        rows = [
            (name(role, self.language), name(view, self.language), str(count))
            for (role, view), count in sorted(self.facts.views.items())
        ]
        head = (
            self.words("Wer", "Who"),
            self.words("Was", "What"),
            self.words("# Anzahl", "# Number"),
        )
        return self._section(
            self.words("Wer was eingesehen hat", "Who looked at what"), (_table(head, rows),)
        )

    def releases(self) -> Section:
        rows = [
            (self.at(at_ms), str(smallest), str(cells), str(suppressed))
            for at_ms, smallest, cells, suppressed in self.facts.releases
        ]
        head = (
            self.words("Zeit", "Time"),
            self.words("# kleinste Gruppe", "# smallest group"),
            self.words("# Zellen", "# cells"),
            self.words("# davon unterdrückt", "# of them suppressed"),
        )
        return self._section(
            self.words("Veröffentlichte Tabellen und Berichte", "Released tables and reports"),
            (_table(head, rows),),
        )

    def witness(self) -> Section:
        times = self.facts.cosigned_ms
        title = self.words("Mitunterschriften des Zeugen", "Co-signatures of the witness")
        if not times:
            return self._section(title, ())
        longest_ms = max((after - before for before, after in pairwise(times)), default=0)
        row = (str(len(times)), self.at(times[0]), self.at(times[-1]), f"{longest_ms // _MINUTE_MS} min")
        head = (
            self.words("# Anzahl", "# Number"),
            self.words("erste", "first"),
            self.words("neueste", "newest"),
            self.words("längster Abstand", "longest distance"),
        )
        return self._section(title, (_table(head, [row]),))

    def _events(self, *families: str) -> Table:
        rows = [self._event(event) for event in self.facts.events if event.type.startswith(families)]
        head = (
            self.words("# Eintrag", "# Entry"),
            self.words("Zeit", "Time"),
            self.words("Was geschah", "What happened"),
            self.words("Was", "Of what"),
            self.words("Von wem", "By whom"),
            self.words("Näheres", "Details"),
        )
        return _table(head, rows)

    def _event(self, event: Event) -> tuple[str, ...]:
        return (
            str(event.index),
            self.at(event.at_ms),
            EVENTS[event.type].in_(self.language),
            told(event.subject, self.language),
            ", ".join(name(party, self.language) for party in event.by),
            told(event.detail, self.language),
        )

    def _section(self, title: str, tables: Iterable[Table], sentences: tuple[str, ...] = ()) -> Section:
        filled = tuple(table for table in tables if table.rows)
        if not filled and not sentences:
            sentences = (
                self.words("Nichts davon steht im Protokoll.", "Nothing of this stands in the log."),
            )
        return Section(title, sentences, filled)


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Table:
    return Table(head, tuple(rows[:MOST_ROWS]), max(len(rows) - MOST_ROWS, 0))


def _minutes(duration_ms: int) -> str:
    return str(-(-duration_ms // _MINUTE_MS))
