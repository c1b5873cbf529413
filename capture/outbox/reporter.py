"""Tells the plant server how this device is: every ten seconds, and at once when a light changes.

A report is worth nothing when it is old, so none is kept and none is repeated: what could not be sent is
replaced by the next. The server keeps the report that was signed last, by seconds; so no two are signed
within the same second.

The present worker state goes with the regular reports alone. One that is sent because a light has changed
repeats the state that was told last: so nobody can tell times of states from reports more finely than
`EVERY_S`. Which stations may tell their state at all is decided by whoever makes the lights.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from capture.outbox.database import OutboxUnwritable
from capture.outbox.loop import in_words, keep_on
from capture.outbox.pacing import MOST_ASKED_S, Answer
from capture.outbox.report import Light, StationLight, write_report
from capture.outbox.sender import Clocks

EVERY_S = 10.0
LOOK_S = 0.25
"""How often the lights are looked at."""
LONGEST_S = 60.0
"""Between two attempts while the server does not take reports."""

Lights = Callable[[], tuple[StationLight, ...]]


@dataclass(frozen=True, slots=True)
class Told:
    """What a report is made of: intervals that wait, how sending goes, what each station does.

    `reporting` hears in words of a fault that keeps reports from being made, and "" once they go again.
    """

    waiting: Callable[[], int]
    condition: Callable[[], str]
    lights: Lights
    reporting: Callable[[str], None] = lambda _: None


class Reporter:
    """One exchange at a time. `post` sends a report that is signed at a POSIX second."""

    def __init__(self, device: str, told: Told, post: Callable[[bytes, int], Answer], clocks: Clocks) -> None:
        self._device = device
        self._told = told
        self._post = post
        self._clocks = clocks
        self._lights: tuple[StationLight, ...] = ()  # as they were told last
        self._due_s = 0.0
        self._quiet_until_s = 0.0
        self._signed_s = -1
        self._failures = 0
        self._fault = ""

    def step(self) -> float:
        """Send a report if one is due; return the seconds until it is to be asked again."""
        now_s, posix_s = self._clocks.monotonic_s(), self._clocks.posix_s()
        if now_s < self._quiet_until_s or posix_s == self._signed_s:
            return LOOK_S
        lights = self._told.lights()
        due = now_s >= self._due_s
        if not due:
            lights = self._with_old_states(lights)
        if due or lights != self._lights:
            self._send(lights, posix_s, now_s)
            if due:
                self._due_s = now_s + EVERY_S
        return LOOK_S

    def run(self, stopped: threading.Event) -> None:
        """Report until `stopped` is set, whatever fails."""
        keep_on(self.step, stopped, lambda fault: self._tell(in_words(fault)))

    def finish(self, gone: threading.Event) -> None:
        """Say that the stations are over, once; give up at `gone`."""
        while self._clocks.posix_s() == self._signed_s:  # it would not count within the same second
            if gone.wait(LOOK_S):
                return
        over = tuple(StationLight(one.station, Light.ENDED) for one in self._told.lights())
        self._send(over, self._clocks.posix_s(), self._clocks.monotonic_s())

    def _tell(self, fault: str) -> None:
        if fault != self._fault:
            self._fault = fault
            self._told.reporting(fault)

    def _send(self, lights: tuple[StationLight, ...], posix_s: int, now_s: float) -> None:
        try:
            body = write_report(self._device, self._told.waiting(), self._told.condition(), lights)
        except OutboxUnwritable:
            return
        self._lights, self._signed_s = lights, posix_s
        answer = self._post(body, posix_s)
        self._tell("")
        if answer.status == 200 and answer.same:
            self._failures = 0
            return
        self._failures += 1
        wait_s = min(LONGEST_S, EVERY_S * 2.0 ** min(self._failures - 1, 10))
        asked_s = min(answer.retry_after_s or 0.0, MOST_ASKED_S)
        self._quiet_until_s = now_s + max(wait_s, asked_s)

    def _with_old_states(self, lights: tuple[StationLight, ...]) -> tuple[StationLight, ...]:
        told = {one.station: one for one in self._lights}
        return tuple(_with_old_state(light, told.get(light.station)) for light in lights)


def _with_old_state(light: StationLight, told: StationLight | None) -> StationLight:
    goes_on = told is not None and told.light is light.light is Light.RECORDING
    return replace(light, state=told.state if told is not None and goes_on else None)
