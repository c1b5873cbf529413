"""The report of a recording: one HTML page that needs no network, or its charts as one picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from productivity.intervals import Cycle, StateInterval
from productivity.states import WorkerState
from productivity.summary import StationSummary
from productivity.timeline import Span


@dataclass(frozen=True, slots=True)
class StationReport:
    """What a report shows of one station; nothing else reaches it.

    `states` in the order in which the timeline shows them; intervals and cycles in time order; `source`
    is a label without credentials; `day` is shown if it is given.
    """

    station: str
    states: Sequence[WorkerState]
    intervals: Sequence[StateInterval]
    cycles: Sequence[Cycle]
    span: Span
    summary: StationSummary
    source: str
    day: date | None = None


def render_report(recordings: Sequence[StationReport], language: str = "en") -> str:
    """Return a self-contained HTML page, one section per station.

    Raises `BadInput` for a language other than "en" or "de", `MissingExtra` without the chart packages.
    """
    from reports.page import page

    return page(recordings, language)


def render_picture(recording: StationReport, language: str = "en", scale: float = 2.0) -> bytes:
    """Return timeline, ranking and circle diagram of one station as one PNG, 960 * scale pixels wide.

    Requires a recorded span above 0. Raises as `render_report` does.
    """
    from reports.picture import picture

    return picture(recording, language, scale)
