"""Whether motion may be used now: grant, agreement, purpose, retention. Pure; the present is an argument.

`require_usable` is asked twice: before a use is logged, so that nothing is logged that could not happen, and
by `consent.vault.release` whenever a segment is opened.
"""

from datetime import timedelta

from consent.agreement.calendar import day_begins_ms
from consent.agreement.lifecycle import State
from consent.agreement.schema import Agreement
from consent.agreement.vocabulary import MotionPurpose
from consent.entries.bodies import MotionSealed
from consent.grants.choice import end_after_days
from consent.site.agreements import LIVE, line_of
from consent.site.motion import permits
from consent.site.state import AgreementLine, Grant, SiteState
from consent.vault.segment import SegmentLabel
from consent.vault.store import SealedEntry
from productivity.errors import BadInput


def latest_record(state: SiteState, record: str) -> str:
    """Return the record under which motion of this record is kept now: renewals are followed."""
    # Each record is used once (`consent.grants.lifecycle`), so there is no circle.
    while record in state.renewals:
        record = state.renewals[record]
    return record


def require_usable(
    state: SiteState, label: SegmentLabel, entry: SealedEntry | None, purpose: MotionPurpose, at_ms: int
) -> Grant:
    """Return the grant that permits this use now; `BadInput` with what does not.

    `entry` is what the log says of the segment. The grant's worker is who must be paid.
    """
    if entry is None:
        raise BadInput("the log knows no such segment", expected="one that was sealed and not destroyed")
    _require_logged(label, entry.body)
    grant = state.grants.get(latest_record(state, label.record))
    if grant is None:
        raise BadInput("consent is not in force", expected="one that was not withdrawn and has not expired")
    if at_ms >= grant.until_ms:
        raise BadInput("consent has expired")
    if purpose not in grant.purposes:
        raise BadInput("worker has not consented to this purpose", expected=" or ".join(grant.purposes))
    _require_agreed(state, grant, label, purpose, at_ms)
    if at_ms >= kept_until_ms(state, grant, entry.at_ms):
        raise BadInput("motion may be kept no longer", expected="a use before its retention is over")
    return grant


def kept_until_ms(state: SiteState, grant: Grant, sealed_ms: int) -> int:
    """Return the end of the last day on which a segment may be kept that was sealed then.

    The shorter of what the worker was told and of what is agreed now.
    """
    agreed = [line_of(state, grant.agreement).agreement]
    live = live_version(state, agreed[0])
    if live is not None:
        agreed.append(live.agreement)
    return min(
        end_after_days(agreement, sealed_ms, agreement.motion.retention_days)
        for agreement in agreed
        if agreement.motion.retention_days is not None  # else no motion is permitted: nothing is opened
    )


def live_version(state: SiteState, agreement: Agreement) -> AgreementLine | None:
    """Return the version of an agreement that is live now; None if it has ended."""
    for line in state.agreements.values():
        if line.agreement.id == agreement.id and line.state in LIVE:
            return line
    return None


def is_over(agreement: Agreement, at_ms: int) -> bool:
    """Tell whether the last day of an agreement has passed."""
    last = agreement.validity.last_day
    return last is not None and at_ms >= day_begins_ms(last + timedelta(days=1), agreement.time_zone)


def _require_logged(label: SegmentLabel, body: MotionSealed) -> None:
    said = (body.segment, body.session, body.record, body.span_ms)
    if said != (label.segment, label.session, label.record, label.span_ms):
        raise BadInput(
            "label is not what the log says", expected="segment, session, record and span as logged"
        )


def _require_agreed(
    state: SiteState, grant: Grant, label: SegmentLabel, purpose: MotionPurpose, at_ms: int
) -> None:
    if label.agreement not in state.agreements:
        raise BadInput("segment was kept under an agreement that the log does not know")
    if not permits(state, grant, label.station, at_ms):
        raise BadInput(
            "motion of this station may not be used",
            expected="a station of the grant, and of an agreement that is live and permits motion there",
        )
    line = live_version(state, line_of(state, grant.agreement).agreement)
    if line is None or is_over(line.agreement, at_ms):
        raise BadInput("the agreement has ended", expected="one in force")
    if purpose not in line.agreement.motion.purposes:
        raise BadInput("the agreement does not permit this purpose")
    # Whoever suspends says stop to everybody but the worker, whose motion it is (GDPR Art. 15).
    if line.state is not State.ACTIVE and purpose is not MotionPurpose.OWN_REVIEW:
        raise BadInput("the agreement is suspended", expected="own review, or an agreement that is active")
