"""Columns that name a person. fairtakt has no use for them, and therefore does not read them.

Told by the header's words, and in columns about a person by their values: a pseudonym is a short code with a
number in it, or a hash; anything else might be a name.
"""

import re
import unicodedata
from collections.abc import Iterable

_ALWAYS = frozenset(
    [
        "surname",
        "lastname",
        "firstname",
        "forename",
        "fullname",
        "vorname",
        "nachname",
        "familienname",
        "zuname",
        "mitarbeitername",
        "werkername",
        "bedienername",
        "personenname",
        "email",
        "mail",
        "birthday",
        "birthdate",
        "geburtsdatum",
        "geburtstag",
        "phone",
        "telefon",
        "address",
        "adresse",
        "anschrift",
    ]
)
_PERSON = frozenset(
    [
        "employee",
        "employees",
        "worker",
        "operator",
        "person",
        "staff",
        "personal",
        "personnel",
        "user",
        "colleague",
        "inspector",
        "mitarbeiter",
        "mitarbeiterin",
        "werker",
        "werkerin",
        "bediener",
        "beschaeftigter",
        "beschaeftigte",
        "kollege",
        "kollegin",
    ]
)
_NAME = frozenset({"name", "names"})
_NAME_PARTS = frozenset({"first", "last", "full", "family", "given", "birth"})
_PSEUDONYM = re.compile(r"[^\W\d_]{0,8}[-_. ]?\d{1,10}|(?=[0-9a-fA-F-]*\d)[0-9a-fA-F-]{8,64}")


def names_a_person(header: str) -> bool:
    """Whether a column's header says that it holds people's names or other personal data."""
    words = _words(header)
    of_a_person = words & _NAME and words & (_PERSON | _NAME_PARTS)
    return bool(words & _ALWAYS or of_a_person or {"birth", "date"} <= words) or words in (
        {"name"},
        {"names"},
    )


def is_about_a_person(header: str) -> bool:
    """Whether a column tells people apart, so that its values must be pseudonyms."""
    return bool(_words(header) & _PERSON)


def are_pseudonyms(values: Iterable[str]) -> bool:
    """Whether all values could be pseudonyms: codes with a number, hashes, or nothing."""
    return all(not value or _PSEUDONYM.fullmatch(value) for value in values)


def _words(header: str) -> frozenset[str]:
    apart = re.sub(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])", " ", header).lower()
    for umlaut, plain in {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}.items():
        apart = apart.replace(umlaut, plain)
    ascii_only = unicodedata.normalize("NFKD", apart).encode("ascii", "ignore").decode()
    return frozenset(re.findall(r"[a-z]+", ascii_only))
