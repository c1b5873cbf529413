"""Text and tables of a study in the terminal. Names are data: they are never read as rich's markup."""

import textwrap
from collections.abc import Iterable, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from reports.study.text import TextTable

_SHORT = 14
"""Letters; "unregelmäßig" and "Erfassungsart" among them."""


def show_tables(tables: Iterable[TextTable]) -> None:
    """Print the tables that have rows."""
    console = Console()
    for table in tables:
        if table.rows:
            console.print(_rich(table))


def show_heading(title: str, lead: str = "") -> None:
    """Print a heading and what it is about."""
    Console(highlight=False).print(Text.assemble((title, "bold"), f"  {lead}" if lead else ""))


def show_facts(facts: Sequence[tuple[str, str]]) -> None:
    """Print key figures, one in a line."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column()
    grid.add_column(justify="right")
    for name, value in facts:
        grid.add_row(Text(name), Text(value, style="bold"))
    Console().print(grid)


def say(text: str) -> None:
    """Print a sentence."""
    Console(highlight=False, soft_wrap=True).print(text, markup=False)


def tell(text: str) -> None:
    """Print a sentence that is no result, and so no part of the output."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(text, markup=False)


def _rich(table: TextTable) -> Table:
    caption = Text(table.title, style="bold") if table.title else None
    drawn = Table(title=caption, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for index, (title, number) in enumerate(zip(table.header, table.numeric, strict=True)):
        longest = max([0, *(len(row[index]) for row in table.rows)])
        keep = number or longest <= _SHORT  # what is short stays in one line, long names take several
        heading = "\n".join(textwrap.wrap(title, max(longest, _SHORT)))
        drawn.add_column(Text(heading), justify="right" if number else "left", no_wrap=keep, overflow="fold")
    for row in table.rows:
        drawn.add_row(*(Text(cell) for cell in row))
    return drawn
