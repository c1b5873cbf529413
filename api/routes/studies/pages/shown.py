"""What every page of a study has: its heading, its tabs, and what is said when it cannot be shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from fastapi import Request
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool

from api.pages import Pages, Spoken
from api.problems import Kind, Problem
from api.services import Services
from api.studies.opening import plain, shelf_of, told
from api.viewer import Viewer
from api.words import common
from api.words.common import PROBLEMS
from api.words.studies import frame
from consent.agreement.language import Language, Text
from productivity.errors import BadInput
from reports.study.words import StudyWords, study_words_for
from storage.study.folder import StudyFolder
from storage.study.shelf import NoStudy, StudyBusy

TABS = (
    ("steps", ""),
    ("data", "/data"),
    ("results", "/results"),
    ("comparison", "/comparison"),
    ("agreement", "/agreement"),
    ("files", "/files"),
)
"""Word and end of the address."""
_SAID_ON_THE_PAGE = frozenset({Kind.NOT_AGREED, Kind.NO_LOG, Kind.INVALID, Kind.CONFLICT})


@dataclass(frozen=True, slots=True)
class Shown:
    """A page's template, words and values."""

    template: str
    words: Mapping[str, Text]
    values: Mapping[str, object] = field(default_factory=dict)
    status: int = 200


def spoken(words: StudyWords, more: Mapping[str, Text]) -> Spoken:
    """Return the words of a page, for what is said outside of its template."""
    return Spoken({**common.WORDS, **frame.WORDS, **more}, Language(words.words.language))


Build = Callable[[StudyFolder, StudyWords], Shown]
"""Makes a page of a study; for threads."""


class StudyPages:
    """Renders pages of studies."""

    def __init__(self, views: Pages, services: Services) -> None:
        self._views, self._services = views, services

    async def of(self, request: Request, viewer: Viewer, name: str, tab: str, build: Build) -> HTMLResponse:
        """Return a page of a study; one that cannot be read says so, and leads to its files."""
        language = self._views.language(request)
        shown, title = await run_in_threadpool(self._build, name, language, build)
        return self._views.render(
            request,
            f"studies/{shown.template}",
            {**frame.WORDS, **shown.words},
            viewer,
            status=shown.status,
            study=name,
            title=title,
            tab=tab,
            tabs=TABS,
            **shown.values,
        )

    def _build(self, name: str, language: Language, build: Build) -> tuple[Shown, str]:
        shelf = shelf_of(self._services)
        try:
            folder = shelf.read(name)
        except NoStudy:
            raise Problem(Kind.NOT_FOUND, "there is no study of this name") from None
        except StudyBusy:
            raise Problem(Kind.CONFLICT, "somebody else is changing this study; try again") from None
        except BadInput as error:
            return Shown("broken.html", {}, {"trouble": plain(error, shelf.root)}), name
        title = folder.settings.title
        try:
            with told(self._services):
                return build(folder, study_words_for(language.value)), title
        except Problem as problem:
            if problem.kind not in _SAID_ON_THE_PAGE:
                raise
            values = {"what": PROBLEMS[problem.kind].in_(language), "detail": problem.detail}
            return Shown("refused.html", {}, values, problem.kind.status), title
