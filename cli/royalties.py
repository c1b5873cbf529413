"""`fairtakt royalties`: the payout table, payout runs, statements, and the journal for accountants.

The server may be running. What is booked here it says in its log by itself.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.files import read_bytes, write_new
from cli.handing_in import now_ms
from cli.royalty_books import amount_text, needing_server, opened_books, read_agreement, royalties_in_log
from cli.royalty_disputes import dispute
from cli.serve import DEFAULT_DATABASE, DatabaseAddress
from cli.terminal import tell
from consent import durable
from consent.agreement.calendar import day_begins_ms, load_zone
from consent.agreement.form import agreement_hash
from consent.agreement.language import Language
from consent.entries.times import utc_text
from productivity.errors import BadInput
from storage.durable import whole_directory

if TYPE_CHECKING:
    from consent.royalties.payout import Payout
    from storage.payout.payees import Payee, PayoutTable
    from storage.sql.database import Database

royalties = typer.Typer(
    help="Pays workers for uses of their motion, and accounts for it. The server may be running.",
    no_args_is_help=True,
)
royalties.add_typer(dispute, name="dispute")

TableFile = Annotated[Path, typer.Option("--table", metavar="FILE", help="The encrypted payout table.")]
KeyFile = Annotated[
    Path, typer.Option("--key", metavar="FILE", help="The payout table's key, in another directory.")
]
PayerName = Annotated[str, typer.Option("--payer", metavar="NAME", help="Holder of the account that pays.")]
PayerIban = Annotated[str, typer.Option("--iban", metavar="IBAN", help="The account that pays.")]
PayerBic = Annotated[
    str | None, typer.Option("--bic", metavar="BIC", help="Of that account's bank, if the bank wants it.")
]
Day = Annotated[str, typer.Option("--day", metavar="YYYY-MM-DD", help="When the bank shall pay.")]
PaymentText = Annotated[
    str, typer.Option("--text", metavar="TEXT", help="What bank statements of the workers show.")
]
PaymentFile = Annotated[
    Path, typer.Option("--out", metavar="FILE", help="New file for the bank; delete it once it is used.")
]
_TEXT = "Motion royalties"


@dataclass(frozen=True, slots=True)
class Payer:
    """Whose account pays."""

    name: str
    iban: str
    bic: str | None


@royalties.command("new-key")
def new_key(
    key: Annotated[Path, typer.Argument(metavar="FILE", help="New file, apart from the payout table.")],
) -> None:
    """Make the key of a payout table. Who holds both knows who the pseudonyms are: keep them apart."""
    with needing_server():
        from storage.payout.payees import create_key
    create_key(key)
    tell(f"{key}: without it nobody can read the payout table, not even you")


@royalties.command()
def payees(
    file: Annotated[Path, typer.Argument(metavar="CSV", help="Columns pseudonym, name and iban.")],
    table: TableFile,
    key: KeyFile,
) -> None:
    """Add payees to the payout table from a CSV file, or replace those that are there. All rows, or none."""
    with needing_server():
        from storage.payout.payees import LARGEST_CSV, read_csv
    found = read_csv(read_bytes(file, expected="a CSV file", limit=LARGEST_CSV), str(file))
    new = _table(table, key).add(found)
    tell(f"{len(found)} payees, {new} of them new; delete {file} now")


@royalties.command()
def known(table: TableFile, key: KeyFile) -> None:
    """Print whom the payout table knows: pseudonyms alone, no name and no account."""
    found = _table(table, key).read()
    for pseudonym in sorted(found):
        tell(pseudonym)
    tell(f"{len(found)} payees")


@royalties.command()
def forget(
    pseudonyms: Annotated[list[str], typer.Argument(metavar="PSEUDONYM...", help="Whom to forget.")],
    table: TableFile,
    key: KeyFile,
) -> None:
    """Take payees out of the payout table. What is owed to them stays owed."""
    tell(f"{_table(table, key).remove(pseudonyms)} forgotten")


@royalties.command()
def pay(
    agreement: Annotated[
        Path, typer.Option("--agreement", metavar="FILE", help="The works agreement: threshold and currency.")
    ],
    table: TableFile,
    key: KeyFile,
    payer: PayerName,
    iban: PayerIban,
    day: Day,
    out: PaymentFile,
    text: PaymentText = _TEXT,
    bic: PayerBic = None,
    plant: Annotated[
        Path | None, typer.Option("--plant", metavar="DIR", help="The site's directory; see --log-key.")
    ] = None,
    log_key: Annotated[
        Path | None,
        typer.Option(
            "--log-key",
            metavar="FILE",
            help="The log's .vkey: pay nobody again whom the log says was paid. Needed after a restore.",
        ),
    ] = None,
    database: DatabaseAddress = DEFAULT_DATABASE,
) -> None:
    """Book a payout run and write the bank's file: each worker from the threshold on, less carries over."""
    if (plant is None) != (log_key is None):
        raise BadInput("the log cannot be read", expected="--plant and --log-key, or neither")
    agreed = read_agreement(agreement)
    if agreed.royalties is None:
        raise BadInput("works agreement has no royalties", where=str(agreement))
    held = _table(table, key).read()
    with opened_books(database) as opened:
        from consent.royalties.payout import plan_run
        from storage.sql.royalties import keep_run, whole_journal
        from storage.sql.statements import is_card

        if not is_card(opened, agreement_hash(agreed)):
            raise BadInput(
                "no use was priced by this agreement", where=str(agreement), expected="one that was"
            )
        _hear_of_payments(opened, plant, log_key)
        run = plan_run(
            whole_journal(opened),
            secrets.token_hex(16),
            agreed.royalties.currency,
            agreed.royalties.payout_threshold,
            now_ms(),
            draw_salt=lambda: secrets.token_bytes(32),
            payable=held.keys(),
        )
        content = None
        if run.payouts:  # before anything is booked: what no bank takes is refused
            content = _payment(run.payouts, held, Payer(payer, iban, bic), day, text)
            _require_new(out)
        keep_run(opened, run)
    currency = agreed.royalties.currency
    for carried in run.carried:
        tell(f"{carried.pseudonym}: {amount_text(carried.amount, currency)} carried over, {carried.because}")
    if content is None:
        tell("nobody is paid")
        return
    total = amount_text(sum(one.amount for one in run.payouts), currency)
    tell(f"run {run.run}: {len(run.payouts)} payouts, {total}")
    durable.write_new(out, content, mode=0o600)
    tell(f"{out}: for the bank; if it gets lost, fairtakt royalties transfers {run.run} --whole")


