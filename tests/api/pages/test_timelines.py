"""Timelines: looks are logged first, corrections keep the original, labels stay in the browser."""

import pytest
from sqlalchemy import update

from api.policy import Role
from consent.entries.bodies import AccessViewed
from storage.sql.plant import Place, StationPlace, put_place, put_station
from storage.sql.tables import interval as interval_table
from tests.api.plant import interval, is_problem
from tests.consent.world import MORNING_MS, STATION

OTHER = "packing bench"
STATES = [("part handling", "cycle-bound"), ("screwing", "cycle-bound"), ("waiting", "irregular")]
DAYS = "first=2027-03-01&last=2027-03-01"


@pytest.fixture
def filled(agreed_world):
    """Two stations with a morning's intervals each, and one that no agreement names."""
    world, site = agreed_world, agreed_world.site_name
    device = world.enrolled("edge-1", site=site)
    world.moved_s += 3600  # the morning's intervals are over
    put_place(world.database, site, Place("hall 2"))
    for name in (STATION, OTHER, "elsewhere"):
        put_station(world.database, site, StationPlace(name, "hall 2"))
    for number, station in enumerate((STATION, OTHER, "elsewhere")):
        rows = [
            interval(
                ordinal,
                station=station,
                session=f"{number:032x}",
                state=STATES[ordinal % 3][0],
                category=STATES[ordinal % 3][1],
                start_ms=(MORNING_MS + 20_000 * ordinal) // 900_000 * 900_000,
                duration_ns=20 * 10**9,
            )
            for ordinal in range(120)
        ]
        body = device.batch(number, intervals=rows)
        headers = device.headers(body, number, created=world.time())
        assert world.ask("POST", "/v1/batches", content=body, headers=headers).status_code == 200
    return world


def ask(world, token, method, path, **more):
    headers = world.viewers.headers(token) | more.pop("headers", {})
    return world.ask(method, path, headers=headers, **more)


def test_the_look_is_in_the_log_before_intervals_of_agreed_stations_come(filled):
    token = filled.viewers.add(Role.ENGINEER)
    found = ask(filled, token, "GET", f"/v1/timelines?{DAYS}").json()
    assert {one["station"] for one in found["sessions"]} == {STATION, OTHER}
    assert found["resolution_ms"] == 900_000
    assert sum(found["columns"]["duration_ns"]) == 2 * 120 * 20 * 10**9
    assert sorted(one.entry.body.station for one in filled.site.recent(AccessViewed)) == [STATION, OTHER]


def test_a_station_outside_the_agreement_is_refused_aloud(filled):
    token = filled.viewers.add(Role.ENGINEER)
    is_problem(ask(filled, token, "GET", f"/v1/timelines?{DAYS}&station=elsewhere"), 403, "not-agreed")
    is_problem(ask(filled, token, "GET", f"/v1/timelines?{DAYS}&station=nowhere"), 403, "not-agreed")
    assert filled.site.count(AccessViewed) == 0


def test_a_terminal_sees_its_own_station_alone(filled):
    token = filled.viewers.add(Role.WORKER, station=STATION)
    found = ask(filled, token, "GET", f"/v1/timelines?{DAYS}").json()
    assert {one["station"] for one in found["sessions"]} == {STATION}
    is_problem(ask(filled, token, "GET", f"/v1/timelines?{DAYS}&station={OTHER}"), 403, "not-agreed")


def test_nothing_is_shown_that_the_log_does_not_hold(filled):
    token = filled.viewers.add(Role.ENGINEER)
    for trouble in ("full", "unusable"):
        setattr(filled.site, trouble, "why")
        answer = ask(filled, token, "GET", f"/v1/timelines?{DAYS}")
        is_problem(answer, 503, "log")
        is_problem(ask(filled, token, "GET", "/v1/intervals/1/0"), 503, "log")


