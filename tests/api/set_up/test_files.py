"""Station files by JSON: what is kept, what is checked, what is published, and every refusal."""

import hashlib

import pytest

from api.policy import Role
from api.set_up.examples import OUTLINE
from api.set_up.examples import TEXT as EXAMPLE
from api.set_up.wire import LONGEST_TEXT, MOST_LINES
from consent.entries.bodies import AgreementSuspended, RecordingConfigured, RecordingStopped
from consent.entries.vocabulary import Reason
from storage.sql.published import station_file_of
from storage.sql.station_files import create_station
from tests.api.plant import is_problem
from tests.api.set_up.conftest import TEXT, Editor
from tests.consent.world import DEVICE, STATION


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_draft_is_kept_read_and_published_and_devices_fetch_it(editor):
    world = editor.world
    world.enrolled(DEVICE, site=world.site_name)
    kept = editor.keep().json()
    assert (kept["revision"], kept["digest"], kept["published_ms"]) == (1, digest(TEXT), None)
    assert kept["account"].startswith("engineer")
    read = editor.ask("GET", "/1").json()
    assert read["revision"] == kept
    assert read["checked"]["text"] == TEXT
    assert station_file_of(world.database, DEVICE, STATION) is None
    world.moved_s += 60
    published = editor.publish(1, kept["digest"])
    assert published.status_code == 201
    assert published.json()["revision"] == 2
    assert published.json()["published_ms"] == world.now_ms()
    assert station_file_of(world.database, DEVICE, STATION) == TEXT
    files = editor.files()
    assert files["published"] == files["newest"] == published.json()
    assert [one["revision"] for one in files["revisions"]] == [2, 1]


def test_an_earlier_revision_is_compared_and_published_again(editor):
    second = TEXT.replace("hand in parts", "left hand in parts")
    editor.keep()
    editor.publish(1, digest(TEXT))
    editor.keep(second, base=2)
    editor.publish(3, digest(second))
    changed = editor.ask("GET", "/4/changes?since=1").json()
    assert (changed["before"]["revision"], changed["after"]["revision"]) == (1, 4)
    assert [(line["kind"], line["before"], line["after"], line["text"].strip()) for line in changed["lines"]][
        -2:
    ] == [
        ("removed", 9, None, "when: hand in parts"),
        ("added", None, 9, "when: left hand in parts"),
    ]
    assert [line["kind"] for line in changed["lines"]].count("same") == 3
    assert editor.ask("GET", "/2/changes?since=1").json()["lines"] == []
    again = editor.publish(1, digest(TEXT)).json()
    assert (again["revision"], again["digest"]) == (5, digest(TEXT))
    assert editor.files()["published"]["revision"] == 5


def test_what_somebody_else_wrote_meanwhile_is_not_overwritten(editor):
    other = Editor(editor.world)
    assert editor.keep().status_code == other.keep("fairtakt: station 1\n", base=1).status_code == 201
    detail = is_problem(editor.keep(TEXT + "\n", base=1), 409, "conflict")
    assert detail == "somebody has written meanwhile: the newest is revision 2"
    assert len(editor.files()["revisions"]) == 2


def test_a_text_is_checked_with_the_real_parser_and_every_flaw_has_its_place(editor):
    text = TEXT.replace("hand in parts", "hand in part").replace("category: cycle-bound", "category: cyclic")
    checked = editor.ask("POST", "/check", json={"text": text}).json()
    (flaw,) = checked["flaws"]
    assert (flaw["line"], flaw["place"]) == (8, ["states", 0, "category"])
    assert "'irregular', found 'cyclic'" in flaw["message"]
    text = TEXT.replace("hand in parts", "hand in part")
    (flaw,) = editor.ask("POST", "/check", json={"text": text}).json()["flaws"]
    assert flaw == {
        "line": 9,
        "place": ["states", 0, "when"],
        "message": "states.0.when: expected one of parts, found 'part'",
        "german": "states.0.when: erwartet wird eines von parts; gefunden: 'part'",
    }
    broken = editor.ask("POST", "/check", json={"text": TEXT.replace("zones:", "zones: [")}).json()
    assert (broken["outline"], broken["explanation"], broken["flaws"][0]["place"]) == (None, None, [])
    assert broken["flaws"][0]["line"] == 6
    assert editor.files()["revisions"] == []


