"""Changes files of a study, each in one step, and only to what can be read: alone, and beside the others.

Every change names the revision that it was made from. If somebody changed the file meanwhile, it is refused:
nobody's work is overwritten by a page that was opened before. Callers hold the study's lock (`shelf`).
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from capture.yaml_document import parse_document
from consent.durable import replace
from productivity.errors import BadInput
from productivity.hierarchy import Hierarchy
from productivity.matching import Toolset
from productivity.portfolio import abc_analysis
from storage.files import MemoryFile
from storage.study.folder import MATCHING, PLAN, PORTFOLIO, PROTOCOL, SETTINGS, STATES
from storage.study.matching_yaml import MatchingFile
from storage.study.plan_csv import plan_in
from storage.study.portfolio_csv import products_in
from storage.study.protocol_yaml import ProtocolFile
from storage.study.settings import StudyFile
from storage.study.states import parse_states
from storage.study.yaml_text import refuse_traps, with_keys

EDITABLE = (SETTINGS, STATES, PORTFOLIO, PLAN, MATCHING, PROTOCOL)
"""The files of a study beside its data."""
ABSENT = "0" * 16
"""The revision of a file that is not there."""
LARGEST = 256 * 1024
"""Bytes of such a file."""


_Read = TypeVar("_Read")


class Outdated(BadInput):
    """The file was changed since the revision that the change was made from. Nothing was changed."""


def read_text(study: Path, name: str) -> tuple[str, str]:
    """Return a file's text and revision; an absent file is empty. Raises `BadInput` for what is no text."""
    path = study / _known(name)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return "", ABSENT
    try:
        return content.decode("utf-8-sig"), revision_of(content)
    except UnicodeDecodeError:
        raise BadInput("not a text file", where=name, expected="UTF-8") from None


def revision_of(content: bytes | None) -> str:
    """Return what tells this content from any other; of None, a file that is not there."""
    return ABSENT if content is None else hashlib.sha256(content).hexdigest()[: len(ABSENT)]


@dataclass(frozen=True, slots=True)
class Change:
    """A new text for a file, and the revision that it was made from."""

    text: str
    revision: str


def replace_texts(study: Path, changes: Mapping[str, Change]) -> dict[str, str]:
    """Put new texts in place of files of a study; durable when this returns. Returns their revisions.

    They are judged beside each other, and written one after the other in the order given. Raises `Outdated`,
    and `BadInput` naming line and expectation; the files are then as they were.
    """
    draft = _Draft(
        study, {_known(name): change.text.replace("\r\n", "\n") for name, change in changes.items()}
    )
    for name, change in changes.items():
        path = study / name
        if revision_of(path.read_bytes() if path.exists() else None) != change.revision:
            raise Outdated(f"{name} was changed meanwhile", expected="the newest text: load the page again")
    for name, text in draft.texts.items():
        if len(text.encode()) > LARGEST:
            raise BadInput(name, expected=f"at most {LARGEST} bytes")
        if not all(sign.isprintable() or sign in "\n\t" for sign in text):
            raise BadInput("character that cannot be seen", where=name, expected="text")
        _CHECKS[name](draft, text)
    for name, text in draft.texts.items():
        replace(study / name, text.encode())
    return {name: revision_of(text.encode()) for name, text in draft.texts.items()}


def replace_text(study: Path, name: str, text: str, revision: str) -> str:
    """Do what `replace_texts` does for one file."""
    return replace_texts(study, {name: Change(text, revision)})[name]


def change_keys(study: Path, name: str, changes: Mapping[str, object], revision: str) -> str:
    """Set some top-level keys of a YAML file of a study, and keep its comments. Else as `replace_texts`."""
    text, _ = read_text(study, name)
    return replace_text(study, name, with_keys(text, changes), revision)


@dataclass(frozen=True, slots=True)
class _Draft:
    """A study as it would be."""

    study: Path
    texts: Mapping[str, str]

    def other(self, name: str, read: Callable[[str], _Read]) -> _Read | None:
        """Read another file, to compare; None where it is absent or itself in need of a correction."""
        try:
            text = self.texts.get(name)
            if text is None:
                text, revision = read_text(self.study, name)
                if revision == ABSENT:
                    return None
            return read(text)
        except BadInput:
            return None


def _known(name: str) -> str:
    if name not in EDITABLE:
        raise BadInput("file of a study", expected=" or ".join(EDITABLE))
    return name


def _check_settings(draft: _Draft, text: str) -> None:
    refuse_traps(text, SETTINGS)
    settings = parse_document(text, SETTINGS, StudyFile, "study file")
    hierarchy = draft.other(STATES, lambda other: parse_states(other, STATES))
    if hierarchy is not None and settings.iso_22400 is not None:
        settings.iso_22400.personnel(hierarchy)
    products = draft.other(PORTFOLIO, lambda other: products_in(MemoryFile(PORTFOLIO, other.encode())))
    if products is not None:
        abc_analysis(products, settings.abc)


def _check_states(draft: _Draft, text: str) -> None:
    refuse_traps(text, STATES)
    hierarchy = parse_states(text, STATES)
    toolset = draft.other(MATCHING, _toolset)
    if toolset is not None:
        _check_toolset(toolset, hierarchy)
    settings = draft.other(SETTINGS, lambda other: parse_document(other, SETTINGS, StudyFile, "study file"))
    if settings is not None and settings.iso_22400 is not None:
        settings.iso_22400.personnel(hierarchy)


def _check_matching(draft: _Draft, text: str) -> None:
    refuse_traps(text, MATCHING)
    toolset = _toolset(text)
    hierarchy = draft.other(STATES, lambda other: parse_states(other, STATES))
    if hierarchy is not None:
        _check_toolset(toolset, hierarchy)


def _check_protocol(_: _Draft, text: str) -> None:
    refuse_traps(text, PROTOCOL)
    parse_document(text, PROTOCOL, ProtocolFile, "protocol").protocol()


def _check_portfolio(draft: _Draft, text: str) -> None:
    products = products_in(MemoryFile(PORTFOLIO, text.encode()))
    settings = draft.other(SETTINGS, lambda other: parse_document(other, SETTINGS, StudyFile, "study file"))
    if settings is not None:
        abc_analysis(products, settings.abc)


def _check_plan(_: _Draft, text: str) -> None:
    plan_in(MemoryFile(PLAN, text.encode()))


def _toolset(text: str) -> Toolset:
    return parse_document(text, MATCHING, MatchingFile, "loss matching").toolset()


def _check_toolset(toolset: Toolset, hierarchy: Hierarchy) -> None:
    try:
        toolset.check(hierarchy)
    except BadInput as error:
        raise BadInput(str(error), where=MATCHING) from None


_CHECKS: Mapping[str, Callable[[_Draft, str], None]] = {
    SETTINGS: _check_settings,
    STATES: _check_states,
    PORTFOLIO: _check_portfolio,
    PLAN: _check_plan,
    MATCHING: _check_matching,
    PROTOCOL: _check_protocol,
}
