"""`fairtakt grant`: a worker is asked, says yes or no, takes it back, and holds a receipt that proves it."""

import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from cli.files import read_text, read_verifier
from cli.passphrase import PassphraseFile, read_passphrase
from cli.terminal import tell
from consent import durable
from consent.agreement.language import Language
from consent.agreement.vocabulary import MotionPurpose
from consent.entries.times import utc_text
from consent.grants.acts import newest_receipt, say_no, say_yes, take_back
from consent.grants.check_in import LONGEST_MINUTES, new_check_in, sign_check_in
from consent.grants.check_ins import CheckIns
from consent.grants.choice import Choice, check_choice, end_after_days
from consent.grants.history import History
from consent.grants.page import worker_page
from consent.grants.reading import PROOF_FILE, RECEIPT_FILE, asked_page, given_page, receipt_page
from consent.grants.receipt import check_receipt
from consent.grants.record import ConsentRecord
from consent.grants.site import Site
from consent.grants.statement import Answer, consent_record
from consent.grants.token import Token, new_token, read_token
from consent.keys import Role, open_key
from consent.notes import Signer
from consent.site.motion import permits
from consent.site.state import AgreementLine
from productivity.errors import BadInput
from storage.durable import whole_directory
from storage.vault.key_file import KeyFile

DEFAULT_MINUTES = 60
"""Of a check-in."""

_HANDED_IN = "handed in; it counts once the operator has taken it into the log"

grant = typer.Typer(
    help="Workers' own consent to motion: asked, given, refused, withdrawn, with receipts.",
    no_args_is_help=True,
)

PlantDirectory: TypeAlias = Annotated[
    Path, typer.Argument(metavar="PLANT", help="The site's directory.", show_default=False)
]
LogKey: TypeAlias = Annotated[
    Path, typer.Option("--log-key", metavar="FILE", help="Verifier key of the log.", show_default=False)
]
AskingKey: TypeAlias = Annotated[
    Path, typer.Option("--key", metavar="FILE", help="Of a device or the employer.", show_default=False)
]
TokenFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--token-file", metavar="FILE", help="Its first line, instead of being asked.", show_default=False
    ),
]
WhichAgreement: TypeAlias = Annotated[
    str | None,
    typer.Option("--agreement", metavar="ID", help="Name or hash; needed if several permit motion."),
]
Stations: TypeAlias = Annotated[
    list[str],
    typer.Option("--station", metavar="NAME", help="Where motion may be kept; repeat.", show_default=False),
]
Purposes: TypeAlias = Annotated[
    list[MotionPurpose],
    typer.Option("--purpose", help="What it may be used for, each singly; repeat.", show_default=False),
]
Days: TypeAlias = Annotated[
    int, typer.Option("--days", min=1, help="Whole days after today.", show_default=False)
]
Tongue: TypeAlias = Annotated[Language, typer.Option("--language", help="The worker's, en or de.")]
NewPage: TypeAlias = Annotated[
    Path,
    typer.Option("--out", metavar="FILE", help="The worker's page, a new .html file.", show_default=False),
]
Record: TypeAlias = Annotated[
    str | None,
    typer.Option("--record", metavar="ID", help="Number of the consent.", show_default=False),
]


