import json

import pytest
from typer.testing import CliRunner

from cli.main import application
from productivity.errors import BadInput
from productivity.time import SECOND
from storage.importers.load import import_file
from storage.importers.mapping import CycleStates, FileMapping, Kind
from storage.observations import read_observations

LABELS = FileMapping(kind=Kind.LABELS)
MS = SECOND // 1000

EAF = """\
<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="" FORMAT="3.0" VERSION="3.0">
  <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds"/>
  <TIME_ORDER>
    <TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="0"/>
    <TIME_SLOT TIME_SLOT_ID="ts2" TIME_VALUE="2100"/>
    <TIME_SLOT TIME_SLOT_ID="ts3" TIME_VALUE="7333"/>
    <TIME_SLOT TIME_SLOT_ID="ts4"/>
  </TIME_ORDER>
  <TIER LINGUISTIC_TYPE_REF="default" TIER_ID="states" PARTICIPANT="Anna Example" ANNOTATOR="B. Example">
    <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a2" TIME_SLOT_REF1="ts2" TIME_SLOT_REF2="ts3">
      <ANNOTATION_VALUE>assembly</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
    <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts2">
      <ANNOTATION_VALUE>part handling</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
  </TIER>
  <TIER LINGUISTIC_TYPE_REF="note" PARENT_REF="states" TIER_ID="notes">
    <ANNOTATION><REF_ANNOTATION ANNOTATION_ID="a3" ANNOTATION_REF="a1">
      <ANNOTATION_VALUE>left hand</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION>
  </TIER>
</ANNOTATION_DOCUMENT>
"""

# The two forms of BORIS, after its own examples; the names of its columns, our events.
AGGREGATED = """\
Observation id\tObservation date\tSubject\tBehavior\tModifiers\tBehavior type\tStart (s)\tStop (s)\tComment
early\t2026-03-02 06:00:00\tNo focal subject\tpart handling\t\tSTATE\t0.000\t2.100\t
early\t2026-03-02 06:00:00\tNo focal subject\tdropped\t\tPOINT\t1.000\t1.000\t
early\t2026-03-02 06:00:00\tNo focal subject\tassembly\t\tSTATE\t2.100\t7.333\t
"""
TABULAR = """\
Observation id,early,,,,,,,

Media file(s),,,,,,,,
Player #1,bench.mp4,,,,,,,
Time,Media file path,Total length,FPS,Subject,Behavior,Behavioral category,Comment,Status
0.000,bench.mp4,359.960,25.0,Anna Example,part handling,,,START
1.000,bench.mp4,359.960,25.0,Anna Example,dropped,,,POINT
2.100,bench.mp4,359.960,25.0,Anna Example,part handling,,,STOP
2.100,bench.mp4,359.960,25.0,Anna Example,assembly,,,START
7.333,bench.mp4,359.960,25.0,Anna Example,assembly,,,STOP
"""


def region(start, end, label, kind="timelinelabels"):
    return {"type": kind, "value": {"ranges": [{"start": start, "end": end}], kind: [label]}}


def task(*regions, number=1, cancelled=False):
    annotation = {
        "completed_by": {"email": "anna@example.org"},
        "was_cancelled": cancelled,
        "result": regions,
    }
    return {"id": number, "data": {"video": "bench.mp4"}, "annotations": [annotation]}


FRAMES = [task(region(1, 21, "part handling"), region(22, 73, "assembly"))]
SECONDS = [
    {
        "id": 1,
        "labels": [
            {"start": 0, "end": 2.1, "labels": ["part handling"]},
            {"start": 2.1, "end": 7.333, "labels": ["assembly"]},
        ],
    }
]


