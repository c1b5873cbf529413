import pytest

from productivity.balance import PaidBelow, balance, paid_time_incomplete
from productivity.records import NotRecorded, PaidTime, Severity

HOUR = 3_600_000_000_000
NOTHING_BELOW = PaidBelow(0, (), ())


def paid(*hours):
    return [PaidTime("cell", "p", h * HOUR, f"pay.csv:{row}") for row, h in enumerate(hours, 2)]


def rest(*hours):
    return [NotRecorded("cell", "p", h * HOUR, f"rest.csv:{row}") for row, h in enumerate(hours, 2)]


def close(recorded, paid_rows=(), given=(), below=NOTHING_BELOW, sources=("mes.csv:2",)):
    return balance("cell", recorded * HOUR, paid=paid_rows, given=given, paid_below=below, sources=sources)


@pytest.mark.parametrize(
    ("name", "closed", "paid_hours", "rest_hours", "excess_hours", "codes"),
    [
        ("the rest is derived", close(7, paid(10)), 10, 3, 0, []),
        ("nothing is left", close(10, paid(10)), 10, 0, 0, []),
        ("rows of paid time add up", close(7, paid(4, 6)), 10, 3, 0, []),
        ("the parts are paid", close(7, below=PaidBelow(9 * HOUR, ("a",), ())), 9, 2, 0, []),
        ("the rest is given and agrees", close(7, paid(10), rest(1, 2)), 10, 3, 0, []),
        ("the rest is given, so paid time follows", close(7, given=rest(3)), 10, 3, 0, []),
        ("the rest is given as none", close(10, paid(10), rest(0)), 10, 0, 0, []),
        ("the rest disagrees", close(7, paid(10), rest(2)), 10, 3, 0, ["not-recorded-disagrees"]),
        ("more than paid", close(12, paid(10)), 10, 0, 2, ["more-recorded-than-paid"]),
        (
            "more than paid, and yet a rest",
            close(12, paid(10), rest(1)),
            10,
            0,
            2,
            ["more-recorded-than-paid", "not-recorded-disagrees"],
        ),
        (
            "parts are paid more than the whole",
            close(7, paid(10), below=PaidBelow(11 * HOUR, ("a",), ("b",))),
            10,
            3,
            0,
            ["parts-paid-more"],
        ),
        (
            "parts are paid less than the whole",
            close(7, paid(10), below=PaidBelow(9, ("a",), ())),
            10,
            3,
            0,
            [],
        ),
    ],
)
def test_eq_1_closes(name, closed, paid_hours, rest_hours, excess_hours, codes):
    figures = (closed.paid_ns, closed.not_recorded_ns, closed.excess_ns)
    assert figures == (paid_hours * HOUR, rest_hours * HOUR, excess_hours * HOUR)
    assert closed.recorded_ns + closed.not_recorded_ns == closed.paid_ns + closed.excess_ns
    assert [finding.code for finding in closed.findings] == codes


def test_it_says_what_was_given():
    stated, derived = close(7, paid(10), rest(3)), close(7, given=rest(3))
    assert (stated.paid_given, stated.not_recorded_given) == (True, True)
    assert (derived.paid_given, derived.not_recorded_given) == (False, True)
    assert not close(7, paid(10)).not_recorded_given
    assert not close(7, paid(10), rest(2)).not_recorded_given


@pytest.mark.parametrize("below", [NOTHING_BELOW, PaidBelow(5, ("a",), ("b",)), PaidBelow(0, (), ("a",))])
def test_without_paid_time_of_all_parts_there_is_no_balance(below):
    assert close(7, below=below) is None


def test_a_contradiction_names_the_rows_on_both_sides():
    [finding] = close(12, paid(4, 6), sources=["mes.csv:2", "mes.csv:9", "mes.csv:2"]).findings
    assert finding.severity is Severity.ERROR
    assert finding.rows == ("pay.csv:2", "pay.csv:3", "mes.csv:2", "mes.csv:9")
    assert finding.text == "in 'cell' 12.00 h were recorded, but only 10.00 h are paid"
    assert dict(finding.facts) == {"system": "cell", "recorded_ns": 12 * HOUR, "paid_ns": 10 * HOUR}


def test_the_finding_on_a_rest_names_its_rows():
    [finding] = close(7, paid(10), rest(1, 1)).findings
    assert finding.rows == ("rest.csv:2", "rest.csv:3")
    assert "2.00 h of 'cell' are stated as not recorded, but the balance leaves 3.00 h" in finding.text


def test_a_rest_beside_an_excess_disagrees_with_none():
    findings = close(12, paid(10), rest(1)).findings
    assert dict(findings[1].facts)["left_ns"] == 0


def test_parts_without_paid_time_are_named():
    finding = paid_time_incomplete("cell", PaidBelow(5, ("a",), ("b", "c")))
    assert finding.text == "'cell' has no paid time: none is stated for it, nor for its parts 'b', 'c'"
