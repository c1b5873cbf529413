"""Text that a spreadsheet shows and never runs."""

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(text: str) -> str:
    """Return text that a spreadsheet reading CSV takes as text.

    A cell that begins like a formula would be run when the file is opened; an apostrophe in front makes it
    text (OWASP, "CSV Injection"). Signs of other widths count too: spreadsheets fold them.
    """
    first = text.lstrip(" \u00a0")[:1]
    return "'" + text if first in {*_STARTS, "＝", "＋", "－", "＠"} and first else text
