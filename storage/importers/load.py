"""The front door: a file and how to read it go in, records and a report come out."""

from collections.abc import Callable, Mapping

from productivity.errors import BadInput
from storage.files import File
from storage.importers.attendance import import_attendance
from storage.importers.machine_log import import_machine_log
from storage.importers.mapping import FileMapping, Kind
from storage.importers.output import import_output
from storage.importers.recording import import_labels, import_recording
from storage.importers.report import Imported, refused_file
from storage.importers.state_log import import_state_log
from storage.importers.stopwatch import import_stopwatch

IMPORTERS: Mapping[Kind, Callable[[File, FileMapping], Imported]] = {
    Kind.STATE_LOG: import_state_log,
    Kind.ATTENDANCE: import_attendance,
    Kind.OUTPUT: import_output,
    Kind.STOPWATCH: import_stopwatch,
    Kind.MACHINE_LOG: import_machine_log,
    Kind.LABELS: import_labels,
    Kind.RECORDING: import_recording,
}
"""One reader for each kind; a new kind is a file in this folder and a line here."""


def import_file(path: File, mapping: FileMapping) -> Imported:
    """Read a file as its mapping says; raises nothing for what is wrong with the file.

    A file that is refused as a whole gives no records and a report that says why (`file_refused`), so that
    the study it was meant for does not change.
    """
    try:
        return IMPORTERS[mapping.kind](path, mapping)
    except BadInput as reason:
        return refused_file(path.name, reason)