@pytest.mark.parametrize(
    ("query", "status", "kind"),
    [
        ("first=2027-03-01", 422, "invalid"),
        ("first=x&last=2027-03-01", 422, "invalid"),
        ("first=2027-03-02&last=2027-03-01", 422, "invalid"),
        ("first=2020-01-01&last=2027-03-01", 422, "invalid"),
        ("first=9999-12-31&last=9999-12-31", 422, "invalid"),
        (f"{DAYS}&place=nowhere", 404, "not-found"),
    ],
)
def test_other_questions_are_refused(filled, query, status, kind):
    token = filled.viewers.add(Role.ENGINEER)
    is_problem(ask(filled, token, "GET", f"/v1/timelines?{query}"), status, kind)


def test_a_correction_counts_and_the_original_stays(filled):
    token = filled.viewers.add(Role.ENGINEER)
    said = {"state": "rework", "category": "irregular", "reason": "a screw was replaced"}
    for number in (1, 2):
        made = ask(filled, token, "POST", "/v1/intervals/1/0/revisions", json=said)
        assert (made.status_code, made.json()["number"]) == (201, number)
    kept = ask(filled, token, "GET", "/v1/intervals/1/0").json()
    assert (kept["state"], [one["state"] for one in kept["revisions"]]) == ("part handling", ["rework"] * 2)
    columns = ask(filled, token, "GET", f"/v1/timelines?{DAYS}").json()
    shown = columns["states"][columns["columns"]["state"][0]]["name"]
    assert (shown, columns["columns"]["corrected"][0]) == ("rework", 1)


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"state": "", "category": "irregular", "reason": "x"},
        {"state": "rework", "category": None, "reason": "x"},
        {"state": "unknown", "category": "irregular", "reason": "x"},
        {"state": "rework", "category": "idle", "reason": "x"},
        {"state": "rework", "category": "irregular", "reason": "\x00"},
        {"state": "rework", "category": "irregular", "reason": "x" * 201},
        {"state": "rework", "category": "irregular", "reason": "x", "who": "y"},
    ],
)
def test_a_correction_that_says_nothing_sensible_changes_nothing(filled, said):
    token = filled.viewers.add(Role.ENGINEER)
    is_problem(ask(filled, token, "POST", "/v1/intervals/1/0/revisions", json=said), 422, "invalid")
    assert ask(filled, token, "GET", "/v1/intervals/1/0").json()["revisions"] == []


def test_sealed_missing_and_foreign_intervals_are_not_corrected(filled):
    token = filled.viewers.add(Role.ENGINEER)
    said = {"state": "rework", "category": "irregular", "reason": "x"}
    with filled.database.writing() as connection:
        connection.execute(update(interval_table).where(interval_table.c.batch_id == 1).values(seal_id=1))
    is_problem(ask(filled, token, "POST", "/v1/intervals/1/0/revisions", json=said), 409, "conflict")
    is_problem(ask(filled, token, "POST", "/v1/intervals/1/999/revisions", json=said), 404, "not-found")
    is_problem(ask(filled, token, "POST", "/v1/intervals/3/0/revisions", json=said), 403, "not-agreed")


def test_limits_are_those_of_equation_2(filled):
    token = filled.viewers.add(Role.ENGINEER)
    answer = ask(filled, token, "POST", "/v1/mean-limits", json={"samples": [[0.2, 0.25, 0.3], [0.8]]}).json()
    first, second = answer["limits"]
    assert (first["n"], round(first["low"], 4), round(first["high"], 4)) == (3, 0.1258, 0.3742)
    assert (second["n"], second["low"]) == (1, None)
    for wrong in ([[]], [[2.0]], [["a"]], "x"):
        is_problem(ask(filled, token, "POST", "/v1/mean-limits", json={"samples": wrong}), 422, "invalid")


def show(page):
    page.locator("#first").fill("2027-03-01")
    page.locator("#last").fill("2027-03-01")
    page.get_by_role("button", name="Show", exact=True).or_(page.get_by_role("button", name="Zeigen")).click()
    page.locator("ft-timeline.drawn, ft-timeline:not([hidden])").first.wait_for()
    page.locator("ft-timeline .legend table").wait_for()


