"""The life of an agreement: the table, and what no sequence of acts can reach."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.agreement.lifecycle import BOTH, TRANSITIONS, Act, Needs, Standing, State, take
from consent.agreement.vocabulary import Party
from productivity.errors import BadInput

EMPLOYER, COUNCIL = frozenset({Party.EMPLOYER}), frozenset({Party.COUNCIL})
PARTIES = st.sampled_from([EMPLOYER, COUNCIL, BOTH])


@pytest.mark.parametrize(
    ("state", "act", "by", "after"),
    [
        (State.ACTIVE, Act.SUSPEND, EMPLOYER, State.SUSPENDED),
        (State.ACTIVE, Act.SUSPEND, COUNCIL, State.SUSPENDED),
        (State.SUSPENDED, Act.SUSPEND, COUNCIL, State.SUSPENDED),
        (State.SUSPENDED, Act.RESUME, BOTH, State.ACTIVE),
        (State.ACTIVE, Act.NARROW, COUNCIL, State.ACTIVE),
        (State.ACTIVE, Act.WIDEN, BOTH, State.ACTIVE),
        (State.SUSPENDED, Act.NARROW, EMPLOYER, State.SUSPENDED),
        (State.SUSPENDED, Act.WIDEN, BOTH, State.SUSPENDED),
        (State.ACTIVE, Act.END, COUNCIL, State.ENDED),
        (State.SIGNED_BY_BOTH, Act.ACTIVATE, EMPLOYER, State.ACTIVE),
    ],
)
def test_an_act_leads_on(state, act, by, after):
    assert take(Standing(state, BOTH), act, by).state is after


@pytest.mark.parametrize(
    ("state", "act", "by", "message"),
    [
        (State.SUSPENDED, Act.RESUME, EMPLOYER, "expected both parties, found employer"),
        (State.SUSPENDED, Act.RESUME, COUNCIL, "expected both parties, found works council"),
        (State.ACTIVE, Act.WIDEN, EMPLOYER, "expected both parties"),
        (State.ACTIVE, Act.SUSPEND, frozenset(), "found nobody"),
        (State.DRAFT, Act.ACTIVATE, BOTH, "allows no activate"),
        (State.SIGNED_BY_ONE, Act.ACTIVATE, BOTH, "allows no activate"),
        (State.ENDED, Act.RESUME, BOTH, "expected no act"),
        (State.ENDED, Act.SIGN, BOTH, "expected no act"),
    ],
)
def test_an_act_is_refused(state, act, by, message):
    with pytest.raises(BadInput, match=message):
        take(Standing(state, BOTH), act, by)


@pytest.mark.parametrize("first", [EMPLOYER, COUNCIL])
def test_both_must_sign_and_one_cannot_sign_twice(first):
    once = take(Standing(), Act.SIGN, first)
    assert once == Standing(State.SIGNED_BY_ONE, first)
    with pytest.raises(BadInput, match="has not signed"):
        take(once, Act.SIGN, first)
    assert take(once, Act.SIGN, BOTH - first) == Standing(State.SIGNED_BY_BOTH, BOTH)
    assert take(Standing(), Act.SIGN, BOTH) == Standing(State.SIGNED_BY_BOTH, BOTH)


def test_whatever_permits_recording_again_or_more_needs_both():
    for (state, act), (after, needs) in TRANSITIONS.items():
        resumes = state is State.SUSPENDED and after is State.ACTIVE
        if resumes or act is Act.WIDEN:
            assert needs is Needs.BOTH, (state, act)
        elif act is not Act.SIGN:
            assert needs is Needs.EITHER, (state, act)


@given(st.lists(st.tuples(st.sampled_from(Act), PARTIES), max_size=12))
def test_no_sequence_of_acts_records_against_one_party(acts):
    """Recording is permitted only while both have signed, and since the last stop both have agreed."""
    standing, stopped = Standing(), False
    for act, by in acts:
        try:
            standing = take(standing, act, by)
        except BadInput:
            continue
        if act in (Act.SUSPEND, Act.END):
            stopped = True
        elif act is Act.RESUME:
            assert by == BOTH
            stopped = False
        if standing.permits_recording:
            assert standing.signed_by == BOTH
            assert not stopped


@given(PARTIES)
def test_either_party_can_stop_at_once_from_every_state_that_records(by):
    for state in State:
        standing = Standing(state, BOTH)
        if standing.permits_recording:
            assert not take(standing, Act.SUSPEND, by).permits_recording
            assert not take(standing, Act.END, by).permits_recording
