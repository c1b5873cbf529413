"""Keys come and go: whose key may bring in or retire whose.

The founding keys of employer, works council and witness are the first entries; the log says them itself, and
whoever verifies the log holds them against the keys that the parties handed out. Later keys:

| role | brought in by | retired by |
|---|---|---|
| employer, works council | a present key of the role and the new key | a present key of the role |
| witness | the works council | the works council |
| plant log, licensee | the employer | the key itself or the employer |

A key that replaces another retires it in the same entry. A retired key never comes back. Employer and council
always have a key, and so has the log.
"""

from collections.abc import Iterable
from dataclasses import replace
from types import MappingProxyType

from consent.entries.bodies import KeyAdded, KeyRetired
from consent.keys import Role
from consent.notes import KeyType, Verifier, parse_verifier
from consent.site.state import SiteState
from consent.site.step import Step
from productivity.errors import BadInput

FOUNDING = (Role.EMPLOYER, Role.WORKS_COUNCIL, Role.WITNESS)

AUTHORITY = {
    Role.EMPLOYER: Role.EMPLOYER,
    Role.WORKS_COUNCIL: Role.WORKS_COUNCIL,
    Role.WITNESS: Role.WORKS_COUNCIL,
    Role.PLANT_LOG: Role.EMPLOYER,
    Role.LICENSEE: Role.EMPLOYER,
}
"""Whose act brings in and retires keys of a role."""


def require_founded(state: SiteState) -> None:
    """Raise `BadInput` until the founding keys stand in the log."""
    missing = [role for role in FOUNDING if role not in state.keys and state.size < len(FOUNDING)]
    if missing:
        raise BadInput("founding keys come first", expected=f"a key of the role {missing[0]}")


def require_unused(state: SiteState, key: Verifier) -> None:
    """Raise `BadInput` if the key, under whatever name, speaks or spoke for somebody."""
    held = {one.public for keys in state.keys.values() for one in keys}
    held |= {one.public for one in (*state.former, *state.devices.values())}
    if key.public in held:
        raise BadInput("key is known already", expected="a key of its own for each role and device")


def added(state: SiteState, step: Step, body: KeyAdded) -> SiteState:
    """Let a key speak for a role."""
    key = parse_verifier(body.key)
    require_unused(state, key)
    if state.size < len(FOUNDING):
        return _founded(state, step, body, key)
    _require_authority(state, step, body, key)
    if body.role is Role.PLANT_LOG and key.name != state.log:
        raise BadInput("key has another name than the log", expected=repr(state.log))
    after = _with_keys(state, body.role, (*state.keys.get(body.role, ()), key))
    return after if body.replaces is None else _without(after, body.role, parse_verifier(body.replaces))


def retired(state: SiteState, step: Step, body: KeyRetired) -> SiteState:
    """Let a key speak for nobody any more."""
    key = parse_verifier(body.key)
    if body.role is Role.DEVICE:
        raise BadInput("a device's key is not retired", expected="device.revoked")
    able = state.keys.get(AUTHORITY[body.role], ())
    if key.type is KeyType.ED25519:
        able = (*able, key)
    step.require_key(able, f"the key itself or the {AUTHORITY[body.role]}")
    return _without(state, body.role, key)


def _founded(state: SiteState, step: Step, body: KeyAdded, key: Verifier) -> SiteState:
    step.require_own_word()
    if body.role not in FOUNDING or body.role in state.keys or body.replaces is not None:
        expected = ", ".join(role for role in FOUNDING if role not in state.keys)
        raise BadInput("not a founding key", expected=expected, found=body.role)
    return _with_keys(state, body.role, (key,))


def _require_authority(state: SiteState, step: Step, body: KeyAdded, key: Verifier) -> None:
    authority = AUTHORITY[body.role]
    able = state.keys[authority]
    if authority is body.role:
        # The new key signs too: nobody is brought in who does not hold it.
        step.require_key([key], "the new key")
        if body.replaces is not None:
            able = tuple(one for one in able if str(one) == body.replaces)
    step.require_key(able, f"the {authority}")


def _without(state: SiteState, role: Role, key: Verifier) -> SiteState:
    speaking = state.keys.get(role, ())
    # The key that the log began with was never brought in; whoever verifies the log brings it along.
    first = role is Role.PLANT_LOG and key.name == state.log and key not in state.former
    if key not in speaking and not first:
        raise BadInput("key does not speak for this role", expected=f"a key of the role {role}")
    rest = tuple(one for one in speaking if one != key)
    if not rest and role in (Role.EMPLOYER, Role.WORKS_COUNCIL, Role.PLANT_LOG):
        raise BadInput("last key of its role", expected="a new key first")
    return replace(_with_keys(state, role, rest), former=state.former | {key})


def _with_keys(state: SiteState, role: Role, keys: Iterable[Verifier]) -> SiteState:
    return replace(state, keys=MappingProxyType({**state.keys, role: tuple(keys)}))
