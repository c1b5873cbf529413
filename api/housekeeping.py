"""What the server does by itself once an hour: seal closed shifts, delete at the end of the retention.

How long data is kept is read from the works agreements in the site's log, so nobody can forget to tell it,
or tell it otherwise. Where several are in force, the shortest retention holds for the whole site; where none
is in force any more, those that ended last say it. Without a log, or while nobody can believe it, shifts are
sealed and nothing is deleted: `fairtakt plant retain` does it by hand.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

from api.services import Services
from consent.agreement.lifecycle import State
from consent.agreement.schema import Retention
from consent.site.desk import LogUnusable
from consent.site.state import SiteState
from storage.sealed.retention import retain
from storage.sealed.sealing import seal_closed

EVERY_S = 3600.0
_FIRST_AFTER_S = 60.0
"""A server that has just started has pages to answer."""
_LIVE = frozenset({State.ACTIVE, State.SUSPENDED})
_log = structlog.get_logger("fairtakt.api")


def retention_of(state: SiteState) -> tuple[str, Retention] | None:
    """Return the site and the shortest retention of its agreements; None if none was ever in force."""
    came = [line for line in state.agreements.values() if line.activated_ms is not None]
    lines = [line for line in came if line.state in _LIVE]
    if not lines:
        latest = max((line.since_ms for line in came), default=0)
        lines = [line for line in came if line.since_ms == latest]
    if not lines:
        return None
    kept = [line.agreement.retention for line in lines]
    shortest = Retention(
        intervals_days=min(one.intervals_days for one in kept),
        aggregates_days=min(one.aggregates_days for one in kept),
    )
    return lines[0].agreement.site, shortest


def keep_house(services: Services, root: Path) -> None:
    """Seal and delete what is due below `root`, as far as it can be known what is."""
    now_ms = services.now_ms()
    known = _known(services)
    if known is None:
        seals = seal_closed(services.database, root, now_ms=now_ms)
        _log.info("sealed", seals=len(seals), retention=False)
        return
    site, days = known
    done = retain(
        services.database,
        root,
        site,
        intervals_days=days.intervals_days,
        aggregates_days=days.aggregates_days,
        now_ms=now_ms,
    )
    rows = sum(one.rows for one in done.deletions)
    _log.info("sealed", seals=len(done.seals), retention=True, deleted=rows, log_emptied=done.log_emptied)


@contextmanager
def house_kept(
    services: Services, *, first_s: float = _FIRST_AFTER_S, every_s: float = EVERY_S
) -> Iterator[None]:
    """Keep house in a thread of its own, as long as this lasts; not at all without a data directory."""
    if services.data is None:
        yield
        return
    root, over = services.data / "sealed", threading.Event()

    def run() -> None:
        pause_s = first_s
        while not over.wait(pause_s):
            pause_s = every_s
            try:
                keep_house(services, root)
            except Exception as error:  # whatever failed: the next hour tries again
                # Its text may hold what somebody named; `fairtakt plant retain` says it to whoever is there.
                _log.error("housekeeping failed", fault=type(error).__name__)

    thread = threading.Thread(target=run, name="housekeeping", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _known(services: Services) -> tuple[str, Retention] | None:
    if services.site is None:
        return None
    try:
        return retention_of(services.site.state().state)
    except LogUnusable:
        return None
