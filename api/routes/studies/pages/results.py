"""Results of a study: ranking, circle, balance, drill-down; comparison; agreement with a stopwatch.

Everything here is a look at the stations whose data it rests on, and stands in the log before it is shown.
"""

from dataclasses import replace
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.pages import Pages
from api.routes.studies.common import Engineer, Study
from api.routes.studies.exporting import pairs_of
from api.routes.studies.pages.path import WORDS as STEPS
from api.routes.studies.pages.shown import Shown, StudyPages
from api.services import Services
from api.studies.documents import Form
from api.studies.drawing import drawn, patterns
from api.studies.exporting import Sides, compared, judged_pairs
from api.studies.opening import look_at
from api.studies.planning import period_of
from api.studies.results import analyses_of, chosen, results_of
from api.viewer import Viewer
from api.words.studies import results
from productivity.agreement.verdict import Outcome
from productivity.analysis import Analysis
from productivity.evaluation import Evaluation
from productivity.levels import SystemNode
from productivity.result_table import Kind
from reports import numbers
from reports.study.agreement import agreement_tables, verdict_sentence
from reports.study.figures import certainty_text, facts_of, matching_text, stability_note, states_text
from reports.study.results import StudyResults
from reports.study.tables import balance_table, comparison_tables, findings_table, make_table
from reports.study.text import TextTable, text_table
from reports.study.words import StudyWords
from storage.study.editing import read_text
from storage.study.folder import INTERVALS, PROTOCOL, StudyFolder
from storage.study.protocol_yaml import read_protocol

WORDS = {**STEPS, **results.WORDS}
FORMS = (Form.XLSX, Form.PDF, Form.HTML, Form.CSV, Form.CSV_DE, Form.JSON)
_OUTCOMES = {Outcome.MET: "all_met", Outcome.MISSED: "some_missed", Outcome.UNDETERMINED: "undetermined"}
_LIGHTS = {Outcome.MET: "good", Outcome.MISSED: "bad", Outcome.UNDETERMINED: "warn"}

Chosen = Annotated[str | None, Query(max_length=120)]
Sources = Annotated[list[str], Query(max_length=200)]


def pages(views: Pages, services: Services) -> APIRouter:
    """Return the routes."""
    router = APIRouter(include_in_schema=False)
    shown = StudyPages(views, services)

    @router.get("/studies/{study}/results")
    async def page(
        study: Study, request: Request, viewer: Engineer, period: Chosen = None, system: Chosen = None
    ) -> HTMLResponse:
        """Show a work system's results in a period."""

        def build(folder: StudyFolder, words: StudyWords) -> Shown:
            look_at(services, viewer, folder)
            return _results(folder, words, period, system)

        return await shown.of(request, viewer, study, "results", build)

    @router.get("/studies/{study}/comparison")
    async def comparison(
        study: Study,
        request: Request,
        viewer: Engineer,
        before: Chosen = None,
        after: Chosen = None,
        system: Chosen = None,
        other: Chosen = None,
    ) -> HTMLResponse:
        """Show how two periods, or two work systems, differ."""
        sides = Sides(before, after, system or None, other or None) if before and after else None
        return await shown.of(
            request, viewer, study, "comparison", lambda f, w: _comparison(services, viewer, f, w, sides)
        )

    @router.get("/studies/{study}/agreement")
    async def agreement(
        study: Study,
        request: Request,
        viewer: Engineer,
        manual: Sources = [],  # noqa: B006  # FastAPI copies it
        measured: Sources = [],  # noqa: B006
        recorded_from: Annotated[str, Query(max_length=10)] = "",
    ) -> HTMLResponse:
        """Show whether measured sessions agree with manual ones."""
        # A manual session without its counterpart is one that is not to be compared.
        pairs = [pair for pair in pairs_of(manual, measured) if pair[1]]
        return await shown.of(
            request,
            viewer,
            study,
            "agreement",
            lambda f, w: _agreement(services, viewer, f, w, pairs, recorded_from),
        )

    return router


def _results(folder: StudyFolder, words: StudyWords, period: str | None, system: str | None) -> Shown:
    wanted = period_of(folder, period)
    frame = {
        "periods": folder.periods,
        "period": wanted,
        "forms": [form.value for form in FORMS],
        "patterns": patterns(),
    }
    if not wanted:
        return Shown("results.html", WORDS, {**frame, "node": None, "evaluation": None})
    (analysis,) = analyses_of(folder, [wanted])
    first = chosen(folder, [analysis], (), everything=False)
    tree = folder.settings.system()
    node = tree.node(system or (first[0].system if first else folder.settings.area or tree.nodes[0].name))
    evaluation = next((one for one in analysis.evaluations if one.system == node.name), None)
    place = {
        "node": node,
        "level": words.levels[node.level],
        "above": tree.ancestors(node.name)[::-1],
        "below": [_part(one, analysis, words) for one in tree.children(node.name)],
        "roots": [one for one in tree.nodes if one.parent is None],
    }
    if evaluation is None or not evaluation.paid_ns:
        times = _times(node, analysis, words)
        return Shown("results.html", WORDS, {**frame, **place, "evaluation": None, "times": times})
    found = results_of(folder, (analysis,), [evaluation])
    return Shown("results.html", WORDS, {**frame, **place, **_evaluation(evaluation, found, words)})


