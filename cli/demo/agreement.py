"""The demonstration's works agreement: a file for people, filled in with stations, days and keys."""

import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from string import Template

from capture.yaml_document import parse_document
from cli.demo.dates import Dates
from cli.demo.layout import (
    CAMPAIGNS,
    PILOT,
    PILOT_STATION,
    SAMPLE,
    SITE,
    TIME_ZONE,
    CampaignPlan,
    StationPlan,
)
from cli.demo.sessions import target
from consent.agreement.schema import Agreement
from consent.keys import Role
from consent.notes import Verifier


def agreement_text(
    stations: Sequence[StationPlan], states: Sequence[str], days: Dates, keys: Mapping[Role, Verifier]
) -> str:
    """Return the YAML; `states` are all that station files name."""
    template = files("cli.demo").joinpath("agreement.yaml").read_text(encoding="utf-8")
    return Template(template).substitute(
        site=_json(SITE),
        time_zone=TIME_ZONE,
        employer=keys[Role.EMPLOYER],
        council=keys[Role.WORKS_COUNCIL],
        informed=days.informed,
        valid_until=days.valid_until,
        stations=_json([plan.name for plan in stations]),
        states=_json(list(dict.fromkeys(states))),
        campaigns=_json(_campaigns(stations, days)),
        sample=SAMPLE,
    )


def read_agreement(text: str) -> Agreement:
    """Read it as `fairtakt agreement` reads a draft."""
    return parse_document(text, "agreement.yaml", Agreement, "works agreement")


def _campaigns(stations: Sequence[StationPlan], days: Dates) -> list[dict[str, object]]:
    found = []
    if any(plan.name == PILOT_STATION for plan in stations):
        found.append(_campaign(PILOT, [PILOT_STATION], *days.pilot))
    for campaign in CAMPAIGNS:
        names = [plan.name for plan in stations if plan.campaign == campaign.name]
        if names:
            found.append(_campaign(campaign, names, days.first, days.last))
    return found


def _campaign(plan: CampaignPlan, stations: list[str], first: object, last: object) -> dict[str, object]:
    enough = target(plan)
    return {
        "name": plan.name,
        "stations": stations,
        "first_day": str(first),
        "last_day": str(last),
        "minutes_per_day": plan.minutes_per_day,
        "enough": None if enough is None else enough.model_dump(),
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)  # JSON is YAML
