"""A table's dimensions: stations in their places, states in their categories, days in their period. Pure.

A group's name begins with what it is, so that a station and a cell of one name stay apart.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import product

from api.releases.data import PlantDays
from api.releases.periods import label, units
from api.releases.wire import Periods, StateDetail, StationDepth, Wanted
from productivity.disclosure.dimension import Dimension, Group
from productivity.disclosure.table import Cell, Table
from storage.sql.plant import StationPlace

MEASURE = "recorded seconds"
ALL = "all"


def table_of(
    wanted: Wanted,
    span: Sequence[date],
    placed: Sequence[StationPlace],
    areas: Mapping[str, str | None],
    plant: PlantDays,
) -> Table:
    """Return the whole table of all days of `span`, whether anything was recorded or not.

    `placed` are its stations, `areas` the area of each place (None: it is one). The states are those that
    were recorded there; at least one was.
    """
    here, then = {one.name for one in placed}, {day.isoformat() for day in span}
    states = sorted({state for station, state, day in plant.seconds if station in here and day in then})
    dimensions = (
        station_dimension(wanted.stations, placed, areas),
        state_dimension(wanted.states, states),
        period_dimension(wanted, span),
    )
    return Table(wanted.name, MEASURE, dimensions, cells_of(dimensions, plant))


def cells_of(dimensions: Sequence[Dimension], plant: PlantDays) -> tuple[Cell, ...]:
    """Return a cell for each combination of groups of stations, states and days."""
    homes = [_homes(dimension) for dimension in dimensions]
    values: dict[tuple[str, ...], int] = {}
    for key, seconds in plant.seconds.items():
        for at in product(*(home.get(member, ()) for home, member in zip(homes, key, strict=True))):
            values[at] = values.get(at, 0) + seconds
    stations, states, periods = (dimension.groups for dimension in dimensions)
    crews = {
        (one.name, period.name): plant.crew(one.members, period.members)
        for one in stations
        for period in periods
    }
    cells = []
    for one, state, period in product(stations, states, periods):
        at = (one.name, state.name, period.name)
        cells.append(Cell(at, values.get(at, 0), crews[one.name, period.name]))
    return tuple(cells)


def _homes(dimension: Dimension) -> dict[str, list[str]]:
    homes: dict[str, list[str]] = {}
    for group in dimension.groups:
        for member in group.members:
            homes.setdefault(member, []).append(group.name)
    return homes


def station_dimension(
    detail: StationDepth, placed: Sequence[StationPlace], areas: Mapping[str, str | None]
) -> Dimension:
    """Return plant, areas, cells and stations, as far down as is wanted."""
    inside: dict[str, set[str]] = {ALL: {one.name for one in placed}}
    order = (StationDepth.ALL, StationDepth.AREA, StationDepth.CELL, StationDepth.STATION)
    depth = order.index(detail)

    def where(one: StationPlace) -> tuple[str, str, str]:
        cell = one.place or ""
        return areas.get(cell) or cell or "\uffff", cell if areas.get(cell) else "", one.name

    for one in sorted(placed, key=where):  # the order of rows: each place before what is in it
        area = areas.get(one.place) or one.place if one.place else None
        if depth >= 1 and area:
            inside.setdefault(f"area:{area}", set()).add(one.name)
        if depth >= 2 and one.place and areas.get(one.place):
            inside.setdefault(f"cell:{one.place}", set()).add(one.name)
        if depth >= 3:
            inside[f"station:{one.name}"] = {one.name}
    return Dimension("station", tuple(Group(name, frozenset(found)) for name, found in inside.items()))


def state_dimension(detail: StateDetail, members: Sequence[str]) -> Dimension:
    """Return all states, their categories and each of them, as far down as is wanted.

    *Unknown* and *not recorded* have no category, so they stand beside the categories.
    """
    inside: dict[str, set[str]] = {ALL: set(members)}
    for member in sorted(members, key=lambda one: (one.startswith("/"), one)):
        category = member.partition("/")[0]
        if category:
            inside.setdefault(f"category:{category}", set()).add(member)
        if detail is StateDetail.STATE or not category:
            inside[f"state:{member}"] = {member}
    return Dimension("state", tuple(Group(name, frozenset(found)) for name, found in inside.items()))


def period_dimension(wanted: Wanted, span: Sequence[date]) -> Dimension:
    """Return the whole period, and its weeks or months if they are wanted each."""
    found = units(wanted.unit, list(span))
    first, last = label(wanted.unit, wanted.first_day), label(wanted.unit, wanted.last_day)
    name = first if first == last else f"{first} – {last}"
    groups = [Group(name, frozenset(day.isoformat() for day in span))]
    if wanted.periods is Periods.EACH and first != last:
        groups += [Group(one, frozenset(day.isoformat() for day in some)) for one, some in found]
    return Dimension("period", tuple(groups))


def described(group: str) -> tuple[str, str, str]:
    """Return what kind of group a name is of, its category and what it is called: for pages and files."""
    kind, colon, rest = group.partition(":")
    if not colon:
        return ALL if group == ALL else "period", "", group
    if kind == "state":
        category, _, name = rest.partition("/")
        return kind, category, name
    return kind, "", rest
