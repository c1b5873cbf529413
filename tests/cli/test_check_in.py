"""`fairtakt grant check-in`: what a kiosk does, by command."""

import os
import re

import pytest

from capture.station.file import read_station
from consent.grants.check_in import verified
from consent.grants.check_ins import CheckIns
from consent.grants.token import new_token
from storage.vault.key_file import KeyFile
from tests.cli.agreed_site import now_ms
from tests.cli.test_motion import STATION, MotionSite
from tests.cli.test_record import fairtakt


@pytest.fixture
def site(tmp_path):
    (tmp_path / "site").mkdir()
    site = MotionSite(tmp_path / "site", read_station(STATION)).agree()
    site.token = new_token(os.urandom)
    site.grant(site.token.signer(site.world.log.name))
    (tmp_path / "token").write_text(site.token.spell() + "\n")
    yield site
    site.close()


def check_in(site, tmp_path, station=None):
    return fairtakt(
        "grant",
        "check-in",
        site.plant.root,
        "--log-key",
        site.log_key,
        "--station",
        station or site.station,
        "--minutes",
        15,
        "--keys",
        tmp_path / "keys",
        "--token-file",
        tmp_path / "token",
    )


def test_a_check_in_is_signed_for_the_vaults_key_and_ends_by_command(site, tmp_path):
    done = check_in(site, tmp_path)
    assert done.returncode == 0, done.stderr
    assert site.token.spell() not in done.stdout + done.stderr
    (number,) = re.findall(r"checked in: ([0-9a-f]{32});", done.stdout + done.stderr)
    here = CheckIns(site.plant.root)
    (signed,) = here.waiting(frozenset({site.station}))
    state = site.plant.follow(site.world.log.verifier).poll()
    body = verified(signed, state, now_ms())
    assert (body.check_in, body.record, body.until_ms - body.at_ms) == (number, site.record, 15 * 60_000)
    with KeyFile(tmp_path / "keys") as keys:
        assert body.public == keys.public(site.record)
    ended = fairtakt("grant", "check-out", site.plant.root, "--check-in", number)
    assert ended.returncode == 0, ended.stderr
    assert here.is_out(number)


def test_where_no_motion_may_be_kept_it_says_so_and_makes_no_key(site, tmp_path):
    done = check_in(site, tmp_path, "packing table")
    assert done.returncode == 2
    assert "no consent under this token permits motion here" in done.stderr
    assert not (tmp_path / "keys").exists()
