"""What a plant knows of itself, as files: its calendar, headcounts, output, paid time, machines' logs.

The file is the body as it is.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool

from api.acquired import ImportedCalendar, ImportedRows
from api.body import read_body
from api.importing import Asked, day_of, store_calendar, store_machine_times, store_table
from api.openapi import raw_content
from api.policy import Action
from api.problems import Kind, documented
from api.rate import RateLimit
from api.services import Services
from api.viewer import Viewer, permit
from storage.importers.days import read_headcounts, read_outputs, read_paid
from storage.sql.measures import put_headcounts, put_outputs, put_paid

CALENDAR, CSV, TEXT = "text/calendar", "text/csv", "text/plain"
CALENDAR_EXAMPLE = "\r\n".join(
    (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "BEGIN:VEVENT",
        "UID:early@plant.example",
        "SUMMARY:Early shift",
        "DTSTART;TZID=Europe/Berlin:20261102T060000",
        "DTEND;TZID=Europe/Berlin:20261102T140000",
        "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    )
)
_PROBLEMS = documented(Kind.NOT_FOUND, Kind.TOO_LARGE, Kind.MEDIA, Kind.INVALID, Kind.TOO_MANY)


def _parameter(name: str, description: str, example: str, *, required: bool = False) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": required,
        "schema": {"type": "string"},
        "description": description,
        "example": example,
    }


def _mapping(kind: str, *, required: bool = False) -> dict[str, Any]:
    text = "how to read the file, as a mapping file says it (docs/importing.md); periods are days"
    return _parameter(
        "mapping", text, f"{{fairtakt: mapping 1, kind: {kind}, decimal: ','}}", required=required
    )


def _file(description: str, *examples: tuple[str, str]) -> dict[str, Any]:
    body = raw_content(description, *(kind for kind, _ in examples))
    for kind, example in examples:
        body["content"][kind]["example"] = example
    return body


_ONLY_CHECK = _parameter("only_check", "`true`: say what would happen, and change nothing", "true")


def routes(services: Services) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["acquisition"])
    limits = services.limits
    rate = RateLimit(limits.acquisition_rate, limits.acquisition_burst, services.steady_s)

    async def asked(request: Request, viewer: Viewer, *media_types: str) -> Asked:
        rate.spend(str(viewer.account_id))
        query = request.query_params
        return Asked(
            await read_body(request, limits.body_bytes, *media_types),
            query.get("mapping", ""),
            query.get("categories", ""),
            query.get("only_check", "") == "true",
        )

    @router.post(
        "/v1/plant/calendar",
        response_model=ImportedCalendar,
        responses=_PROBLEMS,
        openapi_extra={
            "parameters": [
                _parameter("from", "first day of the span, at the site", "2026-11-01", required=True),
                _parameter("to", "first day after the span", "2027-11-01", required=True),
                _ONLY_CHECK,
            ],
            "requestBody": _file("iCalendar (RFC 5545) in UTF-8", (CALENDAR, CALENDAR_EXAMPLE)),
        },
    )
    async def calendar(
        request: Request, viewer: Annotated[Viewer, Depends(permit(Action.ADMINISTER))]
    ) -> ImportedCalendar:
        """Put a calendar's shifts in the place of all shifts that begin in the span."""
        query = request.query_params
        span = day_of(query.get("from", ""), "from"), day_of(query.get("to", ""), "to")
        file = await asked(request, viewer, CALENDAR)
        return await run_in_threadpool(store_calendar, services, file, *span)

    @router.post(
        "/v1/plant/headcount",
        response_model=ImportedRows,
        responses=_PROBLEMS,
        openapi_extra=_table("attendance", "system,date,count", "bench-1,2026-11-27,3"),
    )
    async def headcount(
        request: Request, viewer: Annotated[Viewer, Depends(permit(Action.ACQUIRE))]
    ) -> ImportedRows:
        """Write how many people worked at a station on a day; a day that was there is replaced."""
        file = await asked(request, viewer, CSV)
        return await run_in_threadpool(store_table, services, file, read_headcounts, put_headcounts)

    @router.post(
        "/v1/plant/output",
        response_model=ImportedRows,
        responses=_PROBLEMS,
        openapi_extra=_table(
            "output", "system,date,variant,pieces,batches,shifts", "bench-1,2026-11-27,A,120,6,"
        ),
    )
    async def output(
        request: Request, viewer: Annotated[Viewer, Depends(permit(Action.ACQUIRE))]
    ) -> ImportedRows:
        """Write what a station put out on a day; a day and variant that was there is replaced."""
        file = await asked(request, viewer, CSV)
        return await run_in_threadpool(store_table, services, file, read_outputs, put_outputs)

    @router.post(
        "/v1/plant/paid",
        response_model=ImportedRows,
        responses=_PROBLEMS,
        openapi_extra=_table(
            "attendance", "system,state,date,duration,count", "bench-1,present,2026-11-27,7.5,3"
        ),
    )
    async def paid(
        request: Request, viewer: Annotated[Viewer, Depends(permit(Action.ACQUIRE))]
    ) -> ImportedRows:
        """Write what time was paid at a station on a day, from an attendance list; absences are not kept."""
        file = await asked(request, viewer, CSV)
        return await run_in_threadpool(store_table, services, file, read_paid, put_paid)

    @router.post(
        "/v1/plant/machine",
        response_model=ImportedRows,
        responses={**_PROBLEMS, **documented(Kind.CONFLICT)},
        openapi_extra=_MACHINE,
    )
    async def machine(
        request: Request, viewer: Annotated[Viewer, Depends(permit(Action.ACQUIRE))]
    ) -> ImportedRows:
        """Store how long machines were in which state on a day; a day that comes again changes nothing."""
        file = await asked(request, viewer, CSV, TEXT)
        return await run_in_threadpool(store_machine_times, services, file)

    return router


def _table(kind: str, columns: str, row: str) -> dict[str, Any]:
    text = f"A table in UTF-8, with a header; without a mapping its columns are called: {columns}"
    return {
        "parameters": [_mapping(kind), _ONLY_CHECK],
        "requestBody": _file(text, (CSV, f"{columns}\n{row}\n")),
    }


_MACHINE: dict[str, Any] = {
    "parameters": [
        _mapping("state log", required=True),
        _parameter(
            "categories",
            "category of each state, in the mapping's words; JSON",
            '{"breakdown": "irregular", "set up": "batch-bound"}',
            required=True,
        ),
        _ONLY_CHECK,
    ],
    "requestBody": _file(
        "A state log as a table, or a machine's log (MTConnect SHDR)",
        (CSV, "system,state,start,end\nbench-1,breakdown,2026-11-27 08:00,2026-11-27 08:10\n"),
        (
            TEXT,
            "2026-11-28T08:00:00Z|avail|AVAILABLE|execution|ACTIVE\n2026-11-28T08:30:00Z|execution|STOPPED\n",
        ),
    ),
}
