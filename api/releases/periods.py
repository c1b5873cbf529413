"""Weeks and months of a calendar. Pure."""

from calendar import monthrange
from datetime import date, timedelta
from itertools import groupby

from api.releases.wire import Unit


def whole(unit: Unit, first: date, last: date) -> tuple[date, date]:
    """Return the first day of the first unit and the last day of the last."""
    if unit is Unit.WEEK:
        return first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())
    return first.replace(day=1), last.replace(day=monthrange(last.year, last.month)[1])


def days(first: date, last: date) -> list[date]:
    """Return all days from the first to the last."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def label(unit: Unit, day: date) -> str:
    """Return what the week or month of a day is called: 2026-W46 (ISO 8601), 2026-11."""
    if unit is Unit.WEEK:
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02d}"
    return f"{day:%Y-%m}"


def units(unit: Unit, span: list[date]) -> list[tuple[str, list[date]]]:
    """Return each week or month of whole ones, and its days."""
    return [(name, list(some)) for name, some in groupby(span, lambda day: label(unit, day))]
