"""Puts the plant server together from what its command was told, and runs it."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cli.files import read_text, read_verifier
from cli.handing_in import now_ms
from cli.passphrase import read_passphrase
from consent.grants.site import Sites
from consent.keys import Role, open_key, read_public
from consent.notes import Signer
from consent.site.cosigner import HttpWitness
from consent.site.desk import Desk
from consent.site.opening import open_desk
from consent.site.plant import Plant
from productivity.errors import BadInput, MissingExtra

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from api.accounts.accounts import Accounts
    from api.services import Services
    from api.uses.room import MotionRoom
    from storage.sql.database import Database

_SHORTEST_TOKEN = 16
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class Log:
    """The site's log: where it is, its keys, and how the council's witness is reached.

    `keys` are the log's .key files, then this server operates the log; or one .vkey, then it reads it.
    """

    plant: Path
    keys: tuple[Path, ...]
    passphrases: tuple[Path, ...] = ()
    witness: str | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """What `fairtakt serve` was told."""

    database: str
    host: str
    port: int
    public_url: str | None = None
    """How browsers reach the server; None: at `host` and `port` of this very machine, without TLS."""
    site: str | None = None
    data: Path | None = None
    log: Log | None = None
    language: str = "en"
    provider: Path | None = None
    """The configuration of the plant's identity provider; None: accounts have passwords here."""
    key_store: Path | None = None
    """Settings of an external store of workers' keys; None: they lie below `data`."""
    metrics_token: Path | None = None
    """Its first line is what reads the metrics; None: whoever is on this machine, if no proxy is in front."""

    @property
    def secret(self) -> Path | None:
        """Where the server's secret lies; None, and nobody can sign in: there is no directory for it."""
        if self.data is not None:
            return self.data / "server.secret"
        file = self.database.removeprefix("sqlite:///")
        return None if file == self.database else Path(f"{file}.secret")

    @property
    def origin(self) -> str:
        """Scheme, host and port that browsers see; `BadInput` if passwords would travel in the clear."""
        if self.public_url is None:
            if self.host not in _LOOPBACK:
                raise BadInput(
                    "others could read what people type",
                    where="--host",
                    expected="--public-url https://…, the address of the proxy that speaks TLS",
                )
            host = f"[{self.host}]" if ":" in self.host else self.host
            return f"http://{host}:{self.port}"
        parts = urlsplit(self.public_url)
        loopback = parts.scheme == "http" and parts.hostname in _LOOPBACK
        if not (parts.scheme == "https" or loopback) or not parts.hostname or parts.path.strip("/"):
            raise BadInput("not usable", where="--public-url", expected="https://HOST or https://HOST:PORT")
        return f"{parts.scheme}://{parts.netloc}"


@contextmanager
def open_log(log: Log | None) -> Iterator[Desk | None]:
    """Give the desk at the site's log, if there is one."""
    if log is None:
        yield None
        return
    if [key.suffix for key in log.keys] == [".vkey"]:
        with open_desk(Plant(log.plant), log=read_verifier(log.keys[0])) as desk:
            yield desk
        return
    signers = open_log_keys(log.keys, log.passphrases)
    cosign = None if log.witness is None else HttpWitness(log.witness)
    with open_desk(Plant(log.plant), signers=signers, cosign=cosign) as desk:
        yield desk


def open_log_keys(files: Sequence[Path], passphrases: Sequence[Path]) -> list[Signer]:
    """Open the log's keys; `BadInput` if one is another's."""
    if passphrases and len(passphrases) != len(files):
        raise BadInput("passphrase files do not fit the keys", expected=f"{len(files)}, one per key")
    signers: list[Signer] = []
    for file, passphrase in zip(files, passphrases or (None,) * len(files), strict=True):
        role, signer = open_key(file, read_passphrase(passphrase))
        if role is not Role.PLANT_LOG:
            raise BadInput("key has another role", where=str(file), expected=Role.PLANT_LOG, found=role)
        signers.append(signer)
    return signers


