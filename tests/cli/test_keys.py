"""`fairtakt keys` as a user types it."""

import pytest
from typer.testing import CliRunner

from cli.keys import keys
from consent.keys import Role, open_key
from productivity.errors import BadInput

PASSPHRASE = "twelve blue lathes"  # noqa: S105  # opens nothing but what the tests make


def run(*words, **named):
    return CliRunner().invoke(keys, [str(word) for word in words], catch_exceptions=False, **named)


def test_a_key_is_made_and_shown(tmp_path):
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n")
    made = run(
        "new",
        "plant.example/log",
        "--role",
        "plant-log",
        "--out",
        tmp_path,
        "--passphrase-file",
        tmp_path / "passphrase",
    )
    assert made.exit_code == 0
    verifier_key = (tmp_path / "plant.example_log.vkey").read_text().strip()
    assert verifier_key in made.output
    assert run("show", tmp_path / "plant.example_log.key").output.split() == ["plant-log", verifier_key]
    role, signer = open_key(tmp_path / "plant.example_log.key", PASSPHRASE)
    assert (role, str(signer.verifier)) == (Role.PLANT_LOG, verifier_key)


def test_the_passphrase_is_asked_for_twice_and_not_shown(tmp_path):
    made = run("new", "a.example", "--role", "employer", "--out", tmp_path, input=f"{PASSPHRASE}\n" * 2)
    assert made.exit_code == 0
    assert PASSPHRASE not in made.output
    open_key(tmp_path / "a.example.key", PASSPHRASE)


def test_different_answers_make_no_key(tmp_path):
    made = run("new", "a.example", "--role", "employer", "--out", tmp_path, input=f"{PASSPHRASE}\nother\n")
    assert made.exit_code != 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "content"), [("empty", b""), ("binary", b"\xff"), ("missing", None)])
def test_a_passphrase_file_must_hold_a_passphrase(tmp_path, name, content):
    path = tmp_path / "passphrase"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadInput, match="a passphrase in its first line"):
        run("new", "a.example", "--role", "employer", "--out", tmp_path, "--passphrase-file", path)
