"""The signed form: one text and one hash for each agreement."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from capture.yaml_document import parse_document
from consent.agreement.form import agreement_hash, canonical_text, parse_agreement
from consent.agreement.schema import Agreement
from productivity.errors import BadInput

FIXED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)


def shuffled(value, random):
    """Return the value with the keys of each object in another order."""
    if isinstance(value, dict):
        keys = list(value)
        random.shuffle(keys)
        return {key: shuffled(value[key], random) for key in keys}
    if isinstance(value, list):
        return [shuffled(item, random) for item in value]
    return value


def test_the_form_is_read_back(agreement):
    text = canonical_text(agreement)
    assert text.endswith("}\n")
    assert parse_agreement(text, "sample") == agreement


def test_what_is_left_out_is_written_out(document, agreement):
    """A default belongs to what is agreed, so that a later program cannot change it."""
    for key in ("supersedes",):
        del document[key]
    assert canonical_text(Agreement.model_validate(document)) == canonical_text(agreement)
    assert '"supersedes":null' in canonical_text(agreement)


@FIXED
@given(st.randoms())
def test_the_order_of_keys_does_not_change_the_hash(document, agreement, random):
    text = json.dumps(shuffled(document, random))
    other = parse_document(text, "sample", Agreement, "works agreement")  # JSON is YAML
    assert agreement_hash(other) == agreement_hash(agreement)


@FIXED
@given(
    st.text(min_size=1, max_size=60),
    st.integers(1, 10**6),
    st.dates(),
    st.lists(st.sampled_from(["screwing", "Prüfen", "包装", "a \u00a0b"]), min_size=1, unique=True),
)
def test_any_agreement_makes_the_round_trip(document, site, group, notice, states):
    changed = document | {
        "site": site,
        "minimum_group": group,
        "notice_on": str(notice),
        "states": states,
    }
    try:
        agreement = Agreement.model_validate(changed)
    except ValueError:
        assert not " ".join(site.split()).isprintable() or not site.strip() or len(site) > 60
        return
    assert parse_agreement(canonical_text(agreement), "sample") == agreement


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ('"minimum_group":7', '"minimum_group": 7', "canonical form"),
        ('"minimum_group":7', '"minimum_group":7.0', "canonical form"),
        ('"minimum_group":7,', "", "canonical form"),
        ('"minimum_group":7', '"minimum_group":0', "minimum_group"),
        ("hall 2", "hall  2", "canonical form"),
        ("}\n", "}", "cut off"),
        ("}\n", "}\n\n", "canonical form"),
        ('"version":1', '"version":2', "supersedes"),
    ],
)
def test_any_other_spelling_is_refused(agreement, right, wrong, message):
    text = canonical_text(agreement)
    at = text.rindex(right)
    with pytest.raises(BadInput, match=message):
        parse_agreement(text[:at] + wrong + text[at + len(right) :], "sample")
