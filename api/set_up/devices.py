"""Which device recorded with which text, as the site's log says; nothing else of a recording is told."""

from typing import TYPE_CHECKING

from api.set_up.wire import DeviceUse
from consent.entries.bodies import RecordingConfigured, RecordingStarted
from consent.site.desk import LogUnusable

if TYPE_CHECKING:
    from api.services import Services

MOST_ENTRIES = 500
"""The newest starts and changes of recordings are looked through; older ones say little about now."""


def devices_of(services: "Services", station: str) -> list[DeviceUse] | None:
    """Return the text with which each device recorded last at a station; None if the log cannot be read."""
    if services.site is None:
        return None
    try:
        newest = services.site.recent(RecordingStarted, RecordingConfigured, most=MOST_ENTRIES)
    except LogUnusable:
        return None
    used: dict[str, DeviceUse] = {}
    devices: dict[str, str] = {}
    for logged in reversed(newest):
        body, at_ms = logged.entry.body, logged.entry.at_ms
        if isinstance(body, RecordingStarted) and body.station == station:
            devices[body.session] = body.device
            used[body.device] = DeviceUse(device=body.device, digest=body.configuration, since_ms=at_ms)
        elif isinstance(body, RecordingConfigured) and body.session in devices:
            device = devices[body.session]
            used[device] = DeviceUse(device=device, digest=body.configuration, since_ms=at_ms)
    return sorted(used.values(), key=lambda use: use.device)
