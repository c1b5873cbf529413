"""`fairtakt agreement stop-order`: suspensions that the works council signs in advance."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from cli.files import read_verifier
from cli.handing_in import LogKey, OwnKey, Which, is_hash, name_of_log, now_ms, open_signer, which_agreement
from cli.passphrase import PassphraseFile
from cli.terminal import tell
from consent.agreement.lifecycle import State
from consent.durable import write_new
from consent.keys import Role
from consent.site.plant import Plant
from consent.site.stop_orders import MOST_ORDERS, sign_stop_orders
from productivity.errors import BadInput

_STANDING = frozenset({State.SIGNED_BY_BOTH, State.ACTIVE, State.SUSPENDED})


def stop_order(
    key: OwnKey,
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="The new file of stop orders.", show_default=False)
    ],
    count: Annotated[
        int, typer.Option("--count", min=1, max=MOST_ORDERS, help="How many; each can be used once.")
    ] = 10,
    plant: Annotated[
        Path | None,
        typer.Option(
            "--plant",
            metavar="PLANT",
            help="The site's directory; or else --agreement SHA256 and --log-key.",
            show_default=False,
        ),
    ] = None,
    agreement: Which = None,
    log_key: LogKey = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Sign suspensions in advance, for the page on which the works council stops recording by one press."""
    one, log = _meant(plant, agreement, log_key)
    signer = open_signer(key, passphrase_file, Role.WORKS_COUNCIL)
    content = sign_stop_orders(one, log, _instants(count), signer)
    # Whoever holds it can suspend: only its owner needs to read it.
    write_new(out, content, mode=0o600)
    tell(f"{out}: {count} stop orders for agreement {one} in the log {log}")
    tell("next: deposit the file on the council's page. A new version of the agreement needs new ones.")


def _meant(plant: Path | None, agreement: str | None, log_key: Path | None) -> tuple[str, str]:
    """Return the agreement's hash and the log's name; without a site's directory both must be given."""
    if plant is not None:
        site = Plant(plant)
        hashed = agreement if agreement is not None and is_hash(agreement) else None
        return hashed or which_agreement(site, agreement, _STANDING).hash, name_of_log(site, log_key)
    if agreement is None or not is_hash(agreement) or log_key is None:
        raise BadInput(
            "which agreement and log are meant is not known",
            expected="--plant, or --agreement with a SHA-256 and --log-key",
        )
    return agreement, read_verifier(log_key).name


def _instants(count: int) -> Iterator[int]:
    """Yield instants of now, each a millisecond or more after the one before: acts of one instant are one."""
    last = 0
    for _ in range(count):
        while (at_ms := now_ms()) <= last:
            time.sleep(0.001)
        yield at_ms
        last = at_ms
