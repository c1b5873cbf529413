import pytest

from productivity.records import Documented, RecordingMode
from productivity.time import SECOND
from storage.importers.load import import_file
from storage.importers.mapping import FileMapping, Kind

HOUR, MINUTE = 3600 * SECOND, 60 * SECOND
OMD = RecordingMode.OMD
MES = FileMapping(
    kind=Kind.STATE_LOG,
    columns={"system": "MachineName", "state": "ReasonCode", "start": "StartTime", "end": "EndTime"},
    dates="month first",
)
PLAIN = FileMapping(kind=Kind.STATE_LOG)


def codes(imported):
    return [(finding.code, finding.rows) for finding in imported.report.findings]


def test_the_real_mes_log_gives_its_totals(machine_data, checked):
    """By hand from the file: Working 448 s, Idle 6069 s, Stopped 623 s, on seven machines."""
    imported = checked(import_file(machine_data / "mes_working.csv", MES))
    report, documented = imported.report, imported.records.documented
    assert (report.read, report.used, report.refused, report.findings) == (19, 19, 0, ())
    assert report.totals_ns == {"Working": 448 * SECOND, "Idle": 6069 * SECOND, "Stopped": 623 * SECOND}
    machines = {}
    for record in documented:
        machines[record.system] = machines.get(record.system, 0) + record.duration_ns // SECOND
    assert machines == {
        "Loading robot": 715,
        "Conveyor belt": 6,
        "Washing machine": 1408,
        "Hantering cell": 3348,
        "Presses cell 1": 598,
        "Presses cell 2": 598,
        "Quality station cell": 467,
    }
    assert documented[0] == Documented(
        "Loading robot", "Working", OMD, "2023-02", 12 * SECOND, source="mes_working.csv:2"
    )


def test_states_and_systems_are_renamed_and_null_is_passed_over(machine_data, checked):
    mapping = MES.model_copy(
        update={
            "states": {"Idle": "waiting", "Stopped": "breakdown", "Working": None},
            "systems": {"Presses cell 1": "presses", "Presses cell 2": "presses"},
            "period": "spring",
        }
    )
    imported = checked(import_file(machine_data / "mes_working.csv", mapping))
    assert (imported.report.used, imported.report.passed_over) == (12, 7)
    assert {record.state for record in imported.records.documented} == {"waiting", "breakdown"}
    presses = sum(r.duration_ns for r in imported.records.documented if r.system == "presses")
    assert presses == 2 * (350 + 73) * SECOND
    assert {record.period for record in imported.records.documented} == {"spring"}
    assert imported.report.totals_ns["Working"] == 448 * SECOND


@pytest.mark.parametrize(
    ("line", "damaged", "finding"),
    [
        (3, ("08:10:47,Idle", "07:10:47,Idle"), ("negative-duration", ("damaged.csv:3",))),
        (4, ("08:10:47", "08:10:00"), ("overlap", ("damaged.csv:4", "damaged.csv:3"))),
        (6, ("2/27/2023 08:12:36", "27/2/2023 08:12:36"), ("row-refused", ("damaged.csv:6",))),
        (6, ("08:12:50", "08:72:50"), ("row-refused", ("damaged.csv:6",))),
        (9, ("Hantering cell", ""), ("row-refused", ("damaged.csv:9",))),
        (9, (",18.5", ""), ("row-refused", ("damaged.csv:9",))),
        (9, (",18.5", ",18.5,7"), ("row-refused", ("damaged.csv:9",))),
        (20, ("2/27/2023 09:52:24", ""), ("row-refused", ("damaged.csv:20",))),
    ],
)
def test_a_damaged_row_is_a_finding_and_the_others_are_used(
    machine_data, text_file, checked, line, damaged, finding
):
    lines = (machine_data / "mes_working.csv").read_text("utf-8-sig").splitlines()
    assert damaged[0] in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(*damaged)
    imported = checked(import_file(text_file("\n".join(lines), "damaged.csv"), MES))
    assert codes(imported) == [finding]
    assert (imported.report.used, imported.report.refused) == (18, 1)
    assert f"damaged.csv:{line}" not in {record.source for record in imported.records.documented}


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda raw: raw.replace(b"ReasonCode", b"Reason"), "column 'ReasonCode' is missing"),
        (lambda raw: raw.replace(b"ID,", b"EndTime,"), "column 'EndTime' stands there twice"),
        (lambda raw: b"", "no header"),
        (lambda raw: raw.replace(b"Idle", b"Idl\xe9"), "text is in another encoding"),
        (lambda raw: raw.replace(b"Loading", b'"Loading', 1), "not a CSV file"),
    ],
)
def test_a_damaged_file_is_refused_as_a_whole(machine_data, tmp_path, damage, reason):
    path = tmp_path / "damaged.csv"
    path.write_bytes(damage((machine_data / "mes_working.csv").read_bytes()))
    imported = import_file(path, MES)
    assert imported.report.file_refused
    assert reason in imported.report.findings[0].text
    assert imported.records == type(imported.records)()
    assert str(tmp_path) not in imported.report.findings[0].text


