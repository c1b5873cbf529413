"""The way of an approved use, step by step, from any place where it was interrupted.

    approved   (1) it is still permitted, each segment of it, or nothing happens at all: rolled back
               (2) the log says `motion.used`; what it says already is not said twice
    logged     (3) the works council's witness has co-signed the entry
               (4) the vault opens each segment against that proof, and the export is written, whole or not
               (5) the log says `motion.exported`
    exported   (6) the export lies there as the log says, or is written and said again
               (7) the bookings are written, all or none, and the log says each
    booked     only now anybody can fetch the export

Consent may end between (2) and (7), or witness or key store stay away longer than a vault opens a use. Then
nothing can be fetched, and the use that stands in the log is paid all the same: by the plant itself, as
nobody got anything for it. So no use in the log is without its royalty. Who is charged is settled once: a
use that began to be rolled back is not completed after all when a suspension is lifted, and one that a
licensee was charged for is not charged to the plant as well.

What each step leaves behind survives a power loss before the next begins, and each can be taken again:
identifiers of bookings follow from the use, an export that lies whole in its place is not written again.
If a disk has lost it, another is written, whose proof may be of a later checkpoint; the log then says
`motion.exported` twice, with two hashes. That is the truth: the last is what the licensee gets.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from typing import TypeAlias

from api.services import Services
from api.uses.offer import usable
from api.uses.requests import DOWNLOAD_DAYS
from api.uses.room import MotionRoom
from consent.agreement.schema import Agreement, Royalties, Strict
from consent.entries.bodies import (
    MotionExported,
    MotionUsed,
    RoyaltyAccrued,
    RoyaltyCorrected,
    RoyaltyPaid,
)
from consent.entries.form import Entry
from consent.royalties import journal
from consent.royalties.booking import accrued_bodies, book, corrected_bodies
from consent.royalties.payout import Payout
from consent.royalties.price import price, royalties_of
from consent.royalties.priced import PricedUse
from consent.site.agreements import line_of
from consent.site.logged import Logged
from consent.vault.release import OPENED_WITHIN_MS, Evidence
from productivity.errors import BadInput
from storage.exports.motion.export import Format, erase, export
from storage.exports.motion.licensed import LicensedSegment, LicensedSet
from storage.exports.motion.sums import check_export
from storage.sql.royalties import keep_bookings, note_logged, priced_use, prices_of_use, unlogged
from storage.sql.uses import MotionUse, UseState, advance_use

DAY_MS = 86_400_000
LICENCE = "LicenseRef-fairtakt-motion"
Booked: TypeAlias = RoyaltyAccrued | RoyaltyCorrected | RoyaltyPaid
"""What the log says of money."""


class UseCourse:
    """Brings uses to their end. One at a time: whoever calls it holds a lock (`api.uses.keeper`)."""

    def __init__(self, services: Services, room: MotionRoom) -> None:
        self._services = services
        self._room = room

    def finish(self, use: MotionUse) -> MotionUse:
        """Take every step that is left; return the use as it is then.

        `BadInput` if the witness has not co-signed yet, `LogUnusable` if the log takes nothing in: later.
        """
        if use.state is UseState.APPROVED:
            use = self._log(use)
        if use.state is UseState.LOGGED:
            use = self._export(use)
        if use.state is UseState.EXPORTED:
            use = self._book(use)
        return use

    def say_bookings(self) -> None:
        """Have the log say every booking that it does not hold yet. Raises `LogUnusable`, `BadInput`."""
        books, entries, payouts = unlogged(self._services.database)
        # In this order whatever the clock said: a payout names bookings that stood when it was made, so what
        # was corrected among them was corrected after it.
        bodies: list[Booked] = [
            *accrued_bodies(entries),
            *(one.body for one in payouts),
            *corrected_bodies(books, entries),
        ]
        if not bodies:
            return
        there = self._there(entries, payouts)
        missing = [body for body in bodies if _name(body) not in there]
        said = self._room.site.say_all(missing) if missing else []
        there |= {_name(body): index for body, index in zip(missing, said, strict=True)}
        note_logged(self._services.database, {_name(body): there[_name(body)] for body in bodies})

    def _there(self, entries: Sequence[journal.Entry], payouts: Sequence[Payout]) -> dict[str, int]:
        """Return what the log says of money already, by name, at least as far back as any of these may be.

        What is said of a booking stands behind its use. The booking's own time tells nothing: in an older
        database that was restored, the same one is made again, later.
        """
        found: list[Logged] = []
        if entries:
            first = min(one.log_index for one in entries)
            found += self._behind(first, RoyaltyAccrued, RoyaltyCorrected)
        if payouts:
            found += self._room.since(min(one.at_ms for one in payouts), RoyaltyPaid)
        return {_name(one.entry.body): one.index for one in found if isinstance(one.entry.body, Booked)}

    def _behind(self, index: int, *kinds: type[Strict]) -> Iterator[Logged]:
        """Yield the entries of these types behind an entry of the log, newest first."""
        return takewhile(lambda one: one.index > index, self._room.since(0, *kinds))

    # --- (1), (2) ---

    def _log(self, use: MotionUse) -> MotionUse:
        index = self._said(use)
        if index is None:
            if not is_permitted(self._room, use):
                return self._advance(use, UseState.ROLLED_BACK)
            index = self._room.site.say(
                MotionUsed(
                    use=use.use,
                    segments=tuple(one.segment for one in use.segments),
                    purpose=use.purpose,
                    licensee=use.licensee,
                    terms=use.terms,
                )
            )
        return self._advance(use, UseState.LOGGED, log_index=index)

    def _said(self, use: MotionUse) -> int | None:
        for one in self._room.since(use.created_ms, MotionUsed):
            if isinstance(one.entry.body, MotionUsed) and one.entry.body.use == use.use:
                return one.index
        return None

    # --- (3) to (5) ---

    def _export(self, use: MotionUse) -> MotionUse:
        if self._charged(use):  # a roll-back was interrupted
            return self._roll_back(use)
        content = self._exported(use)
        if content is None:
            return self._roll_back(use)
        expires_ms = self._services.now_ms() + DOWNLOAD_DAYS * DAY_MS
        return self._advance(
            use, UseState.EXPORTED, export_hash=content, export_path=use.use, expires_ms=expires_ms
        )

    def _exported(self, use: MotionUse) -> str | None:
        """Write the export, and have the log say it; return its hash, or None if nothing may be opened."""
        assert use.log_index is not None  # noqa: S101  # for the type checker; a logged use has it
        if self._services.now_ms() >= self._entry(use).at_ms + OPENED_WITHIN_MS:  # no vault opens it any more
            return None
        evidence = self._room.evidence(use.log_index)
        try:
            licensed = self._licensed(use, evidence)
        except BadInput:
            if is_permitted(self._room, use):
                raise  # a key store that does not answer, say: later
            return None
        content = _written(licensed, Format(use.format), self._room.exports / use.use)
        if content != self._said_content(use):
            self._room.site.say(MotionExported(use=use.use, content=content))
        return content

    def _said_content(self, use: MotionUse) -> str | None:
        """Return the hash that the log says of the use's export, the last one of several."""
        assert use.log_index is not None  # noqa: S101  # for the type checker; a logged use has it
        for one in self._behind(use.log_index, MotionExported):
            if isinstance(one.entry.body, MotionExported) and one.entry.body.use == use.use:
                return one.entry.body.content
        return None

    def _licensed(self, use: MotionUse, evidence: Evidence) -> LicensedSet:
        """Open what the use names; `BadInput` if a single segment may not be opened any more."""
        labels = {label.segment: label for label in self._room.segments.labels()}
        numbers = _numbers(use)
        opened = []
        for one in use.segments:
            motion = self._room.open(evidence, one.segment)
            label = labels[one.segment]
            commitment = self._room.grant_commitment(label.record)
            opened.append(
                LicensedSegment(one.segment, label.station, numbers[one.pseudonym], motion, commitment)
            )
        return LicensedSet(
            use=use.use,
            purpose=use.purpose,
            licensee=use.licensee,
            site=self._agreement(use).site,
            created_ms=self._entry(use).at_ms,
            agreement=use.agreement,
            terms=use.terms_text,
            terms_hash=use.terms,
            licence=LICENCE,
            segments=tuple(opened),
            proofs={"use.json": evidence.entry.decode(), "use.tlog-proof": evidence.proof},
        )

    def _roll_back(self, use: MotionUse) -> MotionUse:
        """Pay for a use that came to nothing, and end it."""
        erase_export(self._room, use)
        self._keep_bookings(replace(use, licensee=None))
        self.say_bookings()
        return self._advance(use, UseState.ROLLED_BACK)

    # --- (6), (7) ---

    def _book(self, use: MotionUse) -> MotionUse:
        charged = {one.licensee for one in self._charged(use)}
        licensed = bool(charged - {None})  # it is not charged twice, nor the plant as well
        permitted = is_permitted(self._room, use)
        content = self._said_content(use)
        whole = content is not None and content == _content_of(self._room.exports / use.use)
        if not licensed:
            # Charged to the plant though a licensee asked, or though nothing is there any more.
            begun = bool(charged) and (use.licensee is not None or not whole)
            if begun or not permitted:
                return self._roll_back(use)
        if not whole:
            erase_export(self._room, use)
            content = self._exported(use) if permitted else None
            if content is None and not licensed:
                return self._roll_back(use)
        self._keep_bookings(use)
        self.say_bookings()
        return self._advance(use, UseState.BOOKED, export_hash=content)

    def _keep_bookings(self, use: MotionUse) -> None:
        agreement = self._agreement(use)
        priced = priced_use(use, price(agreement, use.purpose, use.unit, use.quantity))
        royalties: Royalties = royalties_of(agreement)
        keep_bookings(self._services.database, priced, book(priced, royalties, self._services.now_ms()))

    def _entry(self, use: MotionUse) -> Entry:
        assert use.log_index is not None  # noqa: S101  # for the type checker; a logged use has it
        (logged,) = self._room.site.entries(use.log_index, use.log_index + 1)
        return logged.entry

    def _charged(self, use: MotionUse) -> list[PricedUse]:
        return prices_of_use(self._services.database, use.use)

    def _agreement(self, use: MotionUse) -> Agreement:
        return line_of(self._room.present().state, use.agreement).agreement

    def _advance(
        self,
        use: MotionUse,
        to: UseState,
        *,
        log_index: int | None = None,
        export_hash: str | None = None,
        export_path: str | None = None,
        expires_ms: int | None = None,
    ) -> MotionUse:
        return advance_use(
            self._services.database,
            use.use,
            use.state,
            to,
            self._services.now_ms(),
            log_index=log_index,
            export_hash=export_hash,
            export_path=export_path,
            expires_ms=expires_ms,
        )


