"""`fairtakt serve --demo`: makes the demonstration if it is not there, serves it, and what goes on beside.

One command and nothing to configure; nothing leaves this machine, for all of it listens on loopback alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, redirect_stderr
from importlib.util import find_spec
from pathlib import Path

from cli.demo.command import credentials_text
from cli.demo.plant import DemoPlant
from cli.handing_in import now_ms
from cli.serving import Log, Settings, open_services, run
from cli.terminal import tell
from productivity.errors import MissingExtra

HOST = "127.0.0.1"


def serve_demo(directory: Path, *, port: int, language: str, recorder: bool) -> None:
    """Serve the demonstration of a directory until stopped; `recorder`: devices go on recording meanwhile."""
    try:
        from cli.demo.companions import devices_beside, witness_beside
        from cli.demo.prepare import Wish, prepare
        from cli.demo.sample import sample_station
    except ImportError as error:
        raise MissingExtra("server", str(error.name)) from None
    plant = prepare(directory, Wish(now_ms(), sample_file=sample_station()), tell)
    with _logged(plant), witness_beside(plant) as witness:
        settings = settings_of(plant, witness, port=port, language=language)
        sample = recorder and _sample_is_there(plant)
        with (
            open_services(settings) as services,
            devices_beside(plant, f"http://{HOST}:{port}", sample=sample) if recorder else nullcontext(),
        ):
            tell(credentials_text(plant))
            tell(f"new codes: fairtakt demo codes --demo-dir {directory}")
            tell(f"open {settings.origin}   (Ctrl-C ends it; it goes on from there next time)")
            run(settings, services)


def settings_of(plant: DemoPlant, witness: str, *, port: int, language: str) -> Settings:
    """Return what the server of a demonstration is told."""
    return Settings(
        database=plant.database,
        host=HOST,
        port=port,
        # By name: browsers make no passkeys for an address in numbers.
        public_url=f"http://localhost:{port}",
        data=plant.data,
        log=Log(plant.plant, (plant.log_key,), (plant.passphrase_file,), witness),
        language=language,
    )


def _sample_is_there(plant: DemoPlant) -> bool:
    """Tell whether the rendered sample can be recorded, and say what is missing if not."""
    from cli.demo.sample import sample_video
    from models.fetch import cached_weights

    if sample_video() is None:
        tell("no rendered sample here (sample_videos/ of the source): no real recording is among the data")
        return False
    if lacking := [name for name in ("av", "onnxruntime") if find_spec(name) is None]:
        tell(f"the extra 'edge' is not installed ({lacking[0]}): no real recording is among the data")
        return False
    if cached_weights() is None:
        where = plant.directory / "sample.txt"
        tell(f"fetching the weights of the pose network; without a network they do not come: see {where}")
    return True


@contextmanager
def _logged(plant: DemoPlant) -> Iterator[None]:
    """Have the server's log lines in a file: the terminal is for whoever plays."""
    from api.logs import log_as_json

    with (plant.directory / "server.txt").open("a", encoding="utf-8") as file:
        with redirect_stderr(file):
            log_as_json()
        try:
            yield
        finally:
            log_as_json()
