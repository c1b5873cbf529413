"""The works council's press: a stop order that it deposited is handed in, and counts at once.

What lies here are notes that the council signed (`consent.site.stop_orders`); the server can use each once
and make nothing else of it. Pressing works in every state of the log, also if it does not verify: then
recorders judge the note by themselves.

For threads, because it waits for disks.
"""

from typing import TYPE_CHECKING

from api.problems import Kind, Problem
from api.site import Site
from consent.site.desk import Declined, LogUnusable
from consent.site.state import SiteState
from consent.site.stop_orders import check_stop_order, parse_stop_orders, usable
from productivity.errors import BadInput
from storage.sql.stop_orders import deposit, put_back, take_next, unused

if TYPE_CHECKING:
    from api.services import Services


def deposit_stop_orders(services: "Services", content: bytes) -> int:
    """Keep the stop orders of a file, all or none; return how many were not known yet.

    Raises `Problem` if the file is none, or one of them would not suspend an agreement here and now.
    """
    try:
        state = _site(services).state().state
    except LogUnusable as error:
        raise Problem(Kind.NO_LOG, str(error)) from None
    now_ms = services.now_ms()
    try:
        orders = [check_stop_order(state, note, now_ms) for note in parse_stop_orders(content, "file")]
    except BadInput as error:
        raise Problem(Kind.INVALID, str(error)) from None
    return deposit(services.database, orders, now_ms)


def count_stop_orders(services: "Services", agreement: str) -> int:
    """Return how often the council can press: the deposited stop orders that would stop something now.

    While nobody can tell what stands at the site, those that were not used.
    """
    notes = unused(services.database, agreement)
    state = _state(services)
    return len(notes) if state is None else len(usable(state, notes))


def stop(services: "Services", agreement: str) -> bool:
    """Suspend an agreement with the next stop order; return whether that stands in the log already.

    If not, it waits for the operator and counts for recorders all the same. Raises `Problem` if no stop order
    is left, or the site's directory cannot be written: then nothing was suspended.
    """
    desk, now_ms = _site(services), services.now_ms()
    while (order := take_next(services.database, agreement, now_ms)) is not None:
        if not _would_stop(_state(services), order.note):
            continue  # used before, or void by now: it stays used up, and the next one is tried
        try:
            return desk.hand_in(order.note)
        except Declined:  # somebody else used it in this very moment
            continue
        except (BadInput, OSError):
            put_back(services.database, order)
            detail = "the site's directory cannot be written; nothing was suspended"
            raise Problem(Kind.NO_LOG, detail) from None
    raise Problem(
        Kind.CONFLICT,
        "no usable stop order is deposited; nothing was suspended. On the council's own machine: "
        "fairtakt agreement suspend",
    )


def _would_stop(state: SiteState | None, note: str) -> bool:
    """Tell whether a stop order is good; while nobody knows what stands at the site, it is tried."""
    try:
        return state is None or bool(check_stop_order(state, note))
    except BadInput:
        return False


def _site(services: "Services") -> Site:
    if services.site is None:
        raise Problem(Kind.NO_LOG, "this server was started without the site's log (--plant)")
    return services.site


def _state(services: "Services") -> SiteState | None:
    """Return what stands at the site; None if nobody can tell."""
    try:
        return _site(services).state().state
    except LogUnusable:
        return None
