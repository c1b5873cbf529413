"""What the log says of libraries and of the server's start: where and of what kind, nothing of anybody."""

import json
import logging
import threading
import warnings
from contextlib import ExitStack

import pytest
import structlog

from api.logs import libraries_told, log_as_json, tell_start


@pytest.fixture
def begin(capsys):
    """Begin to log; give what returns the lines. Everything is as it was afterwards."""
    with ExitStack() as opened:

        def begin():
            log_as_json()
            opened.callback(structlog.reset_defaults)
            opened.enter_context(libraries_told())
            return lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]

        hook = threading.excepthook
        yield begin
    assert threading.excepthook is hook


def fail(text="SECRET"):
    raise ValueError(text)


def test_libraries_are_told_by_place_and_class(begin):
    lines = begin()
    log = logging.getLogger("some.library")
    log.info("SECRET")
    log.warning("SECRET %s", "SECRET")
    try:
        fail()
    except ValueError:
        log.exception("SECRET")
    warned, failed = lines()
    assert (warned["library"], warned["level"], warned["event"]) == ("some.library", "warning", "library")
    assert warned["place"].startswith("test_logs:")
    assert (failed["level"], failed["fault"]) == ("error", "ValueError")
    assert "SECRET" not in json.dumps([warned, failed])


def test_threads_that_fail_are_told_by_class(begin):
    lines = begin()
    thread = threading.Thread(target=fail, name="worker")
    thread.start()
    thread.join()
    (line,) = lines()
    assert (line["event"], line["fault"], line["thread"]) == ("fault", "ValueError", "worker")
    assert "SECRET" not in json.dumps(line)


def test_warnings_of_libraries_are_told_by_place(begin):
    lines = begin()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn("SECRET", stacklevel=1)
        logging.captureWarnings(capture=False)
    (line,) = lines()
    assert line["library"] == "py.warnings"
    assert "SECRET" not in json.dumps(line)


@pytest.mark.parametrize(
    ("before", "events"),
    [("0002", ["starting"]), (None, ["starting", "migrated"]), ("0001", ["starting", "migrated"])],
)
def test_the_start_tells_whether_tables_were_changed(begin, before, events):
    lines = begin()
    tell_start(database="sqlite", before=before, version="0002", log=True)
    found = lines()
    assert [line["event"] for line in found] == events
    assert found[0]["tables"] == "0002"
    if before != "0002":
        assert found[1]["tables_before"] == before
