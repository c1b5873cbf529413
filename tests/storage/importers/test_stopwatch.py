import pytest

from productivity.records import RecordingMode, Sampled, Unit
from productivity.time import SECOND
from storage.importers.load import import_file
from storage.importers.mapping import FileMapping, Kind

SECONDS = FileMapping(kind=Kind.STOPWATCH, duration="s")

SHEET = """\
session,number,system,state,duration
s1,1,bench,reaching,2.5
s1,1,bench,assembly,10
s1,1,bench,reaching,1.5
s1,2,bench,reaching,3
s1,2,bench,assembly,11
s2,1,bench,reaching,2
s2,1,bench,assembly,12
s2,1,bench,rework,30
"""


def codes(imported):
    return [(finding.code, finding.rows) for finding in imported.report.findings]


def sample(state, seconds, source, sessions=("s1", "s1", "s2"), **more):
    durations = tuple(round(second * SECOND) for second in seconds)
    return Sampled("bench", state, RecordingMode.RTS, durations, sessions, source=source, **more)


def test_elements_of_a_piece_add_up_and_what_did_not_occur_counts_with_zero(text_file, checked):
    imported = checked(import_file(text_file(SHEET), SECONDS))
    assert imported.records.sampled == (
        sample("reaching", (4, 3, 2), "data.csv:2,4-5,7"),
        sample("assembly", (10, 11, 12), "data.csv:3,6,8"),
        sample("rework", (0, 0, 30), "data.csv:9"),
    )
    assert [(f.code, f.facts) for f in imported.report.findings] == [
        ("state-not-in-session", (("state", "rework"), ("session", "s1")))
    ]


def test_a_row_is_a_piece_where_pieces_have_no_number(workbook, checked):
    rows = [
        ["system", "state", "duration", "unit"],
        ["bench", "assembly", 10, None],
        ["bench", "set-up", 90.5, "batch"],
    ]
    imported = checked(import_file(workbook(rows), SECONDS))
    assert imported.records.sampled == (
        sample("assembly", (10,), "data.xlsx:2", sessions=()),
        sample("set-up", (90.5,), "data.xlsx:3", sessions=(), unit=Unit.BATCH),
    )


def test_progress_times_are_differences_within_their_session(text_file, checked):
    content = (
        "session,number,system,state,duration\n"
        "s1,1,bench,reaching,4.0\ns2,1,bench,reaching,5.0\ns1,1,bench,assembly,14.0\ns1,2,bench,reaching,17\n"
    )
    mapping = SECONDS.model_copy(update={"timing": "progress", "duration": "cmin"})
    imported = checked(import_file(text_file(content), mapping))
    assert imported.records.sampled[0].durations_ns == (2_400_000_000, 3_000_000_000, 1_800_000_000)
    assert imported.records.sampled[1].durations_ns == (6_000_000_000, 0, 0)


@pytest.mark.parametrize(
    ("line", "damaged", "code"),
    [
        (3, ("10", "-10"), "negative-duration"),
        (3, ("10", "ten"), "row-refused"),
        (3, ("assembly", ""), "row-refused"),
    ],
)
def test_a_piece_with_a_refused_row_is_left_out_as_a_whole(text_file, checked, line, damaged, code):
    """Otherwise assembly would count with 0 in that piece, and its mean would be too small."""
    lines = SHEET.splitlines()
    lines[line - 1] = lines[line - 1].replace(*damaged)
    imported = checked(import_file(text_file("\n".join(lines)), SECONDS))
    left_out = [("piece-left-out", (f"data.csv:{number}",)) for number in (2, 4)]
    assert codes(imported)[:3] == [(code, ("data.csv:3",)), *left_out]
    assert imported.records.sampled[1] == sample("assembly", (11, 12), "data.csv:6,8", sessions=("s1", "s2"))


def test_after_an_unreadable_progress_time_the_next_element_is_unknown_too(text_file, checked):
    content = "session,system,state,duration\n"
    content += "s1,bench,a,4\ns1,bench,b,?\ns1,bench,a,9\ns1,bench,b,11\ns1,bench,a,10\n"
    imported = checked(import_file(text_file(content), SECONDS.model_copy(update={"timing": "progress"})))
    assert codes(imported) == [
        ("row-refused", ("data.csv:3",)),
        ("row-refused", ("data.csv:4",)),
        ("negative-duration", ("data.csv:6",)),
    ]
    assert [sampled.durations_ns for sampled in imported.records.sampled] == [(4 * SECOND,), (2 * SECOND,)]


@pytest.mark.parametrize("header", ["Leistungsgrad", "rating", "LG"])
def test_a_rating_is_not_read_and_said_so(text_file, checked, header):
    imported = checked(
        import_file(text_file(f"system,state,duration,{header}\nbench,assembly,10,120\n"), SECONDS)
    )
    assert codes(imported) == [("rating-not-read", ("data.csv",))]
    assert "120" not in repr(imported)


def test_an_unknown_unit_is_refused(text_file, checked):
    imported = checked(import_file(text_file("system,state,duration,unit\nbench,assembly,10,7\n"), SECONDS))
    assert imported.report.findings[0].text == "unit: expected piece, batch, shift, found '7'"
