"""Every sentence of the parser about station files has its German: table and parser do not drift apart."""

import re
from pathlib import Path

import pytest

from api.set_up.documents import check
from api.set_up.flaws import told
from capture.station.file import examine_station
from tests.api.set_up.conftest import TEXT
from tests.capture.station import test_file as parser
from tests.consent.world import STATION

ROOT = Path(__file__).resolve().parents[3]
BASE = """\
fairtakt: station 1
name: bench
zones: {a: [[0, 0], [1, 0], [1, 1]]}
states: [{name: s, category: irregular, when: present}]
"""
MORE = [
    ("name: bench", "name: _x"),
    ("name: bench", "name: ''"),
    ("name: bench", "name: 3"),
    ("name: bench", f"name: {'x' * 90}"),
    ("when: present", "value_adding: maybe, when: present"),
    ("when: present", "when: present, shortest_s: 4000"),
    ("when: present", "when: still for 90"),
    ("[0, 0]", "[x, 0]"),
    ("[0, 0]", "[-1, 0]"),
    ("states: [", "states: a\nx: ["),
    ("states: [", "tools: {a: b}\nstates: ["),
    ("states: [", "tools: {a: {holder: b}}\nzones: {}\nstates: ["),
    ("{a: [[0, 0], [1, 0], [1, 1]]}", f"{{a: {[[0, 0]] * 70}}}"),
    ("when: present", f"when: {'{not: ' * 13}absent{'}' * 13}"),
]  # fmt: skip
CASES = [(parser.GOOD, old, new) for _, old, new, _, _ in parser.test_bad_file.pytestmark[0].args[1]] + [
    (BASE, old, new) for old, new in MORE
]


@pytest.mark.parametrize(("text", "old", "new"), CASES, ids=[new[:40] for _, _, new in CASES])
def test_a_flaw_is_told_in_german(text, old, new):
    assert old in text
    flaws = [told(flaw) for flaw in examine_station(text.replace(old, new)).flaws]
    assert flaws
    for flaw in flaws:
        assert flaw.german != flaw.message, flaw.message
        own = re.sub(r"'[^']*'|\([^)]*\)|still for|torso in", "", flaw.german)
        assert not re.search(r"\b(expected|found|should|valid|with|the)\b", own), flaw.german
        assert "String should" not in flaw.message
        assert "tuple" not in flaw.message


def test_what_the_flaw_is_about_stays(agreed_world_services):
    checked = check(agreed_world_services, STATION, TEXT.replace("hand in parts", "hand in part"))
    (flaw,) = checked.flaws
    assert flaw.message == "states.0.when: expected one of parts, found 'part'"
    assert flaw.german == "states.0.when: erwartet wird eines von parts; gefunden: 'part'"
    checked = check(agreed_world_services, "another", TEXT)
    assert checked.flaws[0].german.endswith(
        f"erwartet wird 'another', wie die Station heißt; gefunden: '{STATION}'"
    )


@pytest.fixture
def agreed_world_services(agreed_world):
    from tests.api.test_policy import routes_of

    assert routes_of(agreed_world)
    inner = agreed_world.app
    while not hasattr(inner, "state"):
        inner = inner._app
    return inner.state.services
