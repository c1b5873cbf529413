"""Evidence rules: the few words in which a station file says what a worker state looks like.

A rule is one of the sentences below, or `all:` / `any:` of a list of rules, or `not:` a rule::

    [left | right | either | both] hand[s] in ZONE      either, where nothing is said
    torso in ZONE
    holds TOOL
    still for SECONDS
    walking
    present
    absent
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from productivity.errors import BadInput
from productivity.time import SECOND, Duration, seconds

LONGEST_STILLNESS = seconds(30.0)
"""Bound on `still for`: the recorder must look this far ahead before it decides."""


class Hands(StrEnum):
    """Whose hand a rule asks for; left and right are the worker's own."""

    LEFT = "left"
    RIGHT = "right"
    EITHER = "either"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class HandIn:
    """A hand is inside a zone."""

    hands: Hands
    zone: str


@dataclass(frozen=True, slots=True)
class TorsoIn:
    """The middle of the hips is inside a zone."""

    zone: str


@dataclass(frozen=True, slots=True)
class Holds:
    """A tool is away from its holder while the worker is there."""

    tool: str


@dataclass(frozen=True, slots=True)
class StillFor:
    """Hands and torso hardly move for at least this long."""

    duration: Duration


@dataclass(frozen=True, slots=True)
class Walking:
    """The torso moves through the picture at walking speed."""


@dataclass(frozen=True, slots=True)
class Present:
    """The worker is at the station."""


@dataclass(frozen=True, slots=True)
class Absent:
    """Nobody is at the station."""


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple["Rule", ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one part holds."""

    parts: tuple["Rule", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Rule"


Rule: TypeAlias = HandIn | TorsoIn | Holds | StillFor | Walking | Present | Absent | All | Any | Not

_SENTENCES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Rule]], ...] = (
    (
        re.compile(r"(?:(left|right|either|both) )?hands? in (.+)"),
        lambda m: HandIn(Hands(m[1] or "either"), m[2]),
    ),
    (re.compile(r"torso in (.+)"), lambda m: TorsoIn(m[1])),
    (re.compile(r"holds (.+)"), lambda m: Holds(m[1])),
    (re.compile(r"still for (\d+(?:\.\d+)?)(?: ?s| seconds?)?"), lambda m: StillFor(seconds(float(m[1])))),
    (re.compile(r"walking"), lambda _: Walking()),
    (re.compile(r"present"), lambda _: Present()),
    (re.compile(r"absent"), lambda _: Absent()),
)

EXPECTED = (
    "'[left|right|either|both] hand in ZONE', 'torso in ZONE', 'holds TOOL', 'still for SECONDS', "
    "'walking', 'present', 'absent', or all:/any: with a list, or not: with a rule"
)


def parse(raw: object) -> Rule:
    """Read a rule as YAML gives it: a sentence, or a mapping with the single key all, any or not."""
    if isinstance(raw, str):
        return _sentence(raw)
    if isinstance(raw, Mapping) and len(raw) == 1:
        ((word, inner),) = raw.items()
        if word == "not":
            return Not(parse(inner))
        if word in {"all", "any"} and isinstance(inner, Sequence) and not isinstance(inner, str) and inner:
            parts = tuple(parse(part) for part in inner)
            return All(parts) if word == "all" else Any(parts)
    raise BadInput("rule", expected=EXPECTED, found=_shorten(raw))


def _sentence(text: str) -> Rule:
    words = " ".join(text.split())
    for pattern, make in _SENTENCES:
        if match := pattern.fullmatch(words):
            rule = make(match)
            if isinstance(rule, StillFor) and not 0 < rule.duration <= LONGEST_STILLNESS:
                raise BadInput("rule", expected="still for 0.1 to 30 seconds", found=_shorten(text))
            return rule
    raise BadInput("rule", expected=EXPECTED, found=_shorten(text))


def _shorten(raw: object) -> str:
    text = repr(raw)
    return text if len(text) <= 60 else text[:57] + "..."


def atoms(rule: Rule) -> Iterator[Rule]:
    """Yield the sentences of a rule, without the words that join them."""
    match rule:
        case All(parts) | Any(parts):
            for part in parts:
                yield from atoms(part)
        case Not(part):
            yield from atoms(part)
        case _:
            yield rule


def in_words(rule: Rule) -> str:
    """Say a rule as a sentence that a works council can check."""
    match rule:
        case HandIn(Hands.BOTH, zone):
            return f"both hands are in “{zone}”"
        case HandIn(Hands.EITHER, zone):
            return f"a hand is in “{zone}”"
        case HandIn(hands, zone):
            return f"the {hands} hand is in “{zone}”"
        case TorsoIn(zone):
            return f"the hips are in “{zone}”"
        case Holds(tool):
            return f"“{tool}” is away from its holder"
        case StillFor(duration):
            return f"hands and hips keep still for {duration / SECOND:g} s"
        case Walking():
            return "the worker walks"
        case Present():
            return "somebody is at the station"
        case Absent():
            return "nobody is at the station"
        case Not(part):
            return f"it is not so that {in_words(part)}"
        case All(parts):
            return _join(parts, " and ")
        case Any(parts):
            return _join(parts, " or ")


def _join(parts: tuple[Rule, ...], word: str) -> str:
    return word.join(f"({in_words(p)})" if isinstance(p, All | Any) else in_words(p) for p in parts)
