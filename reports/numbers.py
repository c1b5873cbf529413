"""Numbers as a reader of one language expects them."""

from productivity.statistics import MeanInterval
from productivity.time import SECOND
from reports.words import Words

_NARROW_SPACE = "\u202f"


def decimal(number: float, digits: int, words: Words) -> str:
    """Return a number with so many decimals."""
    return f"{number:.{digits}f}".replace(".", words.decimal_point)


def percent(fraction: float, words: Words) -> str:
    """Return a fraction as per cent with one decimal."""
    return decimal(100 * fraction, 1, words) + _NARROW_SPACE + "%"


def time(nanoseconds: int, words: Words) -> str:
    """Return seconds below two minutes, minutes below two hours, hours from there on.

    Tenths of a second are rounded before they are carried: 119.96 s is 2:00.0 min.
    """
    tenths = round(nanoseconds / (SECOND // 10))
    if tenths < 1200:
        return decimal(tenths / 10, 1, words) + _NARROW_SPACE + "s"
    if tenths < 72000:
        minutes, rest = divmod(tenths, 600)
        return f"{minutes}:{rest // 10:02d}{words.decimal_point}{rest % 10}{_NARROW_SPACE}min"
    whole = round(nanoseconds / SECOND)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}{_NARROW_SPACE}h"


def hours(nanoseconds: int, words: Words, digits: int = 1) -> str:
    """Return hours, in which a study adds up weeks and months."""
    return decimal(nanoseconds / (3600 * SECOND), digits, words) + _NARROW_SPACE + "h"


def minutes(nanoseconds: float, words: Words) -> str:
    """Return minutes with one decimal."""
    return decimal(nanoseconds / (60 * SECOND), 1, words) + _NARROW_SPACE + "min"


def seconds(nanoseconds: float, words: Words) -> str:
    """Return seconds with two decimals."""
    return decimal(nanoseconds / SECOND, 2, words) + _NARROW_SPACE + "s"


def mean(interval: MeanInterval, words: Words) -> str:
    """Return a mean in seconds, with its half-width where there is one."""
    half = "" if interval.half_width is None else f" ± {decimal(interval.half_width, 2, words)}"
    return decimal(interval.mean, 2, words) + half + _NARROW_SPACE + "s"
