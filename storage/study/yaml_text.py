"""Changes a few keys of a YAML file that people wrote, and leaves their comments and everything else alone.

Only whole top-level keys are replaced. What stands above a key stays above it; a comment behind a value that
takes one line stays behind it.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeGuard

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import AliasEvent

from productivity.errors import BadInput

DEEPEST = 50
_BRACKETS = re.compile(r"[\[\]{}]")
_PLAIN = re.compile(r"[A-Za-zÄÖÜäöüß][\wÄÖÜäöüß()/.-]*(?: [\wÄÖÜäöüß()/.-]+)*")
_WORDS_OF_YAML = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})
NULL = object()
"""A key's own value `null`: None takes the key away."""
_COMMENT = re.compile(r"\s+#.*$")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}


def with_keys(text: str, changes: Mapping[str, object]) -> str:
    """Return the text with top-level keys set; None removes a key, `NULL` is null. New keys come at the end.

    Values: text, numbers, truth values, days, and sequences and mappings of these and of None. Requires YAML
    whose top is a mapping; raises `BadInput` otherwise.
    """
    lines = text.rstrip("\n").split("\n")
    for key, value in changes.items():
        lines = _with_key(lines, key, value)
    return "\n".join(lines) + "\n"


def refuse_traps(text: str, where: str) -> None:
    """Raise `BadInput` for YAML that costs far more than it says; nobody needs it here.

    A few lines of aliases are gigabytes, and a few thousand brackets in each other take the parser minutes.
    """
    depth = deepest = 0
    for sign in _BRACKETS.findall(text):
        depth += 1 if sign in "[{" else -1
        deepest = max(deepest, depth)
    if deepest > DEEPEST:
        raise BadInput("brackets in brackets", where=where, expected=f"at most {DEEPEST} deep")
    try:
        found = any(isinstance(event, AliasEvent) for event in YAML().parse(text))
    except (YAMLError, RecursionError, ValueError):
        return  # the reader will say what is wrong
    if found:
        raise BadInput("YAML alias", where=where, expected="everything written out")


def block(key: str, value: object) -> list[str]:
    """Return a key with its value as lines: one for each of a sequence of mappings, or a mapping of lists."""
    rows = _rows(value)
    if rows is None:
        return [f"{scalar(key)}: {flow(value)}"]
    return [f"{scalar(key)}:", *(f"  {line}" for line in rows)]


def flow(value: object) -> str:
    """Return a value in one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(str(key))}: {flow(part)}" for key, part in value.items()) + "}"
    if _is_list(value):
        return "[" + ", ".join(map(flow, value)) + "]"
    if value is None or value is NULL:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return scalar(value) if isinstance(value, str) else repr(value)


def scalar(text: str) -> str:
    """Return text as it can stand in YAML: plain where that cannot be read as anything else."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS_OF_YAML:
        return text
    escaped = "".join(_escaped(sign) for sign in text)
    return f'"{escaped}"'


def _escaped(sign: str) -> str:
    if sign in _ESCAPES:
        return _ESCAPES[sign]
    return sign if sign.isprintable() else f"\\U{ord(sign):08x}"


def _is_list(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _rows(value: object) -> list[str] | None:
    """Return the lines of a sequence of mappings, of mappings that nest such sequences; None for all else."""
    if isinstance(value, Mapping) and any(_is_list(part) for part in value.values()):
        return [f"{scalar(str(key))}: {flow(part)}" for key, part in value.items()]
    if not _is_list(value) or not value:
        return None
    ones = [one for one in value if isinstance(one, Mapping)]
    if len(ones) < len(value):
        return None
    lines: list[str] = []
    for one in ones:
        nested = {key: part for key, part in one.items() if _rows(part) is not None}
        if not nested:
            lines.append(f"- {flow(one)}")
            continue
        own = [
            line
            for key, part in one.items()
            for line in (block(key, part) if key in nested else [f"{scalar(str(key))}: {flow(part)}"])
        ]
        lines += [f"{'- ' if number == 0 else '  '}{line}" for number, line in enumerate(own)]
    return lines


def _with_key(lines: list[str], key: str, value: object) -> list[str]:
    starts = _starts("\n".join(lines))
    new = [] if value is None else block(key, value)
    if key not in starts:
        return [*lines, *new]
    start = starts[key]
    following = min((line for line in starts.values() if line > start), default=len(lines))
    end = following
    while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1  # what stands above the next key belongs to it
    if len(new) == 1 and end == start + 1 and (comment := _comment_of(lines[start])):
        new = [new[0] + comment]
    return [*lines[:start], *new, *lines[end:]]


def _comment_of(line: str) -> str:
    """Return the comment behind a value in one line; none where its sign may be part of a quoted text."""
    found = _COMMENT.search(line)
    if found is None or '"' in line[: found.start()] or "'" in line[: found.start()]:
        return ""
    return found.group()


def _starts(text: str) -> dict[str, int]:
    """Return the line of each top-level key, from 0."""
    try:
        document = YAML(typ="rt").load(text)
    except (YAMLError, ValueError, RecursionError):
        document = None
    if not isinstance(document, Mapping):
        raise BadInput("file is not keys and values, so no key of it can be changed")
    return {str(key): document.lc.key(key)[0] for key in document}  # type: ignore[attr-defined]  # ruamel's
