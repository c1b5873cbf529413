"""A whole plant in one process: the application on a real database, driven without a network."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import HTTPMessageSigner, MappingKeyResolver
from http_message_signatures.algorithms import ED25519
from sqlalchemy import func, select

from api.app import create_app
from api.services import Limits, Services
from consent.notes import KeyType, Signer
from storage.sql.database import Database
from storage.sql.devices import add_code
from storage.sql.store import SqlStore
from storage.sql.tables import metadata

NOW_MS = 1_795_240_800_000
START_MS = 1_735_689_600_000
"""Of intervals: long over, also by the clock of a server that is a process of its own."""
BOOT = "ab" * 16
COVERED = ("@method", "@path", "content-digest", "content-type")


def interval(ordinal=0, **changes):
    return {
        "session": "cd" * 16,
        "ordinal": ordinal,
        "station": "bench-1",
        "state": "assembling",
        "category": "cycle-bound",
        "start_ms": START_MS + 1000 * ordinal,
        "duration_ns": 10**9 + ordinal,
        "confidence": 970,
        "cycle": 1,
        "reason": None,
        **changes,
    }


class Device:
    """A device's key, and batches signed by it. Written from the wire's description, not from our sender."""

    def __init__(self, name, seed=b"d"):
        self.name = name
        self.private = Ed25519PrivateKey.from_private_bytes(seed * 32)
        self.key = str(Signer(name, KeyType.ED25519, self.private).verifier)

    def batch(self, sequence=0, *, intervals=None, **changes):
        content = {
            "device": self.name,
            "boot": BOOT,
            "sequence": sequence,
            "intervals": [interval(sequence)] if intervals is None else intervals,
            **changes,
        }
        return json.dumps(content).encode()

    def headers(self, body, sequence=0, *, host="http://plant", **changes):
        """Sign `body`; `changes` are arguments of the signer, or `path`, `method`, `content_type`."""
        request = httpx.Request(
            changes.pop("method", "POST"),
            host + changes.pop("path", "/v1/batches"),
            headers={"Content-Type": changes.pop("content_type", "application/json")},
        )
        request.headers.pop("content-length", None)
        keys = MappingKeyResolver(public_keys={}, private_keys={self.name: self.private})
        signer = HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=keys)
        arguments = {
            "key_id": self.name,
            "created": datetime.fromtimestamp(NOW_MS / 1000, UTC),
            "nonce": f"{BOOT}.{sequence}",
            "label": "fairtakt",
            "include_alg": False,
            "covered_component_ids": COVERED,
            "body": body,
            **changes,
        }
        signer.sign(request, **arguments)
        return {name: value for name, value in request.headers.items() if name != "host"}


class Plant:
    """Application and database; a context manager."""

    def __init__(self, address, **services):
        self.database = Database(address)
        self.steady_s, self.moved_s = 0.0, 0
        self._start_ms = services.pop("start_ms", NOW_MS)
        arguments = {"now_ms": self.now_ms, "steady_s": lambda: self.steady_s, "limits": Limits()}
        self.store = services.pop("store", None) or SqlStore(self.database)
        accounts = services.pop("accounts", None)
        self.viewers = None if accounts is None else accounts(self.database)
        services["accounts"] = self.viewers
        self.services = Services(self.store, self.database, **{**arguments, **services})
        self.app = create_app(self.services)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.database.close()

    def ask(self, method, path, **arguments):
        """Send one request."""

        async def ask():
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://plant") as client:
                return await client.request(method, path, **arguments)

        # On a thread of its own: where a browser is open, this one has a loop already.
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(asyncio.run, ask()).result()

    def now_ms(self):
        """The server's clock; `moved_s` moves it."""
        return self._start_ms + self.moved_s * 1000

    def time(self):
        return datetime.fromtimestamp(self.now_ms() / 1000, UTC)

    def code(self, site="north"):
        return add_code(self.database, site, "Europe/Berlin", hours=1, at_ms=self.now_ms())

    def enrol(self, **fields):
        return self.ask("POST", "/v1/devices", json=fields)

    def enrolled(self, name, seed=b"d", site="north"):
        device = Device(name, seed)
        assert self.enrol(code=self.code(site), name=name, key=device.key).status_code == 201
        return device

    def send(self, device, sequence=0, *, body=None, headers=None, **signing):
        body = device.batch(sequence) if body is None else body
        signed = device.headers(body, sequence, **signing)
        return self.ask("POST", "/v1/batches", content=body, headers={**signed, **(headers or {})})

    def rows(self):
        """How many rows each table has."""
        with self.database.reading() as connection:
            return {
                name: connection.execute(select(func.count()).select_from(table)).scalar()
                for name, table in metadata.tables.items()
            }


def is_problem(answer, status, name):
    """Hold an answer to RFC 9457; return its detail."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == f"urn:fairtakt:problem:{name}"
    assert problem["status"] == status
    assert problem["title"]
    return problem["detail"]
