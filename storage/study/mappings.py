"""Mapping files that are kept with a study, in mappings/NAME.yaml: written once for each source of data."""

from pathlib import Path

from consent.durable import replace
from productivity.errors import BadInput
from storage.importers.mapping import FileMapping, read_mapping
from storage.study.folder import source_directory
from storage.study.yaml_text import block

MAPPINGS = "mappings"


def mapping_names(study: Path) -> list[str]:
    """Return the names of all mappings."""
    try:
        return sorted(path.stem for path in (study / MAPPINGS).iterdir() if path.suffix == ".yaml")
    except FileNotFoundError:
        return []


def mapping_of(study: Path, name: str) -> FileMapping:
    """Read a mapping. Raises `BadInput` for one that is not there or cannot be read."""
    return read_mapping(_path(study, name))


def write_mapping(study: Path, name: str, mapping: FileMapping) -> None:
    """Keep a mapping, also in place of an earlier one; durable when this returns."""
    path = _path(study, name)
    path.parent.mkdir(exist_ok=True)
    replace(path, mapping_text(mapping).encode())


def mapping_text(mapping: FileMapping) -> str:
    """Return a mapping as it stands in a file: what is not as usual."""
    values = {"fairtakt": mapping.fairtakt} | mapping.model_dump(mode="json", exclude_defaults=True)
    return "\n".join(line for key, value in values.items() for line in block(key, value)) + "\n"


def _path(study: Path, name: str) -> Path:
    try:
        return study / MAPPINGS / f"{source_directory(study, name).name}.yaml"
    except BadInput:
        raise BadInput("name of a mapping", expected="letters, digits, dashes") from None
