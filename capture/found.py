"""How an error says what it found: short, and never by unfolding what a file only refers to.

YAML can name a list once and refer to it many times, lists of such lists too: a few lines that would fill the
memory if they were written out.
"""

from collections.abc import Mapping, Sequence

LONGEST = 60
"""Characters."""


def found_text(value: object) -> str:
    """Return a value as an error shows it: texts and numbers shortened, of anything else its kind."""
    if isinstance(value, Mapping):
        keys = [_shortened(str(key)) for key in list(value)[:3]]
        return f"keys and values ({', '.join(keys)})" if keys else "nothing"
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return f"a list of {len(value)}"
    return _shortened(repr(value) if isinstance(value, str) else repr(str(value)))


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."
