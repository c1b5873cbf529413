"""However a file is damaged, an import ends with a report, and every row has one fate."""

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from productivity.records import Records
from storage.importers.load import import_file
from storage.importers.mapping import FileMapping, Kind

FILES = {
    "log.csv": (
        FileMapping(kind=Kind.STATE_LOG),
        "system,state,date,start,end,duration,occurrences\n"
        "cell,waiting,2026-03-02,06:00,07:00,1:00,1\ncell,waiting,2026-03-02,22:00,06:00,8:00,2\n",
    ),
    "list.csv": (
        FileMapping(kind=Kind.ATTENDANCE, decimal=",", dates="day first"),
        "worker;date;system;state;duration;count\nW1;02.03.2026;cell;present;7,5;1\nW2;03.03.2026;cell;sick;8;1\n",
    ),
    "output.csv": (
        FileMapping(kind=Kind.OUTPUT, period="may"),
        "system\tvariant\tpieces\ncell\tX\t12\ncell\tY\t3\n",
    ),
    "sheet.csv": (
        FileMapping(kind=Kind.STOPWATCH, timing="progress", duration="s"),
        "session,number,system,state,duration\ns1,1,bench,a,4\ns1,1,bench,b,9\ns1,2,bench,a,12\n",
    ),
    "machine.txt": (
        FileMapping(kind=Kind.MACHINE_LOG),
        "2026-03-02T06:00:00Z|avail|AVAILABLE|execution|READY\n2026-03-02T06:00:05Z|execution|ACTIVE\n"
        "2026-03-02T06:00:06Z|@ASSET@|1|Tool|--multiline--X\n<Tool/>\n--multiline--X\n2026-03-02T06:01:00Z|x|1\n",
    ),
    "labels.tsv": (
        FileMapping(kind=Kind.LABELS),
        "Behavior\tTime\tStatus\na\t0\tSTART\na\t2.5\tSTOP\nb\t2.5\tSTART\nb\t4\tSTOP\n",
    ),
    "labels.json": (
        FileMapping(kind=Kind.LABELS, frame_rate=25),
        json.dumps(
            [
                {
                    "id": 1,
                    "annotations": [
                        {"result": [{"value": {"ranges": [{"start": 1, "end": 9}], "labels": ["a"]}}]}
                    ],
                }
            ]
        ),
    ),
    "labels.eaf": (
        FileMapping(kind=Kind.LABELS),
        '<ANNOTATION_DOCUMENT><TIME_ORDER><TIME_SLOT TIME_SLOT_ID="s1" TIME_VALUE="0"/>'
        '<TIME_SLOT TIME_SLOT_ID="s2" TIME_VALUE="900"/></TIME_ORDER><TIER TIER_ID="t"><ANNOTATION>'
        '<ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="s1" TIME_SLOT_REF2="s2">'
        "<ANNOTATION_VALUE>a</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER></ANNOTATION_DOCUMENT>",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_the_whole_file_is_used(name, text_file, checked):
    mapping, content = FILES[name]
    imported = checked(import_file(text_file(content, name), mapping))
    assert imported.report.used >= 1
    assert imported.report.refused == 0


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(FILES)), st.data())
def test_no_damage_raises_and_no_row_is_lost(name, data):
    mapping, content = FILES[name]
    raw = bytearray(content.encode())
    for _ in range(data.draw(st.integers(1, 4), "how often")):
        start = data.draw(st.integers(0, len(raw)), "where")
        stop = min(len(raw), start + data.draw(st.integers(0, 12), "how much"))
        raw[start:stop] = data.draw(
            st.one_of(st.binary(max_size=4), st.sampled_from([b";", b'"', b"-", b"9" * 30]))
        )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(raw)
        imported = import_file(path, mapping)
    report = imported.report
    errors = [finding for finding in report.findings if finding.severity == "error"]
    assert report.read == report.used + report.passed_over + report.refused
    if report.file_refused:
        assert (imported.records, len(errors)) == (Records(), 1)
    else:
        assert len(errors) == report.refused
    assert all(total >= 0 for total in report.totals_ns.values())
