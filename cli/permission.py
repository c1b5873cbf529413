"""Where the recorder gets permission: from a works agreement, or from the statement that there is none."""

import fcntl
import hashlib
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from capture.gate import Decision, Gate, OpenGate
from capture.sources.names import is_camera
from capture.taken_back import Place
from cli.files import read_verifier
from cli.passphrase import read_passphrase
from consent.entries.vocabulary import Reason
from consent.gate.course import Post
from consent.gate.live import LiveGate
from consent.gate.stretches import LeftBehind
from consent.keys import Role, open_key
from consent.notes import Signer
from consent.site.plant import Plant
from productivity.errors import BadInput, SourceLost
from productivity.intervals import StateInterval
from productivity.time import Duration, Instant

if TYPE_CHECKING:
    from capture.motion.channel import MotionPort
    from capture.station.file import Station
    from cli.motion import MotionDesk

UNAGREED_RESOLUTION_MS = 60_000
"""To what starts are rounded where no agreement says it: the finest that one names without a warning
(`consent.agreement.rules`)."""


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

    def __init__(self, live: LiveGate | None, desk: "MotionDesk | None" = None) -> None:
        self._live = live
        self._desk = desk
        self._open = OpenGate()
        self._own_sessions: dict[str, str] = {}
        self.on_recorded: Callable[[str, Instant, Duration], None] = lambda *_: None
        """Hears of each picture that is looked at."""

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
        self.on_recorded(station, at, duration)

    def seen(self, interval: StateInterval) -> None:
        """Count cycles."""
        if self._live is not None:
            self._live.seen(interval)

    def close(self, reason: Reason) -> None:
        """End the recording's sessions; before that, what was kept of motion is said in the log."""
        if self._desk is not None:
            self._desk.finish()
        if self._live is not None:
            self._live.close(reason)

    @property
    def motion(self) -> "MotionPort | None":
        """Where motion of workers who check in may go; None: nowhere."""
        from capture.motion.channel import MotionPort

        return None if self._desk is None else MotionPort(self._desk, self._desk)

    @property
    def status(self) -> str:
        """What happens now, in a few words."""
        refused = self._live.refused_now if self._live is not None else None
        return "recording" if refused is None else f"not recording: {refused}"

    def refusal(self, station: str) -> str | None:
        """Why a station is not recorded at the moment; None if it may be."""
        return None if self._live is None else self._live.refusal(station)

    def place_of(self, station: str, at: Instant) -> Place | None:
        """Return the session that an instant belongs to: the log's, or a random one without an agreement."""
        if self._live is None:
            session = self._own_sessions.setdefault(station, secrets.token_hex(16))
            return Place(session, UNAGREED_RESOLUTION_MS)
        stretch = self._live.stretch(station, at)
        if stretch is None:
            return None
        terms = stretch.terms
        return Place(terms.session, terms.resolution_ms, stretch.until, stretch.why or "")

    @property
    def taken_back(self) -> int:
        """How many stops have taken something back until now."""
        return 0 if self._live is None else self._live.taken_back

    @property
    def looks(self) -> int | None:
        """How often it was asked whether somebody has stopped recording; None where nobody can."""
        return None if self._live is None else self._live.looks

    @property
    def is_fresh(self) -> bool:
        """Whether a stop would be known by now."""
        return self._live is None or self._live.is_fresh

    @property
    def left_behind(self) -> list[LeftBehind] | None:
        """What an earlier run left open, and somebody has stopped since; None: that is not known yet."""
        return [] if self._live is None else self._live.left_behind

    @property
    def nothing_permitted(self) -> str:
        """Why nothing at all was recorded, in one line; empty if something was."""
        if self._live is None or self._live.recorded_anything:
            return ""
        reasons = [f"{station}: {reason}" for station, reason in self._live.refusals.items()]
        return "; ".join(reasons) or "no picture came"


@contextmanager
def permission(
    site: Site | None,
    files: Sequence[Path],
    stations: "Sequence[Station]",
    device: Signer | None = None,
    motion: Path | None = None,
) -> Iterator[Permission]:
    """Give the gate for a recording; whatever ends it, its sessions are ended in the log too.

    `device`: the recorder's key, if it is open already. `motion`: directory for sealed motion of workers who
    check in; None: none is kept.
    """
    if site is None:
        yield Permission(None)
        return
    device = device or recorder_key(site)
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
        plant = Plant(site.plant)
        live = LiveGate(plant, log, device, posts)
        desk = None
        if motion is not None:
            from cli.motion import MotionDesk
            from storage.vault.segments import Segments

            desk = MotionDesk(live, plant, Segments(motion), frozenset(one.name for one in stations))
        live.check()
        live.keep_checking()
        if desk is not None:
            desk.start()
        gate = Permission(live, desk)
        try:
            yield gate
        except (BadInput, SourceLost):
            gate.close(Reason.END_OF_SOURCE)
            raise
        finally:
            gate.close(Reason.INTERRUPTED)  # does nothing if the recording has been closed in good order


def recorder_key(site: Site) -> Signer:
    """Open the recorder's key; `BadInput` if there is no such site, or it is not a device's."""
    if not site.plant.is_dir():
        raise BadInput("no such directory", where=str(site.plant), expected="a site's directory")
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
