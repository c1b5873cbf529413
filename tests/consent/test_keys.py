"""Keys: what is written opens with its passphrase alone, and nothing is ever overwritten."""

import json
import stat

import pytest

from consent.keys import MIN_PASSPHRASE, Role, create_key, open_key, read_public
from consent.notes import KeyType, open_note, parse_verifier, sign
from productivity.errors import BadInput

PASSPHRASE = "twelve blue lathes"  # noqa: S105  # opens nothing but what the tests make
CHEAP = 4
"""scrypt N = 2**4: tests of everything but the cost itself need not pay it."""


@pytest.fixture
def made(tmp_path):
    return create_key(tmp_path, "plant.example/log", Role.PLANT_LOG, PASSPHRASE, log2_cost=CHEAP)


def test_a_new_key_signs_what_its_verifier_key_opens(made):
    role, signer = open_key(made.private, PASSPHRASE)
    assert role is Role.PLANT_LOG
    verifier = parse_verifier(made.public.read_text())
    assert verifier == made.verifier == signer.verifier
    assert open_note(sign("agreed\n", signer), [verifier]).text == "agreed\n"


def test_the_usual_cost_is_what_the_file_says(tmp_path):
    made = create_key(tmp_path, "council.example", Role.WORKS_COUNCIL, PASSPHRASE)
    assert json.loads(made.private.read_text())["log2_cost"] == 17
    assert open_key(made.private, PASSPHRASE)[1].verifier == made.verifier


def test_files_are_called_after_the_key_and_private_ones_are_private(made):
    assert (made.private.name, made.public.name) == ("plant.example_log.key", "plant.example_log.vkey")
    assert stat.S_IMODE(made.private.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["../elsewhere", "/root", "..", "a/../../b"])
def test_no_name_leads_out_of_the_directory(tmp_path, name):
    made = create_key(tmp_path, name, Role.DEVICE, PASSPHRASE, log2_cost=CHEAP)
    assert made.private.resolve().parent == tmp_path.resolve()


@pytest.mark.parametrize("role", list(Role))
def test_only_witnesses_cosign(tmp_path, role):
    made = create_key(tmp_path, "a.example", role, PASSPHRASE, log2_cost=CHEAP)
    expected = KeyType.COSIGNATURE if role is Role.WITNESS else KeyType.ED25519
    assert read_public(made.private) == (role, made.verifier)
    assert open_key(made.private, PASSPHRASE)[1].type is expected


def test_a_key_of_another_type_than_its_role_asks_for_is_refused(tmp_path, monkeypatch):
    """The employer's key must not co-sign, even if a file says so that opens."""
    with monkeypatch.context() as patch:
        patch.setattr(Role, "key_type", KeyType.COSIGNATURE)
        made = create_key(tmp_path, "a.example", Role.EMPLOYER, PASSPHRASE, log2_cost=CHEAP)
    with pytest.raises(BadInput, match="does not fit its verifier key and role"):
        open_key(made.private, PASSPHRASE)


def test_two_keys_of_one_name_differ(tmp_path):
    pair = []
    for directory in (tmp_path / "a", tmp_path / "b"):
        directory.mkdir()
        pair.append(create_key(directory, "a.example", Role.DEVICE, PASSPHRASE, log2_cost=CHEAP).verifier)
    assert pair[0].public != pair[1].public


@pytest.mark.parametrize("exists", ["plant.example_log.key", "plant.example_log.vkey"])
def test_nothing_is_overwritten_and_nothing_half_done_stays(tmp_path, exists):
    (tmp_path / exists).write_text("mine")
    with pytest.raises(BadInput, match=f"{exists}: file exists"):
        create_key(tmp_path, "plant.example/log", Role.PLANT_LOG, PASSPHRASE, log2_cost=CHEAP)
    assert [path.name for path in tmp_path.iterdir()] == [exists]
    assert (tmp_path / exists).read_text() == "mine"


def test_a_wrong_passphrase_opens_nothing(made):
    with pytest.raises(BadInput, match="wrong passphrase"):
        open_key(made.private, PASSPHRASE + " ")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("role", "employer"),
        ("verifier", "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"),
        ("salt", "AAAAAAAAAAAAAAAAAAAAAA=="),
        ("nonce", "AAAAAAAAAAAAAAAA"),
        ("nonce", "AA=="),
        ("sealed", "AAAA"),
        ("sealed", "*"),
        ("log2_cost", 5),
    ],
)
def test_a_changed_key_file_does_not_open(made, field, value):
    content = json.loads(made.private.read_text())
    made.private.write_text(json.dumps(content | {field: value}))
    with pytest.raises(BadInput, match="cannot be opened"):
        open_key(made.private, PASSPHRASE)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("no JSON", "key"),
        ("no object", "[]"),
        ("no fields", "{}"),
        ("binary", b"\xff\xfe"),
    ],
)
def test_what_is_no_key_file_is_refused(tmp_path, name, content):
    path = tmp_path / "a.key"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(BadInput, match=r"a\.key: not a key file"):
        open_key(path, PASSPHRASE)


@pytest.mark.parametrize("change", [{"log2_cost": 30}, {"log2_cost": 0}, {"role": "boss"}, {"more": 1}])
def test_a_key_file_that_asks_for_too_much_is_refused(made, change):
    """An endless key derivation would stop the machine that opens the file."""
    content = json.loads(made.private.read_text())
    made.private.write_text(json.dumps(content | change))
    with pytest.raises(BadInput, match="not a key file"):
        open_key(made.private, PASSPHRASE)


def test_errors_tell_neither_passphrase_nor_content(made):
    content = json.loads(made.private.read_text())
    made.private.write_text(json.dumps(content | {"role": "secret word"}))
    with pytest.raises(BadInput) as caught:
        open_key(made.private, PASSPHRASE)
    assert "secret word" not in str(caught.value)
    assert PASSPHRASE not in str(caught.value)


def test_a_short_passphrase_is_refused(tmp_path):
    with pytest.raises(BadInput, match="passphrase is too short"):
        create_key(tmp_path, "a.example", Role.DEVICE, "x" * (MIN_PASSPHRASE - 1))
    assert list(tmp_path.iterdir()) == []


def test_missing_places_are_named(tmp_path):
    with pytest.raises(BadInput, match="no such file"):
        open_key(tmp_path / "a.key", PASSPHRASE)
    with pytest.raises(BadInput, match="no such directory"):
        create_key(tmp_path / "nowhere", "a.example", Role.DEVICE, PASSPHRASE, log2_cost=CHEAP)


def test_a_key_that_cannot_be_written_leaves_nothing(tmp_path, monkeypatch):
    def fail(descriptor):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("consent.keys.os.fsync", fail)
    with pytest.raises(OSError, match="Input/output"):
        create_key(tmp_path, "a.example", Role.DEVICE, PASSPHRASE, log2_cost=CHEAP)
    assert list(tmp_path.iterdir()) == []
