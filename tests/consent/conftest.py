"""Keys from fixed seeds, and a log in memory behind the interface of the real one."""

import hashlib
import importlib.util
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from consent.log.writer import LogWriter, create_log
from consent.notes import KeyType, Signer


def _load(name):
    """Load a helper that stands beside this file; tests are no package."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


site_world = _load("world")


class MemoryFiles:
    """The files of a log as a dictionary."""

    def __init__(self, files=()):
        self.files = dict(files)

    def read(self, path):
        return self.files.get(path)

    def widths(self, path):
        prefix = f"{path}.p/"
        return [int(name.removeprefix(prefix)) for name in self.files if name.startswith(prefix)]

    def write(self, files):
        self.files.update(files)

    def replace(self, path, content):
        self.files[path] = content

    def remove(self, path):
        self.files.pop(path, None)


@pytest.fixture
def memory_files():
    return MemoryFiles


@pytest.fixture
def signer_of():
    """Make a signer whose key depends on its name alone."""

    def make(name, type_=KeyType.ED25519):
        return Signer(
            name, type_, Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())
        )

    return make


@pytest.fixture
def log_of(signer_of):
    """Write batches of entries into a new log in memory; return files, writer and acknowledgements."""

    def make(*batches, name="log.example"):
        files = MemoryFiles()
        create_log(files, signer_of(name))
        writer = LogWriter(files, signer_of(name))
        return files, writer, [writer.append(batch) for batch in batches]

    return make


@pytest.fixture
def entries():
    """Numbered entries, each unlike any other."""
    return lambda start, end: [b"entry %d" % number for number in range(start, end)]


@pytest.fixture(scope="session")
def worlds():
    """The helper `world.py`: constants, workers, identifiers."""
    return site_world


@pytest.fixture(scope="session")
def make_world():
    """Make a site whose log is empty and in memory."""
    return lambda: site_world.World(MemoryFiles())


@pytest.fixture
def world(make_world):
    """A site with founding keys, an active agreement and a device, on the first morning of its campaign."""
    return make_world().founded().agreed().enrolled()
