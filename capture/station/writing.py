"""Puts an outline back into the text it came from.

What was not changed keeps its comments, its place and its spelling; a text that cannot be read is written
anew. What a file names once and refers to again (`&`, `*`) is written out where it changes, and only there.
"""

import io
import re
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import SingleQuotedScalarString

from capture.station.outline import (
    POSE_RATE,
    SHORTEST_S,
    WHOLE,
    KeptPart,
    Outline,
    RulePart,
    StatePart,
    outline_of,
    raw_rule,
    rule_part,
)
from capture.yaml_document import load_yaml

KIND = "station 1"
_KEYS = ("fairtakt", "name", "crop", "pose_rate", "place", "zones", "tools", "states", "cycle")
_STATE_KEYS = ("name", "category", "value_adding", "when", "shortest_s")
_ONE_LINE = 90
"""Characters of a rule that is written in one line."""
_PLAIN = re.compile(r"[^\W_](?:[\w ()/%+.–-]*[\w)%+.])?")
"""What needs no quotes, unless YAML reads a number or another word of its own in it."""
_ENDLESS = 1 << 20
"""Columns: a line is never broken, so that an error's line is the one that a reader finds."""


def write_station(outline: Outline, before: str = "") -> str:
    """Return the text of a station file that says what the outline says; `before` is the text to change."""
    document, known = _loaded(before)
    if "fairtakt" not in document:
        _put(document, "fairtakt", KIND, _KEYS)
    if outline.name or "name" in document:
        _put(document, "name", outline.name, _KEYS)
    if outline.crop != known.crop:
        crop = outline.crop.model_dump()
        _put(document, "crop", None if crop == WHOLE else _in_one_line(crop), _KEYS)
    if outline.pose_rate != known.pose_rate:
        _put(
            document,
            "pose_rate",
            None if outline.pose_rate == POSE_RATE else _number(outline.pose_rate),
            _KEYS,
        )
    _put(document, "place", outline.place, _KEYS)
    _put_zones(document, outline)
    _put_tools(document, outline)
    _put_states(document, outline.states)
    if outline.cycle != known.cycle:
        cycle = None if outline.cycle is None else _in_one_line(outline.cycle.model_dump())
        _put(document, "cycle", cycle, _KEYS)
    return _dumped(document)


_NOTHING = Outline.model_validate(
    {"name": "", "crop": WHOLE, "pose_rate": POSE_RATE, "place": None, "zones": (), "tools": (), "states": (),
     "cycle": None}
)  # fmt: skip


def _loaded(text: str) -> tuple[CommentedMap, Outline]:
    try:
        document = load_yaml(text)
    except (YAMLError, ValueError, RecursionError):
        document = None
    known = outline_of(document) if isinstance(document, CommentedMap) else None
    return (CommentedMap(), _NOTHING) if known is None else (document, known)


def _put_zones(document: CommentedMap, outline: Outline) -> None:
    before = document.get("zones", CommentedMap())
    entries = []
    for zone in outline.zones:
        points = before.get(zone.was)
        if points is None or _is_shared(points):
            points = _in_one_line([list(point) for point in points or ()])
        if [tuple(map(float, point)) for point in points] != list(zone.points):
            points[:] = [_in_one_line([round(x, 4), round(y, 4)]) for x, y in zone.points]
        entries.append((zone.name, zone.was, points))
    _put(document, "zones", _reordered(before, entries), _KEYS)


def _put_tools(document: CommentedMap, outline: Outline) -> None:
    before = document.get("tools", CommentedMap())
    entries = []
    for tool in outline.tools:
        node = before.get(tool.was)
        if node is None or _is_shared(node):
            node = _in_one_line(dict(node or {}))
        _put(node, "holder", tool.holder, ("holder",))
        entries.append((tool.name, tool.was, node))
    _put(document, "tools", _reordered(before, entries), _KEYS)


def _put_states(document: CommentedMap, states: tuple[StatePart, ...]) -> None:
    before = document.get("states", CommentedSeq())
    nodes = [CommentedMap() if _is_new(state, before) else _own(before[state.was]) for state in states]
    for node, state in zip(nodes, states, strict=True):
        _put_state(node, state)
    if [id(node) for node in nodes] == [id(node) for node in before]:
        return
    after = CommentedSeq(nodes)
    after.ca.comment = before.ca.comment
    for place, state in enumerate(states):
        if not _is_new(state, before) and (comment := before.ca.items.get(state.was)) is not None:
            after.ca.items[place] = comment
    _put(document, "states", after if nodes else None, _KEYS)


