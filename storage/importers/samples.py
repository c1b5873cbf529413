"""Samples for the method from observed cycles: how long each state lasted in each piece."""

from collections import defaultdict

from productivity.comparison import Observation
from productivity.records import Sampled, Unit
from productivity.states import RESERVED_STATES
from storage.importers.mapping import FileMapping
from storage.importers.report import Tally


def samples_of(
    observation: Observation, mapping: FileMapping, session: str, tally: Tally
) -> tuple[Sampled, ...]:
    """Return a sample per state, one duration for each cycle; 0 where the state did not occur in it.

    An interval belongs to the cycle that holds its start. *Unknown* and *not recorded* are no states. Time
    outside of any cycle gives no sample, and a note says how much it was.
    """
    times: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    outside = 0
    ahead = list(reversed(observation.cycles))
    for interval in observation.intervals:
        while ahead and ahead[-1].end <= interval.start:
            ahead.pop()
        if interval.state in RESERVED_STATES:
            continue
        if ahead and ahead[-1].start <= interval.start:
            times[interval.state][ahead[-1].number] += interval.duration
        else:
            outside += interval.duration
    if outside:
        text = "time in states outside of any complete cycle gives no sample"
        tally.note("outside-cycles", text, tally.source, outside_ns=outside)
    numbers = [cycle.number for cycle in observation.cycles]
    return tuple(
        Sampled(
            system=mapping.systems.get(observation.station, observation.station) or session,
            state=state,
            mode=mapping.recording_mode,
            durations_ns=tuple(by_cycle.get(number, 0) for number in numbers),
            sessions=(session,) * len(numbers),
            variant=mapping.variant,
            unit=Unit.PIECE,
            source=tally.source,
        )
        for state, by_cycle in times.items()
    )
