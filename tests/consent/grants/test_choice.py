"""What may be chosen: no more than the agreement permits, and whole days at the site."""

from dataclasses import replace

import pytest

from consent.agreement.vocabulary import MotionPurpose
from consent.entries.times import utc_ms, utc_text
from consent.grants.choice import check_choice, end_after_days, latest_end_ms, retention_days
from productivity.errors import BadInput


def test_consent_ends_with_a_day_at_the_site(world):
    """Berlin, the clocks change on 28 March 2027: 30 days after 1 March end at 22:00 UTC."""
    assert utc_text(world.now_ms) == "2027-03-01T07:00:00.000Z"
    assert utc_text(end_after_days(world.agreement, world.now_ms, 1)) == "2027-03-02T23:00:00.000Z"
    assert utc_text(end_after_days(world.agreement, world.now_ms, 30)) == "2027-03-31T22:00:00.000Z"


def test_consent_ends_with_the_agreement(world):
    """The example is valid until 31 May; motion could be kept for 180 days."""
    assert utc_text(latest_end_ms(world.agreement, world.now_ms)) == "2027-05-31T22:00:00.000Z"


def test_consent_ends_with_the_retention(world):
    days = {"motion": world.agreement.motion.model_dump(mode="json") | {"retention_days": 2}}
    assert utc_text(latest_end_ms(world.changed(**days), world.now_ms)) == "2027-03-03T23:00:00.000Z"
    open_end = world.changed(validity={"first_day": "2027-02-15"}, **days)
    assert utc_text(latest_end_ms(open_end, world.now_ms)) == "2027-03-03T23:00:00.000Z"


def test_what_the_agreement_permits_is_permitted(world, choice):
    check_choice(world.agreement, choice, world.now_ms)
    check_choice(world.agreement, replace(choice, until_ms=utc_ms("2027-05-31T22:00:00.000Z")), world.now_ms)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"stations": ("packing bench",)}, "no motion for this station: expected 'assembly bench', found"),
        ({"stations": ()}, "choice of station: expected at least one station, each once"),
        ({"stations": ("assembly bench",) * 2}, "choice of station"),
        ({"purposes": ()}, "choice of purpose: expected at least one purpose, each once"),
        ({"purposes": (MotionPurpose.LICENSING,) * 2}, "choice of purpose"),
        ({"until_ms": utc_ms("2027-05-31T22:00:00.001Z")}, "by 2027-05-31T22:00:00.000Z, found 2027-05-31"),
        ({"until_ms": utc_ms("2027-03-01T07:00:00.000Z")}, "expected an end after now"),
    ],
)
def test_what_the_agreement_does_not_permit_is_refused(world, choice, change, message):
    with pytest.raises(BadInput, match=message):
        check_choice(world.agreement, replace(choice, **change), world.now_ms)


def test_a_purpose_that_is_not_agreed_is_refused(world, choice):
    motion = world.agreement.motion.model_dump(mode="json") | {"purposes": [MotionPurpose.PLANT_TRAINING]}
    with pytest.raises(BadInput, match=r"no motion for this purpose: expected .training of the plant's"):
        check_choice(world.changed(motion=motion), choice, world.now_ms)


@pytest.mark.parametrize("motion", [{"permitted": False}, {"retention_days": None}])
def test_without_motion_or_limit_nothing_can_be_chosen(world, motion):
    agreed = world.agreement.motion.model_dump(mode="json") if motion.get("permitted", True) else {}
    with pytest.raises(BadInput, match="agreement permits no motion"):
        retention_days(world.changed(motion=agreed | motion))
