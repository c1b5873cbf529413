"""Which models a withdrawal concerns; none is passed over, and none is named without reason."""

import hashlib

import hypothesis.strategies as st
import pytest
from hypothesis import given

from consent.vault.trained import Standing, TrainedModel, affected, require_known_uses
from productivity.errors import BadInput


def digits(word, count=32):
    return hashlib.sha256(str(word).encode()).hexdigest()[:count]


def model(word, *uses, at_ms=100):
    return TrainedModel(f"model {word}", digits(word, 64), tuple(map(digits, uses)), at_ms)


SEGMENTS = {digits("first"): ("a", "b"), digits("second"): ("c",), digits("third"): ("c", "d")}
RECORDS = {"a": "r1", "b": "r2", "c": "r2", "d": "r3"}


def concerned(*models, **withdrawn):
    return affected(models, segments_of=SEGMENTS, record_of=RECORDS, withdrawn=withdrawn)


def test_a_hand_worked_example():
    """The first use holds motion under two records; one of them is withdrawn once the model is there."""
    one, two, three = model(1, "first"), model(2, "second"), model(3, "first", "third")
    found = concerned(one, two, three, r1=200)
    assert [(each.model, each.records, each.standing) for each in found] == [
        (one, ("r1",), Standing.TRAINED_BEFORE),
        (three, ("r1",), Standing.TRAINED_BEFORE),
    ]
    assert found[1].uses == (digits("first"),)


@pytest.mark.parametrize(
    ("registered_ms", "standing"),
    [(199, Standing.TRAINED_BEFORE), (200, Standing.REGISTERED_AFTER), (201, Standing.REGISTERED_AFTER)],
    ids=["before", "in the same millisecond: in doubt after", "after"],
)
def test_a_model_registered_after_the_withdrawal_is_not_called_trained_before(registered_ms, standing):
    (found,) = concerned(model(1, "second", at_ms=registered_ms), r2=200)
    assert found.standing is standing


def test_of_several_withdrawals_the_earliest_counts():
    (found,) = concerned(model(1, "third", at_ms=100), r2=50, r3=300)
    assert found.records == ("r2", "r3")
    assert found.standing is Standing.REGISTERED_AFTER


def test_nothing_withdrawn_concerns_nobody():
    assert concerned(model(1, "first")) == []
    assert concerned(model(1, "first"), r3=1) == []


def test_an_unknown_use_or_segment_is_refused_rather_than_passed_over():
    with pytest.raises(BadInput, match="unknown use"):
        concerned(model(1, "nowhere"), r1=1)
    with pytest.raises(BadInput, match="unknown segment"):
        affected([model(1, "first")], segments_of=SEGMENTS, record_of={"a": "r1"}, withdrawn={})
    with pytest.raises(BadInput, match="unknown use"):
        require_known_uses(model(1, "first"), set())


@pytest.mark.parametrize(
    "keys",
    [
        {"name": ""},
        {"name": "a\nb"},
        {"name": "a\u202eb"},
        {"name": "x" * 81},
        {"sha256": "0" * 63},
        {"sha256": "A" * 64},
        {"uses": ()},
        {"uses": (digits(1), digits(1))},
        {"uses": ("../use",)},
        {"uses": tuple(map(digits, range(1025)))},
        {"registered_ms": -1},
    ],
)
def test_what_names_no_model_is_refused(keys):
    values = {"name": "a", "sha256": digits(1, 64), "uses": (digits(1),), "registered_ms": 0}
    with pytest.raises(BadInput):
        TrainedModel(**(values | keys))


letters = st.sampled_from("abcdef")


@given(
    st.lists(st.sets(letters, min_size=1), min_size=1, max_size=6),
    st.dictionaries(letters, st.sampled_from("ABC"), min_size=6, max_size=6),
    st.dictionaries(st.sampled_from("ABC"), st.integers(0, 10)),
    st.lists(st.tuples(st.sets(st.integers(0, 5), min_size=1), st.integers(0, 10)), max_size=5),
)
def test_a_model_is_named_exactly_if_a_segment_of_it_is_withdrawn(uses, records, withdrawn, trained):
    segments_of = {digits(number): segments for number, segments in enumerate(uses)}
    models = [
        model(
            index,
            *sorted(number % len(uses) for number in {number % len(uses) for number in numbers}),
            at_ms=at,
        )
        for index, (numbers, at) in enumerate(trained)
    ]
    found = affected(models, segments_of=segments_of, record_of=records, withdrawn=withdrawn)
    named = {each.model: each for each in found}
    for each in models:
        mine = {records[segment] for use in each.uses for segment in segments_of[use]} & withdrawn.keys()
        assert (each in named) == bool(mine)
        if mine:
            assert set(named[each].records) == mine
            before = all(each.registered_ms < withdrawn[record] for record in mine)
            assert (named[each].standing is Standing.TRAINED_BEFORE) == before
