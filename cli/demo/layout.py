"""The demonstration plant as data: its cells, stations, what is done there, and what goes wrong there.

The times are invented, in the order of magnitude of manual assembly: a piece takes half a minute to two
minutes. Only `assembly_bench` is what a camera sees: the rendered sample of `sample_videos/`, and its times
are those of the sample.
"""

from dataclasses import dataclass, replace

from productivity.states import StateCategory

SITE = "demonstration plant"
TIME_ZONE = "Europe/Berlin"
AREA = "assembly hall"
SAMPLE = "assembly_bench"
"""The station that the rendered sample shows."""

_CYCLE, _BATCH, _PERIODICAL, _IRREGULAR = StateCategory


@dataclass(frozen=True, slots=True)
class Doing:
    """Something that is done, or happens: its state, and how long it takes (log-normal).

    `spread` is the standard deviation over the mean.
    """

    state: str
    category: StateCategory
    mean_s: float
    spread: float = 0.2


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happens now and then, `per_hour` of work on average (exponential gaps)."""

    doing: Doing
    per_hour: float


@dataclass(frozen=True, slots=True)
class StationPlan:
    """A station. A cycle is `steps` in their order; after `batch` cycles comes what a new batch needs.

    `crew`: people per shift. `learning`: how much slower the first cycle is than the last; `drift`: how much
    sessions differ from each other (standard deviation). `hidden`: share of steps in which the camera could
    not tell the state for a while. `cleans`: whether the station is cleaned at the end of each shift.
    """

    name: str
    cell: str
    device: str
    campaign: str
    crew: int
    steps: tuple[Doing, ...]
    batch: int
    between: tuple[Doing, ...]
    happenings: tuple[Happening, ...]
    learning: float = 0.0
    drift: float = 0.03
    hidden: float = 0.02
    cleans: bool = True

    @property
    def cycle(self) -> tuple[str, str]:
        """First and last state of a cycle."""
        return self.steps[0].state, self.steps[-1].state

    @property
    def states(self) -> dict[str, StateCategory]:
        """Every state that the camera tells here, and its category."""
        doings = [*self.steps, *self.between, *(one.doing for one in self.happenings)]
        doings += [CLEANING] if self.cleans else []
        return {one.state: one.category for one in doings}


@dataclass(frozen=True, slots=True)
class CampaignPlan:
    """A campaign: how many minutes a day, and when it has seen enough."""

    name: str
    minutes_per_day: int
    accuracy_percent: int | None = None
    cycles: int | None = None
    device: str | None = None
    """Of its own; None: the station's."""


CLEANING = Doing("cleaning", _PERIODICAL, 480, 0.15)
"""At the end of each shift."""
MEETING = "group meeting"
"""On Mondays; away from the station, so the workers note it themselves."""
PLANNED_BREAK = "planned break"

VALUE_ADDING = frozenset({"manual assembly", "screwing", "labeling", "packaging"})
"""As in the method's paper."""


def _cycle(state: str, mean_s: float, spread: float = 0.2) -> Doing:
    return Doing(state, _CYCLE, mean_s, spread)


def _parts(*seconds: float) -> tuple[Doing, ...]:
    """Return parts that are fetched and put on one after the other: handling and assembly in turn."""
    names = ("part handling", "manual assembly")
    return tuple(_cycle(names[place % 2], mean_s) for place, mean_s in enumerate(seconds))


def _irregular(state: str, mean_s: float, per_hour: float, spread: float = 0.7) -> Happening:
    return Happening(Doing(state, _IRREGULAR, mean_s, spread), per_hour)


_SET_UP = Doing("set-up", _BATCH, 240, 0.25)
_TRANSPORT = Doing("transport", _BATCH, 55, 0.3)
_PAPERWORK = Doing("paperwork", _BATCH, 35, 0.3)
_FEEDING = Happening(Doing("cell feeding", _PERIODICAL, 70, 0.25), 1.3)

_USUAL = (
    _FEEDING,
    _irregular("waiting for machine", 25, 3.0),
    _irregular("missing material", 90, 0.7),
    _irregular("rework", 60, 0.8),
)

GEAR_BENCH = StationPlan(
    name="gear bench",
    cell="pre-assembly",
    device="edge-pre-assembly",
    campaign="pre-assembly",
    crew=2,
    steps=(
        *_parts(4, 9, 3, 11, 3, 10),
        _cycle("screwing", 14),
        _cycle("final inspection", 7),
    ),
    batch=24,
    between=(_SET_UP, _TRANSPORT),
    happenings=_USUAL,
    learning=0.25,
)

