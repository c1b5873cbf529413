"""The witness over HTTP: what it answers, what it does not read, log or repeat, and how it ends."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from consent.notes import open_note
from consent.witness.folder import MemoryFolder
from consent.witness.protocol import MAX_REQUEST_BYTES
from consent.witness.server import MAX_CONNECTIONS, WitnessServer
from consent.witness.witness import Witness

ROOT = Path(__file__).resolve().parents[3]
KILLS = 50


@contextmanager
def serving(witness, **named):
    with WitnessServer(witness, "127.0.0.1", 0, **named) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def served(world):
    """The world's witness behind HTTP."""
    with serving(world.witness) as server:
        world.port = server.server_port
        yield world


def ask(port, method="POST", path="/add-checkpoint", body=None, headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()
    finally:
        connection.close()


def raw(port, sent, timeout=5):
    """Send bytes as they are; return all that comes back."""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as connection:
        connection.sendall(sent)
        parts = []
        while part := connection.recv(65_536):
            parts.append(part)
        return b"".join(parts)


def test_a_checkpoint_is_co_signed_over_http(served):
    status, headers, body = ask(served.port, body=served.request("a", 0, 5))
    assert (status, headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    open_note(served.notes["a"][5] + body, (), required=[served.signer.verifier])


def test_a_wrong_size_has_its_own_content_type(served):
    ask(served.port, body=served.request("a", 0, 5))
    status, headers, body = ask(served.port, body=served.request("a", 0, 300))
    assert (status, headers["Content-Type"], body) == (409, "text/x.tlog.size", "5\n")


def test_several_requests_on_one_connection(served):
    """C2SP: a witness should support it."""
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=5)
    found = []
    for old, size in ((0, 5), (5, 300), (5, 520), (300, 520)):
        connection.request("POST", "/add-checkpoint", served.request("a", old, size))
        answer = connection.getresponse()
        found.append((answer.status, len(answer.read()) > 0))
    connection.close()
    assert found == [(200, True), (200, True), (409, True), (200, True)]


def test_a_page_says_in_plain_words_what_was_co_signed(served):
    status, _, page = ask(served.port, "GET", "/")
    assert status == 200
    assert str(served.signer.verifier) in page
    assert "log.example: nothing co-signed yet" in page
    served.ask("a", 0, 300)
    assert "log.example: 300 entries, co-signed at 2027-01-15T08:00:00Z" in ask(served.port, "GET", "/")[2]


def test_the_page_says_when_nothing_can_be_co_signed(served):
    served.memory.notes["log.example"] = b"torn"
    status, _, page = ask(served.port, "GET", "/")
    assert status == 503
    assert "nothing is co-signed" in page


def test_the_page_says_when_a_checkpoint_takes_long(world, tmp_path):
    memory = MemoryFolder(tmp_path, patience_s=0.05)
    world.witness = Witness(world.signer, [world.log.verifier], memory, world.clock)
    with serving(world.witness) as server, memory.held("log.example"):
        status, _, page = ask(server.server_port, "GET", "/")
        assert (status, "is being checked" in page) == (200, True)
        assert ask(server.server_port, body=world.request("a", 0, 5))[0] == 503


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/add-checkpoint", 404),
        ("GET", "/secret", 404),
        ("POST", "/", 404),
        ("POST", "/add-checkpoint?x=1", 404),
        ("PUT", "/add-checkpoint", 501),
        ("HEAD", "/", 501),
        ("DELETE", "/", 501),
    ],
)
def test_there_is_nothing_else(served, method, path, status):
    assert ask(served.port, method, path, body=b"x" if method != "HEAD" else None)[0] == status
    assert served.memory.written == []


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        pytest.param(b"Content-Length: -1\r\n", 411, id="negative length"),
        pytest.param(b"Content-Length: 1e3\r\n", 411, id="length is no number"),
        pytest.param(b"", 411, id="no length"),
        pytest.param(b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", 411, id="chunked"),
        pytest.param(b"Content-Length: %d\r\n" % (MAX_REQUEST_BYTES + 1), 413, id="too long"),
        pytest.param(b"Content-Length: 999999999\r\n", 413, id="much too long"),
        pytest.param(b"Content-Length: 0\r\n", 400, id="empty"),
        pytest.param(b"x: y\r\n" * 200, 431, id="too many headers"),
    ],
)
def test_a_request_must_say_how_long_it_is(served, sent, status):
    answer = raw(served.port, b"POST /add-checkpoint HTTP/1.1\r\nConnection: close\r\n" + sent + b"\r\n")
    assert answer.startswith(b"HTTP/1.1 %d " % status)


@pytest.mark.parametrize("sent", [b"rubbish <b>\r\n\r\n", b"<i> /<i> HTTP/1.1\r\n\r\n", b"\xff\xfe\r\n\r\n"])
def test_nothing_of_a_request_is_repeated_or_logged(served, sent, capfd):
    answer = raw(served.port, sent)
    assert b"<" not in answer
    assert b"rubbish" not in answer
    assert ask(served.port, body=served.request("a", 0, 5))[0] == 200
    assert capfd.readouterr() == ("", "")


