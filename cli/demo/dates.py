"""The days of the demonstration, counted from today: what happened when. Pure."""

from dataclasses import dataclass
from datetime import date

from cli.demo.calendar import DAY, WEEK, monday, work_days
from cli.demo.layout import TIME_ZONE
from consent.agreement.calendar import local_day

_CAMPAIGN_DAYS = 31
"""As long as a campaign can be without a warning; it goes on for ten days after today at least."""
_VALID_DAYS = 150


@dataclass(frozen=True, slots=True)
class Dates:
    """Which day is which; `now_ms` is UTC in milliseconds, all days are the site's."""

    now_ms: int
    today: date
    first: date
    """Of the campaigns: a Monday."""

    @property
    def last(self) -> date:
        """Last day of the campaigns."""
        return self.first + (_CAMPAIGN_DAYS - 1) * DAY

    @property
    def pilot(self) -> tuple[date, date]:
        """First and last day of the pilot, three weeks earlier: older than intervals are kept."""
        return self.first - 3 * WEEK, self.first - 3 * WEEK + 3 * DAY

    @property
    def piloted(self) -> list[date]:
        """The days of the pilot."""
        first, last = self.pilot
        return work_days(first, last)

    @property
    def informed(self) -> date:
        """The day on which the workers were informed, two weeks before anything is recorded."""
        return self.pilot[0] - 2 * WEEK

    @property
    def founded(self) -> date:
        """The day on which the log began, with the agreement in it."""
        return self.informed - 3 * DAY

    @property
    def valid_until(self) -> date:
        """Last day of the agreement."""
        return self.founded + _VALID_DAYS * DAY

    @property
    def recorded(self) -> list[date]:
        """Working days of the campaigns up to today."""
        return work_days(self.first, self.today)

    @property
    def worked(self) -> list[date]:
        """All working days from the pilot to the end of the campaigns: what the calendar holds."""
        return work_days(self.pilot[0], self.last)


def dates(now_ms: int, weeks: int = 2) -> Dates:
    """Return the days of a demonstration with so many whole weeks before the present one."""
    today = local_day(now_ms, TIME_ZONE)
    return Dates(now_ms, today, monday(today) - weeks * WEEK)
