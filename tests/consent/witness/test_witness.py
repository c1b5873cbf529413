"""The promise: whatever is asked of it, a witness co-signs one history, and never goes back."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consent.log.checkpoint import open_checkpoint
from consent.notes import cosign, open_note, parse_note
from consent.witness.memory import recall
from consent.witness.witness import Witness
from productivity.errors import BadInput

SIZES = [0, 1, 5, 256, 300, 301, 520, 600]


def test_a_rollback_is_refused_however_it_is_asked_for(world):
    world.ask("a", 0, 520)
    answers = [world.ask("a", old, size) for old, size in ((0, 300), (300, 300), (300, 520), (0, 520))]
    assert [answer.status for answer in answers] == [409] * 4
    assert {answer.body for answer in answers} == {"520\n"}
    assert world.witness.remembered()["log.example"].checkpoint.size == 520


def test_a_fork_is_refused_at_every_size(world):
    world.ask("a", 0, 520)
    assert world.ask("b", 520, 600).status == 422
    assert world.ask("b", 520, 520).status == 422
    assert world.ask("b", 300, 600).status == 409
    assert world.ask("a", 520, 600).status == 200


def test_a_replayed_request_is_refused_after_the_log_has_grown(world):
    replayed = world.request("a", 0, 5)
    assert world.witness.add_checkpoint(replayed).status == 200
    assert world.ask("a", 5, 300).status == 200
    assert world.witness.add_checkpoint(replayed).status == 409


def test_what_is_answered_was_remembered_first(world):
    """If it cannot be remembered, there is no co-signature."""

    def fail(content):
        raise OSError(28, "No space left on device")

    world.memory.write = fail
    answer = world.ask("a", 0, 5)
    assert answer.status == 503
    assert "—" not in answer.body


@pytest.mark.parametrize("place", [0, 12, 20, 57, -90, -3])  # name, size, root, line feed, time, signature
def test_a_memory_that_cannot_be_believed_signs_nothing(world, place):
    world.ask("a", 0, 5)
    torn = bytearray(world.memory.notes["log.example"])
    torn[place] ^= 1
    for content in (bytes(torn), bytes(torn[:place]), b""):
        world.memory.notes["log.example"] = content
        answer = world.ask("a", 5, 300)
        assert answer.status == 503
        assert "—" not in answer.body
        with pytest.raises(BadInput, match="cannot be believed"):
            world.witness.remembered()


def test_a_memory_of_another_log_or_key_signs_nothing(world, signer_of):
    world.ask("a", 0, 5)
    kept = world.memory.notes["log.example"]
    other = signer_of("other.example")
    with pytest.raises(BadInput, match="memory is of another log"):
        recall_from(kept, other.name, world.signer.verifier)
    stranger = signer_of("stranger.example/witness", world.signer.type)
    with pytest.raises(BadInput, match="cannot be believed"):
        recall_from(kept, "log.example", stranger.verifier)


def test_the_latest_of_several_times_is_remembered(world, noon_s):
    """Nothing writes such a note; if one is there, time still does not go back."""
    note = parse_note(world.notes["a"][5])
    for at in (noon_s, noon_s + 9, noon_s + 3):
        note = cosign(note, world.signer, at)
    assert recall_from(str(note).encode(), "log.example", world.signer.verifier).posix_s == noon_s + 9


def recall_from(content, origin, verifier):
    class Place:
        def read(self):
            return content

    return recall(Place(), origin, verifier)


def test_a_witness_needs_a_witness_key_and_one_key_per_log(world, signer_of):
    with pytest.raises(BadInput, match="key cannot co-sign"):
        Witness(world.log, [world.log.verifier], world.memory, world.clock)
    twin = type(world.log)("log.example", world.log.type, signer_of("twin").private).verifier
    with pytest.raises(BadInput, match="two keys have the same name"):
        Witness(world.signer, [world.log.verifier, twin], world.memory, world.clock)


def test_each_log_is_remembered_for_itself(world, log_of, signer_of, entries):
    files, _, _ = log_of(entries(0, 7), name="second.example")
    second = signer_of("second.example").verifier
    witness = Witness(world.signer, [world.log.verifier, second], world.memory, world.clock)
    witness.visit(files, second)
    assert witness.add_checkpoint(world.request("a", 0, 5)).status == 200
    sizes = {name: last.checkpoint.size for name, last in witness.remembered().items()}
    assert sizes == {"log.example": 5, "second.example": 7}


def test_a_visit_proves_from_the_tiles(world):
    for size in SIZES:
        world.files["a"].replace("checkpoint", world.notes["a"][size].encode())
        note = world.witness.visit(world.files["a"], world.log.verifier)
        opened = open_note(note, (), required=(world.log.verifier, world.signer.verifier))
        assert opened.text == str(world.checkpoint("a", size))
    again = world.witness.visit(world.files["a"], world.log.verifier)
    assert again.text == opened.text


def test_a_visit_to_a_cut_off_or_forked_log_signs_nothing(world):
    world.ask("a", 0, 520)
    cut = world.files["a"]
    cut.replace("checkpoint", world.notes["a"][300].encode())
    with pytest.raises(BadInput, match=r"log was cut off: expected the 520 entries.*found 300"):
        world.witness.visit(cut, world.log.verifier)
    with pytest.raises(BadInput, match="does not continue"):
        world.witness.visit(world.files["b"], world.log.verifier)
    with pytest.raises(BadInput, match="no log here"):
        world.witness.visit(type(cut)(), world.log.verifier)
    world.files["b"].replace("checkpoint", world.notes["b"][520].encode())
    with pytest.raises(BadInput, match="different roots"):
        world.witness.visit(world.files["b"], world.log.verifier)
    assert len(world.memory.written) == 1


def test_a_visit_believes_only_the_log(world, signer_of):
    text = parse_note(world.notes["a"][600])
    world.files["a"].replace("checkpoint", str(cosign(type(text)(text.text, ()), world.signer, 1)).encode())
    with pytest.raises(BadInput, match="not signed by any known key"):
        world.witness.visit(world.files["a"], world.log.verifier)


steps = st.tuples(
    st.sampled_from("ab"),
    st.sampled_from(SIZES),  # to which size
    st.one_of(st.none(), st.sampled_from(SIZES)),  # from which; None: what the witness remembers
    st.sampled_from(["right", "other history", "none", "garbage"]),
    st.sampled_from(["log", "log", "log", "stranger", "changed"]),
    st.integers(-3, 10),  # the clock moves
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
@given(st.lists(steps, max_size=25))
def test_whatever_is_asked_the_co_signatures_are_of_one_history(world, signer_of, sequence):
    """Sizes and times never decrease; every two co-signed checkpoints are of one of the histories."""
    world.memory.notes.clear()
    issued = []
    for history, size, old, proof, signed, tick in sequence:
        world.clock.now_s += tick
        last = world.witness.remembered()["log.example"]
        start = old if old is not None else last.checkpoint.size if last else 0
        answer = world.witness.add_checkpoint(forge(world, history, start, size, proof, signed))
        if answer.status == 200:
            assert signed == "log"
            note = open_note(world.notes[history][size] + answer.body, (), required=[world.signer.verifier])
            checkpoint, _ = open_checkpoint(world.notes[history][size], world.log.verifier)
            issued.append((checkpoint, note.signatures[0].posix_s))
            assert world.witness.remembered()["log.example"].checkpoint == checkpoint
        else:
            assert world.witness.remembered()["log.example"] == last
            assert "—" not in answer.body
    known = {history: {world.checkpoint(history, size) for size in SIZES} for history in "ab"}
    assert any({checkpoint for checkpoint, _ in issued} <= known[history] for history in "ab")
    assert [checkpoint.size for checkpoint, _ in issued] == sorted(one.size for one, _ in issued)
    assert [at for _, at in issued] == sorted(at for _, at in issued)


def forge(world, history, old, size, proof, signed):
    other = "b" if history == "a" else "a"
    known = old <= size
    hashes = {
        "right": world.proof(history, old, size) if known else [],
        "other history": world.proof(other, old, size) if known else [],
        "none": [],
        "garbage": [bytes(32)] * 3,
    }[proof]
    note = world.notes[history][size]
    if signed == "stranger":
        note = note.replace(
            world.notes[history][size].rpartition(" ")[2], world.notes["a"][0].rpartition(" ")[2]
        )
        note = note if size else note.replace("\n0\n", "\n1\n")
    elif signed == "changed":
        note = note.replace(f"\n{size}\n", f"\n{size + 1}\n")
    return world.request(history, old, size, proof=hashes, note=note)


def test_the_search_reaches_co_signatures_and_refusals(world):
    """The property above would hold for a witness that refuses everything: this is its other half."""
    found = [
        world.witness.add_checkpoint(forge(world, "a", 0, 5, "right", "log")).status,
        world.witness.add_checkpoint(forge(world, "b", 5, 300, "right", "log")).status,
        world.witness.add_checkpoint(forge(world, "b", 300, 520, "right", "log")).status,
        world.witness.add_checkpoint(forge(world, "a", 520, 600, "right", "log")).status,
        world.witness.add_checkpoint(forge(world, "b", 520, 600, "other history", "log")).status,
        world.witness.add_checkpoint(forge(world, "b", 520, 600, "right", "stranger")).status,
        world.witness.add_checkpoint(forge(world, "b", 520, 600, "right", "changed")).status,
    ]
    assert found == [200, 200, 200, 422, 422, 403, 403]
