"""How a device is, in the words of the wire: what waits, how sending goes, what each station does now."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum


class Light(StrEnum):
    """What the lamp at a station would show."""

    RECORDING = "recording"
    NOT_RECORDING = "not recording"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class StationLight:
    """One station. `reason`: why it is not recorded. `state`: the present worker state, if it may be told."""

    station: str
    light: Light
    reason: str | None = None
    state: str | None = None


NOTHING_SENT = "nothing was sent yet"


def write_report(device: str, waiting: int, condition: str, lights: Sequence[StationLight]) -> bytes:
    """Return the JSON of a report, UTF-8."""
    fields = {
        "device": device,
        "waiting": waiting,
        "condition": condition or NOTHING_SENT,
        "lights": [asdict(light) for light in lights],
    }
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
