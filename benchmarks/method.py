"""Aggregation of 20 million state intervals, beside SQL written by hand for the same result: `make bench`.

Each contender runs in a process of its own, one after the other, in several rounds; what counts is processor
time (all threads) from opening the data set to the last Python value, without imports. The best round of
each counts, because a shared machine only ever adds time. Writes out/bench/method.json.

    fairtakt       storage.engines.duckdb_totals: narwhals expressions, checks, IntervalTotal values
    SQL            the same figures by a statement written for DuckDB, fetched as tuples
    small memory   fairtakt again with a limit below the size of the data set
"""

import json
import resource
import sys
import time
import zlib
from collections.abc import Callable, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.contender import ROOT, note, run_alone
from productivity.scale.totals import DAY_MS, IntervalTotal
from storage.engines import MEMORY_MB, duckdb_totals

OUT = ROOT / "out" / "bench" / "method.json"
DATASET = ROOT / "out" / "bench" / "intervals"
FILES = 4
INTERVALS = 20_000_000
BY = ("station", "state", "category", "day")
SMALL_MB = 150
ROUNDS = 5
GOAL = 1.3


def main() -> None:
    """Make the data set if it is not there, run every contender, print the table, write the figures."""
    _generate()
    rounds: dict[str, list[dict[str, float]]] = {name: [] for name in CONTENDERS}
    for number in range(ROUNDS):
        for name in CONTENDERS:
            rounds[name].append(run_alone("benchmarks.method", name))
            note(f"round {number + 1}: {name} {rounds[name][-1]['cpu_s']:.2f} s")
    checks = {run["check"] for runs in rounds.values() for run in runs}
    if len(checks) != 1:
        raise SystemExit("contenders differ in their result")
    best = {name: min(runs, key=lambda run: run["cpu_s"]) for name, runs in rounds.items()}
    peaks = {name: max(run["peak_mb"] for run in runs) for name, runs in rounds.items()}
    figures = {
        "ratio_to_sql": best["fairtakt"]["cpu_s"] / best["SQL"]["cpu_s"],
        "peak_mb": peaks["fairtakt"],
        "peak_mb_sql": peaks["SQL"],
        "peak_mb_small": peaks["small memory"],
        "ratio_small_memory": best["small memory"]["cpu_s"] / best["SQL"]["cpu_s"],
        "dataset_mb": sum(file.stat().st_size for file in DATASET.iterdir()) / 1e6,
        "intervals": INTERVALS,
        "groups": best["fairtakt"]["groups"],
    }
    _show(best, peaks, figures)
    OUT.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def _show(best: dict[str, dict[str, float]], peaks: dict[str, float], figures: dict[str, float]) -> None:
    title = (
        f"{INTERVALS:,} intervals, {figures['groups']:,.0f} groups, {figures['dataset_mb']:.0f} MB of Parquet"
    )
    table = Table("contender", "CPU s", "wall s", "x SQL", "peak MB", title=title)
    for name, run in best.items():
        ratio = run["cpu_s"] / best["SQL"]["cpu_s"]
        row = (f"{run['cpu_s']:.2f}", f"{run['wall_s']:.2f}", f"{ratio:.2f}", f"{peaks[name]:.0f}")
        table.add_row(name, *row)
    console = Console()
    console.print(table)
    met = "met" if figures["ratio_to_sql"] <= GOAL else "missed"
    console.print(f"ratio_to_sql {figures['ratio_to_sql']:.2f}, goal <= {GOAL}: {met}")


def _generate() -> None:
    """Write the data set once: 40 stations, 12 states, some hundred days, durations up to 100 s."""
    import duckdb

    if len(list(DATASET.glob("*.parquet"))) == FILES:
        return
    note(f"writing {INTERVALS:,} intervals")
    DATASET.mkdir(parents=True, exist_ok=True)
    each = INTERVALS // FILES
    with duckdb.connect() as connection:
        for number in range(FILES):
            part = DATASET / f"part-{number}.parquet.partial"
            connection.execute(
                f"""COPY (
                    SELECT 'station ' || lpad((hash(i) % 40)::VARCHAR, 2, '0') AS station,
                           'state ' || (hash(3 * i) % 12) AS state,
                           (['cycle-bound', 'batch-bound', 'periodical', 'irregular'])
                               [1 + (hash(3 * i) % 4)::INT] AS category,
                           1700000000000 + 500 * i AS start_ms,
                           (hash(7 * i) % 100000)::BIGINT AS duration_ms
                    FROM range({number * each}, {(number + 1) * each}) AS numbers(i)
                ) TO '{part}' (FORMAT parquet)"""  # noqa: S608  # nothing in it comes from outside
            )
            part.rename(part.with_suffix(""))


def _fairtakt(memory_mb: int) -> list[IntervalTotal]:
    return duckdb_totals(DATASET, BY, memory_mb=memory_mb, spill=OUT.parent)


def _sql() -> list[tuple[Any, ...]]:
    import duckdb

    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": f"{MEMORY_MB}MB",
        "preserve_insertion_order": False,
    }
    with duckdb.connect(":memory:", config=settings) as connection:
        return connection.execute(
            f"""SELECT station, state, category, start_ms // {DAY_MS} AS day, count(*), sum(duration_ms),
                       sum(duration_ms * duration_ms), min(duration_ms), max(duration_ms)
                FROM read_parquet('{DATASET}/*.parquet') GROUP BY ALL ORDER BY ALL"""  # noqa: S608  # nothing in it comes from outside
        ).fetchall()


CONTENDERS: dict[str, Callable[[], Sequence[IntervalTotal | tuple[Any, ...]]]] = {
    "fairtakt": lambda: _fairtakt(MEMORY_MB),
    "SQL": _sql,
    "small memory": lambda: _fairtakt(SMALL_MB),
}


def _measure(name: str) -> dict[str, float]:
    import duckdb  # noqa: F401  # loading it is not the contender's time

    wall, cpu = time.perf_counter(), time.process_time()
    rows = CONTENDERS[name]()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return {
        "cpu_s": cpu,
        "wall_s": wall,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
        "groups": len(rows),
        "check": zlib.crc32(repr([_plain(row) for row in rows]).encode()),
    }


def _plain(row: IntervalTotal | tuple[Any, ...]) -> tuple[Any, ...]:
    """Return a contender's row as the tuple that SQL gives."""
    if isinstance(row, tuple):
        return row
    return (*row.key, row.count, row.total_ms, row.squares_ms2, row.shortest_ms, row.longest_ms)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(_measure(sys.argv[1])))
    else:
        main()
