"""Step 5 of the acquisition: a recording plan with sample sizes for each work station."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from productivity.levels import System, SystemNode
from productivity.precedence import Precedence
from productivity.records import ALL_VARIANTS, SAMPLING_MODES, RecordingMode, Sampled, Unit
from productivity.sampling import units_after_pilot
from productivity.sessions import IndependentUnit, SampleMean, sample_mean
from productivity.states import StateCategory

DEFAULT_SAMPLES = 4
"""Samples for each station before anything is known of its spread: as in the case study of the paper."""

_UNITS = {StateCategory.CYCLE_BOUND: Unit.PIECE, StateCategory.BATCH_BOUND: Unit.BATCH}


@dataclass(frozen=True, slots=True)
class PlannedStudy:
    """One time study: at a station, of a variant, by a mode, with `samples` observed pieces or batches.

    `sessions` is in how many separate observations they are to be taken; None: that does not matter, or
    nothing is known yet of how much sessions differ.
    """

    system: str
    variant: str
    mode: RecordingMode
    unit: Unit
    samples: int
    sessions: int | None = None


def stations(area: str, system: System) -> tuple[SystemNode, ...]:
    """Return where an area is recorded: its systems without parts, which usually are workplaces."""
    return tuple(node for node in system.within(area) if not system.children(node.name))


def recording_plan(
    area: str,
    system: System,
    variants: Sequence[str],
    modes: Precedence,
    samples: int = DEFAULT_SAMPLES,
) -> tuple[PlannedStudy, ...]:
    """Plan a study of each station and variant for each category that is sampled, by its first mode.

    Without variants one study holds for all. Raises ValueError for fewer than 2 samples: they would have no
    confidence interval.
    """
    if samples < 2:
        msg = f"recording_plan: expected at least 2 samples, found {samples}"
        raise ValueError(msg)
    return tuple(
        PlannedStudy(station.name, variant, mode, unit, samples)
        for station in stations(area, system)
        for variant in (variants or (ALL_VARIANTS,))
        for category, unit in _UNITS.items()
        for mode in modes.get(category, ())[:1]
        if mode in SAMPLING_MODES
    )


def refined(
    plan: Iterable[PlannedStudy], pilot: Iterable[Sampled], relative: float, confidence: float = 0.95
) -> tuple[PlannedStudy, ...]:
    """Return the plan with the sample sizes that a pilot study asks for; studies without one stay as planned.

    The half-width of each state's mean is to be at most `relative` times the station's mean time for a
    piece (or batch): a state that hardly matters there need not be known well. Sizes include the pilot
    (Stein's rule, `units_after_pilot`) and never fall below what was planned. Where the pilot names its
    sessions, whole sessions are planned. Raises ValueError unless relative > 0.
    """
    if not relative > 0:
        msg = f"refined: expected a relative half-width above 0, found {relative}"
        raise ValueError(msg)
    samples = tuple(pilot)
    return tuple(_refined(study, samples_of(study, samples), relative, confidence) for study in plan)


def samples_of(study: PlannedStudy, samples: Iterable[Sampled]) -> tuple[Sampled, ...]:
    """Return the samples that a planned study asked for, by whichever mode they were taken."""
    return tuple(
        one
        for one in samples
        if one.system == study.system
        and one.unit is study.unit
        and one.variant in (study.variant, ALL_VARIANTS)
    )


def observed(study: PlannedStudy, samples: Iterable[Sampled]) -> int:
    """Return how many pieces or batches were observed: as many as the state that was sampled most often."""
    by_state: dict[str, int] = defaultdict(int)
    for one in samples_of(study, samples):
        by_state[one.state] += len(one.durations_ns)
    return max(by_state.values(), default=0)


def _refined(
    study: PlannedStudy, samples: Sequence[Sampled], relative: float, confidence: float
) -> PlannedStudy:
    by_state: dict[str, list[Sampled]] = defaultdict(list)
    for one in samples:
        by_state[one.state].append(one)
    pilots = [_mean(group) for group in by_state.values()]
    half_width = relative * sum(pilot.estimate.value for pilot in pilots)
    sizes = []
    for pilot in pilots:
        units = units_after_pilot(pilot, half_width, confidence) if half_width > 0 else None
        if units is not None:
            by_session = pilot.unit is IndependentUnit.SESSION
            sizes.append((math.ceil(units * pilot.samples / pilot.units), units if by_session else None))
    if not sizes:
        return study
    sessions = [count for _, count in sizes if count is not None]
    return replace(
        study,
        samples=max(study.samples, *(count for count, _ in sizes)),
        sessions=max(sessions) if sessions else study.sessions,
    )


def _mean(group: Sequence[Sampled]) -> SampleMean:
    durations = [duration for one in group for duration in one.durations_ns]
    sessions = [session for one in group for session in one.sessions]
    return sample_mean(durations, sessions if len(sessions) == len(durations) else ())
