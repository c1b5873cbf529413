"""What a rule is, and how most rules say where they are broken."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from consent.agreement.language import Text
from consent.agreement.schema import Agreement


class Severity(StrEnum):
    """What a finding means for the agreement."""

    REFUSAL = "refusal"
    WARNING = "warning"


Places = Iterator[str]
"""Where in the file a rule is broken, such as `campaigns[0].last_day = null`."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `broken` finds the places where an agreement breaks it."""

    name: str
    severity: Severity
    source: str
    text: Text
    broken: Callable[[Agreement], Places]


def when(broken: Callable[[Agreement], object | None]) -> Callable[[Agreement], Places]:
    """Return what finds the one place of a rule: `broken` returns it, or None."""

    def places(agreement: Agreement) -> Places:
        if (found := broken(agreement)) is not None:
            yield str(found)

    return places
