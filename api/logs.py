"""Logs as lines of JSON on standard error, without anything of a person.

Our own lines hold fixed words and numbers. What libraries have to say is told by where it was said, and by
the class of an exception: never by its text, in which there may be an address, a name or content.
"""

import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

_log = structlog.get_logger("fairtakt.api")


def log_as_json() -> None:
    """Set structlog up: time, level, event and fields."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )


@contextmanager
def libraries_told() -> Iterator[None]:
    """Have libraries, their warnings and threads that fail told in the same way, as long as this lasts."""
    root, hook = logging.getLogger(), threading.excepthook
    handlers, level = root.handlers, root.level
    root.handlers = [_Told()]
    root.setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
    threading.excepthook = _tell_thread
    try:
        yield
    finally:
        threading.excepthook = hook
        logging.captureWarnings(capture=False)
        root.setLevel(level)
        root.handlers = handlers


def tell_start(*, database: str, before: str | None, version: str | None, log: bool) -> None:
    """Log that the server starts, and whether its tables were made or brought to another version."""
    _log.info("starting", database=database, tables=version, log=log)
    if before != version:
        _log.info("migrated", tables_before=before, tables=version)


class _Told(logging.Handler):
    """Tells records of libraries: who, where, how serious, and the class of an exception."""

    def emit(self, record: logging.LogRecord) -> None:
        """Log one."""
        fault = record.exc_info[0] if record.exc_info else None
        line = _log.bind(library=record.name, place=f"{record.module}:{record.lineno}")
        if fault is not None:
            line = line.bind(fault=fault.__name__)
        (line.error if record.levelno >= logging.ERROR else line.warning)("library")


def _tell_thread(fault: threading.ExceptHookArgs) -> None:
    kind = fault.exc_type.__name__ if fault.exc_type else "unknown"
    _log.error("fault", fault=kind, thread=fault.thread.name if fault.thread else "unknown")
