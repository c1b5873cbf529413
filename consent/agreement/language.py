"""The two languages in which an agreement is read."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Language(StrEnum):
    """A language of the rendering."""

    DE = "de"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in both languages, side by side, so that a reviewer sees that they agree."""

    de: str
    en: str

    def in_(self, language: Language) -> str:
        """Return the words of one language."""
        return self.de if language is Language.DE else self.en


def day_text(day: date, language: Language) -> str:
    """Return a day as people write it: 01.03.2027, 1 March 2027."""
    if language is Language.DE:
        return f"{day.day:02}.{day.month:02}.{day.year}"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
