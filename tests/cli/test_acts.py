"""The parties' acts as they type them: what is printed, what then stands in the log."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from consent.agreement.form import agreement_hash
from consent.agreement.signing import open_agreement
from consent.keys import Role
from productivity.errors import BadInput, FairtaktError


def states(site):
    return [one["state"] for one in json.loads(site.status("--json"))["agreements"]]


def test_an_agreement_is_proposed_and_activated(by_command):
    by_command.init()
    said = by_command.run("agreement", "propose", by_command.plant, by_command.signed(), passphrase=False)
    assert said.startswith(
        "handed in: assembly-cell-study version 1, signed by both; it counts once it stands"
    )
    assert "3 entries taken in; the log holds 6" in by_command.operate()
    assert states(by_command) == ["signed by both"]
    said = by_command.run("agreement", "activate", by_command.plant, "--key", by_command.key("council"))
    assert "handed in: agreement.activated/1" in said
    by_command.operate()
    assert states(by_command) == ["active"]


def test_a_suspension_counts_before_the_operator_has_taken_it_in(by_command):
    site = by_command.active()
    said = site.run("agreement", "suspend", site.plant, "--key", site.key("council"))
    assert "it counts for recorders at once. The operator takes it into the log." in said
    words = site.status()
    assert "assembly-cell-study version 1: active since" in words
    assert "counts as suspended, an act waits" in words
    site.operate()
    assert "assembly-cell-study version 1: suspended since" in site.status()


def test_suspending_needs_nothing_of_the_log(by_command):
    """The council knows the agreement's hash and the log's key; the log may be gone, or lie."""
    site = by_command.active()
    name = agreement_hash(open_agreement((site.root / "both.note").read_bytes(), "note").agreement)
    (site.plant / "log").rename(site.root / "gone")
    words = ["suspend", site.plant, "--agreement", name, "--log-key", site.vkey("log")]
    site.run("agreement", *words, "--key", site.key("council"))
    (site.root / "gone").rename(site.plant / "log")
    site.operate()
    assert states(site) == ["suspended"]


def test_without_a_log_and_without_its_key_there_is_no_act(by_command):
    site = by_command.active()
    (site.plant / "log").rename(site.root / "gone")
    with pytest.raises(FairtaktError, match="no file 'checkpoint'"):
        site.run("agreement", "suspend", site.plant, "--agreement", "00" * 32, "--key", site.key("council"))


def test_both_resume(by_command):
    site = by_command.active()
    site.run("agreement", "suspend", site.plant, "--key", site.key("council"))
    site.operate()
    act = site.root / "resume.act"
    said = site.run("agreement", "resume", site.plant, "--key", site.key("council"), "--out", act)
    assert "signed by one" in said
    said = site.run("agreement", "resume", site.plant, "--key", site.key("employer"), "--act", act)
    assert "handed in: agreement.resumed/1, signed by both" in said
    site.operate()
    assert states(site) == ["active"]


def test_one_cannot_resume_alone(by_command):
    site = by_command.active()
    site.run("agreement", "suspend", site.plant, "--key", site.key("council"))
    site.operate()
    act = site.root / "resume.act"
    site.run("agreement", "resume", site.plant, "--key", site.key("council"), "--out", act)
    with pytest.raises(BadInput, match="signed already"):
        site.run("agreement", "resume", site.plant, "--key", site.key("council"), "--act", act)
    site.run("log", "hand-in", site.plant, act, passphrase=False)
    assert "refused: " in (said := site.operate())
    assert "not enough to resume an agreement: expected both parties, found works council" in said


def test_an_act_that_lifts_an_earlier_suspension_is_not_signed(by_command):
    site = by_command.active()
    site.run("agreement", "suspend", site.plant, "--key", site.key("council"))
    site.operate()
    act = site.root / "resume.act"
    site.run("agreement", "resume", site.plant, "--key", site.key("employer"), "--out", act)
    site.run("agreement", "suspend", site.plant, "--key", site.key("council"))
    site.operate()
    with pytest.raises(BadInput, match="not the act that lifts this suspension: expected entry 8"):
        site.run("agreement", "resume", site.plant, "--key", site.key("council"), "--act", act)


@pytest.mark.parametrize("options", [[], ["--out", "a", "--act", "b"]])
def test_resume_takes_one_of_two_options(by_command, options):
    site = by_command.active()
    site.run("agreement", "suspend", site.plant, "--key", site.key("council"))
    site.operate()
    with pytest.raises(BadInput, match="one of two options"):
        site.run("agreement", "resume", site.plant, "--key", site.key("employer"), *options)


def test_either_party_ends(by_command):
    site = by_command.active()
    site.run("agreement", "end", site.plant, "--key", site.key("employer"))
    site.operate()
    assert states(site) == ["ended"]
    with pytest.raises(BadInput, match="expected one that is active or suspended, found none"):
        site.run("agreement", "suspend", site.plant, "--key", site.key("council"))


@pytest.mark.parametrize("name", ["edge", "log"])
def test_nobody_else_suspends(by_command, name):
    site = by_command.active()
    with pytest.raises(BadInput, match="key has another role"):
        site.run("agreement", "suspend", site.plant, "--key", site.key(name))
    assert list((site.plant / "acts").glob("*.note")) == []


def test_an_agreement_that_nobody_signed_is_not_proposed(by_command):
    by_command.init()
    with pytest.raises(BadInput, match="no such file"):
        by_command.run(
            "agreement", "propose", by_command.plant, by_command.root / "nothing.note", passphrase=False
        )


def test_status_says_when_there_is_nothing(by_command):
    by_command.init()
    words = by_command.status()
    assert "no agreement\nnothing is being recorded\nlast co-signature: none" in words


def test_status_believes_no_other_log(by_command):
    by_command.init()
    with pytest.raises(BadInput, match="not signed by any known key"):
        by_command.run(
            "agreement",
            "status",
            by_command.plant,
            "--log-key",
            by_command.vkey("employer"),
            passphrase=False,
        )


# Keys and devices.


def test_a_device_is_enrolled_and_revoked(by_command):
    site = by_command.active()
    words = ["add", site.plant, site.vkey("edge"), "--role", "device", "--device", "edge-1"]
    site.run("keys", *words, "--key", site.key("employer"))
    assert "1 entries taken in" in site.operate()
    words = ["retire", site.plant, "--role", "device", "--device", "edge-1"]
    assert "it counts for recorders at once" in site.run("keys", *words, "--key", site.key("council"))
    assert "1 entries taken in" in site.operate()


def test_the_council_changes_its_key_and_its_witness(by_command):
    site = by_command.active()
    site.create("council2", Role.WORKS_COUNCIL)
    site.create("witness2", Role.WITNESS)
    words = [
        "add",
        site.plant,
        site.vkey("witness2"),
        "--role",
        "witness",
        "--replaces",
        site.vkey("witness"),
    ]
    site.run("keys", *words, "--key", site.key("council"))
    words = ["add", site.plant, site.key("council2"), "--role", "works-council"]
    words += ["--new-passphrase-file", site.passphrase, "--key", site.key("council")]
    site.run("keys", *words)
    assert "2 entries taken in" in site.operate()
    words = ["retire", site.plant, site.vkey("council"), "--role", "works-council"]
    site.run("keys", *words, "--key", site.key("council2"))
    assert "1 entries taken in" in site.operate()
    site.run("agreement", "suspend", site.plant, "--key", site.key("council"))
    assert "signature is missing" in site.operate()
    site.run("agreement", "suspend", site.plant, "--key", site.key("council2"))
    assert "1 entries taken in" in site.operate()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--role", "device"], "--device goes with"),
        (["--role", "licensee", "--device", "edge-1"], "--device goes with"),
        (["--role", "witness", "--key", "council"], "made with --role witness"),
        (["--role", "licensee", "--key", "council"], "key has another role"),
    ],
)
def test_keys_that_cannot_be_are_not_handed_in(by_command, words, says):
    site = by_command.active()
    words = [str(site.key(word)) if word == "council" else word for word in words]
    if "--key" not in words:
        words += ["--key", str(site.key("employer"))]
    with pytest.raises(BadInput, match=says):
        site.run("keys", "add", site.plant, site.vkey("edge"), *words)
    assert list((site.plant / "acts").glob("*.note")) == []


def test_a_suspension_by_hand_is_seen_by_a_process_that_follows(by_command):
    """As on two machines: one process suspends, another reads the directory afterwards."""
    site = by_command.active()
    command = "import sys; from cli.main import main; sys.argv[0] = 'fairtakt'; main()"
    words = ["agreement", "suspend", site.plant, "--key", site.key("council")]
    root = Path(__file__).resolve().parents[2]
    subprocess.run(
        [sys.executable, "-c", command, *map(str, words), "--passphrase-file", str(site.passphrase)],
        check=True,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
    )
    assert "counts as suspended" in site.status()