def spans(observation):
    return [(i.state, i.start // MS, i.end // MS) for i in observation.intervals]


def codes(imported):
    return [
        (finding.code, finding.rows) for finding in imported.report.findings if finding.severity == "error"
    ]


@pytest.mark.parametrize(
    ("name", "content", "station", "passed_over", "end"),
    [
        ("labels.eaf", EAF, "", 0, 7333),
        ("labels.tsv", AGGREGATED, "early", 1, 7333),
        ("labels.csv", TABULAR, "early", 1, 7333),
        ("labels.json", json.dumps(FRAMES), "", 0, 7300),
        ("labels.json", json.dumps(SECONDS), "", 0, 7333),
    ],
)
def test_the_same_two_states_from_every_tool(text_file, checked, name, content, station, passed_over, end):
    mapping = LABELS.model_copy(update={"frame_rate": 10.0})
    imported = checked(import_file(text_file(content, name), mapping))
    (observation,) = imported.observations
    assert (observation.station, spans(observation)) == (
        station,
        [("part handling", 0, 2100), ("assembly", 2100, end)],
    )
    assert (imported.report.used, imported.report.passed_over) == (2, passed_over)
    assert "xample" not in repr(imported)


def test_cycles_and_samples_follow_from_the_mapping(text_file, checked):
    lines = ["state,start_s,end_s", "pick,0,1", "fit,1,4", "wait,4,5", "pick,5,7", "fit,7,9", "wait,9,20"]
    boris = "Behavior,Start (s),Stop (s)\n" + "\n".join(lines[1:]) + "\n"
    mapping = LABELS.model_copy(
        update={
            "cycle": CycleStates(first="pick", last="fit"),
            "states": {"pick": "reaching", "fit": "assembly", "wait": "waiting"},
            "systems": {"": "bench"},
            "session": "monday",
        }
    )
    mapping = mapping.model_copy(update={"cycle": CycleStates(first="reaching", last="assembly")})
    imported = checked(import_file(text_file(boris), mapping))
    assert len(imported.observations[0].cycles) == 2
    assert [
        (s.system, s.state, s.mode, [d // SECOND for d in s.durations_ns], s.sessions)
        for s in imported.records.sampled
    ] == [
        ("bench", "reaching", "RTS", [1, 2], ("monday", "monday")),
        ("bench", "assembly", "RTS", [3, 2], ("monday", "monday")),
    ]
    assert [(f.code, f.facts) for f in imported.report.findings] == [
        ("outside-cycles", (("outside_ns", 12 * SECOND),))
    ]


def test_several_tiers_are_several_stations_and_can_be_chosen(text_file, checked):
    second = EAF.replace('TIER_ID="notes"', 'TIER_ID="bench 2"').replace(
        "REF_ANNOTATION ", "ALIGNABLE_ANNOTATION "
    )
    second = second.replace("</REF_ANNOTATION>", "</ALIGNABLE_ANNOTATION>")
    second = second.replace('ANNOTATION_REF="a1"', 'TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts3"')
    path = text_file(second, "labels.eaf")
    both = checked(import_file(path, LABELS))
    assert [o.station for o in both.observations] == ["states", "bench 2"]
    one = checked(import_file(path, LABELS.model_copy(update={"tiers": {"bench 2": "bench"}})))
    assert [(o.station, spans(o)) for o in one.observations] == [("bench", [("left hand", 0, 7333)])]
    missing = import_file(path, LABELS.model_copy(update={"tiers": {"cycles": "bench"}}))
    assert "tier 'cycles' is missing or not aligned with time" in missing.report.findings[0].text


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ('TIME_SLOT_REF1="ts2"', 'TIME_SLOT_REF1="ts4"', ("row-refused", ("labels.eaf:a2",))),
        ('TIME_SLOT_REF1="ts2"', 'TIME_SLOT_REF1="ts9"', ("row-refused", ("labels.eaf:a2",))),
        ('TIME_SLOT_REF1="ts2"', 'TIME_SLOT_REF1="ts3"', ("negative-duration", ("labels.eaf:a2",))),
        ('TIME_SLOT_REF1="ts2"', 'TIME_SLOT_REF1="ts1"', ("overlap", ("labels.eaf:a1", "labels.eaf:a2"))),
        ("assembly", " ", ("row-refused", ("labels.eaf:a2",))),
    ],
)
def test_damaged_annotations_are_findings(text_file, checked, old, new, finding):
    assert EAF.count(old) == 1
    imported = checked(import_file(text_file(EAF.replace(old, new), "labels.eaf"), LABELS))
    assert codes(imported) == [finding]
    assert imported.report.used == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "not an ELAN file"),
        (EAF[:700], "not an ELAN file (ParseError)"),
        ("<html/>", "expected ANNOTATION_DOCUMENT, found html"),
        ('<?xml version="1.0" encoding="foo"?><ANNOTATION_DOCUMENT/>', "not an ELAN file (LookupError)"),
        (EAF.replace("milliseconds", "PAL-frames"), "expected milliseconds, found 'PAL-frames'"),
        (EAF.replace("ALIGNABLE_ANNOTATION", "REF_ANNOTATION"), "no label with a duration"),
        (
            EAF.replace(
                "<ANNOTATION_DOCUMENT", '<!DOCTYPE a [<!ENTITY b "bbbb">]><ANNOTATION_DOCUMENT'
            ).replace("assembly", "&b;"),
            "not an ELAN file (EntitiesForbidden)",
        ),
    ],
)
def test_what_is_no_elan_file_is_refused(text_file, content, reason):
    imported = import_file(text_file(content, "labels.eaf"), LABELS)
    assert imported.report.file_refused
    assert reason in imported.report.findings[0].text


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("2.100,bench.mp4,359.960,25.0,Anna Example,part handling,,,STOP\n", "", "START without a STOP"),
        (",part handling,,,START", ",part handling,,,STOP", "expected START and STOP in turn"),
        (",part handling,,,STOP", ",part handling,,,START", "expected START and STOP in turn"),
        ("0.000,bench", "-1,bench", "each with seconds from 0"),
    ],
)
def test_events_without_a_partner_are_findings(text_file, checked, old, new, finding):
    imported = checked(import_file(text_file(TABULAR.replace(old, new)), LABELS))
    assert finding in imported.report.findings[0].text
    assert spans(imported.observations[0]) == [("assembly", 2100, 7333)]


