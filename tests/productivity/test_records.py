import pytest

from productivity.errors import BadInput
from productivity.records import (
    Documented,
    NotRecorded,
    Output,
    PaidTime,
    RecordingMode,
    Records,
    Sampled,
    Unit,
)

SR, OMD, RTS, CV = RecordingMode.SR, RecordingMode.OMD, RecordingMode.RTS, RecordingMode.CV


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: Documented("s", "x", OMD, "p", -1, source="mes.csv:17"),
            "mes.csv:17: duration_ns is negative",
        ),
        (lambda: Documented("s", "x", SR, "p", 1, occurrences=-1), "occurrences is negative"),
        (
            lambda: Documented("s", "x", RTS, "p", 1),
            "mode that only samples: expected SR, OMD or CV, found RTS",
        ),
        (lambda: Sampled("s", "x", RTS, ()), "state 'x' has no sample"),
        (lambda: Sampled("s", "x", RTS, (1, -2)), "duration_ns is negative: expected 0 or more, found -2"),
        (lambda: Sampled("s", "x", CV, (1, 2), ("a",)), "samples without a session: expected 2 sessions"),
        (lambda: Sampled("s", "x", OMD, (1,)), "documenting mode: expected RTS or CV, found OMD"),
        (lambda: Output("s", "p", pieces=-1), "pieces is negative"),
        (lambda: Output("s", "p", batches=-1), "batches is negative"),
        (lambda: Output("s", "p", shifts=-1), "shifts is negative"),
        (lambda: Output("s", "p", "A", shifts=3), "shifts are counted for one variant"),
        (lambda: PaidTime("s", "p", -1), "duration_ns is negative"),
        (lambda: NotRecorded("s", "p", -1), "duration_ns is negative"),
    ],
)
def test_a_record_that_cannot_be_is_refused(make, message):
    with pytest.raises(BadInput, match=message):
        make()


def test_output_counts_by_unit():
    row = Output("s", "p", pieces=5, batches=3, shifts=2)
    assert [row.count(unit) for unit in Unit] == [5, 3, 2]


def test_records_add_up_in_order():
    first, second = PaidTime("s", "p", 1), PaidTime("s", "p", 2)
    sample, output = Sampled("s", "x", CV, (1,)), Output("s", "p")
    noted, rest = Documented("s", "x", SR, "p", 1), NotRecorded("s", "p", 1)
    one = Records((sample,), (noted,), (output,), (first,), (rest,))
    assert one + Records(paid=(second,)) == Records((sample,), (noted,), (output,), (first, second), (rest,))
