"""What figures of several tables have in common: the smallest pieces that any of them can be added up from.

Members that always occur together are one piece, so there are no more pieces than the tables can tell apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

import numpy as np
from scipy.sparse import csr_array  # type: ignore[import-untyped]

from productivity.disclosure.dimension import Dimension

Mask: TypeAlias = int
"""A set of atoms as the bits of an integer; a figure is the sum over its atoms."""


@dataclass(frozen=True, slots=True)
class Region:
    """What a figure is about: the members of each dimension; the figure is of their combinations."""

    members: tuple[frozenset[str], ...]


def regions(dimensions: Sequence[Dimension]) -> dict[tuple[str, ...], Region]:
    """Return what each combination of groups is about."""
    return {
        tuple(group.name for group in groups): Region(tuple(group.members for group in groups))
        for groups in product(*(dimension.groups for dimension in dimensions))
    }


class Atoms:
    """The common pieces of regions. Every region has the same number of dimensions."""

    def __init__(self, found: Sequence[Region]) -> None:
        """Divide each dimension where the regions do, and number the combinations that occur."""
        width = len(found[0].members)
        self._classes = [_classes({region.members[number] for region in found}) for number in range(width)]
        self._numbers: dict[tuple[int, ...], int] = {}
        self._masks: dict[Region, Mask] = {}
        for region in found:
            if region not in self._masks:
                self._masks[region] = self._number(region)
        self._places = list(self._numbers)

    def _number(self, region: Region) -> Mask:
        bits = 0
        axes = (
            sorted({classes[member] for member in members})
            for classes, members in zip(self._classes, region.members, strict=True)
        )
        for combination in product(*axes):
            bits |= 1 << self._numbers.setdefault(combination, len(self._numbers))
        return bits

    def __len__(self) -> int:
        return len(self._numbers)

    def mask(self, region: Region) -> Mask:
        """Return the atoms of a region that was among those divided."""
        return self._masks[region]

    def slab(self, number: int, members: frozenset[str]) -> Mask:
        """Return all atoms that are about these members of a dimension, which the regions told apart."""
        wanted = {self._classes[number][member] for member in members}
        return sum(1 << atom for atom, place in enumerate(self._places) if place[number] in wanted)

    def region(self, number: int) -> Region:
        """Return what one atom is about."""
        return Region(
            tuple(
                frozenset(member for member, class_ in classes.items() if class_ == wanted)
                for classes, wanted in zip(self._classes, self._places[number], strict=True)
            )
        )


def _classes(sets: set[frozenset[str]]) -> dict[str, int]:
    """Return for each member the number of its class: members that are in the same sets are in one."""
    ordered = sorted(sets, key=sorted)
    numbers: dict[tuple[bool, ...], int] = {}
    members = sorted(frozenset().union(*ordered))
    return {
        member: numbers.setdefault(tuple(member in each for each in ordered), len(numbers))
        for member in members
    }


def bits_of(bits: Mask) -> list[int]:
    """Return the numbers of the atoms in a set."""
    numbers = []
    while bits:
        low = bits & -bits
        numbers.append(low.bit_length() - 1)
        bits ^= low
    return numbers


def indicator(masks: Sequence[Mask], count: int) -> csr_array:
    """Return (len(masks), count) float64, sparse: 1 where an atom belongs to a set, else 0."""
    columns = [bits_of(bits) for bits in masks]
    starts = np.cumsum([0, *map(len, columns)])
    flat = np.array([number for row in columns for number in row], dtype=np.int64)
    return csr_array((np.ones(len(flat)), flat, starts), shape=(len(masks), count))
