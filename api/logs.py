"""Logs as lines of JSON on standard error."""

import logging
import sys

import structlog


def log_as_json() -> None:
    """Set structlog up: time, level, event and fields; exceptions of libraries by their class only."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )
