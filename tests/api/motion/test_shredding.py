"""What is due is destroyed, whatever a damaged file, a kill or a disk does: nobody's key lives on for it."""

import pytest

from consent.entries.bodies import MotionShredded
from productivity.errors import BadInput
from storage.sql.uses import UseState, find_use
from storage.vault import segments
from storage.vault.segments import Segments
from tests.api.motion.test_story import audit, said


class Killed(BaseException):
    """The process is dead."""


@pytest.fixture
def two(plant):
    """Two workers in the order in which their keys are shredded; both are in an export."""
    people = [plant.colleague().opts_in(), plant.colleague().opts_in()]
    for one in people:
        one.segments = one.moves(2, 1)
    plant.buyer = plant.licensee()
    plant.use = plant.buys(plant.buyer)["use"]
    plant.decides(plant.use)
    plant.keeper.turn()
    assert find_use(plant.database, plant.use).state is UseState.BOOKED
    plant.later(60_000)
    plant.two = sorted(people, key=lambda one: one.record)
    return plant


def restarted(plant):
    """A new process remembers no label."""
    plant.room.segments = plant.room._vault._segments = Segments(plant.data / "motion")


def shredded(plant):
    return sorted(segment for body in said(plant, MotionShredded) for segment in body.segments)


def test_a_kill_while_a_segment_is_erased_stops_neither_shredding_nor_uses(two, monkeypatch):
    first, second = two.two
    first.withdraws()
    overwrite = segments._overwrite

    def dies(path):
        overwrite(path)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(segments, "_overwrite", dies)
        with pytest.raises(Killed):
            two.keeper.turn()
    restarted(two)
    two.later(60_000)
    second.withdraws()
    two.keeper.turn()
    assert two.room.keys.known() == frozenset()
    assert shredded(two) == sorted([*first.segments, *second.segments])
    assert [path for path in (two.data / "motion").rglob("*") if path.is_file()] == [
        two.data / "motion" / ".lock"
    ]
    assert not (two.room.exports / two.use).exists()
    assert two.ask("GET", "/v1/motion/offer", headers=two.buyer).json()["stations"] == []
    assert audit(two).findings == ()


def test_a_damaged_segment_stops_neither_shredding_nor_uses(two):
    first, second = two.two
    [damaged] = (two.data / "motion").rglob(f"{first.segments[0]}.sealed")
    damaged.write_bytes(bytes(100))
    restarted(two)
    offer = two.ask("GET", "/v1/motion/offer", headers=two.buyer)
    assert offer.status_code == 200
    assert offer.json()["stations"][0]["seconds"] == 4  # of six, two are lost
    assert second.ask("/v1/motion/own/look").status_code == 200
    second.withdraws()
    two.keeper.turn()
    assert two.room.keys.known() == {first.record}
    assert shredded(two) == sorted(second.segments)
    first.withdraws()
    two.keeper.turn()
    assert two.room.keys.known() == frozenset()
    assert not damaged.exists()  # the log names it


def test_motion_that_cannot_be_listed_keeps_no_key_alive(two, monkeypatch):
    first, second = two.two
    first.withdraws()
    second.withdraws()

    def fails(**_):
        raise BadInput("motion cannot be read")

    monkeypatch.setattr(two.room.segments, "labels", fails)
    two.keeper.turn()
    assert two.room.keys.known() == frozenset()
    assert shredded(two) == sorted([*first.segments, *second.segments])


def test_a_segment_that_a_disk_does_not_erase_keeps_nobody_elses_key_alive(two, monkeypatch):
    """What is not erased is not called so; its export goes all the same."""
    first, second = two.two
    first.withdraws()
    second.withdraws()
    overwrite = segments._overwrite

    def fails(path):
        if first.segments[0] in path.name:
            raise OSError(5, "Input/output error")
        overwrite(path)

    with monkeypatch.context() as patch:
        patch.setattr(segments, "_overwrite", fails)
        two.keeper.turn()
    assert two.room.keys.known() == frozenset()
    assert shredded(two) == sorted(second.segments)
    assert not (two.room.exports / two.use).exists()
    two.keeper.turn()
    assert shredded(two) == sorted([*first.segments, *second.segments])
