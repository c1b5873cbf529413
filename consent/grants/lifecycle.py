"""The life of a grant as one table: which act leads where.

A worker is asked, and says yes or no. A yes ends when the worker takes it back, when its day has come, or
when the same worker renews it. Nothing leads back: who changes their mind is asked anew, under a new record.
Whose act it must be is the same for every state; `consent/entries/bodies.py` says it.

States are the consent statuses of the W3C Data Privacy Vocabulary (https://w3id.org/dpv).
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from consent.agreement.schema import Strict
from consent.entries.bodies import (
    ConsentExpired,
    ConsentGiven,
    ConsentRefused,
    ConsentRenewed,
    ConsentRequested,
    ConsentWithdrawn,
)
from productivity.errors import BadInput


class GrantState(StrEnum):
    """Where a consent record stands."""

    NEW = "unknown"
    """The log has not heard of the record yet."""
    REQUESTED = "requested"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    RENEWED = "renewed"
    """Replaced by a later record of the same worker."""


class GrantAct(StrEnum):
    """What happens to it."""

    REQUEST = "request"
    GIVE = "give"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    RENEW = "renew"


TRANSITIONS: Mapping[tuple[GrantState, GrantAct], GrantState] = MappingProxyType(
    {
        (GrantState.NEW, GrantAct.REQUEST): GrantState.REQUESTED,
        (GrantState.REQUESTED, GrantAct.GIVE): GrantState.GIVEN,
        (GrantState.REQUESTED, GrantAct.REFUSE): GrantState.REFUSED,
        (GrantState.GIVEN, GrantAct.WITHDRAW): GrantState.WITHDRAWN,
        (GrantState.GIVEN, GrantAct.EXPIRE): GrantState.EXPIRED,
        # A renewal moves two records: it ends the one that it names, and brings its own into force. Nobody
        # needs to be asked for what they prolong themselves.
        (GrantState.GIVEN, GrantAct.RENEW): GrantState.RENEWED,
        (GrantState.NEW, GrantAct.RENEW): GrantState.GIVEN,
    }
)

ACTS: Mapping[type[Strict], GrantAct] = MappingProxyType(
    {
        ConsentRequested: GrantAct.REQUEST,
        ConsentGiven: GrantAct.GIVE,
        ConsentRefused: GrantAct.REFUSE,
        ConsentWithdrawn: GrantAct.WITHDRAW,
        ConsentExpired: GrantAct.EXPIRE,
        ConsentRenewed: GrantAct.RENEW,
    }
)
"""Which act an entry's body is."""


def take(state: GrantState, act: GrantAct) -> GrantState:
    """Return where the record stands after the act; `BadInput` if the table does not allow it."""
    try:
        return TRANSITIONS[state, act]
    except KeyError:
        legal = [known for at, known in TRANSITIONS if at is state]
        raise BadInput(
            f"a consent that is {state} allows no {act}", expected=", ".join(legal) or "no act"
        ) from None
