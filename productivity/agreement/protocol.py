"""The bars of an agreement study, fixed before it begins."""

from dataclasses import dataclass
from datetime import date

from productivity.agreement.pairs import Clustering
from productivity.errors import BadInput


@dataclass(frozen=True, slots=True)
class Protocol:
    """What must hold for the measuring system to replace the manual study. None: reported, not judged.

    Shares and errors are fractions of 1. The defaults are conventions, each with its source:

    * `cycle_margin`: mean cycle times equivalent within 5 % (TOST, practice of ASTM E2935)
    * `kappa`: lower confidence limit of kappa (AIAG: from 0.75 good, from 0.90 preferred)
    * `human_kappa`: kappa of two people on the same material; the system's must not be below it
    * `share_error`: largest error of a state's share (REFA work sampling: 2 to 2.5 points)
    * `concordance` and `mape`: device validation practice
    * `smallest_difference_ns`: the smallest difference of a cycle time that matters; the limits of
      agreement must lie within it. Only the plant knows it, so there is no default.

    `fixed_on` is the day on which the bars were fixed.
    """

    cycle_margin: float | None = 0.05
    kappa: float | None = 0.75
    human_kappa: float | None = None
    share_error: float | None = 0.025
    concordance: float | None = 0.95
    mape: float | None = 0.10
    smallest_difference_ns: int | None = None
    confidence: float = 0.95
    clustering: Clustering = Clustering.SESSION
    fixed_on: date | None = None

    def __post_init__(self) -> None:
        fractions = {
            "cycle_margin": self.cycle_margin,
            "kappa": self.kappa,
            "human_kappa": self.human_kappa,
            "share_error": self.share_error,
            "concordance": self.concordance,
            "mape": self.mape,
        }
        for name, value in fractions.items():
            if value is not None and not 0 < value < 1:
                raise BadInput(f"{name} of the protocol", expected="between 0 and 1", found=str(value))
        if not 0.5 < self.confidence < 1:
            raise BadInput(
                "confidence of the protocol", expected="between 0.5 and 1", found=str(self.confidence)
            )
        if self.smallest_difference_ns is not None and self.smallest_difference_ns <= 0:
            raise BadInput(
                "smallest_difference_ns of the protocol",
                expected="above 0",
                found=str(self.smallest_difference_ns),
            )
