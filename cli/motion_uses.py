"""`fairtakt motion`: what motion there is, uses of it from request to export, models trained on it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.files import write_new
from cli.handing_in import now_ms
from cli.motion_office import Office, Place, open_place
from cli.serve import DEFAULT_DATABASE, DatabaseAddress
from cli.serving import Log
from cli.terminal import tell
from productivity.errors import BadInput, FairtaktError, MissingExtra

if TYPE_CHECKING:
    from api.services import Services
    from api.uses.room import MotionRoom
    from consent.agreement.vocabulary import RoyaltyUnit
    from storage.sql.database import Database
    from storage.sql.uses import MotionUse

MS_PER_HOUR = 3_600_000
_LOOK_S = 0.3

motion = typer.Typer(
    help="Motion of workers who opted in: what there is, uses of it, and models trained on it.",
    no_args_is_help=True,
)

DataDirectory = Annotated[
    Path, typer.Option("--data", metavar="DIR", help="The server's data directory.", show_default=False)
]
PlantDirectory = Annotated[
    Path,
    typer.Option("--plant", metavar="DIR", help="The site's directory, with its log.", show_default=False),
]
LogKey = Annotated[
    Path,
    typer.Option(
        "--log-key",
        metavar="FILE",
        help="The log's .vkey, while a server operates the log. Its .key: this command does, instead.",
        show_default=False,
    ),
]
PassphraseFile = Annotated[
    Path | None, typer.Option("--passphrase-file", metavar="FILE", help="Of the log's .key.")
]
WitnessUrl = Annotated[
    str | None,
    typer.Option(
        "--witness-url", metavar="URL", help="With the log's .key: where the council's witness listens."
    ),
]
KeyStore = Annotated[
    Path | None,
    typer.Option(
        "--key-store", metavar="FILE", help="With the log's .key: settings of an external key store."
    ),
]
SiteName = Annotated[
    str | None, typer.Option("--site", metavar="NAME", help="Needed only if there are several sites.")
]
Licensee = Annotated[
    str | None,
    typer.Option(
        "--licensee", metavar="NAME", help="Licensing to this account; else the plant's own models."
    ),
]
UseName = Annotated[str, typer.Argument(metavar="USE", help="As the log names it.", show_default=False)]


@motion.command()
def offer(
    data: DataDirectory,
    plant: PlantDirectory,
    log_key: LogKey,
    licensing: Annotated[
        bool, typer.Option("--licensing", help="For licensing to others, not for the plant's own models.")
    ] = False,
    passphrase_file: PassphraseFile = None,
    database: DatabaseAddress = DEFAULT_DATABASE,
) -> None:
    """Print how much motion of which station may be used now. No worker, and no number of people."""
    place = Place(database, data, _log(plant, log_key, passphrase_file))
    with _opened(place) as (_, room):
        from api.policy import Role
        from api.uses.offer import offer as offered
        from api.uses.requests import PURPOSES

        purpose = PURPOSES[Role.LICENSEE if licensing else Role.ENGINEER]
        found = offered(room, purpose)
    tell(f"for {purpose}:")
    for one in found:
        tell(f"{one.station}: {_hours(one.span_ms)}")
    if not found:
        tell("nothing: no consent that is in force covers any motion for this")


@motion.command()
def use(
    data: DataDirectory,
    plant: PlantDirectory,
    log_key: LogKey,
    station: Annotated[
        list[str], typer.Option("--station", metavar="NAME", help="All there is of it; repeatable.")
    ],
    licensee: Licensee = None,
    format_: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="lerobot, mcap or c3d.")
    ] = "lerobot",
    unit: Annotated[
        str, typer.Option("--unit", metavar="UNIT", help="A unit of the rate card.")
    ] = "motion hour",
    quantity: Annotated[
        int | None,
        typer.Option(
            "--quantity",
            min=1,
            help="Models, milliseconds of deployment or minor units of revenue; hours of motion are counted.",
        ),
    ] = None,
    model: Annotated[
        str | None, typer.Option("--model", metavar="SHA256", help="The model that it trains, if known.")
    ] = None,
    approve: Annotated[bool, typer.Option("--approve", help="Approve it without a question.")] = False,
    wait_s: Annotated[
        int, typer.Option("--wait-s", min=0, help="How long to wait until it is booked; it goes on anyway.")
    ] = 120,
    passphrase_file: PassphraseFile = None,
    witness_url: WitnessUrl = None,
    key_store: KeyStore = None,
    site: SiteName = None,
    database: DatabaseAddress = DEFAULT_DATABASE,
) -> None:
    """Use motion: show terms and price, ask for approval, wait until it is logged, exported and booked."""
    place = Place(database, data, _log(plant, log_key, passphrase_file, witness_url), key_store, site)
    with _opened(place) as (services, room):
        from api.policy import Role
        from api.uses.requests import Wanted, decide, request
        from storage.exports.motion.export import Format

        try:
            form = Format(format_)
        except ValueError:
            raise BadInput("unknown format", where="--format", expected=", ".join(Format)) from None
        wanted = Wanted(tuple(station), form, _unit(unit), quantity, model)
        office = Office(Role.ENGINEER, "the plant") if licensee is None else _licensee(services, licensee)
        made = request(services, room, office, wanted)
        tell(made.terms_text)
        tell(f"use {made.use}")
        if not (approve or _agreed()):
            decide(services, made.use, approved=False)
            tell("refused: nothing was used, nothing is paid")
            return
        decide(services, made.use, approved=True)
        tell("approved")
        if place.operates:
            _finish(services, room, made.use)
        done = _wait(services, made.use, wait_s)
        _tell_end(room, done)


@motion.command()
def resume(
    data: DataDirectory,
    plant: PlantDirectory,
    log_key: LogKey,
    passphrase_file: PassphraseFile = None,
    witness_url: WitnessUrl = None,
    key_store: KeyStore = None,
    site: SiteName = None,
    database: DatabaseAddress = DEFAULT_DATABASE,
) -> None:
    """Bring approved uses to their end, and do all else that is due, where no server runs.

    With the log's .key. A server does it by itself.
    """
    place = Place(database, data, _log(plant, log_key, passphrase_file, witness_url), key_store, site)
    if not place.operates:
        raise BadInput("the server does it by itself", where="--log-key", expected="the log's .key")
    with _opened(place) as (services, room):
        from api.uses.keeper import UseKeeper
        from storage.sql.uses import UNFINISHED, find_use, uses_in

        waiting = uses_in(services.database, *UNFINISHED)
        for one in waiting:
            try:
                _finish(services, room, one.use)
            except FairtaktError as error:
                tell(str(error))
                continue
            tell(f"{one.use}: {find_use(services.database, one.use).state}")
        UseKeeper(services, room).turn()
    if not waiting:
        tell("no use waits")


@motion.command()
def uses(database: DatabaseAddress = DEFAULT_DATABASE) -> None:
    """Print all uses, newest first: state, purpose, for whom, how much, and the entry in the log."""
    with _database(database) as opened:
        from storage.sql.uses import uses_in

        found = uses_in(opened)[::-1]
    for one in found:
        span = _hours(sum(part.span_ms for part in one.segments))
        entry = "not in the log" if one.log_index is None else f"entry {one.log_index}"
        tell(
            f"{_time(one.created_ms)} {one.use} {one.state}: {one.purpose}, "
            f"{one.licensee or 'the plant itself'}, {span}, {one.format}, {entry}"
        )


@motion.command()
def export(
    use_: UseName,
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A new directory.", show_default=False)],
    data: DataDirectory,
    plant: PlantDirectory,
    log_key: LogKey,
    passphrase_file: PassphraseFile = None,
    database: DatabaseAddress = DEFAULT_DATABASE,
) -> None:
    """Copy what a use exported, as long as all consent in it is in force and it has not expired."""
    place = Place(database, data, _log(plant, log_key, passphrase_file))
    with _opened(place) as (services, room):
        import shutil

        from api.routes.uses import is_ready
        from storage.durable import whole_directory
        from storage.exports.motion.export import ONLY_OWNER
        from storage.exports.motion.sums import check_export
        from storage.sql.uses import find_use

        found = find_use(services.database, use_)

        def require_ready() -> None:
            if not is_ready(room, found):
                raise BadInput(
                    "there is nothing to copy",
                    expected="a use that is booked and not expired, with all consent in force",
                    found=found.state,
                )

        require_ready()
        with whole_directory(directory) as partial:
            partial.chmod(ONLY_OWNER)
            try:
                shutil.copytree(room.exports / found.use, partial, dirs_exist_ok=True)
                if check_export(partial) != found.export_hash:
                    raise BadInput("export is not what the log names", expected="its hash in the log")
            finally:
                # Consent may have ended while it was copied, and the server erases at the same time.
                require_ready()
    tell(f"{directory}: sha256 of SHA256SUMS {found.export_hash}, as motion.exported says")


@motion.command()
def check(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="An export.", show_default=False)],
    content: Annotated[
        str | None,
        typer.Option(
            "--content", metavar="SHA256", help="What motion.exported says; anything else is refused."
        ),
    ] = None,
) -> None:
    """Check that an export is whole, and print the hash by which the log knows it. Needs no server."""
    try:
        from storage.exports.motion.sums import check_export
    except ImportError as error:
        raise MissingExtra("server", str(error.name)) from None
    found = check_export(directory)
    if content is not None and content != found:
        raise BadInput("export is another one", where=str(directory), expected=content, found=found)
    tell(f"{directory}: whole, {found}")


@motion.command()
def models(
    data: DataDirectory,
    plant: PlantDirectory,
    log_key: LogKey,
    bom: Annotated[
        Path | None, typer.Option("--bom", metavar="FILE", help="Write a CycloneDX bill of materials, too.")
    ] = None,
    passphrase_file: PassphraseFile = None,
    database: DatabaseAddress = DEFAULT_DATABASE,
) -> None:
    """Print registered models, oldest first, and which of them used motion that was withdrawn since."""
    place = Place(database, data, _log(plant, log_key, passphrase_file))
    with _opened(place) as (services, room):
        from api.uses.trained import bill_of_materials, concerned
        from storage.sql.trained_models import RegisteredModels

        found = RegisteredModels(services.database).models()
        touched = {one.model.sha256: one for one in concerned(room, found)}
        content = None if bom is None else bill_of_materials(room, found)
    for one in found:
        said = touched.get(one.sha256)
        standing = "" if said is None else f"; {said.standing}: {', '.join(said.uses)}"
        tell(f"{_time(one.registered_ms)} {one.name} {one.sha256}: uses {', '.join(one.uses)}{standing}")
    if bom is not None and content is not None:
        write_new(bom, content.decode())
        tell(f"{bom}: {len(found)} models")


@motion.command()
def register(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Of the model.", show_default=False)],
    use_: Annotated[
        list[str], typer.Option("--use", metavar="USE", help="A use it was trained on; repeatable.")
    ],
    file: Annotated[Path | None, typer.Option("--file", metavar="FILE", help="The model's file.")] = None,
    sha256: Annotated[
        str | None, typer.Option("--sha256", metavar="HEX", help="Its hash, if the file is not here.")
    ] = None,
    database: DatabaseAddress = DEFAULT_DATABASE,
) -> None:
    """Register a model that was trained on uses. It stays: a withdrawal does not untrain a model."""
    if (file is None) == (sha256 is None):
        raise BadInput("a model has one hash", expected="--file or --sha256")
    with _database(database) as opened:
        from consent.vault.trained import TrainedModel, require_known_uses
        from storage.exports.motion.sums import file_hash
        from storage.sql.trained_models import RegisteredModels
        from storage.sql.uses import uses_in

        try:
            found = file_hash(file) if file is not None else str(sha256)
        except FileNotFoundError:
            raise BadInput("no such file", where=str(file), expected="the model's file") from None
        model = TrainedModel(name, found, tuple(dict.fromkeys(use_)), now_ms())
        require_known_uses(model, [one.use for one in uses_in(opened) if one.log_index is not None])
        RegisteredModels(opened).register(model)
    tell(f"registered {model.name} {model.sha256}")


def _log(plant: Path, key: Path, passphrase: Path | None, witness: str | None = None) -> Log:
    return Log(plant, (key,), () if passphrase is None or key.suffix == ".vkey" else (passphrase,), witness)


@contextmanager
def _opened(place: Place) -> "Iterator[tuple[Services, MotionRoom]]":
    with open_place(place) as services:
        assert services.motion is not None  # noqa: S101  # for the type checker
        yield services, services.motion


@contextmanager
def _database(address: str) -> "Iterator[Database]":
    try:
        from storage.sql.database import Database
    except ImportError as error:
        raise MissingExtra("server", str(error.name)) from None
    with Database(address, None) as opened:
        yield opened


def _licensee(services: "Services", name: str) -> Office:
    """Return who licenses; of a name without such an account, nobody would see the export or pay for it."""
    from api.policy import Role
    from storage.sql.accounts.accounts import find_by_name

    known = find_by_name(services.database, name)
    if known is None or known.role != Role.LICENSEE or known.disabled_ms is not None:
        raise BadInput(
            "no such licensee", where="--licensee", expected="an account with the role licensee, not disabled"
        )
    return Office(Role.LICENSEE, known.name)


def _unit(text: str) -> "RoyaltyUnit":
    from consent.agreement.vocabulary import RoyaltyUnit

    try:
        return RoyaltyUnit(text)
    except ValueError:
        raise BadInput("unknown unit", where="--unit", expected=", ".join(RoyaltyUnit)) from None


def _agreed() -> bool:
    """Ask; no answer is a no."""
    try:
        return typer.confirm("Approve this use at this price?")
    except typer.Abort:
        return False


def _finish(services: "Services", room: "MotionRoom", use_: str) -> None:
    """Take every step here; what cannot be done now is left to `resume`, or to the server."""
    from api.uses.keeper import UseKeeper, clear_up

    clear_up(room)
    try:
        UseKeeper(services, room).finish(use_)
    except FairtaktError:
        tell(f"use {use_} is not finished: fairtakt motion resume goes on with it")
        raise


def _wait(services: "Services", use_: str, wait_s: int) -> "MotionUse":
    from storage.sql.uses import UNFINISHED, find_use

    ends = time.monotonic() + wait_s
    while True:
        found = find_use(services.database, use_)
        if found.state not in UNFINISHED or time.monotonic() >= ends:
            return found
        time.sleep(_LOOK_S)


def _tell_end(room: "MotionRoom", done: "MotionUse") -> None:
    from storage.exports.motion.sums import check_export
    from storage.sql.uses import UseState

    if done.state is UseState.ROLLED_BACK:
        paid = "it was not logged, nothing is paid" if done.log_index is None else "the plant pays for it"
        raise BadInput(
            f"use was rolled back: {paid}", expected="consent in force for all of it until it is booked"
        )
    if done.state is not UseState.BOOKED:
        tell(f"{done.state}: the server goes on with it; fairtakt motion uses shows how far it is")
        return
    where = room.exports / done.use
    if check_export(where) != done.export_hash:
        raise BadInput("export is not what the log names", where=str(where), expected=str(done.export_hash))
    tell(f"booked: entry {done.log_index} of the log")
    tell(f"export: {where}, until {_time(done.expires_ms or 0)}")
    tell(f"sha256 of SHA256SUMS: {done.export_hash}, as motion.exported says")


def _hours(ms: int) -> str:
    return f"{ms / MS_PER_HOUR:.4f} h"


def _time(utc: int) -> str:
    return datetime.fromtimestamp(utc / 1000, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
