"""Damage, forgery, a full disk, a kill: restored completely or not at all, and one line that says why."""

import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import tarfile
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet as pq
from sqlalchemy import inspect

from productivity.errors import BadInput
from storage.backup.restore import restore_backup
from storage.backup.take import take_backup
from storage.sql.database import Database
from tests.storage.backup import world

ROOT = Path(__file__).resolve().parents[3]
SITES = "tables/site/00000000.parquet"


def members(file):
    with tarfile.open(file) as archive:
        return {member.name: archive.extractfile(member).read() for member in archive.getmembers()}


def rewrite(file, contents, *, honest=True, links=()):
    """Write a backup with other contents; an honest manifest fits them."""
    manifest = json.loads(contents.pop("manifest.json"))
    if honest:
        for name, content in contents.items():
            entry = manifest["files"].setdefault(name, {"rows": None})
            entry.update(bytes=len(content), sha256=hashlib.sha256(content).hexdigest())
        for name in manifest["files"].keys() - contents.keys():
            del manifest["files"][name]
    with tarfile.open(file, "w") as archive:
        for name, content in [*contents.items(), ("manifest.json", json.dumps(manifest).encode())]:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        for link in links:
            archive.addfile(link)


@pytest.fixture
def target(tmp_path):
    return f"sqlite:///{tmp_path}/new.db"


@pytest.fixture
def refused(tmp_path, target):
    """Restore, expect a refusal, and that it touched nothing; return its text."""

    def restore(file, **options):
        with pytest.raises(BadInput) as error:
            restore_backup(file, target, tmp_path / "new", world.RESTORED_MS, **options)
        assert not (tmp_path / "new").exists()
        assert is_empty(target)
        assert "\n" not in str(error.value)
        return str(error.value)

    return restore


def is_empty(address):
    if address.startswith("sqlite") and not Path(address.removeprefix("sqlite:///")).exists():
        return True
    with Database(address, None) as database, database.reading() as connection:
        return inspect(connection).get_table_names() == []


@pytest.fixture
def kind():
    """The source is a SQLite file here: what is wrong with a file does not depend on it."""
    return "sqlite"


def test_a_flipped_bit_anywhere_is_found_before_anything_is_touched(file, refused):
    whole = file.read_bytes()
    with tarfile.open(file) as archive:
        places = [(m.name, m.offset_data + m.size // 2) for m in archive.getmembers() if m.size]
    assert len(places) > 20
    for name, place in places:
        damaged = bytearray(whole)
        damaged[place] ^= 1
        file.write_bytes(damaged)
        text = refused(file)
        assert name in text or name == "manifest.json"


@pytest.mark.parametrize("part", [0.0, 0.1, 0.5, 0.9])
def test_a_truncated_copy_is_refused(file, refused, part):
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * part)])
    assert "backup" in refused(file)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda c: c.pop(SITES), "files are not those of the manifest"),
        (
            lambda c: c.update({"tables/site/00000001.parquet": b"more"}),
            "files are not those of the manifest",
        ),
        (lambda c: c.update({SITES: c[SITES] + b"\0"}), "another length"),
    ],
)
def test_files_that_the_manifest_does_not_name_so_are_refused(file, refused, change, says):
    contents = members(file)
    change(contents)
    rewrite(file, contents, honest=False)
    assert says in refused(file)


def _manifest(**changes):
    return lambda c: c.update({"manifest.json": json.dumps({**json.loads(c["manifest.json"]), **changes})})


def _parquet(columns):
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_manifest(fairtakt="backup 2"), "backup of a newer fairtakt: expected backup 1, found backup 2"),
        (_manifest(version="9999"), "backup of a newer fairtakt: found tables 9999"),
        (_manifest(fairtakt="calendar"), "manifest is damaged at fairtakt"),
        (_manifest(unknown=1), "manifest is damaged at unknown"),
        (_manifest(taken_ms=world.RESTORED_MS + 1), "backup is from the future"),
        (lambda c: c.update({SITES: b"PAR1 not really PAR1"}), "not a Parquet file"),
        (lambda c: c.update({SITES: _parquet({"id": [1]})}), "columns do not fit"),
        (
            lambda c: c.update(
                {SITES: _parquet({"id": [1, 1, 2], "name": ["a", "b", "c"], "time_zone": ["UTC"] * 3})}
            ),
            "rows cannot be stored: found SQLITE_CONSTRAINT",
        ),
        (
            lambda c: c.update({SITES: _parquet({"id": [1], "name": ["a"], "time_zone": ["UTC"]})}),
            "SQLITE_CONSTRAINT",  # others refer to the missing ones
        ),
        (lambda c: c.update({"tables/login/00000000.parquet": _parquet({"id": [1]})}), "do not belong"),
        (lambda c: c.update({"tables/nosuch/00000000.parquet": _parquet({"id": [1]})}), "do not belong"),
        (lambda c: c.update({"data/sealed/../../evil": b""}), "manifest is damaged"),
        (lambda c: c.update({"data/studies/.hidden": b""}), "manifest is damaged"),
        (lambda c: c.update({"/etc/evil": b""}), "manifest is damaged"),
    ],
)
def test_what_no_backup_holds_is_refused_even_with_an_honest_manifest(file, refused, change, says):
    contents = members(file)
    change(contents)
    contents = {name: text.encode() if isinstance(text, str) else text for name, text in contents.items()}
    rewrite(file, contents)
    assert says in refused(file)


