"""What a withdrawal or a suspension takes back leaves no byte behind, and no time is missing."""

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from capture.outbox import purge as purging
from capture.outbox.batch import read_body
from capture.outbox.outbox import Outbox
from capture.outbox.purge import Purge
from capture.outbox.status import read_status
from productivity.errors import BadInput

ROOT = Path(__file__).resolve().parents[3]
SECRET = "polishing-the-brass-lamp"  # noqa: S105  # a state that must not be found any more
WHY = "consent withdrawn"


def everything_on_disk(path):
    return b"".join(file.read_bytes() for file in path.parent.iterdir())


def content(outbox):
    """All that waits, in the order of sending."""
    taken, seen = [], set()
    while (batch := outbox.next_batch("edge-1", skipping=seen)) is not None:
        seen.add(batch.key)
        taken += read_body(batch.body)[1]
    return taken


def test_no_byte_is_left_in_any_file(tmp_path, entry):
    """Rows, batches, index, free pages and the write-ahead log."""
    path = tmp_path / "box.db"
    with Outbox(path) as outbox:
        for start in range(0, 3000, 100):
            outbox.put([entry(start + step, state=SECRET, reason=SECRET) for step in range(100)])
        for _ in range(3):
            outbox.acknowledge(outbox.next_batch("edge-1", most=100))  # free pages
        outbox.next_batch("edge-1", most=100)
        assert SECRET.encode() in everything_on_disk(path)
        assert outbox.purge(Purge(WHY, session="a" * 32)) == 2700
        assert SECRET.encode() not in everything_on_disk(path)
    assert SECRET.encode() not in everything_on_disk(path)


def test_an_acknowledged_batch_leaves_no_byte_after_the_next_purge_or_closing(tmp_path, entry):
    path = tmp_path / "box.db"
    with Outbox(path) as outbox:
        outbox.put([entry(state=SECRET)])
        outbox.acknowledge(outbox.next_batch("edge-1"))
    assert SECRET.encode() not in everything_on_disk(path)


def test_one_gap_stands_for_the_run_with_and_without_a_number(outbox, entry):
    outbox.put([entry(0), entry(1), entry(2)])
    numbered = outbox.next_batch("edge-1")
    outbox.put([entry(3), entry(4)])
    assert outbox.purge(Purge(WHY, station="press")) == 5
    first = outbox.next_batch("edge-1")
    assert first.key == numbered.key
    assert first.purged
    assert [(one.ordinal, one.reason, one.duration_ns) for one in content(outbox)] == [
        (0, WHY, 3 * entry().duration_ns),
        (3, WHY, 2 * entry().duration_ns),
    ]


@pytest.mark.parametrize("numbered", [True, False], ids=["numbered", "waiting"])
@pytest.mark.parametrize(
    ("what", "left"),
    [
        ({"session": "a" * 32}, {("b", "press")}),
        ({"station": "press"}, {("a", "bench")}),
        ({"session": "a" * 32, "station": "press"}, {("a", "bench"), ("b", "press")}),
        ({"session": "c" * 32}, {("a", "press"), ("a", "bench"), ("b", "press")}),
    ],
    ids=["session", "station", "both", "neither"],
)
def test_only_what_is_named_goes(outbox, entry, what, left, numbered):
    """Sessions and stations are interleaved, as a recorder of several stations puts them."""
    for number in range(4):
        for session, station in (("a", "press"), ("a", "bench"), ("b", "press")):
            outbox.put([entry(number, session=session * 32, station=station)])
    before = content(outbox) if numbered else []
    outbox.purge(Purge(WHY, **what))
    after = content(outbox)
    assert {(one.session[0], one.station) for one in after if one.reason != WHY} == left
    assert sum(one.duration_ns for one in after) == 12 * entry().duration_ns
    assert len(after) == 4 * len(left) + (3 - len(left))
    assert not numbered or len(before) == 12


@pytest.mark.parametrize(
    ("since", "resolution_ms", "kept"),
    [
        (0, 1, 0),
        (20_000, 1, 2),  # the second ends at 12.5 s
        (12_501, 1, 2),
        (12_500, 1, 1),  # its end was rounded
        (12_501, 1000, 1),  # its start was: it may have ended at 13.4 s
        (13_500, 1000, 2),
    ],
)
def test_since_takes_what_may_reach_beyond(outbox, entry, since, resolution_ms, kept):
    outbox.put([entry(number) for number in range(5)])
    start = entry(0).start_ms
    outbox.purge(Purge(WHY, session="a" * 32, since_ms=start + since, resolution_ms=resolution_ms))
    assert [one.reason for one in content(outbox)] == [None] * kept + [WHY]


@pytest.mark.parametrize("numbered", [True, False], ids=["numbered", "waiting"])
@pytest.mark.parametrize("first", [0, 2, 4, 5])
def test_whoever_has_put_the_entries_names_the_first(outbox, entry, first, numbered):
    outbox.put([entry(number) for number in range(5)])
    before = outbox.next_batch("edge-1") if numbered else None
    assert outbox.purge(Purge(WHY, session="a" * 32, first_ordinal=first)) == 5 - first
    after = content(outbox)
    assert [one.reason for one in after] == [None] * first + [WHY] * (first < 5)
    assert sum(one.duration_ns for one in after) == 5 * entry().duration_ns
    assert before is None or before.key[1] == 0


