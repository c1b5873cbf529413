"""The server's secret: made once, kept to the server, and nothing it seals opens for anybody else."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from api.accounts.secret import Secret, Unsealable
from productivity.errors import BadInput


@pytest.fixture
def path(tmp_path):
    return tmp_path / "fairtakt.secret"


@pytest.fixture
def secret(path):
    return Secret.load_or_make(path)


def test_it_is_made_once_and_only_the_server_may_read_it(path, secret):
    content = path.read_bytes()
    assert len(content) == 32
    assert path.stat().st_mode & 0o777 == 0o600
    Secret.load_or_make(path)
    assert path.read_bytes() == content
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_two_servers_that_start_at_once_have_one_secret(path):
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: Secret.load_or_make(path), range(8)))
    assert len({secret.name_digest("somebody") for secret in made}) == 1
    assert len(list(path.parent.iterdir())) == 1


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_secret_that_others_may_read_is_none(path, secret, mode):
    path.chmod(mode)
    with pytest.raises(BadInput, match="others may read it"):
        Secret.load_or_make(path)


@pytest.mark.parametrize("content", [b"", bytes(31), bytes(33)], ids=["empty", "short", "long"])
def test_a_damaged_secret_is_not_replaced(path, content):
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(BadInput, match="not a secret of the server"):
        Secret.load_or_make(path)
    assert path.read_bytes() == content


def test_a_missing_directory_is_named(tmp_path):
    with pytest.raises(BadInput, match="no such directory"):
        Secret.load_or_make(tmp_path / "missing" / "fairtakt.secret")


def test_what_is_sealed_opens_for_its_account(secret):
    sealed = secret.seal(b"a secret of an app", 7)
    assert secret.open(sealed, 7) == b"a secret of an app"
    assert b"a secret" not in sealed
    assert secret.seal(b"a secret of an app", 7) != sealed


def test_it_opens_for_nobody_else(secret, tmp_path):
    """Who writes into the table cannot give one account the authenticator app of another."""
    sealed = secret.seal(b"a secret of an app", 7)
    other = Secret.load_or_make(tmp_path / "other")
    changed = bytes([*sealed[:-1], sealed[-1] ^ 1])
    for attempt in (
        lambda: secret.open(sealed, 8),
        lambda: other.open(sealed, 7),
        lambda: secret.open(changed, 7),
        lambda: secret.open(sealed[:20], 7),
        lambda: secret.open(b"", 7),
    ):
        with pytest.raises(Unsealable):
            attempt()


def test_names_are_counted_under_what_tells_nothing(secret, tmp_path):
    assert secret.name_digest("works council") == secret.name_digest("works council")
    assert secret.name_digest("works council") != secret.name_digest("works councilor")
    assert Secret.load_or_make(tmp_path / "other").name_digest("a") != secret.name_digest("a")


def test_its_text_shows_nothing(path, secret):
    assert path.read_bytes().hex() not in repr(secret)
    assert repr(path.read_bytes()) not in repr(vars(secret))
