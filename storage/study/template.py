"""A new study: a folder with commented files to fill in, in English or German."""

import json
from importlib.resources import files
from pathlib import Path

from productivity.errors import BadInput
from storage.durable import whole_directory
from storage.study.folder import DATA, MATCHING, PORTFOLIO, PROTOCOL, SETTINGS, STATES
from storage.study.portfolio_csv import COLUMNS, OPTIONAL
from storage.study.records_csv import RecordFile, header_of, write_table

LANGUAGES = ("en", "de")
BY_HAND = "by-hand"
_TEMPLATES = (SETTINGS, STATES, MATCHING, PROTOCOL)


def create_study(path: Path, title: str, language: str) -> None:
    """Write a new study into `path`, which must be new or empty; it appears whole or not at all.

    Records written by hand go into empty tables below data/by-hand, with hours for documented and paid
    time and seconds for samples. Raises `BadInput` for a language that is not there.
    """
    if language not in LANGUAGES:
        raise BadInput("language of the study", expected=" or ".join(LANGUAGES), found=repr(language))
    with whole_directory(path) as folder:
        for name in _TEMPLATES:
            (folder / name).write_text(template(name, language, title), encoding="utf-8")
        write_table(folder / PORTFOLIO, (*COLUMNS, *OPTIONAL), [])
        by_hand = folder / DATA / BY_HAND
        by_hand.mkdir(parents=True)
        for kind in RecordFile:
            unit = "duration_s" if kind is RecordFile.SAMPLES else "duration_h"
            write_table(by_hand / kind, header_of(kind, unit), [])


def template(name: str, language: str, title: str = "Study") -> str:
    """Return a file of a new study as text."""
    text = files("storage.study").joinpath("templates", language, name).read_text(encoding="utf-8")
    # A title is any text; as JSON it is a quoted YAML string, whatever it contains.
    return text.format(title=json.dumps(title, ensure_ascii=False)) if name == SETTINGS else text