def test_a_whole_text_is_explained_in_both_languages(editor):
    checked = editor.ask("POST", "/check", json={"text": TEXT}).json()
    assert (checked["flaws"], checked["unpermitted"], checked["digest"]) == ([], [], digest(TEXT))
    assert "when a hand is in “parts”" in checked["explanation"]["en"]
    assert "wenn eine Hand in „parts“ ist" in checked["explanation"]["de"]
    assert checked["outline"]["states"][0]["rule"] == {"kind": "hand", "hands": "either", "zone": "parts"}


def test_the_file_of_another_station_is_not_this_one(editor):
    checked = editor.ask("POST", "/check", json={"text": EXAMPLE}).json()
    (flaw,) = checked["flaws"]
    assert (flaw["line"], flaw["place"]) == (2, ["name"])
    assert flaw["message"] == f"name: expected '{STATION}', as the station is called, found 'bench-1'"
    assert checked["explanation"] is None


def test_an_outline_goes_into_the_text_and_comments_stay(editor):
    outline = editor.ask("POST", "/check", json={"text": TEXT}).json()["outline"]
    outline["zones"][0]["points"][2] = [0.3, 0.65]
    written = editor.ask("POST", "/write", json={"text": TEXT, "outline": outline}).json()
    assert written["text"] == TEXT.replace("[0.25, 0.6]", "[0.3, 0.65]")
    assert written["outline"]["zones"][0]["points"][2] == [0.3, 0.65]
    assert editor.files()["revisions"] == []


@pytest.mark.parametrize(
    "change",
    [
        {"zones": [{"name": "a", "points": [[0, 0]]}, {"name": "a", "points": [[0, 0]]}]},
        {"zones": [{"name": "a\nb", "points": []}]},
        {"zones": [{"name": "a", "points": [[0, 0]] * 65}]},
        {"states": [{**OUTLINE["states"][0], "rule": {"kind": "magic"}}]},
        {"pose_rate": "fast"},
        {"pose_rate": 1e300},
        {"unknown": 1},
    ],
    ids=[
        "a name twice",
        "two lines",
        "too many points",
        "no such rule",
        "a word",
        "a vast number",
        "unknown",
    ],
)
def test_an_outline_that_is_none_is_refused_without_repeating_it(editor, change):
    answer = editor.ask("POST", "/write", json={"text": TEXT, "outline": OUTLINE | change})
    assert "magic" not in is_problem(answer, 422, "invalid")


def test_what_is_not_permitted_is_flagged_and_published_only_when_acknowledged(editor):
    text = TEXT.replace("name: part handling", "name: tidying up")
    editor.keep(text)
    checked = editor.ask("GET", "/1").json()["checked"]
    assert checked["unpermitted"] == [{"kind": "state", "name": "tidying up"}]
    is_problem(editor.publish(1, digest(text)), 403, "not-agreed")
    assert editor.files()["published"] is None
    assert editor.publish(1, digest(text), acknowledged=True).status_code == 201


def test_a_station_without_agreement_is_flagged(editor):
    create_station(editor.world.database, editor.world.site_name, "far bench")
    far = Editor(editor.world, "far bench")
    text = TEXT.replace(f"name: {STATION}", "name: far bench")
    assert far.ask("POST", "/check", json={"text": text}).json()["unpermitted"] == [
        {"kind": "agreement", "name": ""}
    ]


def test_a_suspended_agreement_still_says_what_is_permitted(editor):
    world = editor.world.site.world
    world.act(AgreementSuspended(agreement=world.hash), world.council)
    assert editor.ask("POST", "/check", json={"text": TEXT}).json()["unpermitted"] == []


def test_a_log_that_cannot_be_read_permits_nothing(editor):
    editor.keep()
    editor.world.site.unusable = "the log does not verify"
    checked = editor.ask("GET", "/1").json()["checked"]
    assert checked["unpermitted"] == [{"kind": "log", "name": ""}]
    is_problem(editor.publish(1, digest(TEXT)), 403, "not-agreed")
    assert editor.files()["devices"] is None


def test_only_a_whole_file_is_published_and_only_the_one_that_was_read(editor):
    flawed = TEXT.replace("hand in parts", "hand in part")
    editor.keep(flawed)
    detail = is_problem(editor.publish(1, digest(flawed), acknowledged=True), 422, "invalid")
    assert detail == "the revision has flaws, the first in line 9: expected a whole station file"
    editor.keep(TEXT, base=1)
    is_problem(editor.publish(2, digest(flawed)), 409, "conflict")
    is_problem(editor.publish(3, digest(TEXT)), 404, "not-found")
    assert editor.files()["published"] is None


