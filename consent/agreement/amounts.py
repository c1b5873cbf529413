"""Numbers of an agreement as people write them."""

from consent.agreement.language import Language

_WITHOUT_MINOR_UNIT = frozenset(
    (
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    )
)
_THREE_DIGITS = frozenset(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"))
"""ISO 4217, column "minor unit"; all other currencies have two digits."""


def money(minor_units: int, currency: str, language: Language) -> str:
    """Return an amount of money: 12.50 EUR, 12,50 EUR."""
    return f"{_shifted(minor_units, minor_digits(currency), language)} {currency}"


def minor_digits(currency: str) -> int:
    """Return how many digits the minor unit of a currency takes: 2 for EUR, none for JPY."""
    return 0 if currency in _WITHOUT_MINOR_UNIT else 3 if currency in _THREE_DIGITS else 2


def percent(hundredths: int, language: Language) -> str:
    """Return hundredths of a percent as percent: 2.50 %."""
    return f"{_shifted(hundredths, 2, language)} %"


def hours(minutes: int) -> str:
    """Return minutes as hours and minutes: 1 h 30 min."""
    whole, rest = divmod(minutes, 60)
    return " ".join([f"{whole} h"] * bool(whole) + [f"{rest} min"] * bool(rest or not whole))


def _shifted(number: int, digits: int, language: Language) -> str:
    if not digits:
        return str(number)
    point = "," if language is Language.DE else "."
    whole, rest = divmod(number, 10**digits)
    return f"{whole}{point}{rest:0{digits}}"
