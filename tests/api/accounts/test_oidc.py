"""Signing in at an identity provider: who is believed, and everybody who is not."""

import contextlib
import json
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt

from api.accounts.oidc import provider as provider_module
from api.accounts.oidc.errors import ProviderAway, SignInRefused
from api.accounts.oidc.provider import IdentityProvider as Client
from api.accounts.oidc.settings import load_provider
from api.policy import Role
from productivity.errors import BadInput
from storage.sql.accounts.records import Identity
from tests.api.accounts.identity_provider import CLIENT, SECRET, SUBJECT, IdentityProvider, configure

REDIRECT = "https://plant.example/v1/sign-in/oidc/callback"


class World:
    """A server, a provider, and the clock of both."""

    def __init__(self, directory, idp, **changes):
        self.idp = idp
        self.steady_s = 0.0
        self.wall_s = time.time()
        self.client = Client(
            load_provider(configure(directory, idp, **changes)),
            REDIRECT,
            now_ms=lambda: int(self.wall_s * 1000),
            steady_s=lambda: self.steady_s,
        )

    def leave(self, onward="/studies"):
        return self.client.leave(onward)

    def round_trip(self, **changes):
        leaving = self.leave()
        brought = {**self.idp.authorize(leaving.address), **changes}
        return self.client.arrive(brought, leaving.browser)


@pytest.fixture
def idp():
    with IdentityProvider() as running:
        yield running


@pytest.fixture
def world(idp, tmp_path):
    return World(tmp_path, idp)


def test_whom_the_provider_vouches_for_arrives(world, idp):
    idp.claims = {"realm_access": {"roles": ["offline_access", "plant-engineers"]}, "amr": ["pwd", "mfa"]}
    arrival = world.round_trip()
    assert arrival.identity == Identity(idp.issuer, SUBJECT)
    assert arrival.roles == {Role.ENGINEER}
    assert arrival.second_factor
    assert arrival.onward == "/studies"


def test_what_a_browser_is_sent_away_with(world):
    leaving, other = world.leave(), world.leave()
    query = parse_qs(urlsplit(leaving.address).query)
    assert query["redirect_uri"] == [REDIRECT]
    assert query["scope"] == ["openid"]  # and so no name, no address of anybody
    assert leaving.browser not in leaving.address
    assert SECRET not in leaving.address
    fresh = parse_qs(urlsplit(other.address).query)
    for name in ("state", "nonce", "code_challenge"):
        assert len(query[name][0]) == 43
        assert query[name] != fresh[name]


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "Ed25519"])
def test_signatures_that_are_believed(tmp_path, algorithm):
    with IdentityProvider(algorithm=algorithm) as idp:
        idp.description = {"id_token_signing_alg_values_supported": [algorithm]}
        assert World(tmp_path, idp).round_trip().identity.subject == SUBJECT


@pytest.mark.parametrize("methods", [None, ["client_secret_post"]], ids=["basic", "post"])
def test_the_server_says_who_it_is(tmp_path, idp, methods):
    idp.description = {"token_endpoint_auth_methods_supported": methods}
    assert World(tmp_path, idp).round_trip().identity.subject == SUBJECT


def test_a_public_client_is_protected_by_pkce_alone(tmp_path):
    with IdentityProvider(secret=None) as idp:
        world = World(tmp_path, idp, client_secret_file=None)
        assert world.round_trip().identity.subject == SUBJECT


