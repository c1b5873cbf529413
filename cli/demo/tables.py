"""Fills the demonstration's database through the functions that the plant server itself uses."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter

from capture.outbox.batch import MOST, write_body
from capture.outbox.entry import CERTAIN, Entry, round_down
from cli.demo.calendar import Span
from cli.demo.layout import PLACES, SITE, TIME_ZONE, StationPlan
from cli.demo.sessions import Recording
from cli.demo.shop_floor import StationDay
from consent.agreement.calendar import local_day
from consent.notes import Verifier
from productivity.errors import FairtaktError
from storage.sql.batches import accept
from storage.sql.database import Database
from storage.sql.devices import add_code, enrol
from storage.sql.documented import DocumentedTime, document
from storage.sql.measures import (
    DayOutput,
    DayPaid,
    Headcount,
    put_headcounts,
    put_outputs,
    put_paid,
)
from storage.sql.plant import Place, Site, StationPlace, add_site, put_place, put_station
from storage.sql.records import Acceptance, BatchRecord, IntervalRecord
from storage.sql.shifts import Shift, replace_shifts
from storage.sql.station_files import publish, write

_SENT_AFTER_MS = 2_000
"""From the end of an interval to its arrival: the sender looks every two seconds."""
_LOOKED_AT_MS = 600_000
"""From writing a station file to publishing it."""
_NS_PER_MS = 1_000_000


def divide(database: Database, stations: Sequence[StationPlan]) -> None:
    """Make the site, its area, its cells and its stations."""
    add_site(database, Site(SITE, TIME_ZONE))
    for name, area in PLACES:
        put_place(database, SITE, Place(name, area))
    for plan in stations:
        put_station(database, SITE, StationPlace(plan.name, plan.cell))


def set_calendar(database: Database, spans: Sequence[Span]) -> None:
    """Say when the site works."""
    first_ms, last_ms = spans[0].start_ms, spans[-1].end_ms
    shifts = [Shift(one.name, one.start_ms, one.end_ms) for one in spans]
    replace_shifts(database, SITE, first_ms, last_ms, shifts)


def publish_files(database: Database, texts: Mapping[str, str], account_id: int, at_ms: int) -> None:
    """Write and publish station files, by station; for one of them a draft lies beside what is published."""
    for name, text in texts.items():
        written = write(database, SITE, name, text, base=0, account_id=account_id, at_ms=at_ms)
        publish(
            database,
            SITE,
            name,
            written.number,
            digest=written.digest,
            account_id=account_id,
            at_ms=at_ms + _LOOKED_AT_MS,
        )
    *_, (name, text) = texts.items()
    draft = f"{text}# To be tried: is rework seen that takes less time?\n"
    write(database, SITE, name, draft, base=2, account_id=account_id, at_ms=at_ms + 2 * _LOOKED_AT_MS)


def let_in(database: Database, device: str, key: Verifier, at_ms: int) -> None:
    """Enrol a device with a code."""
    enrol(database, add_code(database, SITE, TIME_ZONE, hours=1, at_ms=at_ms), device, str(key), at_ms)


def take_in(database: Database, recordings: Iterable[Recording], resolution_ms: int) -> int:
    """Take all recordings in as batches of their devices, in the order of time; return how many intervals."""
    taken = 0
    for device, boot, sequence, entries in _numbered(recordings, resolution_ms):
        body = write_body(device, boot, sequence, [entry for entry, _ in entries])
        record = BatchRecord(
            device=device,
            boot=bytes.fromhex(boot),
            sequence=sequence,
            digest=hashlib.sha256(body).digest(),
            intervals=tuple(_record(entry) for entry, _ in entries),
        )
        if accept(database, record, entries[-1][1] + _SENT_AFTER_MS) is not Acceptance.STORED:
            raise FairtaktError("demonstration: a batch was there before")
        taken += len(entries)
    return taken


def note(database: Database, days: Sequence[StationDay], now_ms: int, resolution_ms: int) -> None:
    """Take in what people and machines noted, headcounts, output and paid time, up to now."""
    times = [
        DocumentedTime(
            key=one.key,
            station=day.plan.name,
            mode=one.mode,
            state=one.state,
            category=one.category,
            start_ms=round_down(one.start_ms, resolution_ms),
            duration_ns=one.duration_ns,
            occurrences=one.occurrences,
        )
        for day in days
        for one in day.noted
        if one.start_ms + one.duration_ns // _NS_PER_MS < now_ms
    ]
    document(database, SITE, times, now_ms)
    today = local_day(now_ms, TIME_ZONE)
    over = [day for day in days if day.day < today]
    put_headcounts(database, SITE, [Headcount(one.plan.name, one.day, one.people) for one in over])
    put_outputs(
        database,
        SITE,
        [DayOutput(one.plan.name, one.day, pieces=one.pieces, batches=one.batches, shifts=2) for one in over],
    )
    put_paid(database, SITE, [DayPaid(one.plan.name, one.day, one.paid_ns) for one in over])


_Numbered = tuple[str, str, int, Sequence[tuple[Entry, int]]]
"""Device, boot, sequence; entries, each with the time (UTC ms) at which it was final."""


def _numbered(recordings: Iterable[Recording], resolution_ms: int) -> Iterator[_Numbered]:
    """Yield the batches of all devices: each starts once a day, and numbers from 0."""
    boots: dict[tuple[str, str], list[tuple[Entry, int]]] = {}
    for recording in sorted(recordings, key=attrgetter("started_ms", "id")):
        day = local_day(recording.started_ms, TIME_ZONE)
        boot = hashlib.sha256(f"{recording.device}\n{day}".encode()).hexdigest()[:32]
        boots.setdefault((recording.device, boot), []).extend(_entries(recording, resolution_ms))
    for (device, boot), entries in boots.items():
        # Stations that are recorded at the same time share their device's batches.
        in_order = sorted(entries, key=lambda entry: entry[1])
        for sequence, first in enumerate(range(0, len(in_order), MOST)):
            yield device, boot, sequence, in_order[first : first + MOST]


def _entries(recording: Recording, resolution_ms: int) -> Iterator[tuple[Entry, int]]:
    categories = recording.plan.states
    for ordinal, interval in enumerate(recording.intervals):
        start_ms = recording.first_ms + interval.start // _NS_PER_MS
        entry = Entry(
            session=recording.id,
            ordinal=ordinal,
            station=interval.station,
            state=interval.state,
            category=categories.get(interval.state),
            start_ms=round_down(start_ms, resolution_ms),
            duration_ns=interval.duration,
            confidence=round(interval.confidence * CERTAIN),
            reason=interval.reason or None,
        )
        yield entry, recording.first_ms + interval.end // _NS_PER_MS


def _record(entry: Entry) -> IntervalRecord:
    return IntervalRecord(
        session=bytes.fromhex(entry.session),
        ordinal=entry.ordinal,
        station=entry.station,
        state=entry.state,
        category=entry.category,
        start_ms=entry.start_ms,
        duration_ns=entry.duration_ns,
        confidence=entry.confidence,
        cycle=entry.cycle,
        reason=entry.reason,
    )
