"""The newest entries of a kind, without reading the log."""

from hypothesis import given
from hypothesis import strategies as st

from consent.site.follower import Follower
from consent.site.kinds import Kinds

NAMES = ("a", "b", "c")


@given(
    st.lists(st.sampled_from(NAMES), max_size=40),
    st.sets(st.sampled_from((*NAMES, "unknown"))),
    st.integers(0, 45),
    st.integers(0, 45) | st.none(),
)
def test_it_finds_what_a_search_through_everything_finds(types, wanted, most, before):
    kinds = Kinds()
    half = len(types) // 2
    kinds.add(0, types[:half])
    kinds.add(half, types[half:])
    every = [index for index, name in enumerate(types) if name in wanted]
    assert kinds.count(wanted) == len(every)
    assert (
        kinds.newest(wanted, most, before)
        == [one for one in every[::-1] if before is None or one < before][:most]
    )


def test_a_follower_tells_each_entry_once_and_none_that_is_not_verified(world):
    kinds = Kinds()
    follower = Follower(world.files, world.log.verifier, kinds)
    follower.poll()
    follower.poll()
    names = [entry.type for entry in world.entries]
    for name in set(names):
        assert kinds.newest([name], 100) == [index for index, one in enumerate(names) if one == name][::-1]
    world.act(world.start(), world.device)
    follower.poll()
    assert kinds.newest(["recording.started/1"], 5) == [world.state.size - 1]
