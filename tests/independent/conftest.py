"""A program in Go that reads what we wrote, and keys from fixed seeds to write with."""

import base64
import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from consent.notes import KeyType, Signer

SOURCE = Path(__file__).with_name("reader")
GOPATH = Path("/usr/share/gocode")
"""Where Debian's packages of Go libraries put their sources."""


@pytest.fixture(scope="session")
def go_program(tmp_path_factory):
    """Compile the reader, without a network and without touching anybody's cache."""
    go = shutil.which("go")
    if go is None:
        pytest.skip("no Go compiler: Debian package golang-go")
    if not (GOPATH / "src/golang.org/x/mod/sumdb/tlog").is_dir():
        pytest.skip("no golang.org/x/mod: Debian package golang-golang-x-mod-dev")
    directory = tmp_path_factory.mktemp("go")
    settings = {
        "GO111MODULE": "off",
        "GOPATH": str(GOPATH),
        "GOCACHE": str(directory / "cache"),
        "GOPROXY": "off",
        "GOTOOLCHAIN": "local",
        "GOFLAGS": "",
        "CGO_ENABLED": "0",
        "HOME": str(directory),
    }
    program = directory / "reader"
    built = subprocess.run(
        [go, "build", "-o", program, "."],
        cwd=SOURCE,
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    return program


@pytest.fixture(scope="session")
def ask(go_program):
    """Ask the Go program; return what it read, or raise `Refused`."""
    with subprocess.Popen(
        [go_program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:

        def put(question, **fields):
            request = {"ask": question} | {name: _plain(value) for name, value in fields.items()}
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
            reply = json.loads(process.stdout.readline())
            if "refused" in reply:
                raise Refused(reply["refused"])
            return reply | {"root": base64.b64decode(reply["root"])} if "root" in reply else reply

        yield put


class Refused(Exception):
    """What the Go program did not accept."""


@pytest.fixture(scope="session")
def refused():
    return Refused


def _plain(value):
    match value:
        case bytes():
            return base64.b64encode(value).decode()
        case list() | tuple():
            return [_plain(one) for one in value]
        case os.PathLike():
            return os.fspath(value)
    return value


def _signer(name, type_=KeyType.ED25519):
    seed = hashlib.sha256(name.encode()).digest()
    return Signer(name, type_, Ed25519PrivateKey.from_private_bytes(seed))


@pytest.fixture(scope="session")
def signer_of():
    return _signer


@pytest.fixture(scope="session")
def log_signer():
    return _signer("plant.example/log")


@pytest.fixture(scope="session")
def witness():
    return _signer("council.example/witness", KeyType.COSIGNATURE)
