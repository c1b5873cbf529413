"""`fairtakt serve` in a process of its own, for tests that talk to it, and that kill it."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]


class Server:
    """The program in a process of its own."""

    def __init__(self, address):
        self.address = address
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = None

    def start(self):
        code = "import typer; from cli.serve import serve; typer.run(serve)"
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, "--database", self.address, "--port", str(self.port)],
            cwd=ROOT,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(600):
            assert self.process.poll() is None, "the server ended"
            try:
                if httpx.get(f"{self.url}/health/ready").status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        pytest.fail("the server does not get ready")

    def end(self, how):
        self.process.send_signal(how)
        return self.process.wait(60)

    def kill(self):
        assert self.end(signal.SIGKILL) == -signal.SIGKILL
