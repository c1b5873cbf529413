"""A table as a page shows it: one grid of stations and states per period, hidden cells marked. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.releases.plan import described
from api.releases.wire import Axis, Document, Preview


@dataclass(frozen=True, slots=True)
class Heading:
    """A row or column: what kind of group it is, its name (a state's own, a category's listed word)."""

    key: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell: its seconds if it is shown, else None; `reason` in previews only."""

    seconds: int | None
    hidden: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A period's table."""

    period: str
    columns: tuple[Heading, ...]
    rows: tuple[tuple[Heading, tuple[Shown, ...]], ...]


def grids(dimensions: Sequence[Axis], cells: Mapping[tuple[str, ...], Shown]) -> list[Grid]:
    """Return a grid for each period, the whole first."""
    stations, states, periods = ([group.name for group in axis.groups] for axis in dimensions)
    columns = tuple(_heading(name) for name in states)
    return [
        Grid(
            period,
            columns,
            tuple(
                (_heading(station), tuple(cells[station, state, period] for state in states))
                for station in stations
            ),
        )
        for period in periods
    ]


def document_grids(document: Document) -> list[Grid]:
    """Return the grids of a released table."""
    cells = {tuple(one.at): Shown(one.value, one.hidden) for one in document.figures}
    return grids(document.dimensions, cells)


def preview_grids(preview: Preview) -> list[Grid]:
    """Return the grids of a preview, in which no figure is shown."""
    cells = {tuple(one.at): Shown(None, one.reason is not None, one.reason or "") for one in preview.cells}
    return grids(preview.dimensions, cells)


@dataclass(frozen=True, slots=True)
class Bars:
    """What a chart shows of the whole selection and period: seconds of single states, and what is hidden."""

    shown: tuple[tuple[Heading, int], ...]
    hidden: tuple[Heading, ...]


def bars(document: Document) -> Bars:
    """Return the finest states of the whole; categories where there are no single states of them."""
    grid = document_grids(document)[0]
    _, whole = grid.rows[0]
    single = {described(one.key)[1] for one in grid.columns if one.kind == "state" and described(one.key)[1]}
    pairs = [
        (heading, cell)
        for heading, cell in zip(grid.columns, whole, strict=True)
        if heading.kind == "state" or (heading.kind == "category" and heading.name not in single)
    ]
    shown = [(heading, cell.seconds) for heading, cell in pairs if cell.seconds is not None]
    return Bars(
        tuple(sorted(shown, key=lambda pair: -pair[1])),
        tuple(heading for heading, cell in pairs if cell.hidden),
    )


def _heading(key: str) -> Heading:
    kind, _, name = described(key)
    return Heading(key, kind, name)
