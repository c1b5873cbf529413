"""What the server needs from outside, as one frozen value."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from api.accounts.accounts import Accounts
from api.looking import Looks
from api.metrics import Metrics
from api.releases.queue import ReleaseQueue
from api.site import Site
from api.uses.room import MotionRoom
from consent.grants.site import Sites
from storage.sql.database import Database
from storage.sql.records import Acceptance, BatchRecord, DeviceReport


class Store(Protocol):
    """The server's memory. What a method returns for is committed; what raises has changed nothing."""

    def enrol(self, code: str, name: str, key: str, at_ms: int) -> None:
        """Take a device in and use the code up. Raises `CodeRefused`, `NameTaken`."""

    def key_of(self, name: str) -> str | None:
        """Return a device's verifier key."""

    def accept(self, record: BatchRecord, at_ms: int) -> Acceptance:
        """Store a batch exactly once. Raises `UnknownDevice`."""

    def report(self, report: DeviceReport, at_ms: int) -> bool:
        """Keep a device's report if it is the newest; tell whether it is. Raises `UnknownDevice`."""

    def station_file(self, device: str, station: str) -> str | None:
        """Return the newest published file of a station at the device's site; None if there is none."""

    def check_ready(self) -> None:
        """Raise if the database does not answer."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one request and one device may ask for. Rates are requests per second."""

    body_bytes: int = 1024 * 1024
    """1000 intervals of some 250 bytes fit four times."""
    batch_rate: float = 50.0
    batch_burst: int = 500
    """A device that was away for days catches up: 500 batches of 200 intervals at once, then 50 a second."""
    report_rate: float = 1.0
    report_burst: int = 20
    """Also of station files. A device reports every ten seconds, and at once when a light changes."""
    acquisition_rate: float = 1.0
    acquisition_burst: int = 30
    """Of each account: documented times and files. A file may take seconds to be worked out."""
    set_up_rate: float = 5.0
    set_up_burst: int = 60
    """Of each account: texts of station files that are checked, written, kept and published."""
    study_rate: float = 5.0
    study_burst: int = 60
    """Of each account: changes of studies that are quickly made."""
    study_file_bytes: int = 32 * 1024 * 1024
    """A file for a study; it is read in memory."""
    enrolment_rate: float = 1.0
    enrolment_burst: int = 20
    sign_in_rate: float = 2.0
    sign_in_burst: int = 100
    """Passwords and codes, of all together: a whole shift at once. Each name waits for itself beside this."""
    passkey_rate: float = 10.0
    passkey_burst: int = 200
    """Of all together, and apart from passwords: whoever floods those does not keep passkeys out."""
    provider_rate: float = 2.0
    provider_burst: int = 50
    own_rate: float = 0.5
    own_burst: int = 30
    """What one account changes of itself."""


@dataclass(frozen=True, slots=True)
class Services:
    """What the server works with. `now_ms` is UTC in milliseconds, `steady_s` a clock that nobody sets."""

    store: Store
    """What devices need."""
    database: Database
    """What pages ask, through the functions of `storage.sql`."""
    now_ms: Callable[[], int]
    steady_s: Callable[[], float] = time.monotonic
    limits: Limits = field(default_factory=Limits)
    accounts: Accounts | None = None
    """None: nobody can sign in."""
    site: Site | None = None
    """The site's log. None: whatever must stand in it is refused."""
    grants: Sites | None = None
    """Takes a fresh look at the site's consents to motion; None: there is no log here."""
    site_name: str | None = None
    """The site whose pages these are; None: the only one in the database."""
    motion: MotionRoom | None = None
    """The vault; None: no motion can be used here."""
    looks: Looks = field(default_factory=Looks)
    release_queue: ReleaseQueue = field(default_factory=ReleaseQueue)
    data: Path | None = None
    """Holds studies and sealed data; None: there are none."""
    secure: bool = True
    """Whether browsers reach this server encrypted, as they must unless it is on their own machine."""
    language: str = "en"
    """Of pages for those whose browser asks for neither German nor English."""
    metrics: Metrics = field(default_factory=Metrics)
    metrics_token: bytes | None = None
    """Who has it reads the metrics. None: whoever is on this machine, if no proxy stands in front of it."""
