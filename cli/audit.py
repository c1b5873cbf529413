"""`fairtakt audit`: an independent judge of the consent log, offline, for the council's own machine."""

import json
import time
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from cli.files import read_bytes, write_new
from cli.terminal import tell
from consent.agreement.language import Language
from consent.audit.audit import Report
from consent.audit.kept import MAX_NOTE_BYTES, fetch_kept, read_kept
from consent.audit.page import audit_page
from consent.audit.policy import MAX_POLICY_BYTES, Policy, parse_policy
from consent.audit.result import as_data, lines, verdict
from consent.audit.verify import audit_log
from consent.entries.times import utc_ms
from consent.log.directory import Directory
from consent.log.http import HttpFiles
from consent.log.store import LogFiles
from productivity.errors import BadInput
from storage.durable import whole_directory

PAGE = "audit.{language}.html"
_PAGES = [PAGE.format(language=language) for language in Language]

audit = typer.Typer(
    help="Judge a consent log: is it whole, and was everything kept that was agreed?", no_args_is_help=True
)

LogPlace: TypeAlias = Annotated[
    str,
    typer.Argument(
        metavar="LOG",
        help="The directory of the log or a copy of it, or the http(s) address where it is served.",
        show_default=False,
    ),
]
PolicyFile: TypeAlias = Annotated[
    Path, typer.Option("--policy", metavar="FILE", help="Whom you trust (docs/audit.md).", show_default=False)
]
Earlier: TypeAlias = Annotated[
    list[Path] | None,
    typer.Option("--earlier", metavar="FILE", help="A checkpoint that you kept from before; repeatable."),
]
At: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--at", metavar="TIME", help="Judge as of then, such as 2027-03-01T08:00:00.000Z; otherwise now."
    ),
]
Tongue: TypeAlias = Annotated[Language, typer.Option("--language", help="en or de.")]


@audit.command()
def verify(
    log: LogPlace,
    policy: PolicyFile,
    earlier: Earlier = None,
    at: At = None,
    out: Annotated[
        str | None, typer.Option("--json", metavar="FILE", help="The result as JSON; - prints it.")
    ] = None,
    language: Tongue = Language.EN,
) -> None:
    """Check a log and everything in it. Exit status 0: all kept, 1: findings, 2: it cannot be read."""
    result = _audit(log, policy, earlier, at)
    data = json.dumps(as_data(result, language), ensure_ascii=False, indent=1) + "\n"
    if out == "-":
        typer.echo(data, nl=False)
    else:
        if out is not None:
            write_new(Path(out), data)
        tell("\n".join(lines(result, language)))
    if result.number:
        raise typer.Exit(1)


@audit.command()
def report(
    log: LogPlace,
    policy: PolicyFile,
    out: Annotated[
        Path,
        typer.Option(
            "--out", metavar="DIR", help="Directory; appears whole or not at all.", show_default=False
        ),
    ],
    earlier: Earlier = None,
    at: At = None,
    language: Tongue = Language.EN,
) -> None:
    """Write a page to read: what was recorded, when, under what agreement, who saw what, the checks."""
    result = _audit(log, policy, earlier, at)
    name = PAGE.format(language=language)
    page = audit_page(result, language)
    with whole_directory(out, replaces=_PAGES) as target:
        (target / name).write_text(page, encoding="utf-8")
    tell(f"{verdict(result).in_(language)}\n{out / name}")
    if result.number:
        raise typer.Exit(1)


def _audit(log: str, policy: Path, earlier: list[Path] | None, at: str | None) -> Report:
    trusted = _policy(policy)
    at_ms = time.time_ns() // 1_000_000 if at is None else _instant(at)
    own = {str(file): read_bytes(file, limit=MAX_NOTE_BYTES) for file in earlier or ()}
    files, kept = _open(log)
    return audit_log(files, trusted, kept=kept, earlier=own, at_ms=at_ms)


def _open(log: str) -> tuple[LogFiles, dict[str, bytes]]:
    """Return the log and what is kept beside it, read before its checkpoint: it may only grow meanwhile."""
    if log.startswith(("http://", "https://")):
        served = HttpFiles(log)
        return served, fetch_kept(served)
    return Directory(Path(log)), read_kept(Path(log))


def _policy(file: Path) -> Policy:
    policy = parse_policy(read_bytes(file, limit=MAX_POLICY_BYTES), str(file))
    if not policy.logs:
        raise BadInput("policy names no log", where=str(file), expected="a line 'log VKEY'")
    return policy


def _instant(text: str) -> int:
    try:
        return utc_ms(text)
    except BadInput as error:
        raise BadInput(str(error), where="--at") from None
