"""protocol.yaml: the bars that an agreement study is held to, fixed before it begins."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from capture.yaml_document import Strict, read_document
from productivity.agreement.pairs import Clustering
from productivity.agreement.protocol import Protocol
from productivity.time import seconds

_DEFAULT = Protocol()
Bar = Annotated[float, Field(gt=0.0, lt=1.0)] | None


class ProtocolFile(Strict):
    """The bars of `Protocol`; a bar that is left out has its default, null: it is reported, not judged."""

    fairtakt: Literal["protocol 1"]
    fixed_on: date | None = None
    cycle_margin: Bar = _DEFAULT.cycle_margin
    kappa: Bar = _DEFAULT.kappa
    human_kappa: Bar = _DEFAULT.human_kappa
    share_error: Bar = _DEFAULT.share_error
    concordance: Bar = _DEFAULT.concordance
    mape: Bar = _DEFAULT.mape
    smallest_difference_s: Annotated[float, Field(gt=0.0)] | None = None
    confidence: Annotated[float, Field(gt=0.5, lt=1.0)] = _DEFAULT.confidence
    clustering: Clustering = _DEFAULT.clustering

    def protocol(self) -> Protocol:
        """Return what the method works with."""
        smallest = self.smallest_difference_s
        return Protocol(
            cycle_margin=self.cycle_margin,
            kappa=self.kappa,
            human_kappa=self.human_kappa,
            share_error=self.share_error,
            concordance=self.concordance,
            mape=self.mape,
            smallest_difference_ns=None if smallest is None else seconds(smallest),
            confidence=self.confidence,
            clustering=self.clustering,
            fixed_on=self.fixed_on,
        )


def read_protocol(path: Path) -> Protocol:
    """Read the bars; an absent file has the defaults. Raises `BadInput` naming file and line."""
    return read_document(path, ProtocolFile, "protocol").protocol() if path.exists() else _DEFAULT