@pytest.mark.parametrize("kind_of_link", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.DIRTYPE])
def test_only_files_are_in_a_backup(file, refused, kind_of_link):
    link = tarfile.TarInfo("data/studies/link")
    link.type, link.linkname = kind_of_link, "/etc/passwd"
    rewrite(file, members(file), links=[link])
    assert "not a backup" in refused(file)


def test_a_forgery_with_a_fitting_manifest_is_found_by_the_digest_of_the_whole(source, data, file, refused):
    kept = hashlib.sha256(file.read_bytes()).hexdigest()
    contents = members(file)
    contents["data/studies/assembly/study.yaml"] = b"title: forged\n"
    rewrite(file, contents)
    assert "another file than expected" in refused(file, sha256=kept)


def test_the_digest_that_a_backup_tells_is_that_of_its_file(source, data, tmp_path, target):
    taken = take_backup(source, data, tmp_path / "b", world.TAKEN_MS)
    content = (tmp_path / "b").read_bytes()
    assert (taken.sha256, taken.bytes) == (hashlib.sha256(content).hexdigest(), len(content))
    assert (tmp_path / "b").stat().st_mode & 0o077 == 0
    restore_backup(tmp_path / "b", target, tmp_path / "new", world.RESTORED_MS, sha256=taken.sha256.upper())


@pytest.mark.parametrize("what", ["nothing", "a directory", "a text"])
def test_what_is_no_backup_is_refused(tmp_path, refused, what):
    file = tmp_path / "x"
    if what == "a directory":
        file.mkdir()
    elif what == "a text":
        file.write_text("hello\n" * 500)
    assert str(file) in refused(file)


@pytest.mark.parametrize("target_kind", ["sqlite", "postgresql"])
def test_a_database_that_is_not_empty_is_left_alone(file, tmp_path, new_address, target_kind):
    address = new_address(target_kind)
    with Database(address) as database:
        before = world.dump(database)
    with pytest.raises(BadInput, match="database is not empty"):
        restore_backup(file, address, tmp_path / "new", world.RESTORED_MS)
    assert not (tmp_path / "new").exists()
    with Database(address) as database:
        assert world.dump(database) == before


@pytest.mark.parametrize("name", ["sealed/x.parquet", "studies/mine/study.yaml", "sealed"])
def test_a_data_directory_that_is_not_empty_is_left_alone(file, tmp_path, target, name):
    there = tmp_path / "new" / name
    there.parent.mkdir(parents=True)
    there.write_text("mine")
    with pytest.raises(BadInput, match=r"not empty|not a directory"):
        restore_backup(file, target, tmp_path / "new", world.RESTORED_MS)
    assert world.files(tmp_path / "new") == {name: b"mine"}
    assert is_empty(target)


def test_other_files_of_the_data_directory_stay(file, tmp_path, target, data):
    (tmp_path / "new" / "sealed").mkdir(parents=True)
    (tmp_path / "new" / "server.secret").write_text("mine")
    restore_backup(file, target, tmp_path / "new", world.RESTORED_MS)
    assert world.files(tmp_path / "new") == {**world.files(data), "server.secret": b"mine"}


def test_files_need_a_directory(file, target):
    with pytest.raises(BadInput, match="--data"):
        restore_backup(file, target, None, world.RESTORED_MS)
    assert is_empty(target)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda sealed: sealed.write_bytes(b"other"), "sealed file is damaged"),
        (lambda sealed: sealed.unlink(), "file is gone"),
    ],
)
def test_sealed_data_that_is_not_what_was_sealed_gives_no_backup(source, data, tmp_path, change, says):
    change(data / "sealed" / "site=north/month=2026-11/2.parquet")
    with pytest.raises(BadInput, match=says):
        take_backup(source, data, tmp_path / "b", world.TAKEN_MS)
    assert [path.name for path in tmp_path.iterdir() if path.name == "b" or "partial" in path.name] == []


