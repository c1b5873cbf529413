"""The page of all studies, and that of a study's files."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool

from api.pages import Pages
from api.problems import Kind, Problem
from api.routes.studies.common import Engineer, Study
from api.routes.studies.pages.shown import TABS
from api.services import Services
from api.studies.opening import shelf_of, told
from api.studies.overview import lines_of
from api.words.studies import frame
from productivity.errors import BadInput
from storage.study.editing import ABSENT, EDITABLE, read_text, revision_of


def pages(views: Pages, services: Services) -> APIRouter:
    """Return the routes."""
    router = APIRouter(include_in_schema=False)

    @router.get("/studies")
    async def studies(request: Request, viewer: Engineer) -> HTMLResponse:
        """Show all studies, and offer a new one."""
        kept = services.data is not None
        lines = await run_in_threadpool(lines_of, services) if kept else []
        return views.render(request, "studies/list.html", frame.WORDS, viewer, lines=lines, kept=kept)

    @router.get("/studies/{study}/files")
    async def files(study: Study, request: Request, viewer: Engineer) -> HTMLResponse:
        """Show a study's files as text, also where it cannot be read."""
        shown = await run_in_threadpool(_files, services, study)
        return views.render(
            request,
            "studies/files.html",
            frame.WORDS,
            viewer,
            study=study,
            title=study,
            tab="files",
            tabs=TABS,
            files=shown,
        )

    return router


def _files(services: Services, study: str) -> list[dict[str, object]]:
    if services.data is None:
        raise Problem(Kind.NOT_FOUND, "this server keeps no studies")
    with told(services):
        path = shelf_of(services).path(study)
        shown: list[dict[str, object]] = []
        for name in EDITABLE:
            try:
                text, revision = read_text(path, name)
            except BadInput:  # not even text: it can be replaced by what is
                text, revision = "", revision_of((path / name).read_bytes())
            shown.append(
                {
                    "name": name,
                    "word": f"about_{name.replace('.', '_')}",
                    "text": text,
                    "revision": revision,
                    "absent": revision == ABSENT,
                }
            )
        return shown
