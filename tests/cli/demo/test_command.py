"""`fairtakt demo codes` tells how to sign in, and is all that somebody needs who has no authenticator app."""

import pyotp
import pytest
from typer.testing import CliRunner

from cli.demo.people import read_credentials
from cli.main import application
from productivity.errors import BadInput


def run(*arguments):
    return CliRunner().invoke(application("demo"), ["demo", *arguments], catch_exceptions=False)


def test_it_prints_accounts_passwords_codes_and_tokens(demo):
    said = run("codes", "--demo-dir", str(demo.directory)).output
    for one in read_credentials(demo.credentials):
        line = next(line for line in said.splitlines() if line.startswith(f"{one.name} "))
        assert one.password in line
        assert line.endswith(" s") == (one.totp is not None)
    assert "not answered yet" in said


def test_it_prints_one_code_for_programs(demo):
    council = next(one for one in read_credentials(demo.credentials) if one.role == "works council")
    code = run("codes", "works council", "--demo-dir", str(demo.directory)).output.strip()
    assert pyotp.TOTP(council.totp).verify(code, valid_window=1)


@pytest.mark.parametrize("name", ["engineer", "nobody"])
def test_an_account_without_codes_is_named_no_code(demo, name):
    with pytest.raises(BadInput, match="administrator"):
        run("codes", name, "--demo-dir", str(demo.directory))


def test_without_a_demonstration_it_says_how_to_make_one(tmp_path):
    with pytest.raises(BadInput, match="fairtakt serve --demo"):
        run("codes", "--demo-dir", str(tmp_path))
