"""A log that other software wrote, sizes 0 to 15: its checkpoints, roots and entries verify."""

from pathlib import Path

import pytest

from consent.log.checkpoint import open_checkpoint
from consent.log.directory import Directory
from consent.log.reader import LogReader
from consent.log.verify import verify_entries, verify_log
from consent.notes import parse_verifier
from productivity.errors import BadInput

LOG = Path(__file__).resolve().parents[4] / "shared" / "data" / "tlog_tessera" / "log"
# Public test key; ../shared/data/SOURCES.md.
KEY = parse_verifier("example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx")
SIZES = range(16)


@pytest.fixture
def tessera():
    if not LOG.is_dir():
        pytest.skip("the Tessera log is not in ../shared/data/tlog_tessera")
    return Directory(LOG)


@pytest.fixture
def checkpoints(tessera):
    return [open_checkpoint((LOG / f"checkpoint.{size}").read_bytes(), KEY)[0] for size in SIZES]


def test_sixteen_of_sixteen_checkpoints_and_roots_verify(tessera, checkpoints):
    assert [checkpoint.size for checkpoint in checkpoints] == list(SIZES)
    for checkpoint in checkpoints:
        verify_entries(tessera, checkpoint, earlier=checkpoints[: checkpoint.size])


def test_the_whole_log_continues_every_checkpoint(tessera, checkpoints):
    assert verify_log(tessera, KEY, earlier=checkpoints) == checkpoints[15]


def test_proofs_come_out_of_its_tiles(tessera, checkpoints):
    reader = LogReader(tessera, checkpoints[15])
    assert [reader.entry(index) for index in (0, 1, 14)] == [b"one", b"two", b"fivten"]
    assert len(reader.inclusion(3)) == 4
    for old in checkpoints[1:]:
        reader.consistency(old)


def test_a_checkpoint_of_another_size_is_noticed(tessera, checkpoints, memory_files):
    swapped = {"checkpoint": (LOG / "checkpoint.14").read_bytes()}
    for path in (LOG / "tile").rglob("*"):
        if path.is_file():
            swapped[path.relative_to(LOG).as_posix()] = path.read_bytes()
    with pytest.raises(BadInput, match="cut off"):
        verify_log(memory_files(swapped), KEY, earlier=checkpoints)
