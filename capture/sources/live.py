"""What all cameras share: a reading thread, reconnection, and gaps while nothing arrives.

The thread owns the connection from opening to closing, so that a blocked driver or socket never blocks the
recorder: it only waits for the mailbox, a fraction of a second at a time.
"""

import random
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol, Self

from capture.frame import Frame, FrameImage, Gap
from capture.sources.base import SourceInfo
from capture.sources.clock import CameraClock
from capture.sources.image import check_size
from capture.sources.tiling import NO_FRAMES, Tiler
from productivity.errors import BadInput, FairtaktError, SourceLost
from productivity.time import SECOND, Duration, Instant, seconds

CAMERA_LOST = "camera lost"

PATIENCE = seconds(600)
"""A camera that restarts, or a switch that is replaced, is back within ten minutes; after that somebody
should look at it."""

_TICK_S = 0.5
"""While nothing arrives, the consumer hears from us twice per second."""

_MAILBOX = 8
"""Pictures that may wait for a slow consumer; then the oldest are dropped and memory stays bounded."""

_MOMENT_S = 0.01
"""Enough for a consumer that is not busy to take one of many pictures that arrive at once, and less than
there is between two pictures of any camera."""

_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 30.0
"""Pauses between attempts to reconnect: doubled each time, so that a plant's cameras are not flooded."""


class Disconnected(Exception):
    """The camera cannot be reached, or stopped; an event inside this folder, never shown to a caller.

    The text gives the reason, and never an address.
    """


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """One picture as it arrives; `presented` is nanoseconds of the camera's own clock."""

    image: FrameImage
    presented: int


class Connection(Protocol):
    """A camera while it is connected. Used by one thread; every call returns or raises within seconds."""

    @property
    def frame_duration(self) -> Duration:
        """The nominal frame duration, as read back from the camera."""
        ...

    def read(self) -> Shot:
        """Wait for the next intact picture. Raises `Disconnected` after the connection's time-out."""
        ...

    def close(self) -> None:
        """Free socket or device. Safe to call after a failure."""
        ...


Connect = Callable[[], Connection]
"""Opens a connection; raises `Disconnected`."""


@dataclass(frozen=True, slots=True, eq=False)
class _Arrival:
    shot: Shot
    connection: int
    monotonic: int


class LiveSource:
    """A camera, connected and delivering. `frames` is called once."""

    def __init__(self, label: str, connect: Connect, *, camera: str, patience: Duration = PATIENCE) -> None:
        self._label = label
        self._patience = patience
        self._reader = _Reader(connect)
        try:
            first, nominal = self._reader.first()
            check_size(first.width, first.height, where=label)
        except Disconnected as failure:
            self._reader.stop()
            refusal = BadInput("camera does not deliver", where=label, found=str(failure))
        except BaseException:
            self._reader.stop()
            raise
        else:
            self._info = SourceInfo(label, first.width, first.height, nominal, None)
            self._tiler = Tiler(camera, nominal)
            self._clock = CameraClock()
            self._connection = 0
            return
        raise refusal

    @property
    def info(self) -> SourceInfo:
        """What the camera is; `total` is None, it has no end."""
        return self._info

    def frames(self) -> Iterator[Frame | Gap]:
        """Deliver frames, and gaps while the camera is away, until `close`; see `Source`."""
        try:
            while not self._reader.stopped:
                arrival = self._reader.take(_TICK_S)
                if arrival is not None:
                    yield from self._place(arrival)
                elif not self._reader.stopped:
                    yield from self._nothing()
        finally:
            self.close()

    def close(self) -> None:
        """End `frames` at once. The reading thread ends with its current call, which has a time-out."""
        self._reader.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _place(self, arrival: _Arrival) -> list[Frame | Gap]:
        image = arrival.shot.image
        if image.width != self._info.width or image.height != self._info.height:
            was, now = f"{self._info.width}x{self._info.height}", f"{image.width}x{image.height}"
            raise SourceLost(f"{self._label}: picture size changed from {was} to {now}; start again")
        returned = arrival.connection != self._connection
        self._connection = arrival.connection
        time = self._clock.place(arrival.connection, arrival.shot.presented, arrival.monotonic)
        bridge = self._tiler.fill(time, CAMERA_LOST) if returned and time > 0 else []
        # What waited in buffers below us is as old as if it had come as fast as others did.
        delay = self._clock.now(arrival.monotonic) - time
        return bridge + self._tiler.push(image, time, arrival.monotonic - delay)

    def _nothing(self) -> Iterator[Frame | Gap]:
        """Say that nothing arrived; give up once patience is over."""
        monotonic = time.monotonic_ns()
        if self._reader.connected:
            # Pictures may still be on their way: wait for them before their time is given up.
            until, reason = self._clock.now(monotonic) - self._tiler.limit, NO_FRAMES
        else:
            until, reason = self._clock.now(monotonic), CAMERA_LOST
        if until > self._tiler.position + self._tiler.nominal:
            yield from self._tiler.fill(Instant(until), reason)
        silence = self._clock.silence(monotonic)
        if silence > self._patience:
            why = self._reader.reason or "connected, but silent"
            raise SourceLost(f"{self._label}: no picture for {silence / SECOND:.0f} s ({why})")


