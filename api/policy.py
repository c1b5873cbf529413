"""Who may do what: one table, deny by default. A route without an action of this table cannot be served.

The table is the outer fence. What a works agreement says about views of a station is the inner one
(`api.looking`): a role needs both.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """For whom an account is. Devices have keys instead of accounts."""

    ENGINEER = "engineer"
    COUNCIL = "works council"
    WORKER = "worker"
    """A terminal at a station, which asks nobody's name."""
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"
    LICENSEE = "licensee"
    """Buys the use of motion; sees totals, its own uses and nothing of the plant."""


class Action(StrEnum):
    """What an account may be permitted to do."""

    HOME = "see the start page"
    ACCOUNT = "manage one's own sign-in"
    AGREEMENT = "read the works agreement and what is recorded"
    LIGHTS = "see which stations are recorded"
    STATES = "see the present state of stations"
    TIMELINES = "see timelines of stations"
    CORRECT = "correct intervals"
    STUDY = "work on studies"
    RELEASE = "release tables"
    RELEASED = "read released tables"
    SET_UP = "set stations up"
    ACQUIRE = "import data of shop floor, output and paid time"
    SELF_RECORD = "record one's own states"
    GRANT = "give and take back consent to motion"
    USES = "see uses of motion"
    USE_MOTION = "ask for a use of motion and fetch it"
    APPROVE_USE = "decide about uses of motion"
    LOG = "read the log, every access and deletion"
    SUSPEND = "suspend recording"
    ADMINISTER = "manage plant, devices, accounts and calendar"


_E, _C, _W, _M, _A, _L = Role

POLICY: Mapping[Action, frozenset[Role]] = MappingProxyType(
    {
        Action.HOME: frozenset({_E, _C, _W, _M, _A, _L}),
        Action.ACCOUNT: frozenset({_E, _C, _W, _M, _A, _L}),
        Action.AGREEMENT: frozenset({_E, _C, _W, _M, _A}),
        Action.LIGHTS: frozenset({_E, _C, _W, _M, _A}),
        Action.STATES: frozenset({_E}),
        Action.TIMELINES: frozenset({_E, _W}),  # a worker's terminal: its own station
        Action.CORRECT: frozenset({_E}),
        Action.STUDY: frozenset({_E}),
        Action.RELEASE: frozenset({_E}),
        Action.RELEASED: frozenset({_E, _C, _W, _M}),
        Action.SET_UP: frozenset({_E}),
        Action.ACQUIRE: frozenset({_E}),
        Action.SELF_RECORD: frozenset({_W}),
        Action.GRANT: frozenset({_W}),
        Action.USES: frozenset({_E, _C, _M, _L}),
        Action.USE_MOTION: frozenset({_E, _L}),
        Action.APPROVE_USE: frozenset({_M}),
        Action.LOG: frozenset({_C}),
        Action.SUSPEND: frozenset({_C}),
        Action.ADMINISTER: frozenset({_A}),
    }
)
"""Whoever is not named is refused. No role sees people; the council sees all processing and no timelines."""

TWO_FACTORS = frozenset({Role.COUNCIL, Role.ADMINISTRATOR})
"""Roles that do nothing but set up a second factor until they have signed in with one."""


def may(role: Role, action: Action) -> bool:
    """Tell whether a role is permitted an action."""
    return role in POLICY.get(action, frozenset())