@pytest.mark.parametrize("numbered", [True, False], ids=["numbered", "waiting"])
def test_what_follows_what_has_to_go_goes_too(outbox, entry, numbered):
    """By rounded starts alone, a short interval behind a long one would stay: the gap would have a hole.

    Rounded to a second: 1.9 s long from 0 on; then 0.1 s long from 1.9 on, which is said to be 1.
    """
    start = entry(0).start_ms
    outbox.put([entry(0, seconds=1.9), entry(1, start_ms=start + 1000, seconds=0.1)])
    if numbered:
        outbox.next_batch("edge-1")
    outbox.purge(Purge(WHY, station="press", since_ms=start + 2500, resolution_ms=1000))
    (gap,) = content(outbox)
    assert (gap.reason, gap.duration_ns) == (WHY, 2 * 10**9)


def test_more_rows_than_are_looked_at_at_once_become_one(outbox, entry):
    for start in range(0, 1600, 200):
        outbox.put([entry(start + step) for step in range(200)])
    assert outbox.purge(Purge(WHY, session="a" * 32, since_ms=entry(150).start_ms)) == 1450
    (gap,) = [one for one in content(outbox) if one.reason == WHY]
    assert (gap.ordinal, gap.duration_ns) == (150, 1450 * entry().duration_ns)


def test_a_second_purge_finds_nothing_to_replace(outbox, entry):
    outbox.put([entry(0), entry(1)])
    outbox.next_batch("edge-1")
    outbox.put([entry(2)])
    assert outbox.purge(Purge(WHY, session="a" * 32)) == 3
    before = content(outbox)
    assert outbox.purge(Purge(WHY, session="a" * 32)) == 0
    assert content(outbox) == before


def test_a_purge_of_everything_is_refused():
    with pytest.raises(BadInput, match="a session or a station"):
        Purge(WHY)


def test_a_late_acknowledgement_of_the_original_does_not_delete_its_replacement(outbox, entry):
    outbox.put([entry(0)])
    sent = outbox.next_batch("edge-1")
    outbox.purge(Purge(WHY, session="a" * 32))
    assert not outbox.acknowledge(sent)
    outbox.settle(outbox.next_batch("edge-1"))
    assert outbox.next_batch("edge-1") is None


def test_a_batch_that_was_purged_too_late_is_counted(tmp_path, outbox, entry):
    for number in range(2):
        outbox.put([entry(number)])
        outbox.next_batch("edge-1")
        outbox.purge(Purge(WHY, session="a" * 32))
        outbox.settle(outbox.next_batch("edge-1"))
    assert read_status(tmp_path / "state" / "outbox.db").purged_too_late == 2


@pytest.mark.parametrize("where", ["_purge_batches", "_purge_waiting", "forget_log"])
def test_a_purge_that_a_crash_interrupted_is_completed_by_the_next_opening(tmp_path, entry, where):
    path = tmp_path / "box.db"
    with Outbox(path) as outbox:
        outbox.put([entry(0), entry(1, state=SECRET)])
        outbox.next_batch("edge-1")
        outbox.put([entry(2, state=SECRET)])
    killed = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from capture.outbox import database, purge\n"
        "from capture.outbox.outbox import Outbox\n"
        "die = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "where = sys.argv[2]\n"
        "setattr(database.Database if where == 'forget_log' else purge, where, die)\n"
        f"Outbox(Path(sys.argv[1])).purge(purge.Purge('{WHY}', session='a' * 32, first_ordinal=1))\n"
    )
    done = subprocess.run([sys.executable, "-c", killed, str(path), where], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    assert read_status(path).purges_open == 1
    with Outbox(path) as outbox:
        assert SECRET.encode() not in everything_on_disk(path)
        left = content(outbox)
    assert [one.reason for one in left] == [None, WHY, WHY]
    assert sum(one.duration_ns for one in left) == 3 * entry().duration_ns
    assert read_status(path).purges_open == 0


def test_nothing_gets_a_number_while_a_purge_is_under_way(outbox, entry, monkeypatch):
    """Else it could slip from the rows without a number into a batch that was already looked at."""
    outbox.put([entry(0, state=SECRET)])
    begun, found = threading.Event(), []
    between = purging._purge_waiting

    def slow(*arguments):
        begun.set()
        thread.join(0.3)
        return between(*arguments)

    def take():
        begun.wait()
        found.append(outbox.next_batch("edge-1"))

    thread = threading.Thread(target=take)
    thread.start()
    monkeypatch.setattr(purging, "_purge_waiting", slow)
    outbox.purge(Purge(WHY, session="a" * 32))
    thread.join()
    assert SECRET.encode() not in found[0].body