class _Reader:
    """Reads in a thread of its own, reconnects, and keeps the latest pictures for the consumer."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._stop = threading.Event()
        self._changed = threading.Condition()
        self._arrived: deque[_Arrival] = deque(maxlen=_MAILBOX)
        self._nominal: Duration | None = None
        self._failure: FairtaktError | None = None
        self.reason = ""
        self.connected = False
        # A daemon, because a hanging driver must not keep the recorder from ending.
        self._thread = threading.Thread(target=self._run, name="camera", daemon=True)
        self._thread.start()

    @property
    def stopped(self) -> bool:
        return self._stop.is_set()

    def first(self) -> tuple[FrameImage, Duration]:
        """Wait for the first picture. Raises `Disconnected` if the first attempt fails."""
        with self._changed:
            self._changed.wait_for(lambda: self._arrived or self.reason or self._failure, timeout=30.0)
            self._raise_failure()
            if self._nominal is None or not self._arrived:
                raise Disconnected(self.reason or "no picture in 30 s")
            return self._arrived[0].shot.image, self._nominal

    def take(self, timeout_s: float) -> _Arrival | None:
        """Return the oldest picture that waits, or None after the time-out or `stop`."""
        with self._changed:
            self._changed.wait_for(lambda: self._arrived or self._failure or self.stopped, timeout=timeout_s)
            self._raise_failure()
            if not self._arrived or self.stopped:
                return None
            self._changed.notify_all()
            return self._arrived.popleft()

    def stop(self) -> None:
        self._stop.set()
        with self._changed:
            self._arrived.clear()
            self._changed.notify_all()
        if self._thread is not threading.current_thread():
            self._thread.join(timeout=_TICK_S)

    def _raise_failure(self) -> None:
        if self._failure is not None:
            raise self._failure

    def _run(self) -> None:
        connection, failures = 0, 0
        while not self.stopped:
            delivered = self._read_connection(connection)
            connection += 1
            failures = 1 if delivered else failures + 1
            # Jitter (not a secret): cameras behind one switch must not all come back in the same instant.
            pause = min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2 ** min(failures - 1, 10))
            self._stop.wait(pause * random.uniform(0.5, 1.0))  # noqa: S311  # jitter, no secret

    def _read_connection(self, number: int) -> bool:
        """Read one connection until it ends; say whether it delivered anything."""
        delivered = False
        connection = None
        try:
            connection = self._connect()
            for shot, arrival in self._timely(connection, returned=number > 0):
                delivered = True
                self._put(_Arrival(shot, number, arrival), connection.frame_duration)
        except Disconnected as event:
            self._lost(str(event))
        except FairtaktError as failure:
            self._lost("", failure)
        except Exception as fault:
            # Whatever breaks here must reach the consumer, but not its text: it may carry the address.
            self._lost(f"unexpected {type(fault).__name__}")
        finally:
            if connection is not None:
                connection.close()
        return delivered

    def _timely(self, connection: Connection, *, returned: bool) -> Iterator[tuple[Shot, int]]:
        """Read pictures with their arrival times.

        After a return, those are left out that waited in buffers, because their arrival says nothing about
        the time that passed meanwhile. They are known by arriving faster than they were taken.
        """
        before: tuple[int, int] | None = None
        while not self.stopped:
            shot, arrival = connection.read(), time.monotonic_ns()
            if returned:
                waited = before is None or arrival - before[1] < (shot.presented - before[0]) // 2
                before = (shot.presented, arrival)
                if waited:
                    continue
                returned = False
            yield shot, arrival

    def _put(self, arrival: _Arrival, nominal: Duration) -> None:
        with self._changed:
            # A busy consumer holds the camera up for a moment only: pictures would pile up in buffers below
            # us, and no longer be of now. The oldest goes instead.
            self._changed.wait_for(lambda: len(self._arrived) < _MAILBOX or self.stopped, timeout=_MOMENT_S)
            self._nominal = nominal
            self.connected = True
            self._arrived.append(arrival)
            self._changed.notify_all()

    def _lost(self, reason: str, failure: FairtaktError | None = None) -> None:
        with self._changed:
            self.connected = False
            self.reason = reason or str(failure)
            self._failure = failure
            self._changed.notify_all()