@grant.command()
def request(
    plant: PlantDirectory,
    log_key: LogKey,
    key: AskingKey,
    out: NewPage,
    agreement: WhichAgreement = None,
    language: Tongue = Language.EN,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Ask a worker: draw a token, write the page with it and with what must be known, log the request."""
    site = _open(plant, log_key)
    line = site.permitting_motion(agreement)
    _, signer = open_key(key, read_passphrase(passphrase_file))
    site.require_may_ask(signer)
    token, record = new_token(os.urandom), uuid.uuid4().hex
    worker = token.signer(site.log)
    page = asked_page(line.agreement, language, record, worker.name)
    with _page(out, worker_page(page, token)):
        site.ask(line, worker.name, record, _now_ms(), signer)
    tell(f"{out}: for the worker, with the token; print it, hand it over, delete it")
    tell(f"request {record}: {_HANDED_IN}")


@grant.command()
def give(
    plant: PlantDirectory,
    log_key: LogKey,
    station: Stations,
    purpose: Purposes,
    days: Days,
    out: NewPage,
    key: Annotated[
        Path | None,
        typer.Option(
            "--key",
            metavar="FILE",
            help="Of a device or the employer: ask and answer in one go, with a new token.",
            show_default=False,
        ),
    ] = None,
    token_file: TokenFile = None,
    agreement: WhichAgreement = None,
    language: Tongue = Language.EN,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Say yes: to these purposes, at these stations, for so many days. Writes what was agreed as a page."""
    site = _open(plant, log_key)
    drawn = None
    if key is None:
        token = _read_token(token_file)
    else:
        line = site.permitting_motion(agreement)
        check_choice(line.agreement, _choice(line, station, purpose, days), _now_ms())
        _, signer = open_key(key, read_passphrase(passphrase_file))
        site.require_may_ask(signer)
        token = drawn = new_token(os.urandom)
        site.ask(line, token.signer(site.log).name, asked_record := uuid.uuid4().hex, _now_ms(), signer)
        site.wait_for(asked_record)
    worker = token.signer(site.log)
    asked, line = site.asked(worker.name)
    answer = Answer(asked.record, worker.name, language, _now_ms(), asked.entries[0][1].at_ms)
    record = consent_record(line.agreement, _choice(line, station, purpose, days), answer)
    _say_yes(site, record, worker, out, token=drawn)


@grant.command()
def renew(
    plant: PlantDirectory,
    log_key: LogKey,
    station: Stations,
    purpose: Purposes,
    days: Days,
    out: NewPage,
    record: Record = None,
    token_file: TokenFile = None,
    agreement: WhichAgreement = None,
    language: Tongue = Language.EN,
) -> None:
    """Replace consent that is in force by another: longer or shorter, more or fewer purposes or stations."""
    site = _open(plant, log_key)
    worker = _read_token(token_file).signer(site.log)
    old = [one.record for one in site.in_force(worker.name) if record in {None, one.record}]
    if len(old) != 1:
        raise BadInput("consent to renew", expected="one in force; --record if several", found=str(len(old)))
    line = site.permitting_motion(agreement)
    answer = Answer(uuid.uuid4().hex, worker.name, language, _now_ms())
    new = consent_record(line.agreement, _choice(line, station, purpose, days), answer)
    _say_yes(site, new, worker, out, renews=old[0])


@grant.command()
def refuse(plant: PlantDirectory, log_key: LogKey, token_file: TokenFile = None) -> None:
    """Say no, with the token that came with the request. No reason is asked; nothing changes at work."""
    site = _open(plant, log_key)
    worker = _read_token(token_file).signer(site.log)
    record = say_no(site, worker, _now_ms())
    tell(f"no to {record}: {_HANDED_IN}; nothing is kept, as before")


@grant.command()
def withdraw(
    plant: PlantDirectory,
    log_key: LogKey,
    token_file: TokenFile = None,
    record: Record = None,
    key: Annotated[
        Path | None,
        typer.Option("--key", metavar="FILE", help="A party's, on the worker's word.", show_default=False),
    ] = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Take consent back: all that a token gave, or one record with a party's key. No reason is asked."""
    site = _open(plant, log_key)
    if key is not None:
        role, signer = open_key(key, read_passphrase(passphrase_file))
        if role not in {Role.EMPLOYER, Role.WORKS_COUNCIL}:
            raise BadInput("key has another role", where=str(key), expected="a party's", found=role)
        if record is None:
            raise BadInput("a party withdraws one consent at a time", expected="--record")
        word = record
    else:
        signer = _read_token(token_file).signer(site.log)
        word = signer.name
    for one in take_back(site, word, signer, _now_ms(), record):
        tell(f"{one} withdrawn: handed in; counts for recorders at once")


@grant.command("check-in")
def check_in(
    plant: PlantDirectory,
    log_key: LogKey,
    station: Annotated[str, typer.Option(help="Where the worker stands now.", show_default=False)],
    keys: Annotated[
        Path,
        typer.Option(metavar="DIR", help="The vault's directory of workers' keys.", show_default=False),
    ],
    minutes: Annotated[
        int, typer.Option(min=1, max=LONGEST_MINUTES, help="Then the session is over.")
    ] = DEFAULT_MINUTES,
    token_file: TokenFile = None,
) -> None:
    """Have motion kept at a station from now on: while the worker is alone there, and until any end."""
    site = _open(plant, log_key)
    worker, at_ms = _read_token(token_file).signer(site.log), _now_ms()
    granted = [one for one in site.in_force(worker.name) if permits(site.state, one, station, at_ms)]
    if not granted:
        raise BadInput(
            "no consent under this token permits motion here",
            where=station,
            expected="one in force, at a station of the agreement",
        )
    record = max(granted, key=lambda one: one.until_ms).record
    with KeyFile(keys) as file:
        public = file.create(record)
    body = new_check_in(site.state, record, station, public, at_ms, minutes, os.urandom)
    number = CheckIns(plant).put(sign_check_in(body, worker))
    tell(f"checked in: {number}; ends at {body.until}, or with fairtakt grant check-out")


@grant.command("check-out")
def check_out(
    plant: PlantDirectory,
    number: Annotated[str, typer.Option("--check-in", metavar="ID", show_default=False)],
) -> None:
    """End a check-in at once. Nothing has to be proved for that: it only ends something."""
    CheckIns(plant).check_out(number)
    tell(f"checked out: {number}")


@grant.command()
def show(plant: PlantDirectory, log_key: LogKey, token_file: TokenFile = None, record: Record = None) -> None:
    """Show what the log says under a token, or about one record: what, where, until when, and since when."""
    for one in _found(_open(plant, log_key), token_file, record):
        tell(f"{one.record}: {one.state}")
        if one.yes is not None:
            body = one.yes.body
            tell(f"  {', '.join(body.purposes)}; at {', '.join(body.stations)}; until {body.until}")
        for index, entry in one.entries:
            tell(f"  entry {index}, {utc_text(entry.at_ms)}: {entry.type}")


@grant.command()
def receipt(
    plant: PlantDirectory,
    log_key: LogKey,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Directory; appears whole or not at all.")
    ],
    token_file: TokenFile = None,
    record: Record = None,
) -> None:
    """Write the receipt of the latest yes that stands in the log: record, proof, pages to print."""
    site = _open(plant, log_key)
    made = newest_receipt(site, record or _found(site, token_file, record)[0].pseudonym)
    contents = {RECEIPT_FILE: made.text, PROOF_FILE: made.proof}
    for language in Language:
        page = receipt_page(made.checked, made.seen.log, made.seen.witnesses, language)
        contents[f"receipt.{language}.html"] = worker_page(page)
    with whole_directory(out, replaces=list(contents)) as directory:
        for file, content in contents.items():
            (directory / file).write_text(content, encoding="utf-8")
    tell("\n".join(str(out / file) for file in contents))


@grant.command()
def check(
    receipt: Annotated[Path, typer.Argument(metavar="RECEIPT", help="A receipt.jsonld.", show_default=False)],
    proof: Annotated[Path, typer.Argument(metavar="PROOF", help="Its .tlog-proof.", show_default=False)],
    log_key: LogKey,
    witness: Annotated[
        list[Path],
        typer.Option("--witness", metavar="FILE", help="Verifier key that must have co-signed; repeat."),
    ],
) -> None:
    """Check a receipt offline: that the log holds exactly this consent, and that the witness saw it there."""
    keys = [read_verifier(file) for file in witness]
    checked = check_receipt(read_text(receipt), read_text(proof), read_verifier(log_key), keys)
    body = checked.body
    tell(f"entry {checked.index} of the log {checked.log}, taken in {checked.receipt.created}")
    tell(f"{body.pseudonym} consents to: {', '.join(body.purposes)}")
    tell(f"at {', '.join(body.stations)}; until {body.until}; record {body.record}")
    tell("whether it was withdrawn since stands in the log: fairtakt grant show")


@grant.command()
def erase(
    plant: PlantDirectory,
    log_key: LogKey,
    record: Annotated[
        str, typer.Option("--record", metavar="ID", help="Number of the consent.", show_default=False)
    ],
) -> None:
    """Remove the plant's copy of a record and its salt after consent has ended: the log alone is mute."""
    site = _open(plant, log_key)
    if site.waiting(record) or site.in_force(record):
        raise BadInput(
            "consent has not ended", where=record, expected="one that is not in force: withdraw first"
        )
    site.kept.erase(record)
    tell(f"{record}: erased here; without the worker's receipt, what the log still holds says nothing")


def _open(plant: Path, log_key: Path) -> Site:
    return Site(plant, read_verifier(log_key))


def _found(site: Site, token_file: Path | None, record: str | None) -> list[History]:
    word = record or _read_token(token_file).signer(site.log).name
    found = list(site.histories(word).values())
    if not found:
        raise BadInput("the log says nothing about it", expected="a token or record that the log knows")
    return found


def _choice(line: AgreementLine, stations: list[str], purposes: list[MotionPurpose], days: int) -> Choice:
    return Choice(tuple(stations), tuple(purposes), end_after_days(line.agreement, _now_ms(), days))


def _say_yes(
    site: Site,
    record: ConsentRecord,
    worker: Signer,
    out: Path,
    *,
    token: Token | None = None,
    renews: str | None = None,
) -> None:
    """Keep record and salt, write the page, hand in the act; leave nothing behind if one of them fails."""
    with _page(out, worker_page(given_page(record, record.language), token)):
        say_yes(site, record, worker, renews=renews)
    tell(f"{out}: for the worker" + ("" if token is None else ", with the token; print it, delete it"))
    tell(f"yes in {record.record_id}: {_HANDED_IN}; then: fairtakt grant receipt")


@contextmanager
def _page(out: Path, content: str) -> Iterator[None]:
    """Write a new page that this account alone may read, durably; remove it if what follows fails."""
    durable.write_new(out, content.encode(), mode=0o600)
    try:
        yield
    except BaseException:
        out.unlink()
        raise


def _read_token(file: Path | None) -> Token:
    if file is None:
        return read_token(str(typer.prompt("Token", hide_input=True)))
    lines = read_text(file).splitlines()
    return read_token(lines[0] if lines else "")


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
