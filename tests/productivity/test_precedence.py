import pytest

from productivity.hierarchy import DEFAULT_HIERARCHY
from productivity.levels import Level, System, SystemNode
from productivity.precedence import DEFAULT_PRECEDENCE, resolve
from productivity.records import Documented, RecordingMode, Sampled, Severity
from productivity.states import StateCategory

SR, OMD, RTS, CV = RecordingMode.SR, RecordingMode.OMD, RecordingMode.RTS, RecordingMode.CV
SYSTEM = System(
    (
        SystemNode("cell", Level.CELL),
        SystemNode("one", Level.WORKPLACE, "cell"),
        SystemNode("two", Level.WORKPLACE, "cell"),
    )
)


def sampled(mode, system="one", variant="", state="screwing"):
    return Sampled(system, state, mode, (1,), variant=variant, source=f"{mode}:{system}:{variant}")


def noted(mode, system="one", state="sickness", row=1):
    return Documented(system, state, mode, "p", 1, source=f"{mode}:{system}:{row}")


@pytest.mark.parametrize(
    ("name", "records", "kept"),
    [
        ("a camera beats a stopwatch", [sampled(RTS), sampled(CV)], [1]),
        ("machine data beats notes", [noted(SR), noted(OMD)], [1]),
        ("for a cycle, samples beat machine data", [noted(OMD, state="screwing"), sampled(RTS)], [1]),
        ("for absence, notes beat samples", [sampled(CV, state="sickness"), noted(SR)], [1]),
        ("rows of one mode add up", [noted(OMD, row=1), noted(OMD, row=2)], [0, 1]),
        ("neighbours do not overlap", [sampled(CV, "one"), sampled(RTS, "two")], [0, 1]),
        ("other states do not overlap", [noted(SR), noted(OMD, state="vacation")], [0, 1]),
        ("other variants do not overlap", [sampled(CV, variant="A"), sampled(RTS, variant="B")], [0, 1]),
        ("a general sample leaves a variant its own", [sampled(RTS), sampled(CV, variant="B")], [0, 1]),
        ("documents hold for each variant", [sampled(CV, variant="A"), noted(OMD, state="screwing")], [0]),
        ("a part overlaps the whole", [noted(SR, "one"), noted(OMD, "cell")], [1]),
        ("the whole overlaps a part", [sampled(RTS, "cell"), sampled(CV, "one", "A")], [1]),
        ("other variants of a part do not", [sampled(RTS, "cell", "B"), sampled(CV, "one", "A")], [0, 1]),
        ("a whole recording beats samples", [sampled(CV), noted(CV, state="screwing")], [1]),
        (
            "what a loser would have beaten stays",
            [sampled(CV, "one"), sampled(RTS, "cell"), noted(SR, "two", state="screwing")],
            [0, 2],
        ),
    ],
)
@pytest.mark.parametrize("order", [1, -1])
def test_which_record_counts(name, records, kept, order):
    counting, findings = resolve(records[::order], SYSTEM, DEFAULT_HIERARCHY, DEFAULT_PRECEDENCE)
    assert sorted(records.index(record) for record in counting) == kept
    lost = {record.source for i, record in enumerate(records) if i not in kept}
    assert lost <= {row for finding in findings for row in finding.rows}
    assert bool(findings) == bool(lost)


def test_a_plant_sets_its_own_order():
    """A mode that the order does not name comes last."""
    records = [sampled(RTS), sampled(CV)]
    counting, _ = resolve(records, SYSTEM, DEFAULT_HIERARCHY, {StateCategory.CYCLE_BOUND: (RTS,)})
    assert counting == [records[0]]


def test_the_finding_names_both_rows_and_what_counts():
    _, [finding] = resolve([sampled(RTS), sampled(CV)], SYSTEM, DEFAULT_HIERARCHY, DEFAULT_PRECEDENCE)
    assert (finding.severity, finding.code, finding.system) == (Severity.NOTE, "modes-overlap", "one")
    assert finding.rows == ("CV:one:", "RTS:one:")
    assert finding.text == "'screwing' of 'one' has RTS samples, and CV samples: these count"


def test_an_overlap_of_part_and_whole_is_a_warning():
    """The part may be all that is left of the whole: somebody must look."""
    records = [sampled(RTS, "cell"), sampled(CV, "one")]
    _, [finding] = resolve(records, SYSTEM, DEFAULT_HIERARCHY, DEFAULT_PRECEDENCE)
    assert finding.severity is Severity.WARNING
    assert finding.text.endswith("CV samples of 'one': these count as far as they go")