def select_first_interval(page):
    plot = page.locator("ft-timeline .scroller")
    plot.focus()
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    page.locator("#picked tbody tr").first.wait_for()


@pytest.mark.parametrize(("language", "dark", "width"), [("en", False, 1280), ("de", True, 360)])
def test_the_page_is_usable(filled, looker, language, dark, width):
    page = looker.open(
        "/timelines", filled.viewers.add(Role.ENGINEER), language=language, dark=dark, width=width
    )
    looker.check_access(page)
    show(page)
    select_first_interval(page)
    looker.check_access(page)
    looker.picture(page, f"timelines-{language}")


def test_an_engineer_corrects_what_is_selected(filled, looker):
    page = looker.open("/timelines", filled.viewers.add(Role.ENGINEER), language="de")
    show(page)
    select_first_interval(page)
    page.locator("#picked tbody button").first.click()
    page.locator("#correction-history li").first.wait_for()
    page.get_by_label("War in Wirklichkeit").fill("rework")
    page.get_by_label("Grund").fill("eine Schraube wurde ersetzt")
    looker.check_access(page)
    looker.picture(page, "timelines-correction-de")
    page.get_by_role("button", name="Speichern").click()
    page.locator("#correction").wait_for(state="hidden")
    page.locator("ft-timeline .legend").get_by_text("rework").first.wait_for()


def test_a_link_leads_back_to_the_same_view(filled, looker):
    token = filled.viewers.add(Role.ENGINEER)
    page = looker.open("/timelines", token)
    show(page)
    select_first_interval(page)
    page.wait_for_timeout(400)  # the link follows once the view rests
    href = page.locator("ft-timeline").evaluate("element => `${location.search}#${element.link}`")
    again = looker.open(f"/timelines{href}", token)
    again.locator("ft-timeline .legend table").wait_for()
    ours, theirs = (one.locator("ft-timeline").evaluate("element => element.link") for one in (page, again))
    assert ours == theirs
    assert "select=" in ours


def test_without_an_agreement_the_page_says_that_nobody_may_look(filled, looker):
    page = looker.open("/timelines", filled.viewers.add(Role.WORKER, station="elsewhere"), language="de")
    page.get_by_text("Keine Betriebsvereinbarung erlaubt Ihrer Rolle").wait_for()
    looker.check_access(page)


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("de", 360)])
def test_a_recording_of_one_s_own_is_labelled_in_the_browser(world, looker, tmp_path, language, width):
    av = pytest.importorskip("av", reason="the extra edge is not installed")
    import numpy as np

    film = tmp_path / "own.webm"
    with av.open(str(film), "w") as container:
        stream = container.add_stream("libvpx", rate=10)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        for number in range(60):
            frame = av.VideoFrame.from_ndarray(np.full((120, 160, 3), 4 * number, np.uint8), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    sent = []
    page = looker.open("/timelines/labels", world.viewers.add(Role.ENGINEER), language=language, width=width)
    page.on("request", lambda request: sent.append(request.method))
    page.locator("#file").set_input_files(film)
    page.locator("#video:not([hidden])").wait_for()
    for state, second in ((1, 0.5), (2, 2.0), (3, 4.0)):
        page.locator("#video").evaluate("(video, at) => { video.currentTime = at }", second)
        page.wait_for_function("at => !document.getElementById('video').seeking", arg=second)
        page.locator("h1").click()
        page.keyboard.press(str(state))
    page.keyboard.press("Backspace")
    assert page.locator("#labels tbody tr").count() == 2
    looker.check_access(page)
    looker.picture(page, f"labelling-{language}")
    with page.expect_download() as download:
        page.locator("#download").click()
    lines = download.value.path().read_text().splitlines()
    assert lines[:2] == ["state,start_s,end_s", '"part handling",0.500,2.000']
    assert lines[2].startswith('"manual assembly",2.000,')
    assert "POST" not in sent
