"""`fairtakt agreement propose | activate | suspend | resume | end | status`: the parties' acts at a site."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.files import read_bytes, read_verifier, write_new
from cli.handing_in import (
    LogKey,
    OwnKey,
    PlantDirectory,
    Which,
    hand_in,
    is_hash,
    name_of_log,
    now_ms,
    open_signer,
    tell_handed_in,
    which_agreement,
)
from cli.passphrase import PassphraseFile
from cli.terminal import tell
from consent.agreement.lifecycle import State
from consent.agreement.signing import open_agreement
from consent.entries.bodies import AgreementActivated, AgreementEnded, AgreementResumed, AgreementSuspended
from consent.entries.form import parse_act, sign_act
from consent.entries.times import utc_text
from consent.keys import Role
from consent.notes import Signer, add_signature
from consent.site.follower import Follower
from consent.site.plant import Plant
from consent.site.preview import preview
from consent.site.state import SiteState
from productivity.errors import BadInput

_PARTIES = (Role.EMPLOYER, Role.WORKS_COUNCIL)
_SIGNED = frozenset({State.SIGNED_BY_ONE, State.SIGNED_BY_BOTH})
_LIVE = frozenset({State.ACTIVE, State.SUSPENDED})


def propose(
    plant: PlantDirectory,
    signed: Annotated[
        Path, typer.Argument(metavar="NOTE", help="A signed agreement (.note).", show_default=False)
    ],
) -> None:
    """Hand in a signed agreement: its text and each signature go into the log."""
    content = read_bytes(signed)
    opened = open_agreement(content, str(signed))
    Plant(plant).hand_in(content)
    agreement = opened.agreement
    tell_handed_in(f"{agreement.id} version {agreement.version}, {opened.standing.state}")


def activate(
    plant: PlantDirectory,
    key: OwnKey,
    agreement: Which = None,
    log_key: LogKey = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Put a signed agreement into force. The version that it supersedes ends with it."""
    site = Plant(plant)
    one = which_agreement(site, agreement, _SIGNED)
    log = name_of_log(site, log_key)
    hand_in(site, AgreementActivated(agreement=one.hash), log, open_signer(key, passphrase_file, *_PARTIES))


def suspend(
    plant: PlantDirectory,
    key: OwnKey,
    agreement: Which = None,
    log_key: LogKey = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Stop all recording under an agreement: either party alone, at any time, within a second."""
    site = Plant(plant)
    # Named by its hash, and with the log's key, it works though the log cannot be read.
    one = agreement if agreement is not None and is_hash(agreement) else None
    one = one or which_agreement(site, agreement, _LIVE).hash
    log = name_of_log(site, log_key)
    signer = open_signer(key, passphrase_file, *_PARTIES)
    hand_in(site, AgreementSuspended(agreement=one), log, signer, stops=True)


def resume(
    plant: PlantDirectory,
    key: OwnKey,
    agreement: Which = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="First party: where to write the act.")
    ] = None,
    act: Annotated[
        Path | None,
        typer.Option("--act", metavar="FILE", help="Second party: the act that the first signed."),
    ] = None,
    log_key: LogKey = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Let recording go on after a suspension: one party signs and writes --out, the other signs --act."""
    site = Plant(plant)
    one, log = which_agreement(site, agreement, frozenset({State.SUSPENDED})), name_of_log(site, log_key)
    body = AgreementResumed(agreement=one.hash, lifts=one.suspended_at)
    if out is not None and act is None:
        signer = open_signer(key, passphrase_file, *_PARTIES)
        write_new(out, str(sign_act(body, log, now_ms(), signer).note))
        tell(f"{out}: signed by one. The other party: fairtakt agreement resume PLANT --act {out.name}")
    elif act is not None and out is None:
        _countersign(site, act, body, log, open_signer(key, passphrase_file, *_PARTIES))
        tell_handed_in("agreement.resumed/1, signed by both")
    else:
        raise BadInput("resume needs one of two options", expected="--out first, --act for the other party")


def end(
    plant: PlantDirectory,
    key: OwnKey,
    agreement: Which = None,
    log_key: LogKey = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """End an agreement for good; either party alone."""
    site = Plant(plant)
    one = which_agreement(site, agreement, _LIVE | _SIGNED | {State.DRAFT})
    signer = open_signer(key, passphrase_file, *_PARTIES)
    hand_in(site, AgreementEnded(agreement=one.hash), name_of_log(site, log_key), signer, stops=True)


def status(
    plant: PlantDirectory,
    log_key: Annotated[
        Path, typer.Option("--log-key", metavar="FILE", help="The log's .vkey, from its operator.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Say what is in force, what is being recorded, and when the witness last co-signed the log."""
    site = Plant(plant)
    waiting = site.waiting_acts()
    follower = site.follow(read_verifier(log_key))
    facts = _facts(follower, preview(follower.poll(), waiting), len(waiting))
    tell(json.dumps(facts, ensure_ascii=False, indent=1) if as_json else _in_words(facts))


def _countersign(site: Plant, file: Path, body: AgreementResumed, log: str, signer: Signer) -> None:
    act = parse_act(read_bytes(file), str(file))
    if act.body != body or act.log != log:
        raise BadInput(
            "not the act that lifts this suspension", where=str(file), expected=f"entry {body.lifts}"
        )
    if act.signed_by([signer.verifier]):
        raise BadInput("this key has signed already", where=str(file), expected="the other party's")
    site.hand_in(str(add_signature(act.note, signer)))


def _facts(follower: Follower, soon: SiteState, waiting: int) -> dict[str, Any]:
    """Return what stands in the log, and as what it counts with the stops that wait."""
    state, cosigned_ms = follower.state, follower.cosigned_ms
    return {
        "log": state.log,
        "entries": state.size,
        "latest": utc_text(state.latest_ms),
        "cosigned": None if cosigned_ms is None else utc_text(cosigned_ms),
        "waiting": waiting,
        "agreements": [
            {
                "id": line.agreement.id,
                "version": line.agreement.version,
                "sha256": line.hash,
                "state": line.state,
                "since": utc_text(line.since_ms),
                "counts_as": soon.agreements[line.hash].state,
            }
            for line in state.agreements.values()
        ],
        "sessions": [
            {"station": one.station, "device": one.device, "since": utc_text(one.started_ms)}
            for one in state.sessions.values()
        ],
    }


def _in_words(facts: dict[str, Any]) -> str:
    lines = [f"log {facts['log']}: {facts['entries']} entries, the last of {facts['latest']}"]
    for one in facts["agreements"]:
        line = f"agreement {one['id']} version {one['version']}: {one['state']} since {one['since']}"
        if one["counts_as"] != one["state"]:
            line += f"; counts as {one['counts_as']}, an act waits"
        lines.append(line)
    lines += [] if facts["agreements"] else ["no agreement"]
    lines += [
        f"recording {one['station']} with {one['device']} since {one['since']}" for one in facts["sessions"]
    ]
    lines += [] if facts["sessions"] else ["nothing is being recorded"]
    lines.append(f"last co-signature: {facts['cosigned'] or 'none'}")
    lines.append(f"acts that wait for the operator: {facts['waiting']}")
    return "\n".join(lines)
