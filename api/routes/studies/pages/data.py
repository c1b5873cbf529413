"""What data a study holds, one source of it, and pages that bring data in: by hand, from files, from here."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.pages import Pages
from api.plant import own_site
from api.problems import Kind, Problem
from api.routes.studies.common import Engineer, Study
from api.routes.studies.pages.path import WORDS
from api.routes.studies.pages.shown import Shown, StudyPages, spoken
from api.services import Services
from api.studies.opening import station_names
from api.studies.tables import Table, table_of
from api.studies.taking import cycle_of
from api.words.studies.importing import KINDS
from productivity.records import RecordingMode, Unit
from productivity.states import StateCategory
from reports.study.tables import findings_table
from reports.study.text import text_table
from reports.study.words import StudyWords
from storage.importers.mapping import MODES, ROLES
from storage.importers.mapping import Kind as FileKind
from storage.study.folder import INTERVALS, Source, StudyFolder
from storage.study.mappings import mapping_names, mapping_of
from storage.study.server_data import Taken

HAND = (Table.PAID, Table.OUTPUT, Table.DOCUMENTED, Table.SAMPLES, Table.NOT_RECORDED)
MOST_ROWS = 500
_TABLES = {FileKind.STATE_LOG, FileKind.ATTENDANCE, FileKind.OUTPUT, FileKind.STOPWATCH}
"""Kinds of files with columns."""


def pages(views: Pages, services: Services) -> APIRouter:
    """Return the routes."""
    router = APIRouter(include_in_schema=False)
    shown = StudyPages(views, services)

    @router.get("/studies/{study}/data")
    async def data(study: Study, request: Request, viewer: Engineer) -> HTMLResponse:
        """Show the sources of a study, and all ways to bring more in."""
        return await shown.of(request, viewer, study, "data", _data)

    @router.get("/studies/{study}/data/{source}")
    async def one(study: Study, source: str, request: Request, viewer: Engineer) -> HTMLResponse:
        """Show where data came from and what was found."""
        return await shown.of(request, viewer, study, "data", lambda f, w: _source(f, w, source))

    @router.get("/studies/{study}/by-hand/{table}")
    async def by_hand(study: Study, table: str, request: Request, viewer: Engineer) -> HTMLResponse:
        """Show records that were written by hand, to be changed."""
        return await shown.of(request, viewer, study, "data", lambda f, w: _by_hand(f, w, table))

    @router.get("/studies/{study}/import/{kind}")
    async def importer(
        study: Study, kind: str, request: Request, viewer: Engineer, mode: str = ""
    ) -> HTMLResponse:
        """Import a file of a kind."""
        return await shown.of(request, viewer, study, "data", lambda f, w: _importer(f, w, kind, mode))

    @router.get("/studies/{study}/server/{take}")
    async def server(study: Study, take: str, request: Request, viewer: Engineer) -> HTMLResponse:
        """Take the server's own records."""
        return await shown.of(request, viewer, study, "data", lambda f, w: _server(services, f, w, take))

    return router


def _data(folder: StudyFolder, _: StudyWords) -> Shown:
    return Shown(
        "data.html",
        WORDS,
        {
            "sources": [_line(source) for source in folder.sources],
            "takes": [taken.value for taken in Taken],
            "kinds": KINDS,
            "tables_by_hand": [table.value for table in HAND],
            "mode": "",
        },
    )


def _line(source: Source) -> Mapping[str, object]:
    records = source.records
    return {
        "name": source.name,
        "origin": source.origin,
        "course": (source.path / INTERVALS).exists(),
        "samples": sum(len(one.durations_ns) for one in records.sampled),
        "documented": len(records.documented),
        "output": len(records.output),
        "paid": len(records.paid),
    }


def _source(folder: StudyFolder, words: StudyWords, name: str) -> Shown:
    source = next((one for one in folder.sources if one.name == name), None)
    if source is None:
        raise Problem(Kind.NOT_FOUND, "the study has no data of this name")
    findings = source.origin.findings if source.origin else ()
    table = findings_table(findings, words).select("severity", "text", "code", "rows")
    values = {"source": _line(source), "findings": text_table(table, words, titled=False)}
    return Shown("source.html", WORDS, values)


