"""`fairtakt serve`: the plant server."""

import logging
import time
from typing import Annotated

import typer

from productivity.errors import BadInput, MissingExtra

DEFAULT_DATABASE = "sqlite:///fairtakt.db"
DatabaseAddress = Annotated[
    str,
    typer.Option(
        "--database",
        metavar="URL",
        envvar="FAIRTAKT_DATABASE",
        help="sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME.",
    ),
]


def utc_ms() -> int:
    """Return the wall clock in milliseconds."""
    return time.time_ns() // 1_000_000


def serve(
    database: DatabaseAddress = DEFAULT_DATABASE,
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port to listen on.")] = 8443,
) -> None:
    """Start the plant server: devices send their state intervals to it. Ctrl-C stops it."""
    try:
        import uvicorn

        from api.app import create_app
        from api.logs import log_as_json
        from api.services import Services
        from storage.sql.database import Database
        from storage.sql.store import SqlStore
    except ImportError as error:
        raise MissingExtra("server", str(error.name)) from None
    log_as_json()
    with Database(database) as opened:
        app = create_app(Services(SqlStore(opened), utc_ms))
        # access_log: its lines hold addresses of clients. proxy_headers: nobody's word for who a client is.
        config = uvicorn.Config(
            app,
            host=host,
            port=port,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            log_config=None,
            log_level=logging.WARNING,
            lifespan="off",
        )
        server = uvicorn.Server(config)
        try:
            server.run()
        except SystemExit:  # uvicorn leaves so when it cannot listen
            raise BadInput("cannot listen", where=f"{host}:{port}", expected="a free port") from None
