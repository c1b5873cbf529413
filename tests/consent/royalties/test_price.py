"""Prices are whole numbers: rate times quantity, rounded once, halves up."""

import hashlib

import pytest

from consent.agreement.form import canonical_text
from consent.agreement.schema import Agreement
from consent.agreement.vocabulary import MotionPurpose, RoyaltyUnit
from consent.royalties.price import Deduction, Price, price
from productivity.errors import BadInput
from tests.consent.royalties.worlds import CARD, HOUR

LICENSING, TRAINING = MotionPurpose.LICENSING, MotionPurpose.PLANT_TRAINING


@pytest.fixture
def agreement(tmp_path):
    from pathlib import Path

    from capture.yaml_document import parse_document

    example = Path(__file__).resolve().parents[3] / "examples" / "agreement" / "agreement.yaml"
    return parse_document(example.read_text(encoding="utf-8"), "agreement", Agreement, "works agreement")


@pytest.mark.parametrize(
    ("purpose", "unit", "quantity", "gross"),
    [
        pytest.param(LICENSING, RoyaltyUnit.MOTION_HOUR, HOUR, 4000, id="an hour at 40.00"),
        pytest.param(LICENSING, RoyaltyUnit.MOTION_HOUR, 449, 0, id="less than half a cent"),
        pytest.param(LICENSING, RoyaltyUnit.MOTION_HOUR, 450, 1, id="exactly half a cent, up"),
        pytest.param(LICENSING, RoyaltyUnit.MOTION_HOUR, 451, 1, id="more than half a cent"),
        pytest.param(TRAINING, RoyaltyUnit.MOTION_HOUR, 90 * 60_000, 1875, id="90 min at 12.50"),
        pytest.param(LICENSING, RoyaltyUnit.REVENUE_SHARE, 1_234_56, 3704, id="3 % of 1,234.56 is 37.0368"),
        pytest.param(LICENSING, RoyaltyUnit.MOTION_HOUR, 0, 0, id="nothing used"),
    ],
)
def test_rate_times_quantity(agreement, purpose, unit, quantity, gross):
    made = price(agreement, purpose, unit, quantity)
    assert (made.gross, made.net) == (gross, gross)


def test_the_version_of_the_rate_card_is_the_hash_of_the_agreement(agreement):
    made = price(agreement, LICENSING, RoyaltyUnit.MOTION_HOUR, HOUR)
    assert made.card == hashlib.sha256(canonical_text(agreement).encode()).hexdigest()


def test_deductions_have_names_and_leave_the_net(agreement):
    fees = (Deduction("bank charges", 150), Deduction("platform fee", 400))
    assert price(agreement, LICENSING, RoyaltyUnit.MOTION_HOUR, HOUR, fees).net == 3450


@pytest.mark.parametrize(
    "fees",
    [
        pytest.param((Deduction("fee", 4001),), id="more than the price"),
        pytest.param((Deduction("fee", 1), Deduction("fee", 1)), id="one name twice"),
        pytest.param((Deduction("", 1),), id="no name"),
        pytest.param((Deduction("fee", -1),), id="a deduction that adds"),
    ],
)
def test_impossible_deductions_are_refused(agreement, fees):
    with pytest.raises(BadInput, match="deduction"):
        price(agreement, LICENSING, RoyaltyUnit.MOTION_HOUR, HOUR, fees)


def test_what_has_no_rate_has_no_price(agreement):
    with pytest.raises(BadInput, match="no rate"):
        price(agreement, LICENSING, RoyaltyUnit.MODEL, 1)
    with pytest.raises(BadInput, match="no royalties"):
        price(agreement.model_copy(update={"royalties": None}), LICENSING, RoyaltyUnit.MOTION_HOUR, 1)


def test_a_price_that_does_not_follow_from_its_figures_is_refused():
    with pytest.raises(BadInput, match="does not follow"):
        Price(RoyaltyUnit.MOTION_HOUR, 4000, HOUR, "EUR", CARD, 4001)
