"""The server's own records for studies: only what is agreed, and logged before it is read."""

from datetime import timedelta

import pytest

from consent.entries.bodies import AccessViewed
from productivity.records import RecordingMode
from productivity.states import StateCategory
from storage.sealed.retention import retain
from storage.sql.devices import add_code, enrol
from storage.sql.documented import DocumentedTime, document
from storage.sql.measures import DayOutput, DayPaid, put_outputs, put_paid
from storage.study.folder import read_study
from tests.api.pages.conftest import agreed_world  # noqa: F401  # a fixture
from tests.api.plant import is_problem
from tests.api.studies import Engineer
from tests.storage.sql.plants import Deliveries, interval_record

HOUR_MS = 3_600_000
CYCLE_BOUND, _, _, IRREGULAR = StateCategory
SECOND = 1_000_000_000


@pytest.fixture
def engineer(agreed_world, tmp_path):  # noqa: F811
    agreed_world.data = tmp_path
    found = Engineer(agreed_world)
    found.create()
    return found


@pytest.fixture
def station(agreed_world):  # noqa: F811
    """A station of the works agreement with two sessions of two cycles each; gives its name."""
    world, name = agreed_world, agreed_world.site.world.agreement.stations[0]
    code = add_code(world.database, world.site_name, "Europe/Berlin", hours=1, at_ms=world.now_ms())
    enrol(world.database, code, "edge-9", "a key", world.now_ms())
    device = Deliveries(world.database, "edge-9")
    parts = [("part handling", 4), ("screwing", 6), ("unknown", 1), ("part handling", 5), ("screwing", 7)]
    for number in range(2):
        session = bytes(15) + bytes([number + 1])
        start = world.now_ms() - 48 * HOUR_MS + number * HOUR_MS
        device.send(
            *(
                interval_record(
                    start,
                    lasted * SECOND,
                    session=session,
                    ordinal=ordinal,
                    station=name,
                    state=state,
                    category=None if state == "unknown" else CYCLE_BOUND,
                )
                for ordinal, (state, lasted) in enumerate(parts)
            )
        )
    return name


def taking(engineer, station, **changes):
    day = engineer.world.time().date()
    cycle = {"first": "part handling", "last": "screwing"}
    return {
        "take": "camera",
        "stations": [station],
        "first": (day - timedelta(days=7)).isoformat(),
        "last": day.isoformat(),
        "systems": {station: "station 1"},
        "cycles": {station: cycle},
        **changes,
    }


def viewed(world):
    return [entry.body for entry in world.site.world.entries if isinstance(entry.body, AccessViewed)]


