import json
import re
from datetime import date
from pathlib import Path

import pytest

from productivity.agreement.pairs import Clustering
from productivity.agreement.protocol import Protocol
from productivity.comparison import Observation
from productivity.errors import BadInput
from productivity.hierarchy import DEFAULT_HIERARCHY
from productivity.intervals import Cycle, StateInterval
from productivity.matching import DEFAULT_TOOLSET
from productivity.records import (
    Documented,
    Finding,
    NotRecorded,
    Output,
    PaidTime,
    RecordingMode,
    Records,
    Sampled,
    Severity,
    Unit,
)
from productivity.study.plan import PlannedStudy
from productivity.time import SECOND
from storage.importers.report import FILE_REFUSED, Imported, ImportReport
from storage.study.adding import add_source
from storage.study.folder import read_study, source_directory
from storage.study.plan_csv import write_plan
from storage.study.portfolio_csv import read_portfolio
from storage.study.protocol_yaml import read_protocol
from storage.study.records_csv import read_records, rows_label, write_records
from storage.study.template import create_study

HOUR = 3600 * SECOND


@pytest.fixture
def study(tmp_path):
    create_study(tmp_path / "study", "Cell", "en")
    return tmp_path / "study"


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_new_study_can_be_read_at_once(tmp_path, language):
    create_study(tmp_path / "study", 'A "title": #1 {x}', language)
    study = read_study(tmp_path / "study")
    assert study.settings.title == 'A "title": #1 {x}'
    assert study.settings.language == language
    assert [source.name for source in study.sources] == ["by-hand"]
    assert study.records == Records()


def test_the_english_template_is_the_default_of_the_method(study):
    found = read_study(study)
    assert found.hierarchy == DEFAULT_HIERARCHY
    assert found.toolset == DEFAULT_TOOLSET


def test_the_german_template_has_the_same_states_and_rules(tmp_path):
    create_study(tmp_path / "study", "Zelle", "de")
    german = read_study(tmp_path / "study")
    english = DEFAULT_HIERARCHY.nodes
    assert [(n.category, n.value_adding, n.parent is None) for n in german.hierarchy.nodes] == [
        (n.category, n.value_adding, n.parent is None) for n in english
    ]
    assert [len(rule.remedies) for rule in german.toolset.rules] == [
        len(rule.remedies) for rule in DEFAULT_TOOLSET.rules
    ]


def edit(study, old, new, name="study.yaml"):
    text = (study / name).read_text(encoding="utf-8")
    assert old in text
    (study / name).write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "old", "new", "complaint"),
    [
        (
            "study.yaml",
            "confidence: 0.95",
            "confidense: 0.95",
            "expected only known keys, found 'confidense'",
        ),
        ("study.yaml", "confidence: 0.95", "confidence: 1.5", "confidence: "),
        ("study.yaml", "level: cell}", "level: hall}", "level is not known"),
        ("study.yaml", "part_of: cell 1", "part_of: cell 2", "part of a system that is not there"),
        ("study.yaml", "[CV, RTS]", "[CV, CV]", "expected each recording mode once"),
        ("study.yaml", "cycle-bound: [CV, RTS]", "cycle-bound: [GUESS]", "GUESS"),
        ("study.yaml", "area: cell 1", "area: cell 9", "expected one of the systems above, found 'cell 9'"),
        ("study.yaml", "abc: output", "abc: beauty", "abc"),
        ("study.yaml", "samples: 4", "samples: 1", "plan.samples"),
        ("study.yaml", "fairtakt: study 1", "fairtakt: station 1", "study 1"),
        ("study.yaml", "title: ", "title: [", "not YAML"),
        ("states.yaml", "{name: reaching}", "{name: screwing}", "found 'screwing' again"),
        ("states.yaml", "{name: reaching}", "{name: unknown}", "not free"),
        ("states.yaml", "irregular:", "sometimes:", "expected only known keys"),
        ("matching.yaml", "loss: cleaning", "loss: polishing", "fits no state"),
        ("matching.yaml", "remedies: [workplace order]", "remedies: [magic]", "found 'magic'"),
    ],
)
def test_a_mistake_in_a_file_is_named_with_its_place(study, name, old, new, complaint):
    edit(study, old, new, name)
    with pytest.raises(BadInput) as refused:
        read_study(study)
    # Every mistake has its line, but for what only two files together show.
    line = "" if complaint == "fits no state" else r":\d+"
    assert re.match(re.escape(str(study / name)) + line + ": ", str(refused.value))
    assert complaint in str(refused.value)


