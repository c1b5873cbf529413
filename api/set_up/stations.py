"""Stations and the revisions of their files; for threads, because it waits for the database.

What the tables refuse is a `Problem`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from api.plant import own_site
from api.problems import Kind, Problem
from api.set_up import documents
from api.set_up.devices import devices_of
from api.set_up.wire import (
    Changes,
    Draft,
    Publication,
    RevisionText,
    RevisionTold,
    StationDetail,
    StationList,
    StationTold,
)
from api.viewer import Viewer
from productivity.errors import BadInput
from storage.sql import station_files as stored
from storage.sql.lookup import NoSuch

if TYPE_CHECKING:
    from api.services import Services


def station_list(services: "Services") -> StationList:
    """Return the stations of the site."""
    site = own_site(services).name
    with _told():
        found = stored.stations_with_files(services.database, site)
    return StationList(site=site, stations=[StationTold(**_shown(one)) for one in found])


def create(services: "Services", station: str) -> StationDetail:
    """Make a station."""
    site = own_site(services).name
    with _told():
        stored.create_station(services.database, site, station)
    return station_detail(services, station)


def station_detail(services: "Services", station: str) -> StationDetail:
    """Return a station with its revisions."""
    site = own_site(services).name
    with _told():
        files, revisions = stored.station_with_files(services.database, site, station)
    return StationDetail(
        **_shown(files),
        revisions=[_revision(one) for one in revisions],
        devices=devices_of(services, station),
    )


def require_station(services: "Services", station: str) -> None:
    """Raise `Problem` unless there is such a station."""
    site = own_site(services).name
    with _told():
        stored.station_with_files(services.database, site, station)


def revision_text(services: "Services", station: str, number: int) -> RevisionText:
    """Return a revision with its text, checked as of now."""
    revision, text = _text(services, station, number)
    return RevisionText(revision=revision, checked=documents.check(services, station, text))


def opening_text(services: "Services", detail: StationDetail) -> str:
    """Return the text with which the editor opens: the newest revision, or what a new station begins with."""
    if detail.newest is None:
        return documents.first_text(detail.station)
    return _text(services, detail.station, detail.newest.revision)[1]


def changes(services: "Services", station: str, since: int, number: int) -> Changes:
    """Return what changed from one revision to another."""
    (before, old), (after, new) = (_text(services, station, one) for one in (since, number))
    return Changes(before=before, after=after, lines=documents.changes(old, new))


def keep(services: "Services", viewer: Viewer, station: str, draft: Draft) -> RevisionTold:
    """Keep a draft."""
    site = own_site(services).name
    with _told():
        revision = stored.write(
            services.database,
            site,
            station,
            draft.text,
            base=draft.base,
            account_id=viewer.account_id,
            at_ms=services.now_ms(),
        )
    return _revision(revision)


def publish(
    services: "Services", viewer: Viewer, station: str, number: int, asked: Publication
) -> RevisionTold:
    """Publish the text of a revision, if it is whole, and agreed or acknowledged."""
    checked = revision_text(services, station, number).checked
    if checked.flaws:
        line = checked.flaws[0].line
        where = "" if line is None else f", the first in line {line}"
        raise Problem(Kind.INVALID, f"the revision has flaws{where}: expected a whole station file")
    if checked.unpermitted and not asked.acknowledged:
        raise Problem(Kind.NOT_AGREED, "the works agreement does not permit all of it, or cannot be read")
    site = own_site(services).name
    with _told():
        revision = stored.publish(
            services.database,
            site,
            station,
            number,
            digest=asked.digest,
            account_id=viewer.account_id,
            at_ms=services.now_ms(),
        )
    return _revision(revision)


def _text(services: "Services", station: str, number: int) -> tuple[RevisionTold, str]:
    site = own_site(services).name
    with _told():
        revision, text = stored.text_of(services.database, site, station, number)
    return _revision(revision), text


def _shown(files: stored.StationFiles) -> dict[str, Any]:
    return {
        "station": files.station,
        "place": files.place,
        "newest": None if files.newest is None else _revision(files.newest),
        "published": None if files.published is None else _revision(files.published),
    }


def _revision(revision: stored.Revision) -> RevisionTold:
    return RevisionTold(
        revision=revision.number,
        digest=revision.digest,
        account=revision.account,
        written_ms=revision.written_ms,
        published_ms=revision.published_ms,
    )


@contextmanager
def _told() -> Iterator[None]:
    """Turn what the tables refuse into a `Problem`."""
    try:
        yield
    except NoSuch:
        raise Problem(Kind.NOT_FOUND, "no such station or revision") from None
    except stored.StationTaken as error:
        raise Problem(Kind.CONFLICT, str(error)) from None
    except stored.Outdated as error:
        detail = f"somebody has written meanwhile: the newest is revision {error.newest}"
        raise Problem(Kind.CONFLICT, detail) from None
    except stored.OtherText as error:
        raise Problem(Kind.CONFLICT, str(error)) from None
    except BadInput as error:
        raise Problem(Kind.INVALID, str(error)) from None
