"""Time lines that Label Studio exported as JSON: the full form, and JSON-MIN.

A video's regions count frames from 1, both ends included; regions of one video that touch usually share a
frame, which belongs to the later one. Audio and time series count seconds. Annotators are not read; of
several annotations of a task the first that was not cancelled counts.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from productivity.errors import BadInput
from productivity.time import SECOND
from storage.files import File
from storage.importers.labels import NANOSECONDS, Label, exact_ns
from storage.importers.mapping import FileMapping
from storage.importers.report import ROW_REFUSED, Tally


@dataclass(frozen=True, slots=True)
class _Region:
    source: str
    task: str
    text: str
    first: object
    last: object
    frames: bool


def label_studio_labels(path: File, mapping: FileMapping, tally: Tally) -> Iterator[Label]:
    """Yield the regions of all tasks; a single task is the station "", others are named by their number.

    Raises `BadInput` for a file that is no export, and where frames need the mapping's `frame_rate`.
    """
    tasks = _tasks(path)
    regions = [region for task in tasks for region in _regions(path, task)]
    if mapping.frame_rate is None and any(region.frames for region in regions):
        raise BadInput(
            "regions count frames", where=path.name, expected="the video's frame_rate in the mapping file"
        )
    several = len(tasks) > 1
    labels: list[Label] = []
    for region in regions:
        times = _frames(region, mapping.frame_rate) if region.frames else _seconds(region)
        if times is None:
            tally.read += 1
            what = "whole frames from 1" if region.frames else "seconds from 0"
            tally.refuse(ROW_REFUSED, f"region: expected {what}", region.source)
        else:
            labels.append(Label(region.source, region.task if several else "", region.text, *times))
    yield from _without_shared_frames(labels, mapping.frame_rate)


def _frames(region: _Region, rate: float | None) -> tuple[int, int] | None:
    first, last = region.first, region.last
    if rate is None or type(first) is not int or type(last) is not int or not 1 <= first <= last < 2**40:
        return None
    # A Fraction, because 29.97 frames per second must not drift over an hour.
    frame = Fraction(SECOND) / Fraction(str(rate))
    return round((first - 1) * frame), round(last * frame)


def _seconds(region: _Region) -> tuple[int, int] | None:
    if not all(type(end) in (int, float) for end in (region.first, region.last)):
        return None
    start, end = (exact_ns(str(end), NANOSECONDS) for end in (region.first, region.last))
    return None if start is None or end is None else (start, end)


def _without_shared_frames(labels: list[Label], rate: float | None) -> Iterator[Label]:
    """End a label where the next one of its station begins, if they share just that frame."""
    frame = round(SECOND / rate) + 1 if rate else 0
    ordered = sorted(labels, key=lambda label: (label.station, label.start_ns, label.end_ns))
    for label, following in pairwise([*ordered, None]):
        if label is not None and following is not None and following.station == label.station:
            shared = label.end_ns - following.start_ns
            if 0 < shared <= frame and label.start_ns < following.start_ns:
                label = replace(label, end_ns=following.start_ns)
        if label is not None:
            yield label


def _tasks(path: File) -> list[Mapping[str, object]]:
    try:
        document = json.loads(path.read_bytes())
    except OSError as error:
        raise BadInput(f"file cannot be read: {error.strerror}", where=path.name) from None
    except (ValueError, RecursionError) as error:
        raise BadInput(f"not JSON ({type(error).__name__})", where=path.name) from None
    tasks = document if isinstance(document, list) else [document]
    if not tasks or not all(isinstance(task, dict) for task in tasks):
        raise BadInput("not a Label Studio export", where=path.name, expected="a list of tasks")
    return tasks


def _regions(path: File, task: Mapping[str, object]) -> Iterator[_Region]:
    name = f"task {task.get('id', '?')}"
    for index, (value, frames) in enumerate(_values(task), start=1):
        source = f"{path.name}:{name} region {index}"
        labels = next(
            (value[key] for key in ("timelinelabels", "timeserieslabels", "labels") if key in value), None
        )
        if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
            continue
        ranges = value.get("ranges") if frames else [value]
        for span in ranges if isinstance(ranges, list) else []:
            for label in labels if isinstance(span, dict) else ():
                yield _Region(source, name, label.strip(), span.get("start"), span.get("end"), frames)


def _values(task: Mapping[str, object]) -> Iterator[tuple[Mapping[str, object], bool]]:
    """Yield each region's value, and whether it counts frames."""
    annotations = task.get("annotations", task.get("completions"))
    if isinstance(annotations, list):
        alive = (a for a in annotations if isinstance(a, dict) and not a.get("was_cancelled"))
        results = next(alive, {}).get("result")
        found = [r.get("value") for r in results if isinstance(r, dict)] if isinstance(results, list) else []
    else:  # JSON-MIN: each control's values stand directly in the task, under the control's name
        found = [value for values in task.values() if isinstance(values, list) for value in values]
    for value in found:
        if isinstance(value, dict) and ("ranges" in value or {"start", "end"} <= value.keys()):
            yield value, "ranges" in value
