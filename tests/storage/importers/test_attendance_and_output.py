import pytest

from productivity.records import Documented, Output, PaidTime, RecordingMode
from productivity.time import SECOND
from storage.importers.load import import_file
from storage.importers.mapping import FileMapping, Kind

HOUR = 3600 * SECOND
OMD = RecordingMode.OMD
ATTENDANCE = FileMapping(
    kind=Kind.ATTENDANCE, states={"sick": "sickness", "vacation": "vacation", "unpaid leave": None}
)
OUTPUT = FileMapping(kind=Kind.OUTPUT)

COUNTS = """\
date,system,state,count,duration
2026-03-02,cell A,present,7,8:00
2026-03-02,cell A,sick,1,8:00
2026-03-02,cell A,unpaid leave,1,8:00
2026-03-03,cell A,present,8,7:30
2026-03-03,cell B,vacation,2,8:00
"""


def codes(imported):
    return [(finding.code, finding.rows) for finding in imported.report.findings]


def test_counts_become_paid_time_and_the_paid_absences_within_it(text_file, checked):
    imported = checked(import_file(text_file(COUNTS), ATTENDANCE))
    assert imported.records.paid == (
        PaidTime("cell A", "2026-03", (56 + 8 + 60) * HOUR, "data.csv:2-3,5"),
        PaidTime("cell B", "2026-03", 16 * HOUR, "data.csv:6"),
    )
    assert imported.records.documented == (
        Documented("cell A", "sickness", OMD, "2026-03", 8 * HOUR, 1, "data.csv:3"),
        Documented("cell B", "vacation", OMD, "2026-03", 16 * HOUR, 2, "data.csv:6"),
    )
    assert (imported.report.used, imported.report.passed_over) == (4, 1)


def test_pseudonyms_are_accepted_and_not_kept(text_file, checked):
    content = "worker,date,system,state,start,end\nW07,2026-03-02,cell,anwesend,22:00,06:00\n"
    imported = checked(import_file(text_file(content), ATTENDANCE))
    assert imported.records.paid == (PaidTime("cell", "2026-03", 8 * HOUR, "data.csv:2"),)
    assert "W07" not in repr(imported)


@pytest.mark.parametrize(
    "header",
    [
        "Name",
        "Employee name",
        "employeeName",
        "Nachname",
        "Vorname",
        "first_name",
        "E-Mail",
        "Mitarbeiter-Name",
        "Geburtsdatum",
        "date of birth",
        "WORKER NAME",
    ],
)
def test_a_list_with_a_column_of_names_is_refused_as_a_whole(text_file, header):
    content = f"{header},date,system,state,duration\nx,2026-03-02,cell,present,8:00\n"
    imported = import_file(text_file(content), ATTENDANCE)
    assert imported.report.file_refused
    assert imported.records == type(imported.records)()
    assert f"column {header!r} looks like people's names" in imported.report.findings[0].text


@pytest.mark.parametrize("value", ["Example, Anna", "Anna", "A. Example", "aexample"])
def test_a_column_about_people_must_hold_pseudonyms(text_file, value):
    content = f"Mitarbeiter;date;system;state;duration\nMA-01;2026-03-02;cell;present;8:00\n{value};;;;\n"
    imported = import_file(text_file(content), ATTENDANCE)
    assert imported.report.file_refused
    finding = imported.report.findings[0].text
    assert "column 'Mitarbeiter' holds more than pseudonyms" in finding
    assert value not in finding


@pytest.mark.parametrize("header", ["Machine name", "Personalkosten", "state name", "Namensraum", "Variant"])
def test_ordinary_columns_are_not_taken_for_names(text_file, checked, header):
    content = f"{header},date,system,state,duration\nLoading robot,2026-03-02,cell,present,8:00\n"
    assert checked(import_file(text_file(content), ATTENDANCE)).report.used == 1


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("2026-03-02,cell A,present,-1,8:00", "row-refused"),
        ("2026-03-02,cell A,present,1.5,8:00", "row-refused"),
        ("2026-03-02,cell A,present,1,-8:00", "negative-duration"),
        ("2026-03-02,cell A,at sea,1,8:00", "state-not-mapped"),
        ("2026-03-02,,present,1,8:00", "row-refused"),
        (",cell A,present,1,8:00", "period-unknown"),
    ],
)
def test_damaged_attendance_rows_are_findings(text_file, checked, row, code):
    imported = checked(import_file(text_file(COUNTS + row + "\n"), ATTENDANCE))
    assert codes(imported) == [(code, ("data.csv:7",))]
    assert len(imported.records.paid) == 2


def test_output_adds_up_by_system_period_and_variant(text_file, checked):
    content = (
        "date;system;variant;pieces;batches;shifts\n"
        "2026-03-02;cell A;X;1'200;3;\n"
        "2026-03-03;cell A;X;800;2;\n"
        "2026-03-03;cell A;Y;0;0;\n"
        "2026-03-03;cell A;;;;2\n"
    )
    imported = checked(import_file(text_file(content), OUTPUT))
    assert imported.records.output == (
        Output("cell A", "2026-03", "X", 2000, 5, source="data.csv:2-3"),
        Output("cell A", "2026-03", "Y", source="data.csv:4"),
        Output("cell A", "2026-03", shifts=2, source="data.csv:5"),
    )


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("2026-03-02,cell,X,-5,,", "row-refused"),
        ("2026-03-02,cell,X,many,,", "row-refused"),
        ("2026-03-02,cell,X,,,", "row-refused"),
        ("2026-03-02,cell,X,5,,1", "shifts-of-a-variant"),
        ("02.03.2026,cell,X,5,,", "row-refused"),
    ],
)
def test_damaged_output_rows_are_findings(text_file, checked, row, code):
    content = f"date,system,variant,pieces,batches,shifts\n2026-03-02,cell,X,5,1,\n{row}\n"
    imported = checked(import_file(text_file(content), OUTPUT))
    assert codes(imported) == [(code, ("data.csv:3",))]
    assert imported.records.output[0].pieces == 5


def test_output_without_any_count_is_refused(text_file):
    imported = import_file(text_file("date,system\n2026-03-02,cell\n"), OUTPUT)
    assert (
        "no column to count or measure: expected pieces or batches or shifts"
        in imported.report.findings[0].text
    )
