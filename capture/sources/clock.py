"""The time axis of a camera that may be lost and return: the camera's clock, and ours only across a cut."""

from productivity.time import SECOND, Duration, Instant

_DRIFT = 1000
"""Our belief about the shortest delay grows by 1/1000 of the time that passes. Quartz clocks differ by less
than a tenth of that, so a camera that runs slow is followed; a stalled network moves it by milliseconds."""

_IMPOSSIBLE = SECOND
"""A picture from more than a second in the future, or the past, shows that the camera set its clock."""


class CameraClock:
    """Places pictures on one axis that starts at 0 with the first picture.

    Within a connection, differences of presentation times are exact, while arrival times carry the jitter of
    the network; so the axis follows the presentation times. Between two connections the camera says nothing
    about the time that passed; only there the arrival clock (monotonic) bridges, and the error is the delay
    of one picture, once per cut.
    """

    def __init__(self) -> None:
        self._shift = 0  # axis - presentation time, within a connection
        self._delay = 0  # monotonic - axis for the picture that travelled fastest
        self._connection: int | None = None
        self._last = Instant(0)
        self._last_arrival = 0

    def now(self, monotonic: int) -> Instant:
        """Return where on the axis a picture would stand that arrives now without undue delay."""
        return Instant(monotonic - self._delay)

    def place(self, connection: int, presented: int, arrival: int) -> Instant:
        """Return the axis time of a picture.

        `presented` is nanoseconds of the camera's clock, `arrival` nanoseconds of our monotonic clock,
        `connection` any number that changes when the camera was lost in between.
        """
        if self._connection is None:
            self._delay = arrival
            self._shift = -presented
        elif connection != self._connection:
            self._shift = self.now(arrival) - presented
        else:
            self._delay += (arrival - self._last_arrival) // _DRIFT
            if self._is_impossible(presented + self._shift, arrival):
                self._shift = self.now(arrival) - presented
        self._connection = connection
        self._last = Instant(presented + self._shift)
        self._last_arrival = arrival
        self._delay = min(self._delay, arrival - self._last)
        return self._last

    def silence(self, monotonic: int) -> Duration:
        """Return how long no picture has arrived."""
        return Duration(monotonic - self._last_arrival)

    def _is_impossible(self, time: int, arrival: int) -> bool:
        return time > self.now(arrival) + _IMPOSSIBLE or time < self._last - _IMPOSSIBLE
