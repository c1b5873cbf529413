"""`fairtakt agreement`: from a draft to a file that both have signed, and what the commands refuse."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import application
from consent.agreement.lifecycle import BOTH
from consent.agreement.signing import open_agreement
from consent.keys import Role, create_key
from productivity.errors import BadInput

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "agreement" / "agreement.yaml"
STATIONS = ROOT / "sample_videos" / "stations"
PASSPHRASE = "only for this test"  # noqa: S105  # opens nothing else


def run(*words):
    """Run a command; return its exit status and output, and raise what the command refuses."""
    result = CliRunner().invoke(application(), ["agreement", *map(str, words)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


@pytest.fixture
def keys(tmp_path):
    """Cheap keys of both parties, and of somebody in another role."""
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n")
    roles = {"employer": Role.EMPLOYER, "council": Role.WORKS_COUNCIL, "device": Role.DEVICE}
    return {
        name: create_key(tmp_path, f"plant.example/{name}", role, PASSPHRASE, log2_cost=2)
        for name, role in roles.items()
    }


@pytest.fixture
def ready(tmp_path, keys):
    """The example with both keys filled in."""
    text = EXAMPLE.read_text(encoding="utf-8")
    for name in ("employer", "council"):
        text = text.replace("key: null", f"key: {keys[name].verifier}", 1)
    file = tmp_path / "agreement.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def sign(file, keys, name, out):
    passphrase = out.parent / "passphrase"
    return run("sign", file, "--key", keys[name].private, "--out", out, "--passphrase-file", passphrase)


def test_the_example_lacks_nothing_but_keys():
    status, output = run("check", EXAMPLE)
    assert status == 1
    assert output.count("refused: parties.") == 2
    assert "2 refusals, 0 warnings" in output


def test_from_the_draft_to_both_signatures(tmp_path, keys):
    """The whole way, as both parties go it; the draft itself lacks only the necessity."""
    draft, one, two = (tmp_path / name for name in ("draft.yaml", "one.note", "two.note"))
    stations = [
        word for name in ("left_bench", "right_bench") for word in ("--station", STATIONS / f"{name}.yaml")
    ]
    parties = ["--employer", keys["employer"].public, "--council", keys["council"].public]
    run("draft", draft, "--site", "Werk Süd", *stations, "--first-day", "2027-03-01", *parties)
    assert 'time_zone: "Europe/Berlin"\n' in draft.read_text(encoding="utf-8")
    status, output = run("check", draft, "--language", "de")
    assert status == 1
    assert output.startswith("Ablehnung: necessity: ")
    assert "1 refusals, 0 warnings" in output

    text = draft.read_text(encoding="utf-8")
    draft.write_text(text.replace("necessity: null", "necessity: {de: weil, en: because}"), encoding="utf-8")
    assert run("check", draft)[0] == 0
    assert "signed by one (employer)" in sign(draft, keys, "employer", one)[1]
    assert "signed by both (employer, works council)" in sign(one, keys, "council", two)[1]
    status, output = run("check", two)
    assert status == 0
    assert "signed by both: employer, works council" in output
    assert open_agreement(two.read_bytes(), "two.note").signed_by == BOTH


def test_a_draft_names_the_time_zone_that_it_is_told(tmp_path):
    draft, station = tmp_path / "draft.yaml", STATIONS / "left_bench.yaml"
    words = ["--site", "x", "--station", station, "--first-day", "2027-03-01"]
    run("draft", draft, *words, "--time-zone", "America/Sao_Paulo")
    assert 'time_zone: "America/Sao_Paulo"\n' in draft.read_text(encoding="utf-8")


def test_both_pages_are_written(tmp_path, ready, keys):
    out = tmp_path / "pages"
    run("render", ready, "--out", out)
    assert "Entwurf" in (out / "agreement.de.html").read_text(encoding="utf-8")
    sign(ready, keys, "council", tmp_path / "one.note")
    run("render", tmp_path / "one.note", "--out", out)  # replaces what it wrote before
    assert sorted(file.name for file in out.iterdir()) == ["agreement.de.html", "agreement.en.html"]
    assert "signed by one party only (works council)" in (out / "agreement.en.html").read_text(
        encoding="utf-8"
    )


def test_the_pdf_is_written_with_the_pages(tmp_path, ready):
    pytest.importorskip("typst", reason="the extra server is not installed")
    run("render", ready, "--out", tmp_path / "pages", "--pdf")
    for language in ("de", "en"):
        assert (tmp_path / "pages" / f"agreement.{language}.pdf").read_bytes().startswith(b"%PDF-")
        assert (tmp_path / "pages" / f"agreement.{language}.html").exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("minimum_group: 7", "minimum_group: 4"), "may not be signed: minimum_group = 4.*BAG 1 ABR 6/94"),
        (("last_day: 2027-03-12\n    ", ""), r"may not be signed: campaigns\[0\].last_day.*BAG 1 ABR 46/15"),
        (("site: ", "sight: "), r"agreement.yaml:\d+: "),
    ],
)
def test_what_check_refuses_is_not_signed(tmp_path, ready, keys, change, message):
    ready.write_text(ready.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    with pytest.raises(BadInput, match=message):
        sign(ready, keys, "employer", tmp_path / "one.note")
    assert not (tmp_path / "one.note").exists()


def test_a_key_of_neither_party_does_not_sign(tmp_path, ready, keys):
    with pytest.raises(BadInput, match="key is of neither party"):
        sign(ready, keys, "device", tmp_path / "one.note")


def test_a_key_in_another_role_does_not_sign(tmp_path, ready, keys):
    text = ready.read_text(encoding="utf-8").replace(
        str(keys["employer"].verifier), str(keys["device"].verifier)
    )
    ready.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match="key has another role: expected employer, found device"):
        sign(ready, keys, "device", tmp_path / "one.note")


def test_nobody_signs_twice(tmp_path, ready, keys):
    sign(ready, keys, "employer", tmp_path / "one.note")
    with pytest.raises(BadInput, match="has not signed"):
        sign(tmp_path / "one.note", keys, "employer", tmp_path / "two.note")


def test_nothing_is_overwritten(tmp_path, ready, keys):
    existing = tmp_path / "one.note"
    existing.write_text("mine")
    with pytest.raises(BadInput, match="file exists"):
        sign(ready, keys, "employer", existing)
    with pytest.raises(BadInput, match="file exists"):
        run(
            "draft",
            existing,
            "--site",
            "x",
            "--station",
            STATIONS / "left_bench.yaml",
            "--first-day",
            "2027-03-01",
        )
    assert existing.read_text() == "mine"


def test_a_changed_note_is_refused(tmp_path, ready, keys):
    note = tmp_path / "one.note"
    sign(ready, keys, "employer", note)
    note.write_text(
        note.read_text(encoding="utf-8").replace('"minimum_group":7', '"minimum_group":6'), encoding="utf-8"
    )
    for command in (["check", note], ["render", note, "--out", tmp_path / "pages"]):
        with pytest.raises(BadInput, match="wrong signature"):
            run(*command)
    assert not (tmp_path / "pages").exists()


def commands(tmp_path, keys, file):
    """Each command that reads an agreement, with what it needs."""
    passphrase = ["--passphrase-file", tmp_path / "passphrase"]
    return {
        "check": ["check", file],
        "render": ["render", file, "--out", tmp_path / "pages"],
        "sign": ["sign", file, "--key", keys["council"].private, "--out", tmp_path / "two.note", *passphrase],
    }


@pytest.mark.parametrize("command", ["check", "render", "sign"])
@pytest.mark.parametrize("name", ["one.note", "agreement.yaml"])
def test_keys_as_handed_over_are_compared(tmp_path, ready, keys, command, name):
    """A file that names the right keys passes; one that names others is refused, and nothing is written."""
    sign(ready, keys, "employer", tmp_path / "one.note")
    words = commands(tmp_path, keys, tmp_path / name)[command]
    before = sorted(tmp_path.iterdir())
    for option, party in (("--employer", "employer"), ("--council", "works council")):
        with pytest.raises(BadInput, match=f"{name}: agreement names another key for the {party}: expected"):
            run(*words, option, keys["device"].public)
    assert sorted(tmp_path.iterdir()) == before
    assert run(*words, "--employer", keys["employer"].public, "--council", keys["council"].public)[0] == 0


def test_a_draft_without_the_key_that_was_handed_over_is_refused(keys):
    with pytest.raises(BadInput, match=r"another key for the employer: expected .*, found none"):
        run("check", EXAMPLE, "--employer", keys["employer"].public)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "not compared: employer, works council\n"),
        (["employer"], "not compared: works council\n"),
        (["employer", "council"], None),
    ],
)
def test_check_says_whose_key_it_did_not_compare(tmp_path, ready, keys, options, said):
    sign(ready, keys, "employer", tmp_path / "one.note")
    words = [word for name in options for word in (f"--{name}", keys[name].public)]
    output = run("check", tmp_path / "one.note", *words)[1]
    assert ("not compared" in output) is (said is not None)
    assert said is None or said in output


def arguments(tmp_path, keys, ready):
    station = STATIONS / "left_bench.yaml"
    draft = ["draft", tmp_path / "new.yaml", "--site", "x", "--first-day", "2027-03-01", "--station", station]
    signing = ["sign", ready, "--key", keys["employer"].private]
    passphrase = ["--passphrase-file", tmp_path / "passphrase"]
    nowhere = tmp_path / "nowhere"
    return {
        "no such draft": (["check", nowhere.with_suffix(".yaml")], "works agreement: expected a file"),
        "no such note": (
            ["check", nowhere.with_suffix(".note")],
            "no such file: expected a signed agreement",
        ),
        "no such key": ([*draft, "--employer", nowhere], "no such file: expected a .vkey file"),
        "not a key": ([*draft, "--council", ready], "not a verifier key"),
        "same station": ([*draft, "--station", station], "two station files have the same name"),
        "hidden character": ([*draft, "--site", "a\u202eb"], "site: expected readable text"),
        "no time zone": (
            [*draft, "--time-zone", "CEST"],
            "time_zone: not a time zone: expected an IANA name",
        ),
        "other suffix": ([*signing, *passphrase, "--out", tmp_path / "a.txt"], "a name that ends in .note"),
        "no directory": ([*signing, *passphrase, "--out", nowhere / "a.note"], "no such directory"),
    }


@pytest.mark.parametrize(
    "case",
    [
        "no such draft",
        "no such note",
        "no such key",
        "not a key",
        "same station",
        "hidden character",
        "no time zone",
        "other suffix",
        "no directory",
    ],
)
def test_bad_input_is_one_line_and_leaves_nothing(tmp_path, keys, ready, case):
    words, message = arguments(tmp_path, keys, ready)[case]
    before = sorted(tmp_path.iterdir())
    with pytest.raises(BadInput) as refused:
        run(*words)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)
    assert sorted(tmp_path.iterdir()) == before
