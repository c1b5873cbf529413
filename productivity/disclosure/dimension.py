"""One dimension of a table: named groups of members, nested like plant, area, cell, station."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from productivity.errors import BadInput


@dataclass(frozen=True, slots=True)
class Group:
    """A row or column: its name, and the members (stations, states, days) that it puts together."""

    name: str
    members: frozenset[str]


@dataclass(frozen=True, slots=True)
class Dimension:
    """The groups of one dimension. Two of them are nested or have nothing in common.

    Members are what tables of different releases have in common, so their names must mean the same in all
    of them: a station, a worker state, a calendar day. Raises `BadInput` for an empty group, a name that
    stands twice, and groups that overlap.
    """

    name: str
    groups: tuple[Group, ...]

    def __post_init__(self) -> None:
        where = f"dimension {self.name!r}"
        if not self.groups:
            raise BadInput("there are no groups", where=where, expected="one or more")
        seen: set[str] = set()
        for group in self.groups:
            if not group.members or group.name in seen:
                raise BadInput(f"group {group.name!r} is empty or stands twice", where=where)
            seen.add(group.name)
        for number, group in enumerate(self.groups):
            for other in self.groups[:number]:
                if group.members & other.members not in (frozenset(), group.members, other.members):
                    raise BadInput(
                        f"groups {other.name!r} and {group.name!r} overlap",
                        where=where,
                        expected="groups that are nested or apart (others belong in a table of their own)",
                    )

    @classmethod
    def tree(cls, name: str, parents: Mapping[str, str | None]) -> Self:
        """Make a dimension from the parent of each node (None: a root); the leaves are the members.

        Raises `BadInput` for a parent that is not there and for nodes that form a circle.
        """
        inner = set(parents.values())
        members: dict[str, set[str]] = {node: set() for node in parents}
        for leaf in parents:
            node: str | None = leaf
            path: list[str] = []
            while node is not None:
                if node not in parents or node in path:
                    raise BadInput(
                        f"{leaf!r} has no path to a root",
                        where=f"dimension {name!r}",
                        expected="a tree of named nodes",
                        found=repr(node),
                    )
                path.append(node)
                node = parents[node]
            if leaf not in inner:
                for above in path:
                    members[above].add(leaf)
        return cls(name, tuple(Group(node, frozenset(found)) for node, found in members.items()))

    @classmethod
    def fixed(cls, name: str, label: str, members: Iterable[str]) -> Self:
        """Make a dimension of a single group: what a whole table is about, such as its days."""
        return cls(name, (Group(label, frozenset(members)),))

    def parts(self, name: str) -> tuple[str, ...]:
        """Return the largest groups within a group that together are all of it; none where they are not.

        Of groups with the same members the first by name speaks for all.
        """
        whole = next(group.members for group in self.groups if group.name == name)
        within = sorted(
            (group for group in self.groups if group.members < whole),
            key=lambda group: (-len(group.members), group.name),
        )
        covered: frozenset[str] = frozenset()
        chosen: list[str] = []
        for group in within:
            if not group.members & covered:
                chosen.append(group.name)
                covered |= group.members
        return tuple(sorted(chosen)) if covered == whole else ()
