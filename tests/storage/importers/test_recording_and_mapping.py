import pytest

from productivity.errors import BadInput
from productivity.records import RecordingMode
from productivity.time import SECOND
from storage.importers.load import IMPORTERS, import_file
from storage.importers.mapping import MODES, FileMapping, Kind, read_mapping

RECORDING = FileMapping(kind=Kind.RECORDING, variant="X", session="monday")

INTERVALS = """\
station,state,category,start_ns,duration_ns,confidence,cycle,reason
bench,part handling,cycle-bound,0,2000000000,1,1,
bench,assembly,cycle-bound,2000000000,5000000000,1,1,
bench,waiting,irregular,7000000000,3000000000,1,,
bench,part handling,cycle-bound,10000000000,1000000000,1,2,
bench,unknown,,11000000000,1000000000,0.5,2,
bench,assembly,cycle-bound,12000000000,4000000000,1,2,
bench,not recorded,,16000000000,4000000000,1,,nobody present
"""


def test_a_recording_gives_a_sample_for_each_state_and_cycle(text_file, checked):
    imported = checked(import_file(text_file(INTERVALS, "intervals.csv"), RECORDING))
    assert [
        (s.system, s.state, s.mode, [d // SECOND for d in s.durations_ns]) for s in imported.records.sampled
    ] == [
        ("bench", "part handling", RecordingMode.CV, [2, 1]),
        ("bench", "assembly", RecordingMode.CV, [5, 4]),
    ]
    assert {s.sessions for s in imported.records.sampled} == {("monday", "monday")}
    assert [(f.code, f.facts) for f in imported.report.findings] == [
        ("outside-cycles", (("outside_ns", 3 * SECOND),))
    ]
    assert sum(imported.report.totals_ns.values()) == 20 * SECOND


def test_a_recording_without_cycles_says_so(text_file, checked):
    content = "state,start_s,end_s\nassembly,0,5\n"
    imported = checked(import_file(text_file(content), RECORDING))
    assert imported.records.sampled == ()
    assert [f.code for f in imported.report.findings] == ["outside-cycles", "no-cycles"]


def test_a_damaged_recording_is_refused_as_a_whole(text_file):
    imported = import_file(
        text_file(INTERVALS.replace("2000000000,5", "1000000000,5"), "intervals.csv"), RECORDING
    )
    assert imported.report.file_refused
    assert "overlaps state" in imported.report.findings[0].text


def test_every_kind_has_a_reader_and_a_mode():
    assert set(IMPORTERS) == set(MODES) == set(Kind)


MAPPING = """\
fairtakt: mapping 1
kind: state log
mode: SR
columns: {system: Platz, state: Grund, start: Von, end: Bis}
dates: day first
decimal: ","
time_zone: Europe/Berlin
states:
  Störung: breakdown
  Produktion: null
"""


def test_a_mapping_file(text_file):
    mapping = read_mapping(text_file(MAPPING, "mapping.yaml"))
    assert mapping.recording_mode is RecordingMode.SR
    assert mapping.states == {"Störung": "breakdown", "Produktion": None}
    assert mapping.notation.zone == "Europe/Berlin"
    assert FileMapping(kind=Kind.STATE_LOG).recording_mode is RecordingMode.OMD


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("mapping 1", "mapping 2", r"mapping\.yaml:1: fairtakt: expected 'mapping 1', found 'mapping 2'"),
        ("state log", "excel", r"mapping\.yaml:2: kind: expected"),
        ("mode: SR", "mode: CV", r"mapping\.yaml:3: mode: expected OMD or SR for a state log"),
        (
            "start: Von",
            "begin: Von",
            r"mapping\.yaml:4: columns\.begin: expected one of system, state, start",
        ),
        ("day first", "European", r"mapping\.yaml:5: dates: expected"),
        ("Europe/Berlin", "Berlin", r"mapping\.yaml:7: time_zone: expected the name of a time zone"),
        ("decimal:", "decimals:", r"mapping\.yaml:6: decimals: expected only known keys"),
        (
            "mode: SR",
            "constants: {system: cell}",
            r"mapping\.yaml:3: constants\.system: expected a column or a constant",
        ),
    ],
)
def test_a_wrong_mapping_is_told_by_line(text_file, old, new, message):
    with pytest.raises(BadInput, match=message):
        read_mapping(text_file(MAPPING.replace(old, new), "mapping.yaml"))
