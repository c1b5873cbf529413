"""What must be destroyed by now, and why. A pure function of what stands at the site and of the time.

Keys: a record whose consent has ended, one way or another; a renewed record lives on with the one that
renewed it. Segments: what may be kept no longer while its grant lives on. A record that the log has not heard
of is left alone: nothing can be opened with its key, and an incomplete log must not destroy anything.

An agreement that only stops permitting motion destroys nothing: either party can narrow it alone, and what
was destroyed does not come back. Nothing is opened meanwhile (`consent.vault.standing`).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from consent.entries.vocabulary import ShreddedBecause
from consent.grants.lifecycle import GrantState
from consent.site.agreements import line_of
from consent.site.state import Grant, SiteState
from consent.vault.standing import is_over, kept_until_ms, latest_record, live_version
from consent.vault.store import SealedEntry


@dataclass(frozen=True, slots=True)
class DueKey:
    """A record whose key must be shredded now."""

    record: str
    because: ShreddedBecause


_ENDED = {
    GrantState.WITHDRAWN: ShreddedBecause.WITHDRAWN,
    GrantState.EXPIRED: ShreddedBecause.EXPIRED,
}


def due_keys(state: SiteState, records: Iterable[str], at_ms: int) -> tuple[DueKey, ...]:
    """Return which of these records (`WorkerKeys.known`) must be shredded, by record."""
    due = ((record, _why(state, record, at_ms)) for record in sorted(records))
    return tuple(DueKey(record, because) for record, because in due if because is not None)


def due_segments(state: SiteState, entries: Iterable[SealedEntry], at_ms: int) -> tuple[SealedEntry, ...]:
    """Return the segments whose retention is over though their grant lives on (`ShreddedBecause.RETENTION`).

    Those of records in `due_keys` are not among them: they go with their key.
    """
    due = []
    for entry in entries:
        grant = state.grants.get(latest_record(state, entry.body.record))
        lives = grant is not None and _why_ends(state, grant, at_ms) is None
        if grant is not None and lives and at_ms >= kept_until_ms(state, grant, entry.at_ms):
            due.append(entry)
    return tuple(due)


def _why(state: SiteState, record: str, at_ms: int) -> ShreddedBecause | None:
    record = latest_record(state, record)
    standing = state.records.get(record)
    if standing in _ENDED:
        return _ENDED[standing]
    grant = state.grants.get(record)
    return None if grant is None else _why_ends(state, grant, at_ms)


def _why_ends(state: SiteState, grant: Grant, at_ms: int) -> ShreddedBecause | None:
    line = live_version(state, line_of(state, grant.agreement).agreement)
    if line is None or is_over(line.agreement, at_ms):
        return ShreddedBecause.ENDED
    # The log says so a moment later; the key need not wait for it.
    return ShreddedBecause.EXPIRED if at_ms >= grant.until_ms else None
