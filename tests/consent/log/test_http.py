"""A log behind a web server: files, no files, and servers that mean no good."""

import functools
import http.server
import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from consent.log.directory import locked_directory
from consent.log.http import HttpFiles, Unreachable, ask, check_url
from consent.log.reader import LogReader
from consent.log.verify import verify_log
from consent.log.writer import LogWriter, create_log
from productivity.errors import BadInput


@contextmanager
def serving(handler):
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


@contextmanager
def answering(answer):
    """A server that runs `answer(handler)` for every request."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            answer(self)

        def do_POST(self):
            answer(self)

        def log_message(self, *arguments):
            pass

    with serving(Handler) as url:
        yield url


def test_a_served_log_is_read_as_from_a_directory(tmp_path, signer_of, entries):
    signer = signer_of("log.example")
    with locked_directory(tmp_path) as files:
        create_log(files, signer)
        writer = LogWriter(files, signer)
        old = writer.append(entries(0, 5)).checkpoint
        now = writer.append(entries(5, 300)).checkpoint
    with serving(functools.partial(Quiet, directory=str(tmp_path))) as url:
        files = HttpFiles(f"{url}/")
        assert verify_log(files, signer.verifier, earlier=[old]) == now
        reader = LogReader(files, now)
        assert reader.at(5) == old
        assert len(reader.consistency(old)) > 1
        assert files.read("tile/0/007") is None
        assert files.widths("tile/0/000") == []


@pytest.mark.parametrize("code", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(code):
    asked = []

    def redirect(handler):
        asked.append(handler.path)
        handler.send_response(code)
        handler.send_header("Location", "/elsewhere")
        handler.end_headers()

    with answering(redirect) as url:
        with pytest.raises(Unreachable, match=f"status {code}"):
            HttpFiles(url).read("checkpoint")
        assert ask(url, limit=10, timeout_s=5, body=b"x").status == code
    assert asked == ["/checkpoint", ""] or asked == ["/checkpoint", "/"]


@pytest.mark.parametrize("code", [404, 410])
def test_a_missing_file_is_none(code):
    with answering(lambda handler: handler.send_error(code)) as url:
        assert HttpFiles(url).read("checkpoint") is None


@pytest.mark.parametrize("code", [401, 403, 500, 503])
def test_another_status_is_not_a_missing_file(code):
    """Else a server in trouble would look like a log without entries."""
    with (
        answering(lambda handler: handler.send_error(code)) as url,
        pytest.raises(Unreachable, match=f"status {code}"),
    ):
        HttpFiles(url).read("checkpoint")


@pytest.mark.parametrize("length", [10, None])
def test_a_long_answer_is_not_taken_in(length):
    def endless(handler):
        handler.send_response(200)
        if length is None:
            handler.send_header("Content-Length", str(1 << 40))
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(bytes(65_536))
        except OSError:
            handler.close_connection = True

    with (
        answering(endless) as url,
        pytest.raises(BadInput, match="answer is too large: expected at most 1000"),
    ):
        ask(url, limit=1000, timeout_s=5)


def test_an_answer_that_drips_is_given_up():
    def drip(handler):
        handler.send_response(200)
        handler.end_headers()
        try:
            for _ in range(100):
                handler.wfile.write(b"x")
                time.sleep(0.05)
        except OSError:
            handler.close_connection = True

    begun = time.monotonic()
    with answering(drip) as url, pytest.raises(Unreachable, match="TimeoutError"):
        ask(url, limit=1000, timeout_s=0.3)
    assert time.monotonic() < begun + 4


def test_an_answer_that_breaks_off_is_none():
    def short(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "10")
        handler.end_headers()
        handler.wfile.write(b"12345")

    with answering(short) as url, pytest.raises(Unreachable, match="broke off"):
        HttpFiles(url).read("checkpoint")


def test_what_is_no_http_is_unreachable():
    with (
        answering(lambda handler: handler.wfile.write(b"220 mail\r\n")) as url,
        pytest.raises(Unreachable, match="no answer"),
    ):
        HttpFiles(url).read("checkpoint")


def test_nobody_there_is_unreachable():
    with answering(print) as url:
        pass
    with pytest.raises(Unreachable, match="no answer"):
        HttpFiles(url).read("checkpoint")


def test_proxies_of_the_environment_are_not_asked():
    code = (
        "import sys; from consent.log.http import HttpFiles; print(HttpFiles(sys.argv[1]).read('checkpoint'))"
    )
    environment = {**os.environ, "http_proxy": "http://127.0.0.1:9", "no_proxy": ""}
    root = Path(__file__).resolve().parents[3]
    with answering(lambda handler: handler.send_error(404)) as url:
        done = subprocess.run(
            [sys.executable, "-c", code, url],
            capture_output=True, text=True, check=False, cwd=root, env=environment,
        )  # fmt: skip
    assert done.stdout == "None\n", done.stderr


@pytest.mark.parametrize(
    "url",
    [
        "ftp://plant.example/log", "file:///etc/passwd", "http://", "plant.example", "http://user:word@h/",
        "http://h:99999/", "http://h/?q", "http://h/#f", "http://h/ x", "http://h/\n", "http://[::1/", "http://ö/",
    ],
)  # fmt: skip
def test_an_address_must_be_plain(url):
    with pytest.raises(BadInput, match="address cannot be used") as caught:
        HttpFiles(url)
    assert "word" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:80/log/", "https://plant.example", "http://[::1]:8080/a/b"]
)
def test_plain_addresses_are_taken(url):
    assert check_url(url) == url.rstrip("/")