LIES = {
    "another nonce": {"nonce": "bm9uY2U"},
    "no nonce": {"nonce": None},
    "a list of nonces": {"nonce": ["bm9uY2U"]},
    "another audience": {"aud": "another client"},
    "no audience": {"aud": None},
    "other audiences": {"aud": ["another client", "a third"]},
    "one audience too many": {"aud": [CLIENT, "another client"]},
    "another party": {"aud": [CLIENT, "another client"], "azp": "another client"},
    "another party alone": {"azp": "another client"},
    "another issuer": {"iss": "https://evil.example"},
    "an issuer with a slash more": {"iss": "SLASH"},
    "no issuer": {"iss": None},
    "expired": {"exp": int(time.time()) - 3600},
    "never expires": {"exp": None},
    "expires at no number": {"exp": "tomorrow"},
    "expires at infinity": {"exp": float("inf")},
    "issued tomorrow": {"iat": int(time.time()) + 86_400},
    "issued never": {"iat": None},
    "nobody": {"sub": None},
    "an empty somebody": {"sub": ""},
    "a number": {"sub": 7},
    "somebody very long": {"sub": "x" * 256},
    "somebody in two lines": {"sub": "a\nb"},
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_token_that_says_something_else_is_refused(world, idp, lie):
    idp.claims = {name: f"{idp.issuer}/" if value == "SLASH" else value for name, value in lie.items()}
    with pytest.raises(SignInRefused):
        world.round_trip()


@pytest.mark.parametrize(
    "forgery", ["unsigned", "signed_with_public_key", "signed_by_stranger", "changed_afterwards"]
)
def test_a_forged_token_is_refused(world, idp, forgery):
    idp.forge = getattr(idp, forgery)
    with pytest.raises(SignInRefused):
        world.round_trip()


@pytest.mark.parametrize(
    "token",
    [None, 7, "", "a.b", "a.b.c", "....", "x" * 200_000, "eyJhbGciOiJSUzI1NiJ9.e30."],
    ids=["none", "a number", "empty", "two parts", "three parts", "five parts", "very long", "no signature"],
)
def test_what_is_no_token_is_refused(world, idp, token):
    idp.forge = lambda _: token
    with pytest.raises(SignInRefused):
        world.round_trip()


def test_a_token_that_demands_what_we_do_not_know_is_refused(world, idp):
    """RFC 7515 section 4.1.11: `crit` names what must be understood."""
    idp.forge = lambda claims: _with_crit(idp, claims)
    with pytest.raises(SignInRefused):
        world.round_trip()


def _with_crit(idp, claims):
    from joserfc import jws
    from joserfc.jws import JWSRegistry

    header = {"alg": "RS256", "kid": "one", "crit": ["x-demand"], "x-demand": True}

    class Careless(JWSRegistry):
        def check_header(self, header):
            pass

    return jws.serialize_compact(header, json.dumps(claims), idp.keys["one"], registry=Careless())


@pytest.mark.parametrize(
    "claims", [{"aud": [CLIENT]}, {"azp": CLIENT}, {"aud": [CLIENT, "x"], "azp": CLIENT}]
)
def test_audiences_that_are_this_server(world, idp, claims):
    idp.claims = claims
    assert world.round_trip().identity.subject == SUBJECT


@pytest.mark.parametrize(("exp", "refused"), [(-59, False), (-61, True)])
def test_clocks_may_differ_by_a_minute(world, idp, exp, refused):
    idp.claims = {"exp": int(world.wall_s) + exp}
    with pytest.raises(SignInRefused, match="expired") if refused else contextlib.nullcontext():
        world.round_trip()


def test_a_list_with_the_right_nonce_in_it_is_no_nonce(world, idp):
    idp.forge = lambda claims: jwt.encode(
        {"alg": "RS256", "kid": "one"}, {**claims, "nonce": [claims["nonce"]]}, idp.keys["one"]
    )
    with pytest.raises(SignInRefused, match="nonce"):
        world.round_trip()


def test_a_state_is_good_once(world, idp):
    leaving = world.leave()
    brought = idp.authorize(leaving.address)
    world.client.arrive(brought, leaving.browser)
    again = {**idp.authorize(leaving.address), "state": brought["state"]}
    with pytest.raises(SignInRefused, match="never begun here"):
        world.client.arrive(again, leaving.browser)


def test_a_code_is_good_once(world, idp):
    """Somebody who saw the code on its way brings it in with a sign-in of the own."""
    leaving = world.leave()
    brought = idp.authorize(leaving.address)
    world.client.arrive(brought, leaving.browser)
    other = world.leave()
    stolen = {"code": brought["code"], "state": parse_qs(urlsplit(other.address).query)["state"][0]}
    with pytest.raises(SignInRefused, match="does not take its own code back"):
        world.client.arrive(stolen, other.browser)


def test_a_code_that_was_intercepted_is_of_no_use(world, idp):
    """PKCE: the code belongs to the verifier of the sign-in that it was made for."""
    victim, attacker = world.leave(), world.leave()
    code = idp.authorize(victim.address)["code"]
    state = parse_qs(urlsplit(attacker.address).query)["state"][0]
    with pytest.raises(SignInRefused):
        world.client.arrive({"code": code, "state": state}, attacker.browser)


@pytest.mark.parametrize("browser", [None, "", "another"])
def test_who_comes_back_in_another_browser_is_refused(world, idp, browser):
    """Otherwise an attacker has a victim open a link, and the victim works in the attacker's account."""
    leaving = world.leave()
    with pytest.raises(SignInRefused, match="another browser"):
        world.client.arrive(idp.authorize(leaving.address), browser)


@pytest.mark.parametrize(("later", "refused"), [(599, False), (600, True)])
def test_nobody_stays_away_for_ever(world, idp, later, refused):
    leaving = world.leave()
    world.steady_s = later
    with pytest.raises(SignInRefused, match="too long") if refused else contextlib.nullcontext():
        world.client.arrive(idp.authorize(leaving.address), leaving.browser)


@pytest.mark.parametrize(
    "brought",
    [{"error": "access_denied"}, {"code": ""}, {"state": "unknown"}, {"iss": "https://evil.example"}],
    ids=["denied", "no code", "unknown state", "answer of another provider"],
)
def test_answers_that_sign_nobody_in(world, brought):
    with pytest.raises(SignInRefused):
        world.round_trip(**brought)


@pytest.mark.parametrize(("iss", "refused"), [("right", False), (None, True)])
def test_a_provider_that_promises_its_name_must_say_it(world, idp, iss, refused):
    """RFC 9207, against the mixing up of two providers."""
    idp.description = {"authorization_response_iss_parameter_supported": True}
    more = {"iss": idp.issuer} if iss else {}
    with pytest.raises(SignInRefused) if refused else contextlib.nullcontext():
        world.round_trip(**more)


def test_new_keys_of_the_provider_are_found_and_not_asked_for_at_speed(world, idp):
    world.round_trip()
    idp.add_key("two")
    idp.signs_with = "two"
    with pytest.raises(SignInRefused, match="unknown key"):
        world.round_trip()  # within a minute of the last look
    world.steady_s += 60
    assert world.round_trip().identity.subject == SUBJECT
    idp.forge = lambda claims: idp.unsigned(claims).replace("none", "RS256")
    before = idp.seen.count(("GET", "/keys"))
    for _ in range(5):
        with pytest.raises(SignInRefused):
            world.round_trip()
    assert idp.seen.count(("GET", "/keys")) == before


def test_description_and_keys_are_kept_for_an_hour(world, idp):
    world.round_trip()
    world.round_trip()
    assert idp.seen.count(("GET", "/.well-known/openid-configuration")) == 1
    assert idp.seen.count(("GET", "/keys")) == 1
    world.steady_s += 3600
    world.round_trip()
    assert idp.seen.count(("GET", "/.well-known/openid-configuration")) == 2


@pytest.mark.parametrize(
    "description",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "https://evil.example/token"},
        {"token_endpoint": "http://127.0.0.1:1/token"},
        {"authorization_endpoint": "https://evil.example/authorize"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": "http://[broken"},
        {"token_endpoint": None},
        {"code_challenge_methods_supported": ["plain"]},
        {"id_token_signing_alg_values_supported": ["HS256", "none"]},
    ],
)
def test_a_provider_that_points_elsewhere_is_not_followed(world, idp, description):
    idp.description = description
    with pytest.raises(ProviderAway) as refused:
        world.leave()
    assert "evil" not in str(refused.value)
    assert {place for _, place in idp.seen} == {"/.well-known/openid-configuration"}


