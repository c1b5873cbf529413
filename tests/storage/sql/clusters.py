"""A PostgreSQL server of our own: in a new directory, reachable by a Unix socket only, gone afterwards."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

import pytest

OWNER = "postgres"
"""PostgreSQL refuses to run as root; Debian's package brings this user."""


def _program(name: str) -> str | None:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else shutil.which(name)


class Cluster:
    """A running server."""

    def __init__(self, place: Path) -> None:
        self._place = place

    def new(self) -> str:
        """Make an empty database; return its address."""
        import psycopg

        name = f"t{token_hex(6)}"
        with psycopg.connect(
            host=str(self._place), dbname="postgres", user="t", autocommit=True
        ) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return f"postgresql+psycopg://t@/{name}?host={self._place}"


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Start a server; skip where PostgreSQL is not installed."""
    initdb, pg_ctl = _program("initdb"), _program("pg_ctl")
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    if initdb is None or pg_ctl is None:
        pytest.skip("PostgreSQL is not installed")
    prefix: list[str] = []
    place = Path(tempfile.mkdtemp(prefix="fairtakt-pg-"))
    if os.geteuid() == 0:
        prefix = ["runuser", "-u", OWNER, "--"]
        try:
            shutil.chown(place, OWNER)
        except LookupError:
            pytest.skip(f"tests run as root and there is no user {OWNER!r}")
    data, log = str(place / "data"), str(place / "log")
    options = f"-c listen_addresses='' -k {place}"
    try:
        run([*prefix, initdb, "-D", data, "-U", "t", "--auth=trust", "--no-locale", "-E", "UTF8"])
        run([*prefix, pg_ctl, "-D", data, "-l", log, "-o", options, "-w", "start"])
        try:
            yield Cluster(place)
        finally:
            run([*prefix, pg_ctl, "-D", data, "-m", "immediate", "-w", "stop"])
    finally:
        shutil.rmtree(place)


def run(command: list[str]) -> None:
    done = subprocess.run(command, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 0, done.stderr
