"""The state hierarchy as rows, a state each, for those who would rather fill in a table than write YAML."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from productivity.errors import BadInput
from productivity.hierarchy import Hierarchy, StateNode
from productivity.states import StateCategory
from storage.study.editing import Change, read_text, replace_texts
from storage.study.folder import MATCHING, STATES
from storage.study.matching_yaml import read_matching
from storage.study.yaml_text import with_keys


@dataclass(frozen=True, slots=True)
class StateRow:
    """A state: the one that it refines, else empty; and whether its time adds value."""

    name: str
    category: StateCategory
    value_adding: bool
    part_of: str = ""


def state_rows(hierarchy: Hierarchy) -> tuple[StateRow, ...]:
    """Return a row for each state, in the order of the hierarchy."""
    return tuple(
        StateRow(node.name, node.category, node.value_adding, node.parent or "") for node in hierarchy.nodes
    )


def replace_states(study: Path, rows: Sequence[StateRow], revision: str) -> str:
    """Put these states in place of the study's, and keep the comments above its categories.

    Rules of loss matching for states that are gone go with them. Returns the revision. Raises `BadInput`.
    """
    hierarchy = Hierarchy(
        tuple(StateNode(row.name, row.category, row.value_adding, row.part_of or None) for row in rows)
    )
    changes = {
        category.value: [_entry(node, hierarchy) for node in hierarchy.nodes if _is_top(node, category)]
        for category in StateCategory
    }
    text, _ = read_text(study, STATES)
    rules = _fewer_rules(study, hierarchy)
    # Fewer rules fit the old states too: of the two files the rules' comes first.
    return replace_texts(study, {**rules, STATES: Change(with_keys(text, changes), revision)})[STATES]


def _is_top(node: StateNode, category: StateCategory) -> bool:
    return node.category is category and node.parent is None


def _entry(node: StateNode, hierarchy: Hierarchy) -> dict[str, object]:
    entry: dict[str, object] = {"name": node.name}
    inherited = hierarchy.value_adding(node.parent) if node.parent else False
    if node.value_adding != inherited:
        entry["value_adding"] = node.value_adding
    parts = [_entry(part, hierarchy) for part in hierarchy.nodes if part.parent == node.name]
    return entry | ({"parts": parts} if parts else {})


def _fewer_rules(study: Path, hierarchy: Hierarchy) -> dict[str, Change]:
    """Return a change of the rules to those that fit; none where all fit, or nobody can tell."""
    try:
        toolset = read_matching(study / MATCHING)
    except BadInput:
        return {}
    known = set(StateCategory) | {node.name for node in hierarchy.nodes}
    rules = [
        {"loss": rule.loss}
        | ({} if rule.value_adding is None else {"value_adding": rule.value_adding})
        | {"remedies": list(rule.remedies)}
        for rule in (toolset.rules if toolset else ())
        if rule.loss in known
    ]
    if toolset is None or len(rules) == len(toolset.rules):
        return {}
    text, revision = read_text(study, MATCHING)
    return {MATCHING: Change(with_keys(text, {"rules": rules}), revision)}
