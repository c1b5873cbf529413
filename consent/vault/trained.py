"""Models that were trained on motion, and which of them used what has been withdrawn since. Pure.

A withdrawal ends further use of motion; it does not untrain a model (EDPB Opinion 28/2024). What can be
done is to say which models it concerns.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from productivity.errors import BadInput

_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_IDENTIFIER = re.compile(r"[0-9a-f]{32}", re.ASCII)
_LONGEST_NAME = 80
"""As long as a name in a works agreement."""
MOST_USES = 1024


@dataclass(frozen=True, slots=True)
class TrainedModel:
    """A model as whoever trained it reports it; nobody can check from outside what it was trained on."""

    name: str
    sha256: str
    """Of its file or of the list of its files; 64 hexadecimal digits. Two models never share one."""
    uses: tuple[str, ...]
    """The uses whose exports it was trained on; `MotionUsed.use`, each once."""
    registered_ms: int

    def __post_init__(self) -> None:
        """Refuse what names no model and no use."""
        name = self.name
        if not (0 < len(name) <= _LONGEST_NAME and name.isprintable() and name == " ".join(name.split())):
            raise BadInput(
                "model has no readable name", expected=f"one line, {_LONGEST_NAME} letters at most"
            )
        if not _HASH.fullmatch(self.sha256):
            raise BadInput("model has no hash", expected="64 hexadecimal digits")
        if not 0 < len(self.uses) <= MOST_USES or len(set(self.uses)) < len(self.uses):
            raise BadInput("model names no uses", expected=f"each use once, at most {MOST_USES}")
        if not all(map(_IDENTIFIER.fullmatch, self.uses)):
            raise BadInput("model names no uses", expected="32 hexadecimal digits for each")
        if self.registered_ms < 0:
            raise BadInput("model was registered at no time", expected="a time after 1970")


class Standing(StrEnum):
    """How a model stands to a withdrawal that concerns it."""

    TRAINED_BEFORE = "trained before withdrawal"
    """It was registered by then, so it was trained before."""
    REGISTERED_AFTER = "registered after withdrawal"
    """It may have been trained after; whoever registered it has to say."""


@dataclass(frozen=True, slots=True)
class Affected:
    """A model that used motion whose consent was withdrawn since."""

    model: TrainedModel
    records: tuple[str, ...]
    """The consent records that were withdrawn, sorted."""
    uses: tuple[str, ...]
    """Those of its uses that motion under them was part of, in the model's order."""
    standing: Standing


class TrainedModels(Protocol):
    """Where models are registered. What was registered stays: a model is not forgotten by its trainer."""

    def register(self, model: TrainedModel) -> None:
        """Keep a model; `BadInput` if one of that hash is there. Durable when this returns."""
        ...

    def models(self) -> Sequence[TrainedModel]:
        """Return all models, oldest registration first."""
        ...


def require_known_uses(model: TrainedModel, known: Collection[str]) -> None:
    """Refuse a model that names a use which the log does not hold, with `BadInput`."""
    if any(use not in known for use in model.uses):
        raise BadInput("model names an unknown use", expected="uses of motion that stand in the log")


def affected(
    models: Iterable[TrainedModel],
    *,
    segments_of: Mapping[str, Collection[str]],
    record_of: Mapping[str, str],
    withdrawn: Mapping[str, int],
) -> list[Affected]:
    """Return the models that withdrawals concern, in the order given.

    `segments_of` a use, `record_of` a segment (all from the log); `withdrawn` says of a consent record since
    when, in UTC milliseconds. A use or segment that is not known is refused with `BadInput`, so that no model
    is passed over.
    """
    found = []
    for model in models:
        require_known_uses(model, segments_of)
        records_by_use = {use: _withdrawn_in(segments_of[use], record_of, withdrawn) for use in model.uses}
        records = sorted(set().union(*records_by_use.values()))
        if not records:
            continue
        earliest = min(withdrawn[record] for record in records)
        before = model.registered_ms < earliest
        found.append(
            Affected(
                model,
                tuple(records),
                tuple(use for use in model.uses if records_by_use[use]),
                Standing.TRAINED_BEFORE if before else Standing.REGISTERED_AFTER,
            )
        )
    return found


def _withdrawn_in(
    segments: Collection[str], record_of: Mapping[str, str], withdrawn: Mapping[str, int]
) -> set[str]:
    if any(segment not in record_of for segment in segments):
        raise BadInput("use names an unknown segment", expected="motion that stands in the log")
    return {record_of[segment] for segment in segments} & withdrawn.keys()
