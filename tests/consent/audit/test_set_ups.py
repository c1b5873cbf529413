"""The camera of those who set stations up, as an auditor sees it: what is not agreed is named."""

import pytest

from consent.agreement.vocabulary import Role, View
from consent.audit.catalogue import Check
from consent.entries import bodies
from consent.entries.limits import SET_UP_CLOSED_WITHIN_MS
from consent.entries.vocabulary import SetUpClosedBecause
from tests.consent.audit.conftest import BENCH, COUNCIL, Story, example, identifier

MINUTE = 60_000
SEES = {"role": "industrial engineer", "may_see": ["station timelines", "set-up pictures"]}


def permitting(**changes):
    """Return the example's agreement, which permits set-up pictures to industrial engineers."""
    document = example().model_dump(mode="json")
    others = [one for one in document["access"] if one["role"] != SEES["role"]]
    return type(example()).model_validate(document | {"access": [*others, SEES]} | changes)


@pytest.fixture
def site():
    return Story(agreement=permitting()).found().agree().until("2027-03-01T07:00:00.000Z").cosign()


def opened(story, session="one", **changes):
    values = {
        "session": identifier(session),
        "role": Role.ENGINEER,
        "who": "0" * 64,
        "station": BENCH,
        "agreement": story.hash,
        "minutes": 5,
    }
    return story.own(bodies.SetUpOpened.model_validate(values | changes))


def closed(story, session="one", because=SetUpClosedBecause.DONE):
    return story.own(bodies.SetUpClosed(session=identifier(session), because=because))


def findings(story):
    report = story.cosign().audit()
    assert {one.check for one in report.findings} <= {Check.ACCESS}
    return [one.says("en") for one in report.findings]


def test_a_session_that_is_agreed_and_closed_in_time_passes(site):
    opened(site).wait(2 * MINUTE)
    report = closed(site).wait(MINUTE).cosign().audit()
    assert (report.findings, report.warnings) == ((), ())
    assert report.facts.views[Role.ENGINEER, View.SET_UP_PICTURES] == 1
    (looked,) = (one.looked_at for one in report.checks if one.check is Check.ACCESS)
    assert looked == 1


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda site: opened(site, agreement="ab" * 32), "camera without an agreement in force"),
        (lambda site: opened(site, station="far bench"), "camera without an agreement in force"),
        (lambda site: opened(site, role=Role.COUNCIL), "view that nobody agreed to"),
        (lambda site: opened(site.suspend()), "camera without an agreement in force"),
        (lambda site: opened(opened(site)), "set-up begins a second time"),
        (lambda site: closed(site), "set-up that is not open"),
        (lambda site: closed(closed(opened(site))), "set-up that is not open"),
    ],
    ids=[
        "no agreement",
        "another station",
        "another role",
        "suspended",
        "twice",
        "never opened",
        "closed twice",
    ],
)
def test_anything_else_is_named(site, spoil, words):
    (finding,) = findings(spoil(site))
    assert words in finding


def test_an_agreement_that_does_not_speak_of_it_permits_it_to_nobody():
    story = Story().found().agree().until("2027-03-01T07:00:00.000Z").cosign()
    (finding,) = findings(opened(story))
    assert "view that nobody agreed to" in finding


def test_before_the_workers_are_informed_and_after_the_last_day_it_is_named():
    story = Story(agreement=permitting()).found().agree()
    (finding,) = findings(opened(story))
    assert "camera outside the days" in finding
    story = Story(agreement=permitting(notice_on="2027-02-20")).found().agree()
    (finding,) = findings(opened(story.until("2027-02-20T10:00:00.000Z")))
    assert "before the workers were informed" in finding


@pytest.mark.parametrize("how", ["suspended", "ended"])
def test_a_camera_that_stays_open_after_a_stop_is_named_and_one_that_is_closed_at_once_is_not(site, how):
    def stop(story):
        body = bodies.AgreementEnded(agreement=story.hash)
        return story.suspend() if how == "suspended" else story.act(body, COUNCIL)

    prompt = stop(opened(site, "one"))
    prompt = closed(prompt.wait(SET_UP_CLOSED_WITHIN_MS - 1000), "one")
    assert findings(prompt) == []


def test_a_camera_that_stays_open_too_long_after_a_suspension_is_named(site):
    late = closed(opened(site).suspend().wait(SET_UP_CLOSED_WITHIN_MS))
    (finding,) = findings(late)
    assert "camera open after suspension or end" in finding


def test_minutes_end_a_session_by_themselves_and_that_nobody_said_so_is_a_warning(site):
    opened(site, minutes=1).wait(20 * MINUTE)
    report = site.cosign().audit()
    assert report.findings == ()
    (warning,) = report.warnings
    assert "end of a set-up was not told" in warning.says("en")
    late = closed(site).audit()
    assert (late.findings, late.warnings) == ((), ())
