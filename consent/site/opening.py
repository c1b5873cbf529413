"""Opens the plant server's desk at a site's log, and closes it in good order."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from consent.log.directory import locked_directory
from consent.notes import Signer, Verifier
from consent.site.cosigner import Cosign
from consent.site.desk import Desk
from consent.site.kinds import Kinds
from consent.site.operator import Operator
from consent.site.plant import Plant
from consent.site.sight import ReadersSight, WritersSight
from productivity.errors import BadInput


def wall_ms() -> int:
    """Return the time, UTC milliseconds."""
    return time.time_ns() // 1_000_000


@contextmanager
def open_desk(
    plant: Plant,
    *,
    signers: Sequence[Signer] = (),
    log: Verifier | None = None,
    cosign: Cosign | None = None,
    now_ms: Callable[[], int] = wall_ms,
    steady_s: Callable[[], float] = time.monotonic,
) -> Iterator[Desk]:
    """Give the desk of a site, at work until the end of the context.

    With the log's keys (`signers`) it is the log's operator, and no other process can be; with a verifier key
    of the log alone it reads what another process writes. `BadInput` if the log does not verify, is not that
    key's, or is being written by another process; `Unreachable` if there is none.
    """
    if bool(signers) == (log is not None):
        raise BadInput("a desk writes the log or reads it", expected="the log's keys, or its verifier key")
    kinds = Kinds()
    if log is not None:
        sight = ReadersSight(plant, plant.follow(log, kinds))
        with _at_work(Desk(plant, sight, kinds, now_ms=now_ms, steady_s=steady_s)) as desk:
            yield desk
        return
    with locked_directory(plant.log) as files:
        operator = Operator(plant, files, signers, cosign, kinds)
        try:
            desk = Desk(plant, WritersSight(plant, operator), kinds, now_ms=now_ms, steady_s=steady_s)
        except BaseException:
            operator.close()
            raise
        with _at_work(desk):
            yield desk


@contextmanager
def _at_work(desk: Desk) -> Iterator[Desk]:
    desk.start()
    try:
        yield desk
    finally:
        desk.close()
