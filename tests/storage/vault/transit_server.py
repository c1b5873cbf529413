"""A transit engine in memory, as OpenBao 2.7 answers; what it answers was read off a real one.

`tests/storage/vault/test_transit.py` asks both the same, so this one cannot drift from the real one unnoticed
where that is installed.
"""

import base64
import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

TOKEN = "root-of-a-test"  # noqa: S105


class TransitServer(ThreadingHTTPServer):
    """Listens on loopback; `keys` by name. `fault(method, path)` may give a status to answer instead."""

    daemon_threads = True

    def __init__(self, mount="transit"):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.mount = mount
        self.token = TOKEN
        self.keys = {}
        self.asked = []
        self.fault = lambda method, path: None
        self.thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}"

    def names(self):
        return set(self.keys)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.thread.join()
        self.server_close()


class _Refused(Exception):
    def __init__(self, status, *errors):
        self.status, self.errors = status, list(errors)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def _serve(self):
        length = int(self.headers.get("Content-Length") or 0)
        content = json.loads(self.rfile.read(length) or b"{}")
        server, prefix = self.server, f"/v1/{self.server.mount}/"
        path = self.path.removeprefix(prefix)
        server.asked.append((self.command, path))
        try:
            self._admit(path, prefix)
            data = self._answer(path.split("/"), content)
        except _Refused as refused:
            self._send(refused.status, {"errors": refused.errors})
        else:
            self._send(204 if data is None else 200, None if data is None else {"data": data})

    do_GET = do_POST = do_DELETE = _serve  # noqa: N815  # as http.server wants it

    def _admit(self, path, prefix):
        fault = self.server.fault(self.command, path)
        if fault is not None:
            raise _Refused(fault, "fault of a test")
        if self.headers.get("X-Vault-Token") != self.server.token:
            raise _Refused(403, "permission denied")
        if not self.path.startswith(prefix):
            raise _Refused(404, f"no handler for route {self.path!r}")

    def _answer(self, steps, content):
        match self.command, steps:
            case "POST", ["keys", name]:
                return self._described(name, self.server.keys.setdefault(name, _new(content)))
            case "GET", ["keys", name]:
                if name not in self.server.keys:
                    raise _Refused(404)
                return self._described(name, self.server.keys[name])
            case "POST", ["keys", name, "config"]:
                if name not in self.server.keys:
                    raise _Refused(400, f"no existing key named {name} could be found")
                self.server.keys[name] |= content
                return self._described(name, self.server.keys[name])
            case "DELETE", ["keys", name]:
                if name not in self.server.keys:
                    raise _Refused(400, f"error deleting policy {name}: could not delete key; not found")
                if not self.server.keys[name]["deletion_allowed"]:
                    raise _Refused(400, f"error deleting policy {name}: deletion is not allowed for this key")
                del self.server.keys[name]
                return None
            case "POST", ["encrypt", name]:
                key = self.server.keys.setdefault(name, _new({}))  # a real one makes it too
                nonce, plain = os.urandom(12), base64.b64decode(content["plaintext"])
                sealed = nonce + AESGCM(key["secret"]).encrypt(nonce, plain, _bound(content))
                return {"ciphertext": "vault:v1:" + base64.b64encode(sealed).decode(), "key_version": 1}
            case "POST", ["decrypt", name]:
                if name not in self.server.keys:
                    raise _Refused(400, "encryption key not found")
                sealed = base64.b64decode(content["ciphertext"].removeprefix("vault:v1:"))
                try:
                    cipher = AESGCM(self.server.keys[name]["secret"])
                    plain = cipher.decrypt(sealed[:12], sealed[12:], _bound(content))
                except InvalidTag:
                    raise _Refused(400, "cipher: message authentication failed") from None
                return {"plaintext": base64.b64encode(plain).decode()}
        raise _Refused(404)

    def _described(self, name, key):
        return {**{field: value for field, value in key.items() if field != "secret"}, "name": name}

    def _send(self, status, value):
        body = b"" if value is None else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _new(content):
    return {
        "type": content.get("type", "aes256-gcm96"),
        "deletion_allowed": False,
        "derived": False,
        "exportable": content.get("exportable", False),
        "allow_plaintext_backup": content.get("allow_plaintext_backup", False),
        "keys": {"1": 1795886221},
        "secret": AESGCM.generate_key(256),
    }


def _bound(content):
    return base64.b64decode(content.get("associated_data", ""))
