"""Uses of motion on their way from request to bookings.

Which step follows which stands in `STEPS`. A step is a comparison and a change at once: of two processes
that take the same step, one does, and the other is told (`Overtaken`). Interrupted anywhere, a use is found
again by its state (`uses_in`), and is completed or rolled back.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Row
from sqlalchemy.exc import IntegrityError

from consent.agreement.vocabulary import MotionPurpose, RoyaltyUnit
from consent.canonical import canonical_json
from productivity.errors import BadInput
from storage.sql.database import Database
from storage.sql.lookup import NoSuch
from storage.sql.tables import motion_use


class UseState(StrEnum):
    """How far a use has come."""

    REQUESTED = "requested"
    APPROVED = "approved"
    LOGGED = "logged"
    """`motion.used` stands in the log, whose index is known; keys may be released."""
    EXPORTED = "exported"
    """The export lies complete in its place; nobody gets it before it is booked."""
    BOOKED = "booked"
    REFUSED = "refused"
    ROLLED_BACK = "rolled back"
    """Nothing came out of it, and nothing will."""


STEPS: Mapping[UseState, frozenset[UseState]] = MappingProxyType(
    {
        UseState.REQUESTED: frozenset({UseState.APPROVED, UseState.REFUSED}),
        UseState.APPROVED: frozenset({UseState.LOGGED, UseState.REFUSED, UseState.ROLLED_BACK}),
        UseState.LOGGED: frozenset({UseState.EXPORTED, UseState.ROLLED_BACK}),
        UseState.EXPORTED: frozenset({UseState.BOOKED, UseState.ROLLED_BACK}),
        UseState.BOOKED: frozenset(),
        UseState.REFUSED: frozenset(),
        UseState.ROLLED_BACK: frozenset(),
    }
)

UNFINISHED = frozenset({UseState.APPROVED, UseState.LOGGED, UseState.EXPORTED})
"""What a restart completes or rolls back; a request waits for people."""

_NEEDED: Mapping[UseState, tuple[str, ...]] = MappingProxyType(
    {
        UseState.LOGGED: ("log_index",),
        UseState.EXPORTED: ("log_index", "export_hash", "export_path"),
        UseState.BOOKED: ("log_index", "export_hash", "export_path"),
    }
)
"""What must be known in a state."""


class Overtaken(BadInput):
    """The use is in another state by now: somebody else has taken a step."""


@dataclass(frozen=True, slots=True)
class UsedSegment:
    """A segment of a use: whose it is, how long, and the weight that was declared for it, such as 3/2."""

    segment: str
    pseudonym: str
    span_ms: int
    weight: str = "1"


@dataclass(frozen=True, slots=True)
class MotionUse:
    """A use. `quantity` is milliseconds, models, or minor units of revenue, by the unit."""

    use: str
    purpose: MotionPurpose
    licensee: str | None
    """None: the plant itself."""
    agreement: str
    """Hash of the works agreement: the version of the rate card."""
    terms: str
    """SHA-256 of `terms_text`, as the log names it."""
    terms_text: str
    unit: RoyaltyUnit
    quantity: int
    segments: tuple[UsedSegment, ...]
    created_ms: int
    account_id: int | None = None
    """Who asked for it."""
    model: str | None = None
    """Hash of the model that it trains."""
    expires_ms: int | None = None
    state: UseState = UseState.REQUESTED
    changed_ms: int | None = None
    """When it came into its state; as it is made, `created_ms`."""
    log_index: int | None = field(default=None, kw_only=True)
    export_hash: str | None = field(default=None, kw_only=True)
    export_path: str | None = field(default=None, kw_only=True)
    format: str = field(default="lerobot", kw_only=True)
    """Of its export (`storage.exports.motion.export`)."""


def create_use(database: Database, use: MotionUse) -> None:
    """Keep a request; durable on return. Raises `BadInput` for an identifier that is taken."""
    if use.state is not UseState.REQUESTED or not use.segments:
        raise BadInput("not a new use", expected="state requested, and segments", found=use.state)
    row = {
        "use": use.use,
        "state": use.state,
        "purpose": use.purpose,
        "licensee": use.licensee,
        "account_id": use.account_id,
        "agreement": use.agreement,
        "terms": use.terms,
        "terms_text": use.terms_text,
        "unit": use.unit,
        "quantity": use.quantity,
        "segments": _written(use.segments),
        "format": use.format,
        "model": use.model,
        "created_ms": use.created_ms,
        "changed_ms": use.created_ms,
        "expires_ms": use.expires_ms,
    }
    try:
        with database.writing() as connection:
            connection.execute(insert(motion_use).values(row))
    except IntegrityError:
        raise BadInput("use is known already", expected="a new identifier") from None


def advance_use(
    database: Database,
    use: str,
    seen: UseState,
    to: UseState,
    at_ms: int,
    *,
    log_index: int | None = None,
    export_hash: str | None = None,
    export_path: str | None = None,
    expires_ms: int | None = None,
) -> MotionUse:
    """Take a step from the state that was `seen`; return the use as it is now, durable.

    Raises `NoSuch` for an unknown use, `Overtaken` if it is not in that state any more, and `BadInput` for a
    step that is not in `STEPS`, or for a state that lacks what must be known in it.
    """
    if to not in STEPS[seen]:
        legal = ", ".join(sorted(STEPS[seen])) or "none: it is over"
        raise BadInput("not a step of a use", expected=f"from {seen}: {legal}", found=to)
    given = {
        "log_index": log_index,
        "export_hash": export_hash,
        "export_path": export_path,
        "expires_ms": expires_ms,
    }
    news = {name: value for name, value in given.items() if value is not None}
    mine = motion_use.c.use == use
    with database.writing() as connection:
        changed = connection.execute(
            update(motion_use)
            .where(mine, motion_use.c.state == seen)
            .values(state=to, changed_ms=at_ms, **news)
            .returning(*motion_use.c)
        ).one_or_none()
        if changed is None:
            state = connection.execute(select(motion_use.c.state).where(mine)).scalar_one_or_none()
            if state is None:
                raise NoSuch("no such use")
            raise Overtaken("use is in another state", expected=seen, found=state)
        for name in _NEEDED.get(to, ()):
            if getattr(changed, name) is None:  # leaving by an error rolls the change back
                raise BadInput(f"use has no {name}", expected=f"one, for a use that is {to}")
    return _read(changed)


def find_use(database: Database, use: str) -> MotionUse:
    """Return a use. Raises `NoSuch`."""
    with database.reading() as connection:
        row = connection.execute(select(motion_use).where(motion_use.c.use == use)).one_or_none()
    if row is None:
        raise NoSuch("no such use")
    return _read(row)


def uses_in(database: Database, *states: UseState) -> list[MotionUse]:
    """Return the uses that are in one of these states, or all if none is named; oldest first."""
    wanted = select(motion_use).order_by(motion_use.c.id)
    if states:
        wanted = wanted.where(motion_use.c.state.in_(states))
    with database.reading() as connection:
        return [_read(row) for row in connection.execute(wanted)]


def uses_of_licensee(database: Database, licensee: str) -> list[MotionUse]:
    """Return what a licensee has asked for, oldest first."""
    mine = select(motion_use).where(motion_use.c.licensee == licensee).order_by(motion_use.c.id)
    with database.reading() as connection:
        return [_read(row) for row in connection.execute(mine)]


def uses_of_worker(database: Database, pseudonym: str) -> list[MotionUse]:
    """Return the uses that hold motion of a worker, oldest first, with only the worker's own segments."""
    # The text narrows the search; what counts is the parsed value.
    maybe = select(motion_use).where(motion_use.c.segments.contains(pseudonym, autoescape=True))
    with database.reading() as connection:
        found = [_read(row) for row in connection.execute(maybe.order_by(motion_use.c.id))]
    return [only for use in found if (only := _only(use, pseudonym)).segments]


def _only(use: MotionUse, pseudonym: str) -> MotionUse:
    return replace(use, segments=tuple(one for one in use.segments if one.pseudonym == pseudonym))


def _written(segments: tuple[UsedSegment, ...]) -> str:
    return canonical_json(
        [
            {"segment": one.segment, "pseudonym": one.pseudonym, "ms": one.span_ms, "weight": one.weight}
            for one in segments
        ]
    )


def _read(row: Row[Any]) -> MotionUse:
    segments = tuple(
        UsedSegment(one["segment"], one["pseudonym"], one["ms"], one["weight"])
        for one in json.loads(row.segments)
    )
    return MotionUse(
        use=row.use,
        purpose=MotionPurpose(row.purpose),
        licensee=row.licensee,
        agreement=row.agreement,
        terms=row.terms,
        terms_text=row.terms_text,
        unit=RoyaltyUnit(row.unit),
        quantity=row.quantity,
        segments=segments,
        created_ms=row.created_ms,
        account_id=row.account_id,
        model=row.model,
        expires_ms=row.expires_ms,
        state=UseState(row.state),
        changed_ms=row.changed_ms,
        log_index=row.log_index,
        export_hash=row.export_hash,
        export_path=row.export_path,
        format=row.format,
    )
