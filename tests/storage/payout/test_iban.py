"""IBANs are checked by country, length and check digits, and errors never repeat one."""

import pytest

from productivity.errors import BadInput
from storage.payout.iban import LENGTHS, parse_iban

GERMAN = "DE68 2105 0170 0012 3456 78"
"""The example of the IBAN registry, as are the others here."""


@pytest.mark.parametrize(
    "text",
    [
        GERMAN,
        "AT61 1904 3002 3457 3201",
        "nl91abna0417164300",
        "MT84MALT011000012345MTLCAST001S",
        "NO9386011117947",
    ],
)
def test_examples_of_the_registry_are_accepted_in_any_spelling(text):
    number = parse_iban(text)
    assert number == text.replace(" ", "").upper()
    assert len(number) == LENGTHS[number[:2]]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("DE68210501700012345679", "check digits", id="a digit too high"),
        pytest.param("DE68210501700012354678", "check digits", id="two digits exchanged"),
        pytest.param("DE6821050170001234567", "length", id="a digit missing"),
        pytest.param("US68210501700012345678", "outside SEPA", id="another country"),
        pytest.param("DE68-2105-0170", "not an IBAN", id="other signs"),
        pytest.param("DE6٨210501700012345678", "not an IBAN", id="digits of another script"),
        pytest.param("", "not an IBAN", id="nothing"),
    ],
)
def test_what_is_none_is_refused_without_repeating_it(text, reason):
    with pytest.raises(BadInput, match=reason) as caught:
        parse_iban(text, "payees.csv, line 2")
    assert "payees.csv, line 2" in str(caught.value)
    assert text.replace(" ", "")[4:] not in str(caught.value) or not text


def test_every_single_wrong_digit_is_found():
    number = GERMAN.replace(" ", "")
    for place in range(4, len(number)):
        for digit in "0123456789":
            if digit != number[place]:
                with pytest.raises(BadInput):
                    parse_iban(number[:place] + digit + number[place + 1 :])