def test_two_subjects_are_two_stations_without_their_names(text_file, checked):
    content = AGGREGATED.replace("No focal subject\tassembly", "Anna Example\tassembly")
    imported = checked(import_file(text_file(content, "labels.tsv"), LABELS))
    assert [observation.station for observation in imported.observations] == ["early", "early #2"]
    assert "Example" not in repr(imported)


def test_touching_regions_share_a_frame_which_belongs_to_the_later_one(text_file, checked):
    tasks = [task(region(1, 21, "a"), region(21, 40, "b"))]
    mapping = LABELS.model_copy(update={"frame_rate": 10.0})
    imported = checked(import_file(text_file(json.dumps(tasks), "l.json"), mapping))
    assert spans(imported.observations[0]) == [("a", 0, 2000), ("b", 2000, 4000)]


def test_frames_do_not_drift_at_an_uneven_rate(text_file, checked):
    """Frame 107892 is the last of an hour at 29.97 per second."""
    tasks = [task(region(1, 107892, "a"))]
    mapping = LABELS.model_copy(update={"frame_rate": 29.97})
    imported = checked(import_file(text_file(json.dumps(tasks), "l.json"), mapping))
    assert imported.observations[0].intervals[0].duration == 3600 * SECOND


def test_several_tasks_are_several_stations_and_a_cancelled_annotation_does_not_count(text_file, checked):
    tasks = [task(region(1, 10, "a"), number=7), task(region(1, 10, "b"), number=8)]
    tasks[1]["annotations"].insert(0, task(region(1, 10, "wrong"), cancelled=True)["annotations"][0])
    mapping = LABELS.model_copy(update={"frame_rate": 10.0, "systems": {"task 7": "bench"}})
    imported = checked(import_file(text_file(json.dumps(tasks), "l.json"), mapping))
    assert [(o.station, o.intervals[0].state) for o in imported.observations] == [
        ("bench", "a"),
        ("task 8", "b"),
    ]


@pytest.mark.parametrize("ends", [(0, 5), (3, 2), ("1", 5), (1, None), (1.5, 2), (True, 2)])
def test_regions_with_odd_frames_are_findings(text_file, checked, ends):
    tasks = [task(region(*ends, "a"), region(6, 9, "b"))]
    mapping = LABELS.model_copy(update={"frame_rate": 10.0})
    imported = checked(import_file(text_file(json.dumps(tasks), "l.json"), mapping))
    assert codes(imported) == [("row-refused", ("l.json:task 1 region 1",))]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("l.json", json.dumps(FRAMES), "regions count frames: expected the video's frame_rate"),
        ("l.json", "{", "not JSON"),
        ("l.json", "[" * 100_000, "not JSON"),
        ("l.json", "[1]", "not a Label Studio export"),
        ("l.json", "{}", "no label with a duration"),
        ("l.csv", "a,b\n1,2\n", "no table of events"),
        ("l.docx", "", "not a file of labels"),
    ],
)
def test_what_cannot_be_labels_is_refused(text_file, name, content, reason):
    imported = import_file(text_file(content, name), LABELS)
    assert imported.report.file_refused
    assert reason in imported.report.findings[0].text


