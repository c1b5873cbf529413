"""Agreements in the log: proposed, signed, put into force, suspended, resumed, ended.

The table of `consent.agreement.lifecycle` says which act leads where and whose it must be. What it cannot
know is added here: that a key still speaks for its party, that no two agreements cover one station, that a
new version of a suspended agreement starts suspended, and that a resumption lifts the *latest* suspension.
"""

import hashlib
from dataclasses import replace
from types import MappingProxyType

from consent.agreement.check import require_signable
from consent.agreement.form import canonical_text, parse_agreement
from consent.agreement.lifecycle import Act, Standing, State, take
from consent.agreement.scope import widenings
from consent.agreement.vocabulary import Party
from consent.entries.bodies import (
    AgreementActivated,
    AgreementEnded,
    AgreementProposed,
    AgreementResumed,
    AgreementSigned,
    AgreementSuspended,
)
from consent.entries.vocabulary import SuspendedBecause
from consent.notes import open_note, parse_note
from consent.site.state import AgreementLine, SiteState
from consent.site.step import ROLES, Step
from productivity.errors import BadInput

LIVE = frozenset({State.ACTIVE, State.SUSPENDED})


def proposed(state: SiteState, step: Step, body: AgreementProposed) -> SiteState:
    """Take in the text of an agreement."""
    step.require_own_word()
    if hashlib.sha256(body.text.encode()).hexdigest() != body.agreement:
        raise BadInput("text does not fit its hash", where="agreement")
    if body.agreement in state.agreements:
        raise BadInput("agreement was proposed before", expected="a new version")
    agreement = parse_agreement(body.text, "agreement")
    require_signable(agreement, "agreement")
    if agreement.supersedes is not None:
        widenings(line_of(state, agreement.supersedes).agreement, agreement)  # refuses all but the next one
    return _with_line(
        state, AgreementLine(agreement, body.agreement, frozenset(), State.DRAFT, since_ms=step.at_ms)
    )


def signed(state: SiteState, step: Step, body: AgreementSigned) -> SiteState:
    """Take in a party's signature under the text."""
    step.require_own_word()
    line = line_of(state, body.agreement)
    key = line.agreement.verifier(body.by)
    if key is None or key not in state.keys[ROLES[body.by]]:
        raise BadInput("agreement names a key that does not speak for the party", expected="a present key")
    note = parse_note(f"{canonical_text(line.agreement)}\n{body.signature}")
    open_note(note, (), required=(key,))
    standing = take(_standing(line), Act.SIGN, {body.by})
    return _with_line(
        state, replace(line, state=standing.state, signed_by=standing.signed_by, since_ms=step.at_ms)
    )


def activated(state: SiteState, step: Step, body: AgreementActivated) -> SiteState:
    """Put an agreement into force; the version that it supersedes ends."""
    line, by = line_of(state, body.agreement), step.require_party(state)
    if line.agreement.supersedes is not None:
        return _succeed(state, step, line)
    standing = take(_standing(line), Act.ACTIVATE, by)
    _require_free(state, line, replaced=None)
    return _with_line(
        state, replace(line, state=standing.state, since_ms=step.at_ms, activated_ms=step.at_ms)
    )


def suspended(state: SiteState, step: Step, body: AgreementSuspended) -> SiteState:
    """Nothing may be recorded under it from here on."""
    line = line_of(state, body.agreement)
    if step.act is None:
        _require_trigger(line, body)
        by = frozenset(Party)
    else:
        by = step.require_party(state)
        if step.digest in line.suspensions:
            raise BadInput("act was taken in before", expected="a new act")
    standing = take(_standing(line), Act.SUSPEND, by)
    since = step.at_ms if line.state is not State.SUSPENDED else line.since_ms
    suspensions = line.suspensions if step.act is None else line.suspensions | {step.digest}
    return _with_line(
        state,
        replace(line, state=standing.state, suspended_at=step.index, since_ms=since, suspensions=suspensions),
    )


def resumed(state: SiteState, step: Step, body: AgreementResumed) -> SiteState:
    """Both lift the latest suspension."""
    line = line_of(state, body.agreement)
    standing = take(_standing(line), Act.RESUME, step.require_party(state))
    if body.lifts != line.suspended_at:
        raise BadInput(
            "resumption lifts another suspension",
            expected=f"the latest, entry {line.suspended_at}",
            found=f"entry {body.lifts}",
        )
    return _with_line(state, replace(line, state=standing.state, since_ms=step.at_ms))


def ended(state: SiteState, step: Step, body: AgreementEnded) -> SiteState:
    """End it for good."""
    line = line_of(state, body.agreement)
    return _end(state, step, line, take(_standing(line), Act.END, step.require_party(state)))


def line_of(state: SiteState, agreement: str) -> AgreementLine:
    """Return the agreement of this hash; `BadInput` if the log knows none."""
    try:
        return state.agreements[agreement]
    except KeyError:
        raise BadInput("agreement is not in the log", expected="the hash of one that was proposed") from None


def _succeed(state: SiteState, step: Step, line: AgreementLine) -> SiteState:
    """Let a new version take over, suspended if the old one is: neither narrowing nor widening lifts that."""
    old = line_of(state, line.agreement.supersedes or "")
    if line.state not in {State.SIGNED_BY_ONE, State.SIGNED_BY_BOTH}:
        raise BadInput(f"an agreement that is {line.state} cannot be activated", expected="a signed one")
    act = Act.WIDEN if widenings(old.agreement, line.agreement) else Act.NARROW
    # What widens needs both signatures; they stand under the text, so either party may then put it in force.
    standing = take(_standing(old), act, line.signed_by)
    _require_free(state, line, replaced=old)
    state = _end(state, step, old, replace(standing, state=State.ENDED))
    since = old.since_ms if standing.state is State.SUSPENDED else step.at_ms
    return _with_line(
        state,
        replace(
            line,
            state=standing.state,
            suspended_at=old.suspended_at,
            since_ms=since,
            activated_ms=step.at_ms,
        ),
    )


def _require_free(state: SiteState, line: AgreementLine, replaced: AgreementLine | None) -> None:
    for other in state.agreements.values():
        if other.state in LIVE and other is not replaced:
            both = set(other.agreement.stations) & set(line.agreement.stations)
            if both or other.agreement.id == line.agreement.id:
                what = f"station {min(both)!r}" if both else f"agreement {line.agreement.id!r}"
                raise BadInput(f"{what} has a live agreement", expected="a new version that supersedes it")


def _require_trigger(line: AgreementLine, body: AgreementSuspended) -> None:
    agreed = {trigger.value for trigger in line.agreement.suspension.triggers}
    if body.because is SuspendedBecause.DECISION or body.because.value not in agreed:
        raise BadInput("suspension is signed by nobody", expected="a party, or a trigger that was agreed")
    if line.state is not State.ACTIVE:
        raise BadInput(f"a trigger suspends what is active, not what is {line.state}")


def _end(state: SiteState, step: Step, line: AgreementLine, standing: Standing) -> SiteState:
    return _with_line(
        state, replace(line, state=standing.state, since_ms=step.at_ms, suspensions=frozenset())
    )


def _standing(line: AgreementLine) -> Standing:
    return Standing(line.state, line.signed_by)


def _with_line(state: SiteState, line: AgreementLine) -> SiteState:
    return replace(state, agreements=MappingProxyType({**state.agreements, line.hash: line}))
