"""What a recorder must remember beyond its own life, in the site's directory; no clock time of any cycle.

    campaigns/HASH.json      complete cycles of one campaign at one station, by session: number and total time
    sessions/ID.json         until when an open session may look; left behind only by a crash

A lease is renewed while a recorder looks, and none looks beyond its lease. So after a crash it is known when
a session was over, and the hours until the next start do not count as recorded.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from consent.durable import replace
from consent.gate.course import Lease
from consent.gate.tally import Tally
from productivity.errors import BadInput

_Number = Annotated[int, Field(ge=0)]
Stored = TypeVar("Stored", bound="_Model")


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _TallyFile(_Model):
    agreement: str
    """Id, without its version: a campaign goes on when its agreement is narrowed."""
    campaign: str
    station: str
    sessions: tuple[tuple[_Number, _Number], ...]


class _LeaseFile(_Model):
    until_ms: _Number
    recorded_ms: _Number


@dataclass(frozen=True, slots=True)
class CampaignPlace:
    """A campaign at one station, over all versions of its agreement."""

    agreement: str
    """Id."""
    campaign: str
    station: str

    @property
    def key(self) -> tuple[str, str, str]:
        """The same as `SiteState.completed` has it."""
        return self.agreement, self.campaign, self.station


class Notebook:
    """Reads and writes these files; raises `OSError`, and `BadInput` for a file that is none of ours."""

    def __init__(self, root: Path) -> None:
        self._campaigns = root / "campaigns"
        self._sessions = root / "sessions"

    def tally(self, place: CampaignPlace) -> Tally:
        """Return what closed sessions have counted; nothing if there was none."""
        path = self._tally_path(place)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return Tally()
        stored = _parse(_TallyFile, content, path)
        if (stored.agreement, stored.campaign, stored.station) != place.key:
            raise BadInput("file is of another campaign", where=str(path))
        return Tally(stored.sessions)

    def keep_tally(self, place: CampaignPlace, tally: Tally) -> None:
        """Write the tally of closed sessions; it survives a power loss when this returns."""
        stored = _TallyFile(
            agreement=place.agreement,
            campaign=place.campaign,
            station=place.station,
            sessions=tally.sessions,
        )
        _replace(self._tally_path(place), stored, durable=True)

    def leases(self) -> Mapping[str, Lease]:
        """Return the leases that were left behind, by session; other files are passed over."""
        found: dict[str, Lease] = {}
        try:
            paths = sorted(self._sessions.glob("*.json"))
        except OSError:
            return found
        for path in paths:
            try:
                stored = _parse(_LeaseFile, path.read_bytes(), path)
            except (OSError, BadInput):
                continue
            found[path.stem] = Lease(stored.until_ms, stored.recorded_ms)
        return found

    def keep_lease(self, session: str, lease: Lease) -> None:
        """Write a session's lease; a power loss may take it back."""
        stored = _LeaseFile(until_ms=lease.until_ms, recorded_ms=lease.recorded_ms)
        _replace(self._sessions / f"{session}.json", stored, durable=False)

    def end_lease(self, session: str) -> None:
        """Forget a session's lease: its stop is handed in."""
        (self._sessions / f"{session}.json").unlink(missing_ok=True)

    def _tally_path(self, place: CampaignPlace) -> Path:
        # Names of campaigns and stations may hold anything; a hash of them is a file name.
        digest = hashlib.sha256(json.dumps(place.key).encode()).hexdigest()
        return self._campaigns / f"{digest[:32]}.json"


def _parse(model: type[Stored], content: bytes, path: Path) -> Stored:
    try:
        return model.model_validate_json(content)
    except ValidationError:
        raise BadInput(
            "not a recorder's note", where=str(path), expected="a file as it was written"
        ) from None


def _replace(path: Path, stored: _Model, *, durable: bool) -> None:
    """Put a file in place in one step."""
    path.parent.mkdir(exist_ok=True)
    replace(path, stored.model_dump_json().encode() + b"\n", durable=durable)
