"""The life of an agreement as one table: which act leads where, and whose act it must be.

Either party suspends alone; resuming and widening need both; narrowing takes effect at once. Whatever
stops or limits recording is in the power of one party, whatever permits it needs both.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from consent.agreement.vocabulary import Party
from productivity.errors import BadInput

BOTH = frozenset(Party)


class State(StrEnum):
    """Where an agreement stands."""

    DRAFT = "draft"
    SIGNED_BY_ONE = "signed by one"
    SIGNED_BY_BOTH = "signed by both"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"


class Act(StrEnum):
    """What the parties do with it."""

    SIGN = "sign"
    ACTIVATE = "activate"
    SUSPEND = "suspend"
    RESUME = "resume"
    NARROW = "narrow"
    WIDEN = "widen"
    END = "end"


class Needs(StrEnum):
    """Whose act it must be."""

    EITHER = "one party"
    OTHER = "the party that has not signed"
    BOTH = "both parties"


TRANSITIONS: dict[tuple[State, Act], tuple[State, Needs]] = {
    (State.DRAFT, Act.SIGN): (State.SIGNED_BY_ONE, Needs.EITHER),
    (State.DRAFT, Act.END): (State.ENDED, Needs.EITHER),
    (State.SIGNED_BY_ONE, Act.SIGN): (State.SIGNED_BY_BOTH, Needs.OTHER),
    (State.SIGNED_BY_ONE, Act.END): (State.ENDED, Needs.EITHER),
    (State.SIGNED_BY_BOTH, Act.ACTIVATE): (State.ACTIVE, Needs.EITHER),
    (State.SIGNED_BY_BOTH, Act.END): (State.ENDED, Needs.EITHER),
    (State.ACTIVE, Act.SUSPEND): (State.SUSPENDED, Needs.EITHER),
    (State.ACTIVE, Act.NARROW): (State.ACTIVE, Needs.EITHER),
    (State.ACTIVE, Act.WIDEN): (State.ACTIVE, Needs.BOTH),
    (State.ACTIVE, Act.END): (State.ENDED, Needs.EITHER),
    # Suspending twice is no error: nobody who says stop may be told that it is too late.
    (State.SUSPENDED, Act.SUSPEND): (State.SUSPENDED, Needs.EITHER),
    (State.SUSPENDED, Act.RESUME): (State.ACTIVE, Needs.BOTH),
    (State.SUSPENDED, Act.NARROW): (State.SUSPENDED, Needs.EITHER),
    (State.SUSPENDED, Act.WIDEN): (State.SUSPENDED, Needs.BOTH),
    (State.SUSPENDED, Act.END): (State.ENDED, Needs.EITHER),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an agreement stands, and who has signed it."""

    state: State = State.DRAFT
    signed_by: frozenset[Party] = frozenset()

    @property
    def permits_recording(self) -> bool:
        """Only one state does."""
        return self.state is State.ACTIVE


def take(standing: Standing, act: Act, by: AbstractSet[Party]) -> Standing:
    """Return where the agreement stands after the act of these parties; `BadInput` if it is not theirs.

    Both may sign in one act; it counts as two.
    """
    if act is Act.SIGN and by == BOTH:
        first = take(standing, act, {Party.EMPLOYER})
        return take(first, act, {Party.COUNCIL})
    try:
        state, needs = TRANSITIONS[standing.state, act]
    except KeyError:
        legal = [known for at, known in TRANSITIONS if at is standing.state]
        raise BadInput(
            f"an agreement that is {standing.state} allows no {act}", expected=", ".join(legal) or "no act"
        ) from None
    able = {
        Needs.EITHER: bool(by),
        Needs.OTHER: bool(by) and not by & standing.signed_by,
        Needs.BOTH: by == BOTH,
    }[needs]
    if not able:
        raise BadInput(f"not enough to {act} an agreement", expected=needs, found=_parties(by))
    return Standing(state, standing.signed_by | by if act is Act.SIGN else standing.signed_by)


def _parties(by: AbstractSet[Party]) -> str:
    return " and ".join(party.value.replace("_", " ") for party in Party if party in by) or "nobody"
