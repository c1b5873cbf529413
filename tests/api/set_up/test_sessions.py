"""Set-up sessions by JSON: the log first, then the camera; every end, and every refusal."""

import time

import pytest

from api.policy import Role
from api.set_up.sessions import LEFT_S, MINUTES
from consent.agreement.vocabulary import Role as Agreed
from consent.agreement.vocabulary import View
from consent.entries.bodies import AgreementActivated, AgreementSuspended, SetUpClosed, SetUpOpened
from storage.sql.station_files import create_station
from storage.sql.tables import access_view
from tests.api.pages.conftest import agreed_world  # noqa: F401
from tests.api.plant import is_problem
from tests.api.set_up.conftest import Editor
from tests.consent.world import STATION

SEES = {"role": "industrial engineer", "may_see": ["station timelines", "released tables", "set-up pictures"]}


def permit(world):
    """Put the next version of the agreement into force: it gives engineers set-up pictures."""
    site = world.site.world
    others = [one for one in site.agreement.model_dump(mode="json")["access"] if one["role"] != SEES["role"]]
    agreement = site.next_version(access=[*others, SEES])
    site.hash = site.propose(agreement)
    site.agreement = agreement
    site.act(AgreementActivated(agreement=site.hash), site.employer)


class Opener(Editor):
    """An engineer's requests about cameras."""

    def begin(self):
        path = f"/v1/stations/{self.station.replace(' ', '%20')}/set-up-sessions"
        return self.world.ask("POST", path, headers=self.headers)

    def session(self, method, identifier):
        return self.world.ask(method, f"/v1/set-up-sessions/{identifier}", headers=self.headers)

    def said(self, kind):
        return [logged.entry.body for logged in self.world.site.recent(kind)]

    def until_closed(self):
        for _ in range(200):
            if found := self.said(SetUpClosed):
                return found[0]
            time.sleep(0.05)
        pytest.fail("nobody said that the session is closed")


@pytest.fixture
def opener(agreed_world):  # noqa: F811
    create_station(agreed_world.database, agreed_world.site_name, STATION)
    return Opener(agreed_world)


@pytest.fixture
def permitted(opener):
    permit(opener.world)
    return opener


def test_the_log_says_it_before_the_camera_may_be_opened(permitted):
    answer = permitted.begin()
    assert answer.status_code == 201
    told = answer.json()
    (entry,) = permitted.said(SetUpOpened)
    assert (entry.session, entry.station, entry.role) == (told["session"], STATION, Agreed.ENGINEER)
    assert (entry.minutes, entry.agreement) == (MINUTES, permitted.world.site.world.hash)
    assert (told["open"], told["seconds_left"]) == (True, MINUTES * 60)
    with permitted.world.database.reading() as connection:
        (row,) = connection.execute(access_view.select()).all()
    assert (row.commitment.hex(), row.view) == (entry.who, View.SET_UP_PICTURES)
    assert permitted.session("DELETE", told["session"]).status_code == 204
    assert permitted.until_closed() == SetUpClosed(session=told["session"], because="closed by hand")


def test_an_agreement_that_does_not_speak_of_it_permits_it_to_nobody(opener):
    detail = is_problem(opener.begin(), 403, "not-agreed")
    assert (
        detail == "the works agreement does not give the role industrial engineer the view: set-up pictures"
    )
    assert opener.said(SetUpOpened) == []


@pytest.mark.parametrize("trouble", ["unusable", "full"])
def test_without_the_log_no_camera(permitted, trouble):
    setattr(permitted.world.site, trouble, "the disk is full")
    is_problem(permitted.begin(), 503, "log")
    setattr(permitted.world.site, trouble, "")
    assert permitted.said(SetUpOpened) == []


def test_nobody_opens_a_camera_for_another_station_or_in_another_role(permitted):
    is_problem(Opener(permitted.world, "no such bench").begin(), 404, "not-found")
    create_station(permitted.world.database, permitted.world.site_name, "far bench")
    detail = is_problem(Opener(permitted.world, "far bench").begin(), 403, "not-agreed")
    assert detail == "no works agreement is active for this station"
    for role in set(Role) - {Role.ENGINEER}:
        token = permitted.world.viewers.add(role, station=STATION if role is Role.WORKER else None)
        stranger = Opener(permitted.world)
        stranger.headers = permitted.world.viewers.headers(token)
        is_problem(stranger.begin(), 403, "forbidden")
    assert permitted.said(SetUpOpened) == []


def test_a_suspension_closes_it_at_once(permitted):
    session = permitted.begin().json()["session"]
    site = permitted.world.site.world
    site.act(AgreementSuspended(agreement=site.hash), site.council)
    told = permitted.session("GET", session)
    assert told.status_code == 404 or told.json()["because"] == "not permitted any more"
    assert permitted.until_closed().because == "not permitted any more"
    is_problem(permitted.begin(), 403, "not-agreed")


def test_it_ends_with_its_minutes_although_somebody_still_asks(permitted):
    session = permitted.begin().json()["session"]
    for _ in range(MINUTES * 6 - 1):
        permitted.world.steady_s += 10
        assert permitted.session("GET", session).json()["open"]
    permitted.world.steady_s += 10
    told = permitted.session("GET", session)
    assert told.status_code == 404 or told.json()["open"] is False
    assert permitted.until_closed().because == "the time is over"


def test_a_page_that_is_not_heard_of_any_more_has_left(permitted):
    session = permitted.begin().json()["session"]
    permitted.world.steady_s += LEFT_S + 1
    assert permitted.until_closed().because == "the page was left"
    for _ in range(200):
        if permitted.session("GET", session).status_code == 404:
            return
        time.sleep(0.05)
    pytest.fail("the session is still known")


def test_a_log_that_cannot_be_believed_closes_it_and_hears_of_it_when_it_can(permitted, monkeypatch):
    monkeypatch.setattr("api.set_up.sessions._SAY_AGAIN_S", 0.05)
    session = permitted.begin().json()["session"]
    permitted.world.site.unusable = "the log does not verify"
    told = permitted.session("GET", session)
    assert told.status_code == 404 or told.json()["open"] is False
    time.sleep(0.3)
    permitted.world.site.unusable = ""
    assert permitted.until_closed().because == "not permitted any more"


def test_a_session_is_ones_own_and_one_at_a_time(permitted):
    first = permitted.begin().json()["session"]
    other = Opener(permitted.world)
    for method in ("GET", "DELETE"):
        is_problem(other.session(method, first), 404, "not-found")
    second = permitted.begin().json()["session"]
    closed = permitted.until_closed()
    assert (closed.session, closed.because) == (first, "closed by hand")
    assert permitted.session("GET", second).json()["open"]


def test_only_the_editor_where_it_is_permitted_may_have_a_camera(permitted):
    """Any other page of this server tells the browser to give it none."""
    world, headers = permitted.world, permitted.headers | {"Accept": "text/html"}
    create_station(world.database, world.site_name, "far bench")

    def camera(path):
        return world.ask("GET", path, headers=headers).headers["permissions-policy"].split(",")[0]

    assert camera("/set-up/assembly%20bench") == "camera=(self)"
    for path in (
        "/",
        "/set-up",
        "/set-up/far%20bench",
        "/set-up/none",
        "/live",
        "/v1/stations",
        "/static/set-up/camera.js",
    ):
        assert camera(path) == "camera=()", path
    site = world.site.world
    site.act(AgreementSuspended(agreement=site.hash), site.council)
    assert camera("/set-up/assembly%20bench") == "camera=()"
