"""Canonical JSON: one spelling for each value, so that the same agreement always has the same hash.

Source: RFC 8785 (JSON Canonicalization Scheme), for the values that fairtakt signs: objects, lists, strings,
integers, booleans and null. Fractions are refused: their spelling is the one hard part of RFC 8785, and
amounts are whole numbers of small units here anyway.
"""

import json
from collections.abc import Mapping

from productivity.errors import BadInput

LARGEST_INTEGER = 2**53 - 1
"""RFC 8785 section 3.2.2.3 and RFC 7493 section 2.2: beyond it, readers in other languages may round."""


_ENCODER = json.JSONEncoder(ensure_ascii=False)  # made once: entries are spelled by the million


def canonical_json(value: object) -> str:
    """Return the canonical text, without a line feed at the end.

    Raises `BadInput` for fractions, integers beyond 2**53 - 1, keys that are no strings, lone surrogates.
    """
    match value:
        case None | bool():
            return json.dumps(value)
        case int():
            if abs(value) > LARGEST_INTEGER:
                raise BadInput("integer has no canonical form", expected=f"at most {LARGEST_INTEGER}")
            return str(int(value))
        case str():
            return _string(value)
        case Mapping():
            return (
                "{" + ",".join(f"{_string(key)}:{canonical_json(value[key])}" for key in _sorted(value)) + "}"
            )
        case list() | tuple():
            return "[" + ",".join(map(canonical_json, value)) + "]"
    raise BadInput(
        "value has no canonical form", expected="JSON without fractions", found=type(value).__name__
    )


def parse_canonical(text: str, where: str) -> object:
    """Return the value of a canonical text; any other spelling of it is refused with `BadInput`."""
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        raise BadInput("not JSON", where=where, expected="canonical JSON (RFC 8785)") from None
    # Duplicate keys, spaces, escapes and 1.0 for 1 all differ from the one spelling.
    if canonical_json(value) != text:
        raise BadInput("JSON is not in canonical form", where=where, expected="RFC 8785")
    return value


def _sorted(mapping: Mapping[object, object]) -> list[str]:
    keys = [key for key in mapping if isinstance(key, str)]
    if len(keys) != len(mapping):
        raise BadInput("object has no canonical form", expected="keys that are strings")
    return sorted(keys, key=lambda key: key.encode("utf-16-be", "surrogatepass"))  # section 3.2.3


def _string(text: str) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise BadInput(
            "text has no canonical form", expected="Unicode characters", found="half of one"
        ) from None
    # Python escapes what RFC 8785 section 3.2.2.2 escapes, in the same spelling.
    return _ENCODER.encode(str(text))
