"""The first draft of an agreement: a YAML file with comments, cautious in everything that it proposes."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from string import Template

from consent.agreement.language import Language
from consent.notes import Verifier

_NOTICE_DAYS = 14
_CAMPAIGN_DAYS = 12
_VALID_DAYS = 90


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a draft must be told; keys may follow later."""

    site: str
    stations: Sequence[str]
    states: Sequence[str]
    first_day: date
    time_zone: str = "Europe/Berlin"
    employer: Verifier | None = None
    works_council: Verifier | None = None


def draft_text(proposal: Proposal, language: Language) -> str:
    """Return the file. The workers are informed two weeks before `first_day`; recording lasts 12 days."""
    template = files("consent.agreement").joinpath("templates", f"draft.{language}.yaml")
    first = proposal.first_day
    return Template(template.read_text(encoding="utf-8")).substitute(
        id=_identifier(f"{proposal.site} {first.year}"),
        site=_scalar(proposal.site),
        time_zone=_scalar(proposal.time_zone),
        employer=_key(proposal.employer),
        works_council=_key(proposal.works_council),
        notice_on=first - timedelta(days=_NOTICE_DAYS),
        first_day=first,
        last_day=first + timedelta(days=_CAMPAIGN_DAYS - 1),
        valid_until=first + timedelta(days=_VALID_DAYS - 1),
        stations=_list(proposal.stations),
        states=_list(proposal.states),
    )


def _identifier(text: str) -> str:
    plain = text.lower()
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        plain = plain.replace(umlaut, letters)
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:64].strip("-")


def _scalar(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a JSON string is a YAML 1.2 string


def _list(names: Sequence[str]) -> str:
    return "[" + ", ".join(map(_scalar, names)) + "]"


def _key(verifier: Verifier | None) -> str:
    return "null # to be filled in" if verifier is None else _scalar(str(verifier))