def _own(node: CommentedMap) -> CommentedMap:
    return CommentedMap(node) if _is_shared(node) else node


def _is_shared(node: CommentedMap | CommentedSeq) -> bool:
    return node.yaml_anchor() is not None


def _is_new(state: StatePart, before: CommentedSeq) -> bool:
    return state.was is None or state.was >= len(before)


def _put_state(node: CommentedMap, state: StatePart) -> None:
    _put(node, "name", state.name, _STATE_KEYS)
    _put(node, "category", state.category, _STATE_KEYS)
    if state.value_adding != node.get("value_adding", False):
        _put(node, "value_adding", state.value_adding or None, _STATE_KEYS)
    if not isinstance(state.rule, KeptPart) and rule_part(node.get("when")) != state.rule:
        _put_rule(node, state.rule)
    if state.shortest_s != node.get("shortest_s", SHORTEST_S):
        _put(node, "shortest_s", _number(state.shortest_s), _STATE_KEYS)


def _put_rule(node: CommentedMap, part: RulePart) -> None:
    """Write a rule; the parts of a long one stand below one another, what was said beside it below them."""
    raw = raw_rule(part)
    inner = next(iter(raw.values())) if isinstance(raw, dict) else None
    if not isinstance(inner, list) or len(str(raw)) <= _ONE_LINE:
        _put(node, "when", _in_one_line(raw), _STATE_KEYS)
        return
    parts = CommentedSeq(map(_in_one_line, inner))
    comment = node.ca.items.pop("when", None)
    if comment is not None and comment[2] is not None:
        parts.ca.items[len(inner) - 1] = [comment[2], None, None, None]
    _put(node, "when", CommentedMap({part.kind: parts}), _STATE_KEYS)


def _reordered(before: CommentedMap, entries: list[tuple[str, str | None, object]]) -> CommentedMap | None:
    """Return a mapping with these entries (name, name before, value); the same one if none came or went."""
    if [name for name, _, _ in entries] == list(before):
        for name, _, value in entries:
            if before[name] is not value:
                before[name] = value
        return before if entries else None
    after = CommentedMap({_text(name): value for name, _, value in entries})
    after.ca.comment = before.ca.comment
    for name, was, _ in entries:
        if was in before and (comment := before.ca.items.get(was)) is not None:
            after.ca.items[name] = comment
    return after if entries else None


def _put(mapping: CommentedMap, key: str, value: object, order: tuple[str, ...]) -> None:
    """Give a key its value, in its place among the others; None removes it."""
    value = _text(value) if isinstance(value, str) else value
    if value is None:
        mapping.pop(key, None)
    elif key not in mapping:
        earlier = [place for place, known in enumerate(mapping) if known in order[: order.index(key)]]
        mapping.insert(earlier[-1] + 1 if earlier else 0, key, value)
    elif mapping[key] is not value and mapping[key] != value:
        mapping[key] = value


def _text(text: str) -> str:
    """Return a text in quotes unless it is plainly one: the library's own judgement trusts too many signs."""
    return str(text) if _PLAIN.fullmatch(text) else SingleQuotedScalarString(text)


def _in_one_line(value: object) -> Any:  # noqa: ANN401  # ruamel's own types
    if isinstance(value, Mapping):
        mapping = CommentedMap({_text(key): _in_one_line(inner) for key, inner in value.items()})
        mapping.fa.set_flow_style()
        return mapping
    if isinstance(value, list):
        sequence = CommentedSeq(map(_in_one_line, value))
        sequence.fa.set_flow_style()
        return sequence
    return _text(value) if isinstance(value, str) else value


def _number(value: float) -> int | float:
    return int(value) if value.is_integer() else value


def _dumped(document: CommentedMap) -> str:
    writer = YAML(typ="rt")
    writer.width = _ENDLESS
    writer.preserve_quotes = True
    writer.indent(mapping=2, sequence=4, offset=2)
    writer.brace_single_entry_mapping_in_flow_sequence = True
    written = io.StringIO()
    writer.dump(document, written)
    return written.getvalue()
