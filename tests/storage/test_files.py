"""Content that came over a network reads like the same content on a disk."""

import json

import openpyxl
import pytest

from storage.files import MemoryFile
from storage.importers.load import import_file
from storage.importers.mapping import FileMapping, Kind
from storage.intervals_parquet import write_intervals_parquet
from storage.observations import read_observations

TABLES = {
    Kind.STATE_LOG: "system,state,duration,period\ncell,waiting,2.5,2026-01\n",
    Kind.ATTENDANCE: "system,state,duration,period\ncell,present,8,2026-01\n",
    Kind.OUTPUT: "system,pieces,period\ncell,30,2026-01\n",
    Kind.STOPWATCH: "system,state,duration\ncell,screwing,0.1\n",
    Kind.RECORDING: "state,start_s,end_s,cycle\nscrewing,0,2,1\nscrewing,2,3,2\n",
    Kind.LABELS: "state,start_s,end_s,cycle\nscrewing,0,2,1\nscrewing,2,3,2\n",
}
SHDR = """\
2026-01-01T08:00:00Z|avail|AVAILABLE|execution|ACTIVE
2026-01-01T09:00:00Z|execution|READY
"""
EAF = """\
<ANNOTATION_DOCUMENT>
<TIME_ORDER><TIME_SLOT TIME_SLOT_ID="a" TIME_VALUE="0"/>
<TIME_SLOT TIME_SLOT_ID="b" TIME_VALUE="9"/></TIME_ORDER>
<TIER TIER_ID="t"><ANNOTATION>
<ALIGNABLE_ANNOTATION ANNOTATION_ID="1" TIME_SLOT_REF1="a" TIME_SLOT_REF2="b">
<ANNOTATION_VALUE>s</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER>
</ANNOTATION_DOCUMENT>
"""
TASKS = [{"id": 1, "labels": [{"start": 0, "end": 2, "labels": ["a"]}]}]
FILES = [
    *((f"{kind.name.lower()}.csv", kind, text) for kind, text in TABLES.items()),
    ("log.txt", Kind.MACHINE_LOG, SHDR),
    ("labels.json", Kind.LABELS, json.dumps(TASKS)),
    ("labels.eaf", Kind.LABELS, EAF),
]


@pytest.mark.parametrize(("name", "kind", "text"), FILES)
def test_memory_reads_as_a_disk_does(tmp_path, name, kind, text):
    mapping = FileMapping(kind=kind)
    path = tmp_path / name
    path.write_text(text)
    found = import_file(MemoryFile(name, text.encode()), mapping)
    assert found == import_file(path, mapping)
    assert found.report.used > 0


def test_a_workbook_is_read_from_memory(tmp_path):
    book = openpyxl.Workbook()
    for row in (["system", "state", "duration", "period"], ["cell", "waiting", 2.5, "2026-01"]):
        book.active.append(row)
    book.save(tmp_path / "log.xlsx")
    mapping = FileMapping(kind=Kind.STATE_LOG)
    found = import_file(MemoryFile("log.xlsx", (tmp_path / "log.xlsx").read_bytes()), mapping)
    assert found == import_file(tmp_path / "log.xlsx", mapping)
    assert found.report.used == 1


def test_parquet_is_read_from_memory(tmp_path):
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    from productivity.intervals import StateInterval
    from storage.rows import IntervalRow

    write_intervals_parquet(
        tmp_path / "intervals.parquet", [IntervalRow(StateInterval("bench", "screwing", 0, 5), None, 1)]
    )
    content = (tmp_path / "intervals.parquet").read_bytes()
    assert read_observations(MemoryFile("intervals.parquet", content)) == read_observations(
        tmp_path / "intervals.parquet"
    )


@pytest.mark.parametrize("name", ["x.xlsx", "x.parquet", "x.eaf", "x.json", "x.csv", "x.txt", "x", "x.exe"])
@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe" * 50, b"[" * 100_000, b"PK\x03\x04" + bytes(60)])
def test_bad_content_in_memory_is_refused_with_its_name(name, kind, content):
    found = import_file(MemoryFile(name, content), FileMapping(kind=kind))
    assert found.report.file_refused
    assert name in found.report.findings[0].text
