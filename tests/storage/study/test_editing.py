"""One file of a study changes at once, to what can be read beside the others, or not at all."""

import pytest

from productivity.errors import BadInput
from productivity.records import PaidTime
from productivity.states import StateCategory
from storage.importers.mapping import CycleStates, FileMapping, Kind
from storage.study.by_hand import read_by_hand, write_by_hand
from storage.study.editing import ABSENT, EDITABLE, Outdated, change_keys, read_text, replace_text
from storage.study.folder import read_study
from storage.study.mappings import mapping_names, mapping_of, write_mapping
from storage.study.origins import Origin, write_origin
from storage.study.records_csv import RecordFile
from storage.study.removing import remove_source
from storage.study.state_rows import StateRow, replace_states, state_rows
from storage.study.template import create_study

PERIODICAL = StateCategory.PERIODICAL


@pytest.fixture
def study(tmp_path):
    create_study(tmp_path / "study", "Cell", "en")
    return tmp_path / "study"


def snapshot(folder):
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_decision_is_changed_and_comments_stay(study):
    _, revision = read_text(study, "study.yaml")
    new = change_keys(study, "study.yaml", {"periods": ["2026-03"], "confidence": 0.9}, revision)
    text, found = read_text(study, "study.yaml")
    assert found == new != revision
    assert "# 1 minus the error probability" in text
    settings = read_study(study).settings
    assert (settings.periods, settings.confidence, settings.area) == (("2026-03",), 0.9, "cell 1")


def test_of_two_who_change_the_same_file_the_second_is_told(study):
    _, revision = read_text(study, "study.yaml")
    change_keys(study, "study.yaml", {"title": "mine"}, revision)
    before = snapshot(study)
    with pytest.raises(Outdated, match="changed meanwhile"):
        change_keys(study, "study.yaml", {"title": "yours"}, revision)
    assert snapshot(study) == before
    assert read_study(study).settings.title == "mine"


BAD = [
    ("study.yaml", "confidence: 0.95", "confidence: 2", r"study\.yaml:\d+: confidence"),
    ("study.yaml", "area: cell 1", "area: hall", "expected one of the systems"),
    ("study.yaml", "abc: output", "abc: *x", "study.yaml"),
    ("study.yaml", "# iso_22400:", "iso_22400: {orders: [polishing]}\n#", "iso_22400: state 'polishing'"),
    ("study.yaml", "language: en", "language: en\x1b[2J", "cannot be seen"),
    ("study.yaml", "periods: [", "periods: &a [", None),
    ("states.yaml", "{name: cleaning}", "{name: polishing}", "matching.yaml: the rule for 'cleaning'"),
    ("states.yaml", "{name: cleaning}", "{name: screwing}", "found 'screwing' again"),
    ("matching.yaml", "loss: cleaning", "loss: polishing", "matching.yaml: the rule for 'polishing'"),
    ("protocol.yaml", "kappa: 0.75", "kappa: 75", "protocol.yaml"),
    ("portfolio.csv", "profit\n", "profit\nA,1,,\nA,2,,\n", "stands twice"),
    ("portfolio.csv", "profit\n", "profit\nA,many,,\n", "portfolio.csv line 2"),
    ("portfolio.csv", "profit\n", "profit\nA,0,,\n", "no product has any output"),
]


@pytest.mark.parametrize(("name", "old", "new", "complaint"), BAD)
def test_what_cannot_be_read_is_not_written(study, name, old, new, complaint):
    before = snapshot(study)
    text, revision = read_text(study, name)
    assert old in text
    if complaint is None:
        replace_text(study, name, text.replace(old, new), revision)  # an anchor without an alias does nothing
        return
    with pytest.raises(BadInput, match=complaint) as refused:
        replace_text(study, name, text.replace(old, new), revision)
    assert str(study) not in str(refused.value), "no path of the server"
    assert snapshot(study) == before


def test_a_broken_file_can_be_mended_while_another_is_broken(study):
    (study / "states.yaml").write_text("no: [")
    (study / "study.yaml").write_text("no: [")
    for name in ("study.yaml", "states.yaml"):
        other = study.parent / "other"
        if not other.exists():
            create_study(other, "x", "en")
        replace_text(study, name, (other / name).read_text(), read_text(study, name)[1])
    assert read_study(study).settings.title == "x"


