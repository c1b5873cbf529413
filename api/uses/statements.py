"""A worker's statement of royalties as a file: page, PDF, JSON, or all three with their proofs."""

import io
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import partial
from zoneinfo import ZoneInfo

from api.looking import from_log
from api.plant import own_site
from api.services import Services
from consent.agreement.calendar import day_begins_ms
from consent.agreement.language import Language
from consent.royalties.price import royalties_of
from consent.royalties.statement import Statement, statement
from consent.site.agreements import LIVE
from consent.site.state import SiteState
from consent.vault.release import Evidence
from productivity.errors import BadInput
from reports.royalties.document import document_of
from reports.royalties.json_form import statement_json
from reports.royalties.page import statement_page
from storage.sql.disputes import disputes_of_worker
from storage.sql.royalties import WorkersBooks, books_of_worker


class StatementForm(StrEnum):
    """What a statement comes as."""

    HTML = "html"
    PDF = "pdf"
    JSON = "json"
    ZIP = "zip"
    """All three, and a proof for each use and payment."""


MEDIA = {
    StatementForm.HTML: "text/html; charset=utf-8",
    StatementForm.PDF: "application/pdf",
    StatementForm.JSON: "application/json",
    StatementForm.ZIP: "application/zip",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which statement is asked for: whole days at the site, the last one included."""

    first_day: date
    last_day: date
    language: Language
    form: StatementForm
    currency: str | None = None
    """None: that of the worker's newest booking, or of the works agreement."""


def statement_file(services: Services, state: SiteState, pseudonym: str, asked: Asked) -> bytes:
    """Return the file. `BadInput` for a period without order, or where nothing says in which currency.

    For a ZIP file also if the council's witness has not co-signed a use yet; raises `Problem` without a log.
    """
    books = books_of_worker(services.database, pseudonym)
    made = _statement(services, state, books, pseudonym, asked)
    site = own_site(services)
    if asked.form is not StatementForm.ZIP:
        return _written(made, asked.form, asked.language, site.name, site.time_zone, {})
    evidence = _evidence(services, made)
    proofs = {index: f"proofs/entry-{index}.tlog-proof" for index in evidence}
    files: dict[str, bytes] = {}
    for form in (StatementForm.HTML, StatementForm.PDF, StatementForm.JSON):
        files[f"statement.{form}"] = _written(made, form, asked.language, site.name, site.time_zone, proofs)
    for index, one in evidence.items():
        files[proofs[index]] = one.proof.encode()
        files[f"proofs/entry-{index}.json"] = one.entry
    return _packed(files)


def currencies(books: WorkersBooks) -> list[str]:
    """Return the currencies of a worker's bookings, that of the newest first."""
    return list(dict.fromkeys(one.accrual.currency for one in [*books.journal.bookings.values()][::-1]))


def _statement(
    services: Services, state: SiteState, books: WorkersBooks, pseudonym: str, asked: Asked
) -> Statement:
    zone = own_site(services).time_zone
    period = (
        day_begins_ms(asked.first_day, zone),
        day_begins_ms(asked.last_day + timedelta(days=1), zone),
    )
    currency = asked.currency or next(iter(currencies(books)), None) or _agreed_currency(state)
    return statement(
        books.journal,
        books.priced,
        books.shares,
        pseudonym,
        currency,
        period,
        disputes_of_worker(services.database, pseudonym),
        books.receipts,
    )


def _agreed_currency(state: SiteState) -> str:
    lines = [one for one in state.agreements.values() if one.state in LIVE and one.agreement.royalties]
    if not lines:
        raise BadInput("no currency is agreed", expected="a works agreement with royalties")
    return royalties_of(lines[0].agreement).currency


def _evidence(services: Services, made: Statement) -> Mapping[int, Evidence]:
    room = services.motion
    if room is None:
        raise BadInput("this server has no proofs", expected="page, PDF or JSON")
    found = {index: from_log(partial(room.evidence, index)) for index in made.indices}
    for index in made.paid_indices:
        with suppress(BadInput):  # not co-signed yet: that is a matter of a minute, and not waited for
            found[index] = from_log(partial(room.evidence, index, patience_s=0.0))
    return found


def _written(
    made: Statement, form: StatementForm, language: Language, site: str, zone: str, proofs: Mapping[int, str]
) -> bytes:
    if form is StatementForm.JSON:
        return statement_json(made, site=site, proofs=proofs).encode()
    document = document_of(made, language, site=site, zone=ZoneInfo(zone), proofs=proofs)
    if form is StatementForm.HTML:
        return statement_page(document).encode()
    from reports.royalties.pdf import statement_pdf  # needs Typst

    return statement_pdf(document)


def _packed(files: Mapping[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, each in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name), each, zipfile.ZIP_DEFLATED)
    return content.getvalue()
