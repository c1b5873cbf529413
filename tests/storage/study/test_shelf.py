"""Studies on a server: plain names, one writer at a time, and nothing half made or half gone."""

import fcntl
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from productivity.errors import BadInput
from storage.study.by_hand import read_by_hand, write_by_hand
from storage.study.folder import read_study
from storage.study.records_csv import RecordFile
from storage.study.shelf import NoStudy, Shelf, StudyBusy, StudyTaken

REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path / "studies", patience_s=0.0)


def test_a_shelf_that_is_not_there_yet_is_empty(shelf):
    assert shelf.names() == []


def test_studies_are_made_listed_and_deleted(shelf):
    shelf.create("cell-7", "Cell 7", "de")
    shelf.create("Area_2", "Area 2", "en")
    assert shelf.names() == ["Area_2", "cell-7"]
    assert read_study(shelf.path("cell-7")).settings.title == "Cell 7"
    shelf.delete("cell-7")
    assert shelf.names() == ["Area_2"]
    assert [entry.name for entry in shelf.root.iterdir()] == ["Area_2"], "nothing of it is left"
    with pytest.raises(NoStudy):
        shelf.delete("cell-7")


BAD_NAMES = [
    "",
    ".",
    "..",
    "../x",
    "a/b",
    "a\\b",
    "/etc",
    ".hidden",
    "a.b",
    "ü",
    "a b",
    "a\0",
    "x" * 61,
    "-a",
    "a\n",
]


@pytest.mark.parametrize("name", [*BAD_NAMES, "x" * 61])
def test_no_name_leads_out_of_the_shelf(shelf, name):
    shelf.root.mkdir()
    with pytest.raises(BadInput, match="name of a study"):
        shelf.create(name, "x", "en")
    for use in (shelf.path, shelf.delete):
        with pytest.raises(NoStudy):
            use(name)
    assert [*shelf.root.parent.iterdir()] == [shelf.root]
    assert [*shelf.root.iterdir()] == []


def test_a_link_is_no_study(shelf, tmp_path):
    shelf.root.mkdir()
    (tmp_path / "elsewhere").mkdir()
    (shelf.root / "linked").symlink_to(tmp_path / "elsewhere")
    assert shelf.names() == []
    with pytest.raises(NoStudy):
        shelf.path("linked")
    with pytest.raises(StudyTaken):
        shelf.create("linked", "x", "en")


def test_a_name_is_taken_once(shelf):
    shelf.create("cell", "first", "en")
    with pytest.raises(StudyTaken):
        shelf.create("cell", "second", "en")
    assert read_study(shelf.path("cell")).settings.title == "first"


def test_of_many_who_make_the_same_study_one_succeeds(shelf):
    begin, outcomes = threading.Barrier(8), []

    def make(number):
        begin.wait()
        try:
            shelf.create("cell", f"{number}", "en")
            outcomes.append(f"{number}")
        except StudyTaken:
            outcomes.append("taken")

    threads = [threading.Thread(target=make, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("taken") == 7
    assert read_study(shelf.path("cell")).settings.title in outcomes
    assert [entry.name for entry in shelf.root.iterdir()] == ["cell"]


def test_two_writers_do_not_meet(shelf):
    shelf.create("cell", "x", "en")
    shelf.create("other", "x", "en")
    with shelf.writing("cell"):
        with pytest.raises(StudyBusy), shelf.writing("cell"):
            pytest.fail("the lock did not hold")
        with pytest.raises(StudyBusy):
            shelf.delete("cell")
        with shelf.writing("other"):
            pass
    with shelf.writing("cell"):
        pass


def test_a_writer_in_another_process_is_waited_for(shelf):
    """The lock ends with the process that holds it, even with kill -9."""
    path = shelf.create("cell", "x", "en")
    code = (
        "import sys, time; from pathlib import Path; from storage.study.shelf import Shelf\n"
        "with Shelf(Path(sys.argv[1])).writing('cell'):\n    print('locked', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(shelf.root)], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout.readline() == "locked\n"
    with pytest.raises(StudyBusy), shelf.writing("cell"):
        pytest.fail("the lock did not hold")
    holder.kill()
    holder.communicate()
    with Shelf(shelf.root, patience_s=30).writing("cell") as found:
        assert found == path


def test_who_waited_for_a_study_that_was_deleted_is_told(shelf):
    shelf.create("cell", "x", "en")
    waiting, told = Shelf(shelf.root, patience_s=30), []

    def wait():
        try:
            with waiting.writing("cell"):
                told.append("in")
        except NoStudy:
            told.append("gone")

    with shelf.writing("cell") as path:
        thread = threading.Thread(target=wait)
        thread.start()
        while not _is_waited_for(path):
            threading.Event().wait(0.005)
        path.rename(path.with_name(".cell.gone"))
        shelf.create("cell", "another one", "en")
    thread.join()
    assert told == ["gone"]


def _is_waited_for(path):
    """Whether another thread of this process has the directory open too."""
    return sum(_points_to(link, path) for link in Path("/proc/self/fd").iterdir()) > 1


def _points_to(link, path):
    try:
        return link.readlink() == path
    except OSError:
        return False


def test_readers_meet_each_other_and_wait_for_a_writer(shelf):
    shelf.create("cell", "x", "en")
    with shelf.writing("cell"), pytest.raises(StudyBusy):
        shelf.read("cell")
    with shelf._holding("cell", fcntl.LOCK_SH):
        assert shelf.read("cell").settings.title == "x"
        with pytest.raises(StudyBusy), shelf.writing("cell"):
            pytest.fail("the lock did not hold")


def test_a_reader_sees_data_before_or_after_they_are_replaced_and_never_in_between(shelf):
    patient = Shelf(shelf.root, patience_s=30)
    patient.create("cell", "x", "en")
    rows = [{"system": "cell 1", "period": "2026-01", "duration_h": "1"}]
    study = patient.path("cell")
    write_by_hand(study, RecordFile.PAID, rows, read_by_hand(study, RecordFile.PAID).revision)
    ended, seen = threading.Event(), set()

    def replace():
        for number in range(2, 30):
            with patient.writing("cell") as path:
                revision = read_by_hand(path, RecordFile.PAID).revision
                write_by_hand(path, RecordFile.PAID, rows * number, revision)
        ended.set()

    writer = threading.Thread(target=replace)
    writer.start()
    while not ended.is_set():
        seen.add(len(patient.read("cell").records.paid))
    writer.join()
    assert min(seen) >= 1
    assert len(patient.read("cell").records.paid) == 29
