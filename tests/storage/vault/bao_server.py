"""A real OpenBao on loopback, without TLS and in memory, for as long as a test session needs it."""

import socket
import subprocess
import time
from contextlib import contextmanager

import httpx

TOKEN = "root-of-a-test"  # noqa: S105


class RealServer:
    """The same few words as `TransitServer`."""

    token = TOKEN

    def __init__(self, address):
        self.address = address

    def names(self):
        answer = httpx.request("LIST", f"{self.address}/v1/transit/keys", headers={"X-Vault-Token": TOKEN})
        return set(answer.json()["data"]["keys"]) if answer.status_code == 200 else set()


@contextmanager
def running(binary, directory):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"127.0.0.1:{port}"
    command = [binary, "server", "-dev", "-dev-no-store-token", f"-dev-root-token-id={TOKEN}"]
    with subprocess.Popen(
        [*command, f"-dev-listen-address={address}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"HOME": str(directory), "PATH": ""},
        cwd=directory,
    ) as server:
        try:
            _wait(f"http://{address}/v1/", server)
            yield RealServer(f"http://{address}")
        finally:
            server.terminate()


def _wait(address, server):
    headers = {"X-Vault-Token": TOKEN}
    for _ in range(300):
        assert server.poll() is None, "openbao did not start"
        try:
            mounted = httpx.post(f"{address}sys/mounts/transit", json={"type": "transit"}, headers=headers)
        except httpx.TransportError:
            time.sleep(0.1)
            continue
        if mounted.status_code == 204:
            return
        time.sleep(0.1)
    raise AssertionError("openbao does not answer")