@royalties.command("runs")
def runs_(database: DatabaseAddress = DEFAULT_DATABASE) -> None:
    """Print the payout runs that paid somebody, oldest first."""
    with opened_books(database) as opened:
        from storage.sql.royalties import payouts_of_run, runs

        found = [(at_ms, run, payouts_of_run(opened, run)) for run, at_ms in runs(opened)]
    for at_ms, run, payouts in found:
        total = amount_text(sum(one.amount for one in payouts), payouts[0].currency)
        tell(f"{utc_text(at_ms)} {run}: {len(payouts)} payouts, {total}")


@royalties.command()
def transfers(
    run: Annotated[str, typer.Argument(metavar="RUN", help="A payout run that was booked.")],
    table: TableFile,
    key: KeyFile,
    payer: PayerName,
    iban: PayerIban,
    day: Day,
    out: PaymentFile,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="PAYOUT", help="A transfer that the bank refused; may be repeated."),
    ] = None,
    whole: Annotated[
        bool, typer.Option("--whole", help="All of the run: only if the bank never got the first file.")
    ] = False,
    text: PaymentText = _TEXT,
    bic: PayerBic = None,
    database: DatabaseAddress = DEFAULT_DATABASE,
) -> None:
    """Write transfers of a payout run once more, with the same references. It books nothing."""
    if bool(only) == whole:
        raise BadInput("transfers", expected="--only PAYOUT, which the bank refused, or --whole")
    held = _table(table, key).read()
    with opened_books(database) as opened:
        from storage.sql.royalties import payouts_of_run

        found = {one.payout: one for one in payouts_of_run(opened, run)}
    if not found:
        raise BadInput("no such payout run", expected="one that paid somebody")
    wanted = list(dict.fromkeys(only or found))
    if strange := [one for one in wanted if one not in found]:
        raise BadInput("no such payout in this run", found=strange[0][:32])
    payouts = tuple(found[one] for one in wanted)
    durable.write_new(out, _payment(payouts, held, Payer(payer, iban, bic), day, text), mode=0o600)
    tell(f"{out}: {len(payouts)} of {len(found)} payouts; hand in none that the bank has executed")


