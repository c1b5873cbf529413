"""`fairtakt edge`: a device and its plant server: enrol, send, fetch station files, tell how it goes."""

import json
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, TypeAlias

import typer
from pydantic import ValidationError

from cli.passphrase import PassphraseFile, read_passphrase
from cli.signals import first_signal
from cli.terminal import tell
from consent import durable
from consent.keys import Role, read_public
from models.extras import needs_edge
from productivity.errors import BadInput, FairtaktError

edge = typer.Typer(
    help="This device and the plant server: enrol, send intervals, see how it goes.", no_args_is_help=True
)

State: TypeAlias = Annotated[
    Path,
    typer.Option("--state", metavar="DIR", help="Holds the enrolment and the outbox.", show_default=False),
]

_ENROLLED = 201
_SERVERS_OWN = 500
"""From here on, a status tells of trouble at the server or a proxy, and of nothing else."""
_REFUSALS = {
    403: "the code is wrong, used or expired",
    409: "a device of this name is enrolled already",
    429: "too many attempts; wait a while",
}


@edge.command()
def enroll(
    url: Annotated[str, typer.Argument(metavar="URL", help="The plant server, https.", show_default=False)],
    code: Annotated[
        str, typer.Option("--code", help="The one-time code of this device.", show_default=False)
    ],
    key: Annotated[
        Path, typer.Option("--key", metavar="FILE", help="This device's .key file.", show_default=False)
    ],
    state: State,
    name: Annotated[
        str | None, typer.Option("--name", help="The device's name at the server; else that of its key.")
    ] = None,
    certificates: Annotated[
        Path | None, typer.Option("--ca", metavar="FILE", help="PEM file of the plant's own authority.")
    ] = None,
    insecure: Annotated[
        bool, typer.Option("--insecure", help="Permit http beyond this machine. Readable on the way.")
    ] = False,
) -> None:
    """Make this device known to a plant server, with a one-time code; sends the public key only."""
    with needs_edge("httpx", "http_message_signatures"):
        from capture.outbox.address import check_address
        from capture.outbox.enrolment import FILE, Enrolment, read_enrolment
        from capture.outbox.transport import Transport

    role, verifier = read_public(key)
    if role is not Role.DEVICE:
        raise BadInput("role of the key", where=str(key), expected=Role.DEVICE, found=role)
    try:
        wanted = Enrolment(
            url=check_address(url, insecure=insecure),
            device=name or verifier.name,
            key=key.resolve(),
            certificates=None if certificates is None else certificates.resolve(),
            insecure=insecure,
        )
    except ValidationError:
        raise BadInput("--name", expected="1 to 100 letters, digits, and . _ -") from None
    with Transport(wanted.url, certificates=wanted.certificates) as transport:
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        before = (state / FILE).exists()
        if before and read_enrolment(state) != wanted:
            raise BadInput("enrolled otherwise", where=str(state), expected="another --state directory")
        if not before:  # written first: a device that the server knows must know it too
            durable.write_new(state / FILE, wanted.model_dump_json(indent=1).encode(), mode=0o600)
        reply = transport.enroll(code, wanted.device, str(verifier))
    if reply is not None and reply.status == _ENROLLED and reply.body.get("device") == wanted.device:
        tell(f"{wanted.device} is enrolled at {wanted.url}")
        return
    # A server may have taken the device in before a proxy lost its answer.
    if reply is None or reply.status >= _SERVERS_OWN or reply.status == _ENROLLED:
        what = "no answer" if reply is None else f"answer {reply.status} that does not settle it"
        raise FairtaktError(
            f"{wanted.url}: {what}, so it is not known whether the server took the device in:"
            " give the same command again; it is taken in once"
        )
    if not before:
        (state / FILE).unlink()
    reason = _REFUSALS.get(reply.status, "not the answer of a plant server")
    raise BadInput("not enrolled", where=wanted.url, expected="status 201", found=f"{reply.status}: {reason}")


@edge.command()
def send(state: State, passphrase_file: PassphraseFile = None) -> None:
    """Send what waits in the outbox until stopped (Ctrl-C, SIGTERM); nothing is deleted unacknowledged."""
    with needs_edge("httpx", "http_message_signatures"):
        from capture.outbox.enrolment import OUTBOX, read_enrolment
        from capture.outbox.outbox import Outbox
        from capture.outbox.reporter import Reporter, Told
        from capture.outbox.sender import Sender
        from cli.uplink import CLOCKS, open_device_key, uplink

    enrolment = read_enrolment(state)
    signer = open_device_key(enrolment.key, read_passphrase(passphrase_file))
    stopped = threading.Event()
    with (
        Outbox(state / OUTBOX) as outbox,
        uplink(enrolment, signer) as line,
        first_signal(stopped.set),
    ):
        tell(f"{enrolment.device} sends to {enrolment.url}")
        sender = Sender(outbox, enrolment.device, line.send, CLOCKS, on_condition=tell)
        told = Told(  # no station: nothing records
            outbox.waiting, lambda: sender.condition or "", tuple, outbox.tell_reporting
        )
        reporter = Reporter(enrolment.device, told, line.report, CLOCKS)
        thread = threading.Thread(target=reporter.run, args=(stopped,), name="reporter", daemon=True)
        thread.start()
        sender.run(stopped)
        thread.join()


@edge.command()
def station(
    state: State,
    name: Annotated[
        str, typer.Option("--station", metavar="NAME", help="As the plant calls it.", show_default=False)
    ],
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="Where to put it; an older one is replaced.")
    ],
    passphrase_file: PassphraseFile = None,
) -> None:
    """Fetch a station file that was published at the plant server; it counts for the next recording."""
    with needs_edge("httpx", "http_message_signatures"):
        from capture.outbox.enrolment import read_enrolment
        from cli.published import fetch
        from cli.uplink import open_device_key, uplink

    enrolment = read_enrolment(state)
    signer = open_device_key(enrolment.key, read_passphrase(passphrase_file))
    with uplink(enrolment, signer) as line:
        changed = fetch(line, name, out)
    tell(f"{out}: {'as published' if changed else 'unchanged'}")


@edge.command()
def status(
    state: State,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, for programs.")] = False,
) -> None:
    """Tell what waits in the outbox and how sending goes; also while it is in use, without a passphrase."""
    from capture.outbox.enrolment import OUTBOX, read_enrolment
    from capture.outbox.status import NOTHING, read_status

    enrolment = read_enrolment(state)
    found = read_status(state / OUTBOX) if (state / OUTBOX).exists() else NOTHING
    if as_json:
        typer.echo(json.dumps({"device": enrolment.device, "url": enrolment.url, **asdict(found)}))
        return
    tell(f"{enrolment.device} sends to {enrolment.url}")
    tell(f"{found.waiting} intervals wait, and {found.entries_in_batches} more in {found.batches} batches")
    tell(f"{found.bytes} bytes on disk; sending: {found.condition or 'nothing was sent yet'}")
    if found.reporting:
        tell(f"reports: {found.reporting}")
    if found.refused:
        tell(f"{found.refused} batches were refused by the server; they are kept and tried again each hour")
    if found.purged_too_late:
        tell(f"{found.purged_too_late} purged batches had reached the server before; erase them there:")
        for name, boot, number in found.settled:
            tell(f"fairtakt device erase {name} {boot} {number}")
        if unnamed := found.purged_too_late - len(found.settled):
            tell(f"{unnamed} more came before these; their numbers are not kept")
    if found.purges_open:
        tell(f"{found.purges_open} purges were interrupted; the next start completes them")
