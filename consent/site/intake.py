"""From what is to stand in the log to its entries: which are taken in, and in which order. Pure.

1. What stops something comes first, so that nothing that is handed in with it can pass it by; a stop that
   means something handed in with it is tried again at the end.
2. Then agreements, then acts, as they were signed.
3. A stop that is dated in the future counts already (`consent.site.preview`) and is not refused: it goes on
   waiting until its time has come.
4. What may not stand in the log is refused alone; the others do not wait for it.
5. A note whose entries are in the log already is done, not refused: a crash came before it was removed.
6. The log's own words come last: they are judged by what stands then, stops included.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field

from consent.agreement.form import agreement_hash
from consent.agreement.schema import Strict
from consent.agreement.signing import SignedAgreement, open_agreement
from consent.agreement.vocabulary import Party
from consent.entries.bodies import AgreementProposed, AgreementSigned, ConsentExpired
from consent.entries.form import Act, Entry, parse_act
from consent.entries.limits import SKEW_MS
from consent.notes import parse_note
from consent.site.admission import admit
from consent.site.own_words import Said, require_sayable
from consent.site.plant import Handed
from consent.site.preview import STOPS, preview
from consent.site.state import SiteState
from consent.site.step import Step
from productivity.errors import BadInput

Accept = Callable[[SiteState], None]
"""Raises `BadInput` if the operator could not go on after a state."""

MOST_EXPIRED = 1024
"""Grants that are ended in one go; the rest follow in the next round."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A note that may not stand in the log, and why."""

    handed: Handed
    reason: str


@dataclass(slots=True)
class Intake:
    """What to append, in this order, and what becomes of each note once that is done."""

    state: SiteState
    accept: Accept
    entries: list[Entry] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)
    """The entries as they will stand in the log."""
    taken: list[Handed] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    """What came of each of the log's own words, in their order."""
    digests: dict[str, None] = field(default_factory=dict)
    """SHA-256 of the acts among the entries, in their order."""

    def append(self, *entries: Entry) -> None:
        """Add entries that may stand next, all or none; `BadInput` names what forbids it."""
        state = self.state
        for entry in entries:
            state = admit(state, state.size, entry)
        self.accept(state)
        contents = [bytes(entry) for entry in entries]  # refuses what is too long for the log
        self.state = state
        self.entries += entries
        self.contents += contents
        self.digests |= {digest(entry.act): None for entry in entries if entry.act is not None}


def digest(act: Act) -> str:
    """Return what tells an act from all others; signatures do not."""
    return Step(0, 0, act).digest


def take_in(
    state: SiteState,
    waiting: Iterable[Handed],
    now_ms: int,
    done: Collection[str] = (),
    accept: Accept = lambda _: None,
    own: Iterable[Strict] = (),
) -> Intake:
    """Sort what waits; `done` are digests of acts that stand in the log already, `own` its own words."""
    intake = Intake(state, accept)
    at_ms = max(now_ms, state.latest_ms)
    for body in _expired(state, at_ms):
        intake.append(Entry(at_ms, body))
    notes = sorted((_read(handed) for handed in waiting), key=_order)
    stops = [note for note in notes if _stops(note)]
    others = [note for note in notes if not _stops(note)]
    early = [stop for stop in stops if _is_early(intake.state, stop, at_ms)]
    later = [stop for stop in stops if stop not in early and _try(intake, stop, at_ms, done) is not None]
    for note in (*others, *later):
        if (reason := _try(intake, note, at_ms, done)) is not None:
            intake.refused.append(Refused(note.handed, reason))
    intake.said = [_say(intake, body, at_ms) for body in own]
    return intake


@dataclass(frozen=True, slots=True)
class _Note:
    handed: Handed
    meaning: Act | SignedAgreement | BadInput


def _read(handed: Handed) -> _Note:
    try:
        # An agreement's text is canonical JSON as well; its first key says what it is.
        if parse_note(handed.content).text.startswith('{"access":'):
            return _Note(handed, open_agreement(handed.content, "agreement"))
        return _Note(handed, parse_act(handed.content, "act"))
    except BadInput as error:
        return _Note(handed, error)


def _order(note: _Note) -> tuple[int, int, str]:
    match note.meaning:
        case Act():
            return 1, note.meaning.at_ms, note.handed.name
        case _:
            return 0, 0, note.handed.name


def _stops(note: _Note) -> bool:
    return isinstance(note.meaning, Act) and isinstance(note.meaning.body, STOPS)


def _is_early(state: SiteState, note: _Note, at_ms: int) -> bool:
    """Tell whether a stop is right, and only dated later than the log can take it in."""
    act = note.meaning
    return (
        isinstance(act, Act) and act.at_ms > at_ms + SKEW_MS and preview(state, [act]) != preview(state, [])
    )


def _try(intake: Intake, note: _Note, at_ms: int, done: Collection[str]) -> str | None:
    """Take a note in; return why not, if not."""
    try:
        match note.meaning:
            case BadInput():
                return str(note.meaning)
            case Act() as act:
                if digest(act) not in done and digest(act) not in intake.digests:
                    intake.append(Entry(at_ms, act.body, act))
            case signed:
                intake.append(*(Entry(at_ms, body) for body in _steps(intake.state, signed)))
    except BadInput as error:
        return str(error)
    intake.taken.append(note.handed)
    return None


def _say(intake: Intake, body: Strict, at_ms: int) -> Said:
    try:
        require_sayable(intake.state, body)
        intake.append(Entry(at_ms, body))
    except BadInput as error:
        return Said(None, str(error))
    return Said(intake.state.size - 1)


def _steps(state: SiteState, signed: SignedAgreement) -> Iterator[Strict]:
    """Return what a signed agreement adds to the log: its text, and each signature, unless they are there."""
    name = agreement_hash(signed.agreement)
    line = state.agreements.get(name)
    if line is None:
        yield AgreementProposed(agreement=name, text=signed.note.text)
    there = line.signed_by if line is not None else frozenset[Party]()
    for party in Party:
        key = signed.agreement.verifier(party)
        if party in signed.signed_by - there and key is not None:
            signature = next(
                one for one in signed.note.signatures if (one.name, one.key_id) == (key.name, key.key_id)
            )
            yield AgreementSigned(agreement=name, by=party, signature=str(signature))


def _expired(state: SiteState, at_ms: int) -> list[ConsentExpired]:
    return [
        ConsentExpired(pseudonym=grant.pseudonym, record=grant.record)
        for grant in state.grants.values()
        if grant.until_ms <= at_ms
    ][:MOST_EXPIRED]
