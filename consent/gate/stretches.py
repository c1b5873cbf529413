"""Which session of the log an instant of the recording belongs to, and what a stop takes back of it.

A recorder learns of a stop a moment after it was handed in: 50 ms while the site's directory can be read,
minutes if it is out of reach. What it recorded meanwhile is not covered by anything any more. Nobody's clock
is asked when exactly that began: what was recorded up to the latest look that still permitted it is kept,
what was recorded after that look is taken back. So the doubt counts against the recorder.
"""

from dataclasses import dataclass, field, replace

from consent.agreement.lifecycle import State
from consent.entries.vocabulary import Reason
from consent.gate.decision import device_name
from consent.notes import Verifier
from consent.site.state import SiteState
from productivity.time import Instant


@dataclass(frozen=True, slots=True)
class Terms:
    """Under what a session was begun."""

    session: str
    agreement: str
    """Hash."""
    resolution_ms: int
    """To what starts are rounded before they leave the device."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A session, as long as it lasted in the recording's own time: up to the next one."""

    terms: Terms
    since: Instant
    until: Instant | None = None
    """What was recorded from here on is taken back; None: nothing is."""
    why: Reason | None = None
    """By which stop."""


@dataclass(slots=True)
class Stretches:
    """The sessions of one station in one recording, in their order."""

    all: list[Stretch] = field(default_factory=list)
    confirmed: Instant = field(default=Instant(0))
    """Up to here a later look has found nothing that stops."""

    def begin(self, terms: Terms, at: Instant) -> None:
        """Take note that something is recorded in a session, perhaps for the first time."""
        if not self.all or self.all[-1].terms.session != terms.session:
            self.all.append(Stretch(terms, at))
            self.confirmed = at

    def at(self, instant: Instant) -> Stretch | None:
        """Return what an instant belongs to; before the first session, the first. None: there is none yet."""
        began = (stretch for stretch in reversed(self.all) if stretch.since <= instant)
        return next(began, self.all[0] if self.all else None)

    def confirm(self, reached: Instant, stop: Reason | None) -> bool:
        """Take note of a look at the site: it found `stop`, when the recording had come to `reached`.

        Returns whether something is taken back by it that was not taken back before.
        """
        if not self.all or reached <= self.confirmed or self.all[-1].until is not None:
            return False
        if stop is None:
            self.confirmed = reached
            return False
        self.all[-1] = replace(self.all[-1], until=self.confirmed, why=stop)
        return True


def stop_of_terms(state: SiteState, terms: Terms, device: Verifier) -> Reason | None:
    """Return by what act a session under these terms is stopped; None if nobody has stopped it.

    Suspended or ended agreements and revoked devices. Not here: limits that were agreed beforehand (days,
    minutes, targets), which the gate keeps to the picture.
    """
    line = state.agreements.get(terms.agreement)
    if line is None or line.state is State.ENDED:
        return Reason.NO_AGREEMENT
    if line.state is State.SUSPENDED:
        return Reason.SUSPENDED
    return Reason.DEVICE if device_name(state, device) is None else None


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """A session that an earlier run left open, and that somebody has stopped at `since_ms` of the log."""

    session: str
    since_ms: int
    why: Reason
    resolution_ms: int


def left_behind(state: SiteState, device: Verifier) -> list[LeftBehind]:
    """Return the open sessions of a device whose agreement is suspended or ended.

    Asked before a run begins sessions of its own: what is open then was left by a crash, or by a run that
    ended while the site was out of reach.
    """
    name = device_name(state, device)
    found = []
    for session in state.sessions.values():
        line = state.agreements.get(session.agreement)
        if line is None or session.device != name:
            continue
        resolution_ms = line.agreement.time_resolution_s * 1000
        why = stop_of_terms(state, Terms(session.id, line.hash, resolution_ms), device)
        if why is not None:
            found.append(LeftBehind(session.id, line.since_ms, why, resolution_ms))
    return found
