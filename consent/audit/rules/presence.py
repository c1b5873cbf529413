"""Check 9: the works council's witness was there while a station was recorded, as far as agreed.

At every instant of a session the newest co-signature was no older than the minutes that the agreement allows
the witness to be away, and the minute that counts as presence.
"""

from bisect import bisect_right

from consent.agreement.language import Text
from consent.audit.case import Case
from consent.audit.catalogue import Check
from consent.audit.facts import Session
from consent.entries.limits import SKEW_MS, STOP_WITHIN_MS, WITNESS_GRACE_MS
from consent.entries.times import utc_text

_MINUTE_MS = 60_000


def judge(case: Case, session: Session, ended_ms: int) -> None:
    """Look for the first instant of a session at which the witness had been away for too long."""
    times = case.facts.cosigned_ms
    if times is None or session.line is None:
        return
    case.book.looked(Check.WITNESS)
    allowed_ms = session.line.agreement.suspension.witness_away_minutes * _MINUTE_MS + WITNESS_GRACE_MS
    # The witness's clock may be ahead of the device's by as much as the operator lets pass.
    place = bisect_right(times, session.started_ms + WITNESS_GRACE_MS)
    newest_ms = times[place - 1] if place else None
    while newest_ms is not None and newest_ms + allowed_ms + STOP_WITHIN_MS + SKEW_MS < ended_ms:
        following = times[place] if place < len(times) else None
        if following is None or following > newest_ms + allowed_ms + STOP_WITHIN_MS + SKEW_MS:
            _find(case, allowed_ms, newest_ms)
            return
        newest_ms, place = following, place + 1
    if newest_ms is None:
        _find(case, allowed_ms, None)


def _find(case: Case, allowed_ms: int, newest_ms: int | None) -> None:
    never = Text("nie", "never")
    seen = None if newest_ms is None else utc_text(newest_ms)
    case.find(
        Check.WITNESS,
        Text("erfasst, während der Zeuge zu lange fehlte", "recorded while the witness was away too long"),
        Text(f"höchstens {allowed_ms // _MINUTE_MS} min", f"at most {allowed_ms // _MINUTE_MS} min"),
        never if seen is None else Text(f"zuletzt {seen}", f"last seen {seen}"),
    )
