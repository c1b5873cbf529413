"""Whoever changes a log is found out by anybody who holds an earlier checkpoint."""

import pytest

from consent.log.checkpoint import Checkpoint
from consent.log.merkle import EMPTY_ROOT
from consent.log.tiles import join_entries, split_entries
from consent.log.verify import verify_log
from consent.log.writer import LogWriter
from consent.notes import KeyType, cosign, sign
from productivity.errors import BadInput


@pytest.fixture
def sample(log_of, entries):
    """Return a log of 264 entries on two levels, partial tiles of two sizes kept, and its checkpoints."""
    files, _, acknowledged = log_of(*(entries(*span) for span in ((0, 100), (100, 257), (257, 264))))
    return files, [one.checkpoint for one in acknowledged]


@pytest.fixture
def key(signer_of):
    return signer_of("log.example").verifier


def test_the_sample_verifies(sample, key):
    files, checkpoints = sample
    assert verify_log(files, key, earlier=checkpoints) == checkpoints[-1]
    assert sorted(files.files) == [
        "checkpoint",
        "tile/0/000",
        "tile/0/001.p/1",
        "tile/0/001.p/8",
        "tile/1/000.p/1",
        "tile/entries/000",
        "tile/entries/001.p/1",
        "tile/entries/001.p/8",
    ]


def test_every_single_byte_change_is_detected(sample, key):
    """Each byte of each file takes another value, differently at each place."""
    files, checkpoints = sample
    undetected = []
    for path, content in list(files.files.items()):
        for place in range(len(content)):
            changed = bytearray(content)
            changed[place] ^= 1 + place % 255
            files.files[path] = bytes(changed)
            try:
                verify_log(files, key, earlier=checkpoints[:1])
                undetected.append((path, place))
            except BadInput:
                pass
        files.files[path] = content
    assert undetected == []


def test_every_changed_bit_of_a_checkpoint_is_detected(sample, key):
    files, checkpoints = sample
    content = files.files["checkpoint"]
    for place in range(len(content)):
        for bit in range(8):
            changed = bytearray(content)
            changed[place] ^= 1 << bit
            files.files["checkpoint"] = bytes(changed)
            with pytest.raises(BadInput):
                verify_log(files, key, earlier=checkpoints[:1])


@pytest.mark.parametrize("end", [0, 1, -1])
def test_a_file_cut_off_anywhere_is_detected(sample, key, end):
    files, checkpoints = sample
    for path, content in list(files.files.items()):
        files.files[path] = content[:end]
        with pytest.raises(BadInput):
            verify_log(files, key, earlier=checkpoints[:1])
        files.files[path] = content


def test_a_byte_added_to_any_file_is_detected(sample, key):
    files, _ = sample
    for path, content in list(files.files.items()):
        files.files[path] = content + b"\x00"
        with pytest.raises(BadInput):
            verify_log(files, key)
        files.files[path] = content


def test_a_partial_tile_as_long_as_a_full_one_is_detected(sample, key):
    """Hashes beyond the end would be entries that no checkpoint tells of."""
    files, _ = sample
    files.files["tile/0/001.p/8"] += bytes(248 * 32)
    with pytest.raises(BadInput, match=r"tile/0/001\.p/8: tile does not fit"):
        verify_log(files, key)


def test_a_missing_file_is_detected(sample, key):
    """Not those that a wider version has replaced: the specification lets them go."""
    files, _ = sample
    for path in [path for path in files.files if not path.endswith("001.p/1")]:
        content = files.files.pop(path)
        with pytest.raises(BadInput, match=r"missing|no log"):
            verify_log(files, key)
        files.files[path] = content


def test_the_first_wrong_entry_is_named(sample, key):
    files, _ = sample
    bundle = split_entries(files.files["tile/entries/001.p/8"], "")
    bundle[3] = b"changed"
    files.files["tile/entries/001.p/8"] = join_entries(bundle)
    with pytest.raises(BadInput, match=r"tile/entries/001\.p/8: entry 259 does not fit"):
        verify_log(files, key)


def test_entries_in_another_order_are_detected(sample, key):
    files, _ = sample
    bundle = split_entries(files.files["tile/entries/000"], "")
    bundle[10], bundle[11] = bundle[11], bundle[10]
    files.files["tile/entries/000"] = join_entries(bundle)
    with pytest.raises(BadInput, match="entry 10 does not fit"):
        verify_log(files, key)


