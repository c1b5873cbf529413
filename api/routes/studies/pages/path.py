"""The guided path: the eight steps of the acquisition, and what the pages of all steps have."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.pages import Pages
from api.routes.studies.common import Engineer, Period, Study
from api.routes.studies.pages.shown import Shown, StudyPages
from api.services import Services
from api.studies.planning import period_of
from api.words.studies import importing, steps
from productivity.study.study import Step
from reports.study.words import StudyWords
from storage.study.folder import StudyFolder

ADDRESSES: Mapping[Step, str] = {
    Step.AREA: "area",
    Step.PORTFOLIO: "portfolio",
    Step.VARIANTS: "variants",
    Step.MODES: "modes",
    Step.PLAN: "plan",
    Step.TIME_STUDIES: "time-studies",
    Step.SELF_RECORDING: "self-recording",
    Step.OPERATING_DATA: "operating-data",
}
WORDS = {**steps.WORDS, **importing.WORDS}


def pages(views: Pages, services: Services) -> APIRouter:
    """Return the route."""
    router = APIRouter(include_in_schema=False)
    shown = StudyPages(views, services)

    @router.get("/studies/{study}")
    async def path(study: Study, request: Request, viewer: Engineer, period: Period = None) -> HTMLResponse:
        """Show the eight steps."""
        return await shown.of(request, viewer, study, "steps", lambda f, w: _path(f, w, period))

    return router


def step_page(step: Step, template: str, folder: StudyFolder, words: StudyWords, **values: object) -> Shown:
    """Return a step's page: what it is, what is missing, and what comes before and after it."""
    study = folder.study(period_of(folder, None))
    progress = next(one for one in study.progress() if one.step is step)
    order = list(Step)
    place = order.index(step)
    return Shown(
        template,
        WORDS,
        {
            "number": step.value,
            "task": words.steps[step],
            "missing": [words.finding(finding) for finding in progress.missing],
            "before": ADDRESSES[order[place - 1]] if place else None,
            "after": ADDRESSES[order[place + 1]] if place + 1 < len(order) else None,
            **values,
        },
    )


def _path(folder: StudyFolder, words: StudyWords, wanted: str | None) -> Shown:
    period = period_of(folder, wanted)
    study = folder.study(period)
    following = study.next_step()
    lines = [
        {
            "number": one.step.value,
            "task": words.steps[one.step],
            "address": ADDRESSES[one.step],
            "done": one.done,
            "next": following is not None and one.step is following.step,
            "missing": [words.finding(finding) for finding in one.missing],
        }
        for one in study.progress()
    ]
    values = {"steps": lines, "periods": folder.periods, "period": period}
    return Shown("path.html", WORDS, values)
