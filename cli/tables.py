"""Results as tables for the terminal. State names are data: they are never read as rich's markup."""

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from productivity.comparison import Comparison
from productivity.statistics import MeanInterval
from productivity.summary import StationSummary
from productivity.time import SECOND, Duration

_MEAN = "Mean (95 %)"
"""The widest column: it may take two lines too."""


def summary_table(summary: StationSummary) -> Table:
    """Return one station's states: category, total, share, number, mean with its 95 % t-interval (eq. 2)."""
    each = f", {_mean(summary.cycle_time)} each" if summary.cycle_time else ""
    span = time_text(summary.span.duration)
    table = _table(
        f"{summary.station}: recorded span {span}, {summary.cycles} cycles{each}",
        ("State", "Category"),
        ("Total", "Share", "Number", _MEAN),
    )
    for row in summary.rows:
        table.add_row(
            Text(row.state, style="" if row.category else "dim"),
            row.category.value if row.category else "",
            time_text(row.total),
            f"{100 * row.share:.1f} %",
            str(row.occurrences),
            f"{_mean(row.mean)} per {row.unit.value}" if row.mean and row.unit else "",
        )
    return table


def comparison_tables(comparison: Comparison) -> tuple[Table, Table]:
    """Return the errors of the states' totals, and the scores."""
    title = ", ".join(name for name in comparison.stations if name) or "measured against truth"
    states = _table(title, ("State",), ("Truth", "Measured", "Error"))
    for state in sorted(comparison.states, key=lambda state: -state.truth):
        sign = "+" if state.error > 0 else ""
        states.add_row(
            Text(state.state),
            _exact(state.truth),
            _exact(state.measured),
            sign + _exact(state.error),
        )
    scores = _table("", ("Measure",), ("Value",))
    boundaries = comparison.boundaries
    median = boundaries.median
    scores.add_row("cycles, measured / truth", f"{comparison.measured_cycles} / {comparison.true_cycles}")
    scores.add_row("frame accuracy", f"{comparison.scores.frame_accuracy:.4f}")
    scores.add_row("edit score", f"{comparison.scores.edit:.4f}")
    for overlap, value in comparison.scores.f1.items():
        scores.add_row(f"F1@{overlap}", f"{value:.4f}")
    scores.add_row("boundary error, median", "-" if median is None else _exact(median))
    scores.add_row(
        "boundaries never measured / true",
        f"{boundaries.unmatched} / {len(boundaries.distances) + boundaries.unmatched}",
    )
    if comparison.unjudged:
        scores.add_row("measured outside the truth, not judged", _exact(comparison.unjudged))
    return states, scores


def time_text(duration: Duration) -> str:
    """Return tenths of a second below one hour, hours, minutes and seconds from there on."""
    if duration < 3600 * SECOND:
        return f"{duration / SECOND:.1f} s"
    whole = round(duration / SECOND)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d} h"


def _table(title: str, words: tuple[str, ...], numbers: tuple[str, ...]) -> Table:
    heading = Text(title, style="bold") if title else None
    table = Table(title=heading, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for index, name in enumerate(words):
        # In a narrow terminal a state's name may take two lines, and is broken between words.
        table.add_column(name, overflow="fold", no_wrap=index > 0, min_width=12 if index == 0 else None)
    for name in numbers:
        table.add_column(name, justify="right", no_wrap=name != _MEAN)
    return table


def _mean(mean: MeanInterval) -> str:
    half = "" if mean.half_width is None else f" ± {mean.half_width:.2f}"
    return f"{mean.mean:.2f}{half} s"


def _exact(duration: Duration) -> str:
    return f"{duration / SECOND:.3f} s"
