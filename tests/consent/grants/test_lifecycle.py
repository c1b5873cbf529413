"""The life of a grant: every pair of state and act has one row, allowed or not."""

import itertools

import pytest

from consent.entries.bodies import NAMES, ConsentRenewed
from consent.grants.lifecycle import ACTS, TRANSITIONS, GrantAct, GrantState, take
from productivity.errors import BadInput

ALLOWED = {
    ("unknown", "request"): "requested",
    ("unknown", "renew"): "given",
    ("requested", "give"): "given",
    ("requested", "refuse"): "refused",
    ("given", "withdraw"): "withdrawn",
    ("given", "expire"): "expired",
    ("given", "renew"): "renewed",
}


@pytest.mark.parametrize(("state", "act"), list(itertools.product(GrantState, GrantAct)))
def test_an_act_leads_where_the_specification_says_or_nowhere(state, act):
    if (state, act) in ALLOWED:
        assert take(state, act) == ALLOWED[state, act]
    else:
        with pytest.raises(BadInput, match=f"a consent that is {state} allows no {act}: expected "):
            take(state, act)


def test_what_has_ended_stays_ended():
    ended = {GrantState.REFUSED, GrantState.WITHDRAWN, GrantState.EXPIRED, GrantState.RENEWED}
    assert ended.isdisjoint(state for state, _ in TRANSITIONS)


def test_every_entry_about_consent_is_an_act():
    assert {NAMES[body] for body in ACTS} == {name for name in NAMES.values() if name.startswith("consent.")}
    assert ACTS[ConsentRenewed] is GrantAct.RENEW
