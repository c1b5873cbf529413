"""`fairtakt grant`: a worker is asked, answers, takes it back; the log and the paper say the same."""

import importlib.util
import re
import threading
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

import cli.grant
from consent.canonical import canonical_json
from consent.entries.bodies import ConsentGiven, ConsentRequested
from consent.grants.lifecycle import GrantState
from consent.keys import Role, create_key
from consent.log.directory import locked_directory
from consent.notes import parse_verifier
from consent.site.intake import take_in
from consent.site.plant import Plant
from productivity.errors import BadInput

WORLD = Path(__file__).resolve().parents[1] / "consent" / "world.py"
PASSPHRASE = "only for this test"  # noqa: S105  # opens nothing else
TRAINING, LICENSING = "training of the plant's models", "licensing to third parties"
HEX = re.compile(r"\b[0-9a-f]{32}\b")


def load_world():
    spec = importlib.util.spec_from_file_location("site_world_for_grants", WORLD)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


site_world = load_world()


class Kiosk:
    """A plant's directory with an operator at hand, and the commands that a worker's kiosk runs."""

    def __init__(self, root, files):
        self.root, self.plant = root, Plant(root / "plant")
        self.world = site_world.World(files)
        (root / "passphrase").write_text(PASSPHRASE + "\n")
        for name, signer in (("log", self.world.log), ("witness", self.world.witness)):
            (root / f"{name}.vkey").write_text(f"{signer.verifier}\n")
        self.refused = []

    def key(self, signer, role):
        """Write the key file of a signer of this world."""
        made = create_key(
            self.root,
            signer.name,
            role,
            PASSPHRASE,
            log2_cost=2,
            random=lambda size: signer.private.private_bytes_raw() if size == 32 else bytes(size),
        )
        assert made.verifier == signer.verifier
        return made.private

    def run(self, command, *words, token=None):
        """Run a command; return its output, and raise what it refuses."""
        words = [command, self.plant.root, *words, "--log-key", self.root / "log.vkey"]
        if token is not None:
            (self.root / "token").write_text(f"{token}\n")
            words += ["--token-file", self.root / "token"]
        if "--key" in words:
            words += ["--passphrase-file", self.root / "passphrase"]
        result = CliRunner().invoke(cli.grant.grant, list(map(str, words)))
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.output

    def operate(self):
        """Take in what waits, as the operator does; let the witness co-sign."""
        intake = take_in(self.world.state, self.plant.waiting(), self.world.now_ms)
        if intake.entries:
            self.world.take(*intake.entries)
        for handed in intake.taken:
            self.plant.remove(handed)
        for refused in intake.refused:
            self.plant.refuse(refused.handed, refused.reason)
            self.refused.append(refused.reason)
        self.world.cosigned()

    def page(self, name):
        return (self.root / name).read_text(encoding="utf-8")

    def ask(self, out="asked.html"):
        """Ask; return the token as it is printed, and the record."""
        output = self.run("request", "--key", self.device, "--out", self.root / out, "--language", "de")
        self.operate()
        return printed(self.page(out)), HEX.search(output)[0]

    def yes(self, token, *words, out="given.html"):
        choice = ["--station", "assembly bench", "--purpose", TRAINING, "--days", 30]
        output = self.run("give", *choice, *words, "--out", self.root / out, token=token)
        self.operate()
        return HEX.search(output)[0]

    def state(self, record):
        return self.world.state.records[record]


def printed(html):
    return re.search("<code>(.*?)</code>", html)[1].replace("<br>", "")


@pytest.fixture
def kiosk(tmp_path, monkeypatch):
    plant = Plant(tmp_path / "plant")
    plant.root.mkdir()
    plant.create()
    with locked_directory(plant.log) as files:
        made = Kiosk(tmp_path, files)
        made.world.founded().agreed().enrolled()
        made.world.cosigned()
        made.device = made.key(made.world.device, Role.DEVICE)
        monkeypatch.setattr(cli.grant, "_now_ms", lambda: made.world.now_ms)
        yield made


