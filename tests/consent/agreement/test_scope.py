"""Narrower or wider: one row per key that is about permission, and the table is complete."""

import copy

import pytest

from consent.agreement.form import agreement_hash
from consent.agreement.schema import Agreement
from consent.agreement.scope import RULES, widenings
from productivity.errors import BadInput


def next_version(agreement, document, change):
    """Return the following version, with one change made to its plain values."""
    changed = copy.deepcopy(document) | {"version": 2, "supersedes": agreement_hash(agreement)}
    change(changed)
    return Agreement.model_validate(changed)


def put(*path, value):
    """Return a change that puts a value somewhere."""

    def change(document):
        node = document
        for key in path[:-1]:
            node = node[key]
        node[path[-1]] = value

    return change


def take_out(*path):
    """Return a change that removes something."""

    def change(document):
        node = document
        for key in path[:-1]:
            node = node[key]
        del node[path[-1]]

    return change


NO_MOTION = {"permitted": False, "stations": [], "purposes": [], "retention_days": None}

NARROWER = {
    "nothing changed": lambda document: None,
    "fewer states": take_out("states", 0),
    "fewer purposes": take_out("purposes", 1),
    "fewer campaigns": take_out("campaigns", 1),
    "shorter campaign": put("campaigns", 0, "last_day", value="2027-03-05"),
    "less per day": put("campaigns", 0, "minutes_per_day", value=60),
    "enough earlier": put("campaigns", 0, "enough", value={"accuracy_percent": 10, "cycles": 300}),
    "enough by one more": put("campaigns", 1, "enough", value={"accuracy_percent": 10, "cycles": 150}),
    "larger group": put("minimum_group", value=9),
    "coarser times": put("time_resolution_s", value=3600),
    "shorter retention": put("retention", "intervals_days", value=7),
    "no motion": put("motion", value=NO_MOTION),
    "shorter motion": put("motion", "retention_days", value=30),
    "less access": take_out("access", 2),
    "less to see": put("access", 0, "may_see", value=["released tables"]),
    "shorter validity": put("validity", "last_day", value="2027-05-01"),
    "earlier notice": put("notice_on", value="2027-02-01"),
    "stops sooner": put("suspension", "witness_away_minutes", value=0),
}

WIDER = {
    "more states": (lambda document: document["states"].append("cleaning"), "states"),
    "more stations": (lambda document: document["stations"].append("paint shop"), "stations"),
    "purpose back": (take_out("prohibited", 0), "prohibited"),
    "another campaign": (put("campaigns", 1, "name", value="packing again"), "campaigns"),
    "longer campaign": (put("campaigns", 0, "last_day", value="2027-03-13"), "campaigns"),
    "earlier campaign": (put("campaigns", 0, "first_day", value="2027-02-28"), "campaigns"),
    "more per day": (put("campaigns", 0, "minutes_per_day", value=121), "campaigns"),
    "more places": (
        put("campaigns", 0, "stations", value=["assembly bench", "packing bench"]),
        "campaigns",
    ),
    "never enough": (put("campaigns", 1, "enough", value=None), "campaigns"),
    "more is enough": (put("campaigns", 1, "enough", value={"cycles": 151}), "campaigns"),
    "one end less": (put("campaigns", 0, "enough", value={"cycles": 400}), "campaigns"),
    "more exact": (
        put("campaigns", 0, "enough", value={"accuracy_percent": 4, "cycles": 400}),
        "campaigns",
    ),
    "smaller group": (put("minimum_group", value=6), "minimum_group"),
    "finer times": (put("time_resolution_s", value=899), "time_resolution_s"),
    "longer retention": (put("retention", "aggregates_days", value=366), "retention"),
    "longer motion": (put("motion", "retention_days", value=181), "motion"),
    "motion without limit": (put("motion", "retention_days", value=None), "motion"),
    "motion elsewhere": (put("motion", "stations", value=["packing bench"]), "motion"),
    "more access": (put("access", 3, "may_see", value=["consent log", "own motion"]), "access"),
    "somebody else": (put("access", 3, "role", value="supervisor"), "access"),
    "longer validity": (put("validity", "last_day", value=None), "validity"),
    "later notice": (put("notice_on", value="2027-02-16"), "notice_on"),
    "no notice": (put("notice_on", value=None), "notice_on"),
    "stops later": (put("suspension", "witness_away_minutes", value=481), "suspension"),
    "a reason to stop less": (take_out("suspension", "triggers", 0), "suspension"),
    "other terms": (put("royalties", "worker_share_percent", value=60), "royalties"),
    "other measure": (put("shift_minutes", value=480), "shift_minutes"),
    "other place": (put("site", value="hall 3"), "site"),
    "other days": (put("time_zone", value="UTC"), "time_zone"),
    "other party": (put("parties", "employer", "name", value="holding"), "parties"),
    "other reason": (put("necessity", "en", value="because"), "necessity"),
}


@pytest.mark.parametrize("change", NARROWER.values(), ids=NARROWER)
def test_a_version_that_permits_no_more_narrows(agreement, document, change):
    assert widenings(agreement, next_version(agreement, document, change)) == []


@pytest.mark.parametrize(("change", "key"), WIDER.values(), ids=WIDER)
def test_a_version_that_permits_anything_more_widens(agreement, document, change, key):
    assert widenings(agreement, next_version(agreement, document, change)) == [key]


def test_permitting_motion_widens(document):
    old = Agreement.model_validate(document | {"motion": NO_MOTION})
    assert widenings(old, next_version(old, document, lambda changed: None)) == ["motion"]


def test_every_key_has_a_rule():
    assert list(RULES) == list(Agreement.model_fields)


@pytest.mark.parametrize(
    "change",
    [put("id", value="other"), put("version", value=3), put("supersedes", value="0" * 64)],
    ids=["other agreement", "skipped version", "other text before"],
)
def test_only_the_next_version_can_be_compared(agreement, document, change):
    with pytest.raises(BadInput, match="not the next version"):
        widenings(agreement, next_version(agreement, document, change))
