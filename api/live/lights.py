"""What the recording light of a station shows. Pure.

Two sources that know nothing of each other are put together: what devices reported, and what the site's log
says. Where they contradict each other, that is what is shown. In this order:

1. A device reports recording although the log has said for longer than `CONTRADICTION_MS` that nothing may be
   recorded there: *contradiction*. The report may be late; the recorder may not obey.
2. The agreement is suspended: *paused*.
3. Every campaign of the day has seen enough: *finished*.
4. No device has been heard of for `LOST_MS`: *lost*, if it did not say before that it had ended.
5. What the device says: *recording*, or *dark* with its reason.
6. No device was ever heard of at this station: *dark*.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from consent.agreement.calendar import local_day
from consent.agreement.lifecycle import State
from consent.agreement.schema import Period
from consent.site.state import AgreementLine, SiteState

LOST_MS = 45_000
"""A device reports every ten seconds: four reports that are missing are no coincidence."""
CONTRADICTION_MS = 15_000
"""A suspension stops a recorder within a second, and its next report comes at once; the rest is network."""


class Light(StrEnum):
    """What is shown."""

    RECORDING = "recording"
    PAUSED = "paused"
    FINISHED = "finished"
    LOST = "lost"
    DARK = "dark"
    CONTRADICTION = "contradiction"


@dataclass(frozen=True, slots=True)
class Report:
    """What a device said of a station, and when the server heard it."""

    device: str
    station: str
    received_ms: int
    light: str
    reason: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class StationLight:
    """A station's light. `reason` is empty or a listed word of devices and the log; `state` may be empty."""

    station: str
    light: Light
    reason: str = ""
    device: str = ""
    heard_ms: int | None = None
    state: str = ""


NO_DEVICE = "no device has been heard of"
NOT_HEARD = "the device has not been heard of lately"
AGAINST_LOG = "the device reports recording although the log does not permit it"
ENDED = "the recording has ended"


def station_lights(
    stations: Iterable[str], reports: Sequence[Report], state: SiteState | None, now_ms: int
) -> list[StationLight]:
    """Return the light of each station, in their order. `state` None: nobody can know what the log says."""
    newest: dict[str, Report] = {}
    for report in reports:
        known = newest.get(report.station)
        if known is None or known.received_ms < report.received_ms:
            newest[report.station] = report
    return [_light(station, newest, state, now_ms) for station in stations]


def _light(station: str, newest: Mapping[str, Report], state: SiteState | None, now_ms: int) -> StationLight:
    report = newest.get(station)
    line = None if state is None else state.line_for(station)
    told = _told(station, report, now_ms)
    if line is not None and line.state is State.SUSPENDED:
        late = report is not None and report.received_ms - line.since_ms > CONTRADICTION_MS
        if told.light is Light.RECORDING and late:
            return _with(told, Light.CONTRADICTION, AGAINST_LOG)
        return _with(told, Light.PAUSED, "the works agreement is suspended")
    if told.light is Light.RECORDING and state is not None and line is None:
        return _with(told, Light.CONTRADICTION, AGAINST_LOG)
    if told.light is not Light.RECORDING and line and state and _finished(line, state, station, now_ms):
        return _with(told, Light.FINISHED, "the campaign has seen enough")
    return told


def _told(station: str, report: Report | None, now_ms: int) -> StationLight:
    if report is None:
        return StationLight(station, Light.DARK, NO_DEVICE)
    known = StationLight(station, Light.DARK, "", report.device, report.received_ms)
    if report.light == "ended":
        return _with(known, Light.DARK, report.reason or ENDED)
    if now_ms - report.received_ms > LOST_MS:
        return _with(known, Light.LOST, NOT_HEARD)
    if report.light == "recording":
        return StationLight(station, Light.RECORDING, "", report.device, report.received_ms, report.state)
    return _with(known, Light.DARK, report.reason)


def _with(known: StationLight, light: Light, reason: str) -> StationLight:
    return StationLight(known.station, light, reason, known.device, known.heard_ms)


def _finished(line: AgreementLine, state: SiteState, station: str, now_ms: int) -> bool:
    """Tell whether campaigns run at the station today, and all of them have seen enough."""
    day = local_day(now_ms, line.agreement.time_zone)
    today = [
        campaign
        for campaign in line.agreement.campaigns
        if station in campaign.stations and campaign.covers(Period(first_day=day, last_day=day))
    ]
    done = [(line.agreement.id, campaign.name, station) in state.completed for campaign in today]
    return bool(done) and all(done)