def test_from_the_question_to_the_receipt(kiosk):
    """The whole way of a worker who says yes, and then checks what the plant says."""
    token, record = kiosk.ask()
    assert kiosk.state(record) is GrantState.REQUESTED
    assert "Dürfen Ihre Bewegungen aufbewahrt werden?" in kiosk.page("asked.html")

    assert kiosk.yes(token, "--purpose", LICENSING, "--language", "de") == record
    assert kiosk.state(record) is GrantState.GIVEN
    given = kiosk.world.entries[-1].body
    assert (given.stations, [str(one) for one in given.purposes]) == (
        ("assembly bench",),
        [TRAINING, LICENSING],
    )
    assert given.until == "2027-03-31T22:00:00.000Z"

    kiosk.run("receipt", "--out", kiosk.root / "receipt", token=token)
    names = {path.name for path in (kiosk.root / "receipt").iterdir()}
    assert names == {"receipt.jsonld", "receipt.tlog-proof", "receipt.de.html", "receipt.en.html"}
    output = checked(kiosk)
    assert f"entry {kiosk.world.state.size - 1} of the log plant.example/log" in output
    assert f"record {record}" in output
    shown = kiosk.run("show", token=token)
    assert f"{record}: given" in shown
    assert "consent.requested/1" in shown


def checked(kiosk, change=lambda name, content: content):
    files = []
    for name in ("receipt.jsonld", "receipt.tlog-proof"):
        content = (kiosk.root / "receipt" / name).read_text(encoding="utf-8")
        (kiosk.root / name).write_text(change(name, content), encoding="utf-8")
        files.append(kiosk.root / name)
    words = ["check", *files, "--log-key", kiosk.root / "log.vkey", "--witness", kiosk.root / "witness.vkey"]
    result = CliRunner().invoke(cli.grant.grant, list(map(str, words)))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


def test_a_receipt_that_was_changed_is_refused(kiosk):
    token, _ = kiosk.ask()
    kiosk.yes(token)
    kiosk.run("receipt", "--out", kiosk.root / "receipt", token=token)
    with pytest.raises(BadInput, match="receipt"):
        checked(kiosk, lambda name, content: content.replace("training of", "trading of"))


def test_the_token_stands_on_the_page_and_nowhere_else(kiosk):
    token, _ = kiosk.ask()
    kiosk.yes(token)
    kiosk.run("receipt", "--out", kiosk.root / "receipt", token=token)
    kiosk.run("withdraw", token=token)
    kiosk.operate()
    (kiosk.root / "token").unlink()
    letters = token.replace("-", "")
    holding = [
        path.name
        for path in kiosk.root.rglob("*")
        if path.is_file()
        and letters in path.read_text("utf-8", "replace").replace("-", "").replace("<br>", "")
    ]
    assert holding == ["asked.html"]
    assert (kiosk.root / "asked.html").stat().st_mode & 0o077 == 0


def test_a_no_is_one_command(kiosk):
    token, record = kiosk.ask()
    kiosk.run("refuse", token=token)
    kiosk.operate()
    assert kiosk.state(record) is GrantState.REFUSED
    assert f"{record}: refused" in kiosk.run("show", token=token)
    with pytest.raises(BadInput, match="no question waits for an answer under this token"):
        kiosk.yes(token)


def test_withdrawing_is_one_command_and_needs_the_token_alone(kiosk):
    token, record = kiosk.ask()
    kiosk.yes(token)
    output = kiosk.run("withdraw", token=token.lower())
    assert output == f"{record} withdrawn: handed in; counts for recorders at once\n"
    kiosk.operate()
    assert kiosk.state(record) is GrantState.WITHDRAWN
    with pytest.raises(BadInput, match="no such consent is in force"):
        kiosk.run("withdraw", token=token)


def test_a_typed_token_is_asked_for_and_not_shown(kiosk):
    token, record = kiosk.ask()
    kiosk.yes(token)
    words = ["withdraw", kiosk.plant.root, "--log-key", kiosk.root / "log.vkey"]
    result = CliRunner().invoke(cli.grant.grant, list(map(str, words)), input=f"{token}\n")
    assert f"{record} withdrawn" in result.output
    assert token not in result.output


def test_a_yes_that_is_on_its_way_is_taken_back_too(kiosk):
    """The operator was away: the worker said yes and thought better of it."""
    token, record = kiosk.ask()
    choice = ["--station", "assembly bench", "--purpose", TRAINING, "--days", 1]
    kiosk.run("give", *choice, "--out", kiosk.root / "given.html", token=token)
    kiosk.run("withdraw", token=token)
    kiosk.operate()
    assert kiosk.refused == []
    assert kiosk.state(record) is GrantState.WITHDRAWN


@pytest.mark.parametrize("party", ["employer", "council"])
def test_a_party_withdraws_on_the_workers_word(kiosk, party):
    token, record = kiosk.ask()
    kiosk.yes(token)
    role = {"employer": Role.EMPLOYER, "council": Role.WORKS_COUNCIL}[party]
    key = kiosk.key(getattr(kiosk.world, party), role)
    kiosk.run("withdraw", "--key", key, "--record", record)
    kiosk.operate()
    assert kiosk.state(record) is GrantState.WITHDRAWN


