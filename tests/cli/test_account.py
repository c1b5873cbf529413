"""`fairtakt account` as whoever runs the server types it."""

import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

pytest.importorskip("fastapi", reason="the extra server is not installed")

from cli.account import account
from productivity.errors import BadInput, FairtaktError
from storage.sql.accounts import accounts, invitations
from storage.sql.accounts.records import AccountExists, NoAccount
from storage.sql.database import Database
from storage.sql.devices import add_code
from tests.api.server_process import Server

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "vier nasse Pferde"  # noqa: S105  # of accounts that live as long as a test


@pytest.fixture
def address(tmp_path):
    return f"sqlite:///{tmp_path}/plant.db"


@pytest.fixture
def run(address):
    def run(*words):
        return (
            CliRunner()
            .invoke(account, [str(word) for word in (*words, "--database", address)], catch_exceptions=False)
            .output
        )

    return run


def known(address, name):
    with Database(address) as opened:
        return accounts.find_by_name(opened, name)


def test_an_account_is_made_and_its_code_printed(run, address):
    code = run("add", "Works Council", "--role", "works-council").strip()
    made = known(address, "works council")
    assert (made.role, made.station, made.password) == ("works council", None, None)
    with Database(address) as opened:
        assert invitations.find_invited(opened, code, made.created_ms).id == made.id


def test_a_terminal_stands_at_a_station(run, address):
    with Database(address) as opened:
        add_code(opened, "north", "Europe/Berlin", hours=1, at_ms=0)
    run("add", "press terminal", "--role", "worker", "--station", "press")
    assert known(address, "press terminal").station == "press"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--role", "emperor"), "unknown role: expected engineer, works-council"),
        (("--role", "worker"), "expected the station where it stands"),
        (("--role", "worker", "--station", "press"), "no site is named"),
        (("--role", "worker", "--station", "press", "--site", "south"), "no such site"),
        (("--role", "engineer", "--station", "press"), "only a worker's account has a station"),
        (("--role", "engineer", "--hours", "0"), "valid too long or not at all"),
        (("--role", "engineer", "--issuer", "https://id.example"), "--issuer with --subject"),
        (
            ("--role", "works-council", "--issuer", "https://id.example", "--subject", "7"),
            "no account at the identity provider",
        ),
    ],
)
def test_what_is_refused_makes_nothing(run, address, words, says):
    with pytest.raises(BadInput, match=says):
        run("add", "somebody", *words)
    assert known(address, "somebody") is None


def test_a_name_is_taken_once(run):
    run("add", "engineering", "--role", "engineer")
    with pytest.raises(AccountExists):
        run("add", "Engineering", "--role", "manager")


def test_an_account_of_the_identity_provider_has_no_code(run, address):
    told = run("add", "head", "--role", "manager", "--issuer", "https://id.example", "--subject", "7")
    assert told == ""
    assert known(address, "head").identity.subject == "7"
    assert run("list") == "head  manager  -  identity provider\n"


def test_another_code_replaces_the_first(run, address):
    first = run("add", "engineering", "--role", "engineer").strip()
    second = run("invite", "engineering").strip()
    with Database(address) as opened:
        with pytest.raises(FairtaktError, match="wrong, used or expired"):
            invitations.find_invited(opened, first, 0)
        assert invitations.find_invited(opened, second, 0).name == "engineering"


def test_accounts_are_listed_with_how_they_sign_in(run, address):
    run("add", "planning", "--role", "engineer")
    code = run("add", "engineering", "--role", "engineer").strip()
    with Database(address) as opened:
        invitations.accept(opened, code, "a hash", attempt=bytes(32), at_ms=0)
    run("disable", "planning")
    assert run("list") == "engineering  engineer  -  password\nplanning     engineer  -  disabled\n"
    run("enable", "planning")
    run("reset", "engineering")
    assert run("list") == "engineering  engineer  -  invited\nplanning     engineer  -  invited\n"


def test_a_role_is_changed(run, address):
    run("add", "engineering", "--role", "engineer")
    run("assign", "engineering", "--role", "manager")
    assert known(address, "engineering").role == "manager"


@pytest.mark.parametrize("command", ["invite", "reset", "disable", "enable"])
def test_who_is_not_there_is_told(run, command):
    with pytest.raises(NoAccount):
        run(command, "nobody")


def test_the_first_administrator_signs_in_while_the_server_runs(address):
    """From the command to the cookie, with the product's own processes and its own hash parameters."""
    server = Server(address)
    server.start()
    try:
        words = ["account", "add", "it", "--role", "administrator", "--database", address]
        made = subprocess.run(
            [sys.executable, "-c", "from cli.main import main; main()", *words],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        with httpx.Client(base_url=server.url) as browser:
            content = {"code": made.stdout.strip(), "password": PASSWORD}
            answer = browser.post("/v1/invitations/accept", json=content)
            assert answer.json()["next"] == "/account", answer.text
            assert browser.get("/v1/account").json()["role"] == "administrator"
            again = httpx.post(f"{server.url}/v1/sign-in", json={"name": "IT", "password": PASSWORD})
            assert again.json()["outcome"] == "signed-in"
    finally:
        server.kill()
    secret = Path(address.removeprefix("sqlite:///") + ".secret")
    assert secret.stat().st_mode & 0o777 == 0o600
    assert known(address, "it").password.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