def forged(log_of, entries, change):
    """Build anew, by the holder of the log's own key, a log whose 264 entries went through `change`."""
    return log_of(change(entries(0, 264)))[0]


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("changed", lambda old: [*old[:42], b"changed", *old[43:]]),
        ("removed", lambda old: [*old[:42], *old[43:]]),
        ("put in before", lambda old: [b"back-dated", *old]),
        ("reordered", lambda old: [old[1], old[0], *old[2:]]),
        ("another end of the first hundred", lambda old: [*old[:99], b"changed", *old[100:]]),
    ],
)
def test_a_resealed_log_is_found_out_by_an_earlier_checkpoint(sample, log_of, entries, key, name, change):
    """The operator's key signs anything; what a verifier remembers is what binds it."""
    _, checkpoints = sample
    files = forged(log_of, entries, change)
    verify_log(files, key)
    with pytest.raises(BadInput, match="first 100 entries are not those"):
        verify_log(files, key, earlier=checkpoints[:1])


def test_a_resealed_log_lacks_the_cosignature(sample, log_of, signer_of, entries, key):
    witness = signer_of("witness.example", KeyType.COSIGNATURE)
    files, checkpoints = sample
    signed = cosign(sign(str(checkpoints[-1]), signer_of("log.example")), witness, 1_700_000_000)
    files.files["checkpoint"] = str(signed).encode()
    assert verify_log(files, key, required=[witness.verifier]) == checkpoints[-1]
    with pytest.raises(BadInput, match="lacks a signature"):
        verify_log(forged(log_of, entries, lambda old: [b"x", *old[1:]]), key, required=[witness.verifier])


def test_a_log_set_back_to_an_earlier_state_is_detected(sample, log_of, entries, key):
    _, checkpoints = sample
    earlier_state, _, _ = log_of(entries(0, 100))
    assert verify_log(earlier_state, key) == checkpoints[0]
    with pytest.raises(BadInput, match="cut off"):
        verify_log(earlier_state, key, earlier=checkpoints)


def test_a_fork_is_detected_by_whoever_saw_the_other_branch(log_of, memory_files, signer_of, entries, key):
    """Two auditors compare checkpoints: no log can continue both."""
    files, writer, _ = log_of(entries(0, 50))
    branch = memory_files(files.files)
    one = writer.append([b"for the council"]).checkpoint
    other = LogWriter(branch, signer_of("log.example")).append([b"for the employer"]).checkpoint
    verify_log(files, key, earlier=[one])
    verify_log(branch, key, earlier=[other])
    with pytest.raises(BadInput, match="first 51 entries are not those"):
        verify_log(files, key, earlier=[other])


def test_a_checkpoint_of_an_empty_log_binds_too(sample, key):
    files, _ = sample
    verify_log(files, key, earlier=[Checkpoint("log.example", 0, EMPTY_ROOT)])
    with pytest.raises(BadInput, match="first 0 entries"):
        verify_log(files, key, earlier=[Checkpoint("log.example", 0, bytes(32))])


def test_a_checkpoint_of_another_log_is_refused(sample, key):
    files, checkpoints = sample
    stranger = Checkpoint("other.example", checkpoints[0].size, checkpoints[0].root)
    with pytest.raises(BadInput, match="of another log"):
        verify_log(files, key, earlier=[stranger])


def test_a_log_signed_by_another_key_is_refused(sample, signer_of):
    files, _ = sample
    with pytest.raises(BadInput, match="not signed by any known key"):
        verify_log(files, signer_of("other.example").verifier)


def test_a_partial_tile_may_vanish_while_the_log_is_verified(sample, key, monkeypatch):
    """A writer removes it when the tile is full, between the verifier's listing and its reading."""
    files, checkpoints = sample
    real = files.read
    monkeypatch.setattr(files, "read", lambda path: None if path.endswith("001.p/1") else real(path))
    assert verify_log(files, key, earlier=checkpoints) == checkpoints[-1]


def test_what_an_unfinished_append_left_is_no_part_of_the_log(sample, key):
    files, checkpoints = sample
    files.files |= {"tile/0/001.p/9": b"torn", "tile/entries/001.p/9": b"torn", "tile/0/002": b"torn"}
    assert verify_log(files, key, earlier=checkpoints) == checkpoints[-1]
