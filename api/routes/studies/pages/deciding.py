"""Steps 1 to 5: what is decided before anything is recorded."""

from collections.abc import Iterator, Sequence
from itertools import permutations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.pages import Pages
from api.plant import own_site
from api.problems import Problem
from api.routes.studies.common import Engineer, Study
from api.routes.studies.pages.path import WORDS, step_page
from api.routes.studies.pages.shown import Shown, StudyPages, spoken
from api.services import Services
from api.studies.planning import period_of
from api.studies.tables import Table, table_of
from api.studies.wire import CATEGORY_FIELDS
from productivity.hierarchy import Hierarchy, StateNode
from productivity.portfolio import Criterion
from productivity.records import RecordingMode, Unit
from productivity.states import StateCategory
from productivity.study.study import USUAL_MODES, Step
from reports.study.acquisition import plan_table, portfolio_table
from reports.study.text import text_table
from reports.study.words import StudyWords
from storage.sql.lookup import Selection
from storage.sql.plant import places, stations
from storage.study.editing import read_text
from storage.study.folder import SETTINGS, StudyFolder

LEVELS = ("plant", "area", "cell", "workplace")
MOST_ROWS = 500
"""In a table that is changed on a page; more are changed as a file."""


def pages(views: Pages, services: Services) -> APIRouter:
    """Return the routes."""
    router = APIRouter(include_in_schema=False)
    shown = StudyPages(views, services)

    @router.get("/studies/{study}/area")
    async def area(study: Study, request: Request, viewer: Engineer) -> HTMLResponse:
        """Step 1."""
        return await shown.of(request, viewer, study, "steps", lambda f, w: _area(services, f, w))

    @router.get("/studies/{study}/portfolio")
    async def portfolio(study: Study, request: Request, viewer: Engineer) -> HTMLResponse:
        """Step 2."""
        return await shown.of(request, viewer, study, "steps", _portfolio)

    @router.get("/studies/{study}/variants")
    async def variants(study: Study, request: Request, viewer: Engineer) -> HTMLResponse:
        """Step 3."""
        return await shown.of(request, viewer, study, "steps", _variants)

    @router.get("/studies/{study}/modes")
    async def modes(study: Study, request: Request, viewer: Engineer) -> HTMLResponse:
        """Step 4."""
        return await shown.of(request, viewer, study, "steps", _modes)

    @router.get("/studies/{study}/states")
    async def states(study: Study, request: Request, viewer: Engineer) -> HTMLResponse:
        """Show the worker states, to be changed."""
        return await shown.of(request, viewer, study, "steps", _states)

    @router.get("/studies/{study}/plan")
    async def plan(study: Study, request: Request, viewer: Engineer) -> HTMLResponse:
        """Step 5."""
        return await shown.of(request, viewer, study, "steps", _plan)

    return router


def _area(services: Services, folder: StudyFolder, words: StudyWords) -> Shown:
    settings = folder.settings
    text = spoken(words, WORDS)
    rows = [
        {"name": entry.name, "level": entry.level.label, "part_of": entry.part_of or ""}
        for entry in settings.systems
    ]
    columns = (
        ("name", text["name"], "text", None),
        ("level", text["level"], "choice", [(level, text[f"level_{level}"]) for level in LEVELS]),
        ("part_of", text["part_of"], "text", None),
    )
    return step_page(
        Step.AREA,
        "step-area.html",
        folder,
        words,
        rows=rows,
        columns=columns,
        area=settings.area,
        periods=settings.periods,
        confidence=f"{100 * settings.confidence:g}",
        revision=read_text(folder.path, SETTINGS)[1],
        plant=_plant(services),
    )


def _plant(services: Services) -> list[dict[str, str]]:
    """Return how this plant is divided, as rows of work systems; none where there is no site yet."""
    try:
        site = own_site(services)
    except Problem:
        return []
    rows = [{"name": site.name, "level": "plant", "part_of": ""}]
    for place in places(services.database, site.name):
        level = "area" if place.area is None else "cell"
        rows.append({"name": place.name, "level": level, "part_of": place.area or site.name})
    rows += [
        {"name": station.name, "level": "workplace", "part_of": station.place or site.name}
        for station in stations(services.database, Selection(site.name))
    ]
    return rows if len(rows) > 1 else []


def _portfolio(folder: StudyFolder, words: StudyWords) -> Shown:
    text = spoken(words, WORDS)
    table = table_of(folder.path, Table.PORTFOLIO)
    kinds = {"product": "text"}
    columns = [(key, text[key], kinds.get(key, "number"), None) for key in table.columns]
    classed = folder.study(period_of(folder, None)).portfolio
    shown = text_table(portfolio_table(classed, words), words, titled=False) if classed else None
    return step_page(
        Step.PORTFOLIO,
        "step-portfolio.html",
        folder,
        words,
        rows=table.rows,
        columns=columns,
        revision=table.revision,
        settings_revision=read_text(folder.path, SETTINGS)[1],
        criterion=folder.settings.abc.value,
        criteria=[
            (Criterion.OUTPUT.value, "abc_output"),
            (Criterion.SALES.value, "abc_sales"),
            (Criterion.LOW_MARGIN.value, "abc_margin"),
        ],
        classed=shown,
    )