@pytest.mark.parametrize(("name", "content"), [("truth.eaf", EAF), ("truth.tsv", AGGREGATED)])
def test_labels_are_the_truth_that_evaluate_judges_by(text_file, name, content):
    truth = text_file(content, name)
    measured = text_file("state,start_s,end_s\npart handling,0,2.1\nassembly,2.1,7.333\n", "measured.csv")
    if name.endswith("tsv"):
        measured.write_text(
            measured.read_text().replace("state,", "station,state,", 1).replace("\n", "\nearly,", 2)
        )
        assert read_observations(measured)[0].station == "early"
    done = CliRunner().invoke(
        application(), ["evaluate", "--intervals", str(measured), "--truth", str(truth), "--json"]
    )
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["frame_accuracy"] == 1.0


def test_a_truth_that_counts_frames_needs_a_mapping(text_file):
    truth = text_file(json.dumps(FRAMES), "truth.json")
    measured = text_file("state,start_s,end_s\npart handling,0,2.1\nfit,2.1,7.3\n", "measured.csv")
    mapping = text_file(
        "fairtakt: mapping 1\nkind: labels\nframe_rate: 10\n"
        "states: {assembly: fit, part handling: part handling}\n",
        "mapping.yaml",
    )
    arguments = ["evaluate", "--intervals", str(measured), "--truth", str(truth), "--json"]
    done = CliRunner().invoke(application(), [*arguments, "--mapping", str(mapping)])
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["frame_accuracy"] == 1.0
    assert isinstance(CliRunner().invoke(application(), arguments).exception, BadInput)


def test_a_truth_with_a_refused_label_is_no_truth(text_file):
    damaged = text_file(EAF.replace('TIME_SLOT_REF1="ts2"', 'TIME_SLOT_REF1="ts1"'), "truth.eaf")
    with pytest.raises(BadInput, match=r"truth\.eaf:a1, truth\.eaf:a2: 1 labels are refused"):
        read_observations(damaged)


PLAIN = "state;start_s;end_s;cycle\npart handling;0;2.1;1\nassembly;2.1;7.333;1\npart handling;7.333;9;2\n"


def test_plain_labels_have_exact_times_and_their_own_cycles(text_file):
    """What the server's reference labelling writes; the second cycle lacks its assembly, which counts 0."""
    [assembly] = [
        one
        for one in import_file(text_file(PLAIN, "monday.csv"), LABELS).records.sampled
        if one.state == "assembly"
    ]
    assert assembly.durations_ns == (5233 * MS, 0)
    assert (assembly.mode, assembly.system, assembly.sessions) == ("RTS", "monday", ("monday", "monday"))


def test_plain_labels_are_named_and_their_cycles_found_by_the_mapping(text_file):
    mapping = FileMapping(
        kind=Kind.LABELS,
        systems={"": "bench 1"},
        states={"part handling": "handling", "assembly": None},
        cycle=CycleStates(first="handling", last="handling"),
    )
    found = import_file(text_file(PLAIN, "monday.csv"), mapping)
    [handling] = found.records.sampled
    assert (handling.system, handling.durations_ns) == ("bench 1", (2100 * MS, 1667 * MS))
    assert found.report.passed_over == 1


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("a;-1;2;1", "expected seconds from 0"),
        ("a;1e999999;2;1", "expected seconds from 0"),
        ("a;1;nan;1", "expected seconds from 0"),
        ("a;3;2;1", "no duration"),
        ("a;8;10;0", "cycle: expected a number from 1"),
        ("a;8;10;x", "cycle: expected a number from 1"),
        (";9;10;", "label is empty"),
        ("a;9;10", "line of another length"),
        ("a;8;10;", "overlaps"),
    ],
)
def test_a_bad_row_of_plain_labels_is_refused_by_itself(text_file, checked, row, complaint):
    found = checked(import_file(text_file(PLAIN + row + "\n"), LABELS))
    assert found.report.used == 3
    [finding] = [one for one in found.report.findings if one.severity == "error"]
    assert complaint in finding.text
    assert finding.rows[0] == "data.csv:5"


def test_overlapping_cycles_of_plain_labels_are_refused(text_file):
    text = "state,start_s,end_s,cycle\na,0,1,1\na,1,2,2\na,2,3,1\n"
    found = import_file(text_file(text), LABELS)
    assert found.report.file_refused
    assert "cycles 1 and 2 overlap" in found.report.findings[0].text


def test_a_table_that_is_no_labels_is_told_what_labels_are(text_file):
    found = import_file(text_file("a,b\n1,2\n"), LABELS)
    assert "columns Behavior and Time" in found.report.findings[0].text
