"""What was released: what is kept, held against the log.

A release goes through three steps, and a crash may come between any two of them:

(1) prepared      it is kept, and nobody is shown it;
(2) said          the log has its entry;
(3) shown         to whoever may see it.

There is no mark for the third: whether a release is shown follows from the log each time anew. So after a
crash between (1) and (2) it is not shown, between (2) and (3) it is. One that is prepared counts as released
all the same when later ones are checked, for its entry may still come.

What cannot be believed is neither shown nor checked against: then nothing new is released, because nobody can
tell what the past gives away. That is a content that is not what was written or what the log says, and an
entry of a release that is not kept here.
"""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from api.looking import agreed_stations, from_log, look, site_view
from api.plant import own_site
from api.problems import Kind, Problem
from api.releases.form import Kept, read
from api.viewer import Viewer
from consent.agreement.vocabulary import View
from consent.entries.bodies import ReleasePublished
from consent.site.agreements import LIVE
from consent.site.state import SiteState
from productivity.disclosure.release import Released
from productivity.errors import BadInput
from storage.sql.releases import KeptRelease, kept_releases

if TYPE_CHECKING:
    from api.services import Services

DAY_MS = 86_400_000
_PAGE = 200
_DAMAGED = (
    "an earlier release is damaged or missing, so nothing new can be checked against it: restore a backup"
)


@dataclass(frozen=True, slots=True)
class Said:
    """What the log says of a release."""

    index: int
    at_ms: int
    body: ReleasePublished


@dataclass(frozen=True, slots=True)
class Standing:
    """A release whose entry stands. `kept` None: it is damaged. `retired`: past its retention."""

    row: KeptRelease
    said: Said
    kept: Kept | None
    retired: bool


def standing(services: "Services") -> list[Standing]:
    """Return what was released, newest first; for threads. Raises `Problem` if the log cannot be believed."""
    entries = _entries(services)
    state = site_view(services).state
    found = []
    for row in kept_releases(services.database, own_site(services).name):
        if (said := entries.get(row.identifier)) is not None:
            ends_ms = said.at_ms + DAY_MS * _days(state, said.body.agreement)
            retired = services.now_ms() >= ends_ms
            found.append(Standing(row, said, _kept(row, said), retired))
    return sorted(found, key=lambda one: one.said.index, reverse=True)


def standing_one(services: "Services", identifier: str) -> Standing:
    """Return a release that is still shown. Raises `Problem`."""
    for one in standing(services):
        if one.row.identifier == identifier:
            if one.retired:
                raise Problem(Kind.NOT_FOUND, "this table is past its retention and is not shown any more")
            return one
    raise Problem(Kind.NOT_FOUND, "no such release")


def document_of(one: Standing) -> Kept:
    """Return a release's document. Raises `Problem` if it is damaged."""
    if one.kept is None:
        raise Problem(Kind.CONFLICT, "this release is not what the log says of it, so it is not shown")
    return one.kept


def look_at(services: "Services", viewer: Viewer, identifier: str) -> Standing:
    """Return a release that may be shown; the look at it stands in the log. Raises `Problem`.

    Each of its stations' agreements must let the role see released tables, not just one of the site.
    """
    one = standing_one(services, identifier)
    document = document_of(one).document
    stations = {member for group in document.dimensions[0].groups for member in group.members}
    if stations.difference(agreed_stations(services, viewer, View.TABLES, stations)):
        raise Problem(
            Kind.NOT_AGREED,
            f"not every station's works agreement gives the role {viewer.role} the view: {View.TABLES}",
        )
    look(services, viewer, View.TABLES)
    return one


def earlier(services: "Services") -> tuple[int, list[Released]]:
    """Return how many releases are kept, and all of them, prepared ones too, for the check of the next.

    Raises `Problem` if one is damaged or missing.
    """
    entries = _entries(services)
    rows = kept_releases(services.database, own_site(services).name)
    kept = [_kept(row, entries.get(row.identifier)) for row in rows]
    missing = entries.keys() - {row.identifier for row in rows}
    whole = [one.released for one in kept if one is not None]
    if missing or len(whole) < len(rows):
        raise Problem(Kind.CONFLICT, _DAMAGED)
    return len(rows), whole


def _kept(row: KeptRelease, said: Said | None) -> Kept | None:
    """Return what was kept; None unless it is what was written, and what the log says."""
    if not row.intact:
        return None
    try:
        kept = read(row.content, f"release {row.identifier}")
    except BadInput:
        return None
    if kept.document.release != row.identifier:
        return None
    if said is not None and said.body != entry_of(kept):
        return None
    return kept


def entry_of(kept: Kept) -> ReleasePublished:
    """Return what the log says of a release."""
    document = kept.document
    return ReleasePublished(
        release=document.release,
        agreement=document.agreement,
        content=kept.content,
        smallest_group=document.smallest_group,
        cells=document.cells,
        suppressed=document.suppressed,
    )


def _entries(services: "Services") -> dict[str, Said]:
    """Return every entry of a release; the first counts, should there be two of one name."""
    site = services.site
    if site is None:
        raise Problem(Kind.NO_LOG, "this server was started without the site's log (--plant)")
    found: dict[str, Said] = {}
    before: int | None = None
    while True:
        page = from_log(partial(site.recent, ReleasePublished, most=_PAGE, before=before))
        for logged in page:
            body = logged.entry.body
            if isinstance(body, ReleasePublished):
                found[body.release] = Said(logged.index, logged.entry.at_ms, body)
        if len(page) < _PAGE:
            return found
        before = page[-1].index


def _days(state: SiteState, agreement: str) -> int:
    """Return how long tables are shown: as the agreement says, or a version in force that says less."""
    line = state.agreements.get(agreement)
    if line is None:
        return 0
    same = [
        other.agreement.retention.aggregates_days
        for other in state.agreements.values()
        if other.state in LIVE and other.agreement.id == line.agreement.id
    ]
    return min([line.agreement.retention.aggregates_days, *same])
