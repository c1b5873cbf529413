"""One licensed set for all, and its exports."""

import pytest

pytest.importorskip("pyarrow", reason="the extra server is not installed")
pytest.importorskip("mcap", reason="the extra server is not installed")
pytest.importorskip("ezc3d", reason="the extra server is not installed")

from storage.exports.motion.export import Format, export
from tests.storage.exports.motion.sets import licensed_set


@pytest.fixture(scope="session")
def licensed(tmp_path_factory):
    return licensed_set(tmp_path_factory.mktemp("log") / "log")


@pytest.fixture(scope="session")
def exports(licensed, tmp_path_factory):
    """Directories of the three exports, by format."""
    root = tmp_path_factory.mktemp("exports")
    for format_ in Format:
        export(licensed, format_, root / format_.value)
    return {format_: root / format_.value for format_ in Format}
