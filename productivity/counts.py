"""How often a piece, a batch or a shift occurred: what sampled durations are multiplied by."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from productivity.levels import System
from productivity.records import ALL_VARIANTS, Finding, Output, Severity, Unit


@dataclass(frozen=True, slots=True)
class Counts:
    """Occurrences of a unit in a period: by variant, and `others` of variants that nobody named.

    `system` is where the output was counted: the system itself, or the nearest one that it is part of.
    """

    system: str
    unit: Unit
    by_variant: Mapping[str, int]
    others: int

    @property
    def total(self) -> int:
        """All occurrences."""
        return sum(self.by_variant.values()) + self.others


@dataclass(frozen=True, slots=True)
class OutputBook:
    """The output of one period, looked up by work system. Requires system names that are in `system`."""

    system: System
    rows: Sequence[Output]

    def own(self, name: str, unit: Unit) -> Counts | None:
        """Return what was counted in a work system itself; None when no row states the unit.

        A row states pieces, batches or shifts by a number above 0. A row of 0 pieces, batches and shifts
        says that there was no output at all.
        """
        rows = [row for row in self.rows if row.system == name and _states(row, unit)]
        if not rows:
            return None
        counted: Counter[str] = Counter()
        for row in rows:
            counted[row.variant] += row.count(unit)
        whole = counted.pop(ALL_VARIANTS, 0)
        return Counts(name, unit, dict(counted), max(0, whole - counted.total()))

    def nearest(self, name: str, unit: Unit) -> Counts | None:
        """Return the counts of a work system, or of the nearest one above it that has some.

        In a cell each piece passes all its workplaces, and workers who move over them (rabbit chase) are
        counted with the cell: there a workplace has the cell's output. Where workplaces share the work
        between them, each must state its own.
        """
        for candidate in (name, *(node.name for node in self.system.ancestors(name))):
            counts = self.own(candidate, unit)
            if counts is not None:
                return counts
        return None

    def contradictions(self) -> list[Finding]:
        """Return a finding for each system whose variants put out more than the stated whole."""
        findings = []
        for name in dict.fromkeys(row.system for row in self.rows):
            for unit in (Unit.PIECE, Unit.BATCH):
                rows = [row for row in self.rows if row.system == name and row.count(unit)]
                whole = sum(row.count(unit) for row in rows if row.variant == ALL_VARIANTS)
                parts = sum(row.count(unit) for row in rows if row.variant != ALL_VARIANTS)
                if 0 < whole < parts:
                    findings.append(_parts_exceed_whole(name, unit, whole, parts, rows))
        return findings


def _states(row: Output, unit: Unit) -> bool:
    return row.count(unit) > 0 or not (row.pieces or row.batches or row.shifts)


def _parts_exceed_whole(name: str, unit: Unit, whole: int, parts: int, rows: Sequence[Output]) -> Finding:
    return Finding(
        Severity.ERROR,
        "output-parts-exceed-whole",
        f"the variants of {name!r} have {parts} {unit} counts together, but {whole} are stated for all; "
        f"{parts} are used",
        tuple(dict.fromkeys(row.source for row in rows)),
        facts=(("system", name), ("unit", unit.value), ("parts", parts), ("whole", whole)),
        system=name,
    )
