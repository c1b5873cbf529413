"""Who may see what by the agreements of the site. Pure; asked before anything is shown.

1. What an agreement permits to see outlives it: what was recorded is still kept. So of each agreement (by its
   id) the newest version that was in force and covers the station counts, ended ones too. The auditor judges
   by this (check 15).
2. Where an agreement is live (in force or suspended), it must permit the view as well: nobody sees by an old
   agreement what the present one denies.

What this permits, the auditor does not fault. Without an agreement nobody may see anything.
"""

from collections.abc import Iterable

from consent.agreement.vocabulary import Role, View
from consent.entries.bodies import AccessViewed
from consent.site.agreements import LIVE
from consent.site.state import AgreementLine, SiteState
from productivity.errors import BadInput


def permitted_views(state: SiteState, role: Role, station: str | None = None) -> frozenset[View]:
    """Return what a role may see at a station; without one, of the site as a whole.

    What concerns several stations is permitted only if it is at each of them: ask for each.
    """
    covering = [
        line
        for line in state.agreements.values()
        if line.activated_ms is not None and (station is None or station in line.agreement.stations)
    ]
    permitted = _granted(_newest(covering), role)
    live = [line for line in covering if line.state in LIVE]
    return permitted & _granted(live, role) if live else permitted


def require_agreed(state: SiteState, body: AccessViewed) -> None:
    """Raise `BadInput` unless the agreements permit this look."""
    if body.view not in permitted_views(state, body.role, body.station):
        raise BadInput(
            "no agreement permits this view", expected="what the works agreement lets the role see"
        )


def _newest(lines: Iterable[AgreementLine]) -> list[AgreementLine]:
    newest: dict[str, AgreementLine] = {}
    for line in lines:
        known = newest.get(line.agreement.id)
        if known is None or known.agreement.version < line.agreement.version:
            newest[line.agreement.id] = line
    return list(newest.values())


def _granted(lines: Iterable[AgreementLine], role: Role) -> frozenset[View]:
    return frozenset(
        view
        for line in lines
        for access in line.agreement.access
        if access.role is role
        for view in access.may_see
    )
