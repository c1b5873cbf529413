"""`fairtakt agreement`: draft, check, render and sign the works agreement."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from capture.station.file import read_station
from capture.yaml_document import parse_document, read_document
from cli.acts import activate, end, propose, resume, status, suspend
from cli.files import read_bytes, read_verifier, write_new
from cli.passphrase import PassphraseFile, read_passphrase
from cli.stop_orders import stop_order
from cli.terminal import tell
from consent.agreement.check import Finding, refusals, require_signable
from consent.agreement.check import check as find_broken_rules
from consent.agreement.draft import Proposal, draft_text
from consent.agreement.form import agreement_hash
from consent.agreement.language import Language
from consent.agreement.names import NAMES
from consent.agreement.page import agreement_page
from consent.agreement.reading import read_out
from consent.agreement.rules.rule import Severity
from consent.agreement.schema import Agreement
from consent.agreement.signing import (
    SignedAgreement,
    countersign,
    open_agreement,
    party_of,
    require_keys,
    sign_agreement,
)
from consent.agreement.vocabulary import Party
from consent.keys import Role, open_key
from consent.notes import Verifier
from productivity.errors import BadInput
from storage.durable import whole_directory

SIGNED = ".note"
"""Suffix of signed agreements; any other file is a draft in YAML."""

_PAGES = [f"agreement.{language}.{form}" for language in Language for form in ("html", "pdf")]
_ROLES = {Role.EMPLOYER: Party.EMPLOYER, Role.WORKS_COUNCIL: Party.COUNCIL}

File: TypeAlias = Annotated[
    Path,
    typer.Argument(metavar="FILE", help="A draft (YAML) or a signed agreement (.note).", show_default=False),
]
EmployerKey: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--employer", metavar="FILE", help="The employer's .vkey, as handed over.", show_default=False
    ),
]
CouncilKey: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--council", metavar="FILE", help="The council's .vkey, as handed over.", show_default=False
    ),
]
Tongue: TypeAlias = Annotated[Language, typer.Option("--language", help="en or de.")]

agreement = typer.Typer(
    help="The works agreement: what employer and works council permit, in a file that both sign.",
    no_args_is_help=True,
)

# The parties' acts at a site, in a file of their own.
for _act in (propose, activate, suspend, resume, end, status):
    agreement.command()(_act)
agreement.command(name="stop-order")(stop_order)


@agreement.command()
def draft(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The new file, YAML.", show_default=False)],
    site: Annotated[str, typer.Option("--site", help="Where it applies.", show_default=False)],
    station: Annotated[
        list[Path],
        typer.Option(
            "--station",
            metavar="FILE",
            help="A station file: its station and states; repeat.",
            show_default=False,
        ),
    ],
    first_day: Annotated[
        datetime,
        typer.Option("--first-day", formats=["%Y-%m-%d"], help="First day of recording.", show_default=False),
    ],
    time_zone: Annotated[
        str, typer.Option("--time-zone", metavar="NAME", help="Of the site, an IANA name.")
    ] = "Europe/Berlin",
    employer: EmployerKey = None,
    council: CouncilKey = None,
    language: Tongue = Language.EN,
) -> None:
    """Write a first draft with comments: two hours a day, twelve days, no motion. Overwrites nothing."""
    stations = [read_station(path) for path in station]
    names = [one.name for one in stations]
    if len(set(names)) < len(names):
        raise BadInput("two station files have the same name", expected="each station once")
    keys = _read_trusted(employer, council)
    proposal = Proposal(
        site=site,
        stations=names,
        states=list(dict.fromkeys(state.name for one in stations for state in one.states)),
        first_day=first_day.date(),
        time_zone=time_zone,
        employer=keys.get(Party.EMPLOYER),
        works_council=keys.get(Party.COUNCIL),
    )
    text = draft_text(proposal, language)
    parse_document(text, str(file), Agreement, "works agreement")  # names, site and zone come from outside
    write_new(file, text)
    tell(f"{file}: now fill it in, then: fairtakt agreement check {file}")


@agreement.command()
def check(
    file: File, employer: EmployerKey = None, council: CouncilKey = None, language: Tongue = Language.EN
) -> None:
    """List refusals and warnings, each with the source of its rule. Exit status 1 if it may not be signed."""
    trusted = _read_trusted(employer, council)
    found, signed = _read(file, trusted)
    findings = find_broken_rules(found)
    for finding in findings:
        tell(_line(finding, language))
    refused = len(refusals(findings))
    tell(f"{refused} refusals, {len(findings) - refused} warnings; SHA-256 {agreement_hash(found)}")
    if signed is not None:
        tell(f"{signed.standing.state}: {_signers(signed)}")
        if unknown := [NAMES[party].en for party in Party if party not in trusted]:
            tell(f"whose key it is was not compared: {', '.join(unknown)}")
    if refused:
        raise typer.Exit(1)


@agreement.command()
def render(
    file: File,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Directory; appears whole or not at all.")
    ],
    pdf: Annotated[
        bool, typer.Option("--pdf", help="As PDF too, to print (needs the extra server).")
    ] = False,
    employer: EmployerKey = None,
    council: CouncilKey = None,
) -> None:
    """Write the agreement as pages to read, in German and English, from the file that is signed."""
    found, signed = _read(file, _read_trusted(employer, council))
    signed_by = signed.signed_by if signed else frozenset[Party]()
    readings = [read_out(found, language, signed_by) for language in Language]
    pages = {f"agreement.{one.language}.html": agreement_page(one).encode() for one in readings}
    if pdf:
        from consent.agreement.paper import agreement_pdf

        pages |= {f"agreement.{one.language}.pdf": agreement_pdf(one) for one in readings}
    with whole_directory(out, replaces=_PAGES) as directory:
        for name, page in pages.items():
            (directory / name).write_bytes(page)
    tell("\n".join(str(out / name) for name in pages))


@agreement.command()
def sign(
    file: File,
    key: Annotated[Path, typer.Option("--key", metavar="FILE", help="Your .key file.", show_default=False)],
    out: Annotated[
        Path,
        typer.Option("--out", metavar="FILE", help="The signed agreement, a new .note.", show_default=False),
    ],
    employer: EmployerKey = None,
    council: CouncilKey = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Sign a draft, or add the second signature to a .note. Signs nothing that `check` refuses."""
    if out.suffix != SIGNED:
        raise BadInput(
            "name of the signed agreement", where=str(out), expected=f"a name that ends in {SIGNED}"
        )
    found, signed = _read(file, _read_trusted(employer, council))
    require_signable(found, str(file))
    role, signer = open_key(key, read_passphrase(passphrase_file))
    party = party_of(found, signer.verifier)
    if _ROLES.get(role) is not party:
        raise BadInput("key has another role", where=str(key), expected=party.value, found=role)
    result = countersign(signed, signer) if signed else sign_agreement(found, signer)
    write_new(out, str(result.note))
    tell(f"{out}: {result.standing.state} ({_signers(result)}); SHA-256 {agreement_hash(found)}")


def _read(file: Path, trusted: Mapping[Party, Verifier]) -> tuple[Agreement, SignedAgreement | None]:
    if file.suffix != SIGNED:
        drafted = read_document(file, Agreement, "works agreement")
        require_keys(drafted, trusted, str(file))
        return drafted, None
    content = read_bytes(file, expected="a signed agreement")
    signed = open_agreement(content, str(file), trusted=trusted)
    return signed.agreement, signed


def _read_trusted(employer: Path | None, council: Path | None) -> dict[Party, Verifier]:
    """Return the parties' keys that the caller was handed."""
    named = {Party.EMPLOYER: employer, Party.COUNCIL: council}
    return {party: read_verifier(file) for party, file in named.items() if file is not None}


def _line(finding: Finding, language: Language) -> str:
    refused = finding.rule.severity is Severity.REFUSAL
    words = ("Ablehnung", "Hinweis") if language is Language.DE else ("refused", "warning")
    return f"{words[0] if refused else words[1]}: {finding.says(language)}"


def _signers(signed: SignedAgreement) -> str:
    return ", ".join(NAMES[party].en for party in Party if party in signed.signed_by)