def test_a_backup_overwrites_nothing_and_follows_no_link(source, data, tmp_path):
    (tmp_path / "b").write_text("mine")
    with pytest.raises(BadInput, match="file exists"):
        take_backup(source, data, tmp_path / "b", world.TAKEN_MS)
    assert (tmp_path / "b").read_text() == "mine"
    (data / "studies" / "link").symlink_to("/etc/passwd")
    with pytest.raises(BadInput, match="neither file nor directory"):
        take_backup(source, data, tmp_path / "c", world.TAKEN_MS)
    with pytest.raises(BadInput, match="--data"):
        take_backup(source, None, tmp_path / "c", world.TAKEN_MS)
    with pytest.raises(BadInput, match="no such directory"):
        take_backup(source, data, tmp_path / "nowhere" / "c", world.TAKEN_MS)
    assert not list(tmp_path.glob(".*partial"))


def test_a_table_that_nobody_decided_about_leaves_no_backup(source, data, tmp_path):
    with source.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE secrets (id INTEGER PRIMARY KEY)")
    with pytest.raises(BadInput, match="none of the plant server's: found secrets"):
        take_backup(source, data, tmp_path / "b", world.TAKEN_MS)


def test_tables_of_a_newer_version_give_no_backup(source, data, tmp_path):
    with source.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(BadInput, match="newer version"):
        take_backup(source, data, tmp_path / "b", world.TAKEN_MS)


def run(*words, limit=None, before=""):
    """Run a command in a process of its own, with a largest file size, and some code before it."""
    limiting = (
        f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}));" if limit else ""
    )
    code = f"{limiting}import sys; sys.argv = ['fairtakt', *{list(map(str, words))!r}]\n{before}\n"
    code += "from cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False, env=os.environ
    )
    return done.returncode, done.stderr.strip()


def test_a_full_disk_leaves_no_backup(source, data, tmp_path):
    """A limit on the size of files is what a full disk is to the program: writing fails."""
    address = f"sqlite:///{tmp_path}/source.db"
    status, said = run("backup", tmp_path / "b", "--database", address, "--data", data, limit=20_000)
    assert (status, said.count("\n")) == (2, 0), said
    assert said == f"fairtakt: {tmp_path}/b: File too large"
    assert not (tmp_path / "b").exists()
    assert not list(tmp_path.glob(".b.*"))


def test_a_full_disk_leaves_nothing_restored(file, tmp_path, target):
    arguments = ("restore", file, "--database", target, "--data", tmp_path / "new")
    status, said = run(*arguments, limit=40_000)
    assert (status, said.count("\n")) == (2, 0), said
    assert "SQLITE_" in said
    assert not (tmp_path / "new").exists()
    assert is_empty(target)
    assert run(*arguments)[0] == 0


DIE = "import os, signal\ndef die(*_, **__): os.kill(os.getpid(), signal.SIGKILL)\n"


@pytest.mark.parametrize("target_kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize(
    "moment",
    [
        "import storage.backup.restore as r\nr.load = die",  # before the first row
        "import storage.backup.restore as r\nr._close = die",  # all rows are in
        # the files have their names, the transaction is not committed
        "import storage.backup.restore as r\n"
        "sync = r.sync_directory\n"
        "there = lambda d: (d / 'sealed').exists() and '.restore' not in d.name\n"
        "r.sync_directory = lambda d: die() if there(d) else sync(d)",
    ],
    ids=["while filling", "before the files", "before the commit"],
)
def test_a_kill_leaves_nothing_restored_and_restoring_again_works(
    file, data, source, tmp_path, new_address, target_kind, moment
):
    address = new_address(target_kind)
    arguments = ("restore", file, "--database", address, "--data", tmp_path / "new")
    assert run(*arguments, before=DIE + moment)[0] == -signal.SIGKILL
    assert is_empty(address)
    assert run(*arguments) == (0, "")
    with Database(address) as restored:
        assert world.dump(restored)["interval"] == world.dump(source)["interval"]
    assert world.files(tmp_path / "new") == world.files(data)


def test_a_killed_backup_does_not_have_the_name_of_one(source, data, tmp_path):
    words = ("backup", tmp_path / "b", "--database", f"sqlite:///{tmp_path}/source.db", "--data", data)
    assert run(*words, before=DIE + "import storage.backup.take as t\nt._sealed = die")[0] == -signal.SIGKILL
    assert not (tmp_path / "b").exists()
    assert run(*words) == (0, "")
    assert (tmp_path / "b").exists()
