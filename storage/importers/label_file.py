"""A file of labels from any tool that is known, as observations: for a study, or as the truth."""

from productivity.comparison import Observation
from productivity.errors import BadInput
from storage.files import File
from storage.importers.boris import boris_labels, is_boris
from storage.importers.elan import elan_labels
from storage.importers.label_studio import label_studio_labels
from storage.importers.labels import observations
from storage.importers.mapping import FileMapping, Kind
from storage.importers.plain_labels import is_plain, plain_labels
from storage.importers.report import Tally


def is_label_file(path: File) -> bool:
    """Whether a file looks like labels: ELAN and Label Studio by its ending, BORIS by its columns."""
    suffix = path.suffix.lower()
    return suffix in {".eaf", ".json"} or (suffix in {".csv", ".tsv", ".txt"} and is_boris(path))


def read_true_labels(path: File, mapping: FileMapping | None = None) -> tuple[Observation, ...]:
    """Read labels that something is judged by. Raises `BadInput` as soon as one label is refused."""
    tally = Tally(path.name)
    found = read_labels(path, mapping or FileMapping(kind=Kind.LABELS), tally)
    if refused := tally.report().refused:
        first = tally.findings[0]
        raise BadInput(
            f"{refused} labels are refused, the first one: {first.text}", where=", ".join(first.rows)
        )
    return found


def read_labels(path: File, mapping: FileMapping, tally: Tally) -> tuple[Observation, ...]:
    """Read one observation for each station.

    The file's ending tells ELAN, Label Studio and tables apart, a table's columns BORIS and plain ones.
    Raises `BadInput` for a file that is refused as a whole.
    """
    match path.suffix.lower():
        case ".eaf":
            labels = elan_labels(path, mapping, tally)
        case ".json":
            labels = label_studio_labels(path, mapping, tally)
        case ".csv" | ".tsv" | ".txt":
            plain = is_plain(path) and not is_boris(path)
            labels = plain_labels(path, mapping, tally) if plain else boris_labels(path, tally)
        case suffix:
            raise BadInput(
                "not a file of labels",
                where=path.name,
                expected=".eaf (ELAN), .json (Label Studio), .csv or .tsv (BORIS, or state, start_s, end_s)",
                found=repr(suffix),
            )
    return observations(labels, mapping, tally)
