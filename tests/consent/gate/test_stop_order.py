"""A recorder stops for a suspension that was signed long before it was handed in, once."""

from consent.agreement.lifecycle import State
from consent.entries.bodies import AgreementResumed
from consent.entries.limits import STOP_WITHIN_MS
from consent.entries.vocabulary import Reason
from consent.site.stop_orders import parse_stop_orders, sign_stop_orders

LONG_AGO_MS = 300 * 86_400_000


def test_a_stop_order_stops_at_once_and_not_a_second_time(site):
    world = site.world
    content = sign_stop_orders(world.hash, world.log.name, [site.now_ms - LONG_AGO_MS], world.council)
    (order,) = parse_stop_orders(content, "file")
    assert site.film(2) == [None]
    site.operating = False
    site.plant.hand_in(order)
    handed_in = site.now_ms
    assert site.film(2)[-1] is Reason.SUSPENDED
    assert max(site.looked) <= handed_in + STOP_WITHIN_MS
    site.operating = True
    site.passes(200)
    line = world.state.agreements[world.hash]
    assert line.state is State.SUSPENDED
    site.hand_in(
        AgreementResumed(agreement=world.hash, lifts=line.suspended_at), world.council, world.employer
    )
    assert site.film(2)[-1] is None
    # It is spent: handed in again it stops nothing, neither before nor after the operator has looked at it.
    site.operating = False
    site.plant.hand_in(order)
    assert site.film(1) == [None]
    site.operating = True
    assert site.film(1) == [None]
