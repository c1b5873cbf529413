"""Figures of a statement as people read them, and computations that anybody can do again by hand."""

from datetime import UTC, datetime, tzinfo
from fractions import Fraction

from consent.agreement import names
from consent.agreement.amounts import money, percent
from consent.agreement.language import Language
from consent.agreement.vocabulary import RoyaltyUnit
from consent.royalties.price import Price
from consent.royalties.statement import Line
from reports.royalties import words


def amount_text(amount: int, currency: str, language: Language) -> str:
    """Return an amount of money, with a true minus sign if it is below zero."""
    return ("−" if amount < 0 else "") + money(abs(amount), currency, language)


def seconds_text(ms: Fraction | int, language: Language) -> str:
    """Return milliseconds as seconds, exactly: 90.000 s; a part of a millisecond as a fraction."""
    value = Fraction(ms)
    if value.denominator > 1:
        exact = value / 1000
        return f"{exact.numerator}/{exact.denominator} s"
    whole, rest = divmod(value.numerator, 1000)
    point = "," if language is Language.DE else "."
    return f"{whole}{point}{rest:03} s"


def units_text(price: Price, language: Language) -> str:
    """Return what was priced: 90.000 s of motion."""
    return words.NAMES[price.unit].in_(language).format(quantity=_quantity(price, language))


def rate_text(price: Price, language: Language) -> str:
    """Return the rate: 40.00 EUR per hour of motion."""
    return f"{_rate(price, language)} {names.NAMES[price.unit].in_(language)}"


def gross_formula(price: Price, language: Language) -> str:
    """Return how the gross amount comes about."""
    quantity, rate = _quantity(price, language), _rate(price, language)
    gross = amount_text(price.gross, price.currency, language)
    hourly = price.unit in {RoyaltyUnit.MOTION_HOUR, RoyaltyUnit.DEPLOYMENT_HOUR}
    return f"{quantity}{' ÷ 3600 s' if hourly else ''} × {rate} = {gross}"


def part_formula(line: Line, language: Language) -> str:
    """Return how the worker's part comes about."""
    currency = line.priced.price.currency
    shared = line.shared
    mine, everything = seconds_text(shared.mine, language), seconds_text(shared.all, language)
    if not any(one.ms for one in line.priced.segments) and shared.mine:
        # Motion that lasts no time counts by its weights alone.
        mine, everything = str(shared.mine), str(shared.all)
    return (
        f"{amount_text(shared.workers, currency, language)} × {mine} ÷ {everything} = "
        f"{amount_text(line.part, currency, language)}"
    )


def time_text(at_ms: int, zone: tzinfo, language: Language) -> str:
    """Return an instant as people of the site write it, to the minute."""
    return _local(at_ms, zone).strftime("%d.%m.%Y, %H:%M" if language is Language.DE else "%Y-%m-%d, %H:%M")


def day_text(at_ms: int, zone: tzinfo, language: Language) -> str:
    """Return the site's day of an instant."""
    return _local(at_ms, zone).strftime("%d.%m.%Y" if language is Language.DE else "%Y-%m-%d")


def _local(at_ms: int, zone: tzinfo) -> datetime:
    return datetime.fromtimestamp(at_ms // 1000, UTC).astimezone(zone)


def _quantity(price: Price, language: Language) -> str:
    match price.unit:
        case RoyaltyUnit.MODEL:
            return str(price.quantity)
        case RoyaltyUnit.REVENUE_SHARE:
            return amount_text(price.quantity, price.currency, language)
        case _:
            return seconds_text(price.quantity, language)


def _rate(price: Price, language: Language) -> str:
    if price.unit is RoyaltyUnit.REVENUE_SHARE:
        return percent(price.rate, language)
    return amount_text(price.rate, price.currency, language)