def test_a_missing_file_is_refused(tmp_path):
    imported = import_file(tmp_path / "none.csv", MES)
    assert imported.report.file_refused
    assert "none.csv: file cannot be read" in imported.report.findings[0].text


GERMAN = (
    "\ufeffArbeitsplatz;Grund;Datum;Von;Bis;Dauer;Anzahl\r\n"
    "Platz 1;Störung;02.03.2026;06:15;06:45;0,5;1\r\n"
    "Platz 1;Besprechung;02.03.2026;22:00;06:00;8,0;1\r\n"
    "\r\n"
    "Platz 2;Störung;03.03.2026;;;1.250,5;12\r\n"
)
GERMAN_MAPPING = FileMapping(
    kind=Kind.STATE_LOG,
    mode=RecordingMode.SR,
    columns={
        "system": "Arbeitsplatz",
        "state": "Grund",
        "date": "Datum",
        "start": "Von",
        "end": "Bis",
        "duration": "Dauer",
        "occurrences": "Anzahl",
    },
    decimal=",",
    dates="day first",
    period="week",
)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_german_file_with_semicolons_decimal_commas_and_clock_times(text_file, checked, encoding):
    content = GERMAN if encoding == "utf-8" else GERMAN.removeprefix("\ufeff")
    mapping = GERMAN_MAPPING.model_copy(update={"encoding": encoding})
    imported = checked(import_file(text_file(content, encoding=encoding), mapping))
    assert [
        (r.system, r.state, r.period, r.duration_ns, r.occurrences, r.source)
        for r in imported.records.documented
    ] == [
        ("Platz 1", "Störung", "2026-W10", HOUR // 2, 1, "data.csv:2"),
        ("Platz 1", "Besprechung", "2026-W10", 8 * HOUR, 1, "data.csv:3"),
        ("Platz 2", "Störung", "2026-W10", 1250 * HOUR + HOUR // 2, 12, "data.csv:5"),
    ]
    assert {record.mode for record in imported.records.documented} == {RecordingMode.SR}
    assert codes(imported) == [("past-midnight", ("data.csv:3",))]


def test_an_h_mm_duration_that_rolled_over_gives_way_to_start_and_end(text_file, checked):
    """26 hours 30 minutes, which a spreadsheet showed as 2:30 when the file was saved."""
    content = (
        "system,state,start,end,duration\n"
        "cell,breakdown,2026-03-02 06:00,2026-03-03 08:30,2:30\n"
        "cell,breakdown,2026-03-03 09:00,2026-03-03 10:00,1:00\n"
    )
    imported = checked(import_file(text_file(content), PLAIN))
    assert [record.duration_ns for record in imported.records.documented] == [26 * HOUR + HOUR // 2, HOUR]
    assert codes(imported) == [("rolled-over", ("data.csv:2",))]


@pytest.mark.parametrize("stated", ["1:30", "25:00", "49:00"])
def test_a_duration_that_contradicts_start_and_end_is_refused(text_file, checked, stated):
    """An h:mm cell that rolled over is too short by whole days, never too long and never by half an hour."""
    content = f"system,state,start,end,duration\ncell,waiting,2026-03-02 06:00,2026-03-02 07:00,{stated}\n"
    imported = checked(import_file(text_file(content), PLAIN))
    assert codes(imported) == [("duration-contradicts", ("data.csv:2",))]


def test_negative_durations_are_refused(text_file, checked):
    imported = checked(
        import_file(text_file("system,state,duration,period\ncell,waiting,-0:30,may\n"), PLAIN)
    )
    assert codes(imported) == [("negative-duration", ("data.csv:2",))]
    assert ("duration_ns", -HOUR // 2) in imported.report.findings[0].facts


def test_overlaps_are_told_per_resource_and_touching_is_none(text_file, checked):
    content = (
        "system,state,start,end,resource\n"
        "cell,assembly,2026-03-02 06:00,2026-03-02 08:00,M1\n"
        "cell,waiting,2026-03-02 07:00,2026-03-02 07:30,M1\n"
        "cell,waiting,2026-03-02 07:00,2026-03-02 07:30,M2\n"
        "cell,waiting,2026-03-02 08:00,2026-03-02 08:10,M1\n"
        "cell,waiting,2026-03-02 05:50,2026-03-02 06:00,M1\n"
        "cell,waiting,2026-03-02 07:59,2026-03-02 08:20,M1\n"
    )
    imported = checked(import_file(text_file(content), PLAIN))
    assert codes(imported) == [
        ("overlap", ("data.csv:3", "data.csv:2")),
        ("overlap", ("data.csv:7", "data.csv:2")),
    ]
    assert imported.report.findings[1].facts == (("overlap_ns", MINUTE),)
    assert imported.report.totals_ns == {"assembly": 2 * HOUR, "waiting": 50 * MINUTE}


def test_a_row_over_the_end_of_its_period_counts_in_the_first_and_says_so(text_file, checked):
    content = "system,state,start,end\ncell,waiting,2026-03-31 22:00,2026-04-01 06:00\n"
    imported = checked(import_file(text_file(content), PLAIN))
    assert [record.period for record in imported.records.documented] == ["2026-03"]
    assert codes(imported) == [("crosses-period", ("data.csv:2",))]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("system,state,duration\ncell,waiting,1:00\n", "period-unknown"),
        ("system,state,duration,period\ncell,lunch,1:00,may\n", "state-not-mapped"),
        ("system,state,start,end\ncell,waiting,06:00,07:00\n", "row-refused"),
        ("system,state,date,start,end\ncell,waiting,2026-03-02,06:00,06:00\n", "row-refused"),
        ("system,state,start,end\ncell,waiting,2026-03-02T06:00Z,2026-03-02 07:00\n", "row-refused"),
        ("system,state,duration,occurrences,period\ncell,waiting,1:00,2.5,may\n", "row-refused"),
    ],
)
def test_rows_that_leave_something_open_are_refused(text_file, checked, content, code):
    mapping = PLAIN.model_copy(update={"states": {"waiting": "waiting"}})
    assert codes(checked(import_file(text_file(content), mapping))) == [(code, ("data.csv:2",))]


def test_a_column_about_somebody_is_not_taken_for_a_system(text_file):
    mapping = FileMapping(kind=Kind.STATE_LOG, columns={"system": "OperatorName"})
    imported = import_file(text_file("OperatorName,state,duration\nx,waiting,1:00\n"), mapping)
    assert imported.report.file_refused
    assert "'OperatorName' of system looks like a person's" in imported.report.findings[0].text


def test_constants_stand_for_columns_that_a_file_lacks(text_file, checked):
    mapping = FileMapping(
        kind=Kind.STATE_LOG, constants={"system": "cell A", "duration": "0:10", "period": "may"}
    )
    (record,) = checked(import_file(text_file("state\nwaiting\n"), mapping)).records.documented
    assert (record.system, record.duration_ns, record.period) == ("cell A", 10 * MINUTE, "may")


def test_a_row_without_duration_overlaps_nothing_and_hides_nothing(text_file, checked):
    content = (
        "system,state,start,end\n"
        "cell,assembly,2026-03-02 06:00,2026-03-02 08:00\n"
        "cell,call,2026-03-02 07:00,2026-03-02 07:00\n"
        "cell,waiting,2026-03-02 07:10,2026-03-02 07:20\n"
    )
    imported = checked(import_file(text_file(content), PLAIN))
    assert codes(imported) == [("overlap", ("data.csv:4", "data.csv:2"))]
    assert imported.report.totals_ns == {"assembly": 2 * HOUR, "call": 0}


@pytest.mark.parametrize(
    ("period", "label"), [("day", "2027-01-01"), ("week", "2026-W53"), ("month", "2027-01"), ("FY26", "FY26")]
)
def test_periods_follow_from_the_start(text_file, checked, period, label):
    """1 January 2027 is a Friday, so it belongs to the last week of 2026 (ISO 8601)."""
    content = "system,state,start,end\ncell,waiting,2027-01-01 06:00,2027-01-01 07:00\n"
    imported = checked(import_file(text_file(content), PLAIN.model_copy(update={"period": period})))
    assert [record.period for record in imported.records.documented] == [label]


@pytest.mark.parametrize(
    ("header", "first", "second"),
    [
        ("start", "2026-03-02 06:00", "2026-03-02 06:30"),
        ("date,start", "2026-03-02,06:00", "2026-03-02,06:30"),
    ],
)
def test_a_start_with_a_duration_is_enough_to_see_overlaps(text_file, checked, header, first, second):
    content = f"system,state,{header},duration\ncell,waiting,{first},1:00\ncell,waiting,{second},1:00\n"
    imported = checked(import_file(text_file(content), PLAIN))
    assert [(r.period, r.duration_ns) for r in imported.records.documented] == [("2026-03", HOUR)]
    assert codes(imported) == [("overlap", ("data.csv:3", "data.csv:2"))]


def test_durations_of_one_day_do_not_overlap_when_nobody_says_when_they_were(text_file, checked):
    content = "system,state,date,duration\ncell,waiting,2026-03-02,1:00\ncell,rework,2026-03-02,2:00\n"
    imported = checked(import_file(text_file(content), PLAIN))
    assert [(r.state, r.period, r.duration_ns) for r in imported.records.documented] == [
        ("waiting", "2026-03", HOUR),
        ("rework", "2026-03", 2 * HOUR),
    ]
    assert imported.report.findings == ()


def test_two_workers_may_wait_at_the_same_time_where_they_note_it_themselves(text_file, checked):
    row = "cell,waiting,2026-03-02 06:00,2026-03-02 07:00"
    path = text_file(f"system,state,start,end\n{row}\n{row}\n")
    noted = checked(import_file(path, PLAIN.model_copy(update={"mode": RecordingMode.SR})))
    assert noted.report.totals_ns == {"waiting": 2 * HOUR}
    logged = checked(import_file(path, PLAIN))
    assert codes(logged) == [("overlap", ("data.csv:3", "data.csv:2"))]
