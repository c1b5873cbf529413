"""A station file as an editor shows it: every part in its place, valid or not.

`outline_of` reads what the YAML holds, as far as it has the shape of a station file; what is wrong with it is
told elsewhere (`examine_station`), and `capture.station.writing` puts an outline back into its text.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from capture.station import rules
from productivity.errors import BadInput
from productivity.time import SECOND, seconds

Label: TypeAlias = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x08\x0a-\x1f\x7f\u2028\u2029]*$")]
"""A name while it is typed: of one line, perhaps empty, perhaps taken."""
Number: TypeAlias = Annotated[float, Field(allow_inf_nan=False, ge=-1e6, le=1e6)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class HandPart(_Part):
    """A hand is in a zone."""

    kind: Literal["hand"]
    hands: rules.Hands
    zone: Label


class TorsoPart(_Part):
    """The hips are in a zone."""

    kind: Literal["torso"]
    zone: Label


class HoldsPart(_Part):
    """A tool is away from its holder."""

    kind: Literal["holds"]
    tool: Label


class StillPart(_Part):
    """Hands and hips keep still."""

    kind: Literal["still"]
    seconds: Number


class PlainPart(_Part):
    """A sentence without a place to fill in."""

    kind: Literal["walking", "present", "absent"]


class ListPart(_Part):
    """Every part holds, or at least one."""

    kind: Literal["all", "any"]
    parts: Annotated[tuple["RulePart", ...], Field(max_length=rules.MOST_SENTENCES)]


class NotPart(_Part):
    """The part does not hold."""

    kind: Literal["not"]
    part: "RulePart"


class TextPart(_Part):
    """A sentence that is no rule, as it stands in the text."""

    kind: Literal["text"]
    text: Annotated[str, Field(max_length=500)]


class KeptPart(_Part):
    """Something else in place of a rule; it stays in the text as it is."""

    kind: Literal["kept"]


RulePart: TypeAlias = Annotated[
    HandPart | TorsoPart | HoldsPart | StillPart | PlainPart | ListPart | NotPart | TextPart | KeptPart,
    Field(discriminator="kind"),
]
ListPart.model_rebuild()
NotPart.model_rebuild()


class ZonePart(_Part):
    """A polygon. `was`: its name in the text that is changed, null for a new one."""

    name: Label
    points: Annotated[tuple[tuple[Number, Number], ...], Field(max_length=64)]
    was: Label | None = None


class ToolPart(_Part):
    """A tool and the zone in which it rests. `was` as for zones."""

    name: Label
    holder: Label
    was: Label | None = None


class StatePart(_Part):
    """A worker state. `was`: its place in the text that is changed, from 0; null for a new one."""

    name: Label
    category: Label
    value_adding: bool
    rule: RulePart
    shortest_s: Number
    was: Annotated[int, Field(ge=0, le=1000)] | None = None


class CropPart(_Part):
    """Fractions of width and height."""

    left: Number
    top: Number
    right: Number
    bottom: Number


class CyclePart(_Part):
    """With which state a cycle begins and ends."""

    first: Label
    last: Label


class Outline(_Part):
    """A station file, part by part."""

    name: Label
    crop: CropPart
    pose_rate: Number
    place: Label | None
    zones: Annotated[tuple[ZonePart, ...], Field(max_length=256)]
    tools: Annotated[tuple[ToolPart, ...], Field(max_length=64)]
    states: Annotated[tuple[StatePart, ...], Field(max_length=64)]
    cycle: CyclePart | None

    @model_validator(mode="after")
    def _names_each_once(self) -> "Outline":
        for parts in (self.zones, self.tools):
            if len({part.name for part in parts}) < len(parts):
                raise ValueError("expected each name once")
            kept = [part.was for part in parts if part.was is not None]
            if len(set(kept)) < len(kept):
                raise ValueError("expected each former name once")
        places = [state.was for state in self.states if state.was is not None]
        if len(set(places)) < len(places):
            raise ValueError("expected each former place once")
        return self


WHOLE = {"left": 0.0, "top": 0.0, "right": 1.0, "bottom": 1.0}
POSE_RATE, SHORTEST_S = 3.0, 1.0
"""What holds where a file says nothing (`capture.station.file`)."""


def outline_of(raw: Mapping[str, Any]) -> Outline | None:
    """Return the outline of what a text holds; None if it has not the shape of a station file."""
    try:
        return Outline.model_validate(
            {
                "name": raw.get("name", ""),
                "crop": {**WHOLE, **_chosen(raw.get("crop", {}), WHOLE)},
                "pose_rate": raw.get("pose_rate", POSE_RATE),
                "place": raw.get("place"),
                "zones": [
                    {"name": name, "points": _plain(points), "was": name}
                    for name, points in _mapping(raw.get("zones", {})).items()
                ],
                "tools": [
                    {"name": name, "holder": _mapping(tool).get("holder", ""), "was": name}
                    for name, tool in _mapping(raw.get("tools", {})).items()
                ],
                "states": [_state(state, was) for was, state in enumerate(_list(raw.get("states", [])))],
                "cycle": _cycle(raw.get("cycle")),
            },
        )
    except (ValidationError, _OtherShapeError):
        return None


class _OtherShapeError(Exception):
    """A list where keys belong, or the other way round."""


def _mapping(raw: object) -> Mapping[Any, Any]:
    if not isinstance(raw, Mapping):
        raise _OtherShapeError
    return raw


def _list(raw: object) -> Sequence[Any]:
    if not isinstance(raw, Sequence) or isinstance(raw, str):
        raise _OtherShapeError
    return raw


def _chosen(raw: object, keys: Iterable[str]) -> dict[str, Any]:
    found = _mapping(raw)
    return {key: found[key] for key in keys if key in found}


def _plain(points: object) -> list[list[Any]]:
    return [list(_list(point)) for point in _list(points)[:65]]


def _cycle(raw: object) -> dict[str, Any] | None:
    return None if raw is None else {"first": "", "last": "", **_chosen(raw, ("first", "last"))}


def _state(raw: object, was: int) -> dict[str, Any]:
    state = _mapping(raw)
    return {
        "name": state.get("name", ""),
        "category": state.get("category", ""),
        "value_adding": state.get("value_adding", False),
        "shortest_s": state.get("shortest_s", SHORTEST_S),
        "rule": rule_part(state.get("when")),
        "was": was,
    }


def rule_part(raw: object) -> RulePart:
    """Return a rule as an editor shows it, from what YAML holds."""
    try:
        return _shown(rules.parse(raw))
    except BadInput:
        if isinstance(raw, str) and len(raw) <= 500:
            return TextPart(kind="text", text=str(raw))
        return _shown_in_part(raw)


def _shown_in_part(raw: object) -> RulePart:
    """Show a list of which some sentences are no rules; anything else is left as it is."""
    if isinstance(raw, Mapping) and len(raw) == 1:
        ((word, inner),) = raw.items()
        few = isinstance(inner, Sequence) and not isinstance(inner, str) and 0 < len(inner) <= 20
        if word in {"all", "any"} and few and all(isinstance(part, str) for part in inner):
            return ListPart(kind=word, parts=tuple(rule_part(part) for part in inner))
    return KeptPart(kind="kept")


def _shown(rule: rules.Rule) -> RulePart:
    match rule:
        case rules.HandIn(hands, zone):
            return HandPart(kind="hand", hands=hands, zone=zone)
        case rules.TorsoIn(zone):
            return TorsoPart(kind="torso", zone=zone)
        case rules.Holds(tool):
            return HoldsPart(kind="holds", tool=tool)
        case rules.StillFor(duration):
            return StillPart(kind="still", seconds=duration / SECOND)
        case rules.Walking():
            return PlainPart(kind="walking")
        case rules.Present():
            return PlainPart(kind="present")
        case rules.Absent():
            return PlainPart(kind="absent")
        case rules.Not(part):
            return NotPart(kind="not", part=_shown(part))
        case rules.All(parts):
            return ListPart(kind="all", parts=tuple(map(_shown, parts)))
        case rules.Any(parts):
            return ListPart(kind="any", parts=tuple(map(_shown, parts)))


def raw_rule(part: RulePart) -> Any:  # noqa: ANN401  # what YAML holds: a text or a mapping
    """Return what YAML holds for a rule; nothing for a part that is `kept`, which has no text of its own."""
    match part:
        case HandPart():
            return rules.raw_of(rules.HandIn(part.hands, part.zone))
        case TorsoPart():
            return rules.raw_of(rules.TorsoIn(part.zone))
        case HoldsPart():
            return rules.raw_of(rules.Holds(part.tool))
        case StillPart():
            return rules.raw_of(rules.StillFor(seconds(part.seconds)))
        case PlainPart():
            return part.kind
        case ListPart():
            return {part.kind: [raw_rule(inner) for inner in part.parts]}
        case NotPart():
            return {"not": raw_rule(part.part)}
        case TextPart():
            return part.text
        case KeptPart():
            return ""
