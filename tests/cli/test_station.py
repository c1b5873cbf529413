"""`fairtakt station check`, and the help that every command owes."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from capture.station.file import parse_station
from cli.main import application

ROOT = Path(__file__).resolve().parents[2]
STATIONS = sorted((ROOT / "sample_videos" / "stations").glob("*.yaml"))


@pytest.mark.parametrize("file", STATIONS, ids=lambda file: file.stem)
def test_every_shipped_station_file_is_valid_and_explained(file):
    result = CliRunner().invoke(application(), ["station", "check", str(file)])
    assert result.exit_code == 0
    assert "Pictures and poses are not kept." in result.output
    german = CliRunner().invoke(application(), ["station", "check", str(file), "--language", "de"])
    assert "Bilder und Posen werden nicht aufbewahrt." in german.output


def commands():
    """Return the words of every command, from the application itself."""
    words = [[command.callback.__name__.replace("_", "-")] for command in application().registered_commands]
    for group in application().registered_groups:
        inner = group.typer_instance.registered_commands
        words += [[group.name, command.name or command.callback.__name__] for command in inner]
    return words


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_is_documented(words):
    """In its own help, and in a document that a user reads."""
    help_text = CliRunner().invoke(application(), [*words, "--help"]).output
    assert len(help_text.split()) > 15
    documents = "\n".join(
        file.read_text(encoding="utf-8") for file in [ROOT / "README.md", *ROOT.glob("docs/*.md")]
    )
    assert re.search(rf"fairtakt {' '.join(words)}\b", documents)


def test_the_station_file_in_the_readme_is_valid():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(fairtakt: station 1\n.*?)```", readme, re.DOTALL)
    assert parse_station(example, "README.md").name == "bench 7"