@contextmanager
def open_services(settings: Settings) -> Iterator["Services"]:
    """Give what the server works with; everything that was opened is closed at the end."""
    try:
        from api.logs import tell_start
        from api.services import Services
        from storage.sql.database import Database
        from storage.sql.migrate import migrate, version_of
        from storage.sql.store import SqlStore
    except ImportError as error:
        raise MissingExtra("server", str(error.name)) from None
    origin = settings.origin
    if settings.data is not None:
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    versions: list[str | None] = []

    def prepare(connection: "Connection") -> None:
        versions.append(version_of(connection))
        migrate(connection)
        versions.append(version_of(connection))

    with (
        Database(settings.database, prepare) as database,
        open_log(settings.log) as desk,
        ExitStack() as motion,
    ):
        kind = settings.database.partition(":")[0].partition("+")[0]
        tell_start(database=kind, before=versions[0], version=versions[1], log=desk is not None)
        room = motion.enter_context(_vault(settings, desk))
        yield Services(
            SqlStore(database),
            database,
            now_ms,
            site=desk,
            accounts=_accounts(settings, database),
            grants=None if settings.log is None else _grants(settings.log),
            site_name=settings.site,
            motion=room,
            data=settings.data,
            secure=origin.startswith("https:"),
            language=settings.language,
            metrics_token=_metrics_token(settings.metrics_token),
        )


@contextmanager
def _vault(settings: Settings, desk: Desk | None) -> "Iterator[MotionRoom | None]":
    """Give the vault where this server operates the log: every use must stand there before it happens."""
    log = settings.log
    if desk is None or log is None or settings.data is None or log.keys[0].suffix == ".vkey":
        if settings.key_store is not None:
            raise BadInput(
                "a vault needs a log", where="--key-store", expected="--data, --plant, --log-key FILE.key"
            )
        yield None
        return
    from cli.vault import open_room

    verifier = read_public(log.keys[0])[1]
    with open_room(settings.data, desk, verifier, now_ms, settings.key_store) as room:
        yield room


def _grants(log: Log) -> Sites:
    key = log.keys[0]
    return Sites(log.plant, read_verifier(key) if key.suffix == ".vkey" else read_public(key)[1])


def _metrics_token(file: Path | None) -> bytes | None:
    if file is None:
        return None
    token = read_text(file, expected="a token in its first line").partition("\n")[0].strip().encode()
    if len(token) < _SHORTEST_TOKEN:
        raise BadInput(
            "token is too short", where=str(file), expected=f"{_SHORTEST_TOKEN} characters or more"
        )
    return token


def _accounts(settings: Settings, database: "Database") -> "Accounts | None":
    from api.accounts.accounts import Accounts
    from api.accounts.address import parse_address
    from api.accounts.oidc.settings import load_provider
    from api.accounts.secret import Secret

    if settings.secret is None:
        return None
    return Accounts(
        database,
        Secret.load_or_make(settings.secret),
        parse_address(settings.origin),
        now_ms=now_ms,
        provider=None if settings.provider is None else load_provider(settings.provider),
    )


def run(settings: Settings, services: "Services") -> None:
    """Serve until stopped. `BadInput` if nothing can listen there."""
    import uvicorn

    from api.app import create_app
    from api.housekeeping import house_kept
    from api.logs import libraries_told
    from api.uses.keeper import motion_kept

    # access_log: its lines hold addresses of clients. proxy_headers: nobody's word for who a client is.
    config = uvicorn.Config(
        create_app(services),
        host=settings.host,
        port=settings.port,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        log_config=None,
        log_level=logging.WARNING,
        lifespan="off",
        timeout_graceful_shutdown=3,  # pages that wait for news do not hold the server up
    )
    try:
        keeping = nullcontext() if services.motion is None else motion_kept(services, services.motion)
        with libraries_told(), house_kept(services), keeping:
            uvicorn.Server(config).run()
    except SystemExit:  # uvicorn leaves so when it cannot listen
        where = f"{settings.host}:{settings.port}"
        raise BadInput("cannot listen", where=where, expected="a free port") from None
