"""The judge: entries go in, in their order, and a report comes out. Pure: no file, no network, no clock.

For each entry:

(1) It fits its schema (check 4); otherwise nothing else can be said about it.
(2) Its times fit those before it and those of the witness (check 5).
(3) Whoever signed had the authority at this point (check 6); otherwise the entry does not stand.
(4) The rule for its type judges it, and remembers what later entries depend on (checks 6 to 15).

At the end, what should have happened by now and did not is named. Whether the entries are those that the
log's root stands for (checks 1 to 3) is `consent.audit.verify`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from consent.agreement.language import Text
from consent.agreement.schema import Strict
from consent.agreement.vocabulary import Party
from consent.audit.case import Case
from consent.audit.catalogue import QUESTIONS, Check
from consent.audit.facts import Facts
from consent.audit.findings import Book, Finding, in_order, plain
from consent.audit.policy import Policy
from consent.audit.rules import (
    access,
    agreements,
    authority,
    consents,
    keys,
    motion,
    recordings,
    releases,
    royalties,
    set_ups,
)
from consent.audit.rules.times import Seen, Times
from consent.entries import bodies
from consent.entries.form import parse_entry
from productivity.errors import BadInput

Rule = Callable[[Case, Any], None]

RULES: Mapping[type[Strict], Rule] = MappingProxyType(
    {
        bodies.AgreementProposed: agreements.proposed,
        bodies.AgreementSigned: agreements.signed,
        bodies.AgreementActivated: agreements.activated,
        bodies.AgreementSuspended: agreements.suspended,
        bodies.AgreementResumed: agreements.resumed,
        bodies.AgreementEnded: agreements.ended,
        bodies.RecordingStarted: recordings.started,
        bodies.RecordingStopped: recordings.stopped,
        bodies.RecordingConfigured: recordings.configured,
        bodies.RecordingCompleted: recordings.completed,
        bodies.ConsentRequested: consents.requested,
        bodies.ConsentGiven: consents.given,
        bodies.ConsentRenewed: consents.renewed,
        bodies.ConsentRefused: consents.refused,
        bodies.ConsentWithdrawn: consents.withdrawn,
        bodies.ConsentExpired: consents.expired,
        bodies.MotionSealed: motion.sealed,
        bodies.MotionUsed: motion.used,
        bodies.MotionExported: royalties.exported,
        bodies.MotionShredded: motion.shredded,
        bodies.RoyaltyAccrued: royalties.accrued,
        bodies.RoyaltyPaid: royalties.paid,
        bodies.RoyaltyCorrected: royalties.corrected,
        bodies.ReleasePublished: releases.published,
        bodies.AccessViewed: access.viewed,
        bodies.SetUpOpened: set_ups.opened,
        bodies.SetUpClosed: set_ups.closed,
        bodies.KeyRetired: keys.retired,
        bodies.DeviceEnrolled: keys.enrolled,
        bodies.DeviceRevoked: keys.revoked,
        bodies.DeviceGap: keys.gap,
    }
)
"""One rule for each type of entry; `key.added` needs the policy besides."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What one check looked at, and how much it found."""

    check: Check
    looked_at: int
    found: int
    done: bool = True
    """False where an earlier check made this one pointless, or nothing was given to check."""


@dataclass(frozen=True, slots=True)
class Report:
    """The result of an audit; `facts` are for the page that tells what happened."""

    log: str
    size: int
    at_ms: int
    """The audit judges what should have happened by then."""
    checks: tuple[Checked, ...]
    findings: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    facts: Facts

    @property
    def number(self) -> int:
        """How many findings there are; `findings` keeps a part of them if there are very many."""
        return sum(one.found for one in self.checks)


def audit(
    entries: Iterable[tuple[int, bytes]],
    policy: Policy,
    *,
    log: str | None = None,
    cosigned: Iterable[Seen] | None = None,
    at_ms: int | None = None,
    book: Book | None = None,
    verified: bool = False,
) -> Report:
    """Judge the entries of a log, (number, bytes) from 0 on; never raises for what they hold.

    `log` is the log's name (the policy's first log unless given), `cosigned` what its witness has signed;
    without it checks 5 and 9 leave the witness out. `at_ms`: now, or the newest time in the log. `verified`:
    checks 1 to 3 are done, and what they said stands in `book`.
    """
    book = Book() if book is None else book
    seen = None if cosigned is None else sorted(cosigned)
    facts = Facts(
        log=log if log is not None else policy.logs[0].name,
        cosigned_ms=None if seen is None else sorted({one.at_ms for one in seen}),
    )
    times = Times(seen or (), at_ms)
    size = 0
    for index, content in entries:
        size = index + 1
        _judge(index, content, policy, facts, book, times)
    times.judge_witness(book)
    now_ms = at_ms if at_ms is not None else max((facts.latest_ms, *(facts.cosigned_ms or ())))
    for finish in (recordings.finish, motion.finish, royalties.finish, set_ups.finish):
        finish(facts, book, now_ms)
    _warn_of_policy(policy, book)
    if not verified:
        book.not_done |= {Check.CHECKPOINT, Check.TREE, Check.EARLIER}
    if seen is None:
        book.not_done.add(Check.WITNESS)
    return conclude(facts, book, size, now_ms)


def conclude(facts: Facts, book: Book, size: int, at_ms: int) -> Report:
    """Return the report of what was written down."""
    return Report(
        log=facts.log,
        size=size,
        at_ms=at_ms,
        checks=tuple(
            Checked(check, book.looked_at[check], book.found[check], done=check not in book.not_done)
            for check in QUESTIONS
        ),
        findings=in_order(book.findings),
        warnings=in_order(book.warnings),
        facts=facts,
    )


def _judge(index: int, content: bytes, policy: Policy, facts: Facts, book: Book, times: Times) -> None:
    # (1) Schema.
    book.looked(Check.SCHEMA)
    try:
        entry = parse_entry(content, "entry")
    except BadInput as error:
        what = Text("passt zu keinem Schema", "fits no schema")
        book.find(Check.SCHEMA, index, what, None, plain(str(error).removeprefix("entry: ")))
        return
    case = Case(index, entry, facts, book)
    # (2) Times.
    times.judge(case)
    facts.latest_ms = max(facts.latest_ms, entry.at_ms)
    facts.counts[entry.type] += 1
    # (3) Authority.
    if not authority.judge(case):
        return
    # (4) The rule for its type.
    if isinstance(entry.body, bodies.KeyAdded):
        keys.added(case, entry.body, policy)
    else:
        RULES[type(entry.body)](case, entry.body)


def _warn_of_policy(policy: Policy, book: Book) -> None:
    if policy.quorum is None:
        what = Text(
            "DIE PRÜFREGELN VERLANGEN KEINEN ZEUGEN: Wer den Schlüssel des Protokolls hat, kann es unbemerkt "
            "ganz neu schreiben",
            "THE POLICY ASKS FOR NO WITNESS: whoever holds the log's key can write all of it anew, unnoticed",
        )
        book.warn(Check.CHECKPOINT, None, what)
    for party, de, en in (
        (Party.EMPLOYER, "des Arbeitgebers", "employer"),
        (Party.COUNCIL, "des Betriebsrats", "works council"),
    ):
        if not policy.parties.get(party):
            what = Text(
                f"die Prüfregeln nennen den Schlüssel {de} nicht; geglaubt wurde dem Protokoll",
                f"the policy does not name the key of the {en}; the log was believed",
            )
            book.warn(Check.AUTHORITY, None, what)
