"""Texts of station files: what they say, what is wrong with them, how two of them differ."""

import difflib
import hashlib
from typing import TYPE_CHECKING

from api.problems import Kind, Problem
from api.set_up.flaws import told
from api.set_up.permission import unpermitted
from api.set_up.wire import LONGEST_TEXT, ChangedLine, Checked, Explanation
from capture.station.explain import explain
from capture.station.file import examine_station
from capture.station.outline import Outline, outline_of
from capture.station.writing import write_station
from capture.yaml_document import Flaw, line_of

if TYPE_CHECKING:
    from api.services import Services

CONTEXT = 3
"""Unchanged lines around each change of a comparison."""


def first_text(station: str) -> str:
    """Return the text with which a new station begins; it lacks its states."""
    empty = {
        "name": station,
        "crop": {"left": 0, "top": 0, "right": 1, "bottom": 1},
        "pose_rate": 3,
        "place": None,
        "zones": (),
        "tools": (),
        "states": (),
        "cycle": None,
    }
    return write_station(Outline.model_validate(empty))


def check(services: "Services", station: str, text: str) -> Checked:
    """Return what a text says as the file of a station, and all that is wrong with it."""
    examined = examine_station(text)
    flaws = list(examined.flaws)
    model = examined.model
    if model is not None and model.name != station:
        line = None if examined.raw is None else line_of(examined.raw, ("name",))
        message = f"name: expected {station!r}, as the station is called, found {model.name!r}"
        flaws.append(Flaw(message, line, ("name",)))
    whole = model is not None and not flaws
    return Checked(
        text=text,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        flaws=[told(one) for one in flaws],
        outline=None if examined.raw is None else outline_of(examined.raw),
        explanation=Explanation(de=explain(model, "de"), en=explain(model, "en"))
        if model and whole
        else None,
        unpermitted=unpermitted(services, model) if model and whole else [],
    )


def write(services: "Services", station: str, text: str, outline: Outline) -> Checked:
    """Put an outline into its text, and check that. Raises `Problem` if it becomes too long."""
    written = write_station(outline, text)
    if len(written) > LONGEST_TEXT:
        raise Problem(Kind.TOO_LARGE, f"at most {LONGEST_TEXT} characters are allowed")
    return check(services, station, written)


def changes(before: str, after: str) -> list[ChangedLine]:
    """Return what is different, with some lines around it."""
    old, new = before.splitlines(), after.splitlines()
    lines: list[ChangedLine] = []
    for group in difflib.SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(CONTEXT):
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                both = zip(range(i1, i2), range(j1, j2), strict=True)
                lines += [ChangedLine(kind="same", before=i + 1, after=j + 1, text=old[i]) for i, j in both]
                continue
            lines += [
                ChangedLine(kind="removed", before=i + 1, after=None, text=old[i]) for i in range(i1, i2)
            ]
            lines += [ChangedLine(kind="added", before=None, after=j + 1, text=new[j]) for j in range(j1, j2)]
    return lines
