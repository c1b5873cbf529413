"""Shop-floor data by station and day: whatever a file holds, it is read, or its faults are told."""

import pytest

pytest.importorskip("sqlalchemy", reason="the extra server is not installed")

from hypothesis import given, settings
from hypothesis import strategies as st

from productivity.errors import BadInput
from productivity.records import Severity
from productivity.states import StateCategory
from storage.importers.days import read_headcounts, read_machine_times, read_outputs, read_paid
from storage.importers.mapping import FileMapping, Kind

STATIONS = {"press", "bench"}
STATE_LOG = FileMapping(kind=Kind.STATE_LOG)
SHDR = FileMapping(kind=Kind.MACHINE_LOG, constants={"system": "press"})
CATEGORIES = {"down": StateCategory.IRREGULAR, "ACTIVE": StateCategory.CYCLE_BOUND}
READERS = {
    "headcount": lambda content: read_headcounts(content, None, STATIONS),
    "output": lambda content: read_outputs(content, None, STATIONS),
    "paid": lambda content: read_paid(content, None, STATIONS),
    "state log": lambda content: read_machine_times(content, STATE_LOG, CATEGORIES, STATIONS, lambda day: 0),
    "machine log": lambda content: read_machine_times(content, SHDR, CATEGORIES, STATIONS, lambda day: 0),
}
WHOLE = {
    "headcount": "system,date,count\npress,2027-03-01,3\nbench,2027-03-02,4\n",
    "output": "system,date,variant,pieces,batches,shifts\npress,2027-03-01,a,3,1,\nbench,2027-03-01,,,,2\n",
    "paid": "system,state,date,duration,count\npress,present,2027-03-01,8,2\nbench,sick,2027-03-01,7.5,1\n",
    "state log": "system,state,start,end\npress,down,2027-02-01 08:00,2027-02-01 08:10\n",
    "machine log": "2027-02-01T08:00:00Z|avail|YES|execution|ACTIVE\n2027-02-01T08:30:00Z|execution|x\n",
}
PIECES = (
    ",",
    ";",
    "\n",
    '"',
    "\0",
    "\t",
    "-",
    "9" * 30,
    "1e999",
    "é",
    "2027-13-01",
    "|",
    "execution",
    "\r",
    "=",
)
DAMAGE = st.lists(
    st.tuples(st.integers(0, 120), st.integers(0, 9), st.sampled_from(PIECES)), min_size=1, max_size=5
)


@pytest.mark.parametrize("kind", READERS)
def test_a_whole_file_gives_rows_and_no_errors(kind):
    days = READERS[kind](WHOLE[kind].encode())
    errors = [one for one in days.report.findings if one.severity is Severity.ERROR]
    if kind == "machine log":  # it ends in a state that has no category
        assert [one.code for one in errors] in ([], ["category-unknown"])
    else:
        assert (errors, days.refused) == ([], False)
        assert days.rows


@pytest.mark.parametrize("kind", READERS)
@settings(max_examples=120, deadline=None)
@given(damages=DAMAGE, raw=st.binary(max_size=40))
def test_damage_is_told_and_never_half_stored(kind, damages, raw):
    """No error but our own, and with a finding that is an error there are no rows."""
    text = WHOLE[kind]
    for at, gone, put in damages:
        text = text[:at] + put + text[at + gone :]
    for content in (text.encode(), raw, WHOLE[kind].encode() + raw):
        try:
            days = READERS[kind](content)
        except BadInput:
            continue
        assert not (days.refused and days.rows)
        assert days.report.read == days.report.used + days.report.passed_over + days.report.refused
