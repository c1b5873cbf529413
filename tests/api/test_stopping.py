"""The council's press, with a real site behind it: it stops whatever can be stopped, and says so if not."""

import errno

import pytest

from api.problems import Kind, Problem
from api.services import Services
from api.stopping import count_stop_orders, deposit_stop_orders, stop
from consent.agreement.lifecycle import State
from consent.entries.bodies import AgreementResumed
from consent.site.stop_orders import parse_stop_orders, sign_stop_orders
from storage.sql.database import Database
from storage.sql.stop_orders import count_unused
from storage.sql.store import SqlStore
from tests.api.consented import Consented


@pytest.fixture
def consented(tmp_path):
    return Consented(tmp_path / "site")


@pytest.fixture
def services(tmp_path, consented):
    with consented.desk() as desk, Database(f"sqlite:///{tmp_path}/plant.db") as database:
        yield Services(SqlStore(database), database, lambda: consented.now_ms, site=desk)


def orders(consented, count=3, *, signer=None, since_ms=None):
    world = consented.world
    first = consented.now_ms - 10**10 if since_ms is None else since_ms
    instants = range(first, first + count)
    return sign_stop_orders(world.hash, world.log.name, instants, signer or world.council)


def state(services):
    (line,) = services.site.state().state.agreements.values()
    return line.state


def resume(services, consented):
    (line,) = services.site.state().state.agreements.values()
    body = AgreementResumed(agreement=line.hash, lifts=line.suspended_at)
    consented.hand_in(body, consented.world.council, consented.world.employer)
    number = services.site.number
    while state(services) is not State.ACTIVE:
        number = services.site.wait_for_change(number, 1)


def refused(kind, call, *arguments):
    with pytest.raises(Problem) as caught:
        call(*arguments)
    assert caught.value.kind is kind
    return caught.value.detail


def test_a_press_suspends_and_as_often_as_orders_were_deposited(services, consented):
    name = consented.world.hash
    assert deposit_stop_orders(services, orders(consented, 2)) == 2
    for left in (1, 0):
        assert stop(services, name) is True
        assert state(services) is State.SUSPENDED
        assert count_stop_orders(services, name) == left
        resume(services, consented)
    detail = refused(Kind.CONFLICT, stop, services, name)
    assert "nothing was suspended" in detail
    assert "fairtakt agreement suspend" in detail
    assert state(services) is State.ACTIVE


def test_a_file_with_one_bad_order_is_not_deposited(services, consented):
    for bad, says in (
        (orders(consented, signer=consented.world.employer), "not signed by the works council"),
        (orders(consented, since_ms=consented.now_ms + 5_000), "dated in the future"),
        (b"hello", "not a file of stop orders"),
    ):
        assert says in refused(Kind.INVALID, deposit_stop_orders, services, bad)
    assert count_unused(services.database, consented.world.hash) == 0


def test_a_deposit_that_is_repeated_changes_nothing(services, consented):
    content = orders(consented, 2)
    assert [deposit_stop_orders(services, content) for _ in range(2)] == [2, 0]


def test_an_order_that_was_used_elsewhere_is_passed_over(services, consented):
    """A database that was restored from a backup thinks it unused; the log knows better."""
    content, name = orders(consented, 2), consented.world.hash
    deposit_stop_orders(services, content)
    assert services.site.hand_in(parse_stop_orders(content, "file")[0])
    resume(services, consented)
    assert count_stop_orders(services, name) == 1
    assert stop(services, name) is True
    assert state(services) is State.SUSPENDED


def test_a_clock_that_was_set_back_after_the_deposit_spoils_no_order(services, consented):
    deposit_stop_orders(services, orders(consented, 2, since_ms=consented.now_ms - 10))
    consented.now_ms -= 120_000
    assert stop(services, consented.world.hash) is False  # the operator waits until its clock is right
    assert state(services) is State.SUSPENDED


def test_an_order_that_cannot_be_written_is_kept(services, consented, monkeypatch):
    deposit_stop_orders(services, orders(consented, 2))

    def fails(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("consent.site.plant.replace", fails)
        assert "nothing was suspended" in refused(Kind.NO_LOG, stop, services, consented.world.hash)
    assert count_unused(services.database, consented.world.hash) == 2
    assert stop(services, consented.world.hash) is True


def test_a_site_whose_directory_is_gone_uses_no_order_up(services, consented):
    deposit_stop_orders(services, orders(consented, 2))
    consented.plant.acts.rename(consented.plant.root / "gone")
    assert "nothing was suspended" in refused(Kind.NO_LOG, stop, services, consented.world.hash)
    assert count_unused(services.database, consented.world.hash) == 2
    (consented.plant.root / "gone").rename(consented.plant.acts)


def test_a_press_is_heard_though_the_log_does_not_verify(services, consented):
    deposit_stop_orders(services, orders(consented, 2))
    (consented.plant.log / "checkpoint").write_text("nonsense")
    number = services.site.number
    while services.site.health().believed:
        number = services.site.wait_for_change(number, 1)
    assert count_stop_orders(services, consented.world.hash) == 2
    assert stop(services, consented.world.hash) is False
    (waiting,) = consented.plant.waiting()
    assert b"agreement.suspended/1" in waiting.content
    refused(Kind.NO_LOG, deposit_stop_orders, services, orders(consented, 1, since_ms=1))


def test_without_a_log_there_is_nothing_to_press(tmp_path):
    with Database(f"sqlite:///{tmp_path}/plant.db") as database:
        services = Services(SqlStore(database), database, lambda: 0)
        refused(Kind.NO_LOG, stop, services, "ab" * 32)
        refused(Kind.NO_LOG, deposit_stop_orders, services, b"")
