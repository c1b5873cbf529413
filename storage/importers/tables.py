"""Rows of a foreign table by role: what the mapping calls system, state, start, duration and so on."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from productivity.errors import BadInput
from storage.files import File
from storage.importers.cells import (
    DAY,
    MINUTE,
    Cell,
    Moment,
    duration,
    hides_days,
    later_that_day,
    moment,
    shown,
    text,
    time_of_day,
)
from storage.importers.grid import Grid, GridRow, read_grid
from storage.importers.mapping import ROLES, FileMapping
from storage.importers.personal import is_about_a_person, names_a_person
from storage.importers.report import ROW_REFUSED, RowRefused, Tally


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a table and the mapping it is read with."""

    row: GridRow
    mapping: FileMapping

    @property
    def source(self) -> str:
        """Where the row stands, for example "mes.csv:17"."""
        return self.row.source

    def cell(self, role: str) -> Cell:
        """Return the cell of a role, or its constant; None where the file has neither."""
        if role in self.mapping.constants:
            return self.mapping.constants[role]
        return self.row.cells.get(self.mapping.columns.get(role, role))

    def word(self, role: str) -> str:
        """Return the cell of a role as text; empty where there is none."""
        return text(self.cell(role))

    def name(self, role: str) -> str:
        """Return the cell of a role as text that must not be empty."""
        found = self.word(role)
        if not found:
            raise RowRefused(ROW_REFUSED, f"{role}: expected a name, found {shown(None)}", role=role)
        if "\0" in found:  # no database and few programs could hold it
            raise RowRefused(ROW_REFUSED, f"{role}: expected a name, found a NUL character", role=role)
        return found

    @property
    def system(self) -> str:
        """The work system, in the study's words."""
        found = self.name("system")
        return self.mapping.systems.get(found, found)

    def state(self) -> str | None:
        """Return the state in the study's words; None for one that is passed over."""
        found = self.name("state")
        if not self.mapping.states:
            return found
        try:
            return self.mapping.states[found]
        except KeyError:
            raise RowRefused(
                "state-not-mapped", f"state {found!r} is not in the mapping's states", state=found
            ) from None

    def period(self, at: Moment | None) -> str:
        """Return the label of the period that the row belongs to; `at` is when it begins, or its date."""
        stated = self.word("period")
        if stated:
            return stated
        if self.mapping.period not in PERIODS:
            return self.mapping.period
        if at is None:
            raise RowRefused(
                "period-unknown",
                "period: expected a period, a date, a start, or a label in the mapping; found none",
            )
        return PERIODS[self.mapping.period](at)


