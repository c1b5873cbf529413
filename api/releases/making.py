"""From the plant's records to a table of which some figures are hidden.

(1) The works agreements in force cover every station; the largest of their minimum groups counts.
(2) The table is built. Where a state was recorded and nobody was counted, there is none.
(3) Earlier releases that overlap are held against the plant's records of now: where these say something else,
    a correction or a late delivery would show as a difference, so nothing overlapping is released any more.
(4) What is known about pieces of tables is told to the check: where earlier tables name no such state, there
    was none; and how many people were behind pieces that the check asks about.
(5) `productivity.disclosure.release` decides.
"""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from api.looking import site_view
from api.plant import own_site, require_kept
from api.problems import Kind, Problem
from api.releases.data import PlantDays, plant_days, uncounted
from api.releases.periods import days, whole
from api.releases.plan import table_of
from api.releases.wire import Wanted
from consent.agreement.calendar import local_day
from consent.agreement.lifecycle import State
from consent.site.state import AgreementLine
from productivity.disclosure.atoms import Region
from productivity.disclosure.related import related
from productivity.disclosure.release import History, Released, release, unknown_groups
from productivity.disclosure.rules import Rules
from productivity.disclosure.table import Cell, Table
from productivity.errors import BadInput
from storage.sealed.daily import read_days
from storage.sql.lookup import NoSuch, Selection
from storage.sql.measures import headcounts
from storage.sql.plant import Site, StationPlace, places, stations

if TYPE_CHECKING:
    from api.services import Services

MOST_DAYS = 366
MOST_CELLS = 400
"""Of one table."""
MOST_OVERLAPPING = 1600
"""Cells of a table and of all earlier ones that overlap with it, directly or through others: with more, the
linear programs take minutes."""
LONGEST_S = 120.0
"""How long a table may take."""
LEAST_GROUP = 3
"""The dominance rule looks at the two largest contributions, so a group has one more at least."""
_ROUNDS = 3
"""Telling about pieces may raise further questions; what stays open counts as a small group."""
_Readable = tuple[AbstractSet[str], AbstractSet[str]]
"""Stations and days of which the plant's records were read."""
_NAMED = 3
"""So many stations and days are named in a refusal."""


@dataclass(frozen=True, slots=True)
class Made:
    """A table and what of it may be shown. `agreement` is the one with the largest minimum group."""

    wanted: Wanted
    site: Site
    first: date
    last: date
    agreement: str
    released: Released
    checked_against: int
    not_sealed: tuple[date, ...]


def make(services: "Services", wanted: Wanted, earlier: Sequence[Released]) -> Made:
    """Work a table out; for threads, one at a time. Raises `Problem`."""
    site = own_site(services)
    first, last = _period(wanted, site, services.now_ms())
    require_kept(services, site, first)
    placed, areas = _stations(services, wanted, site)
    line = _agreement(services, placed)
    span = days(first, last)
    overlapping = [each for each in earlier if _overlaps(each.table, placed, span)]
    reach = sorted({*span, *(day for each in overlapping for day in _days_of(each.table))})
    names = {one.name for one in placed}.union(*(_members(each.table, 0) for each in overlapping))
    plant, not_sealed = _records(services, wanted, site, names, reach, (placed, span))
    if not any(station in {one.name for one in placed} for station, _, _ in plant.seconds):
        raise Problem(Kind.CONFLICT, "nothing was recorded there in this period")
    table = _table(wanted, span, placed, areas, plant)
    known = related(table, earlier)
    cells = len(table.cells) + sum(len(each.table.cells) for each in known)
    if cells > MOST_OVERLAPPING:
        raise Problem(
            Kind.CONFLICT,
            f"too many released figures overlap with this table: {cells} with its own, at most "
            f"{MOST_OVERLAPPING}; choose a period that was not released yet, or less detail",
        )
    readable = names, frozenset(day.isoformat() for day in reach)
    for each in known:
        if _within(each.table, readable):
            _require_unchanged(each.table, plant)
    rules = Rules(max(line.agreement.minimum_group, LEAST_GROUP))
    try:
        released = _released(table, rules, known, plant, readable, _patience(services))
    except BadInput:  # its text may name cells, which is all right, but says nothing that helps
        raise Problem(Kind.CONFLICT, _CHANGED) from None
    return Made(wanted, site, first, last, line.hash, released, len(known), not_sealed)


_CHANGED = (
    "the records of days that were released before have changed since, or are not complete any more; "
    "choose a period that was not released yet"
)


def _period(wanted: Wanted, site: Site, now_ms: int) -> tuple[date, date]:
    if wanted.first_day > wanted.last_day:
        raise Problem(Kind.INVALID, "last_day: not before first_day")
    first, last = whole(wanted.unit, wanted.first_day, wanted.last_day)
    if (last - first).days >= MOST_DAYS:
        raise Problem(Kind.INVALID, f"last_day: at most {MOST_DAYS} days in all")
    if last >= local_day(now_ms, site.time_zone):
        raise Problem(Kind.INVALID, f"last_day: the {wanted.unit} is not over")
    return first, last


def _stations(
    services: "Services", wanted: Wanted, site: Site
) -> tuple[list[StationPlace], dict[str, str | None]]:
    try:
        placed = stations(services.database, Selection(site.name, wanted.place or None))
        areas = {place.name: place.area for place in places(services.database, site.name)}
    except NoSuch:
        raise Problem(Kind.INVALID, "place: no such area or cell") from None
    if not placed:
        raise Problem(Kind.CONFLICT, "there are no stations")
    return placed, areas


