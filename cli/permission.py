"""Where the recorder gets permission: from a works agreement, or from the statement that there is none."""

import fcntl
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from capture.gate import Decision, Gate, OpenGate
from capture.sources.names import is_camera
from cli.files import read_verifier
from cli.passphrase import read_passphrase
from consent.entries.vocabulary import Reason
from consent.gate.course import Post
from consent.gate.live import LiveGate
from consent.keys import Role, open_key
from consent.notes import Signer
from consent.site.plant import Plant
from productivity.errors import BadInput, SourceLost
from productivity.intervals import StateInterval
from productivity.time import Duration, Instant

if TYPE_CHECKING:
    from capture.station.file import Station


@dataclass(frozen=True, slots=True)
class Site:
    """What a recorder must be told to record under an agreement."""

    plant: Path
    log_key: Path
    device_key: Path
    passphrase_file: Path | None


def choose_site(
    source: str,
    *,
    plant: Path | None,
    log_key: Path | None,
    device_key: Path | None,
    passphrase_file: Path | None,
    without_agreement: bool,
) -> Site | None:
    """Return the site whose agreement permits; None for a file that is recorded without one.

    `BadInput` if neither or both are asked for, or a camera would look without an agreement.
    """
    if plant is not None:
        if without_agreement:
            raise BadInput("--without-agreement", expected="it or --plant, not both")
        if log_key is None or device_key is None:
            raise BadInput("--plant needs the log's key and the device's", expected="--log-key, --device-key")
        return Site(plant, log_key, device_key, passphrase_file)
    if is_camera(source):
        raise BadInput(
            "a camera records under a works agreement only", expected="--plant, --log-key, --device-key"
        )
    if not without_agreement:
        raise BadInput(
            "no works agreement", expected="--plant with an agreement, or for a file --without-agreement"
        )
    return None


class Permission(Gate):
    """The gate as `capture` knows it, and how the recording went; in the open case all is permitted."""

    def __init__(self, live: LiveGate | None) -> None:
        self._live = live
        self._open = OpenGate()

    def allowed(self, station: str, purpose: str, at: Instant) -> Decision:
        """Ask the agreement."""
        if self._live is None:
            return self._open.allowed(station, purpose, at)
        answer = self._live.allowed(station, purpose, at)
        return Decision(answer.allowed, answer.reason, answer.until)

    def recorded(self, station: str, at: Instant, duration: Duration) -> None:
        """Count what is recorded."""
        if self._live is not None:
            self._live.recorded(station, at, duration)

    def seen(self, interval: StateInterval) -> None:
        """Count cycles."""
        if self._live is not None:
            self._live.seen(interval)

    def close(self, reason: Reason) -> None:
        """End the recording's sessions."""
        if self._live is not None:
            self._live.close(reason)

    @property
    def status(self) -> str:
        """What happens now, in a few words."""
        refused = self._live.refused_now if self._live is not None else None
        return "recording" if refused is None else f"not recording: {refused}"

    @property
    def nothing_permitted(self) -> str:
        """Why nothing at all was recorded, in one line; empty if something was."""
        if self._live is None or self._live.recorded_anything:
            return ""
        reasons = [f"{station}: {reason}" for station, reason in self._live.refusals.items()]
        return "; ".join(reasons) or "no picture came"


@contextmanager
def permission(
    site: Site | None, files: Sequence[Path], stations: "Sequence[Station]"
) -> Iterator[Permission]:
    """Give the gate for a recording; whatever ends it, its sessions are ended in the log too."""
    if site is None:
        yield Permission(None)
        return
    if not site.plant.is_dir():
        raise BadInput("no such directory", where=str(site.plant), expected="a site's directory")
    device = _device(site)
    log = read_verifier(site.log_key)
    with _only_recorder(site.device_key):
        posts = [
            (
                Post(
                    station.name,
                    frozenset(state.name for state in station.states),
                    hashlib.sha256(file.read_bytes()).hexdigest(),
                    device.verifier,
                ),
                (station.cycle.first, station.cycle.last) if station.cycle else None,
            )
            for file, station in zip(files, stations, strict=True)
        ]
        live = LiveGate(Plant(site.plant), log, device, posts)
        live.check()
        live.keep_checking()
        try:
            yield Permission(live)
        except (BadInput, SourceLost):
            live.close(Reason.END_OF_SOURCE)
            raise
        finally:
            live.close(Reason.INTERRUPTED)  # does nothing if the recording has been closed in good order


def _device(site: Site) -> Signer:
    role, signer = open_key(site.device_key, read_passphrase(site.passphrase_file))
    if role is not Role.DEVICE:
        raise BadInput("key is not a device's", where=str(site.device_key), expected=Role.DEVICE, found=role)
    return signer


@contextmanager
def _only_recorder(device_key: Path) -> Iterator[None]:
    """Let one process record as this device: another's open sessions would look like a crash's."""
    with device_key.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadInput("device is recording already", where=str(device_key)) from None
        yield