@pytest.mark.parametrize("name", ["../study.yaml", "data/by-hand/paid.csv", "", "Study.yaml", "study.yaml/"])
def test_only_the_known_files_are_changed(study, name):
    for use in (lambda: read_text(study, name), lambda: replace_text(study, name, "", ABSENT)):
        with pytest.raises(BadInput, match="file of a study"):
            use()


def test_a_file_that_is_not_there_is_made(study):
    (study / "portfolio.csv").unlink()
    text, revision = read_text(study, "portfolio.csv")
    assert (text, revision) == ("", ABSENT)
    replace_text(study, "portfolio.csv", "product,pieces\r\nA,5\r\n", revision)
    assert [product.name for product in read_study(study).portfolio] == ["A"]


def test_large_text_is_refused(study):
    for name in EDITABLE:
        with pytest.raises(BadInput, match="at most 262144 bytes"):
            replace_text(study, name, "#" * 262_145, read_text(study, name)[1])


def test_rows_by_hand_are_written_and_read(study):
    table = read_by_hand(study, RecordFile.PAID)
    assert table.columns == ("system", "period", "source", "duration_h")
    row = {"system": "cell 1", "period": "2026-01", "duration_h": "150.5"}
    revision = write_by_hand(study, RecordFile.PAID, [row], table.revision)
    found = read_by_hand(study, RecordFile.PAID)
    assert (found.revision, found.rows) == (revision, ({"source": "", **row},))
    [paid] = read_study(study).records.paid
    assert paid == PaidTime("cell 1", "2026-01", 541_800_000_000_000, "by-hand/paid.csv:2")


def test_rows_keep_the_unit_that_somebody_chose(study):
    (study / "data/by-hand/paid.csv").write_text("system,period,duration_min\ncell 1,2026-01,90\n")
    table = read_by_hand(study, RecordFile.PAID)
    assert table.columns[-1] == "duration_min"
    write_by_hand(study, RecordFile.PAID, [*table.rows, *table.rows], table.revision)
    assert [row.duration_ns for row in read_study(study).records.paid] == [5_400_000_000_000] * 2


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ({"system": "cell 1", "period": "2026-01", "duration_h": "long"}, r"^paid.csv line 3: duration_h"),
        ({"system": "cell 1", "period": "2026-01", "duration_h": "-1"}, r"^paid.csv line 3: duration_h"),
        ({"system": "", "period": "2026-01", "duration_h": "1"}, r"^paid.csv line 3: system is empty"),
        ({"name": "Anna"}, "^paid.csv line 3: unknown column"),
    ],
)
def test_a_row_that_cannot_be_read_changes_nothing(study, row, complaint):
    good = {"system": "cell 1", "period": "2026-01", "duration_h": "1"}
    before = snapshot(study)
    with pytest.raises(BadInput, match=complaint):
        write_by_hand(study, RecordFile.PAID, [good, row], read_by_hand(study, RecordFile.PAID).revision)
    assert snapshot(study) == before
    assert sorted(path.name for path in (study / "data").iterdir()) == ["by-hand"]


def test_rows_by_hand_have_revisions_too(study):
    table = read_by_hand(study, RecordFile.PAID)
    good = {"system": "cell 1", "period": "2026-01", "duration_h": "1"}
    write_by_hand(study, RecordFile.PAID, [good], table.revision)
    with pytest.raises(Outdated):
        write_by_hand(study, RecordFile.PAID, [], table.revision)


def test_rows_by_hand_need_no_directory_before(study):
    remove_source(study, "by-hand")
    assert read_study(study).sources == ()
    good = {"system": "cell 1", "period": "2026-01", "duration_h": "1"}
    write_by_hand(study, RecordFile.PAID, [good], ABSENT)
    assert len(read_study(study).records.paid) == 1


