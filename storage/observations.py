"""What an observer saw, from any file that can hold it: intervals as CSV or Parquet, or a truth file."""

from collections.abc import Sequence

from productivity.comparison import Observation
from productivity.errors import BadInput
from storage.files import File
from storage.importers.label_file import is_label_file, read_true_labels
from storage.importers.mapping import FileMapping
from storage.intervals_csv import read_intervals_csv
from storage.rows import IntervalRow, numbered_cycles
from storage.table import read_header
from storage.truth import read_truth_csv


def read_observations(path: File, labels: FileMapping | None = None) -> list[Observation]:
    """Read one observation per station.

    The file's content decides how it is read: `*.parquet` as intervals, CSV with a `start_s` column as
    truth, labels of ELAN (`.eaf`), Label Studio (`.json`) and BORIS as such, any other CSV as intervals. So
    two recordings, or two people with stopwatches, can be compared too. `labels` says how to read labels that
    need it: names of states, tiers, frame rate. Raises `BadInput` naming the file and what it should be.
    """
    if is_label_file(path):
        return list(read_true_labels(path, labels))
    rows = _read(path)
    if not rows:
        raise BadInput("no interval in the file", where=str(path), expected="at least one")
    stations = dict.fromkeys(row.interval.station for row in rows)
    return [_observation(path, [row for row in rows if row.interval.station == name]) for name in stations]


def _read(path: File) -> list[IntervalRow]:
    if path.suffix.lower() == ".parquet":
        # Here and not above: the base installation reads CSV without pyarrow.
        from storage.intervals_parquet import read_intervals_parquet

        return read_intervals_parquet(path)
    if "start_s" in read_header(path):
        return read_truth_csv(path)
    return read_intervals_csv(path)


def _observation(path: File, rows: Sequence[IntervalRow]) -> Observation:
    """Build one station's observation; a cycle runs from its first row to its last."""
    cycles = numbered_cycles([(row.interval, row.cycle) for row in rows], str(path))
    return Observation(rows[0].interval.station, tuple(row.interval for row in rows), tuple(cycles))
