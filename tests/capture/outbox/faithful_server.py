"""A plant server as the batch format describes it, small enough to be read: for tests, also as a program.

`python faithful_server.py STATE.db PORT [SEED]` listens on 127.0.0.1 and prints the port. With a seed it is
faithful but troublesome: it loses answers after the commit, is busy, and handles an old request once more.
"""

import datetime
import hashlib
import json
import random
import sqlite3
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures import HTTPMessageVerifier, InvalidSignature, MappingKeyResolver
from http_message_signatures.algorithms import ED25519

from consent.notes import parse_verifier

COVERED = ("@method", "@path", "content-digest", "content-type")
INTERVAL = {
    "session",
    "ordinal",
    "station",
    "state",
    "category",
    "start_ms",
    "duration_ns",
    "confidence",
    "cycle",
    "reason",
}


class Verifier(HTTPMessageVerifier):
    max_clock_skew = datetime.timedelta(minutes=5)


class Request:
    """What the verifying library reads."""

    def __init__(self, url, headers):
        self.method, self.url, self.headers = "POST", url, headers


class Plant:
    """Devices and batches in a SQLite file; all decisions of the server."""

    def __init__(self, path):
        self.lock = threading.Lock()
        self.db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self.db.execute("PRAGMA synchronous=FULL")
        self.db.executescript(
            "CREATE TABLE IF NOT EXISTS device (name TEXT PRIMARY KEY, key TEXT);"
            "CREATE TABLE IF NOT EXISTS code (code TEXT PRIMARY KEY);"
            "CREATE TABLE IF NOT EXISTS batch (device TEXT, boot TEXT, sequence INTEGER, digest TEXT,"
            " body TEXT, PRIMARY KEY (device, boot, sequence));"
        )

    def add_code(self, code):
        self.db.execute("INSERT INTO code VALUES (?)", (code,))

    def add_device(self, name, verifier):
        self.db.execute("INSERT OR IGNORE INTO device VALUES (?, ?)", (name, verifier))

    def bodies(self):
        rows = self.db.execute("SELECT body FROM batch ORDER BY rowid").fetchall()
        return [json.loads(body) for (body,) in rows]

    def enroll(self, body):
        asked = json.loads(body)
        with self.lock:
            if self.db.execute("SELECT 1 FROM device WHERE name = ?", (asked["name"],)).fetchone():
                return 409, {}
            if self.db.execute("DELETE FROM code WHERE code = ?", (asked["code"],)).rowcount != 1:
                return 403, {}
            parse_verifier(asked["key"])
            self.add_device(asked["name"], asked["key"])
        return 201, {"device": asked["name"]}

    def take(self, url, headers, body):
        with self.lock:
            devices = {
                name: Ed25519PublicKey.from_public_bytes(parse_verifier(key).public)
                for name, key in self.db.execute("SELECT name, key FROM device")
            }
            try:
                (signed,) = Verifier(
                    signature_algorithm=ED25519,
                    key_resolver=MappingKeyResolver(public_keys=devices, private_keys={}),
                ).verify(
                    Request(url, headers),
                    max_age=datetime.timedelta(minutes=5),
                    require_components=COVERED,
                    body=body,
                )
            except InvalidSignature:
                return 401, {}
            return self.judge(signed, headers, body)

    def judge(self, signed, headers, body):
        batch = json.loads(body)
        key = batch["device"], batch["boot"], batch["sequence"]
        if signed.label != "fairtakt" or signed.parameters["keyid"] != batch["device"]:
            return 401, {}
        if signed.nonce != f"{batch['boot']}.{batch['sequence']}":
            return 401, {}
        if headers["Content-Type"] != "application/json" or not self.fits(batch):
            return 422, {}
        digest = hashlib.sha256(body).hexdigest()
        known = self.db.execute(
            "SELECT digest FROM batch WHERE device = ? AND boot = ? AND sequence = ?", key
        ).fetchone()
        if known is not None and known[0] != digest:
            return 409, {}
        if known is None:
            self.db.execute("INSERT INTO batch VALUES (?, ?, ?, ?, ?)", (*key, digest, body.decode()))
        named = dict(zip(("device", "boot", "sequence"), key, strict=True))
        return 200, {**named, "duplicate": known is not None}

    @staticmethod
    def fits(batch):
        return (
            set(batch) == {"device", "boot", "sequence", "intervals"}
            and len(batch["boot"]) == 32
            and 1 <= len(batch["intervals"]) <= 1000
            and all(
                set(one) == INTERVAL
                and len(one["session"]) == 32
                and type(one["duration_ns"]) is int
                and one["duration_ns"] > 0
                and 0 <= one["confidence"] <= 1000
                for one in batch["intervals"]
            )
        )


class Trouble:
    """What goes wrong on the way, by a seed; none without one."""

    def __init__(self, seed=None):
        self.random = random.Random(seed)
        self.share = 0.0 if seed is None else 0.15
        self.old = []

    def comes(self):
        return self.random.random() < self.share


class Server(ThreadingHTTPServer):
    """`answers`: what to answer instead, one by one, as (status, headers); None: as usual, "cut": nothing."""

    daemon_threads = True

    def __init__(self, plant, trouble=None, port=0):
        self.plant, self.trouble = plant, trouble or Trouble()
        self.answers, self.seen = [], []
        super().__init__(("127.0.0.1", port), Handler)

    def handle_error(self, *_):
        """A client that went away is nothing to tell."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(*_)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def __enter__(self):
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.thread.join()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "plant"
    wbufsize = -1  # headers and body in one segment: else the client's delayed ACK costs 40 ms each time

    def log_message(self, *_):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = dict(self.headers.items())
        self.server.seen.append((self.path, headers, body))
        planned = self.server.answers.pop(0) if self.server.answers else None
        if planned == "cut":
            return self.cut()
        if planned is not None:
            return self.answer(*planned)
        if self.path == "/v1/reports":
            return self.answer(200, {"device": json.loads(body)["device"], "kept": True})
        if self.path == "/v1/devices":
            return self.answer(*self.server.plant.enroll(body))
        return self.batch(headers, body)

    def batch(self, headers, body):
        trouble, url = self.server.trouble, f"{self.server.url}{self.path}"
        if trouble.comes():
            return self.answer(503, {}, {"Retry-After": "0"})
        if trouble.old and trouble.comes():  # an old request arrives once more, late
            self.server.plant.take(url, *trouble.random.choice(trouble.old))
        trouble.old.append((headers, body))
        status, content = self.server.plant.take(url, headers, body)
        if trouble.comes():  # committed, and nobody hears of it
            return self.cut()
        return self.answer(status, content)

    def cut(self):
        self.close_connection = True

    def answer(self, status, content, headers=None):
        body = json.dumps(content).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main():
    path, port, *seed = sys.argv[1:]
    for _ in range(100):  # the port of a server that was killed
        try:
            server = Server(Plant(path), Trouble(int(seed[0]) if seed else None), int(port))
            break
        except OSError:
            time.sleep(0.05)
    print(server.server_port, flush=True)  # noqa: T201  # tells the test
    server.serve_forever(poll_interval=0.01)


if __name__ == "__main__":
    main()
