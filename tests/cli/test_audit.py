"""`fairtakt audit` as a works council types it."""

import hashlib
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from typer.testing import CliRunner

from cli.audit import audit
from consent.entries.bodies import KeyAdded
from consent.entries.form import Entry
from consent.entries.times import utc_ms
from consent.keys import Role
from consent.log.directory import locked_directory
from consent.log.writer import LogWriter, create_log
from consent.notes import KeyType, Signer, cosign, parse_note
from productivity.errors import BadInput

AT = utc_ms("2027-03-01T08:00:00.000Z")


def signer(name, type_=KeyType.ED25519):
    return Signer(name, type_, Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest()))


LOG, EMPLOYER, COUNCIL = map(signer, ("plant.example/log", "plant.example/employer", "plant.example/council"))
WITNESS = signer("council.example/witness", KeyType.COSIGNATURE)
FOUNDERS = {Role.EMPLOYER: EMPLOYER, Role.WORKS_COUNCIL: COUNCIL, Role.WITNESS: WITNESS}


@pytest.fixture
def place(tmp_path):
    """A log that was founded and co-signed in `log`, and the council's policy in `policy`."""
    (tmp_path / "log").mkdir()
    with locked_directory(tmp_path / "log") as files:
        create_log(files, LOG)
        writer = LogWriter(files, LOG)
        entries = [Entry(AT, KeyAdded(role=role, key=str(key.verifier))) for role, key in FOUNDERS.items()]
        note = parse_note(writer.append(list(map(bytes, entries))).note)
        writer.publish_cosigned(str(cosign(note, WITNESS, AT // 1000)))
    (tmp_path / "policy").write_text(
        f"log {LOG.verifier}\nwitness w {WITNESS.verifier}\nquorum w\n"
        f"employer {EMPLOYER.verifier}\nworks-council {COUNCIL.verifier}\n"
    )
    return tmp_path


def run(command, place, *words, policy="policy"):
    line = [command, place / "log", "--policy", place / policy, "--at", "2027-03-01T09:00:00.000Z", *words]
    return CliRunner().invoke(audit, list(map(str, line)), catch_exceptions=False)


def spoil(place):
    """Turn one bit of the first entry."""
    bundle = place / "log" / "tile" / "entries" / "000.p" / "3"
    content = bytearray(bundle.read_bytes())
    content[30] ^= 1
    bundle.write_bytes(content)


def test_a_log_that_keeps_everything_has_status_0(place):
    result = run("verify", place)
    assert result.exit_code == 0
    assert result.output.startswith("plant.example/log: All kept: no breach found.")
    assert " 15. Did only those look" in result.output


def test_findings_have_status_1_and_name_the_entry(place):
    spoil(place)
    result = run("verify", place, "--language", "de")
    assert result.exit_code == 1
    assert "lässt sich nicht prüfen" in result.output
    assert "entry 0 does not fit its tile" in result.output


def test_json_goes_to_the_terminal_or_into_a_new_file(place):
    printed = json.loads(run("verify", place, "--json", "-").output)
    assert (printed["clean"], printed["entries"], printed["judged_at"]) == (
        True,
        3,
        "2027-03-01T09:00:00.000Z",
    )
    out = place / "result.json"
    assert run("verify", place, "--json", out).exit_code == 0
    assert json.loads(out.read_text(encoding="utf-8")) == printed
    with pytest.raises(BadInput, match="file exists"):
        run("verify", place, "--json", out)


def test_a_checkpoint_of_ones_own_is_held_against_the_log(place):
    (place / "mine").write_bytes((place / "log" / "checkpoint").read_bytes())
    result = run("verify", place, "--earlier", place / "mine")
    assert result.exit_code == 0
    assert "earlier checkpoints: 1; in order" in result.output


def test_an_entry_of_the_future_is_a_finding(place):
    """Whoever audits as of 1970 finds the entries of 2027 dated ahead."""
    line = ["verify", place / "log", "--policy", place / "policy", "--at", "1970-01-01T00:00:00.000Z"]
    result = CliRunner().invoke(audit, list(map(str, line)), catch_exceptions=False)
    assert result.exit_code == 1
    assert "dated ahead" in result.output


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_page_appears_and_replaces_an_earlier_one(place, language):
    for _ in range(2):
        result = run("report", place, "--out", place / "out", "--language", language)
        assert result.exit_code == 0
    page = place / "out" / f"audit.{language}.html"
    assert [page] == list((place / "out").iterdir())
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_a_page_with_findings_is_written_and_has_status_1(place):
    spoil(place)
    assert run("report", place, "--out", place / "out").exit_code == 1
    assert (place / "out" / "audit.en.html").exists()


def test_a_page_overwrites_nothing_else(place):
    (place / "out").mkdir()
    (place / "out" / "letter.txt").write_text("important")
    with pytest.raises(BadInput, match="not empty"):
        run("report", place, "--out", place / "out")
    assert (place / "out" / "letter.txt").read_text() == "important"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["verify", "log", "--policy", "nothing"], "nothing: no such file"),
        (["verify", "nowhere", "--policy", "policy"], "there is no log here"),
        (["verify", "log", "--policy", "bad"], "line 2: unknown kind of line"),
        (["verify", "log", "--policy", "no-log"], "policy names no log"),
        (["verify", "log", "--policy", "policy", "--earlier", "bad"], "bad: not a signed note"),
        (["verify", "log", "--policy", "policy", "--at", "today"], "--at: not an instant"),
    ],
)
def test_what_cannot_be_read_is_one_line(place, monkeypatch, words, says):
    (place / "bad").write_text("quorum none\nnonsense\n")
    (place / "no-log").write_text("quorum none\n")
    monkeypatch.chdir(place)
    with pytest.raises(BadInput, match=says):
        CliRunner().invoke(audit, words, catch_exceptions=False)