def test_a_request_that_breaks_off_is_not_answered(served):
    whole = served.request("a", 0, 5)
    with socket.create_connection(("127.0.0.1", served.port), timeout=5) as connection:
        connection.sendall(b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(whole))
        connection.sendall(whole[:-1])
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1000) == b""
    assert served.memory.written == []


def test_who_sends_byte_by_byte_is_cut_off(world):
    """A timeout of the socket alone would let this go on for ever."""
    with serving(world.witness, patience_s=0.3) as server:
        begun = time.monotonic()
        with socket.create_connection(("127.0.0.1", server.server_port), timeout=5) as connection:
            assert dripped(connection, until=begun + 5) < 60
        assert time.monotonic() < begun + 4


def dripped(connection, until):
    """Send byte by byte; return how many the other side took."""
    for number in range(1000):
        try:
            connection.sendall(b"P")
        except OSError:
            return number
        assert time.monotonic() < until
        time.sleep(0.05)
    return 1000


def test_an_idle_connection_does_not_keep_the_witness_from_ending(world):
    before = threading.active_count()
    with (
        serving(world.witness) as server,
        socket.create_connection(("127.0.0.1", server.server_port), timeout=5) as idle,
    ):
        wait_for(lambda: threading.active_count() == before + 2)  # the server's own, and the connection's
        begun = time.monotonic()
        server.shutdown()
        server.server_close()
        assert time.monotonic() < begun + 3
        assert idle.recv(10) == b""


def test_a_request_under_way_is_answered_before_the_witness_ends(world):
    """Then its connection is closed: the next request would not be answered."""
    reached, go_on = threading.Event(), threading.Event()
    tell = world.clock.__call__

    def slowly():
        reached.set()
        assert go_on.wait(5)
        return tell()

    witness = Witness(world.signer, [world.log.verifier], world.memory, slowly)
    with serving(witness) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=5)
        connection.request("POST", "/add-checkpoint", world.request("a", 0, 5))
        assert reached.wait(5)
        server.shutdown()
        closing = threading.Thread(target=server.server_close)
        begun = time.monotonic()
        closing.start()
        wait_for(lambda: server.socket.fileno() == -1)
        go_on.set()
        assert connection.getresponse().status == 200
        closing.join()
        connection.close()
    assert time.monotonic() < begun + 4


def test_connections_are_limited_and_places_given_back(served):
    crowd = [socket.create_connection(("127.0.0.1", served.port), timeout=5) for _ in range(MAX_CONNECTIONS)]
    wait_for(lambda: threading.active_count() >= MAX_CONNECTIONS)
    with socket.create_connection(("127.0.0.1", served.port), timeout=5) as one_more:
        assert one_more.recv(10) == b""
    for connection in crowd:
        connection.close()
    wait_for(lambda: threading.active_count() < MAX_CONNECTIONS)
    assert ask(served.port, body=served.request("a", 0, 5))[0] == 200


def wait_for(condition):
    ends = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.01)


def test_many_clients_at_once_get_one_history(world, tmp_path):
    world.witness = Witness(world.signer, [world.log.verifier], MemoryFolder(tmp_path), world.clock)
    requests = [world.request(history, 300, 520) for history in "ab"] * 10
    world.ask("a", 0, 300)
    found = []
    with serving(world.witness) as server:
        port = server.server_port
        threads = [
            threading.Thread(target=lambda body=body: found.append(ask(port, body=body)[0]))
            for body in requests
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(found) == [200] + [409] * 19


def test_a_taken_port_is_said(world):
    with WitnessServer(world.witness, "127.0.0.1", 0) as server, pytest.raises(OSError, match="in use"):
        WitnessServer(world.witness, "127.0.0.1", server.server_port)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order(world, tmp_path, number):
    """The request under way is answered, the exit status is 0, and nothing is said."""
    script = str(Path(__file__).with_name("witness_process.py"))
    pipe = subprocess.PIPE
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, script, "serve", str(tmp_path)], stdout=pipe, stderr=pipe, text=True, env=environment
    )
    port = int(process.stdout.readline())
    assert ask(port, body=world.request("a", 0, 5))[0] == 200
    process.send_signal(number)
    out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (0, "", "")


def test_fifty_kills_leave_no_co_signature_that_is_not_remembered(tmp_path):
    """Two plants with two histories push at once; only one history is ever co-signed, through all kills."""
    script = str(Path(__file__).with_name("kill_witness.py"))
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, script, str(tmp_path), str(KILLS), "1"],
        capture_output=True, text=True, check=False, env=environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["kills"] == KILLS
    assert report["co-signed"] > KILLS
