"""Opens the studies of the server, and says in the server's own words what cannot be done with them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from api.looking import look
from api.plant import own_site
from api.problems import Kind, Problem
from api.services import Services
from api.viewer import Viewer
from consent.agreement.vocabulary import View
from productivity.errors import BadInput
from productivity.records import Documented, RecordingMode, Sampled
from storage.sql.lookup import NoSuch, Selection
from storage.sql.plant import stations
from storage.study.editing import Outdated
from storage.study.folder import StudyFolder
from storage.study.shelf import NAME, NoStudy, Shelf, StudyBusy, StudyTaken

STUDIES = "studies"
NO_DATA = "this server was started without a directory for data (--data)"


def shelf_of(services: Services) -> Shelf:
    """Return where the studies are. Raises `Problem` if this server keeps none."""
    if services.data is None:
        raise Problem(Kind.NOT_FOUND, NO_DATA)
    return Shelf(services.data / STUDIES)


@contextmanager
def told(services: Services) -> Iterator[Shelf]:
    """Give the shelf; what studies refuse becomes a `Problem` that names no path of the server."""
    shelf = shelf_of(services)
    try:
        yield shelf
    except NoStudy:
        raise Problem(Kind.NOT_FOUND, "there is no study of this name") from None
    except StudyTaken:
        raise Problem(Kind.CONFLICT, "there is a study of this name already") from None
    except StudyBusy:
        raise Problem(Kind.CONFLICT, "somebody else is changing this study; try again") from None
    except Outdated as error:
        raise Problem(Kind.CONFLICT, plain(error, shelf.root)) from None
    except NoSuch as error:
        raise Problem(Kind.NOT_FOUND, str(error)) from None
    except BadInput as error:
        raise Problem(Kind.INVALID, plain(error, shelf.root)) from None


def plain(error: BadInput, root: Path) -> str:
    """Return an error's text with names as they are within the study."""
    text = str(error)
    for base in {str(root), str(root.resolve())}:
        text = re.sub(rf"{re.escape(base)}(/{NAME.pattern}(/|$|(?=[: ])))?", "", text)
    return text.removeprefix(": ")


def opened(services: Services, name: str) -> StudyFolder:
    """Read a study; for threads. Raises `Problem`."""
    with told(services) as shelf:
        return shelf.read(name)


def look_at(services: Services, viewer: Viewer, study: StudyFolder) -> None:
    """Bring into the log that somebody looks at what a study holds of this site's stations.

    Results rest on them. A study without any of their data is not a look. Raises `Problem`.
    """
    concerned = stations_in(services, study)
    if concerned:
        look(services, viewer, View.TIMELINES, concerned)


def stations_in(services: Services, study: StudyFolder) -> list[str]:
    """Return the stations of this site whose data a study holds.

    Those from which data were taken on this server, and those whose camera recordings came as a file.
    """
    taken = [station for one in study.sources if one.origin for station in one.origin.stations]
    recorded = chain[Sampled | Documented](study.records.sampled, study.records.documented)
    seen = {record.system for record in recorded if record.mode is RecordingMode.CV}
    return list(dict.fromkeys([*taken, *(seen & _known(services) if seen else ())]))


def station_names(services: Services) -> list[str]:
    """Return the names of the site's stations; none where there is no site yet."""
    return sorted(_known(services))


def _known(services: Services) -> set[str]:
    try:
        site = own_site(services)
    except Problem:
        return set()
    return {station.name for station in stations(services.database, Selection(site.name))}
