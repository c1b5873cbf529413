"""The transparency log: appending with fsync, and verifying a million entries: `make bench`.

Each contender runs in a process of its own, so that memory is its alone, in several rounds of which the best
counts, because a shared machine only ever adds time. Writes out/bench/consent.json.

    append        LogWriter.append in batches: bundles, tiles, every fsync, signed checkpoint
    verify        consent.log.verify.verify_log: every entry and tile against the checkpoint, one pass
    bare SHA-256  hashlib over the same entries, read from the same files, nothing else
    judge         consent.audit.audit.audit: the fifteen checks over signed entries of a site's day
    say           consent.site.desk.Desk: 16 threads say who looked, each answered once its entry is on disk
    say-alone     the same with one thread: how long a page waits for its entry
    fsync         a new file of 4 KiB, written and fsynced: what the rate of appending must be judged by
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from rich.console import Console
from rich.table import Table

from benchmarks.site_log import LOG, MORNING_MS, STATION, policy, site_log
from consent.agreement.vocabulary import Role, View
from consent.audit.audit import audit
from consent.entries.bodies import AccessViewed
from consent.log.directory import Directory, locked_directory
from consent.log.tiles import ENTRIES, full_tiles, split_entries, tile_path
from consent.log.verify import verify_log
from consent.log.writer import LogWriter, create_log
from consent.notes import KeyType, Signer
from consent.site.desk import Desk
from consent.site.opening import open_desk
from consent.site.plant import Plant

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "out" / "bench" / "consent.json"
SIGNER = Signer("log.example", KeyType.ED25519, Ed25519PrivateKey.from_private_bytes(bytes(32)))
MILLION = 1_000_192
"""The first multiple of 256 that is not below a million: full bundles only, which all contenders read."""
BATCH = 512
BUILD_BATCH = 16_384
APPENDED = 40_960
FSYNCS = 200
SESSIONS = 5_000
"""Two entries each."""
SAID, SAID_ALONE, SPEAKERS = 4_000, 200, 16
ROUNDS = 3
GOAL_APPENDS, GOAL_VERIFY_S, GOAL_RSS_MB = 5_000, 40, 300


def main() -> None:
    """Run every contender in rounds, print the table, write the figures."""
    OUT.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=OUT.parent) as place:
        _run("build", place)
        runs = {
            name: [_run(name, place) for _ in range(ROUNDS)]
            for name in ("append", "verify", "bare", "judge", "say", "say-alone", "fsync")
        }
    best = {name: min(rounds, key=lambda run: run["wall_s"]) for name, rounds in runs.items()}
    figures = {
        "appends_per_second": APPENDED / best["append"]["wall_s"],
        "append_batch": BATCH,
        "said_per_second": SAID / best["say"]["wall_s"],
        "say_alone_ms": best["say-alone"]["wall_s"] / SAID_ALONE * 1000,
        "fsync_ms": best["fsync"]["wall_s"] / FSYNCS * 1000,
        "verify_million_s": best["verify"]["wall_s"],
        "verify_rss_mb": max(run["rss_mb"] for run in runs["verify"]),
        "bare_sha256_s": best["bare"]["wall_s"],
        "ratio_to_bare_sha256": best["verify"]["wall_s"] / best["bare"]["wall_s"],
        "judged_per_second": 2 * SESSIONS / best["judge"]["wall_s"],
        "judge_rss_mb": max(run["rss_mb"] for run in runs["judge"]),
        "entries": MILLION,
    }
    OUT.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    _show(figures)


def _show(figures: dict[str, float]) -> None:
    table = Table(
        "measure", "figure", "goal", title=f"transparency log, {MILLION:,} entries of some 250 bytes"
    )
    rate, seconds, rss = (
        figures[name] for name in ("appends_per_second", "verify_million_s", "verify_rss_mb")
    )
    table.add_row(f"appended entries per second, batches of {BATCH}", f"{rate:,.0f}", f">= {GOAL_APPENDS:,}")
    said, alone = f"{figures['said_per_second']:,.0f}", f"{figures['say_alone_ms']:.1f}"
    table.add_row(f"words of the plant server per second, {SPEAKERS} threads, each answered", said, "")
    table.add_row("one word of the plant server, ms from saying to answer", alone, "")
    table.add_row("one fsync of a new file on this disk, ms", f"{figures['fsync_ms']:.2f}", "")
    table.add_row("verification, s", f"{seconds:.1f}", f"< {GOAL_VERIFY_S}")
    table.add_row("verification, resident MB", f"{rss:.0f}", f"< {GOAL_RSS_MB}")
    table.add_row("bare SHA-256 over the same entries, s", f"{figures['bare_sha256_s']:.1f}", "")
    table.add_row("verification / bare SHA-256", f"{figures['ratio_to_bare_sha256']:.1f}", "")
    judged, judge_mb = f"{figures['judged_per_second']:,.0f}", f"{figures['judge_rss_mb']:.0f}"
    table.add_row("entries judged by the auditor per second, each signed", judged, "")
    table.add_row("auditor, resident MB", judge_mb, "")
    Console().print(table)


def _run(name: str, place: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.consent", name, place],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{name} failed: {done.stderr}")
    return {key: float(value) for key, value in json.loads(done.stdout).items()}


def _contend(name: str, place: Path) -> None:
    prepared = CONTENDERS[name](place)
    start = time.perf_counter()
    prepared()
    wall_s = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"wall_s": wall_s, "rss_mb": peak}))


def _entry(number: int) -> bytes:
    """Something of the size and shape of a log entry; no entry compresses into another."""
    proof = sha256(b"%d" % number).hexdigest()
    return (
        json.dumps(
            {
                "type": "recording.started/v1",
                "at": 1_700_000_000_000 + number,
                "station": "bench",
                "salted": proof,
            },
            separators=(",", ":"),
        )
        .encode()
        .ljust(250, b" ")
    )


def _batches(total: int, batch: int) -> Iterator[list[bytes]]:
    for start in range(0, total, batch):
        yield [_entry(number) for number in range(start, min(start + batch, total))]


def _append_to(directory: Path, batches: Iterable[list[bytes]]) -> None:
    directory.mkdir()
    with locked_directory(directory) as files:
        create_log(files, SIGNER)
        writer = LogWriter(files, SIGNER)
        for entries in batches:
            writer.append(entries)


def _build(place: Path) -> Callable[[], None]:
    return lambda: _append_to(place / "million", _batches(MILLION, BUILD_BATCH))


def _append(place: Path) -> Callable[[], None]:
    batches = list(_batches(APPENDED, BATCH))  # made before the clock starts
    return lambda: _append_to(place / f"append-{os.getpid()}", batches)


def _fsync(place: Path) -> Callable[[], None]:
    def fsync() -> None:
        for number in range(FSYNCS):
            with (place / f"fsync-{os.getpid()}-{number}").open("wb") as file:
                file.write(bytes(4096))
                file.flush()
                os.fsync(file.fileno())

    return fsync


def _verify(place: Path) -> Callable[[], None]:
    def verify() -> None:
        assert verify_log(Directory(place / "million"), SIGNER.verifier).size == MILLION

    return verify


def _bare(place: Path) -> Callable[[], None]:
    def bare() -> None:
        files = Directory(place / "million")
        for number in range(full_tiles(0, MILLION)):
            path = tile_path(ENTRIES, number)
            for entry in split_entries(files.read(path) or b"", path):
                sha256(entry).digest()

    return bare


def _judge(_: Path) -> Callable[[], None]:
    entries = site_log(SESSIONS)

    def judge() -> None:
        report = audit(enumerate(entries), policy())
        assert not report.findings, report.findings[0]
        assert report.size == len(entries)

    return judge


def _say(place: Path, words: int, speakers: int) -> Callable[[], None]:
    plant = Plant(place / f"say-{os.getpid()}")
    plant.create()
    with locked_directory(plant.log) as files:
        create_log(files, LOG)
        LogWriter(files, LOG).append(site_log(0))

    def speak(desk: Desk, first: int) -> None:
        for number in range(first, words, speakers):
            who = f"{number:064x}"
            desk.say(AccessViewed(role=Role.ENGINEER, who=who, view=View.TIMELINES, station=STATION))

    def say() -> None:
        with open_desk(plant, signers=[LOG], now_ms=lambda: MORNING_MS) as desk:
            before = desk.state().size
            threads = [threading.Thread(target=speak, args=(desk, first)) for first in range(speakers)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert desk.state().size == before + words

    return say


CONTENDERS = {
    "say": lambda place: _say(place, SAID, SPEAKERS),
    "say-alone": lambda place: _say(place, SAID_ALONE, 1),
    "build": _build,
    "judge": _judge,
    "append": _append,
    "verify": _verify,
    "bare": _bare,
    "fsync": _fsync,
}

if __name__ == "__main__":
    if len(sys.argv) > 1:
        _contend(sys.argv[1], Path(sys.argv[2]))
    else:
        main()
