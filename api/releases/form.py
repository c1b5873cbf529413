"""How a release is kept, and the document that leaves. Pure.

What is kept has two parts. The *inner* one holds the whole table, hidden figures too, without which later
releases could not be checked; it never leaves the database. It begins with 32 random bytes, so its SHA-256 is
a commitment from which nothing can be guessed. The *document* is what is shown, to the byte; it holds that
commitment, and its own SHA-256 stands in the log. So nobody can exchange either part unnoticed.

The document does not say why a figure is hidden, only that it is: the difference helps nobody but attackers.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from pydantic import ValidationError

from api.releases.making import Made
from api.releases.plan import MEASURE
from api.releases.wire import AppliedRules, Axis, Document, Figure, Group
from productivity.disclosure import dimension as dimensions
from productivity.disclosure.atoms import Region
from productivity.disclosure.dimension import Dimension
from productivity.disclosure.release import Figure as Decided
from productivity.disclosure.release import Released
from productivity.disclosure.rules import Reason, Rules
from productivity.disclosure.table import Cell, Table
from productivity.errors import BadInput

_FORM = 1
_STATEMENT = (
    "Published tables meet rules: every figure that is shown rests on at least {k} people by attendance "
    "counts; where contributions of single people are known, the two largest are at most 90 % of it; what is "
    "hidden cannot be worked out from this and all earlier tables{but}. No claim is made against outside "
    "knowledge."
)
_BUT = ", but for {n} figures that earlier tables give away to some degree"


@dataclass(frozen=True, slots=True)
class Kept:
    """A release as it was kept: the table with all that is confidential, and the document's text."""

    released: Released
    document: Document
    text: str

    @property
    def content(self) -> str:
        """The SHA-256 of the document, as the log names it."""
        return content_of(self.text)


def content_of(text: str) -> str:
    """Return the SHA-256 of a document."""
    return hashlib.sha256(text.encode()).hexdigest()


def write(made: Made, identifier: str, at_ms: int) -> str:
    """Return what is kept of a release. Requires that something is shown."""
    inner = _json({"form": _FORM, "salt": secrets.token_hex(32), **_inner(made.released)})
    document = _document(made, identifier, at_ms, hashlib.sha256(inner.encode()).hexdigest())
    text = _json(document.model_dump(mode="json"))
    return _json({"form": _FORM, "inner": inner, "document": text})


def read(content: str, where: str) -> Kept:
    """Return what was kept. Raises `BadInput` if it is not what `write` wrote, as far as it shows."""
    try:
        value = json.loads(content)
        inner, text = value["inner"], value["document"]
        if value["form"] != _FORM:
            raise BadInput("release of another form", where=where, expected=str(_FORM))
        document = Document.model_validate_json(text)
        released = _released(json.loads(inner))
    except (ValueError, KeyError, TypeError, AttributeError, ValidationError):
        raise BadInput("release cannot be read", where=where, expected="what this program wrote") from None
    shown = _figures(released)
    if document.commitment != hashlib.sha256(inner.encode()).hexdigest() or document.figures != shown:
        raise BadInput("release does not fit its own commitment", where=where)
    return Kept(released, document, text)


def _document(made: Made, identifier: str, at_ms: int, commitment: str) -> Document:
    released = made.released
    return Document(
        format="fairtakt released table 1",
        release=identifier,
        name=made.wanted.name,
        site=made.site.name,
        released_ms=at_ms,
        agreement=made.agreement,
        measure=MEASURE,
        first_day=made.first,
        last_day=made.last,
        counted=made.wanted.counted,
        rules=AppliedRules(
            smallest_group=released.rules.group,
            leading=released.rules.leading,
            share=str(released.rules.share),
        ),
        cells=released.cells,
        suppressed=released.suppressed,
        smallest_group=released.smallest_group or 0,
        unjudged=released.unjudged,
        dimensions=axes(released.table),
        figures=_figures(released),
        statement=statement_of(released),
        commitment=commitment,
    )


def _figures(released: Released) -> list[Figure]:
    return [
        Figure(at=list(one.at), value=one.value, hidden=one.reason is not None) for one in released.figures
    ]


def statement_of(released: Released) -> str:
    """Return what is claimed of a table, and what is not."""
    but = _BUT.format(n=len(released.exposed)) if released.exposed else ""
    return _STATEMENT.format(k=released.rules.group, but=but)


def axes(table: Table) -> list[Axis]:
    """Return a table's dimensions as they are told."""
    return [
        Axis.model_validate(
            {
                "name": dimension.name,
                "groups": [Group(name=each.name, members=sorted(each.members)) for each in dimension.groups],
            }
        )
        for dimension in table.dimensions
    ]


def _inner(released: Released) -> dict[str, Any]:
    table = released.table
    return {
        "name": table.name,
        "measure": table.measure,
        "dimensions": [
            {"name": one.name, "groups": [[each.name, sorted(each.members)] for each in one.groups]}
            for one in table.dimensions
        ],
        "cells": [_cell(cell) for cell in table.cells],
        "rules": [
            released.rules.group,
            released.rules.leading,
            [released.rules.share.numerator, released.rules.share.denominator],
            released.rules.strict,
        ],
        "figures": [[list(one.at), one.value, one.reason] for one in released.figures],
        "exposed": [list(at) for at in released.exposed],
        "background": [
            [[sorted(members) for members in region.members], _cell(cell)]
            for region, cell in released.background.items()
        ],
    }


def _cell(cell: Cell) -> list[Any]:
    return [list(cell.at), cell.value, cell.people, cell.largest, cell.least, cell.most]


def _released(value: Mapping[str, Any]) -> Released:
    table = Table(
        value["name"],
        value["measure"],
        tuple(
            Dimension(
                one["name"],
                tuple(dimensions.Group(name, frozenset(members)) for name, members in one["groups"]),
            )
            for one in value["dimensions"]
        ),
        tuple(_read_cell(cell) for cell in value["cells"]),
    )
    group, leading, share, strict = value["rules"]
    return Released(
        table,
        Rules(group, leading, Fraction(*share), strict=strict),
        tuple(
            Decided(tuple(at), figure, None if reason is None else Reason(reason))
            for at, figure, reason in value["figures"]
        ),
        tuple(tuple(at) for at in value["exposed"]),
        {
            Region(tuple(frozenset(each) for each in members)): _read_cell(cell)
            for members, cell in value["background"]
        },
    )


def _read_cell(value: Any) -> Cell:  # noqa: ANN401  # JSON
    at, figure, people, largest, least, most = value
    return Cell(tuple(at), figure, people, None if largest is None else tuple(largest), least, most)


def _json(value: Any) -> str:  # noqa: ANN401  # JSON
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