@royalties.command()
def statement(
    pseudonym: Annotated[str, typer.Argument(metavar="PSEUDONYM", help="The worker.")],
    site: Annotated[str, typer.Option("--site", metavar="NAME", help="The site, whose calendar counts.")],
    first: Annotated[str, typer.Option("--first", metavar="YYYY-MM-DD", help="First day.")],
    last: Annotated[str, typer.Option("--last", metavar="YYYY-MM-DD", help="Last day, included.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="New directory.")],
    currency: Annotated[str, typer.Option("--currency", metavar="CODE", help="ISO 4217.")] = "EUR",
    database: DatabaseAddress = DEFAULT_DATABASE,
) -> None:
    """Write a worker's statement: pages and PDFs in German and English, and JSON."""
    with opened_books(database) as opened:
        from storage.sql.lookup import find_site
        from storage.sql.statements import worker_statement

        with opened.reading() as connection:
            zone = find_site(connection, site).time_zone
        begins = day_begins_ms(_day(first, "--first"), zone)
        ends = day_begins_ms(_day(last, "--last") + timedelta(days=1), zone)
        made = worker_statement(opened, pseudonym, currency, (begins, ends))
    from reports.royalties.document import document_of
    from reports.royalties.json_form import statement_json
    from reports.royalties.page import statement_page
    from reports.royalties.pdf import statement_pdf

    with whole_directory(out) as directory:
        for language in Language:
            document = document_of(made, language, site=site, zone=load_zone(zone))
            (directory / f"statement.{language}.html").write_text(statement_page(document), encoding="utf-8")
            (directory / f"statement.{language}.pdf").write_bytes(statement_pdf(document))
        (directory / "statement.json").write_text(statement_json(made, site=site), encoding="utf-8")
    tell(f"{out}: closing balance {amount_text(made.closing, currency)}")


@royalties.command()
def journal(
    site: Annotated[str, typer.Option("--site", metavar="NAME", help="The site, whose calendar counts.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="New file.")],
    database: DatabaseAddress = DEFAULT_DATABASE,
) -> None:
    """Write the journal as plain-text accounting, which hledger and ledger read and add up themselves."""
    with opened_books(database) as opened:
        from storage.exports.hledger import plain_journal
        from storage.sql.lookup import find_site
        from storage.sql.royalties import whole_journal

        with opened.reading() as connection:
            zone = load_zone(find_site(connection, site).time_zone)
        entries = whole_journal(opened).entries
    write_new(out, plain_journal(entries, zone))
    tell(f"{out}: {len(entries)} entries; hledger -f {out} balance")


def _hear_of_payments(database: "Database", plant: Path | None, log_key: Path | None) -> None:
    """Book what the log says was paid and these books lack; after a restore nothing is paid without that."""
    from consent.royalties.payout import paid_already
    from storage.sql.restorations import lost_spans
    from storage.sql.royalties import keep_entries, whole_journal

    if plant is None or log_key is None:
        if lost_spans(database):
            raise BadInput(
                "these books came from a backup, and payments since then are missing",
                where="database",
                expected="--plant and --log-key, so that nobody is paid again",
            )
        return
    said = royalties_in_log(plant, log_key)
    journal = whole_journal(database)
    entries = paid_already(journal, said.paid)
    keep_entries(database, entries)
    if entries:
        tell(f"{len(entries)} bookings were paid already, as the log says; they are not paid again")
    if missing := len(said.booked - journal.bookings.keys()):
        tell(f"{missing} bookings of the log are not in these books; this run does not pay them")


def _payment(
    payouts: "tuple[Payout, ...]", known: "Mapping[str, Payee]", payer: Payer, day: str, text: str
) -> bytes:
    with needing_server():
        from storage.exports.pain001 import payment_file
        from storage.payout.payees import Payee

    on = _day(day, "--day")
    if on < datetime.fromtimestamp(now_ms() / 1000, UTC).date():
        raise BadInput("day is over", where="--day", expected="today or later")
    return payment_file(payouts, known, Payee(payer.name, payer.iban), on, text, bic=payer.bic)


def _require_new(out: Path) -> None:
    if out.exists() or not out.parent.is_dir():
        raise BadInput("not a new file", where=str(out), expected="a new name in a directory that is there")


def _day(text: str, where: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise BadInput("not a day", where=where, expected="YYYY-MM-DD") from None


def _table(table: Path, key: Path) -> "PayoutTable":
    with needing_server():
        from storage.payout.payees import PayoutTable
    return PayoutTable(table, key)
