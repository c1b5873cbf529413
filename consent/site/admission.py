"""Whether an entry may stand next in the log, and what then stands at the site.

    admit(state, index, entry) -> the next state, or `BadInput`

1. Entries come in order, and the log's time never goes back.
2. An act names this log, and was not signed later than the log took it in (but for the clocks' difference).
3. Whoever signed had the authority at this point of the log; what the log says itself, nobody else may sign.
4. Agreements, grants, sessions, keys and devices change only as their tables say; no act counts twice.

Each type of entry has one function, in the file of its family. Pure: same state and entry, same answer. The
operator admits before it appends, whoever follows the log admits what it reads.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from consent.agreement.schema import Strict
from consent.entries import bodies
from consent.entries.form import Entry
from consent.entries.limits import SKEW_MS
from consent.entries.times import utc_text
from consent.site import agreements, devices, grants, keys, motion, others, recordings, set_ups
from consent.site.state import SiteState
from consent.site.step import Step
from productivity.errors import BadInput

Rule = Callable[[SiteState, Step, Any], SiteState]
"""`rule(state, step, body)`: the next state, as far as this entry changes it."""

RULES: Mapping[type[Strict], Rule] = MappingProxyType(
    {
        bodies.AgreementProposed: agreements.proposed,
        bodies.AgreementSigned: agreements.signed,
        bodies.AgreementActivated: agreements.activated,
        bodies.AgreementSuspended: agreements.suspended,
        bodies.AgreementResumed: agreements.resumed,
        bodies.AgreementEnded: agreements.ended,
        bodies.RecordingStarted: recordings.started,
        bodies.RecordingStopped: recordings.stopped,
        bodies.RecordingConfigured: recordings.configured,
        bodies.RecordingCompleted: recordings.completed,
        bodies.ConsentRequested: grants.requested,
        bodies.ConsentGiven: grants.given,
        bodies.ConsentRenewed: grants.renewed,
        bodies.ConsentRefused: grants.refused,
        bodies.ConsentWithdrawn: grants.withdrawn,
        bodies.ConsentExpired: grants.expired,
        bodies.MotionSealed: motion.sealed,
        bodies.MotionUsed: motion.used,
        bodies.MotionExported: others.own_word,
        bodies.MotionShredded: motion.shredded,
        bodies.RoyaltyAccrued: others.own_word,
        bodies.RoyaltyPaid: others.own_word,
        bodies.RoyaltyCorrected: others.own_word,
        bodies.ReleasePublished: others.released,
        bodies.AccessViewed: others.own_word,
        bodies.SetUpOpened: set_ups.opened,
        bodies.SetUpClosed: set_ups.closed,
        bodies.KeyAdded: keys.added,
        bodies.KeyRetired: keys.retired,
        bodies.DeviceEnrolled: devices.enrolled,
        bodies.DeviceRevoked: devices.revoked,
        bodies.DeviceGap: devices.gap,
    }
)
"""One rule for each type of entry."""


def admit(state: SiteState, index: int, entry: Entry) -> SiteState:
    """Return what stands at the site after the entry; `BadInput` if the entry may not stand there."""
    try:
        _check_order(state, index, entry)
        if entry.act is not None:
            _check_act(state, entry)
        if not isinstance(entry.body, bodies.KeyAdded):
            keys.require_founded(state)
        after = RULES[type(entry.body)](state, Step(index, entry.at_ms, entry.act), entry.body)
    except BadInput as error:
        raise BadInput(str(error), where=f"entry {index}") from None
    return replace(after, size=index + 1, latest_ms=entry.at_ms)


def _check_order(state: SiteState, index: int, entry: Entry) -> None:
    if index != state.size:
        raise BadInput("entry out of order", expected=f"entry {state.size}", found=str(index))
    if entry.at_ms < state.latest_ms:
        raise BadInput(
            "the log's time goes back",
            expected=f"{utc_text(state.latest_ms)} or later",
            found=utc_text(entry.at_ms),
        )


def _check_act(state: SiteState, entry: Entry) -> None:
    assert entry.act is not None  # noqa: S101  # for the type checker; the caller has looked
    if entry.act.log != state.log:
        raise BadInput("act is meant for another log", expected=repr(state.log))
    if entry.act.at_ms > entry.at_ms + SKEW_MS:
        raise BadInput(
            "act was signed later than the log took it in",
            expected=f"at most {SKEW_MS} ms later than {utc_text(entry.at_ms)}",
            found=utc_text(entry.act.at_ms),
        )
