"""Workers' consent in the log: the table of `consent.grants.lifecycle`, and who must have signed.

A worker's key comes with the worker's first word and makes the pseudonym, so nobody else can speak under it.
A grant permits no more than the agreement under which it is given. It stays in force when a new version of
that agreement takes over; what the new version does not permit, it permits no longer.
"""

from dataclasses import replace
from types import MappingProxyType

from consent.entries.bodies import (
    ConsentExpired,
    ConsentGiven,
    ConsentRefused,
    ConsentRenewed,
    ConsentRequested,
    ConsentWithdrawn,
)
from consent.entries.times import utc_ms
from consent.grants.choice import Choice, check_choice
from consent.grants.lifecycle import GrantAct, GrantState, take
from consent.keys import Role
from consent.notes import parse_verifier
from consent.site.agreements import LIVE, line_of
from consent.site.state import AgreementLine, Grant, Request, SiteState
from consent.site.step import Step
from productivity.errors import BadInput


def requested(state: SiteState, step: Step, body: ConsentRequested) -> SiteState:
    """Ask a worker, at a device or by the employer."""
    step.require_key((*state.devices.values(), *state.keys[Role.EMPLOYER]), "the devices or the employer")
    if not _live(state, body.agreement).agreement.motion.permitted:
        raise BadInput("the agreement permits no motion", expected="one that does")
    state = _move(state, body.record, GrantAct.REQUEST)
    request = Request(body.pseudonym, body.agreement)
    return replace(state, requests=MappingProxyType({**state.requests, body.record: request}))


def given(state: SiteState, step: Step, body: ConsentGiven) -> SiteState:
    """Take the worker's yes."""
    step.require_key([parse_verifier(body.key)], "the worker's key")
    after = _answered(state, body.record, body.pseudonym, GrantAct.GIVE)
    if state.requests[body.record].agreement != body.agreement:
        raise BadInput("answer names another agreement than the request")
    return _in_force(after, step, body)


def renewed(state: SiteState, step: Step, body: ConsentRenewed) -> SiteState:
    """Replace a worker's grant by another."""
    step.require_key([parse_verifier(body.key)], "the worker's key")
    _require_own(state, body.renews, body.pseudonym)
    state = _ended(state, body.renews, GrantAct.RENEW)
    renewals = MappingProxyType({**state.renewals, body.renews: body.record})
    state = replace(state, renewals=renewals)
    return _in_force(_move(state, body.record, GrantAct.RENEW), step, body)


def refused(state: SiteState, step: Step, body: ConsentRefused) -> SiteState:
    """Take the worker's no."""
    step.require_key([parse_verifier(body.key)], "the worker's key")
    return _answered(state, body.record, body.pseudonym, GrantAct.REFUSE)


def withdrawn(state: SiteState, step: Step, body: ConsentWithdrawn) -> SiteState:
    """Take back a grant, for the worker alone or through a party."""
    grant = _require_own(state, body.record, body.pseudonym)
    if not step.signers([grant.key]) and not step.parties(state):
        raise BadInput("signature is missing", expected="one of the worker or of a party")
    return _ended(state, body.record, GrantAct.WITHDRAW)


def expired(state: SiteState, step: Step, body: ConsentExpired) -> SiteState:
    """End a grant whose day has come."""
    step.require_own_word()
    grant = _require_own(state, body.record, body.pseudonym)
    if step.at_ms < grant.until_ms:
        raise BadInput("consent has not expired yet")
    return _ended(state, body.record, GrantAct.EXPIRE)


def _in_force(state: SiteState, step: Step, body: ConsentGiven) -> SiteState:
    agreement, until_ms = _live(state, body.agreement).agreement, utc_ms(body.until)
    check_choice(agreement, Choice(body.stations, body.purposes, until_ms), step.at_ms)
    grant = Grant(
        body.record,
        body.pseudonym,
        body.agreement,
        body.stations,
        body.purposes,
        until_ms,
        parse_verifier(body.key),
    )
    return replace(state, grants=MappingProxyType({**state.grants, grant.record: grant}))


def _live(state: SiteState, agreement: str) -> AgreementLine:
    line = line_of(state, agreement)
    if line.state not in LIVE:
        raise BadInput(f"the agreement is {line.state}", expected="a live one")
    return line


def _require_own(state: SiteState, record: str, pseudonym: str) -> Grant:
    """Return a grant in force; `BadInput` if the record is none, or another worker's."""
    grant = state.grants.get(record)
    if grant is None or grant.pseudonym != pseudonym:
        raise BadInput("no such consent is in force", expected="a record and its own pseudonym")
    return grant


def _answered(state: SiteState, record: str, pseudonym: str, act: GrantAct) -> SiteState:
    state = _move(state, record, act)
    if state.requests[record].pseudonym != pseudonym:
        raise BadInput("another worker was asked", expected="the pseudonym of the request")
    rest = {key: request for key, request in state.requests.items() if key != record}
    return replace(state, requests=MappingProxyType(rest))


def _ended(state: SiteState, record: str, act: GrantAct) -> SiteState:
    rest = {key: grant for key, grant in state.grants.items() if key != record}
    return replace(_move(state, record, act), grants=MappingProxyType(rest))


def _move(state: SiteState, record: str, act: GrantAct) -> SiteState:
    now = take(state.records.get(record, GrantState.NEW), act)
    return replace(state, records=MappingProxyType({**state.records, record: now}))
