"""The process that sees a clip: reads it from standard input, tells what came of it on standard output.

(1) It ends with whoever started it. (2) It reads a header line (station file, limits, size) and the clip.
(3) It opens the networks, and watches a clip of its own making, once with nobody and once with somebody in
it, so that libraries have loaded whatever they load late. (4) It gives up its rights
(`capture.confinement`). (5) Only then it decodes. Nothing is written anywhere; standard error says nothing.
"""

import importlib
import io
import json
import os
import pkgutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from capture.clip.told import (
    EVIDENCE_STEP_MS,
    LONGEST_CLIP_S,
    Evidence,
    Progress,
    Refused,
    TriedCycle,
    TriedInterval,
    Watched,
)
from capture.confinement import CannotConfine, Limits, confine, die_with_parent
from capture.gate import OpenGate
from capture.station.file import parse_station
from models.extras import needs_edge
from productivity.cycles import count_cycles
from productivity.errors import BadInput, FairtaktError, MissingExtra
from productivity.states import NOT_RECORDED, UNKNOWN
from productivity.time import SECOND, Duration, Instant
from productivity.timeline import Span, check_tiling

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from capture.frame import Frame, Gap
    from capture.sources.memory import MemorySource
    from capture.station.file import Station
    from models.pose import Picture, Pose, PoseEngine, Region

LABEL = "the clip"
_OUT = 1


def main() -> None:
    """Read, confine, watch, tell."""
    try:
        die_with_parent(int(sys.argv[1]))  # (1)
        header = json.loads(sys.stdin.buffer.readline())
        content = sys.stdin.buffer.read(header["size"])  # (2)
        station, engine = _open(header["station"])  # (3)
        confine(Limits(header["memory_bytes"], header["processor_s"]))  # (4)
        _tell(_watch(content, station, engine, _tell))  # (5)
    except MissingExtra as error:
        _tell(Refused(why="missing", detail=str(error)))
    except CannotConfine as error:
        _tell(Refused(why="confinement", detail=str(error)))
    except BadInput as error:
        _tell(Refused(why="clip", detail=str(error)[:500]))
    except FairtaktError as error:
        _tell(Refused(why="missing", detail=str(error)[:500]))
    except MemoryError:
        _tell(Refused(why="memory", detail="the clip needs more memory than it may use"))
    except Exception as error:
        _tell(Refused(why="fault", detail=type(error).__name__))


def _open(text: str) -> "tuple[Station, PoseEngine]":
    with needs_edge("av", "cv2", "onnxruntime", "onnx", "platformdirs"):
        import av

        import capture.sources.memory  # nothing can be imported any more once rights are gone
        import capture.vision  # noqa: F401
        from models.engines import open_engine
        from models.fetch import cached_weights

    if cached_weights() is None:
        raise FairtaktError("the weights of the pose network are not on this machine: fairtakt weights fetch")
    station, engine = parse_station(text, "station file"), open_engine()
    for module in pkgutil.walk_packages(av.__path__, "av."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for somebody in (False, True):
        _watch(_own_clip(), station, _Certain(engine, somebody), tell=lambda _: None)
    return station, engine


class _Certain:
    """An engine that is always certain that somebody is there, or nobody."""

    name = "certain"

    def __init__(self, engine: "PoseEngine", somebody: bool) -> None:
        self._engine, self._somebody = engine, somebody

    def regions(self, picture: "Picture") -> "list[Region]":
        """Search, and find the middle of the picture."""
        from models.pose import Region

        self._engine.regions(picture)
        height, width = picture.shape[:2]
        return [Region(width / 2, height / 2, height / 2, 0.0)] if self._somebody else []

    def pose(self, picture: "Picture", region: "Region") -> "Pose":
        """Estimate a pose, and believe in it."""
        return replace(self._engine.pose(picture, region), presence=1.0)

    def close(self) -> None:
        """Hold nothing."""


def _own_clip() -> bytes:
    """Return a video of a few grey pictures."""
    import av

    file = io.BytesIO()
    with av.open(file, "w", format="matroska") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 128, 96, "yuv420p"
        for _ in range(40):
            container.mux(stream.encode(av.VideoFrame(128, 96, "yuv420p")))
        container.mux(stream.encode())
    return file.getvalue()


def _watch(
    content: bytes, station: "Station", engine: "PoseEngine", tell: Callable[[Progress], None]
) -> Watched:
    from capture.sources.memory import MemorySource
    from capture.vision import watch

    heard = _Heard([state.name for state in station.states])
    with MemorySource(content, LABEL, camera="clip") as source:
        _check_length(source.info.total)
        # The gate is open: what is asked is the rules, about a clip that its owner chose to show.
        intervals = list(watch(_told_frames(source, tell), [station], engine, OpenGate(), on_fits=heard.hear))
    end = intervals[-1].end if intervals else Instant(0)
    check_tiling(intervals, Span(Instant(0), end))
    cycle = station.cycle
    cycles = count_cycles(intervals, cycle.first, cycle.last) if cycle else []
    return Watched(
        span_ns=end,
        intervals=[
            TriedInterval(
                state=interval.state,
                start_ns=interval.start,
                duration_ns=interval.duration,
                confidence=interval.confidence,
                reason=interval.reason,
            )
            for interval in intervals
        ],
        cycles=[
            TriedCycle(number=cycle.number, start_ns=cycle.start, duration_ns=cycle.duration)
            for cycle in cycles
        ],
        step_ms=EVIDENCE_STEP_MS,
        evidence=heard.evidence(),
    )


def _told_frames(source: "MemorySource", tell: Callable[[Progress], None]) -> "Iterator[Frame | Gap]":
    """Pass frames on, and tell once per second how far it is."""
    told = -1
    for item in source.frames():
        _check_length(Duration(item.time))
        if item.time // SECOND > told:
            told = item.time // SECOND
            tell(Progress(at_ns=item.time, total_ns=source.info.total))
        yield item


def _check_length(reached: Duration | None) -> None:
    if reached is not None and reached > LONGEST_CLIP_S * SECOND:
        raise BadInput("clip is too long", where=LABEL, expected=f"at most {LONGEST_CLIP_S} s")


class _Heard:
    """Collects how well each state fits, averaged over steps."""

    def __init__(self, states: list[str]) -> None:
        self._names = [*states, UNKNOWN, NOT_RECORDED]
        self._sums: list[list[float]] = [[] for _ in self._names]
        self._weights: list[float] = []

    def hear(self, _station: str, at: Instant, duration: Duration, fits: "NDArray[np.float64]") -> None:
        """Take in how well the states fit one frame."""
        step = at // (EVIDENCE_STEP_MS * 1_000_000)
        while len(self._weights) <= step:
            self._weights.append(0.0)
            for row in self._sums:
                row.append(0.0)
        self._weights[step] += duration
        for row, fit in zip(self._sums, fits, strict=True):
            row[step] += duration * float(fit)

    def evidence(self) -> list[Evidence]:
        """Return it in per cent."""
        return [
            Evidence(
                state=name,
                percent=[
                    min(100, max(0, round(100 * value / weight))) if weight else 0
                    for value, weight in zip(row, self._weights, strict=True)
                ],
            )
            for name, row in zip(self._names, self._sums, strict=True)
        ]


def _tell(message: Progress | Refused | Watched) -> None:
    line = message.model_dump_json().encode() + b"\n"
    while line:
        line = line[os.write(_OUT, line) :]