def _variants(folder: StudyFolder, words: StudyWords) -> Shown:
    products = folder.study(period_of(folder, None)).portfolio
    known = {one.product.name for one in products}
    chosen = folder.settings.variants
    return step_page(
        Step.VARIANTS,
        "step-variants.html",
        folder,
        words,
        products=products,
        variants=chosen,
        others=[name for name in chosen if name not in known],
        revision=read_text(folder.path, SETTINGS)[1],
    )


def _modes(folder: StudyFolder, words: StudyWords) -> Shown:
    settings = folder.settings
    iso = settings.iso_22400
    return step_page(
        Step.MODES,
        "step-modes.html",
        folder,
        words,
        categories=[
            {
                "category": category.value,
                "field": field,
                "modes": [mode.value for mode in settings.modes.get(category, ())],
                "choices": _choices(category, settings.modes.get(category, ())),
            }
            for category, field in CATEGORY_FIELDS.items()
        ],
        modes=[mode.value for mode in RecordingMode],
        tree=_tree(folder.hierarchy),
        revision=read_text(folder.path, SETTINGS)[1],
        iso={name: list(getattr(iso, name)) if iso else [] for name in ("absent", "breaks", "orders")},
    )


def _choices(category: StateCategory, chosen: Sequence[RecordingMode]) -> list[list[str]]:
    """Return the orders of modes that make sense for a category, and the one that was chosen."""
    usual = USUAL_MODES[category]
    others = (RecordingMode.SR, RecordingMode.OMD) if RecordingMode.SR in usual else usual
    some = dict.fromkeys([*usual, *others])
    found = [list(order) for length in (1, 2) for order in permutations(some, length)]
    found.append(list(chosen))
    return [[], *map(list, dict.fromkeys(tuple(mode.value for mode in order) for order in found if order))]


def _tree(hierarchy: Hierarchy) -> list[tuple[str, list[tuple[int, str, bool]]]]:
    return [
        (
            category.value,
            [
                (min(len(hierarchy.path(node.name)) - 1, 4), node.name, node.value_adding)
                for node in _depth_first(hierarchy, category, None)
            ],
        )
        for category in StateCategory
    ]


def _depth_first(hierarchy: Hierarchy, category: StateCategory, parent: str | None) -> Iterator[StateNode]:
    for node in hierarchy.nodes:
        if node.category is category and node.parent == parent:
            yield node
            yield from _depth_first(hierarchy, category, node.name)


def _states(folder: StudyFolder, words: StudyWords) -> Shown:
    text = spoken(words, WORDS)
    table = table_of(folder.path, Table.STATES)
    plain = words.words
    columns = (
        ("name", text["name"], "text", None),
        ("category", text["category"], "choice", [(one.value, words.name(one)) for one in StateCategory]),
        ("part_of", text["part_of"], "text", None),
        ("value_adding", text["value_adding"], "choice", [("no", plain.no), ("yes", plain.yes)]),
    )
    return Shown("states.html", WORDS, {"rows": table.rows, "columns": columns, "revision": table.revision})


def _plan(folder: StudyFolder, words: StudyWords) -> Shown:
    text = spoken(words, WORDS)
    table = table_of(folder.path, Table.PLAN)
    stations_known = [node.name for node in folder.settings.system().nodes]
    modes = [(mode.value, mode.value) for mode in (RecordingMode.CV, RecordingMode.RTS)]
    columns = (
        ("system", text["system"], "choice", [(name, name) for name in stations_known]),
        ("variant", text["variant"], "text", None),
        ("mode", text["mode"], "choice", modes),
        ("unit", text["unit"], "choice", [(unit.value, words.name(unit)) for unit in Unit]),
        ("samples", text["samples"], "number", None),
        ("sessions", text["sessions"], "number", None),
    )
    period = period_of(folder, None)
    return step_page(
        Step.PLAN,
        "step-plan.html",
        folder,
        words,
        settings=folder.settings,
        half_width=f"{100 * folder.settings.plan.half_width:g}",
        settings_revision=read_text(folder.path, SETTINGS)[1],
        plan=text_table(plan_table(folder.plan, folder.records.sampled, words), words, titled=False),
        rows=table.rows,
        columns=columns,
        revision=table.revision,
        most=MOST_ROWS,
        period=period,
    )
