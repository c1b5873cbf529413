"""What /openapi.json says of sign-in and of the own account."""

import json

import jsonschema
import pytest

from api.accounts import wire
from api.wire import parse

BODIES = {
    ("/v1/sign-in", "post"): wire.SignIn,
    ("/v1/sign-in/second-factor", "post"): wire.SecondFactor,
    ("/v1/sign-in/passkey", "post"): wire.PasskeySignIn,
    ("/v1/invitations/accept", "post"): wire.Acceptance,
    ("/v1/account/password", "post"): wire.PasswordChange,
    ("/v1/account/totp/confirm", "post"): wire.TotpConfirmation,
    ("/v1/account/passkeys", "post"): wire.NewPasskey,
}
EMPTY = {
    ("/v1/sign-in/passkey/options", "post"),
    ("/v1/sign-in/oidc", "get"),
    ("/v1/sign-in/oidc/callback", "get"),
    ("/v1/sign-out", "post"),
    ("/v1/account", "get"),
    ("/v1/account/totp/setup", "post"),
    ("/v1/account/totp", "delete"),
    ("/v1/account/passkey-options", "post"),
    ("/v1/account/passkeys/{number}", "delete"),
    ("/v1/account/sign-ins", "delete"),
    ("/v1/account/sign-ins/{identifier}", "delete"),
}


@pytest.fixture
def description(people):
    return people.plant.ask("GET", "/openapi.json").json()


def test_examples_are_what_is_accepted(description):
    for (path, method), model in BODIES.items():
        content = description["paths"][path][method]["requestBody"]["content"]["application/json"]
        parse(model, json.dumps(content["example"]).encode())
        jsonschema.validate(
            content["example"], {**content["schema"], "components": description["components"]}
        )
        assert content["schema"]["additionalProperties"] is False


def test_each_route_is_described_with_its_problems(description):
    ours = ("/v1/sign-in", "/v1/sign-out", "/v1/account", "/v1/invitations")
    told = {
        (path, method)
        for path, methods in description["paths"].items()
        if path.startswith(ours) and not path.startswith("/v1/accounts")
        for method in methods
    }
    assert told == {*BODIES, *EMPTY}
    for path, method in told:
        operation = description["paths"][path][method]
        assert operation["description"], path
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                assert "application/problem+json" in answer["content"], (path, status)


def test_passwords_and_codes_are_in_no_address(description):
    for path, methods in description["paths"].items():
        if path.startswith(("/v1/sign-in", "/v1/account", "/v1/invitations")) and "oidc" not in path:
            for operation in methods.values():
                assert [one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"] == []
