"""The plant's side: each answer of a witness has its meaning, and nothing is believed unverified."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from consent.log.cosigned import read_cosigned, store_cosigned
from consent.log.directory import Directory, locked_directory
from consent.log.verify import verify_log
from consent.log.writer import LogWriter, create_log
from consent.notes import KeyType, cosign, parse_note
from consent.witness.client import (
    MAX_CLOCK_DIFFERENCE_S,
    WitnessAway,
    WitnessBehind,
    WitnessError,
    WitnessRefused,
    cosign_latest,
    submit,
)
from consent.witness.server import WitnessServer
from productivity.errors import BadInput


@contextmanager
def running(server):
    with server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def url(world):
    """The address of the world's witness."""
    with running(WitnessServer(world.witness, "127.0.0.1", 0)) as address:
        yield address


@contextmanager
def saying(status, body=b"", content_type="text/plain", asked=None):
    """A witness that always gives one answer."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            received = self.rfile.read(int(self.headers["Content-Length"]))
            if asked is not None:
                asked.append((self.path, received))
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments):
            pass

    with running(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as address:
        yield address


def latest(world, url, history="a", **named):
    named = {"at_ms": world.clock.now_s * 1000, "timeout_s": 5.0} | named
    return cosign_latest(world.files[history], world.log.verifier, world.signer.verifier, url, **named)


def test_a_witness_answers_with_its_lines(world, url):
    lines = submit(f"{url}/", world.notes["a"][5], 0, [])
    assert lines.startswith("— council.example/witness ")
    lines = submit(url, world.notes["a"][300], 5, world.proof("a", 5, 300))
    assert lines.count("\n") == 1


def test_the_latest_checkpoint_is_co_signed_from_the_size_that_the_witness_knows(world, url):
    """A wrong guess costs one more request; a right one none."""
    for size, guess in ((1, 0), (5, 0), (300, 256), (520, 300), (600, 600)):
        world.files["a"].replace("checkpoint", world.notes["a"][size].encode())
        done = latest(world, url, old=guess)
        assert done.checkpoint == world.checkpoint("a", size)
        assert done.posix_s == world.clock.now_s
    world.clock.now_s += 30
    assert latest(world, url, old=600).posix_s == world.clock.now_s


def test_only_the_logs_own_signature_is_sent(world):
    asked = []
    note = cosign(parse_note(world.notes["a"][600]), world.signer, 1)
    world.files["a"].replace("checkpoint", str(note).encode())
    with saying(500, asked=asked) as address, pytest.raises(WitnessAway):
        latest(world, address)
    ((path, body),) = asked
    assert path == "/add-checkpoint"
    assert body == f"old 0\n\n{world.notes['a'][600]}".encode()


def test_a_log_that_was_cut_off_is_not_submitted(world, url):
    world.ask("a", 0, 520)
    world.files["a"].replace("checkpoint", world.notes["a"][300].encode())
    with pytest.raises(WitnessRefused, match="520 entries were co-signed, the log holds 300"):
        latest(world, url)


def test_a_fork_is_refused(world, url):
    world.ask("a", 0, 520)
    with pytest.raises(WitnessRefused, match="status 422, log does not continue"):
        latest(world, url, "b")


@pytest.mark.parametrize(
    ("status", "error", "says"),
    [
        (400, WitnessRefused, "malformed"),
        (403, WitnessRefused, "not signed"),
        (404, WitnessRefused, "not known"),
        (422, WitnessRefused, "does not continue"),
        (409, WitnessRefused, "does not have here"),
        (302, WitnessRefused, "does not have here"),
        (204, WitnessRefused, "does not have here"),
        (429, WitnessAway, "status 429"),
        (500, WitnessAway, "status 500"),
        (503, WitnessAway, "status 503"),
    ],
)
def test_each_status_has_its_meaning(world, status, error, says):
    """What the witness writes beside it is not repeated."""
    body = b"<script>" if status != 204 else b""
    with saying(status, body) as address, pytest.raises(error, match=says) as caught:
        submit(address, world.notes["a"][5], 0, [])
    assert "script" not in str(caught.value)


@pytest.mark.parametrize(
    ("body", "content_type", "error"),
    [
        (b"5\n", "text/x.tlog.size", WitnessBehind),
        (b"0\n", "text/x.tlog.size", WitnessBehind),
        (b"5\n", "text/plain", WitnessRefused),
        (b"5", "text/x.tlog.size", WitnessRefused),
        (b"05\n", "text/x.tlog.size", WitnessRefused),
        (b"-5\n", "text/x.tlog.size", WitnessRefused),
        (b"9" * 30 + b"\n", "text/x.tlog.size", WitnessRefused),
        ("٣\n".encode(), "text/x.tlog.size", WitnessRefused),
    ],
)
def test_a_conflict_tells_a_size(world, body, content_type, error):
    with saying(409, body, content_type) as address, pytest.raises(error) as caught:
        submit(address, world.notes["a"][300], 1, world.proof("a", 1, 300))
    if error is WitnessBehind:
        assert caught.value.size == int(body)


def test_a_witness_whose_size_keeps_changing_is_given_up(world):
    with saying(409, b"5\n", "text/x.tlog.size") as address, pytest.raises(WitnessAway, match="3 times"):
        latest(world, address)


def test_nobody_there_is_away(world):
    with saying(200) as address:
        pass
    with pytest.raises(WitnessAway, match="no answer"):
        submit(address, world.notes["a"][5], 0, [])


def lines_of(world, signer, at_s, size=600):
    return str(cosign(parse_note(world.notes["a"][size]), signer, at_s).signatures[-1]).encode()


@pytest.mark.parametrize("case", ["nothing", "stranger", "another checkpoint", "no text", "changed"])
def test_an_answer_is_believed_only_if_it_verifies(world, signer_of, case):
    good = lines_of(world, world.signer, world.clock.now_s)
    body = {
        "nothing": b"",
        "stranger": lines_of(world, signer_of("council.example/witness2", KeyType.COSIGNATURE), 5),
        "another checkpoint": lines_of(world, world.signer, world.clock.now_s, size=520),
        "no text": b"\xff\xff",
        "changed": good[:-10] + (b"A" if good[-10:-9] != b"A" else b"B") + good[-9:],
    }[case]
    with saying(200, body) as address, pytest.raises(WitnessRefused, match=r"cannot be believed|UTF-8"):
        latest(world, address)


@pytest.mark.parametrize(
    ("off", "believed"), [(-301, False), (-300, True), (0, True), (300, True), (301, False), (10**9, False)]
)
def test_a_co_signature_is_of_about_now(world, off, believed):
    """An old one could be replayed; one from the future would let recording go on without the witness."""
    assert MAX_CLOCK_DIFFERENCE_S == 300
    with saying(200, lines_of(world, world.signer, world.clock.now_s + off)) as address:
        if believed:
            assert latest(world, address).posix_s == world.clock.now_s + off
        else:
            with pytest.raises(WitnessRefused, match=r"dated .* s from now"):
                latest(world, address)


def test_a_long_answer_is_not_taken_in(world):
    with saying(200, bytes(100_000)) as address, pytest.raises(WitnessError, match="too large"):
        submit(address, world.notes["a"][5], 0, [])


def test_there_must_be_a_log(world, url, memory_files):
    with pytest.raises(BadInput, match="no log here"):
        cosign_latest(memory_files(), world.log.verifier, world.signer.verifier, url, at_ms=0)


@pytest.mark.parametrize(("old", "count"), [(-1, 0), (1, 64)])
def test_what_no_witness_reads_is_not_sent(world, old, count):
    with pytest.raises(BadInput, match="not a request"):
        submit("http://127.0.0.1:1", world.notes["a"][5], old, [bytes(32)] * count)


def test_the_whole_walk_of_a_checkpoint(world, url, tmp_path):
    """Appended, co-signed, kept beside the log and published with it; then the log grows on."""
    keys = world.log.verifier, world.signer.verifier
    with locked_directory(tmp_path) as files:
        create_log(files, world.log)
        writer = LogWriter(files, world.log)
        for number in range(3):
            writer.append([b"act %d" % number])
            done = cosign_latest(files, *keys, url, at_ms=world.clock.now_s * 1000, old=number)
            store_cosigned(files, done.note, *keys)
            writer.publish_cosigned(done.note)
    kept = [one.checkpoint for one in read_cosigned(tmp_path, *keys)]
    assert [one.size for one in kept] == [1, 2, 3]
    assert verify_log(Directory(tmp_path), keys[0], required=keys[1:], earlier=kept).size == 3
