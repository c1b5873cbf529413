"""The state hierarchy: four categories at the top, refined by a plant as deep as it wants."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from productivity.errors import BadInput
from productivity.states import RESERVED_STATES, StateCategory


@dataclass(frozen=True, slots=True)
class StateNode:
    """A worker state in its place: below `parent`, or directly below its category when that is None.

    A refinement has its parent's category. It may differ in `value_adding`: *assembly* is value-adding,
    the *searching for parts* within it is not.
    """

    name: str
    category: StateCategory
    value_adding: bool
    parent: str | None = None


@dataclass(frozen=True)  # without slots: the lookups below are worked out once and kept
class Hierarchy:
    """A tree of worker states below the four categories. Time may be recorded at any depth of it.

    Raises `BadInput` when two states share a name, a state bears the name of a category or of the rest
    (*unknown*, *not recorded*), a parent is missing or of another category, or states form a circle.
    """

    nodes: tuple[StateNode, ...]

    def __post_init__(self) -> None:
        reserved = {*StateCategory, *RESERVED_STATES}
        seen: set[str] = set()
        for node in self.nodes:
            if not node.name.strip() or node.name in reserved:
                raise BadInput(
                    f"state {node.name!r} has a name that is not free",
                    expected="a name other than a category's, 'unknown' or 'not recorded'",
                )
            if node.name in seen:
                raise BadInput(f"state {node.name!r} stands twice in the hierarchy", expected="one entry")
            seen.add(node.name)
        for node in self.nodes:
            self._check_parent(node)
            self.path(node.name)

    def _check_parent(self, node: StateNode) -> None:
        if node.parent is None:
            return
        parent = self._by_name.get(node.parent)
        if parent is None:
            raise BadInput(
                f"state {node.name!r} has a parent that is not in the hierarchy",
                expected="the name of a state",
                found=repr(node.parent),
            )
        if parent.category is not node.category:
            raise BadInput(
                f"state {node.name!r} is of another category than its parent {parent.name!r}",
                expected=parent.category,
                found=node.category,
            )

    @cached_property
    def _by_name(self) -> dict[str, StateNode]:
        return {node.name: node for node in self.nodes}

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def node(self, name: str) -> StateNode:
        """Return a state's node; raises `BadInput` for a name that is not in the hierarchy."""
        try:
            return self._by_name[name]
        except KeyError:
            raise BadInput(
                f"state {name!r} is not in the state hierarchy",
                expected="one of " + ", ".join(repr(known) for known in self._by_name),
            ) from None

    def category(self, name: str) -> StateCategory:
        """Return the category of a state."""
        return self.node(name).category

    def value_adding(self, name: str) -> bool:
        """Return whether time in a state adds value."""
        return self.node(name).value_adding

    def path(self, name: str) -> tuple[str, ...]:
        """Return the names from the category (depth 0) down to the state itself."""
        node = self.node(name)
        names = [node.name]
        while node.parent is not None:
            node = self.node(node.parent)
            if node.name in names:
                raise BadInput(f"state {name!r} is its own ancestor", expected="a tree", found="a circle")
            names.append(node.name)
        return (node.category.value, *reversed(names))

    @cached_property
    def leaves(self) -> tuple[StateNode, ...]:
        """The states that are not refined further, in the order of the hierarchy."""
        parents = {node.parent for node in self.nodes}
        return tuple(node for node in self.nodes if node.name not in parents)

    def roll_up(self, totals: Mapping[str, int], depth: int) -> dict[str, int]:
        """Return totals moved up to `depth`: 0 is the category, 1 the states directly below it, and so on.

        No time is lost: a total recorded above that depth stays where it is, and the rest (*unknown*,
        *not recorded*), which is no state, stays as it is. Raises `BadInput` for a name that is not in the
        hierarchy and ValueError for a negative depth.
        """
        if depth < 0:
            msg = f"roll_up: expected a depth of 0 or more, found {depth}"
            raise ValueError(msg)
        moved: Counter[str] = Counter()
        for name, total in totals.items():
            path = (name,) if name in RESERVED_STATES else self.path(name)
            moved[path[min(depth, len(path) - 1)]] += total
        return dict(moved)


def _tree(category: StateCategory, *rows: tuple[str, bool] | tuple[str, bool, str]) -> tuple[StateNode, ...]:
    return tuple(
        StateNode(row[0], category, value_adding=row[1], parent=row[2] if len(row) == 3 else None)
        for row in rows
    )


DEFAULT_HIERARCHY = Hierarchy(
    (
        *_tree(
            StateCategory.CYCLE_BOUND,
            ("manual assembly", True),
            ("screwing", True),
            ("labeling", True),
            ("packaging", True),
            ("part handling", False),
            ("reaching", False, "part handling"),
            ("walking with part", False, "part handling"),
            ("final inspection", False),
            ("waiting within the cycle", False),
        ),
        *_tree(
            StateCategory.BATCH_BOUND,
            ("set-up", False),
            ("transport", False),
            ("paperwork", False),
        ),
        *_tree(
            StateCategory.PERIODICAL,
            ("cell feeding", False),
            ("group meeting", False),
            ("planned break", False),
            ("cleaning", False),
        ),
        *_tree(
            StateCategory.IRREGULAR,
            ("absenteeism", False),
            ("sickness", False, "absenteeism"),
            ("vacation", False, "absenteeism"),
            ("training", False, "absenteeism"),
            ("waiting", False),
            ("breakdown", False, "waiting"),
            ("missing material", False, "waiting"),
            ("missing order", False, "waiting"),
            ("rework", False),
            ("searching", False),
            ("consultation", False),
        ),
    )
)
"""States of manual assembly: those of the case study (Czumanski & Lödding 2012) and their usual neighbours.

A plant edits its own; *value-adding* follows the case study, whose published 56 % of non-value-adding time
is met by assembly, screwing, packaging and labeling as the value-adding states.
"""