def _agreement(services: "Services", placed: Sequence[StationPlace]) -> AgreementLine:
    state = site_view(services).state
    lines: list[AgreementLine] = []
    for one in placed:
        line = state.line_for(one.name)
        if line is None or line.state is not State.ACTIVE:
            raise Problem(Kind.NOT_AGREED, f"no works agreement is in force at the station: {one.name}")
        lines.append(line)
    return max(lines, key=lambda line: line.agreement.minimum_group)


def _records(
    services: "Services",
    wanted: Wanted,
    site: Site,
    names: set[str],
    reach: Sequence[date],
    own: tuple[Sequence[StationPlace], Sequence[date]],
) -> tuple[PlantDays, tuple[date, ...]]:
    """Return what was recorded, and the days of the table's own that are not sealed."""
    if services.data is None:
        raise Problem(Kind.NOT_FOUND, "this server has no directory of data (--data)")
    root = Path(services.data) / "sealed"
    try:
        found = read_days(services.database, root, site.name, names, reach[0], reach[-1])
    except BadInput:  # it names a path of this machine
        raise Problem(Kind.CONFLICT, "sealed data of this period is missing or damaged") from None
    counts = headcounts(services.database, Selection(site.name), reach[0], reach[-1])
    people = {(one.station, one.day): one.people for one in counts}
    here, span = {one.name for one in own[0]}, set(own[1])
    mine = [total for total in found.totals if total.station in here and total.day in span]
    if missing := uncounted(mine, people):
        told = ", ".join(f"{station} on {day}" for station, day in missing[:_NAMED])
        more = f", and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
        raise Problem(
            Kind.CONFLICT, f"nobody was counted where something was recorded: {told}{more}; import headcounts"
        )
    plant = plant_days(found.totals, people, wanted.counted)
    return plant, tuple(day for day in found.not_sealed if day in span)


def _table(
    wanted: Wanted,
    span: Sequence[date],
    placed: Sequence[StationPlace],
    areas: dict[str, str | None],
    plant: PlantDays,
) -> Table:
    table = table_of(wanted, span, placed, areas, plant)
    if len(table.cells) > MOST_CELLS:
        raise Problem(
            Kind.CONFLICT,
            f"too many figures for one table: {len(table.cells)}, at most {MOST_CELLS}; choose less detail",
        )
    return table


def _released(
    table: Table,
    rules: Rules,
    known: Sequence[Released],
    plant: PlantDays,
    readable: _Readable,
    step: Callable[[], None],
) -> Released:
    history = History(tuple(known))
    background = dict(_absent_states((table, *(each.table for each in known))))
    for _ in range(_ROUNDS):
        asked = [
            region
            for region in unknown_groups(table, rules, history, background)
            if region not in background
            and region.members[0] <= readable[0]
            and region.members[2] <= readable[1]
        ]
        if not asked:
            break
        background |= {region: plant.cell(region, ("piece",)) for region in asked}
        step()
    return release(table, rules, history, background, step)


def _patience(services: "Services") -> Callable[[], None]:
    """Return what gives up when a table takes too long: others wait for their turn."""
    ends_s = services.steady_s() + LONGEST_S

    def step() -> None:
        if services.steady_s() > ends_s:
            raise Problem(
                Kind.CONFLICT,
                f"this table cannot be checked within {LONGEST_S:g} s; choose less detail, or a period that "
                "was not released yet",
            )

    return step


def _absent_states(tables: Sequence[Table]) -> list[tuple[Region, Cell]]:
    """Return where there was none of a state: a table names all states that its stations had on its days.

    Anybody can conclude that, so the check must know it.
    """
    everywhere = frozenset().union(*(_members(each, 1) for each in tables))
    found = []
    for each in tables:
        if absent := everywhere - _members(each, 1):
            region = Region((_members(each, 0), absent, _members(each, 2)))
            found.append((region, Cell(("no such state",), 0, 0)))
    return found


def _require_unchanged(table: Table, plant: PlantDays) -> None:
    """Raise `Problem` unless the plant's records still say what an earlier table does."""
    for cell in table.cells:
        members = tuple(
            next(group.members for group in dimension.groups if group.name == name)
            for dimension, name in zip(table.dimensions, cell.at, strict=True)
        )
        if plant.cell(Region(members), cell.at).value != cell.value:
            raise Problem(Kind.CONFLICT, _CHANGED)
    stations_, states, then = (_members(table, number) for number in range(3))
    if any(
        station in stations_ and day in then and state not in states for station, state, day in plant.seconds
    ):
        raise Problem(Kind.CONFLICT, _CHANGED)


def _within(table: Table, readable: _Readable) -> bool:
    return _members(table, 0) <= readable[0] and _members(table, 2) <= readable[1]


def _overlaps(table: Table, placed: Sequence[StationPlace], span: Sequence[date]) -> bool:
    here, then = {one.name for one in placed}, {day.isoformat() for day in span}
    return bool(_members(table, 0) & here and _members(table, 2) & then)


def _members(table: Table, number: int) -> frozenset[str]:
    return frozenset().union(*(group.members for group in table.dimensions[number].groups))


def _days_of(table: Table) -> list[date]:
    return [date.fromisoformat(day) for day in _members(table, 2)]
