"""System levels e = 0 to 3 of the vertical aggregation, and the tree of work systems that bears them."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Self

from productivity.errors import BadInput


class Level(IntEnum):
    """A level of work systems. `LINE` and the names of ISA-95 (IEC 62264-1) are aliases."""

    WORKPLACE = 0
    CELL = 1
    AREA = 2
    PLANT = 3
    LINE = 1
    WORK_UNIT = 0
    WORK_CENTRE = 1
    SITE = 3

    @property
    def label(self) -> str:
        """The level's own word."""
        return self.name.lower()

    @property
    def isa95(self) -> str:
        """The level's name in the equipment hierarchy of ISA-95."""
        return ("work unit", "work centre", "area", "site")[self]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the level of a name in words, aliases included; raises `BadInput` for any other."""
        name = text.strip().upper().replace(" ", "_").replace("-", "_").replace("WORK_CENTER", "WORK_CENTRE")
        try:
            return cls.__members__[name]
        except KeyError:
            words = ", ".join(word.lower().replace("_", " ") for word in cls.__members__)
            raise BadInput("level is not known", expected=f"one of {words}", found=repr(text)) from None


@dataclass(frozen=True, slots=True)
class SystemNode:
    """A work system: a workplace, a cell or line, an area or a plant; `parent` is what it is part of."""

    name: str
    level: Level
    parent: str | None = None


@dataclass(frozen=True)  # without slots: the lookups below are worked out once and kept
class System:
    """The work systems of a study: one tree or several. A parent is of a higher level, not always the next.

    Raises `BadInput` when two systems share a name, or a parent is missing or not of a higher level.
    """

    nodes: tuple[SystemNode, ...]

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for node in self.nodes:
            if not node.name.strip() or node.name in seen:
                raise BadInput(f"system {node.name!r} is empty or stands twice", expected="a name of its own")
            seen.add(node.name)
        for node in self.nodes:
            if node.parent is None:
                continue
            parent = self._by_name.get(node.parent)
            if parent is None:
                raise BadInput(
                    f"system {node.name!r} is part of a system that is not there", found=repr(node.parent)
                )
            if parent.level <= node.level:
                raise BadInput(
                    f"system {node.name!r} is part of {parent.name!r}",
                    expected=f"a system above the level {node.level.label}",
                    found=parent.level.label,
                )

    @cached_property
    def _by_name(self) -> dict[str, SystemNode]:
        return {node.name: node for node in self.nodes}

    @cached_property
    def _children(self) -> dict[str, tuple[SystemNode, ...]]:
        children: dict[str, list[SystemNode]] = {node.name: [] for node in self.nodes}
        for node in self.nodes:
            if node.parent is not None:
                children[node.parent].append(node)
        return {name: tuple(nodes) for name, nodes in children.items()}

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def node(self, name: str) -> SystemNode:
        """Return a system's node; raises `BadInput` for a name that is not there."""
        try:
            return self._by_name[name]
        except KeyError:
            raise BadInput(
                f"system {name!r} is not part of the study",
                expected="one of " + ", ".join(repr(known) for known in self._by_name),
            ) from None

    def children(self, name: str) -> tuple[SystemNode, ...]:
        """Return the systems directly below a system, in the order of the tree."""
        self.node(name)
        return self._children[name]

    def ancestors(self, name: str) -> tuple[SystemNode, ...]:
        """Return the systems that a system is part of, the nearest first."""
        found: list[SystemNode] = []
        parent = self.node(name).parent
        while parent is not None:
            found.append(self._by_name[parent])
            parent = found[-1].parent
        return tuple(found)

    def within(self, name: str) -> Iterator[SystemNode]:
        """Yield a system and all that it consists of, from the top down."""
        yield self.node(name)
        for child in self._children[name]:
            yield from self.within(child.name)

    def at(self, level: Level) -> tuple[SystemNode, ...]:
        """Return the systems of one level."""
        return tuple(node for node in self.nodes if node.level == level)
