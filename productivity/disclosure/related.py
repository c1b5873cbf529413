"""Which earlier releases have anything to do with a table.

Two tables that share no member in one of their dimensions, such as two weeks without a common day, share no
atom: neither narrows anything of the other. But a third may overlap with both. So what counts is whoever can
be reached from overlap to overlap; all others may be left aside without any loss of protection.
"""

from collections.abc import Iterable

from productivity.disclosure.atoms import Region, regions
from productivity.disclosure.release import Released
from productivity.disclosure.table import Table

_Extent = tuple[frozenset[str], ...]


def related(table: Table, releases: Iterable[Released]) -> tuple[Released, ...]:
    """Return the releases of the same measure that overlap with a table, or with one that does; in order."""
    waiting = [
        (each, _extent([*regions(each.table.dimensions).values(), *each.background]))
        for each in releases
        if each.table.measure == table.measure
    ]
    order = [each for each, _ in waiting]
    reached = [_extent(regions(table.dimensions).values())]
    found: list[Released] = []
    for extent in reached:  # grows while it is walked through
        near = [pair for pair in waiting if _overlap(pair[1], extent)]
        waiting = [pair for pair in waiting if not _overlap(pair[1], extent)]
        found += [each for each, _ in near]
        reached += [theirs for _, theirs in near]
    return tuple(each for each in order if any(each is one for one in found))


def _extent(found: Iterable[Region]) -> _Extent:
    """Return all members of each dimension: too much rather than too little."""
    members = [region.members for region in found]
    return tuple(frozenset().union(*each) for each in zip(*members, strict=True))


def _overlap(one: _Extent, other: _Extent) -> bool:
    """Tell whether two tables share an atom; with unlike numbers of dimensions nobody knows."""
    return len(one) != len(other) or all(a & b for a, b in zip(one, other, strict=True))
