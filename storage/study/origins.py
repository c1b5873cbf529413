"""Where imported data came from, and what the importer had to say: kept beside the data as origin.json."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from capture.yaml_document import Strict, read_document
from productivity.records import Finding, Severity

ORIGIN = "origin.json"

Count = Annotated[int, Field(ge=0)]


@dataclass(frozen=True, slots=True)
class Origin:
    """The file that a directory of data was imported from, and what became of its rows.

    `stations`: whose data it is, where it came from the plant server itself.
    """

    file: str
    sha256: str
    kind: str
    read: int
    used: int
    passed_over: int
    refused: int
    findings: tuple[Finding, ...] = ()
    stations: tuple[str, ...] = ()


class _FindingEntry(Strict):
    severity: Severity
    code: str
    text: str
    rows: tuple[str, ...]
    facts: tuple[tuple[str, str | int], ...]
    system: str


class _OriginFile(Strict):
    fairtakt: Literal["origin 1"]
    file: str
    sha256: str
    kind: str
    read: Count
    used: Count
    passed_over: Count
    refused: Count
    findings: tuple[_FindingEntry, ...]
    stations: tuple[str, ...] = ()


def write_origin(directory: Path, origin: Origin) -> None:
    """Write the file into a directory that exists."""
    document = {"fairtakt": "origin 1"} | asdict(origin)
    if not origin.stations:
        del document["stations"]
    text = json.dumps(document, ensure_ascii=False, indent=1)
    (directory / ORIGIN).write_text(text + "\n", encoding="utf-8")


def read_origin(directory: Path) -> Origin | None:
    """Return where a directory of data came from; None where it was written by hand."""
    path = directory / ORIGIN
    if not path.exists():
        return None
    found = read_document(path, _OriginFile, "origin")  # JSON is YAML too
    return Origin(
        found.file,
        found.sha256,
        found.kind,
        found.read,
        found.used,
        found.passed_over,
        found.refused,
        tuple(
            Finding(one.severity, one.code, one.text, one.rows, one.facts, one.system)
            for one in found.findings
        ),
        found.stations,
    )
