"""Where everything of a demonstration lies: what `fairtakt serve --demo` needs to know of it."""

import json
from dataclasses import dataclass
from pathlib import Path

from cli.demo.keys import Keys
from cli.demo.layout import SITE
from consent.keys import Role
from productivity.errors import BadInput

FORMAT = 2
"""Of the directory: one that was made by another version is not used."""
MARK = "demo.json"


@dataclass(frozen=True, slots=True)
class DemoPlant:
    """A demonstration in its directory; all paths follow from that."""

    directory: Path

    @property
    def site(self) -> str:
        """Name of the site."""
        return SITE

    @property
    def keys(self) -> Keys:
        """Its throw-away keys."""
        return Keys(self.directory / "keys")

    @property
    def log_key(self) -> Path:
        """The log's private key: whoever serves operates the log."""
        return self.keys.private(Role.PLANT_LOG)

    @property
    def passphrase_file(self) -> Path:
        """Opens all keys."""
        return self.keys.passphrase_file

    @property
    def plant(self) -> Path:
        """The site's directory, with its log."""
        return self.directory / "plant"

    @property
    def witness(self) -> Path:
        """What the council's witness remembers."""
        return self.directory / "witness"

    @property
    def data(self) -> Path:
        """The plant server's data directory."""
        return self.directory / "data"

    @property
    def database_file(self) -> Path:
        """The plant server's SQLite database."""
        return self.directory / "fairtakt.db"

    @property
    def database(self) -> str:
        """The address of the database."""
        return f"sqlite:///{self.database_file.resolve()}"

    @property
    def credentials(self) -> Path:
        """Who can sign in, and how."""
        return self.directory / "credentials.json"

    @property
    def tokens(self) -> Path:
        """The tokens of the workers who were asked for their consent."""
        return self.directory / "tokens.json"

    @property
    def policy(self) -> Path:
        """Whom an auditor trusts."""
        return self.directory / "policy"

    @property
    def agreement(self) -> Path:
        """The works agreement as its parties drafted it."""
        return self.directory / "agreement.yaml"

    @property
    def signed_agreement(self) -> Path:
        """The same, signed by both."""
        return self.directory / "agreement.note"

    @property
    def stations(self) -> Path:
        """Station files."""
        return self.directory / "stations"

    def station_file(self, station: str) -> Path:
        """Return a station's file."""
        return self.stations / f"{station.replace(' ', '_')}.yaml"

    def device(self, name: str) -> Path:
        """Return the state directory of a device: its enrolment and its outbox."""
        return self.directory / "devices" / name

    @property
    def mark(self) -> Path:
        """The file that says that the demonstration is complete."""
        return self.directory / MARK


@dataclass(frozen=True, slots=True)
class Made:
    """What the mark says."""

    made_ms: int
    """What was then *now*."""
    intervals: int
    stations: tuple[str, ...]


def read_mark(plant: DemoPlant) -> Made | None:
    """Return when a demonstration was made; None if there is none. `BadInput` if it cannot be used."""
    try:
        content = json.loads(plant.mark.read_text(encoding="utf-8"))
        found = Made(content["made_ms"], content["intervals"], tuple(content["stations"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        content, found = {}, None
    if found is None or content.get("fairtakt") != f"demonstration {FORMAT}":
        raise BadInput(
            "demonstration of another version",
            where=str(plant.directory),
            expected="another directory, or none there: remove this one",
        )
    return found


def mark_text(made: Made) -> str:
    """Return what the mark says, as it stands in the file."""
    content = {
        "fairtakt": f"demonstration {FORMAT}",
        "made_ms": made.made_ms,
        "intervals": made.intervals,
        "stations": made.stations,
    }
    return json.dumps(content, indent=1) + "\n"
