"""Imported data in a study: one more directory below data/, whole or not at all."""

from collections.abc import Sequence
from pathlib import Path

from productivity.comparison import Observation
from productivity.errors import BadInput
from storage.cycles_csv import write_cycles_csv
from storage.durable import whole_directory
from storage.files import File
from storage.importers.report import Imported
from storage.intervals_csv import write_intervals_csv
from storage.rows import IntervalRow
from storage.study.folder import CYCLES, INTERVALS, KNOWN_FILES, sha256_of, source_directory
from storage.study.origins import Origin, write_origin
from storage.study.records_csv import write_records
from storage.study.template import BY_HAND


def add_source(
    study: Path,
    name: str,
    imported: Imported,
    file: File,
    kind: str,
    *,
    replace: bool = False,
    stations: Sequence[str] = (),
) -> Path:
    """Write what a file held into `study`/data/`name`, and return that directory.

    `kind` says which importer read the file; `stations` whose data it is, if it is the plant server's. A
    name that is taken is refused unless `replace`: then what an earlier import wrote there gives way, in one
    step. Raises `BadInput` when the file was refused as a whole, when it held nothing to use, or when the
    name is taken or that of records by hand; the study is then as it was.
    """
    target = source_directory(study, name)
    if name == BY_HAND:  # its tables are shown without a look
        raise BadInput(f"name of the data {name!r} is that of records by hand", expected="another name")
    report = imported.report
    if report.file_refused:
        raise BadInput(report.findings[0].text)
    if not report.used:
        raise BadInput("no row can be used", where=file.name, expected="at least one", found=str(report.read))
    if target.exists() and not replace:
        raise BadInput(
            f"data {name!r} is there already",
            where=str(target),
            expected="another name, or to replace it",
        )
    origin = Origin(
        file=file.name,
        sha256=sha256_of(file),
        kind=kind,
        read=report.read,
        used=report.used,
        passed_over=report.passed_over,
        refused=report.refused,
        findings=report.findings,
        stations=tuple(stations),
    )
    with whole_directory(target, replaces=KNOWN_FILES) as directory:
        write_records(directory, imported.records)
        _write_observations(directory, imported.observations)
        write_origin(directory, origin)
    return target


def _write_observations(directory: Path, observations: tuple[Observation, ...]) -> None:
    """Keep state intervals and cycles: for timelines, and for the agreement with another observer."""
    if not observations:
        return
    rows = [IntervalRow(interval, None, None) for one in observations for interval in one.intervals]
    write_intervals_csv(directory / INTERVALS, rows)
    cycles = [cycle for one in observations for cycle in one.cycles]
    if cycles:
        write_cycles_csv(directory / CYCLES, cycles)
