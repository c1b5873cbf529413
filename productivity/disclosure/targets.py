"""What must not be worked out: sensitive figures, and sums and differences that are figures in disguise."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from productivity.disclosure.atoms import Atoms, Mask, Region
from productivity.disclosure.attacker import Goal
from productivity.disclosure.rules import Rules
from productivity.disclosure.table import Cell, Table


@dataclass(frozen=True, slots=True)
class Located:
    """A cell, what it is about, and its atoms."""

    cell: Cell
    region: Region
    mask: Mask


def sensitive(cells: Iterable[Located], rules: Rules, resolution: int) -> list[Goal]:
    """Return the goals of the figures that must not be shown by themselves."""
    return [
        Goal(each.mask, *rules.interval(each.cell, resolution))
        for each in cells
        if rules.verdict(each.cell) is not None
    ]


def hidden_sums(
    table: Table,
    masks: Mapping[tuple[str, ...], Mask],
    hidden: frozenset[Mask],
    rules: Rules,
    resolution: int,
) -> list[Goal]:
    """Return the sums of hidden figures that may rest on too few people.

    A total minus the parts that are shown is the sum of those that are not. Two stations with three people
    each, both hidden, are together a group of at most six. A total or a part with enough people in the sum
    settles it: the people of a sum are at least those of any part, and at least those of the total minus
    those of all other parts. It also keeps the only person at one station, who knows the own figure, from
    subtracting it and reading the other's (the singleton problem, Hundepool et al. 2012, section 4.2.2).
    """
    goals: list[Goal] = []
    for total, parts in table.relations:
        inside = [part for part in parts if masks[part.at] in hidden and part.people > 0]
        if len(inside) < 2:
            continue
        others = sum(part.people for part in parts if part not in inside)
        people = max(total.people - others, *(part.people for part in inside))
        together = Cell(total.at, sum(part.value for part in inside), people)
        if people < rules.group:
            bits = 0
            for part in inside:
                bits |= masks[part.at]
            goals.append(Goal(bits, *rules.interval(together, resolution)))
    return goals


@dataclass(frozen=True, slots=True)
class Difference:
    """What one figure is more than another of a different release; `region` if it has a simple one.

    `people` is what is certain: whoever was in the larger group and not in the smaller one.
    """

    mask: Mask
    value: int
    people: int
    region: Region | None


def differences(new: Sequence[Located], old: Sequence[Located]) -> Iterator[Difference]:
    """Yield what remains when a figure of one release is taken from a larger one of another."""
    for larger, smaller in ((new, old), (old, new)):
        for whole in larger:
            for part in smaller:
                if whole.mask & part.mask == part.mask != whole.mask:
                    yield Difference(
                        whole.mask & ~part.mask,
                        whole.cell.value - part.cell.value,
                        max(0, whole.cell.people - part.cell.people),
                        _remainder(whole.region, part.region),
                    )


def _remainder(whole: Region, part: Region) -> Region | None:
    """Return a region without a part of it, if that is a region: if they differ in one dimension only."""
    differing = [
        number
        for number, (ours, theirs) in enumerate(zip(whole.members, part.members, strict=True))
        if ours != theirs
    ]
    if len(differing) != 1:
        return None
    members = list(whole.members)
    members[differing[0]] -= part.members[differing[0]]
    return Region(tuple(members))


@dataclass(frozen=True, slots=True)
class Leftover:
    """What remains of a figure; `people` is what is certain: the figure's less those of all taken away."""

    mask: Mask
    people: int
    region: Region


def leftovers(seen: Sequence[Located], atoms: Atoms, nobody: Mask) -> Iterator[Leftover]:
    """Yield what remains of a figure when all figures within it that may be seen are taken away.

    A station outside all areas is the plant less its areas, in one table or in several; the border days of a
    month are the month less its weeks. One dimension at a time; atoms in `nobody` make no difference. What
    remains if fewer are taken away has a group with enough people in it, so that it need not be looked at.
    """
    figures = {each.mask & ~nobody: each for each in seen}
    for number in range(len(seen[0].region.members)) if seen else ():
        groups = {each.region.members[number] for each in seen}
        slabs = {members: atoms.slab(number, members) for members in groups}
        for mask, whole in figures.items():
            every = whole.region.members[number]
            taken = {
                members: figures[part].cell.people if part else 0
                for members in groups
                if members < every and (not (part := mask & slabs[members]) or part in figures)
            }
            rest = every.difference(*taken)
            if rest and rest != every:
                largest = [members for members in taken if not any(members < other for other in taken)]
                people = whole.cell.people - sum(taken[members] for members in largest)
                place = (*whole.region.members[:number], rest, *whole.region.members[number + 1 :])
                yield Leftover(whole.mask & atoms.slab(number, rest), max(0, people), Region(place))


def small_differences(
    found: Iterable[Difference],
    left: Iterable[Leftover],
    atoms: Atoms,
    known: Mapping[Mask, Cell],
    rules: Rules,
) -> tuple[dict[Mask, int], dict[Mask, Region]]:
    """Return what is not certain to rest on enough people: differences by value, and what to look up.

    A group has at least the people of any known group within it. Differences that are figures themselves
    are judged as such. The second part has the regions whose people the caller can find out, among them
    what is `left` over of figures, and pieces that no single difference gives but several tables might.
    """
    people: dict[Mask, int] = {}
    values: dict[Mask, int] = {}
    places: dict[Mask, Region] = {}
    for each in found:
        if each.mask in known:
            continue
        people[each.mask] = max(each.people, people.get(each.mask, 0))
        values[each.mask] = each.value
        if each.region is not None:
            places[each.mask] = each.region
    pieces = (Leftover(1 << number, 0, atoms.region(number)) for number in range(len(atoms)))
    for rest in (*left, *pieces):
        if rest.mask not in known:
            people[rest.mask] = max(rest.people, people.get(rest.mask, 0))
            places.setdefault(rest.mask, rest.region)
    large = [bits for bits, cell in known.items() if cell.people >= rules.group]
    nobody = 0
    for bits, cell in known.items():
        if cell.people == 0:
            nobody |= bits
    small = {
        bits
        for bits, least in people.items()
        if least < rules.group and bits & ~nobody and not any(group & bits == group for group in large)
    }
    return (
        {bits: value for bits, value in values.items() if bits in small},
        {bits: place for bits, place in places.items() if bits in small},
    )
