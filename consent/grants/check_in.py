"""A check-in: a worker says at a station that motion may be kept now. Signed with the worker's own key.

Its text is canonical JSON (RFC 8785) and a line feed, its form a C2SP signed note:

    {"at":…,"check_in":…,"fairtakt":"check-in 1","key":…,"log":…,"record":…,"station":…,"until":…}

`check_in` is random: it names the session and tells nobody whose it is. `key` is the public half for which
motion is sealed (`consent.vault.keys`): as the worker signs it, nobody who can merely write files can have
motion sealed for a key of their own. It is no entry of the log: it permits nothing that the grant, which
stands in the log, does not permit already.

Whoever takes one in does so within `FRESH_MS` of its signing and once (`CheckIns`, `capture.motion.channel`);
an older one is worth nothing, so that nothing has to be remembered beyond a restart. Pure.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from consent.agreement.schema import Name, Strict
from consent.canonical import canonical_json, parse_canonical
from consent.entries.bodies import Identifier, Instant
from consent.entries.limits import SKEW_MS
from consent.entries.times import utc_ms, utc_text
from consent.notes import Note, Signer, open_note, parse_note, sign
from consent.site.motion import permits
from consent.site.state import Grant, SiteState
from productivity.errors import BadInput

FRESH_MS = 60_000
"""How old a check-in may be when a recorder takes it in; it looks several times a second. No legal source."""

LONGEST_MINUTES = 240
"""Longest session: half a shift. Who forgets to check out is not recorded for a day. No legal source."""

_MINUTE_MS = 60_000
_KEY_BYTES = 32
_ID_BYTES = 16
_WHERE = "check-in"


class CheckIn(Strict):
    """What a worker signs."""

    fairtakt: Literal["check-in 1"]
    check_in: Identifier
    log: Annotated[str, Field(min_length=1, max_length=256)]
    record: Identifier
    """The consent record, which the log knows."""
    station: Name
    key: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """Public half of the record's vault key, hexadecimal."""
    at: Instant
    until: Instant

    @property
    def at_ms(self) -> int:
        """When it was signed."""
        return utc_ms(self.at)

    @property
    def until_ms(self) -> int:
        """When its session is over, if nothing ends it before."""
        return utc_ms(self.until)

    @property
    def public(self) -> bytes:
        """For which key to seal."""
        return bytes.fromhex(self.key)


@dataclass(frozen=True, slots=True)
class SignedCheckIn:
    """A check-in taken apart; nothing of it is believed before `verified`."""

    body: CheckIn
    note: Note


def new_check_in(
    state: SiteState,
    record: str,
    station: str,
    public: bytes,
    at_ms: int,
    minutes: int,
    random: Callable[[int], bytes],
) -> CheckIn:
    """Return a check-in to be signed. `public`: of the record's vault key; `random`: `os.urandom`.

    `BadInput` with the reason if no motion may be kept there now.
    """
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise BadInput("minutes of a check-in", expected=f"1 to {LONGEST_MINUTES}", found=str(minutes))
    if len(public) != _KEY_BYTES:
        raise BadInput("not a public key", expected=f"{_KEY_BYTES} bytes, X25519")
    grant = _granted(state, record, station, at_ms)
    return CheckIn(
        fairtakt="check-in 1",
        check_in=random(_ID_BYTES).hex(),
        log=state.log,
        record=record,
        station=station,
        key=public.hex(),
        at=utc_text(at_ms),
        until=utc_text(min(at_ms + minutes * _MINUTE_MS, grant.until_ms)),
    )


def sign_check_in(body: CheckIn, worker: Signer) -> str:
    """Return the note; `worker` is what the token yields (`Token.signer`)."""
    return str(sign(canonical_json(body.model_dump(mode="json")) + "\n", worker))


def read_check_in(content: str | bytes, where: str = _WHERE) -> SignedCheckIn:
    """Take a note apart; `BadInput` if it is no check-in as `sign_check_in` spells it."""
    note = parse_note(content)
    if not note.text.endswith("}\n"):
        raise BadInput("not a check-in", where=where, expected="canonical JSON and a line feed")
    value = parse_canonical(note.text.removesuffix("\n"), where)
    try:
        return SignedCheckIn(CheckIn.model_validate(value), note)
    except ValidationError as error:
        place = ".".join(map(str, error.errors(include_url=False, include_input=False)[0]["loc"]))
        raise BadInput("not a check-in", where=where, expected=f"{place or 'an object'} as signed") from None


def verified(signed: SignedCheckIn, state: SiteState, at_ms: int) -> CheckIn:
    """Return what the worker signed, if it holds at `at_ms`; `BadInput` says why not.

    1. It is meant for this log, and its grant is in force, and permits motion at the station.
    2. The key of this grant signed it.
    3. It was signed just now, and is not over; nobody signs for longer than `LONGEST_MINUTES`.
    """
    body = signed.body
    if body.log != state.log:
        raise BadInput("check-in is for another site", where=_WHERE)
    grant = _granted(state, body.record, body.station, at_ms)
    open_note(signed.note, [grant.key])
    if not at_ms - FRESH_MS <= body.at_ms <= at_ms + SKEW_MS:
        raise BadInput("check-in is not of now", where=_WHERE, expected="one that was signed just now")
    if not body.at_ms < body.until_ms <= body.at_ms + LONGEST_MINUTES * _MINUTE_MS or at_ms >= body.until_ms:
        raise BadInput("check-in is over", where=_WHERE, expected=f"at most {LONGEST_MINUTES} minutes")
    return body


def _granted(state: SiteState, record: str, station: str, at_ms: int) -> Grant:
    grant = state.grants.get(record)
    if grant is None:
        raise BadInput("consent is not in force", expected="one that was not withdrawn and has not expired")
    if not permits(state, grant, station, at_ms):
        raise BadInput("no motion may be kept here", expected="a station of the grant and of the agreement")
    return grant