def _by_hand(folder: StudyFolder, words: StudyWords, name: str) -> Shown:
    if name not in {table.value for table in HAND}:
        raise Problem(Kind.NOT_FOUND, "records of this kind are not written by hand")
    text = spoken(words, WORDS)
    table = Table(name)
    found = table_of(folder.path, table)
    systems = [(node.name, node.name) for node in folder.settings.system().nodes]
    modes = (RecordingMode.RTS, RecordingMode.CV) if table is Table.SAMPLES else tuple(RecordingMode)[1:]
    # A unit that is not said is the piece; others are said.
    units = [("", words.name(Unit.PIECE)), *((one.value, words.name(one)) for one in tuple(Unit)[1:])]
    choices: dict[str, list[tuple[str, str]]] = {
        "system": systems,
        "state": [(node.name, node.name) for node in folder.hierarchy.nodes],
        "mode": [(mode.value, mode.value) for mode in modes],
        "unit": units,
    }
    if folder.periods:
        choices["period"] = [(one, one) for one in folder.periods]
    columns = [
        (key, text[f"column_{key}"], "choice" if key in choices else _sort(key), choices.get(key))
        for key in found.columns
        if key != "source"
    ]
    return Shown(
        "by-hand.html",
        WORDS,
        {
            "table": name,
            "columns": columns,
            "rows": found.rows,
            "revision": found.revision,
            "most": MOST_ROWS,
        },
    )


def _sort(column: str) -> str:
    numbers = ("duration", "pieces", "batches", "shifts", "occurrences")
    return "number" if column.startswith(numbers) else "text"


def _importer(folder: StudyFolder, words: StudyWords, slug: str, mode: str) -> Shown:
    kind = next((one for one in FileKind if one.value.replace(" ", "-") == slug), None)
    if kind is None:
        raise Problem(Kind.NOT_FOUND, "there is no importer of this name")
    kept = {}
    for name in mapping_names(folder.path):
        mapping = mapping_of(folder.path, name)
        if mapping.kind is kind:
            kept[name] = mapping.model_dump(mode="json")
    modes = [one.value for one in MODES.get(kind, ())]
    return Shown(
        "import.html",
        WORDS,
        {
            "kind": kind.value,
            "has_columns": kind in _TABLES,
            "modes": modes if len(modes) > 1 else [],
            "mode": mode if mode in modes else (modes[0] if modes else ""),
            "data": {
                "study": folder.path.name,
                "kind": kind.value,
                "roles": ROLES[kind].split() if kind in ROLES else [],
                "mappings": kept,
                "sources": [source.name for source in folder.sources],
                **_names(folder, words),
            },
        },
    )


def _names(folder: StudyFolder, words: StudyWords) -> dict[str, object]:
    """Return the study's own words, for the choice beside a foreign name."""
    return {
        "systems": [node.name for node in folder.settings.system().nodes],
        "states": [
            [
                words.name(category),
                [node.name for node in folder.hierarchy.nodes if node.category is category],
            ]
            for category in StateCategory
        ],
        "periods": list(folder.periods),
    }


def _server(services: Services, folder: StudyFolder, words: StudyWords, slug: str) -> Shown:
    take = next((one for one in Taken if one.value.replace(" ", "-") == slug), None)
    if take is None:
        raise Problem(Kind.NOT_FOUND, "the server has no records of this name")
    names = station_names(services)
    cycles, zone = {}, ZoneInfo("UTC")
    if names:
        site = own_site(services)
        zone = ZoneInfo(site.time_zone)
        if take in {Taken.CAMERA, Taken.COURSE}:
            cycles = {name: cycle_of(services.database, site, name) for name in names}
    today = datetime.fromtimestamp(services.now_ms() / 1000, zone).date()
    return Shown(
        "server.html",
        WORDS,
        {
            "take": take.value,
            "stations": names,
            "cycles": cycles,
            "first": (today - timedelta(days=13)).isoformat(),
            "last": today.isoformat(),
            "looks": take is not Taken.MEASURES,
            "periodical": take in {Taken.DOCUMENTED, Taken.MEASURES},
            "data": {
                "study": folder.path.name,
                "take": take.value,
                "zone": zone.key,
                "sources": [source.name for source in folder.sources],
                **_names(folder, words),
            },
        },
    )