def test_the_log_tells_which_device_records_with_which_text(editor):
    site = editor.world.site
    started = site.world.start(configuration="ab" * 32)
    site.world.act(started, site.world.device)
    (used,) = editor.files()["devices"]
    assert used == {"device": DEVICE, "digest": "ab" * 32, "since_ms": site.world.now_ms}
    site.world.now_ms += 1000
    body = RecordingConfigured(session=started.session, configuration="cd" * 32)
    site.world.act(body, site.world.device)
    site.world.act(
        RecordingStopped(session=started.session, reason=Reason.OPERATOR, recorded_ms=0), site.world.device
    )
    (used,) = editor.files()["devices"]
    assert (used["digest"], used["since_ms"]) == ("cd" * 32, site.world.now_ms)


def test_stations_are_made_and_listed(editor):
    world = editor.world
    ask = lambda **body: world.ask("POST", "/v1/stations", headers=editor.headers, json=body)  # noqa: E731
    made = ask(name="Prüfplatz 1/2")
    assert (made.status_code, made.json()["revisions"]) == (201, [])
    is_problem(ask(name="Prüfplatz 1/2"), 409, "conflict")
    for name in ("", " ", "_x", "a<b", "x" * 81, "a\nb", "a\u00adb"):
        is_problem(ask(name=name), 422, "invalid")
    listed = world.ask("GET", "/v1/stations", headers=editor.headers).json()
    assert listed["site"] == world.site_name
    assert [one["station"] for one in listed["stations"]] == [STATION, "Prüfplatz 1/2"]
    assert Editor(world, "Prüfplatz 1/2").keep().status_code == 201


@pytest.mark.parametrize(
    ("text", "status", "kind"),
    [
        ("x" * (LONGEST_TEXT + 1), 422, "invalid"),
        ("\n" * (MOST_LINES + 1), 422, "invalid"),
        ("a\x00b", 422, "invalid"),
        (7, 422, "invalid"),
    ],
    ids=["too long", "too many lines", "nul", "a number"],
)
def test_a_text_that_is_none_is_refused_everywhere(editor, text, status, kind):
    is_problem(editor.keep(text), status, kind)
    is_problem(editor.ask("POST", "/check", json={"text": text}), status, kind)
    is_problem(editor.ask("POST", "/write", json={"text": text, "outline": OUTLINE}), status, kind)
    answer = editor.world.ask("POST", "/v1/clip-trials", headers=editor.headers, json={"text": text})
    is_problem(answer, status, kind)
    assert editor.files()["revisions"] == []


def test_what_is_not_there_is_told_as_such(editor):
    stranger = Editor(editor.world, "no such bench")
    for method, path, body in (
        ("GET", "", None),
        ("POST", "", {"text": TEXT, "base": 0}),
        ("POST", "/check", {"text": TEXT}),
        ("POST", "/write", {"text": TEXT, "outline": OUTLINE}),
        ("GET", "/1", None),
        ("GET", "/1/changes?since=1", None),
        ("POST", "/1/publication", {"digest": "00" * 32}),
    ):
        is_problem(stranger.ask(method, path, **({} if body is None else {"json": body})), 404, "not-found")
    for path in ("/1", "/1/changes?since=2"):
        is_problem(editor.ask("GET", path), 404, "not-found")
    is_problem(editor.ask("GET", "/99999999999"), 422, "invalid")
    is_problem(editor.ask("GET", "/1/changes"), 422, "invalid")


def test_nobody_else_sets_stations_up(editor):
    for role in set(Role) - {Role.ENGINEER}:
        token = editor.world.viewers.add(role, station=STATION if role is Role.WORKER else None)
        stranger = Editor(editor.world)
        stranger.headers = editor.world.viewers.headers(token)
        is_problem(stranger.keep(), 403, "forbidden")
        is_problem(stranger.ask("GET"), 403, "forbidden")


def test_whoever_asks_without_end_waits(editor):
    for _ in range(60):
        assert editor.ask("POST", "/check", json={"text": "a: b"}).status_code == 200
    is_problem(editor.ask("POST", "/check", json={"text": "a: b"}), 429, "too-many")
    editor.world.steady_s += 1
    assert editor.ask("POST", "/check", json={"text": "a: b"}).status_code == 200
