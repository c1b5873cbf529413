"""Rules as sentences that a works council can check, in English and German.

English sentences stand on their own; German ones follow "wenn", so their verb comes last, and "nicht" is
built in where a sentence is denied.
"""

from typing import Literal, TypeAlias

from capture.station.rules import (
    Absent,
    All,
    Any,
    HandIn,
    Hands,
    Holds,
    Not,
    Present,
    Rule,
    StillFor,
    TorsoIn,
    Walking,
)
from productivity.time import SECOND

Language: TypeAlias = Literal["en", "de"]


def in_words(rule: Rule, language: Language = "en") -> str:
    """Say a rule as a sentence."""
    return _english(rule) if language == "en" else _german(rule)


def _english(rule: Rule) -> str:
    match rule:
        case HandIn(Hands.BOTH, zone):
            return f"both hands are in “{zone}”"
        case HandIn(Hands.EITHER, zone):
            return f"a hand is in “{zone}”"
        case HandIn(hands, zone):
            return f"the {hands.value} hand is in “{zone}”"
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
            return f"it is not so that {_within(part, 'en')}"
        case All(parts):
            return " and ".join(_within(part, "en") for part in parts)
        case Any(parts):
            return " or ".join(_within(part, "en") for part in parts)


def _german(rule: Rule) -> str:
    match rule:
        case HandIn(Hands.BOTH, zone):
            return f"beide Hände in „{zone}“ sind"
        case HandIn(hands, zone):
            return f"{_HAND[hands]} Hand in „{zone}“ ist"
        case TorsoIn(zone):
            return f"die Hüfte in „{zone}“ ist"
        case Holds(tool):
            return f"„{tool}“ aus der Halterung genommen ist"
        case StillFor(duration):
            return f"Hände und Hüfte {_seconds(duration)} lang ruhig bleiben"
        case Walking():
            return "die Person geht"
        case Present():
            return "jemand an der Station ist"
        case Absent():
            return "niemand an der Station ist"
        case Not(part):
            return _denied(part)
        case All(parts):
            return " und ".join(_within(part, "de") for part in parts)
        case Any(parts):
            return " oder ".join(_within(part, "de") for part in parts)


def _denied(rule: Rule) -> str:
    match rule:
        case HandIn(Hands.BOTH, zone):
            return f"nicht beide Hände in „{zone}“ sind"
        case HandIn(Hands.EITHER, zone):
            return f"keine Hand in „{zone}“ ist"
        case HandIn(hands, zone):
            return f"{_HAND[hands]} Hand nicht in „{zone}“ ist"
        case TorsoIn(zone):
            return f"die Hüfte nicht in „{zone}“ ist"
        case Holds(tool):
            return f"„{tool}“ nicht aus der Halterung genommen ist"
        case StillFor(duration):
            return f"Hände und Hüfte nicht {_seconds(duration)} lang ruhig bleiben"
        case Walking():
            return "die Person nicht geht"
        case _:
            return f"es nicht so ist, dass {_within(rule, 'de')}"


_HAND = {Hands.LEFT: "die linke", Hands.RIGHT: "die rechte", Hands.EITHER: "eine"}


def _within(rule: Rule, language: Language) -> str:
    said = in_words(rule, language)
    return f"({said})" if isinstance(rule, All | Any) else said


def _seconds(duration: int) -> str:
    return f"{duration / SECOND:g} s".replace(".", ",")
