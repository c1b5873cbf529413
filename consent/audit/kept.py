"""Checkpoints that somebody kept: the plant beside its log, the auditor from earlier visits.

The plant keeps co-signed ones as `cosigned/SIZE.TIME` and the newest again as `cosigned/latest`. A file that
is not what its name says, or that log and witness have not signed, is a finding: who keeps evidence must not
be able to spoil it unseen.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from consent.agreement.language import Text
from consent.audit.catalogue import Check
from consent.audit.findings import Book, plain
from consent.audit.policy import Policy
from consent.audit.rules.times import Seen
from consent.log.checkpoint import Checkpoint, parse_checkpoint
from consent.log.store import LogFiles
from consent.notes import Verifier, open_note, parse_note
from productivity.errors import BadInput

FOLDER = "cosigned"
MAX_NOTE_BYTES = 1 << 16
"""A checkpoint with a hundred signatures takes a fifth of it."""

_NAME = re.compile(rf"{FOLDER}/(?:(?P<size>[0-9]+)\.(?P<at>[0-9]+)|latest)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Kept:
    """A checkpoint that the log has signed, who else has, and which signatures count for nothing."""

    place: str
    checkpoint: Checkpoint
    witnesses: frozenset[Verifier]
    seen: tuple[Seen, ...]
    logs: frozenset[Verifier]
    """Keys of the policy's logs that have signed; one at least."""
    unknown: int
    """Signatures by keys that the policy does not name."""


def read_kept(directory: Path) -> dict[str, bytes]:
    """Return the co-signed checkpoints beside a log, by path, unread. Other names are other people's."""
    try:
        paths = sorted((directory / FOLDER).iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return {}
    kept = {}
    for path in paths:
        name = f"{FOLDER}/{path.name}"
        if _NAME.fullmatch(name):
            with path.open("rb") as file:
                kept[name] = file.read(MAX_NOTE_BYTES + 1)
    return kept


def fetch_kept(files: LogFiles) -> dict[str, bytes]:
    """Return the co-signed checkpoints that a web server names in `cosigned/index`; else the newest alone.

    Whoever leaves some out of the index leaves out evidence for the plant, not against it.
    """
    index = (files.read(f"{FOLDER}/index") or b"latest").decode("utf-8", "replace")
    names = [f"{FOLDER}/{name}" for name in (*index.split("\n"), "latest")]
    kept = {}
    for name in dict.fromkeys(filter(_NAME.fullmatch, names)):
        content = files.read(name)
        if content is not None:
            kept[name] = content[: MAX_NOTE_BYTES + 1]
    return kept


def open_kept(content: bytes, place: str, policy: Policy) -> Kept:
    """Open a checkpoint with the keys of the policy; `BadInput` unless one of its logs has signed it."""
    if len(content) > MAX_NOTE_BYTES:
        raise BadInput("checkpoint is too long", expected=f"at most {MAX_NOTE_BYTES} bytes")
    note = parse_note(content)
    opened = open_note(note, (*policy.logs, *policy.witnesses.values()))
    checkpoint = parse_checkpoint(note.text)
    signed = {one.verifier for one in opened.signatures}
    logs = frozenset(key for key in policy.logs if key in signed and key.name == checkpoint.origin)
    if not logs:
        raise BadInput("checkpoint is not signed by the log that it names", expected=_names(policy.logs))
    seen = tuple(
        Seen(checkpoint.size, one.posix_s * 1000, str(one.verifier))
        for one in opened.signatures
        if one.posix_s is not None
    )
    witnesses = frozenset(one.verifier for one in opened.signatures if one.posix_s is not None)
    return Kept(place, checkpoint, witnesses, seen, logs, len(note.signatures) - len(opened.signatures))


def open_all_kept(kept: Mapping[str, bytes], policy: Policy, origin: str, book: Book) -> list[Kept]:
    """Open what the plant keeps; each file that cannot be believed is a finding and left out."""
    opened = []
    for place, content in kept.items():
        book.looked(Check.EARLIER)
        try:
            one = open_kept(content, place, policy)
            _require_evidence(one, origin)
        except BadInput as error:
            what = Text("aufbewahrter Prüfpunkt gilt nicht", "kept checkpoint cannot be believed")
            book.find(Check.EARLIER, None, what, None, plain(f"{place}: {error}"))
            continue
        opened.append(one)
    return opened


def _require_evidence(one: Kept, origin: str) -> None:
    name = _NAME.fullmatch(one.place)
    if one.checkpoint.origin != origin:
        raise BadInput("checkpoint is of another log", expected=repr(origin))
    if not one.seen:
        raise BadInput("not co-signed by a witness of the policy", expected="the log and a witness")
    if name is not None and name["size"] is not None:
        named = (int(name["size"]), int(name["at"]) * 1000)
        if named not in {(seen.size, seen.at_ms) for seen in one.seen}:
            raise BadInput("file is not what its name says")


def _names(keys: Iterable[Verifier]) -> str:
    return " or ".join(repr(key.name) for key in keys) or "a log of the policy"
