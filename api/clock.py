"""Instants as people write them, in the site's time zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from consent.agreement.language import Language, day_text


def instant_text(at_ms: int, zone: str, language: Language) -> str:
    """Return day and minute, UTC milliseconds in: 01.03.2027, 08:00; 1 March 2027, 08:00."""
    moment = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(ZoneInfo(zone))
    return f"{day_text(moment.date(), language)}, {moment:%H:%M}"
