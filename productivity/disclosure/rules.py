"""Which figures are sensitive, and how well they must stay hidden."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from productivity.disclosure.table import Cell
from productivity.errors import BadInput


class Reason(StrEnum):
    """Why a figure is left out."""

    TOO_FEW = "too few people"
    DOMINATED = "dominated by few people"
    PROTECTS = "protects another figure"


@dataclass(frozen=True, slots=True)
class Rules:
    """At least `group` people; and the `leading` largest contributions are no more than `share` of a figure.

    The second is the (n, k) dominance rule, here (2, 90 %) (Hundepool et al. 2012, section 4.2). It needs
    contributions of single people, which a plant without identities does not have. Where they are unknown,
    the people are taken to contribute alike, which the rule lets pass: the minimum group is then the only
    safeguard, and a release says how many of its figures that concerns. `strict` leaves them out instead.
    """

    group: int
    leading: int = 2
    share: Fraction = Fraction(9, 10)
    strict: bool = False

    def __post_init__(self) -> None:
        if self.leading < 1 or self.group <= self.leading or not 0 < self.share <= 1:
            raise BadInput(
                "disclosure rules make no sense", expected="1 <= leading < group and 0 < share <= 1"
            )

    def judged(self, cell: Cell) -> bool:
        """Return whether enough contributions are known to tell whether few people dominate."""
        return cell.largest is not None and len(cell.largest) >= min(self.leading, cell.people)

    def verdict(self, cell: Cell) -> Reason | None:
        """Return why a figure must not be shown by itself; None if it may.

        The group is who attended, not who contributed: that the only person at a station spent no time in a
        state is a fact about that person too. Where nobody attended, there is nobody to protect.
        """
        if cell.people == 0:
            return None
        if cell.people < self.group:
            return Reason.TOO_FEW
        if not self.judged(cell):
            return Reason.DOMINATED if self.strict else None
        first = sum((cell.largest or ())[: self.leading])
        return Reason.DOMINATED if first > self.share * cell.value else None

    def interval(self, cell: Cell, resolution: int) -> tuple[int, int]:
        """Return the interval that must look possible to anybody for a figure that is left out.

        It reaches half of the protected contribution to either side of the figure, and at least
        `resolution` (not below 0): the range stays as wide as what is protected, and the truth is not at
        its edge. Protected is the largest contribution if few dominate, else, or if it is unknown, all.

        For dominance this exceeds the usual upper protection level, (sum of the leading) / share - value
        (Hundepool et al. 2012, section 4.2.2), for (2, 90 %): that is at most value / 0.9 - value, a ninth of
        the value, while half of the larger of two that are over 90 % is more than 22.5 % of it.
        """
        contribution = cell.value
        if self.verdict(cell) is Reason.DOMINATED and cell.largest:
            contribution = cell.largest[0]
        half = max(-(-contribution // 2), resolution)
        return max(0, cell.value - half), cell.value + half
