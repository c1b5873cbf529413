"""states.yaml: the state hierarchy as people write it."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from capture.yaml_document import Strict, parse_document, read_document, refuse
from productivity.errors import BadInput
from productivity.hierarchy import Hierarchy, StateNode
from productivity.states import StateCategory

StateName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]


class StateEntry(Strict):
    """A worker state and those that refine it; `value_adding`, if not given, is that of the state above."""

    name: StateName
    value_adding: bool | None = None
    parts: tuple["StateEntry", ...] = ()

    def nodes(self, category: StateCategory, parent: "StateNode | None" = None) -> list[StateNode]:
        """Return the state and its refinements as the method knows them, the state first."""
        inherited = parent.value_adding if parent else False
        node = StateNode(
            self.name,
            category,
            inherited if self.value_adding is None else self.value_adding,
            parent.name if parent else None,
        )
        return [node, *(below for part in self.parts for below in part.nodes(category, node))]


class StatesFile(Strict):
    """The four categories, each with its states."""

    fairtakt: Literal["states 1"]
    cycle_bound: Annotated[tuple[StateEntry, ...], Field(alias="cycle-bound")] = ()
    batch_bound: Annotated[tuple[StateEntry, ...], Field(alias="batch-bound")] = ()
    periodical: tuple[StateEntry, ...] = ()
    irregular: tuple[StateEntry, ...] = ()

    @model_validator(mode="after")
    def _is_a_hierarchy(self) -> "StatesFile":
        names: set[str] = set()
        for category, entries in self._by_category():
            for index, entry in enumerate(entries):
                for node in entry.nodes(category):
                    if node.name in names:
                        refuse(
                            (category.value, index), f"expected each state once, found {node.name!r} again"
                        )
                    names.add(node.name)
                    try:
                        Hierarchy((StateNode(node.name, category, node.value_adding),))
                    except BadInput as error:
                        refuse((category.value, index), str(error))
        return self

    def hierarchy(self) -> Hierarchy:
        """Return the hierarchy, in the order of the file."""
        return Hierarchy(
            tuple(
                node
                for category, entries in self._by_category()
                for entry in entries
                for node in entry.nodes(category)
            )
        )

    def _by_category(self) -> list[tuple[StateCategory, tuple[StateEntry, ...]]]:
        entries = (self.cycle_bound, self.batch_bound, self.periodical, self.irregular)
        return list(zip(StateCategory, entries, strict=True))


def read_states(path: Path) -> Hierarchy:
    """Read a state hierarchy. Raises `BadInput` naming file, line, expectation and finding."""
    return read_document(path, StatesFile, "state hierarchy").hierarchy()


def parse_states(text: str, label: str) -> Hierarchy:
    """Validate the text of a state hierarchy; `label` names it in errors."""
    return parse_document(text, label, StatesFile, "state hierarchy").hierarchy()