def _evaluation(evaluation: Evaluation, found: StudyResults, words: StudyWords) -> dict[str, object]:
    findings = findings_table(found.all_findings, words).select("severity", "text", "rows")
    balance = balance_table([evaluation], words).select("term", "duration", "portion")
    paid = (words.paid, numbers.hours(evaluation.paid_ns, words.words), numbers.percent(1.0, words.words))
    return {
        "evaluation": evaluation,
        "charts": drawn(evaluation, words.words.language),
        "facts": facts_of(evaluation, found, words),
        "states": replace(states_text(evaluation, words), title=""),
        "stability": stability_note(evaluation, found, words),
        "swaps": [replace(table, title="") for table in certainty_text(evaluation, found, words)],
        "balance": text_table(balance, words, titled=False),
        "balance_total": paid,
        "excess": evaluation.excess_ns > 0,
        "matching": replace(matching_text(evaluation, found, words), title=""),
        "findings": text_table(findings, words, titled=False),
    }


def _part(node: SystemNode, analysis: Analysis, words: StudyWords) -> dict[str, object]:
    one = next((one for one in analysis.evaluations if one.system == node.name), None)
    if one is None or not one.paid_ns:
        return {"node": node, "level": words.levels[node.level], "paid": None}
    largest = one.states[0] if one.states else None
    plain = words.words
    return {
        "node": node,
        "level": words.levels[node.level],
        "paid": numbers.hours(one.paid_ns, plain),
        "recorded": numbers.percent(one.portion(one.recorded_ns), plain),
        "percent": min(100, round(100 * one.portion(one.recorded_ns))),
        "largest": f"{largest.state}, {numbers.percent(one.portion(largest.total_ns), plain)}"
        if largest
        else "–",
    }


def _times(node: SystemNode, analysis: Analysis, words: StudyWords) -> TextTable:
    own = next(one for one in analysis.times if one.system.name == node.name)
    columns = (("state", Kind.TEXT), ("category", Kind.TEXT), ("total", Kind.HOURS))
    rows = [(one.state, words.name(one.category), one.total_ns) for one in own.states]
    return text_table(make_table("states", columns, rows, words), words, titled=False)


def _comparison(
    services: Services, viewer: Viewer, folder: StudyFolder, words: StudyWords, sides: Sides | None
) -> Shown:
    systems = [node.name for node in folder.settings.system().nodes]
    values: dict[str, object] = {
        "periods": folder.periods,
        "systems": systems,
        "area": folder.settings.area,
        "sides": sides,
        "forms": [form.value for form in FORMS],
        "compared": [],
    }
    if sides is not None:
        look_at(services, viewer, folder)
        found = compared(services, folder, sides)
        values["compared"] = [text_table(table, words) for table in comparison_tables(found, words)]
    return Shown("comparison.html", WORDS, values)


def _agreement(
    services: Services,
    viewer: Viewer,
    folder: StudyFolder,
    words: StudyWords,
    pairs: list[tuple[str, str]],
    recorded_from: str,
) -> Shown:
    protocol = read_protocol(folder.path / PROTOCOL)
    courses = [source.name for source in folder.sources if (source.path / INTERVALS).exists()]
    values: dict[str, object] = {
        "courses": courses,
        "protocol": protocol,
        "percent": lambda fraction: "" if fraction is None else f"{100 * fraction:g}",
        "seconds": lambda ns: "" if ns is None else f"{ns / 1_000_000_000:g}",
        "revision": read_text(folder.path, PROTOCOL)[1],
        "pairs": dict(pairs),
        "recorded_from": recorded_from,
        "query": _query(pairs, recorded_from),
        "forms": [form.value for form in FORMS],
        "judged": None,
    }
    if pairs:
        look_at(services, viewer, folder)
        judged = judged_pairs(services, folder, pairs, _day(recorded_from))
        outcome = judged.verdict.outcome
        values |= {
            "judged": [text_table(table, words) for table in agreement_tables(judged, words)],
            "outcome": _OUTCOMES[outcome],
            "light": _LIGHTS[outcome],
            "sentence": verdict_sentence(judged, words),
        }
    return Shown("agreement.html", WORDS, values)


def _query(pairs: list[tuple[str, str]], recorded_from: str) -> str:
    asked = [("manual", one) for one, _ in pairs] + [("measured", other) for _, other in pairs]
    return urlencode([*asked, *([("recorded_from", recorded_from)] if _day(recorded_from) else [])])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
