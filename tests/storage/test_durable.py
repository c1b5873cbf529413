import os
import subprocess
import sys
from pathlib import Path

import pytest

from productivity.errors import BadInput
from storage.durable import whole_directory

REPOSITORY = Path(__file__).resolve().parents[2]


def write(directory, text="new"):
    (directory / "intervals.csv").write_text(text)


def names(directory):
    return sorted(entry.name for entry in directory.iterdir())


def test_the_directory_appears_when_all_is_written(tmp_path):
    with whole_directory(tmp_path / "out") as directory:
        write(directory)
        assert not (tmp_path / "out").exists()
    assert names(tmp_path) == ["out"]
    assert (tmp_path / "out" / "intervals.csv").read_text() == "new"


def test_files_and_directories_are_forced_to_disk_before_the_name_appears(tmp_path, monkeypatch):
    synced = []

    def fsync(descriptor):
        synced.append((os.fstat(descriptor).st_ino, (tmp_path / "out").exists()))

    monkeypatch.setattr(os, "fsync", fsync)
    with whole_directory(tmp_path / "out") as directory:
        write(directory)
        (directory / "deep").mkdir()
        write(directory / "deep")
    out = tmp_path / "out"
    inside = {path.stat().st_ino for path in (out, *out.rglob("*"))}
    assert {inode for inode, visible in synced if not visible} == inside
    assert (tmp_path.stat().st_ino, True) in synced


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_error_leaves_nothing_behind(tmp_path, error):
    def fail(directory):
        write(directory)
        raise error

    with pytest.raises(error), whole_directory(tmp_path / "new" / "deep" / "out") as directory:
        fail(directory)
    assert names(tmp_path) == []


def test_an_error_leaves_parents_that_somebody_else_uses(tmp_path):
    def fail(directory):
        (directory.parent / "other").write_text("")
        raise ValueError("x")

    with pytest.raises(ValueError, match="x"), whole_directory(tmp_path / "new" / "out") as directory:
        fail(directory)
    assert names(tmp_path / "new") == ["other"]


def test_somebody_else_makes_the_same_parent_first(tmp_path, monkeypatch):
    mkdir = Path.mkdir

    def late(directory, *rest):
        if directory.name == "new":
            mkdir(directory)
        mkdir(directory, *rest)

    monkeypatch.setattr(Path, "mkdir", late)
    with whole_directory(tmp_path / "new" / "out") as directory:
        write(directory)
    with pytest.raises(ValueError, match="x"), whole_directory(tmp_path / "second" / "new" / "out"):
        raise ValueError("x")
    assert names(tmp_path) == ["new", "second"]
    assert names(tmp_path / "second") == ["new"], "what somebody else made is left to them"


def test_an_empty_directory_may_be_filled(tmp_path):
    (tmp_path / "out").mkdir()
    with whole_directory(tmp_path / "out") as directory:
        write(directory)
    assert names(tmp_path / "out") == ["intervals.csv"]


@pytest.mark.parametrize(
    "replaces", [(), ("report.html",), ("intervals.csv",)], ids=["none", "others", "one of two"]
)
def test_what_another_wrote_is_never_overwritten(tmp_path, replaces):
    out = tmp_path / "out"
    out.mkdir()
    write(out, "old")
    (out / "notes.txt").write_text("mine")
    with (
        pytest.raises(BadInput, match=r"directory is not empty: expected a new or empty directory.*found '"),
        whole_directory(out, replaces=replaces),
    ):
        pytest.fail("must be refused before anything is written")
    assert names(out) == ["intervals.csv", "notes.txt"]
    assert names(tmp_path) == ["out"]


def test_an_earlier_result_is_replaced_when_told(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    write(out, "old")
    (out / "report.html").write_text("old")
    with whole_directory(out, replaces=("intervals.csv", "report.html")) as directory:
        write(directory)
    assert (names(tmp_path), names(out)) == (["out"], ["intervals.csv"])


def test_an_earlier_result_survives_an_error(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    write(out, "old")

    def fail(directory):
        write(directory)
        raise ValueError("x")

    with pytest.raises(ValueError, match="x"), whole_directory(out, replaces=("intervals.csv",)) as directory:
        fail(directory)
    assert (out / "intervals.csv").read_text() == "old"
    assert names(tmp_path) == ["out"]


def test_a_directory_that_was_filled_in_the_meantime_is_kept(tmp_path):
    out = tmp_path / "out"

    def write_both(directory):
        write(directory)
        out.mkdir()
        write(out, "theirs")

    with pytest.raises(BadInput, match="not empty"), whole_directory(out) as directory:
        write_both(directory)
    assert (out / "intervals.csv").read_text() == "theirs"
    assert names(tmp_path) == ["out"]


def test_a_file_in_the_way_is_refused(tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(BadInput, match="not a directory"), whole_directory(tmp_path / "out"):
        pytest.fail("must be refused")
    with pytest.raises(BadInput, match="directory"), whole_directory(tmp_path / "out" / "deeper"):
        pytest.fail("must be refused")


def test_a_killed_writer_leaves_no_half_written_result(tmp_path):
    script = (
        "import os, sys; from pathlib import Path; from storage.durable import whole_directory\n"
        "with whole_directory(Path(sys.argv[1])) as d:\n"
        "    (d / 'intervals.csv').write_text('half'); os.kill(os.getpid(), 9)\n"
    )
    target = tmp_path / "out"
    done = subprocess.run([sys.executable, "-c", script, str(target)], cwd=REPOSITORY, check=False)
    assert done.returncode == -9
    assert not target.exists()