def test_the_line_of_a_mistake_is_named(study):
    edit(study, "confidence: 0.95", "confidense: 0.95")
    line = (study / "study.yaml").read_text().splitlines().index("confidense: 0.95") + 1
    with pytest.raises(BadInput, match=rf"study\.yaml:{line}: "):
        read_study(study)


def test_what_is_not_a_study_is_refused(tmp_path):
    with pytest.raises(BadInput, match=r"not a study: expected a folder with study\.yaml"):
        read_study(tmp_path)


def test_a_study_is_never_written_over(study):
    with pytest.raises(BadInput, match="not empty"):
        create_study(study, "Again", "en")
    assert read_study(study).settings.title == "Cell"


RECORDS = Records(
    sampled=(
        Sampled(
            "station 1", "screwing", RecordingMode.RTS, (1, 2 * SECOND), ("a", "b"), "A", Unit.PIECE, "s:1"
        ),
        Sampled("station 1", "set-up", RecordingMode.CV, (0,), unit=Unit.BATCH, source="s:3"),
    ),
    documented=(Documented("cell 1", "sickness", RecordingMode.OMD, "2026-01", HOUR // 3, 2, "mes.csv:17"),),
    output=(Output("cell 1", "2026-01", "A", 1000, 10, source="out.csv:2"),),
    paid=(PaidTime("cell 1", "2026-01", 160 * HOUR, "paid.csv:2"),),
    not_recorded=(NotRecorded("cell 1", "2026-01", 7 * HOUR + 1, "nr.csv:2"),),
)


def test_written_records_are_read_again_to_the_nanosecond(tmp_path):
    write_records(tmp_path, RECORDS)
    found = read_records(tmp_path)
    assert found == RECORDS


def test_kinds_without_records_get_no_file(tmp_path):
    write_records(tmp_path, Records(paid=RECORDS.paid))
    assert [path.name for path in tmp_path.iterdir()] == ["paid.csv"]


def write(directory, name, *lines):
    directory.mkdir(parents=True, exist_ok=True)
    (directory / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_samples_of_a_state_are_gathered_wherever_they_stand(tmp_path):
    """A stopwatch sheet goes cycle by cycle; the method wants state by state."""
    write(
        tmp_path / "sheet",
        "samples.csv",
        "system,state,mode,duration_s,session",
        "s,reach,RTS,1.5,monday",
        "s,screw,RTS,2.25,monday",
        "s,reach,RTS,1.25,tuesday",
    )
    reach, screw = read_records(tmp_path / "sheet").sampled
    assert reach.durations_ns == (1_500_000_000, 1_250_000_000)
    assert reach.sessions == ("monday", "tuesday")
    assert reach.source == "sheet/samples.csv:2,4"
    assert screw.source == "sheet/samples.csv:3"


def test_samples_of_which_some_have_no_session_have_none(tmp_path):
    write(tmp_path, "samples.csv", "system,state,mode,duration_s,session", "s,a,RTS,1,x", "s,a,RTS,2,")
    assert read_records(tmp_path).sampled[0].sessions == ()


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        (["a.csv:2"], "a.csv:2"),
        (["a.csv:2", "a.csv:3", "a.csv:4", "a.csv:7"], "a.csv:2-4,7"),
        (["a.csv:2", "b.csv:3"], "a.csv:2, b.csv:3"),
        (["a.csv:2", "a.csv:2"], "a.csv:2"),
        (["a.xlsx:4-9", "a.xlsx:10-12"], "a.xlsx:4-9,10-12"),
        (["by word of mouth"], "by word of mouth"),
    ],
)
def test_several_rows_have_one_label(sources, expected):
    assert rows_label(sources) == expected


@pytest.mark.parametrize(
    ("column", "value", "nanoseconds"),
    [
        ("duration_h", "140.0", 140 * HOUR),
        ("duration_h", "0.1", HOUR // 10),
        ("duration_min", "7.2", 432 * SECOND),
        ("duration_s", "0.000000001", 1),
        ("duration_s", "0", 0),
    ],
)
def test_decimal_durations_become_whole_nanoseconds(tmp_path, column, value, nanoseconds):
    write(tmp_path, "paid.csv", f"system,period,{column}", f"cell,2026-01,{value}")
    assert read_records(tmp_path).paid[0].duration_ns == nanoseconds


HEADS = {
    "paid.csv": "system,period,duration_h",
    "output.csv": "system,period,pieces",
    "documented.csv": "system,period,state,mode,duration_h",
    "samples.csv": "system,state,mode,unit,duration_s",
}


@pytest.mark.parametrize(
    ("name", "row", "complaint"),
    [
        ("paid.csv", "cell,2026-01,-1", "duration_h is not a duration"),
        ("paid.csv", "cell,2026-01,nan", "duration_h is not a duration"),
        ("paid.csv", "cell,2026-01,1e999999", "duration_h is not a duration"),
        ("paid.csv", 'cell,2026-01,"1,5"', "duration_h is not a duration"),
        ("paid.csv", ",2026-01,1", "system is empty"),
        ("paid.csv", "cell,,1", "period is empty"),
        ("output.csv", "cell,2026-01,1.5", "pieces is not a whole number"),
        ("output.csv", "cell,2026-01,-5", "pieces is negative"),
        ("documented.csv", "cell,2026-01,sickness,GUESS,1", "mode is unknown"),
        ("documented.csv", "cell,2026-01,sickness,RTS,1", "documented time has a mode that only samples"),
        ("samples.csv", "cell,screwing,OMD,piece,1", "sampled time has a documenting mode"),
        ("samples.csv", "cell,screwing,RTS,week,1", "unit is unknown"),
    ],
)
def test_a_wrong_cell_is_named_with_file_and_line(tmp_path, name, row, complaint):
    write(tmp_path, name, HEADS[name], row)
    with pytest.raises(BadInput) as refused:
        read_records(tmp_path)
    assert str(refused.value).startswith(f"{tmp_path / name} line 2: ")
    assert complaint in str(refused.value)
    assert str(refused.value).count(name) == 1, "the place is named once"


@pytest.mark.parametrize("header", ["system,period", "system,period,duration_h,duration_s"])
def test_a_duration_has_exactly_one_unit(tmp_path, header):
    write(tmp_path, "paid.csv", header)
    with pytest.raises(BadInput, match="duration column: expected exactly one of"):
        read_records(tmp_path)


def test_a_file_with_a_misspelt_name_is_refused(study):
    (study / "data" / "by-hand" / "sample.csv").write_text("x")
    with pytest.raises(BadInput, match="name that nobody reads"):
        read_study(study)


@pytest.mark.parametrize(
    ("row", "expected"),
    [("A,10,12.34,-0.5", (10, 1234, -50)), ("A,10,,", (10, 0, None))],
)
def test_money_is_read_in_whole_coins(tmp_path, row, expected):
    write(tmp_path, "portfolio.csv", "product,pieces,sales,profit", row)
    [product] = read_portfolio(tmp_path / "portfolio.csv")
    assert (product.pieces, product.sales, product.profit) == expected


@pytest.mark.parametrize("money", ["1.234", "inf", "1e30", "12 EUR"])
def test_what_is_no_money_is_refused(tmp_path, money):
    write(tmp_path, "portfolio.csv", "product,pieces,sales", f"A,1,{money}")
    with pytest.raises(BadInput, match=r"portfolio\.csv line 2: sales is not an amount of money"):
        read_portfolio(tmp_path / "portfolio.csv")


FINDING = Finding(
    Severity.WARNING, "some-code", "Some text", ("mes.csv:3", "mes.csv:4"), (("lost_ns", 5), ("a", "b")), "x"
)


def imported(records=RECORDS, findings=(FINDING,), used=3, observations=()):
    return Imported(ImportReport("mes.csv", 5, used, 1, 1, findings), records, observations)


@pytest.fixture
def mes(tmp_path):
    (tmp_path / "mes.csv").write_text("whatever")
    return tmp_path / "mes.csv"


def test_an_import_becomes_a_directory_of_its_own(study, mes):
    add_source(study, "mes", imported(), mes, "mes")
    by_hand, source = read_study(study).sources
    assert (by_hand.name, by_hand.origin) == ("by-hand", None)
    assert source.records == RECORDS
    assert source.origin.findings == (FINDING,)
    assert (source.origin.file, source.origin.kind, source.origin.refused) == ("mes.csv", "mes", 1)
    assert source.origin.sha256 == "85738f8f9a7f1b04b5329c590ebcb9e425925c6d0984089c43a022de4f19c281"


def test_state_intervals_come_along(study, mes):
    intervals = (StateInterval("station 1", "screwing", 0, SECOND, 0.5),)
    observation = Observation("station 1", intervals, (Cycle("station 1", 1, 0, SECOND),))
    add_source(study, "labels", imported(observations=(observation,)), mes, "labels")
    [_, source] = read_study(study).sources
    assert source.observations() == (observation,)


@pytest.mark.parametrize(
    ("what", "complaint"),
    [
        (imported(findings=(Finding(Severity.ERROR, FILE_REFUSED, "mes.csv: no table"),)), "no table"),
        (imported(used=0), "no row can be used"),
    ],
    ids=["file refused", "nothing used"],
)
def test_a_refused_file_changes_nothing(study, mes, what, complaint):
    before = snapshot(study)
    with pytest.raises(BadInput, match=complaint):
        add_source(study, "mes", what, mes, "mes")
    assert snapshot(study) == before


def snapshot(folder):
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_name_that_is_taken_is_refused_unless_it_shall_be_replaced(study, mes):
    add_source(study, "mes", imported(), mes, "mes")
    before = snapshot(study)
    with pytest.raises(BadInput, match="is there already"):
        add_source(study, "mes", imported(Records(paid=RECORDS.paid)), mes, "mes")
    assert snapshot(study) == before
    add_source(study, "mes", imported(Records(paid=RECORDS.paid)), mes, "mes", replace=True)
    assert read_study(study).records == Records(paid=RECORDS.paid)


@pytest.mark.parametrize("name", ["", "..", ".hidden", "a/b", "a\\b", " a", "C:", "a\n", "a\0b", "ü" * 61])
def test_data_has_a_plain_name(name):
    with pytest.raises(BadInput, match="name of the data"):
        source_directory(Path("study"), name)


def test_a_plan_is_read_as_it_was_written(study):
    plan = (
        PlannedStudy("station 1", "", RecordingMode.CV, Unit.PIECE, 4),
        PlannedStudy("station 1", "A", RecordingMode.RTS, Unit.BATCH, 20, 5),
    )
    write_plan(study / "plan.csv", plan)
    assert read_study(study).plan == plan
    assert read_study(study).study("2026-01").plan == plan


def test_a_damaged_origin_is_named(study, mes):
    directory = add_source(study, "mes", imported(), mes, "mes")
    origin = json.loads((directory / "origin.json").read_text())
    (directory / "origin.json").write_text(json.dumps(origin | {"used": -1}, indent=1))
    with pytest.raises(BadInput, match=r"origin\.json:\d+: used"):
        read_study(study)


def test_bars_of_a_protocol_are_read_and_those_left_out_are_the_usual_ones(study):
    (study / "protocol.yaml").write_text(
        "fairtakt: protocol 1\nfixed_on: 2026-01-31\nshare_error: 0.02\nkappa: null\n"
        "smallest_difference_s: 1.5\nclustering: station\n"
    )
    assert read_protocol(study / "protocol.yaml") == Protocol(
        share_error=0.02,
        kappa=None,
        smallest_difference_ns=1_500_000_000,
        clustering=Clustering.STATION,
        fixed_on=date(2026, 1, 31),
    )


def test_the_protocol_of_a_new_study_has_the_usual_bars(study, tmp_path):
    assert read_protocol(study / "protocol.yaml") == Protocol()
    assert read_protocol(tmp_path / "none.yaml") == Protocol()
