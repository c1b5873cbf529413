"""Whether a text is a bank account number that SEPA can pay to.

Sources: ISO 13616 (check digits: ISO 7064 mod 97-10), the IBAN registry of SWIFT (lengths), and the European
Payments Council's list of SEPA countries (EPC409-09). Errors never repeat the number.
"""

from collections.abc import Mapping
from types import MappingProxyType

from productivity.errors import BadInput

LENGTHS: Mapping[str, int] = MappingProxyType(
    {
        "AD": 24, "AL": 28, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18,
        "EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GI": 23, "GR": 27, "HR": 21, "HU": 28, "IE": 22,
        "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MD": 24, "ME": 22, "MK": 19,
        "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "RS": 22, "SE": 24, "SI": 19, "SK": 24,
        "SM": 27, "VA": 22,
    }
)  # fmt: skip
"""Letters and digits of an IBAN, by country."""


def parse_iban(text: str, where: str = "") -> str:
    """Return the number without spaces, in capitals. Raises `BadInput`."""
    number = "".join(text.split()).upper()
    if not (number.isascii() and number.isalnum() and number[2:4].isdigit()):
        raise BadInput("not an IBAN", where=where, expected="letters and digits such as DE68 2105 …")
    length = LENGTHS.get(number[:2])
    if length is None:
        raise BadInput("IBAN of a country outside SEPA", where=where, expected="a country that SEPA pays to")
    if len(number) != length:
        raise BadInput("IBAN has a wrong length", where=where, expected=f"{length} letters and digits")
    # Letters count as 10 to 35, which is their value in base 36.
    digits = "".join(str(int(sign, 36)) for sign in number[4:] + number[:4])
    if int(digits) % 97 != 1:
        raise BadInput("IBAN has wrong check digits", where=where, expected="the number as the bank gave it")
    return number
