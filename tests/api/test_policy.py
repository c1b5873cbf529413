"""Every route with every role: what the table permits and nothing else; and no route without a fence."""

import re

import pytest
from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

from api.policy import POLICY, TWO_FACTORS, Action, Role, may
from api.viewer import Permit, by_device, check_fenced, everybody, fences, permit
from storage.sql.plant import Site, StationPlace, add_site, put_station
from tests.api.plant import Plant
from tests.api.viewers import Viewers

STREAMS = re.compile(r"/events?$")
"""Answers that do not end; that they are permitted is tested with their page."""


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    directory = tmp_path_factory.mktemp("policy")
    address = f"sqlite:///{directory}/plant.db"
    with Plant(address, accounts=Viewers, secure=False, data=directory) as opened:
        opened.tokens = {
            role: opened.viewers.add(role, station="bench-1" if role is Role.WORKER else None)
            for role in Role
        }
        yield opened


def routes_of(world):
    inner = world.app
    while not isinstance(inner, FastAPI):
        inner = inner._app
    contexts = list(iter_route_contexts(inner.routes))
    assert len(contexts) > 5
    return [route for route in contexts if isinstance(route.original_route, APIRoute)]


def requests_of(route):
    path = re.sub(r"\{\w+:path\}", "a/b", route.path)
    path = re.sub(r"\{\w+\}", "1", path)
    return [(method, path) for method in sorted(route.methods - {"HEAD", "OPTIONS"})]


def kind_of(answer):
    if answer.headers.get("content-type") != "application/problem+json":
        return ""
    return answer.json()["type"].rpartition(":")[2]


def test_every_route_is_refused_to_whoever_is_not_signed_in(world):
    fenced = 0
    for route in routes_of(world):
        (fence,) = fences(route)
        for method, path in requests_of(route):
            if isinstance(fence, Permit):
                fenced += 1
                answer = world.ask(method, path)
                assert (answer.status_code, kind_of(answer)) == (401, "sign-in"), (method, path)
            elif fence is by_device:
                assert world.ask(method, path).status_code in {401, 413, 415, 422}, (method, path)
    assert fenced > 10


@pytest.mark.parametrize("role", Role)
def test_every_route_is_refused_to_roles_that_the_table_does_not_name(world, role):
    headers = world.viewers.headers(world.tokens[role])
    for route in routes_of(world):
        (fence,) = fences(route)
        if isinstance(fence, Permit) and not may(role, fence.action):
            for method, path in requests_of(route):
                answer = world.ask(method, path, headers=headers)
                assert (answer.status_code, kind_of(answer)) == (403, "forbidden"), (method, path)


@pytest.mark.parametrize("role", Role)
def test_who_is_permitted_gets_past_the_fence_and_needs_the_token_to_change_anything(world, role):
    headers = {
        "Cookie": world.viewers.headers(world.tokens[role])["Cookie"]
    }  # as another site's page would send
    for route in routes_of(world):
        (fence,) = fences(route)
        if not isinstance(fence, Permit) or not may(role, fence.action) or STREAMS.search(route.path):
            continue
        for method, path in requests_of(route):
            answer = world.ask(method, path, headers=headers)
            if method == "GET":
                assert kind_of(answer) not in {"sign-in", "forbidden", "second-factor"}, (method, path)
                assert answer.status_code < 500 or kind_of(answer) in {"log", "unavailable"}, (method, path)
            else:
                assert (answer.status_code, kind_of(answer)) == (403, "origin"), (method, path)


@pytest.mark.parametrize("role", sorted(TWO_FACTORS))
def test_without_a_second_factor_there_is_nothing_but_the_account(world, role):
    token = world.viewers.add(role, second_factor=False)
    for route in routes_of(world):
        (fence,) = fences(route)
        if isinstance(fence, Permit) and fence.action is not Action.ACCOUNT:
            for method, path in requests_of(route):
                answer = world.ask(method, path, headers=world.viewers.headers(token))
                assert kind_of(answer) == "second-factor", (method, path)


def test_a_token_of_another_sign_in_is_no_token(world):
    mine, other = (world.viewers.add(Role.ENGINEER) for _ in range(2))
    headers = world.viewers.headers(mine) | {"X-CSRF-Token": world.viewers.viewer(other).csrf}
    assert kind_of(world.ask("POST", "/v1/sign-out", headers=headers)) == "origin"
    foreign = world.viewers.headers(mine) | {"Sec-Fetch-Site": "cross-site"}
    assert kind_of(world.ask("POST", "/v1/sign-out", headers=foreign)) == "origin"


@pytest.mark.parametrize(
    "dependencies",
    [[], [everybody, by_device], [permit(Action.HOME), permit(Action.STUDY)]],
    ids=["none", "two words", "two actions"],
)
def test_a_route_that_does_not_say_whom_it_is_for_is_not_served(dependencies):
    app, router = FastAPI(openapi_url=None), APIRouter()
    router.add_api_route("/x", lambda: None, dependencies=[Depends(each) for each in dependencies])
    app.include_router(router)
    with pytest.raises(RuntimeError, match="/x"):
        check_fenced(app)


def test_the_table_names_every_action_and_gives_none_to_everybody_by_mistake():
    assert set(POLICY) == set(Action)
    assert {action for action, roles in POLICY.items() if roles == set(Role)} == {Action.HOME, Action.ACCOUNT}
    private = {Action.STATES, Action.TIMELINES, Action.STUDY, Action.CORRECT, Action.SET_UP}
    for action in private:
        assert not POLICY[action] & {Role.COUNCIL, Role.MANAGER, Role.ADMINISTRATOR, Role.LICENSEE}, action


@pytest.mark.parametrize(("site", "status"), [("north", 200), ("south", 403)])
def test_a_terminal_of_another_site_sees_nothing_even_if_a_station_has_the_same_name(tmp_path, site, status):
    with Plant(f"sqlite:///{tmp_path}/plant.db", accounts=Viewers, secure=False, site_name=site) as opened:
        token = opened.viewers.add(Role.WORKER, station="bench")  # at the site north
        add_site(opened.database, Site("south", "UTC"))
        put_station(opened.database, "south", StationPlace("bench"))
        headers = opened.viewers.headers(token)
        assert opened.ask("GET", "/v1/live", headers=headers).status_code == status
        assert opened.ask("GET", "/v1/account", headers=headers).status_code == 200  # it can sign out
