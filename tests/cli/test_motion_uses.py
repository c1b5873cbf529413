"""`fairtakt motion`: from the offer to an export whose hash the log names, with a server and without one."""

import re
import shutil
import time
from functools import partial, partialmethod

import pytest
from typer.testing import CliRunner

pytest.importorskip("alembic", reason="the extra server is not installed")
pytest.importorskip("pyarrow", reason="the extra server is not installed")

from api.policy import Role
from api.routes import uses
from api.uses.keeper import motion_kept
from api.uses.room import MotionRoom
from cli import motion_office, motion_uses, serving
from cli.main import application
from cli.motion_office import NoKeys
from consent.entries.bodies import MotionExported, MotionUsed, RoyaltyAccrued
from consent.site.opening import open_desk
from productivity.errors import BadInput
from storage.sql.accounts.accounts import disable, list_accounts
from storage.sql.uses import UseState, uses_in
from tests.api.motion.conftest import motion_plant
from tests.api.motion.test_story import said
from tests.consent.world import STATION


class Commands:
    """Runs commands at a plant, at the plant's own time."""

    def __init__(self, root, plant, monkeypatch):
        self.root, self.plant = root, plant
        self.consented = plant.consented
        self.key = root / "log.vkey"
        self.key.write_text(f"{self.consented.world.log.verifier}\n", encoding="utf-8")
        for module in (motion_office, motion_uses):
            monkeypatch.setattr(module, "now_ms", lambda: self.consented.now_ms)
        monkeypatch.setattr(serving, "open_desk", partial(open_desk, now_ms=lambda: self.consented.now_ms))

    def __call__(self, *words, site=True, answer=None):
        options = ["--database", f"sqlite:///{self.root}/plant.db"]
        if site:
            options += ["--data", self.root / "data", "--plant", self.root / "site", "--log-key", self.key]
        done = CliRunner().invoke(
            application("motion"), ["motion", *map(str, [*words, *options])], input=answer
        )
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            self.printed = done.output
            raise done.exception
        assert done.exit_code == 0, done.output
        return done.output

    def check(self, *words):
        done = CliRunner().invoke(application("motion"), ["motion", "check", *map(str, words)])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.output


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Commands beside a server, whose keeper works; Anna has moved for a minute and a half."""
    with motion_plant(tmp_path) as plant:
        plant.anna = plant.colleague().opts_in()
        plant.anna.moves(60, 30)
        with motion_kept(plant.services, plant.room, look_s=0.05):
            yield Commands(tmp_path, plant, monkeypatch)


def test_the_whole_path_beside_a_server(run, tmp_path):
    assert run("offer").splitlines()[1:] == [f"{STATION}: 0.0250 h"]
    assert f"{STATION}: 0.0250 h" in run("offer", "--licensing")
    printed = run("use", "--station", STATION, "--format", "mcap", "--approve")
    assert "Preis / price: 0.31 EUR" in printed
    [exported] = said(run.plant, MotionExported)
    assert exported.content in printed
    [made] = uses_in(run.plant.database)
    assert (made.use, made.licensee, made.state) == (exported.use, None, UseState.BOOKED)
    where = run.plant.room.exports / made.use
    assert f"export: {where}, until 20" in printed
    assert len(said(run.plant, RoyaltyAccrued)) == 3
    # Whoever has the export can check it, copy it, and say which model was trained on it.
    assert run.check(where, "--content", exported.content) == f"{where}: whole, {exported.content}\n"
    with pytest.raises(BadInput, match="export is another one"):
        run.check(where, "--content", "ab" * 32)
    copy = tmp_path / "copy"
    assert exported.content in run("export", made.use, copy)
    assert run.check(copy) == f"{copy}: whole, {exported.content}\n"
    (copy / "TERMS.txt").write_text("other terms", encoding="utf-8")
    with pytest.raises(BadInput, match="file differs"):
        run.check(copy)
    assert re.search(
        rf"{made.use} booked: .*, the plant itself, 0.0250 h, mcap, entry", run("uses", site=False)
    )
    model = tmp_path / "model.bin"
    model.write_bytes(b"weights")
    assert "registered reach 1 " in run("register", "reach 1", "--use", made.use, "--file", model, site=False)
    with pytest.raises(BadInput, match="unknown use"):
        run("register", "reach 2", "--use", "ab" * 16, "--sha256", "cd" * 32, site=False)
    assert "withdrawal" not in run("models")
    # After the withdrawal nothing is copied any more, and the model is named.
    run.plant.later(60_000)
    run.plant.anna.withdraws()
    with pytest.raises(BadInput, match="nothing to copy"):
        run("export", made.use, tmp_path / "another")
    assert not (tmp_path / "another").exists()
    printed = run("models", "--bom", tmp_path / "models.json")
    assert f"trained before withdrawal: {made.use}" in printed
    assert "CycloneDX" in (tmp_path / "models.json").read_text(encoding="utf-8")
    assert "nothing: no consent" in run("offer")
    with pytest.raises(Exception, match="no motion that may be used so"):
        run("use", "--station", STATION, "--approve")


def test_a_withdrawal_while_it_is_copied_stops_it(run, tmp_path, monkeypatch):
    """The copy is whole by then, or the server erases what is copied: nothing stays either way."""
    printed = run("use", "--station", STATION, "--format", "mcap", "--approve")
    [made] = uses_in(run.plant.database)
    assert "booked: entry" in printed
    rooms, ask, copy = [], uses.is_ready, shutil.copytree

    def ready(room, use):
        rooms.append(room)
        return ask(room, use)

    def copied(*paths, **more):
        copy(*paths, **more)
        run.plant.later(60_000)
        run.plant.anna.withdraws()
        while ask(rooms[0], made):  # until this command's own look at the log has seen it
            time.sleep(0.02)

    monkeypatch.setattr(uses, "is_ready", ready)
    monkeypatch.setattr(shutil, "copytree", copied)
    with pytest.raises(BadInput, match="nothing to copy"):
        run("export", made.use, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
    assert list(tmp_path.glob(".copy.*")) == []


def test_what_is_erased_while_it_is_copied_is_not_there_to_copy(run, tmp_path, monkeypatch):
    run("use", "--station", STATION, "--format", "mcap", "--approve")
    [made] = uses_in(run.plant.database)

    def erased(source, *_, **__):
        shutil.rmtree(source)
        raise shutil.Error([(str(source), "copy", "no such file")])

    monkeypatch.setattr(shutil, "copytree", erased)
    with pytest.raises(BadInput, match="nothing to copy"):
        run("export", made.use, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_a_licence_is_for_an_account_that_licenses(run):
    viewers = run.plant.viewers
    viewers.add(Role.ENGINEER)
    viewers.add(Role.LICENSEE)
    *_, gone = [one for one in list_accounts(run.plant.database) if one.role == Role.LICENSEE]
    disable(run.plant.database, gone.id, run.consented.now_ms)
    for name in ("Robots & Suns", "engineer 2", gone.name):
        with pytest.raises(BadInput, match="--licensee: no such licensee: expected an account with the role"):
            run("use", "--station", STATION, "--licensee", name, "--approve")
    assert uses_in(run.plant.database) == []


def test_nothing_happens_without_a_yes(run):
    run.plant.licensee()
    for answer in ("n\n", ""):
        printed = run("use", "--station", STATION, "--licensee", "licensee 2", answer=answer)
        assert "Preis / price: 1.00 EUR" in printed
        assert printed.splitlines()[-1].endswith("refused: nothing was used, nothing is paid")
    assert {one.state for one in uses_in(run.plant.database)} == {UseState.REFUSED}
    assert said(run.plant, MotionUsed) == []
    # However it is typed, the log names it as the account is called: its owner looks for its uses by that.
    printed = run("use", "--station", STATION, "--licensee", "Licensee 2", "--format", "mcap", answer="y\n")
    assert "booked: entry" in printed
    [used] = said(run.plant, MotionUsed)
    assert used.licensee == "licensee 2"
    for wrong in (["--format", "pictures"], ["--unit", "hour"]):
        with pytest.raises(BadInput, match="unknown"):
            run("use", "--station", STATION, "--approve", *wrong)


def test_beside_a_server_no_key_is_opened_and_the_log_is_not_written(run, tmp_path, monkeypatch):
    keys = NoKeys()
    for act in (keys.create, keys.public, keys.shred):
        with pytest.raises(BadInput, match="beside a running server"):
            act("ab" * 16)
    with pytest.raises(BadInput, match="the server does it by itself"):
        run("resume")
    operated(run, monkeypatch)
    with pytest.raises(BadInput, match="another process"):
        run("use", "--station", STATION, "--approve")


def operated(commands, monkeypatch):
    """Let the command operate the log, with the world's own key and witness."""
    commands.key = commands.root / "log.key"
    log = commands.consented.world.log
    monkeypatch.setattr(motion_office, "read_public", lambda _: (None, log.verifier))
    monkeypatch.setattr(serving, "open_log_keys", lambda *_: [log])
    monkeypatch.setattr(serving, "HttpWitness", lambda _: commands.consented.cosign)


def test_without_a_server_the_command_takes_every_step(tmp_path, monkeypatch):
    with motion_plant(tmp_path) as plant:
        plant.colleague().opts_in().moves(2)
        commands = Commands(tmp_path, plant, monkeypatch)
    operated(commands, monkeypatch)
    witness = ["--witness-url", "http://127.0.0.1:1"]
    left = tmp_path / "data" / "exports" / f".{'ab' * 16}.0123abcd.partial"
    left.mkdir(parents=True)
    printed = commands("use", "--station", STATION, "--format", "c3d", "--approve", *witness)
    assert "booked: entry" in printed
    assert not left.exists()
    # Without the witness the use waits; it is taken up again.
    commands.consented.witness_is_away = True
    with monkeypatch.context() as impatient:
        impatient.setattr(MotionRoom, "evidence", partialmethod(MotionRoom.evidence, patience_s=0.2))
        with pytest.raises(BadInput, match="has not co-signed"):
            commands("use", "--station", STATION, "--approve", *witness)
    assert "fairtakt motion resume" in commands.printed
    commands.consented.witness_is_away = False
    commands.consented.now_ms += 120_000
    assert commands("resume", *witness).splitlines()[-1].endswith(": booked")
    assert commands("resume", *witness) == "no use waits\n"
