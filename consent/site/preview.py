"""Acts that were handed in and not yet taken into the log: whatever stops counts at once.

A council that says stop need not wait for the operator. Acts that stop something (suspend, end, revoke,
withdraw) are admitted on top of the log's state; those that may not stand are left out. Acts that permit
something count only once they stand in the log.
"""

from collections.abc import Iterable
from dataclasses import replace

from consent.agreement.schema import Strict
from consent.entries.bodies import AgreementEnded, AgreementSuspended, ConsentWithdrawn, DeviceRevoked
from consent.entries.form import Act, Entry
from consent.site.admission import admit
from consent.site.state import SiteState
from productivity.errors import BadInput

STOPS: tuple[type[Strict], ...] = (AgreementSuspended, AgreementEnded, DeviceRevoked, ConsentWithdrawn)
"""What stops something, and permits nothing."""


def preview(state: SiteState, waiting: Iterable[Act]) -> SiteState:
    """Return what will stand at the site once the waiting stops are in the log; to ask it, not to go on from.

    A stop that is dated in the future is a stop all the same.
    """
    before = state
    for act in waiting:
        if isinstance(act.body, STOPS):
            at_ms = max(state.latest_ms, act.at_ms)
            try:
                state = admit(state, state.size, Entry(at_ms, act.body, act))
            except BadInput:  # another's act, another log, or too late: the operator will say why
                continue
    return replace(state, size=before.size, latest_ms=before.latest_ms)
