"""What a plant has recorded on some days, and how many people are certain to be behind it. Pure.

1. The measure is time that cameras recorded, in whole seconds for each station, state and day; each figure is
   a sum of those. So totals add up, and tables of overlapping periods say the same of a day.
2. People are attendance counts. On one day those of several stations are added up if the plant counts each
   person once, where they worked; if it counts people at each station where they worked, it may be the same
   ones everywhere, and only the largest count is certain. On several days it may be the same ones every day,
   so only the day with the most is certain. A part never has more than the whole.
3. Whoever is not counted is not known to be several: where a state was recorded and no headcount says that
   somebody was there, nothing can be released. Days on which nobody was counted and no state was recorded
   (only *not recorded*) are left out: the pause of an empty station is nobody's time.
4. Whoever was counted where no state was recorded is behind no figure: a station without a camera lends no
   people to the one beside it, and no day to the next.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product

from api.releases.wire import Counted
from productivity.disclosure.atoms import Region
from productivity.disclosure.table import Cell
from productivity.states import NOT_RECORDED
from storage.sealed.daily import DayTotal

SECOND_NS = 1_000_000_000
StationDay = tuple[str, date]


@dataclass(frozen=True, slots=True)
class PlantDays:
    """Seconds by (station, state, day), and people by (station, day) where a state was recorded.

    Days are ISO texts.
    """

    seconds: Mapping[tuple[str, str, str], int]
    people: Mapping[tuple[str, str], int]
    counted: Counted

    def crew(self, stations: Iterable[str], days: Collection[str]) -> int:
        """Return how many different people are certain to have been at these stations on these days."""
        here = list(stations)
        each_day = ([self.people.get((one, day), 0) for one in here] for day in days)
        certain = sum if self.counted is Counted.ONCE else _largest
        return max((certain(counts) for counts in each_day), default=0)

    def cell(self, region: Region, at: tuple[str, ...]) -> Cell:
        """Return what there is of a region (stations, states, days)."""
        stations, states, days = region.members
        value = sum(self.seconds.get(key, 0) for key in product(stations, states, days))
        return Cell(at, value, self.crew(stations, days))


def _largest(counts: list[int]) -> int:
    return max(counts, default=0)


def state_member(total: DayTotal) -> str:
    """Return what a state is called as a member: its category and its name, so that both stay apart."""
    return f"{total.category or ''}/{total.state}"


def uncounted(totals: Iterable[DayTotal], people: Mapping[StationDay, int]) -> list[StationDay]:
    """Return station and day wherever a state was recorded and nobody was counted."""
    return sorted(
        {
            (total.station, total.day)
            for total in totals
            if _is_recorded(total) and not people.get((total.station, total.day))
        }
    )


def plant_days(totals: Collection[DayTotal], people: Mapping[StationDay, int], counted: Counted) -> PlantDays:
    """Put both together; requires that nothing is `uncounted`."""
    seconds: dict[tuple[str, str, str], int] = {}
    for total in totals:
        if people.get((total.station, total.day)):
            key = total.station, state_member(total), total.day.isoformat()
            seconds[key] = seconds.get(key, 0) + _seconds(total)
    recorded = {(total.station, total.day) for total in totals if _is_recorded(total)}
    counts = {(station, day.isoformat()): people.get((station, day), 0) for station, day in recorded}
    return PlantDays({key: value for key, value in seconds.items() if value}, counts, counted)


def _is_recorded(total: DayTotal) -> bool:
    return total.state != NOT_RECORDED and _seconds(total) > 0


def _seconds(total: DayTotal) -> int:
    return (total.duration_ns + SECOND_NS // 2) // SECOND_NS