STATIONS: tuple[StationPlan, ...] = (
    GEAR_BENCH,
    replace(
        GEAR_BENCH,
        name="shaft press",
        crew=1,
        steps=(
            _cycle("part handling", 7),
            _cycle("waiting within the cycle", 12, 0.05),
            _cycle("manual assembly", 16),
            _cycle("final inspection", 5),
        ),
        batch=40,
        happenings=(*_USUAL, _irregular("breakdown", 420, 0.45, 0.8)),
        learning=0.0,
    ),
    replace(
        GEAR_BENCH,
        name="motor bench",
        steps=(
            *_parts(4, 12, 4, 14, 3, 11),
            _cycle("screwing", 11),
            *_parts(3, 7),
            _cycle("screwing", 11),
            _cycle("labeling", 5),
        ),
        batch=16,
        between=(_SET_UP, _TRANSPORT, _PAPERWORK),
        learning=0.4,
        drift=0.05,
    ),
    replace(
        GEAR_BENCH,
        name=SAMPLE,
        cell="final assembly",
        device="edge-sample",
        campaign="sample bench",
        crew=1,
        steps=(
            _cycle("part handling", 3.4),
            _cycle("manual assembly", 7.4),
            _cycle("screwing", 5.6),
            _cycle("final inspection", 3.2),
            _cycle("labeling", 2.6),
            _cycle("packaging", 3.5),
        ),
        batch=4,
        between=(Doing("material transport", _BATCH, 12, 0.2),),
        happenings=(_irregular("waiting for machine", 12, 4.0, 0.4),),
        learning=0.0,
        cleans=False,
    ),
    replace(
        GEAR_BENCH,
        name="final bench 1",
        cell="final assembly",
        device="edge-final-assembly",
        campaign="final assembly",
        steps=(
            *_parts(4, 12, 4, 13),
            _cycle("screwing", 13),
            *_parts(3, 12),
            _cycle("screwing", 13),
            _cycle("final inspection", 9),
            _cycle("labeling", 6),
        ),
        batch=12,
        between=(_TRANSPORT, _PAPERWORK),
        learning=0.15,
    ),
    replace(
        GEAR_BENCH,
        name="final bench 2",
        cell="final assembly",
        device="edge-final-assembly",
        campaign="final assembly",
        steps=(
            *_parts(5, 13, 5, 14),
            _cycle("screwing", 12),
            *_parts(4, 13),
            _cycle("screwing", 13),
            _cycle("final inspection", 10),
            _cycle("labeling", 6),
        ),
        batch=12,
        between=(_TRANSPORT, _PAPERWORK),
        happenings=(*_USUAL, _irregular("missing material", 140, 0.8)),
        drift=0.05,
    ),
    replace(
        GEAR_BENCH,
        name="test bench",
        cell="final assembly",
        device="edge-final-assembly",
        campaign="final assembly",
        crew=1,
        steps=(
            _cycle("part handling", 8),
            _cycle("final inspection", 34, 0.1),
            _cycle("labeling", 5),
        ),
        batch=12,
        between=(_PAPERWORK,),
        happenings=(_irregular("waiting for machine", 40, 5.0), _irregular("rework", 150, 2.2)),
        learning=0.0,
        drift=0.015,
    ),
    replace(
        GEAR_BENCH,
        name="labelling bench",
        cell="packing",
        device="edge-packing",
        campaign="labelling",
        crew=1,
        steps=(_cycle("part handling", 6), _cycle("labeling", 11), _cycle("packaging", 13)),
        batch=48,
        between=(_TRANSPORT,),
        happenings=(_FEEDING, _irregular("waiting for machine", 30, 2.0)),
        learning=0.0,
        drift=0.02,
    ),
    replace(
        GEAR_BENCH,
        name="packing bench 1",
        cell="packing",
        device="edge-packing",
        campaign="packing",
        steps=(_cycle("part handling", 8), _cycle("packaging", 29), _cycle("labeling", 7)),
        batch=30,
        between=(_TRANSPORT, _PAPERWORK),
        happenings=(_FEEDING, _irregular("missing material", 80, 1.4)),
        learning=0.1,
    ),
    replace(
        GEAR_BENCH,
        name="packing bench 2",
        cell="packing",
        device="edge-packing",
        campaign="packing",
        steps=(_cycle("part handling", 8), _cycle("packaging", 33), _cycle("labeling", 7)),
        batch=30,
        between=(_TRANSPORT, _PAPERWORK),
        happenings=(_FEEDING, _irregular("missing material", 80, 1.0), _irregular("rework", 70, 0.6)),
        learning=0.2,
    ),
)

CAMPAIGNS: tuple[CampaignPlan, ...] = (
    CampaignPlan("pre-assembly", 120, accuracy_percent=2),
    CampaignPlan("final assembly", 120, accuracy_percent=2),
    CampaignPlan("packing", 90, accuracy_percent=1),
    CampaignPlan("labelling", 90, cycles=1000),
    CampaignPlan("sample bench", 220, cycles=50_000),
)
PILOT = CampaignPlan("pilot", 120, cycles=240, device="edge-pilot")
"""Ran before the others, at the first station; it has seen enough, and its recorder is gone."""
PILOT_STATION = GEAR_BENCH.name

PLACES: tuple[tuple[str, str | None], ...] = (
    (AREA, None),
    *((cell, AREA) for cell in dict.fromkeys(plan.cell for plan in STATIONS)),
)
"""Area and cells, each with what it is part of."""
