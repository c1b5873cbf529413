"""A result as a table: one definition that every export writes in its own form."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import TypeAlias

Value: TypeAlias = str | int | float | bool | None
"""A cell; None is a value that does not exist, not one that is 0."""


class Kind(Enum):
    """What the cells of a column mean. The value is the unit in which people read them, if any.

    HOURS, MINUTES and SECONDS all hold whole nanoseconds; SHARE holds a fraction of 1, read as per cent.
    """

    TEXT = "text"
    COUNT = "count"
    NUMBER = "number"
    FLAG = "flag"
    SHARE = "%"
    HOURS = "h"
    MINUTES = "min"
    SECONDS = "s"

    @property
    def nanoseconds(self) -> int | None:
        """How many nanoseconds one unit is; None for a kind that is no duration."""
        return {"h": 3_600_000_000_000, "min": 60_000_000_000, "s": 1_000_000_000}.get(self.value)

    def in_unit(self, value: Value) -> Value:
        """Return a cell in the unit in which people read it: hours, minutes, seconds, per cent."""
        if value is None or isinstance(value, str):
            return value
        if (unit := self.nanoseconds) is not None:
            return value / unit
        return 100 * value if self is Kind.SHARE else value


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `key` is the same in every language, `title` is what people read."""

    key: str
    title: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class ResultTable:
    """A named table; every row has one value per column. `note` is a sentence that belongs below it.

    Raises ValueError when a row is of another length: tables are made by this program, not by its users.
    """

    key: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    note: str = ""

    def __post_init__(self) -> None:
        for number, row in enumerate(self.rows):
            if len(row) != len(self.columns):
                msg = f"table {self.key}, row {number}: expected {len(self.columns)} values, found {len(row)}"
                raise ValueError(msg)

    def select(self, *keys: str) -> "ResultTable":
        """Return the table with these columns only, in this order."""
        places = [[column.key for column in self.columns].index(key) for key in keys]
        return replace(
            self,
            columns=[self.columns[place] for place in places],
            rows=[[row[place] for place in places] for row in self.rows],
        )

    def records(self) -> Iterator[dict[str, Value]]:
        """Yield each row by the columns' keys."""
        keys = [column.key for column in self.columns]
        for row in self.rows:
            yield dict(zip(keys, row, strict=True))