def test_other_hosts_are_followed_where_they_are_configured(tmp_path, idp):
    with IdentityProvider() as second:
        idp.description = {"jwks_uri": f"{second.issuer}/keys"}
        with pytest.raises(ProviderAway):
            World(tmp_path, idp).leave()
        second.keys = idp.keys
        assert World(tmp_path, idp, other_hosts=[second.host]).round_trip().identity.subject == SUBJECT


@pytest.mark.parametrize(
    "answer",
    [(500, {}), (404, {}), (302, {}), (200, b"not JSON"), (200, b"[]"), (200, b"{}"), (200, b" " * 300_000)],
    ids=["a fault", "nothing", "a redirection", "no JSON", "a list", "an empty object", "very long"],
)
@pytest.mark.parametrize("place", ["/.well-known/openid-configuration", "/keys"])
def test_a_provider_that_answers_nonsense_is_away(world, idp, place, answer):
    idp.answers = {place: answer}
    with pytest.raises(ProviderAway):
        world.round_trip()
    idp.answers = {}
    assert world.round_trip().identity.subject == SUBJECT  # and is not given up


def test_a_provider_that_is_down_is_away(tmp_path):
    with IdentityProvider() as idp:
        world = World(tmp_path, idp)
    with pytest.raises(ProviderAway, match="does not answer"):
        world.leave()


