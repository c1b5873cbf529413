"""Recorders: the employer enrols them, employer or council revokes them."""

from dataclasses import replace
from types import MappingProxyType

from consent.agreement.vocabulary import Party
from consent.entries.bodies import DeviceEnrolled, DeviceGap, DeviceRevoked
from consent.notes import parse_verifier
from consent.site.keys import require_unused
from consent.site.minutes import close
from consent.site.state import SiteState
from consent.site.step import Step
from productivity.errors import BadInput


def enrolled(state: SiteState, step: Step, body: DeviceEnrolled) -> SiteState:
    """Let a recorder speak."""
    step.require_party(state, Party.EMPLOYER)
    if body.device in state.devices or body.device in state.revoked:
        raise BadInput("name of the device was used before", expected="a new name")
    key = parse_verifier(body.key)
    require_unused(state, key)
    return replace(state, devices=MappingProxyType({**state.devices, body.device: key}))


def revoked(state: SiteState, step: Step, body: DeviceRevoked) -> SiteState:
    """Hear a recorder no more; what it had begun ends here, as it can no longer say when it did."""
    step.require_party(state)
    require_enrolled(state, body.device)
    for session in state.sessions.values():
        if session.device == body.device:
            state = close(state, session, max(step.at_ms, session.started_ms), 0, step.at_ms)
    return replace(
        state,
        devices=MappingProxyType({name: key for name, key in state.devices.items() if name != body.device}),
        former=state.former | {state.devices[body.device]},
        revoked=state.revoked | {body.device},
    )


def gap(state: SiteState, step: Step, body: DeviceGap) -> SiteState:
    """Note that a recorder was not heard of."""
    step.require_own_word()
    if body.device not in state.revoked:
        require_enrolled(state, body.device)
    return state


def require_enrolled(state: SiteState, device: str) -> None:
    """Raise `BadInput` unless the device may speak."""
    if device not in state.devices:
        raise BadInput("device is not enrolled", expected="a device that the employer enrolled")