def test_an_import_under_this_name_is_neither_read_nor_written_as_rows_by_hand(study):
    table = read_by_hand(study, RecordFile.PAID)
    write_origin(study / "data/by-hand", Origin("a.csv", "", "camera totals", 1, 1, 0, 0))
    with pytest.raises(BadInput, match="'by-hand' were imported"):
        read_by_hand(study, RecordFile.PAID)
    with pytest.raises(BadInput, match="'by-hand' were imported"):
        write_by_hand(study, RecordFile.PAID, [], table.revision)


@pytest.mark.parametrize("name", ["none", "..", "a/b", ""])
def test_data_that_are_not_there_cannot_be_removed(study, name):
    before = snapshot(study)
    with pytest.raises(BadInput):
        remove_source(study, name)
    assert snapshot(study) == before


MAPPING = FileMapping(
    kind=Kind.LABELS,
    systems={"": "station 1", "Bank: 2": "station #2"},
    states={"Idle": None, "null": "waiting"},
    cycle=CycleStates(first="part handling", last="yes"),
    decimal=",",
)


def test_a_mapping_is_kept_with_the_study(study):
    write_mapping(study, "elan", MAPPING)
    assert mapping_names(study) == ["elan"]
    assert mapping_of(study, "elan") == MAPPING
    write_mapping(study, "elan", FileMapping(kind=Kind.OUTPUT))
    assert mapping_of(study, "elan") == FileMapping(kind=Kind.OUTPUT)
    assert StateCategory.PERIODICAL in {node.category for node in read_study(study).hierarchy.nodes}


@pytest.mark.parametrize("name", ["..", "../x", "a/b", "", ".x", "a\n"])
def test_a_mapping_has_a_plain_name(study, name):
    with pytest.raises(BadInput, match="name of a mapping"):
        write_mapping(study, name, MAPPING)
    with pytest.raises(BadInput, match="name of a mapping"):
        mapping_of(study, name)
    assert mapping_names(study) == []


def test_states_as_rows_are_those_of_the_file(study):
    rows = state_rows(read_study(study).hierarchy)
    text, revision = read_text(study, "states.yaml")
    replace_states(study, rows, revision)
    assert state_rows(read_study(study).hierarchy) == rows
    assert read_text(study, "states.yaml")[0] == text, "nothing of the file was written otherwise"


def test_states_are_changed_and_rules_for_lost_ones_go_with_them(study):
    rows = [
        row for row in state_rows(read_study(study).hierarchy) if row.name not in {"cleaning", "paperwork"}
    ]
    rows.append(StateRow("polishing: by hand", PERIODICAL, value_adding=True))
    rows.append(StateRow("waxing", PERIODICAL, value_adding=False, part_of="polishing: by hand"))
    replace_states(study, rows, read_text(study, "states.yaml")[1])
    found = read_study(study)
    assert "cleaning" not in found.hierarchy
    assert found.hierarchy.path("waxing") == ("periodical", "polishing: by hand", "waxing")
    assert [found.hierarchy.value_adding(name) for name in ("polishing: by hand", "waxing")] == [True, False]
    assert "cleaning" not in {rule.loss for rule in found.toolset.rules}
    assert "rework" in {rule.loss for rule in found.toolset.rules}
    assert read_text(study, "matching.yaml")[0].startswith("# Which kind of improvement")


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        (StateRow("x" * 200, PERIODICAL, value_adding=False), "120"),
        (
            StateRow("x", PERIODICAL, value_adding=False, part_of="nothing"),
            "not in the hierarchy",
        ),
        (StateRow("x", PERIODICAL, value_adding=False, part_of="rework"), "another category"),
        (StateRow("x", PERIODICAL, value_adding=False, part_of="x"), "its own ancestor"),
        (StateRow("unknown", PERIODICAL, value_adding=False), "not free"),
        (StateRow("rework", PERIODICAL, value_adding=False), "twice"),
    ],
)
def test_states_that_are_no_tree_change_neither_file(study, row, complaint):
    rows = [row for row in state_rows(read_study(study).hierarchy) if row.name != "cleaning"]
    before = snapshot(study)
    with pytest.raises(BadInput, match=complaint):
        replace_states(study, [*rows, row], read_text(study, "states.yaml")[1])
    with pytest.raises(Outdated):
        replace_states(study, rows, ABSENT)
    assert snapshot(study) == before
