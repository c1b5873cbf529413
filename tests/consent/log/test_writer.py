"""Appending: sizes around tile boundaries, one writer, refusals; reading as a web server would serve it."""

import functools
import http.server
import itertools
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from consent.log.directory import Directory, locked_directory
from consent.log.frontier import Frontier
from consent.log.merkle import EMPTY_ROOT, check_consistency, check_inclusion, leaf_hash, node_hash
from consent.log.reader import LogReader
from consent.log.tiles import MAX_ENTRY_BYTES
from consent.log.verify import verify_log
from consent.log.writer import MAX_BATCH, LogWriter, create_log
from productivity.errors import BadInput

BIG = 65_537


@pytest.fixture(scope="module")
def leaves():
    return [leaf_hash(b"entry %d" % number) for number in range(BIG)]


def definition(leaves, start, end):
    """RFC 6962 section 2.1."""
    if end - start == 1:
        return leaves[start]
    split = 1 << ((end - start - 1).bit_length() - 1)
    return node_hash(definition(leaves, start, start + split), definition(leaves, start + split, end))


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 511, 512, 513])
def test_a_log_of_any_size_verifies_and_proves(log_of, signer_of, entries, leaves, size):
    batches = [entries(0, size)] if size else []
    files, writer, _ = log_of(*batches)
    checkpoint = verify_log(files, signer_of("log.example").verifier)
    assert checkpoint == writer.checkpoint
    assert checkpoint.root == (definition(leaves, 0, size) if size else EMPTY_ROOT)
    reader = LogReader(files, checkpoint)
    for index in {0, size // 2, size - 1} & set(range(size)):
        assert reader.entry(index) == entries(index, index + 1)[0]
        proof = reader.inclusion(index)
        check_inclusion(proof, index=index, size=size, leaf=leaves[index], root=checkpoint.root)


def test_a_log_verifies_around_two_full_levels(log_of, signer_of, entries, leaves):
    """65,535, 65,536 and 65,537 entries: level 1 becomes full, level 2 begins."""
    cuts = [0, *range(MAX_BATCH, 65_535, MAX_BATCH), 65_535, 65_536, 65_537]
    files, _, acknowledged = log_of(*(entries(*span) for span in itertools.pairwise(cuts)))
    kept = [one.checkpoint for one in acknowledged]
    assert [one.size for one in kept[-3:]] == [65_535, 65_536, 65_537]
    for one in kept[-3:]:
        assert one.root == definition(leaves, 0, one.size)
    assert verify_log(files, signer_of("log.example").verifier, earlier=kept) == kept[-1]
    assert {"tile/1/000", "tile/2/000.p/1", "tile/0/256.p/1", "tile/entries/256.p/1"} <= files.files.keys()
    assert "tile/1/000.p/255" not in files.files
    reader = LogReader(files, kept[-1])
    for index in (0, 65_535, 65_536):
        reader.inclusion(index)
    for old in kept:
        proof = reader.consistency(old)
        root, now = old.root, kept[-1]
        check_consistency(proof, old=old.size, size=now.size, old_root=root, root=now.root)


@pytest.mark.parametrize("step", [1, 3, 100, 255, 256, 300])
def test_batches_do_not_change_the_tree(log_of, entries, step):
    """The same entries make the same tree, however they came."""
    whole, _, _ = log_of(entries(0, 700))
    parts, _, _ = log_of(*(entries(start, min(start + step, 700)) for start in range(0, 700, step)))
    assert parts.files["checkpoint"] == whole.files["checkpoint"]
    full = {path: content for path, content in whole.files.items() if ".p/" not in path}
    assert full.items() <= parts.files.items()


def test_a_log_goes_on_after_it_was_closed(tmp_path, signer_of, entries):
    signer = signer_of("log.example")
    with locked_directory(tmp_path) as files:
        create_log(files, signer)
    for start in range(0, 600, 75):
        with locked_directory(tmp_path) as files:
            done = LogWriter(files, signer).append(entries(start, start + 75))
        assert (done.first, done.checkpoint.size) == (start, start + 75)
    assert verify_log(Directory(tmp_path), signer.verifier).size == 600


def test_entries_may_be_empty_or_as_long_as_two_bytes_can_say(log_of, signer_of):
    files, writer, _ = log_of([b"", b"x" * MAX_ENTRY_BYTES, b""])
    assert LogReader(files, writer.checkpoint).entry(1) == b"x" * MAX_ENTRY_BYTES
    assert verify_log(files, signer_of("log.example").verifier).size == 3


def test_a_refused_batch_changes_nothing(log_of, entries):
    files, writer, _ = log_of([b"first"])
    before = dict(files.files)
    for batch in ([], [b"good", b"x" * (MAX_ENTRY_BYTES + 1)], [b"x"] * (MAX_BATCH + 1)):
        with pytest.raises(BadInput):
            writer.append(batch)
    assert files.files == before
    assert writer.append([b"second"]).first == 1


def test_a_published_file_is_never_written_again(log_of, entries, monkeypatch):
    """A kill in the middle of it would tear what readers of the old checkpoint need."""
    files, writer, _ = log_of(entries(0, 600))
    real, rewritten = files.write, []

    def write(new):
        rewritten.extend(new.keys() & files.files.keys())
        real(new)

    monkeypatch.setattr(files, "write", write)
    for start in range(600, 700, 10):
        writer.append(entries(start, start + 10))
    assert rewritten == []


def test_a_log_is_not_begun_twice(log_of, signer_of):
    files, _, _ = log_of()
    with pytest.raises(BadInput, match="there is a log already"):
        create_log(files, signer_of("log.example"))


def test_only_the_key_of_the_log_may_write(log_of, signer_of):
    files, _, _ = log_of([b"first"])
    with pytest.raises(BadInput, match="not signed by any known key"):
        LogWriter(files, signer_of("stranger.example"))


@pytest.mark.parametrize("path", ["tile/0/000.p/3", "tile/entries/000.p/3", "checkpoint"])
def test_a_damaged_log_is_not_continued(log_of, signer_of, path):
    files, _, _ = log_of([b"one", b"two", b"three"])
    damaged = bytearray(files.files[path])
    damaged[-2] ^= 1
    files.files[path] = bytes(damaged)
    with pytest.raises(BadInput):
        LogWriter(files, signer_of("log.example"))


def test_there_must_be_a_log(memory_files, signer_of, tmp_path):
    with pytest.raises(BadInput, match="no log here"):
        LogWriter(memory_files(), signer_of("log.example"))
    with pytest.raises(BadInput, match="no such directory"), locked_directory(tmp_path / "nowhere"):
        pass


def test_a_file_that_no_log_can_have_is_not_read_into_memory(tmp_path):
    with (tmp_path / "checkpoint").open("wb") as file:
        file.truncate(1 << 40)  # a hole: takes no room on the disk
    with pytest.raises(BadInput, match="checkpoint: file is too large"):
        Directory(tmp_path).read("checkpoint")


def test_a_directory_is_no_file(tmp_path):
    (tmp_path / "checkpoint").mkdir()
    assert Directory(tmp_path).read("checkpoint") is None


def test_a_second_writer_is_refused(tmp_path):
    code = "import sys; from pathlib import Path; from consent.log.directory import locked_directory\n"
    code += "with locked_directory(Path(sys.argv[1])): pass"
    command = [sys.executable, "-c", code, str(tmp_path)]
    root = Path(__file__).resolve().parents[3]
    with locked_directory(tmp_path):
        second = subprocess.run(command, capture_output=True, text=True, check=False, cwd=root)
    assert second.returncode != 0
    assert "written by another process" in second.stderr
    third = subprocess.run(command, capture_output=True, text=True, check=False, cwd=root)
    assert third.returncode == 0, third.stderr


class Served:
    """Reads a log over HTTP; a stranger cannot list directories."""

    def __init__(self, address):
        self.address = address

    def read(self, path):
        try:
            with urllib.request.urlopen(f"{self.address}/{path}") as answer:  # noqa: S310
                return answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return None

    def widths(self, path):
        return []


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


def test_any_static_web_server_serves_a_log(tmp_path, signer_of, entries):
    signer = signer_of("log.example")
    with locked_directory(tmp_path) as files:
        create_log(files, signer)
        writer = LogWriter(files, signer)
        kept = [writer.append(entries(*span)).checkpoint for span in ((0, 5), (5, 300), (300, 310))]
    handler = functools.partial(Quiet, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        served = Served(f"http://127.0.0.1:{server.server_port}")
        assert verify_log(served, signer.verifier, earlier=kept) == kept[-1]
        # The partial tile of size 5 was replaced by the full one, which stands in for it.
        assert LogReader(served, kept[0]).entry(4) == b"entry 4"
        LogReader(served, kept[0]).inclusion(4)
        server.shutdown()
        thread.join()


def test_a_copy_of_the_right_edge_is_independent(leaves):
    frontier = Frontier()
    frontier.push(leaves[:300])
    root = frontier.root()
    frontier.copy().push(leaves[300:900])
    assert (frontier.size, frontier.root()) == (300, root)