def test_samples_of_the_camera_are_taken_and_the_look_is_in_the_log(engineer, station):
    before = engineer.snapshot()
    preview = engineer.ask("POST", "/cell/server-previews", json=taking(engineer, station)).json()
    assert engineer.snapshot() == before
    [look] = viewed(engineer.world)
    assert (look.station, look.view) == (station, "station timelines")
    assert (preview["read"], preview["used"], preview["samples"]) == (10, 10, 8)
    answer = engineer.ask("PUT", "/cell/server-sources/camera", json=taking(engineer, station))
    assert answer.json() == preview
    source = read_study(engineer.folder()).source("camera")
    samples = {one.state: [ns // SECOND for ns in one.durations_ns] for one in source.records.sampled}
    assert samples == {"part handling": [4, 5, 4, 5], "screwing": [6, 7, 6, 7]}, "of both sessions"
    assert len({session for one in source.records.sampled for session in one.sessions}) == 2
    assert source.origin.stations == (station,)
    assert source.observations() == (), "no course in time, unless it was asked for"


def test_one_session_is_taken_with_its_course_from_its_beginning(engineer, station):
    day = taking(engineer, station)
    query = {"station": station, "first": day["first"], "last": day["last"]}
    sessions = engineer.ask("GET", "/cell/sessions", params=query).json()["sessions"]
    assert [one["duration_ms"] for one in sessions] == [23_000, 23_000]
    chosen = taking(engineer, station, take="camera course", session=sessions[1]["session"])
    assert engineer.ask("PUT", "/cell/server-sources/course", json=chosen).status_code == 200
    [seen] = read_study(engineer.folder()).source("course").observations()
    assert [(one.state, one.start // SECOND) for one in seen.intervals][:3] == [
        ("part handling", 0),
        ("screwing", 4),
        ("unknown", 10),
    ]
    without = taking(engineer, station, take="camera course")
    assert "session" in is_problem(
        engineer.ask("POST", "/cell/server-previews", json=without), 422, "invalid"
    )


def test_documented_times_and_measures_become_data(engineer, station):
    world, day = engineer.world, engineer.world.time().date()
    start_ms, minute = world.now_ms() - HOUR_MS, 60 * SECOND
    times = [
        DocumentedTime(bytes([n] * 16), station, RecordingMode.SR, "waiting", IRREGULAR, start_ms, minute)
        for n in range(2)
    ]
    document(world.database, world.site_name, times, 1)
    put_outputs(world.database, world.site_name, [DayOutput(station, day, "", 40)])
    put_paid(world.database, world.site_name, [DayPaid(station, day, 8 * 3600 * SECOND)])
    for take, counted in (("documented times", ("documented", 1)), ("output and paid time", ("paid", 1))):
        report = engineer.ask(
            "PUT", f"/cell/server-sources/{counted[0]}", json=taking(engineer, station, take=take)
        )
        assert report.json()[counted[0]] == counted[1], report.text
    [row] = read_study(engineer.folder()).source("documented").records.documented
    assert (row.system, row.period, row.duration_ns, row.mode) == (
        "station 1",
        f"{day:%Y-%m}",
        120 * SECOND,
        "SR",
    )
    assert len(viewed(world)) == 1, "output and paid time are no look at a timeline"


def test_whole_months_are_taken_from_open_and_sealed_data(engineer, station):
    report = engineer.ask(
        "PUT", "/cell/server-sources/months", json=taking(engineer, station, take="camera totals")
    ).json()
    assert (report["documented"], report["passed_over"]) == (2, 1), report
    rows = read_study(engineer.folder()).source("months").records.documented
    assert {row.state: row.duration_ns // SECOND for row in rows} == {"part handling": 18, "screwing": 26}


def test_a_month_that_is_partly_deleted_is_not_taken_for_the_whole(engineer, station):
    world = engineer.world
    asked = taking(engineer, station, take="camera totals")
    root, now_ms = world.data / "sealed", world.now_ms()
    retain(world.database, root, world.site_name, intervals_days=1, aggregates_days=1, now_ms=now_ms)
    refused = engineer.ask("PUT", "/cell/server-sources/months", json=asked)
    is_problem(refused, 409, "conflict")
    assert "is deleted; choose a later one" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("change", "status", "name"),
    [
        ({"stations": ["bench-of-nobody"]}, 403, "not-agreed"),
        ({"first": "2026-13-01"}, 422, "invalid"),
        ({"first": "2020-01-01"}, 422, "invalid"),
        ({"last": "2001-01-01"}, 422, "invalid"),
        ({"take": "everything"}, 422, "invalid"),
        ({"stations": []}, 422, "invalid"),
        ({"session": "x"}, 422, "invalid"),
        ({"worker": "Anna"}, 422, "invalid"),
    ],
)
def test_what_is_not_agreed_or_not_there_is_refused_and_changes_nothing(
    engineer, station, change, status, name
):
    before = engineer.snapshot()
    body = taking(engineer, station, **change)
    for method, path in (("POST", "/cell/server-previews"), ("PUT", "/cell/server-sources/x")):
        answer = engineer.ask(method, path, json=body)
        is_problem(answer, status, name)
        assert "Anna" not in answer.text
    assert engineer.snapshot() == before
    assert viewed(engineer.world) == []


def test_data_of_a_station_never_stand_among_rows_by_hand(engineer, station):
    """Tables of rows by hand are read without a look."""
    before = engineer.snapshot()
    answer = engineer.ask(
        "PUT", "/cell/server-sources/by-hand", params={"replace": True}, json=taking(engineer, station)
    )
    assert "'by-hand'" in is_problem(answer, 422, "invalid")
    assert engineer.snapshot() == before


def test_without_a_log_nothing_is_read(engineer, station):
    engineer.world.site.full = "disk full"
    before = engineer.snapshot()
    answer = engineer.ask("PUT", "/cell/server-sources/camera", json=taking(engineer, station))
    is_problem(answer, 503, "log")
    assert engineer.snapshot() == before


def test_results_on_station_data_are_a_look_and_exports_too(engineer, station):
    engineer.ask("PUT", "/cell/server-sources/camera", json=taking(engineer, station))
    engineer.put_rows("paid", {"system": "cell 1", "period": "2026-01", "duration_h": "150"})
    engineer.world.moved_s += 3600  # an hour later: another look
    before = len(viewed(engineer.world))
    assert engineer.page("/cell/results").status_code == 200
    assert len(viewed(engineer.world)) == before + 1
    engineer.world.moved_s += 3600
    assert engineer.ask("GET", "/cell/results/xlsx").status_code == 200
    assert len(viewed(engineer.world)) == before + 2
    engineer.world.moved_s += 3600
    engineer.world.site.full = "disk full"
    is_problem(engineer.ask("GET", "/cell/results/json"), 503, "log")
    page = engineer.page("/cell/results")
    assert page.status_code == 503
    assert "150" not in page.text
