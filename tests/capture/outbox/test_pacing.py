"""The table of `capture/outbox/pacing.py`, row by row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.outbox.pacing import (
    CLOCK_S,
    FIRST_S,
    LONGEST_S,
    MOST_ASKED_S,
    Answer,
    Condition,
    Verdict,
    next_step,
)

NOW_S = 1_800_000_000


def step(answer, *, purged=False, failures=0, draw=0.0):
    return next_step(answer, purged=purged, failures=failures, now_s=NOW_S, draw=draw)


@pytest.mark.parametrize(
    ("answer", "purged", "verdict", "condition", "wait_s"),
    [
        (Answer(200, same=True), False, "delete", Condition.FINE, 0),
        (Answer(200, same=True), True, "delete", Condition.FINE, 0),
        (Answer(200), False, "keep", Condition.WRONG_ANSWER, 0.5),
        (Answer(200), True, "keep", Condition.WRONG_ANSWER, 0.5),
        (Answer(409), True, "settle", Condition.FINE, 0),
        (Answer(409), False, "set aside", Condition.REFUSED, 1),
        (Answer(400), False, "set aside", Condition.REFUSED, 1),
        (Answer(413), False, "set aside", Condition.REFUSED, 1),
        (Answer(415), False, "set aside", Condition.REFUSED, 1),
        (Answer(422), True, "set aside", Condition.REFUSED, 1),
        (Answer(401), False, "keep", Condition.NOT_ACCEPTED, 300),
        (Answer(401, server_s=NOW_S + CLOCK_S), False, "keep", Condition.NOT_ACCEPTED, 300),
        (Answer(401, server_s=NOW_S + CLOCK_S + 1), False, "keep", Condition.CLOCK, 300),
        (Answer(401, server_s=NOW_S - CLOCK_S - 1), False, "keep", Condition.CLOCK, 300),
        (Answer(403), False, "keep", Condition.FORBIDDEN, 300),
        (Answer(404), False, "keep", Condition.NOT_A_SERVER, 300),
        (Answer(405), False, "keep", Condition.NOT_A_SERVER, 300),
        (Answer(201), False, "keep", Condition.NOT_A_SERVER, 300),
        (Answer(302), False, "keep", Condition.NOT_A_SERVER, 300),
        (Answer(429), False, "keep", Condition.BUSY, 0.5),
        (Answer(429, retry_after_s=30), False, "keep", Condition.BUSY, 30),
        (Answer(503, retry_after_s=0), False, "keep", Condition.BUSY, 0.5),
        (Answer(503, retry_after_s=10**9), False, "keep", Condition.BUSY, MOST_ASKED_S),
        (Answer(408), False, "keep", Condition.FAILING, 0.5),
        (Answer(425), False, "keep", Condition.FAILING, 0.5),
        (Answer(500), False, "keep", Condition.FAILING, 0.5),
        (Answer(502), False, "keep", Condition.FAILING, 0.5),
        (Answer(None), False, "keep", Condition.UNREACHABLE, 0.5),
        (Answer(None), True, "keep", Condition.UNREACHABLE, 0.5),
    ],
)
def test_each_answer_has_its_consequence(answer, purged, verdict, condition, wait_s):
    found = step(answer, purged=purged)
    assert (found.verdict, found.condition, found.wait_s) == (verdict, condition, wait_s)
    assert found.failures == (1 if verdict == "keep" else 0)


def test_waits_double_up_to_the_longest():
    waits, failures = [], 0
    for _ in range(12):
        found = step(Answer(None), failures=failures, draw=0.5)
        waits.append(found.wait_s / 0.75)
        failures = found.failures
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]


answers = st.builds(
    Answer,
    status=st.none() | st.integers(100, 599),
    same=st.booleans(),
    retry_after_s=st.none() | st.floats(0, 1e12),
    server_s=st.none() | st.integers(0, 2**33),
)


@given(answers, st.booleans(), st.integers(0, 10**6), st.floats(0, 1, exclude_max=True))
def test_nothing_but_an_acknowledgement_deletes_and_every_wait_is_bounded(answer, purged, failures, draw):
    found = step(answer, purged=purged, failures=failures, draw=draw)
    assert (found.verdict is Verdict.DELETE) == (answer.status == 200 and answer.same)
    assert found.verdict is not Verdict.SETTLE or (purged and answer.status == 409)
    assert 0 <= found.wait_s <= max(LONGEST_S, MOST_ASKED_S)
    assert found.verdict is not Verdict.KEEP or found.wait_s >= FIRST_S / 2
