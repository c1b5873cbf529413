"""Runs the process that sees a clip, and believes little of what it hears from it.

The clip goes to it through a pipe, from memory to memory. A crash, a file that takes for ever, or an answer
that is none costs this one process.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import IO

from pydantic import ValidationError

from capture.clip.told import LONGEST_LINE, Progress, Refused, Told, Watched, told
from productivity.errors import FairtaktError

_CODE = "from capture.clip.worker import main; main()"
_PASSED_ON = ("PATH", "HOME", "XDG_CACHE_HOME", "FAIRTAKT_CACHE", "LANG", "LD_LIBRARY_PATH", "PYTHONPATH")
"""What the process sees of our environment, which may hold the password of a database."""
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""Libraries must not start threads before the process is confined."""


class Ending(StrEnum):
    """Why nothing came of a trial."""

    CLIP = "clip"
    """The file is not what it must be; the detail says what was expected."""
    MISSING = "missing"
    """Packages or weights are not on this machine."""
    CONFINEMENT = "confinement"
    """The system cannot take a process's rights away, so the clip was not looked at."""
    MEMORY = "memory"
    CRASHED = "crashed"
    """The decoder fell over the file."""
    TOO_SLOW = "too slow"
    CANCELLED = "cancelled"
    FAULT = "fault"
    """A fault of ours; the detail is its class."""


class TrialFailed(FairtaktError):
    """Nothing came of it; nothing of the clip is left."""

    def __init__(self, ending: Ending, detail: str) -> None:
        super().__init__(detail)
        self.ending, self.detail = ending, detail


@dataclass(frozen=True, slots=True)
class TrialLimits:
    """How much one clip may cost."""

    wall_s: float = 300.0
    """Two minutes at 1080p take about one on a slow core; beyond five something is wrong."""
    processor_s: int = 240
    memory_bytes: int = 3 * 1024**3
    """Of address space: networks and libraries take 0.8 GiB, a 4K stream with 16 reference pictures 0.4."""


class Trial:
    """One clip, tried once. `run` blocks; `cancel` may be called from any thread, at any time."""

    def __init__(self, limits: TrialLimits | None = None) -> None:
        self._limits = limits or TrialLimits()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._killed: Ending | None = None

    def run(self, clip: bytes, station: str, on_progress: Callable[[Progress], None]) -> Watched:
        """Return what a station file makes of a clip. Raises `TrialFailed`."""
        with self._lock:
            if self._killed is not None:
                raise self._failed()
            self._process = process = _start()
        timer = threading.Timer(self._limits.wall_s, self._kill, (Ending.TOO_SLOW,))
        feeder = threading.Thread(target=self._feed, args=(process.stdin, clip, station), daemon=True)
        timer.start()
        feeder.start()
        try:
            last = self._listen(process, on_progress)
        finally:
            timer.cancel()
            self._end(process)
            feeder.join()
        if isinstance(last, Watched):
            return last
        if isinstance(last, Refused) and self._killed is None:
            raise TrialFailed(Ending(last.why), last.detail)
        raise self._failed()

    def cancel(self) -> None:
        """End it, if it has not ended."""
        self._kill(Ending.CANCELLED)

    def _feed(self, pipe: IO[bytes], clip: bytes, station: str) -> None:
        limits = self._limits
        header = {
            "station": station,
            "size": len(clip),
            "memory_bytes": limits.memory_bytes,
            "processor_s": limits.processor_s,
        }
        try:
            with pipe:
                pipe.write(json.dumps(header).encode() + b"\n")
                pipe.write(clip)
        except OSError:  # it ended before it had read everything, and says why, or has crashed
            return

    def _listen(
        self, process: subprocess.Popen[bytes], on_progress: Callable[[Progress], None]
    ) -> Told | None:
        assert process.stdout is not None  # noqa: S101  # for the type checker
        while line := process.stdout.readline(LONGEST_LINE):
            try:
                message = told.validate_json(line)
            except ValidationError:
                self._kill(Ending.CRASHED)
                return None
            if not isinstance(message, Progress):
                return message
            on_progress(message)
        return None

    def _kill(self, ending: Ending) -> None:
        with self._lock:
            self._killed = self._killed or ending
            if self._process is not None and self._process.poll() is None:
                self._process.kill()

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        try:
            process.wait(5 if self._killed is None else None)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()

    def _failed(self) -> TrialFailed:
        if self._killed is Ending.CANCELLED:
            return TrialFailed(Ending.CANCELLED, "the trial was cancelled")
        if self._killed is Ending.TOO_SLOW:
            return TrialFailed(Ending.TOO_SLOW, f"the trial took longer than {self._limits.wall_s:g} s")
        status = None if self._process is None else self._process.returncode
        if status == -signal.SIGXCPU:
            return TrialFailed(
                Ending.TOO_SLOW, f"the clip needs more than {self._limits.processor_s} s of processor time"
            )
        how = signal.Signals(-status).name if status is not None and status < 0 else f"status {status}"
        return TrialFailed(Ending.CRASHED, f"the process that decoded the clip ended without a word ({how})")


def _start() -> subprocess.Popen[bytes]:
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return subprocess.Popen(  # noqa: S603  # our own interpreter and code
        [sys.executable, "-B", "-P", "-c", _CODE, str(os.getpid())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env=environment | _ONE_THREAD,
    )
