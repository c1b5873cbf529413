"""Check 15: only roles that an agreement names have looked, and only at what it names."""

from consent.agreement.language import Text
from consent.audit.case import Case
from consent.audit.catalogue import Check
from consent.audit.facts import Facts, Line
from consent.audit.names import called
from consent.entries.bodies import AccessViewed


def viewed(case: Case, body: AccessViewed) -> None:
    """Judge that somebody looked at something."""
    case.book.looked(Check.ACCESS)
    case.facts.views[body.role, body.view] += 1
    lines = _newest(case.facts, body.station).values()
    granted = (access for line in lines for access in line.agreement.access)
    if not any(access.role is body.role and body.view in access.may_see for access in granted):
        what = Text("Einsicht, die niemand vereinbart hat", "view that nobody agreed to")
        case.find(Check.ACCESS, what, found=called(body.role, body.view))


def _newest(facts: Facts, station: str | None) -> dict[str, Line]:
    """Return by id the newest version that covers the station, ended ones too: what is kept outlives it."""
    newest: dict[str, Line] = {}
    for line in facts.agreements.values():
        if line.activated_ms is not None and (station is None or station in line.agreement.stations):
            known = newest.get(line.agreement.id)
            if known is None or known.agreement.version < line.agreement.version:
                newest[line.agreement.id] = line
    return newest
