"""`fairtakt evaluate`: how well measured intervals agree with the truth."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.tables import comparison_tables
from productivity.comparison import Comparison, Observation, compare
from productivity.errors import BadInput
from productivity.states import NOT_RECORDED
from productivity.time import SECOND
from storage.importers.mapping import read_mapping
from storage.observations import read_observations


def evaluate(
    intervals: Annotated[
        Path, typer.Option(help="Measured: intervals.csv or .parquet of a recording, or a truth file.")
    ],
    truth: Annotated[
        Path,
        typer.Option(
            help="Truth: CSV with the columns state, start_s, end_s and, if wanted, station and cycle; "
            "or the intervals of another recording; or labels of ELAN, Label Studio or BORIS."
        ),
    ],
    mapping: Annotated[
        Path | None,
        typer.Option(help="Mapping file (kind: labels) for labels: names of states, tiers, frame rate."),
    ] = None,
    station: Annotated[
        str | None, typer.Option(help="Judge this station only; all stations of the truth otherwise.")
    ] = None,
    background: Annotated[
        list[str] | None,
        typer.Option(
            help="State that is no segment for edit score and F1; can be repeated.", show_default=NOT_RECORDED
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
) -> None:
    """Compare measured intervals with the truth: totals, boundaries, cycles, segments.

    Frame accuracy, edit score and F1 at 10, 25 and 50 % overlap are those of the MS-TCN evaluation, as
    fractions from 0 to 1. The truth's span is what is judged. Several stations are judged one by one and
    together, as MS-TCN pools videos.
    """
    ignored = frozenset(background or [NOT_RECORDED])
    labels = read_mapping(mapping) if mapping else None
    pairs = _pairs(read_observations(truth, labels), read_observations(intervals), station, truth, intervals)
    pooled = compare(pairs, ignored)
    singles = [compare([pair], ignored) for pair in pairs] if len(pairs) > 1 else []
    if as_json:
        typer.echo(json.dumps(_object(pooled) | _stations(singles), ensure_ascii=False, allow_nan=False))
        return
    console = Console()
    for comparison in (*singles, pooled):
        for table in comparison_tables(comparison):
            console.print(table)


def _pairs(
    truths: Sequence[Observation],
    measured: Sequence[Observation],
    station: str | None,
    truth_file: Path,
    measured_file: Path,
) -> list[tuple[Observation, Observation]]:
    """Match stations by name."""
    if station is not None:
        truths = [_find(truths, station, truth_file)]
    matched = [(one, _find(measured, station or one.station, measured_file)) for one in truths]
    return [(replace(one, station=one.station or found.station), found) for one, found in matched]


def _find(observations: Sequence[Observation], station: str, file: Path) -> Observation:
    """Return the observation of a station. A single one without a name is that of any station."""
    for one in observations:
        if one.station == station or (len(observations) == 1 and "" in {one.station, station}):
            return one
    names = ", ".join(repr(one.station) for one in observations)
    if not station:
        raise BadInput(
            "several stations in the file", where=str(file), expected=f"--station with one of {names}"
        )
    raise BadInput(f"station {station!r} is not in the file", where=str(file), expected=f"one of {names}")


def _stations(singles: Sequence[Comparison]) -> dict[str, object]:
    return {"stations": {one.stations[0]: _object(one) for one in singles}} if singles else {}


def _object(comparison: Comparison) -> dict[str, object]:
    median = comparison.boundaries.median
    return {
        "states": {
            state.state: {
                "truth_s": state.truth / SECOND,
                "measured_s": state.measured / SECOND,
                "error_s": state.error / SECOND,
            }
            for state in comparison.states
        },
        "cycles": {"truth": comparison.true_cycles, "measured": comparison.measured_cycles},
        "frame_accuracy": comparison.scores.frame_accuracy,
        "edit": comparison.scores.edit,
        "f1": {str(overlap): value for overlap, value in comparison.scores.f1.items()},
        "boundary_median_s": None if median is None else median / SECOND,
        "boundaries_unmatched": comparison.boundaries.unmatched,
        "unjudged_s": comparison.unjudged / SECOND,
    }