def test_weak_keys_do_not_count(world, idp):
    from joserfc.errors import SecurityWarning
    from joserfc.jwk import RSAKey

    with pytest.warns(SecurityWarning):
        idp.keys["one"] = RSAKey.generate_key(1024)
    with pytest.raises(ProviderAway, match="no key that may sign"):
        world.round_trip()


@pytest.mark.parametrize(
    ("claims", "roles"),
    [
        ({}, set()),
        ({"realm_access": "plant-engineers"}, set()),
        ({"realm_access": {"roles": "plant-engineers"}}, {Role.ENGINEER}),
        ({"realm_access": {"roles": ["Plant-Engineers", 7, None]}}, set()),
        ({"realm_access": {"roles": ["plant-engineers", "plant-managers"]}}, {Role.ENGINEER, Role.MANAGER}),
        ({"roles": ["plant-engineers"]}, set()),
    ],
)
def test_roles_are_read_where_they_are_configured(world, idp, claims, roles):
    idp.claims = claims
    assert world.round_trip().roles == roles


@pytest.mark.parametrize(
    ("claims", "two"),
    [
        ({}, False),
        ({"amr": ["pwd"]}, False),
        ({"amr": "mfa"}, True),
        ({"acr": "gold"}, True),
        ({"acr": 2}, False),
    ],
)
def test_two_factors_are_believed_as_configured(tmp_path, idp, claims, two):
    idp.claims = claims
    assert World(tmp_path, idp, second_factor=["mfa", "gold"]).round_trip().second_factor is two


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"issuer": "http://id.plant.example"}, "https address"),
        ({"issuer": "https://id.plant.example/?a=b"}, "https address"),
        ({"issuer": "https://SECRET@id.plant.example"}, "https address"),
        ({"scopes": ["profile"]}, "openid among them"),
        ({"role_claim": []}, "role_claim"),
        ({"roles": {"council": "works council"}}, "works council"),
        ({"roles": {"everybody": "worker"}}, "terminals"),
        ({"roles": {"bosses": "emperor"}}, "roles.bosses"),
        ({"client_secret": "SECRET"}, "known keys"),
        ({"client_secret_file": "missing"}, "cannot be read"),
        ({"ca_file": "client-secret"}, "not certificates"),
        ({"format": "fairtakt-identity-provider/v2"}, "format"),
    ],
)
def test_a_configuration_that_is_none_is_refused(tmp_path, idp, changes, says):
    with pytest.raises(BadInput, match=says) as refused:
        load_provider(configure(tmp_path, idp, **changes))
    assert SECRET not in str(refused.value)


def test_a_client_secret_that_others_may_read_is_refused(tmp_path, idp):
    file = configure(tmp_path, idp)
    (tmp_path / "client-secret").chmod(0o644)
    with pytest.raises(BadInput, match="others may read it"):
        load_provider(file)


def test_the_client_secret_shows_nowhere(tmp_path, idp):
    assert SECRET not in repr(load_provider(configure(tmp_path, idp)))


def test_time_is_bounded_even_where_a_provider_drips(world, idp, monkeypatch):
    """One byte every few seconds would hold a thread for ever."""
    idp.answers = {"/.well-known/openid-configuration": (200, b"{}")}
    ticks = iter(range(0, 1000, 11))
    monkeypatch.setattr(world.client._requests, "_steady_s", lambda: next(ticks))
    with pytest.raises(ProviderAway, match="too long"):
        world.leave()
    assert provider_module.AWAY_S == 600