def test_a_renewal_replaces_what_was_given(kiosk):
    token, record = kiosk.ask()
    kiosk.yes(token)
    choice = ["--station", "assembly bench", "--purpose", LICENSING, "--days", 60]
    output = kiosk.run("renew", *choice, "--out", kiosk.root / "renewed.html", token=token)
    kiosk.operate()
    new = HEX.search(output)[0]
    assert (kiosk.state(record), kiosk.state(new)) == (GrantState.RENEWED, GrantState.GIVEN)
    kiosk.run("receipt", "--out", kiosk.root / "receipt", token=token)
    assert f"record {new}" in checked(kiosk)


def test_question_and_answer_in_one_go(kiosk):
    """At a kiosk: the operator takes the question in while the command waits for it."""
    stop = threading.Event()

    def operate():
        while not stop.is_set():
            kiosk.operate()
            time.sleep(0.02)

    operator = threading.Thread(target=operate)
    operator.start()
    try:
        choice = ["--station", "assembly bench", "--purpose", TRAINING, "--days", 30]
        kiosk.run("give", *choice, "--key", kiosk.device, "--out", kiosk.root / "given.html")
    finally:
        stop.set()
        operator.join()
    kiosk.operate()
    token = printed(kiosk.page("given.html"))
    assert ": given" in kiosk.run("show", token=token)


def test_in_one_go_needs_an_operator_at_work(kiosk, monkeypatch):
    monkeypatch.setattr("consent.grants.site._WAIT_S", 0)
    choice = ["--station", "assembly bench", "--purpose", TRAINING, "--days", 30]
    with pytest.raises(BadInput, match="the log did not take the request in"):
        kiosk.run("give", *choice, "--key", kiosk.device, "--out", kiosk.root / "given.html")
    assert not (kiosk.root / "given.html").exists()


def test_a_record_is_erased_after_consent_has_ended(kiosk):
    token, record = kiosk.ask()
    kiosk.yes(token)
    with pytest.raises(BadInput, match="consent has not ended"):
        kiosk.run("erase", "--record", record)
    kiosk.run("withdraw", token=token)
    with pytest.raises(BadInput, match="consent has not ended"):  # the operator has not taken it in yet
        kiosk.run("erase", "--record", record)
    kiosk.operate()
    assert "erased here" in kiosk.run("erase", "--record", record)
    assert list(kiosk.plant.grants.iterdir()) == []
    with pytest.raises(BadInput, match="no such consent record here"):
        kiosk.run("receipt", "--out", kiosk.root / "receipt", token=token)


def test_a_record_is_not_erased_while_its_yes_is_on_its_way(kiosk):
    token, record = kiosk.ask()
    choice = ["--station", "assembly bench", "--purpose", TRAINING, "--days", 1]
    kiosk.run("give", *choice, "--out", kiosk.root / "given.html", token=token)
    with pytest.raises(BadInput, match="consent has not ended"):
        kiosk.run("erase", "--record", record)
    assert len(list(kiosk.plant.grants.iterdir())) == 1


def test_a_record_is_shown_without_a_token(kiosk):
    token, record = kiosk.ask()
    kiosk.yes(token)
    assert f"{record}: given" in kiosk.run("show", "--record", record)
    kiosk.world.now_ms = kiosk.world.state.grants[record].until_ms
    kiosk.operate()
    assert f"{record}: expired" in kiosk.run("show", "--record", record)


def test_a_second_answer_waits_for_the_first(kiosk):
    token, _ = kiosk.ask()
    kiosk.run("refuse", token=token)
    with pytest.raises(BadInput, match="an answer is on its way into the log"):
        kiosk.run("refuse", token=token)


def test_a_receipt_needs_the_witness(kiosk):
    token, _ = kiosk.ask()
    choice = ["--station", "assembly bench", "--purpose", TRAINING, "--days", 30]
    kiosk.run("give", *choice, "--out", kiosk.root / "given.html", token=token)
    intake = take_in(kiosk.world.state, kiosk.plant.waiting(), kiosk.world.now_ms)
    kiosk.world.take(*intake.entries)
    with pytest.raises(BadInput, match="the witness has not co-signed this consent yet"):
        kiosk.run("receipt", "--out", kiosk.root / "receipt", token=token)
    assert not (kiosk.root / "receipt").exists()


