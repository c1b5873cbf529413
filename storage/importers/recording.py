"""Recordings and labelled videos as samples of a study: what was observed, and how long per piece."""

from productivity.comparison import Observation
from productivity.records import Records
from storage.files import File
from storage.importers.label_file import read_labels
from storage.importers.mapping import FileMapping
from storage.importers.report import Imported, Tally
from storage.importers.samples import samples_of
from storage.observations import read_observations


def import_recording(path: File, mapping: FileMapping) -> Imported:
    """Read state intervals with their cycles (CSV, Parquet, or a truth file) as CV samples.

    Raises `BadInput` for a file that is refused as a whole.
    """
    tally = Tally(path.name)
    found = tuple(read_observations(path))
    for observation in found:
        for interval in observation.intervals:
            tally.read += 1
            tally.used += 1
            tally.add_time(interval.state, interval.duration)
    return _with_samples(found, mapping, tally, path)


def import_labels(path: File, mapping: FileMapping) -> Imported:
    """Read a labelled video as a time study.

    Raises `BadInput` for a file that is refused as a whole.
    """
    tally = Tally(path.name)
    return _with_samples(read_labels(path, mapping, tally), mapping, tally, path)


def _with_samples(found: tuple[Observation, ...], mapping: FileMapping, tally: Tally, path: File) -> Imported:
    session = mapping.session or path.stem
    sampled = tuple(
        sample for observation in found for sample in samples_of(observation, mapping, session, tally)
    )
    if not sampled:
        tally.warn("no-cycles", "no complete cycle, so there are no samples; see `cycle`", path.name)
    return Imported(tally.report(), Records(sampled=sampled), found)
