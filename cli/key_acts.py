"""`fairtakt keys add | retire`: which key speaks for whom at a site, by acts that the log takes in."""

from pathlib import Path
from typing import Annotated

import typer

from cli.files import read_verifier
from cli.handing_in import LogKey, OwnKey, PlantDirectory, hand_in, name_of_log, open_signer
from cli.passphrase import PassphraseFile
from consent.entries.bodies import DeviceEnrolled, DeviceRevoked, KeyAdded, KeyRetired
from consent.keys import Role
from consent.notes import KeyType
from consent.site.keys import AUTHORITY
from consent.site.plant import Plant
from productivity.errors import BadInput

Speaks = Annotated[Role, typer.Option("--role", help="Whom the key speaks for.", show_default=False)]
Device = Annotated[str | None, typer.Option("--device", metavar="NAME", help="With --role device: its name.")]


def add(
    plant: PlantDirectory,
    new: Annotated[
        Path,
        typer.Argument(
            metavar="NEW", help="The new .vkey; for employer and works council the .key.", show_default=False
        ),
    ],
    role: Speaks,
    key: OwnKey,
    device: Device = None,
    replaces: Annotated[
        Path | None, typer.Option("--replaces", metavar="FILE", help="The .vkey that is retired with it.")
    ] = None,
    log_key: LogKey = None,
    passphrase_file: PassphraseFile = None,
    new_passphrase_file: Annotated[
        Path | None, typer.Option("--new-passphrase-file", metavar="FILE", help="Of the new .key.")
    ] = None,
) -> None:
    """Bring in a key: employer for devices, log, licensees; council for its witness; each for itself."""
    site, log = Plant(plant), name_of_log(Plant(plant), log_key)
    _require_device_name(role, device)
    if role is Role.DEVICE:
        body = DeviceEnrolled(device=device or "", key=str(read_verifier(new)))
        hand_in(site, body, log, open_signer(key, passphrase_file, Role.EMPLOYER))
        return
    old = None if replaces is None else str(read_verifier(replaces))
    signers = [open_signer(key, passphrase_file, AUTHORITY[role])]
    if AUTHORITY[role] is role:
        # The new key signs as well, so that nobody is brought in who does not hold it.
        signers.append(open_signer(new, new_passphrase_file, role))
        verifier = signers[-1].verifier
    else:
        verifier = read_verifier(new)
    _require_type(role, verifier.type)
    hand_in(site, KeyAdded(role=role, key=str(verifier), replaces=old), log, *signers)


def retire(
    plant: PlantDirectory,
    role: Speaks,
    key: OwnKey,
    old: Annotated[
        Path | None, typer.Argument(metavar="OLD", help="The .vkey that speaks no more.", show_default=False)
    ] = None,
    device: Device = None,
    log_key: LogKey = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Let a key speak no more, or a device record no more. What is retired never comes back."""
    site, log = Plant(plant), name_of_log(Plant(plant), log_key)
    _require_device_name(role, device)
    if role is Role.DEVICE:
        signer = open_signer(key, passphrase_file, Role.EMPLOYER, Role.WORKS_COUNCIL)
        hand_in(site, DeviceRevoked(device=device or ""), log, signer, stops=True)
        return
    if old is None:
        raise BadInput("no key is named", where="OLD", expected="the .vkey to retire")
    signer = open_signer(key, passphrase_file, AUTHORITY[role], role)
    hand_in(site, KeyRetired(role=role, key=str(read_verifier(old))), log, signer)


def _require_device_name(role: Role, device: str | None) -> None:
    if (role is Role.DEVICE) != (device is not None):
        raise BadInput("--device goes with --role device", expected="both or neither")


def _require_type(role: Role, found: KeyType) -> None:
    if found is not role.key_type:
        raise BadInput("key is of another type", where="NEW", expected=f"a key made with --role {role}")
