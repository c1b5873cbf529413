"""A station file in plain words, for those who have to agree to it."""

from collections.abc import Iterator

from capture.station import rules
from capture.station.file import State, Station
from productivity.time import SECOND


def explain(station: Station) -> str:
    """Return a text that says what is recorded at the station, by which rules, and what is not."""
    return "\n".join(_lines(station))


def _lines(station: Station) -> Iterator[str]:
    yield f"Station “{station.name}”"
    yield ""
    yield _where(station)
    yield f"The worker's pose is estimated {station.pose_rate:g} times per second."
    if station.place:
        yield f"Only somebody whose hips are in “{station.place}” counts as the worker; others are ignored."
    yield ""
    yield f"{len(station.states)} worker states are recorded:"
    for state in station.states:
        yield from _state(state)
    yield ""
    yield "Zones, in per cent of the picture's width (from the left) and height (from the top):"
    for name, polygon in station.zones.items():
        across, down = [100 * x for x, _ in polygon], [100 * y for _, y in polygon]
        where = f"{min(across):.0f} to {max(across):.0f} across, {min(down):.0f} to {max(down):.0f} down"
        yield f"  “{name}”: {where}"
    for name, tool in station.tools.items():
        yield f"Tool “{name}” rests in “{tool.holder}”; the look of that zone tells whether it is there."
    if station.cycle:
        yield f"A cycle begins with “{station.cycle.first}” and is complete after “{station.cycle.last}”."
    yield ""
    yield "Time in which nobody is there and no state above says so is “not recorded”."
    yield "Time in which somebody is there but the state cannot be told is “unknown”."
    yield "Kept are the state, its start and its duration. Pictures and poses are not kept."


def _where(station: Station) -> str:
    crop = station.crop
    if (crop.left, crop.top, crop.right, crop.bottom) == (0.0, 0.0, 1.0, 1.0):
        return "The whole picture is looked at."
    across = f"{100 * crop.left:.0f} to {100 * crop.right:.0f} % of its width"
    down = f"{100 * crop.top:.0f} to {100 * crop.bottom:.0f} % of its height"
    return f"Of the picture, {across} and {down} are looked at."


def _state(state: State) -> Iterator[str]:
    value = "value-adding" if state.value_adding else "not value-adding"
    yield f"  {state.name} ({state.category}, {value})"
    yield f"    when {rules.in_words(state.when)};"
    yield f"    hardly ever shorter than {state.shortest / SECOND:g} s."
