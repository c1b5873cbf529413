"""The one form of an agreement that is hashed and signed: canonical JSON and a line feed."""

import hashlib
from typing import Any

from pydantic import ValidationError

from consent.agreement.schema import Agreement
from consent.canonical import canonical_json, parse_canonical
from productivity.errors import BadInput


def canonical_text(agreement: Agreement) -> str:
    """Return the text that is signed. Defaults are written out: they belong to what is agreed."""
    return canonical_json(agreement.model_dump(mode="json")) + "\n"


def agreement_hash(agreement: Agreement) -> str:
    """Return SHA-256 of the canonical text, in lower-case hexadecimal; what `supersedes` and grants name."""
    return hashlib.sha256(canonical_text(agreement).encode()).hexdigest()


def parse_agreement(text: str, where: str) -> Agreement:
    """Read a canonical text; any byte that this program would not have written is refused (`BadInput`)."""
    if not text.endswith("\n"):
        raise BadInput("works agreement is cut off", where=where, expected="a line feed at the end")
    value = parse_canonical(text.removesuffix("\n"), where)
    try:
        agreement = Agreement.model_validate(value)
    except ValidationError as error:
        raise BadInput(_first(error.errors(include_url=False)[0]), where=where) from None
    if canonical_text(agreement) != text:
        raise BadInput("works agreement is not in canonical form", where=where, expected="every key written")
    return agreement


def _first(error: Any) -> str:  # noqa: ANN401  # pydantic's ErrorDetails
    place = error.get("ctx", {}).get("place", error["loc"])
    return f"{'.'.join(map(str, place)) or 'works agreement'}: {error['msg'].removeprefix('Value error, ')}"
