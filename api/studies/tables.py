"""Tables of a study as rows of text: portfolio, plan, states, and records by hand. For threads."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path

from api.problems import Kind, Problem
from api.services import Services
from api.studies.opening import told
from api.studies.wire import StudyTable, TableRows
from productivity.errors import BadInput
from productivity.states import StateCategory
from storage.files import MemoryFile
from storage.study import plan_csv, portfolio_csv
from storage.study.by_hand import read_by_hand, write_by_hand
from storage.study.editing import read_text, replace_text
from storage.study.folder import PLAN, PORTFOLIO, STATES
from storage.study.records_csv import RecordFile, table_text
from storage.study.state_rows import StateRow, replace_states, state_rows
from storage.study.states import read_states
from storage.table import read_table


class Table(StrEnum):
    """A table that can be changed."""

    STATES = "states"
    PORTFOLIO = "portfolio"
    PLAN = "plan"
    SAMPLES = "samples"
    DOCUMENTED = "documented"
    OUTPUT = "output"
    PAID = "paid"
    NOT_RECORDED = "not-recorded"


_BY_HAND = {
    Table.SAMPLES: RecordFile.SAMPLES,
    Table.DOCUMENTED: RecordFile.DOCUMENTED,
    Table.OUTPUT: RecordFile.OUTPUT,
    Table.PAID: RecordFile.PAID,
    Table.NOT_RECORDED: RecordFile.NOT_RECORDED,
}
_FILES = {
    Table.PORTFOLIO: (PORTFOLIO, (*portfolio_csv.COLUMNS, *portfolio_csv.OPTIONAL)),
    Table.PLAN: (PLAN, plan_csv.COLUMNS),
}
STATE_COLUMNS = ("name", "category", "part_of", "value_adding")
_YES_NO = {"yes": True, "no": False, "": False}


def read_rows(services: Services, name: str, table: Table) -> StudyTable:
    """Return a table. Raises `Problem`."""
    with told(services) as shelf:
        return table_of(shelf.path(name), table)


def table_of(study: Path, table: Table) -> StudyTable:
    """Return a table of a study. Raises `BadInput`."""
    if table is Table.STATES:
        _, revision = read_text(study, STATES)
        rows = [_state_cells(row) for row in state_rows(read_states(study / STATES))]
        return StudyTable(columns=list(STATE_COLUMNS), rows=rows, revision=revision)
    if table in _BY_HAND:
        found = read_by_hand(study, _BY_HAND[table])
        return StudyTable(
            columns=list(found.columns), rows=[dict(row) for row in found.rows], revision=found.revision
        )
    file, columns = _FILES[table]
    text, revision = read_text(study, file)
    lines = read_table(MemoryFile(file, text.encode()), (), columns) if text.strip() else ()
    rows = [{column: line[column] for column in columns} for line in lines]
    return StudyTable(columns=list(columns), rows=rows, revision=revision)


def write_rows(services: Services, name: str, table: Table, given: TableRows) -> str:
    """Put rows in place of a table's; return the revision. Raises `Problem`."""
    with told(services) as shelf, shelf.writing(name) as study:
        if table is Table.STATES:
            states = [_state(number, row) for number, row in enumerate(given.rows)]
            return replace_states(study, states, given.revision)
        if table in _BY_HAND:
            return write_by_hand(study, _BY_HAND[table], given.rows, given.revision)
        file, columns = _FILES[table]
        _refuse_others(given.rows, columns)
        text = table_text(columns, [[row.get(column, "") for column in columns] for row in given.rows])
        return replace_text(study, file, text, given.revision)


def _state_cells(row: StateRow) -> dict[str, str]:
    adding = "yes" if row.value_adding else "no"
    cells = (row.name, row.category.value, row.part_of, adding)
    return dict(zip(STATE_COLUMNS, cells, strict=True))


def _state(number: int, row: Mapping[str, str]) -> StateRow:
    _refuse_others([row], STATE_COLUMNS)
    where = f"state {number + 1}"
    try:
        category = StateCategory(row.get("category", ""))
    except ValueError:
        raise BadInput("category", where=where, expected=", ".join(StateCategory)) from None
    adding = row.get("value_adding", "")
    if adding not in _YES_NO:
        raise BadInput("value_adding", where=where, expected="yes or no")
    return StateRow(row.get("name", "").strip(), category, _YES_NO[adding], row.get("part_of", ""))


def _refuse_others(rows: Sequence[Mapping[str, str]], columns: Sequence[str]) -> None:
    if any(row.keys() - set(columns) for row in rows):
        raise Problem(Kind.INVALID, f"rows: unknown column; expected {', '.join(columns)}")
