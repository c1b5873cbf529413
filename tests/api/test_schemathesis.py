"""Every route is asked for what it describes and for what it does not: no fault, and only documented answers.

schemathesis makes the questions from the description; each is asked with a fresh sign-in of a role that may.
"""

import os

import pytest
from hypothesis import HealthCheck, given, settings

pytest.importorskip("schemathesis", reason="schemathesis is not installed")

import schemathesis
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import Failure, FailureGroup

from api.policy import POLICY, Action, Role
from tests.api.motion.conftest import motion_plant
from tests.consent.world import STATION

load_all_checks()
NAMES = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)
EXAMPLES = int(os.environ.get("FAIRTAKT_SCHEMATHESIS_EXAMPLES", "12"))
ENDLESS = "/v1/live/events"
"""Answers that do not end; tests/api/pages/test_live.py listens to them."""


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    with motion_plant(tmp_path_factory.mktemp("schemathesis")) as plant:
        yield plant


@pytest.fixture(scope="module")
def description(asked):
    return schemathesis.openapi.from_asgi("/openapi.json", asked.app).exclude(path=ENDLESS)


def headers_for(asked, operation):
    """Sign in as somebody who may do this; devices' requests go unsigned, which they are refused for."""
    permission = operation.definition.raw.get("x-permission")
    if permission is None:
        return {}
    role = sorted(POLICY[Action(permission)])[0]
    station = STATION if role is Role.WORKER else None
    return asked.viewers.headers(asked.viewers.add(role, station=station))


def test_every_answer_is_a_documented_one(asked, description):
    checks = [CHECKS.get_one(name) for name in NAMES]
    wrong = []
    operations = [found.ok() for found in description.get_all_operations()]
    assert len(operations) > 40
    for operation in operations:
        try:
            ask(asked, operation, checks)
        except (AssertionError, FailureGroup, Failure) as failure:
            wrong.append(f"{operation.label}: {failure}")
    assert not wrong, "\n\n".join(wrong)


def ask(asked, operation, checks):
    """Ask one operation many questions; raise what is wrong with an answer."""

    @given(case=operation.as_strategy())
    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    def many(case):
        asked.steady_s += 60  # rates are tested elsewhere
        response = case.call(headers=headers_for(asked, operation))
        case.validate_response(response, checks=checks)

    many()
