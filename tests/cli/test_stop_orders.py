"""`fairtakt agreement stop-order` as a works council types it."""

import json
import stat

import pytest

from consent.agreement.form import agreement_hash
from consent.agreement.signing import open_agreement
from consent.site.plant import Plant
from consent.site.stop_orders import parse_stop_orders
from productivity.errors import BadInput


def state(site):
    (one,) = json.loads(site.status("--json"))["agreements"]
    return one["state"]


def orders(site, *more, name="orders.json", key="council"):
    """Have stop orders written; return their notes."""
    out = site.root / name
    site.run("agreement", "stop-order", "--key", site.key(key), "--out", out, *more)
    return parse_stop_orders(out.read_bytes(), "file")


def test_each_of_ten_orders_suspends_once(by_command):
    site = by_command.active()
    notes = orders(site, "--plant", site.plant)
    assert len(set(notes)) == 10
    for round_, note in enumerate(notes[:2]):
        Plant(site.plant).hand_in(note)
        assert "counts as suspended" in site.status()
        site.operate()
        assert state(site) == "suspended"
        act = site.root / f"resume-{round_}"
        site.run("agreement", "resume", site.plant, "--key", site.key("council"), "--out", act)
        site.run("agreement", "resume", site.plant, "--key", site.key("employer"), "--act", act)
        site.operate()
        assert state(site) == "active"
    Plant(site.plant).hand_in(notes[0])
    site.operate()
    assert state(site) == "active"


def test_whoever_holds_the_file_can_suspend_so_only_its_owner_reads_it(by_command):
    site = by_command.active()
    said = site.run(
        "agreement", "stop-order", "--key", site.key("council"), "--out", site.root / "orders.json",
        "--plant", site.plant, "--count", "3",
    )  # fmt: skip
    assert "3 stop orders for agreement" in said
    assert stat.S_IMODE((site.root / "orders.json").stat().st_mode) == 0o600


def test_signing_needs_nothing_of_the_site(by_command):
    """The council signs on its own machine, where neither directory nor log are."""
    site = by_command.active()
    name = agreement_hash(open_agreement((site.root / "both.note").read_bytes(), "note").agreement)
    notes = orders(site, "--agreement", name, "--log-key", site.vkey("log"), "--count", "1")
    Plant(site.plant).hand_in(notes[0])
    site.operate()
    assert state(site) == "suspended"


def test_orders_may_be_signed_before_the_agreement_comes_into_force(by_command):
    site = by_command
    site.init()
    site.run("agreement", "propose", site.plant, site.signed(), passphrase=False)
    site.operate()
    assert len(orders(site, "--plant", site.plant, "--count", "2")) == 2


@pytest.mark.parametrize(
    ("words", "key", "says"),
    [
        ([], "council", "which agreement and log are meant is not known"),
        (["--agreement", "assembly-cell-study"], "council", "which agreement and log are meant is not known"),
        (["--agreement", "0" * 64], "council", "which agreement and log are meant is not known"),
        (["--plant", "PLANT"], "employer", "key has another role"),
        (["--plant", "PLANT", "--agreement", "another"], "council", "expected one that is signed by both"),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_written(by_command, words, key, says):
    site = by_command.active()
    words = [site.plant if word == "PLANT" else word for word in words]
    with pytest.raises(BadInput, match=says):
        orders(site, *words, key=key)
    assert not (site.root / "orders.json").exists()


def test_no_file_is_overwritten(by_command):
    site = by_command.active()
    before = orders(site, "--plant", site.plant)
    with pytest.raises(BadInput, match="file exists"):
        orders(site, "--plant", site.plant)
    assert parse_stop_orders((site.root / "orders.json").read_bytes(), "file") == before
