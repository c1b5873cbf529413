"""Worker states and their categories (Czumanski & Lödding 2012, section 2)."""

from dataclasses import dataclass
from enum import StrEnum

NOT_RECORDED = "not recorded"
"""The rest: time that the camera did not see, was not allowed to see, or saw nobody in."""

UNKNOWN = "unknown"
"""Time in which somebody was there, but the camera could not tell the state."""

NOBODY_PRESENT = "nobody present"
"""The reason of a *not recorded* interval that the camera did see, with nobody in it."""

RESERVED_STATES = frozenset({NOT_RECORDED, UNKNOWN})


class StateCategory(StrEnum):
    """How a worker state recurs; the four categories at the top of every state hierarchy."""

    CYCLE_BOUND = "cycle-bound"
    BATCH_BOUND = "batch-bound"
    PERIODICAL = "periodical"
    IRREGULAR = "irregular"


@dataclass(frozen=True, slots=True)
class WorkerState:
    """A planned or unplanned activity of a person engaged in production."""

    name: str
    category: StateCategory
    value_adding: bool
