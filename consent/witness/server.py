"""A small HTTP server around a witness: `POST /add-checkpoint`, and `GET /` for people and their monitoring.

Bounds: the size of a request, the time to send one, the number of connections. Nothing of a request is
logged or repeated. Plain HTTP, because both directions are signed; a reverse proxy may add TLS.
"""

import logging
import re
import signal
import socket
import sys
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer

from consent.witness.memory import MemoryBusy, Remembered
from consent.witness.protocol import MAX_REQUEST_BYTES, PATH, Answer
from consent.witness.witness import Witness
from productivity.errors import FairtaktError

MAX_CONNECTIONS = 32
"""One plant submits to a witness, and a few people look at it."""
PATIENCE_S = 10.0
"""For a whole request to arrive, and for a connection without one."""

_Connection = socket.socket | tuple[bytes, socket.socket]
"""As `socketserver` has it; the second is for datagrams and does not occur."""
_LENGTH = re.compile(r"[0-9]{1,9}", re.ASCII)
_log = logging.getLogger(__name__)


class WitnessServer(ThreadingHTTPServer):
    """Serves until `shutdown`; closing it answers requests under way and hangs up on idle connections."""

    daemon_threads = False
    block_on_close = True
    request_queue_size = MAX_CONNECTIONS

    def __init__(self, witness: Witness, host: str, port: int, *, patience_s: float = PATIENCE_S) -> None:
        """`port` 0 takes a free one: see `server_port`. `OSError` if it is taken."""
        self.witness = witness
        self.patience_s = patience_s
        self._places = threading.BoundedSemaphore(MAX_CONNECTIONS)
        self._awaited: dict[socket.socket, float] = {}
        self._closing = False
        self._lock = threading.Lock()
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), _Handler)

    def server_bind(self) -> None:
        """Bind, but do not ask a name server for this machine's name: that may take long, or tell others."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]  # type: ignore[assignment]

    def process_request(self, request: _Connection, client_address: object) -> None:
        """Start a thread for a connection, or hang up if there are too many."""
        if not self._places.acquire(blocking=False):
            self.shutdown_request(request)
            return
        try:
            super().process_request(request, client_address)
        except BaseException:
            self._places.release()
            raise

    def process_request_thread(self, request: _Connection, client_address: object) -> None:
        """Serve a connection and give its place back."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: _Connection, client_address: object) -> None:
        """Name a defect of ours; a connection that broke off is none."""
        del request, client_address
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            _log.error("a request failed: %s", type(error).__name__)

    def await_request(self, connection: socket.socket) -> None:
        """From now on the connection has `patience_s` to send a request, however slowly it drips."""
        with self._lock:
            self._awaited[connection] = time.monotonic() + self.patience_s
            if self._closing:
                _hang_up(connection)

    def request_came(self, connection: socket.socket) -> None:
        """No longer wait for it."""
        with self._lock:
            self._awaited.pop(connection, None)

    def service_actions(self) -> None:
        """Hang up on those who took too long; the serving loop calls it twice a second."""
        now = time.monotonic()
        with self._lock:
            for connection, ends in self._awaited.items():
                if ends < now:
                    _hang_up(connection)

    def server_close(self) -> None:
        """Let nobody begin, and wait for requests under way."""
        with self._lock:
            self._closing = True
            for connection in self._awaited:
                _hang_up(connection)
        super().server_close()


class _Handler(BaseHTTPRequestHandler):
    server: WitnessServer
    protocol_version = "HTTP/1.1"
    server_version = "fairtakt"
    sys_version = ""
    disable_nagle_algorithm = True  # head and body are sent one after the other
    error_message_format = "%(message)s\n"
    error_content_type = "text/plain; charset=utf-8"

    def setup(self) -> None:
        super().setup()
        self.connection.settimeout(self.server.patience_s)

    def handle_one_request(self) -> None:
        self.server.await_request(self.connection)
        try:
            super().handle_one_request()
        finally:
            self.server.request_came(self.connection)

    def do_POST(self) -> None:
        if self.path != PATH:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        length = self.headers.get("Content-Length", "")
        if "Transfer-Encoding" in self.headers or not _LENGTH.fullmatch(length):
            self.send_error(HTTPStatus.LENGTH_REQUIRED)
        elif int(length) > MAX_REQUEST_BYTES:
            self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        else:
            body = self.rfile.read(int(length))
            self.server.request_came(self.connection)
            if len(body) < int(length):
                self.close_connection = True
            else:
                self._answer(self.server.witness.add_checkpoint(body))

    def do_GET(self) -> None:
        self.close_connection = True  # a body that came along is not read
        if self.path == "/":
            self.server.request_came(self.connection)
            self._answer(_status(self.server.witness))
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer with the name of the status alone: the usual texts repeat what was sent."""
        del message, explain
        super().send_error(code)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name that it is called by
        """Log nothing: it would be what others sent."""

    def _answer(self, answer: Answer) -> None:
        body = answer.body.encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)


def stop_on_signals(server: WitnessServer) -> None:
    """Let SIGTERM and SIGINT end `serve_forever`. Only from the main thread."""

    def stop(*_: object) -> None:
        # Not from here: `shutdown` waits for the loop that this very signal has interrupted.
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


def _status(witness: Witness) -> Answer:
    head = (
        f"fairtakt witness, key {witness.verifier}\n"
        "It co-signs a log only if the log still begins with everything that was co-signed before.\n"
    )
    try:
        found = witness.remembered()
    except MemoryBusy:
        return Answer(HTTPStatus.OK, f"{head}a checkpoint is being checked, for a long time already\n")
    except (FairtaktError, OSError):
        return Answer(HTTPStatus.SERVICE_UNAVAILABLE, f"{head}memory cannot be used: nothing is co-signed\n")
    return Answer(HTTPStatus.OK, head + "".join(_line(origin, last) for origin, last in found.items()))


def _line(origin: str, last: Remembered | None) -> str:
    if last is None:
        return f"{origin}: nothing co-signed yet\n"
    at = datetime.fromtimestamp(last.posix_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"{origin}: {last.checkpoint.size} entries, co-signed at {at}\n"


def _hang_up(connection: socket.socket) -> None:
    with suppress(OSError):  # it is closed already
        connection.shutdown(socket.SHUT_RDWR)