def is_permitted(room: MotionRoom, use: MotionUse) -> bool:
    """Tell whether all motion of a use may be used for it now. Raises `LogUnusable`."""
    wanted = {one.segment for one in use.segments}
    return {one.label.segment for one in usable(room, use.purpose, segments=wanted)} == wanted


def erase_export(room: MotionRoom, use: MotionUse) -> None:
    """Remove what a use exported, if it is there. Raises `OSError`: nothing in the clear stays unnoticed."""
    erase(room.exports / use.use)


def _name(body: Booked) -> str:
    """Return by what a booking is known that the log tells of."""
    return body.payout if isinstance(body, RoyaltyPaid) else body.booking


def _written(licensed: LicensedSet, format_: Format, target: Path) -> str:
    """Write the export, or find it as an interrupted step left it, whole."""
    found = _content_of(target)
    if found is not None:
        return found
    erase(target)
    return export(licensed, format_, target)


def _content_of(target: Path) -> str | None:
    """Return the hash of an export that lies there whole; None for half of one, or if it cannot be read."""
    try:
        return check_export(target)
    except (BadInput, OSError):
        return None


def _numbers(use: MotionUse) -> Mapping[str, int]:
    """Give each worker of a use a number: the same each time, and another for each use."""
    drawn = sorted(
        {one.pseudonym for one in use.segments},
        key=lambda name: hashlib.sha256(f"{use.use}\n{name}".encode()).digest(),
    )
    return {name: number for number, name in enumerate(drawn, 1)}
