"""Steps 6 to 8: what is acquired, how far it is, and where more comes from."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.pages import Pages
from api.routes.studies.common import Engineer, Study
from api.routes.studies.pages.path import WORDS, step_page
from api.routes.studies.pages.shown import Build, Shown, StudyPages, spoken
from api.services import Services
from api.studies.opening import look_at
from api.studies.planning import period_of
from api.studies.tables import Table
from api.viewer import Viewer
from productivity.records import RecordingMode
from productivity.result_table import Kind, Value
from productivity.states import StateCategory
from productivity.stopping import MINIMUM_UNITS
from productivity.study.enough import sufficiency
from productivity.study.study import Step
from productivity.study.study import Study as Method
from reports.study.tables import make_table
from reports.study.text import TextTable, text_table
from reports.study.words import StudyWords
from storage.study.folder import StudyFolder
from storage.study.server_data import Taken


def pages(views: Pages, services: Services) -> APIRouter:
    """Return the routes."""
    router = APIRouter(include_in_schema=False)
    shown = StudyPages(views, services)

    def after_a_look(viewer: Viewer, build: Build) -> Build:
        """Build a page that shows times of states, after a look at the stations that they are of."""

        def looked(folder: StudyFolder, words: StudyWords) -> Shown:
            look_at(services, viewer, folder)
            return build(folder, words)

        return looked

    @router.get("/studies/{study}/time-studies")
    async def time_studies(study: Study, request: Request, viewer: Engineer) -> HTMLResponse:
        """Step 6."""
        return await shown.of(request, viewer, study, "steps", after_a_look(viewer, _time_studies))

    @router.get("/studies/{study}/self-recording")
    async def self_recording(study: Study, request: Request, viewer: Engineer) -> HTMLResponse:
        """Step 7."""
        return await shown.of(request, viewer, study, "steps", after_a_look(viewer, _self_recording))

    @router.get("/studies/{study}/operating-data")
    async def operating_data(study: Study, request: Request, viewer: Engineer) -> HTMLResponse:
        """Step 8."""
        return await shown.of(request, viewer, study, "steps", after_a_look(viewer, _operating_data))

    return router


def _time_studies(folder: StudyFolder, words: StudyWords) -> Shown:
    settings, samples = folder.settings, folder.records.sampled
    progress = [
        sufficiency(one, samples, settings.plan.half_width, settings.confidence) for one in folder.plan
    ]
    return step_page(
        Step.TIME_STUDIES,
        "step-time-studies.html",
        folder,
        words,
        progress=progress,
        unit=words.name,
        half_width=f"{100 * settings.plan.half_width:g}".replace(".", words.words.decimal_point),
        minimum=MINIMUM_UNITS,
        takes=[Taken.CAMERA.value, Taken.COURSE.value, Taken.TOTALS.value],
        kinds=["recording", "stopwatch", "labels"],
        tables_by_hand=[Table.SAMPLES.value],
        mode="",
    )


def _self_recording(folder: StudyFolder, words: StudyWords) -> Shown:
    study = folder.study(period_of(folder, None))
    return step_page(
        Step.SELF_RECORDING,
        "step-documents.html",
        folder,
        words,
        assigned=_assigned(study, RecordingMode.SR),
        tables=[_documented(study, RecordingMode.SR, words)],
        takes=[Taken.DOCUMENTED.value],
        kinds=["state log"],
        tables_by_hand=[Table.DOCUMENTED.value],
        mode="SR",
    )


def _operating_data(folder: StudyFolder, words: StudyWords) -> Shown:
    study = folder.study(period_of(folder, None))
    return step_page(
        Step.OPERATING_DATA,
        "step-documents.html",
        folder,
        words,
        assigned=_assigned(study, RecordingMode.OMD),
        tables=[
            _output(study, words),
            _paid(study, words),
            _documented(study, RecordingMode.OMD, words),
        ],
        takes=[Taken.MEASURES.value, Taken.DOCUMENTED.value],
        kinds=["output", "attendance", "state log", "machine log"],
        tables_by_hand=[
            Table.OUTPUT.value,
            Table.PAID.value,
            Table.DOCUMENTED.value,
            Table.NOT_RECORDED.value,
        ],
        mode="",
    )


def _assigned(study: Method, mode: RecordingMode) -> list[dict[str, str]]:
    return [
        {"mode": mode.value, "category": category.value}
        for category in StateCategory
        if mode in study.modes.get(category, ())
    ]


def _documented(study: Method, mode: RecordingMode, words: StudyWords) -> TextTable:
    sums: dict[tuple[str, str], int] = {}
    for row in study.records.documented:
        if row.mode is mode and row.period == study.period:
            sums[row.system, row.state] = sums.get((row.system, row.state), 0) + row.duration_ns
    columns = (("system", Kind.TEXT), ("state", Kind.TEXT), ("category", Kind.TEXT), ("total", Kind.HOURS))
    rows = [
        (system, state, _category(study, state, words), total)
        for (system, state), total in sorted(sums.items(), key=lambda item: -item[1])
    ]
    return _table("documented", columns, rows, words)


def _category(study: Method, state: str, words: StudyWords) -> str:
    return words.name(study.hierarchy.category(state)) if state in study.hierarchy else "–"


def _output(study: Method, words: StudyWords) -> TextTable:
    columns = (("system", Kind.TEXT), ("variant", Kind.TEXT), ("pieces", Kind.COUNT))
    own = [row for row in study.records.output if row.period == study.period]
    return _table("output", columns, [(row.system, row.variant, row.pieces) for row in own], words)


def _paid(study: Method, words: StudyWords) -> TextTable:
    columns = (("system", Kind.TEXT), ("paid", Kind.HOURS))
    own = [row for row in study.records.paid if row.period == study.period]
    return _table("paid", columns, [(row.system, row.duration_ns) for row in own], words)


def _table(
    title: str, columns: Iterable[tuple[str, Kind]], rows: Sequence[Sequence[Value]], words: StudyWords
) -> TextTable:
    """Return a table under a word of these pages; its columns bear the report's titles."""
    table = text_table(make_table("states", tuple(columns), rows, words), words)
    return replace(table, title=spoken(words, WORDS)[title])