def refusals(kiosk):
    token, record = kiosk.ask()
    other = site_world.signer("plant.example/other")
    stranger, council = kiosk.key(other, Role.DEVICE), kiosk.key(kiosk.world.council, Role.WORKS_COUNCIL)
    new = ["--out", kiosk.root / "new.html"]
    yes = ["give", *new, "--station", "assembly bench", "--purpose", TRAINING]
    return {
        "a stranger asks": (["request", *new, "--key", stranger], "key may not ask"),
        "a stranger asks in one go": ([*yes, "--days", 1, "--key", stranger], "key may not ask"),
        "the council asks": (["request", *new, "--key", council], "key may not ask"),
        "another agreement": (
            ["request", *new, "--key", kiosk.device, "--agreement", "other"],
            "agreement that permits motion: expected one in force",
        ),
        "page exists": (
            ["request", "--out", kiosk.root / "asked.html", "--key", kiosk.device],
            "file exists: expected a new name",
        ),
        "no directory": (
            ["request", "--out", kiosk.root / "nowhere" / "new.html", "--key", kiosk.device],
            "no such directory",
        ),
        "wrong token": ([*yes, "--days", 1, "--token-file", kiosk.root / "passphrase"], "not a token"),
        "no token file": ([*yes, "--days", 1, "--token-file", kiosk.root / "nothing"], "no such file"),
        "too long": ([*yes, "--days", 92], "consent cannot hold until then"),
        "other station": (
            ["give", *new, "--station", "packing bench", "--purpose", TRAINING, "--days", 1],
            "no motion for this station",
        ),
        "nothing to renew": (["renew", *yes[1:], "--days", 1], "consent to renew"),
        "nothing to withdraw": (["withdraw"], "no such consent is in force"),
        "a device withdraws": (
            ["withdraw", "--key", kiosk.device, "--record", record],
            "key has another role",
        ),
        "a party withdraws everything": (["withdraw", "--key", council], "expected --record"),
        "no yes": (["receipt", "--out", kiosk.root / "receipt"], "the log holds no yes"),
        "unknown record": (["show", "--record", "0" * 32], "the log says nothing about it"),
        "nothing to erase": (["erase", "--record", record], "no such consent record here"),
    }, token


CASES = [
    "a stranger asks",
    "a stranger asks in one go",
    "the council asks",
    "another agreement",
    "page exists",
    "no directory",
    "wrong token",
    "no token file",
    "too long",
    "other station",
    "nothing to renew",
    "nothing to withdraw",
    "a device withdraws",
    "a party withdraws everything",
    "no yes",
    "unknown record",
    "nothing to erase",
]


@pytest.mark.parametrize("case", CASES)
def test_what_is_refused_is_one_line_and_leaves_nothing(kiosk, case):
    cases, token = refusals(kiosk)
    assert set(cases) == set(CASES)
    words, message = cases[case]
    asks_token = "--key" not in words and "--token-file" not in words and "--record" not in words
    (kiosk.root / "token").write_text(f"{token}\n")
    before = sorted(kiosk.root.rglob("*"))
    with pytest.raises(BadInput) as refused:
        kiosk.run(*words, token=token if asks_token else None)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)
    assert token not in str(refused.value)
    assert sorted(kiosk.root.rglob("*")) == before


def test_a_disk_that_takes_no_act_leaves_no_record_and_no_page(kiosk, monkeypatch):
    token, _ = kiosk.ask()

    def full(plant, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Plant, "hand_in", full)
    with pytest.raises(OSError, match="No space left"):
        kiosk.yes(token)
    assert list(kiosk.plant.grants.iterdir()) == []
    assert not (kiosk.root / "given.html").exists()


def test_a_log_that_was_changed_is_not_believed(kiosk):
    token, _ = kiosk.ask()
    for path in (kiosk.plant.log / "tile" / "entries").rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes().replace(b"assembly bench", b"assembly Bench"))
    with pytest.raises(BadInput, match="entry 3: agreement: text does not fit its hash"):
        kiosk.run("withdraw", token=token)


def test_nothing_personal_is_handed_in(kiosk):
    """What goes into the log are pseudonyms, names of stations, closed words and hashes."""
    token, record = kiosk.ask()
    kiosk.yes(token)
    bodies = [entry.body for entry in kiosk.world.entries[-2:]]
    assert [type(body) for body in bodies] == [ConsentRequested, ConsentGiven]
    text = canonical_json([body.model_dump(mode="json") for body in bodies])
    key = parse_verifier(bodies[1].key)
    for known in (str(key), key.name, record, bodies[1].commitment, kiosk.world.hash, "assembly bench"):
        text = text.replace(known, "")
    assert set(re.findall("[A-Za-z]{3,}", text)) <= {
        *("agreement", "pseudonym", "record", "commitment", "key", "purposes", "stations", "until"),
        *TRAINING.replace("'s", "").split(),
    }
