"""What the parser says of a station file, for people who set stations up: in English and German.

The parser speaks English, to whoever reads a terminal too. Here are its sentences, each with the German one;
a sentence that is not here stays as it is.
"""

import re

from api.set_up.wire import FlawTold
from capture.yaml_document import Flaw

_NAME = "a name that begins with a letter or digit and has neither < nor >"
_NAME_DE = "ein Name, der mit Buchstabe oder Ziffer beginnt und weder < noch > enthält"
_STILL = r"rule: expected still for 0\.1 to 30 seconds, found (.*)"
_NO_RULE = r"rule: expected (.*), or all:/any: with a list, or not: with a rule, found (.*)"
_NO_RULE_DE = (
    r"keine Regel: erwartet wird \1, all: oder any: mit einer Liste oder not: mit einer Regel; gefunden: \2"
)
_NO_TEXT_DE = r"erwartet wird ein Text; gefunden: \1, bitte in Anführungszeichen"
_NO_KEYS_DE = r"erwartet werden Schlüssel und Werte; gefunden: \1"
_OTHER_NAME_DE = r"erwartet wird \1, wie die Station heißt; gefunden: \2"
_SENTENCES: tuple[tuple[re.Pattern[str], str | None, str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), english, german)
    for pattern, english, german in (
        (r"not YAML \((.*)\)", None, r"kein gültiges YAML (\1)"),
        (r"not readable \(nested too deeply\)", None, "nicht lesbar: zu tief verschachtelt"),
        (r"station file: expected keys and values, found (.*)", None, r"Schlüssel und Werte fehlen (\1)"),
        (r"expected a value, found none", "a value is missing", "hier fehlt eine Angabe"),
        (r"expected only known keys, found (.*)", None, r"unbekannter Schlüssel \1"),
        (
            r"expected one of none, found (.*)",
            r"\1 is not there, there is none yet",
            r"\1 gibt es nicht, es gibt noch keine",
        ),
        (r"expected one of (.*), found (.*)", None, r"erwartet wird eines von \1; gefunden: \2"),
        (
            r"expected at least (\d+) items, found (.*)",
            None,
            r"erwartet werden mindestens \1 Einträge; gefunden: \2",
        ),
        (
            r"expected at most (\d+) items, found (.*)",
            None,
            r"erwartet werden höchstens \1 Einträge; gefunden: \2",
        ),
        (
            r"expected points inside the crop, found (.*)",
            None,
            r"Punkt außerhalb des Bildausschnitts: \1",
        ),
        (r"expected a polygon with an area, found none", None, "die Zone hat keine Fläche"),
        (r"expected another name, (.*) is reserved", None, r"der Name \1 ist schon vergeben"),
        (r"expected each state once, found (.*) again", None, r"der Zustand \1 steht zweimal da"),
        (
            r"crop: expected right and bottom at least 0\.05 beyond left and top",
            None,
            "rechts und unten müssen mindestens 0,05 hinter links und oben liegen",
        ),
        (r"rule: expected at most (\d+) levels, found more", None, r"höchstens \1 Ebenen in einer Regel"),
        (r"rule: expected at most (\d+) sentences, found more", None, r"höchstens \1 Sätze in einer Regel"),
        (_STILL, None, r"erwartet wird still for 0.1 bis 30; gefunden: \1"),
        (_NO_RULE, None, _NO_RULE_DE),
        (
            r"expected greater than or equal to (.*), found (.*)",
            r"expected at least \1, found \2",
            r"mindestens \1; gefunden: \2",
        ),
        (
            r"expected greater than (.*), found (.*)",
            r"expected more than \1, found \2",
            r"mehr als \1; gefunden: \2",
        ),
        (
            r"expected less than or equal to (.*), found (.*)",
            r"expected at most \1, found \2",
            r"höchstens \1; gefunden: \2",
        ),
        (
            r"expected a (?:valid|finite) number.*, found (.*)",
            r"expected a number, found \1",
            r"erwartet wird eine Zahl; gefunden: \1",
        ),
        (
            r"expected a valid boolean.*, found (.*)",
            r"expected true or false, found \1",
            r"erwartet wird true oder false; gefunden: \1",
        ),
        (
            r"expected a valid string, found (.*)",
            r"expected a text, found \1; write it in quotes",
            _NO_TEXT_DE,
        ),
        (
            r"expected a valid tuple, found (.*)",
            r"expected a list, found \1",
            r"erwartet wird eine Liste; gefunden: \1",
        ),
        (r"expected a valid dictionary.*, found (.*)", r"expected keys and values, found \1", _NO_KEYS_DE),
        (
            r"String should match pattern .*, found (.*)",
            rf"expected {_NAME}, found \1",
            rf"erwartet wird {_NAME_DE}; gefunden: \1",
        ),
        (r"String should have at least 1 character, found ''", "a name is missing", "der Name fehlt"),
        (
            r"String should have at most (\d+) characters, found (.*)",
            r"expected at most \1 characters, found \2",
            r"höchstens \1 Zeichen; gefunden: \2",
        ),
        (r"expected (.*), as the station is called, found (.*)", None, _OTHER_NAME_DE),
        (r"expected ('.*'), found (.*)", None, r"erwartet wird \1; gefunden: \2"),
    )
)


def told(flaw: Flaw) -> FlawTold:
    """Return a flaw in both languages, with its line and place."""
    path = ".".join(map(str, flaw.place))
    said = flaw.message.removeprefix(f"{path}: ") if path else flaw.message
    head = f"{path}: " if said != flaw.message else ""
    english, german = said, said
    for pattern, plainer, translated in _SENTENCES:
        if (found := pattern.fullmatch(said)) is not None:
            english = said if plainer is None else found.expand(plainer)
            german = found.expand(translated).replace("' or '", "' oder '")
            break
    return FlawTold(message=head + english, german=head + german, line=flaw.line, place=list(flaw.place))