PERIODS: dict[str, Callable[[Moment], str]] = {
    "day": lambda at: at.day.isoformat(),
    "week": lambda at: f"{at.day:%G-W%V}",
    "month": lambda at: f"{at.day:%Y-%m}",
}
"""Periods that follow from a date: ISO 8601 labels of the calendar day, week or month."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """How long a row lasted, and from when to when, as far as the row says so.

    `day` is when its period is looked up: the start, or a date without a time of day.
    """

    duration_ns: int
    day: Moment | None = None
    start: Moment | None = None
    end: Moment | None = None


def read_rows(
    path: File, mapping: FileMapping, tally: Tally, required: Sequence[str], one_of: Collection[str] = ()
) -> tuple[Grid, Iterator[TableRow]]:
    """Read a table's rows; rows of another length are refused. Returns the table's grid too.

    `required` roles must have a column or a constant; of `one_of` at least one must. Raises `BadInput` for a
    file without them, and for a role whose column is about people: such a column is never read.
    """
    roles = ROLES[mapping.kind].split()
    names = {role: mapping.columns.get(role, role) for role in roles if role not in mapping.constants}
    for role, name in names.items():
        if names_a_person(name) or is_about_a_person(name):
            raise BadInput(
                f"column {name!r} of {role} looks like a person's",
                where=path.name,
                expected="a column about work, not about somebody",
            )
    must = [names[role] for role in roles if role in names and (role in required or role in mapping.columns)]
    grid = read_grid(
        path,
        must,
        [name for name in names.values() if name not in must],
        encoding=mapping.encoding,
        header_line=mapping.header_line,
        sheet=mapping.sheet,
    )
    have = {role for role in roles if role in mapping.constants or names[role] in grid.header}
    if one_of and not have & set(one_of):
        raise BadInput(
            "no column to count or measure",
            where=path.name,
            expected=" or ".join(one_of),
            found=", ".join(grid.header)[:200],
        )
    return grid, _whole_rows(grid.rows, mapping, tally)


def _whole_rows(rows: Sequence[GridRow], mapping: FileMapping, tally: Tally) -> Iterator[TableRow]:
    for row in rows:
        tally.read += 1
        if row.problem:
            tally.refuse(ROW_REFUSED, row.problem, row.source)
        else:
            yield TableRow(row, mapping)


def read_stretch(row: TableRow, tally: Tally) -> Stretch:
    """Return how long a row lasted, from start and end, from a duration, or from both.

    Clock times take their day from the `date` role; an end before the start is then on the next day. Where a
    duration contradicts start and end by whole days, an h:mm cell rolled over at 24 hours, and start and end
    count. Raises `RowRefused` for a negative duration and for any other contradiction.
    """
    notation, unit = row.mapping.notation, row.mapping.duration
    stated, cell = None, row.cell("duration")
    if text(cell):
        stated = duration(cell, notation, unit)
        if stated < 0:
            raise RowRefused("negative-duration", f"duration is negative: {shown(cell)}", duration_ns=stated)
    if not row.word("end") and not (row.word("start") and stated is None):
        if stated is None:
            raise RowRefused(ROW_REFUSED, f"duration: expected one, or start and end, found {shown(cell)}")
        if hides_days(cell):
            whole = "the workbook shows this duration without its days; the whole of it is used"
            tally.note("rolled-over", whole, row.source, duration_ns=stated)
        if row.word("start"):
            begin = _at(row, "start", time_of_day(row.cell("start")))
            return Stretch(stated, begin, begin)
        return Stretch(stated, moment(row.cell("date"), notation) if row.word("date") else None)
    start, end = _from_to(row, tally)
    lasted = end.ns - start.ns
    if stated is not None and abs(stated - lasted) > MINUTE:
        if (stated - lasted + MINUTE) % DAY > 2 * MINUTE or stated > lasted:
            raise RowRefused(
                "duration-contradicts",
                "duration contradicts start and end",
                duration_ns=stated,
                start_to_end_ns=lasted,
            )
        tally.note(
            "rolled-over",
            "duration rolled over at 24 hours; start and end are used",
            row.source,
            duration_ns=stated,
            start_to_end_ns=lasted,
        )
    return Stretch(lasted, start, start, end)


def _from_to(row: TableRow, tally: Tally) -> tuple[Moment, Moment]:
    clocks = [time_of_day(row.cell(role)) for role in ("start", "end")]
    start, end = _at(row, "start", clocks[0]), _at(row, "end", clocks[1])
    if start.zoned != end.zoned:
        raise RowRefused(ROW_REFUSED, "start and end: expected both with a time zone, or neither")
    if None not in clocks and clocks[0] == clocks[1]:
        raise RowRefused(ROW_REFUSED, "start and end are the same time of day: expected a date with them")
    if end.ns < start.ns and None not in clocks:
        tally.note("past-midnight", "the end is taken to be on the next day", row.source)
        end = _at(row, "end", (clocks[1] or 0) + DAY)
    if end.ns < start.ns:
        raise RowRefused("negative-duration", "the row ends before it starts", duration_ns=end.ns - start.ns)
    return start, end


def _at(row: TableRow, role: str, clock: int | None) -> Moment:
    """Return the moment in a cell; a time of day (`clock`) is one on the day of the row's date."""
    notation = row.mapping.notation
    if clock is None:
        return moment(row.cell(role), notation)
    if not row.word("date"):
        text = f"{role}: expected a date, here or in a date column, found a time of day"
        raise RowRefused(ROW_REFUSED, text)
    return later_that_day(moment(row.cell("date"), notation), clock, notation)


def sources(rows: Sequence[str]) -> str:
    """Return places in one file as one text: "a.csv:4", "a.csv:5" and "a.csv:9" are "a.csv:4-5,9"."""
    name = rows[0].rpartition(":")[0]
    runs: list[list[int]] = []
    for line in sorted({int(row.rpartition(":")[2]) for row in rows}):
        if runs and line == runs[-1][1] + 1:
            runs[-1][1] = line
        else:
            runs.append([line, line])
    return f"{name}:" + ",".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)
