"""When the workers are informed."""

from consent.agreement import sources
from consent.agreement.language import Text
from consent.agreement.rules.rule import Rule, Severity, when
from consent.agreement.schema import Agreement

SHORT_NOTICE_DAYS = 14
"""Chosen so that a usual study passes in silence; it only warns."""


def _notice_days(agreement: Agreement) -> int | None:
    """Return the days between the notice and the first recording."""
    if agreement.notice_on is None:
        return None
    return (min(campaign.first_day for campaign in agreement.campaigns) - agreement.notice_on).days


def _late(agreement: Agreement) -> str | None:
    days = _notice_days(agreement)
    return f"notice_on = {agreement.notice_on}" if days is not None and days < 1 else None


def _short(agreement: Agreement) -> str | None:
    days = _notice_days(agreement)
    return (
        f"notice_on = {agreement.notice_on}" if days is not None and 1 <= days < SHORT_NOTICE_DAYS else None
    )


NO_NOTICE = Rule(
    "no notice",
    Severity.REFUSAL,
    sources.NOTICE,
    Text(
        de="Es fehlt der Tag, an dem die Beschäftigten unterrichtet werden.",
        en="The day on which the workers are informed is missing.",
    ),
    when(lambda agreement: "notice_on" if agreement.notice_on is None else None),
)

LATE_NOTICE = Rule(
    "late notice",
    Severity.REFUSAL,
    sources.NOTICE,
    Text(
        de="Die Beschäftigten müssen vor der ersten Erfassung unterrichtet sein.",
        en="The workers must be informed before the first recording.",
    ),
    when(_late),
)

SHORT_NOTICE = Rule(
    "short notice",
    Severity.WARNING,
    sources.NOTICE,
    Text(
        de="Weniger als 14 Tage zwischen Unterrichtung und Erfassung lassen wenig Zeit für Fragen.",
        en="Fewer than 14 days between notice and first recording leave little time for questions.",
    ),
    when(_short),
)
