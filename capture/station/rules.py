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

from capture.found import found_text
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
    (
        re.compile(r"still for (\d{1,4}(?:\.\d{1,9})?)(?: ?s| seconds?)?"),
        lambda m: StillFor(seconds(float(m[1]))),
    ),
    (re.compile(r"walking"), lambda _: Walking()),
    (re.compile(r"present"), lambda _: Present()),
    (re.compile(r"absent"), lambda _: Absent()),
)

EXPECTED = (
    "'[left|right|either|both] hand in ZONE', 'torso in ZONE', 'holds TOOL', 'still for SECONDS', "
    "'walking', 'present', 'absent', or all:/any: with a list, or not: with a rule"
)

MOST_SENTENCES = 200
"""In one rule; also when a file names a list once and refers to it many times."""
DEEPEST = 12
"""Levels of all, any and not; nobody can follow more."""


def parse(raw: object) -> Rule:
    """Read a rule as YAML gives it: a sentence, or a mapping with the single key all, any or not."""
    return _Reader().read(raw, DEEPEST)


class _Reader:
    """Counts the sentences of one rule while it is read."""

    def __init__(self) -> None:
        self._left = MOST_SENTENCES

    def read(self, raw: object, levels: int) -> Rule:
        if levels < 0:
            raise BadInput("rule", expected=f"at most {DEEPEST} levels", found="more")
        if isinstance(raw, str):
            return self._sentence(raw)
        if isinstance(raw, Mapping) and len(raw) == 1:
            ((word, inner),) = raw.items()
            if word == "not":
                return Not(self.read(inner, levels - 1))
            if (
                word in {"all", "any"}
                and isinstance(inner, Sequence)
                and not isinstance(inner, str)
                and inner
            ):
                parts = tuple(self.read(part, levels - 1) for part in inner)
                return All(parts) if word == "all" else Any(parts)
        raise BadInput("rule", expected=EXPECTED, found=found_text(raw))

    def _sentence(self, text: str) -> Rule:
        self._left -= 1
        if self._left < 0:
            raise BadInput("rule", expected=f"at most {MOST_SENTENCES} sentences", found="more")
        return _sentence(text)


def _sentence(text: str) -> Rule:
    words = " ".join(text.split())
    for pattern, make in _SENTENCES:
        if match := pattern.fullmatch(words):
            rule = make(match)
            if isinstance(rule, StillFor) and not 0 < rule.duration <= LONGEST_STILLNESS:
                raise BadInput("rule", expected="still for 0.1 to 30 seconds", found=found_text(text))
            return rule
    raise BadInput("rule", expected=EXPECTED, found=found_text(text))


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


def raw_of(rule: Rule) -> object:
    """Return a rule as YAML holds it: what `parse` makes this rule of."""
    match rule:
        case HandIn(Hands.EITHER, zone):
            return f"hand in {zone}"
        case HandIn(Hands.BOTH, zone):
            return f"both hands in {zone}"
        case HandIn(hands, zone):
            return f"{hands.value} hand in {zone}"
        case TorsoIn(zone):
            return f"torso in {zone}"
        case Holds(tool):
            return f"holds {tool}"
        case StillFor(duration):
            return f"still for {duration / SECOND:g} s"
        case Walking():
            return "walking"
        case Present():
            return "present"
        case Absent():
            return "absent"
        case Not(part):
            return {"not": raw_of(part)}
        case All(parts):
            return {"all": [raw_of(part) for part in parts]}
        case Any(parts):
            return {"any": [raw_of(part) for part in parts]}
