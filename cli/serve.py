"""`fairtakt serve`: the plant server."""

from pathlib import Path
from typing import Annotated

import typer

from cli.demo.command import DEFAULT_DIRECTORY
from cli.demo.serving import serve_demo
from cli.serving import Log, Settings, open_services, run
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
DataDirectory = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="Holds studies, sealed data and the server's secret."),
]


def serve(
    database: DatabaseAddress = DEFAULT_DATABASE,
    data: DataDirectory = None,
    plant: Annotated[
        Path | None, typer.Option("--plant", metavar="DIR", help="The site's directory, with its log.")
    ] = None,
    log_key: Annotated[
        list[Path] | None,
        typer.Option(
            "--log-key",
            metavar="FILE",
            help="The log's .key: this server operates the log. Its .vkey: another process does.",
        ),
    ] = None,
    passphrase_file: Annotated[
        list[Path] | None,
        typer.Option("--passphrase-file", metavar="FILE", help="One per .key, in the same order."),
    ] = None,
    witness_url: Annotated[
        str | None,
        typer.Option("--witness-url", metavar="URL", help="Where the council's witness listens."),
    ] = None,
    site: Annotated[
        str | None,
        typer.Option("--site", metavar="NAME", help="Whose pages; needed only if there are several."),
    ] = None,
    public_url: Annotated[
        str | None,
        typer.Option("--public-url", metavar="URL", help="How browsers reach it: https, through your proxy."),
    ] = None,
    identity_provider: Annotated[
        Path | None,
        typer.Option("--identity-provider", metavar="FILE", help="Configuration of the plant's own sign-in."),
    ] = None,
    language: Annotated[
        str,
        typer.Option("--language", help="For browsers that ask for neither German nor English: de or en."),
    ] = "en",
    key_store: Annotated[
        Path | None,
        typer.Option("--key-store", metavar="FILE", help="Settings of an external store of workers' keys."),
    ] = None,
    metrics_token_file: Annotated[
        Path | None,
        typer.Option(
            "--metrics-token-file", metavar="FILE", help="Its first line reads /metrics, as a bearer."
        ),
    ] = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Serve a demonstration plant instead, on this machine alone.")
    ] = False,
    demo_dir: Annotated[
        Path, typer.Option("--demo-dir", metavar="DIR", help="Where the demonstration is kept.")
    ] = DEFAULT_DIRECTORY,
    recorder: Annotated[
        bool,
        typer.Option("--recorder/--no-recorder", help="Let the demonstration's devices go on recording."),
    ] = True,
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port to listen on.")] = 8443,
) -> None:
    """Start the plant server: devices send their state intervals to it, people look at its pages."""
    if language not in {"de", "en"}:
        raise BadInput("unknown language", where="--language", expected="de or en")
    if demo:
        if data or plant or log_key or public_url or site or database != DEFAULT_DATABASE:
            raise BadInput("a demonstration has its own plant", where="--demo", expected="--demo-dir alone")
        serve_demo(demo_dir, port=port, language=language, recorder=recorder)
        return
    if bool(plant) != bool(log_key):
        raise BadInput(
            "the log needs its directory and its key", expected="--plant with --log-key, or neither"
        )
    try:
        from api.logs import log_as_json
    except ImportError as error:
        raise MissingExtra("server", str(error.name)) from None
    log_as_json()
    settings = Settings(
        database=database,
        host=host,
        port=port,
        public_url=public_url,
        site=site,
        data=data,
        log=Log(plant, tuple(log_key), tuple(passphrase_file or ()), witness_url)
        if plant and log_key
        else None,
        language=language,
        provider=identity_provider,
        key_store=key_store,
        metrics_token=metrics_token_file,
    )
    with open_services(settings) as services:
        run(settings, services)
