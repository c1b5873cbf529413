"""matching.yaml: which remedies a plant has, and which states they address."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from capture.yaml_document import Strict, read_document, refuse
from productivity.errors import BadInput
from productivity.matching import LossRule, Remedy, Toolset
from storage.study.settings import Name


class RuleEntry(Strict):
    """A state or a category, and what addresses it."""

    loss: Name
    value_adding: bool | None = None
    remedies: Annotated[tuple[Name, ...], Field(min_length=1)]


class MatchingFile(Strict):
    """Remedies, each with its purpose, and rules."""

    fairtakt: Literal["matching 1"]
    remedies: dict[Name, str]
    rules: tuple[RuleEntry, ...]

    @model_validator(mode="after")
    def _is_a_toolset(self) -> "MatchingFile":
        for index, rule in enumerate(self.rules):
            for name in rule.remedies:
                if name not in self.remedies:
                    refuse(("rules", index), f"expected one of the remedies above, found {name!r}")
        return self

    def toolset(self) -> Toolset:
        """Return what the method works with."""
        return Toolset(
            tuple(Remedy(name, purpose) for name, purpose in self.remedies.items()),
            tuple(LossRule(rule.loss, rule.remedies, rule.value_adding) for rule in self.rules),
        )


def read_matching(path: Path) -> Toolset | None:
    """Read a plant's own toolset; None where the file is absent.

    Raises `BadInput` naming file, line, expectation and finding.
    """
    if not path.exists():
        return None
    try:
        return read_document(path, MatchingFile, "loss matching").toolset()
    except BadInput as error:
        raise error if str(error).startswith(str(path)) else BadInput(str(error), where=str(path)) from None
