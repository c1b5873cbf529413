"""Released tables over the API: what is hidden stays on the server, and the log comes before the table."""

import csv
import hashlib
import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from types import MappingProxyType

import pytest
from sqlalchemy import delete, update

from api.policy import Role
from api.problems import Problem
from api.releases.archive import DAY_MS
from api.releases.queue import MOST, ReleaseQueue
from consent.agreement.calendar import day_begins_ms
from consent.agreement.form import canonical_text
from consent.agreement.vocabulary import Role as LogRole
from consent.agreement.vocabulary import View
from consent.entries.bodies import AccessViewed, AgreementActivated, AgreementSuspended, ReleasePublished
from consent.site.desk import LogUnusable
from productivity.errors import BadInput
from storage.sealed.retention import retain
from storage.sql.measures import Headcount, put_headcounts
from storage.sql.releases import kept_releases
from storage.sql.tables import release
from tests.api.plant import is_problem
from tests.api.releases.works import MONDAY, ROOM, WANTED, steady, works
from tests.consent.world import STATION

SECOND_WEEK = MappingProxyType({"first_day": "2027-02-08", "last_day": "2027-02-14"})


def reasons(preview):
    return {tuple(cell["at"]): cell["reason"] for cell in preview.json()["cells"]}


def said(plant):
    return [one for one in plant.site.world.entries if isinstance(one.body, ReleasePublished)]


def hidden_values(plant):
    """The figures that are kept and not shown, from the database itself."""
    found = set()
    for row in kept_releases(plant.database, plant.name):
        inner = json.loads(json.loads(row.content)["inner"])
        values = {tuple(cell[0]): cell[1] for cell in inner["cells"]}
        shown = {tuple(at): value for at, value, _ in inner["figures"] if value is not None}
        found |= {value for at, value in values.items() if at not in shown and value}
        found -= set(shown.values())
    return found


def test_a_preview_says_what_would_be_hidden_and_why_and_no_figure(still):
    answer = still.preview()
    assert answer.status_code == 200, answer.text
    why = reasons(answer)
    week = "2027-W05"
    assert why["station:press", "all", week] == "too few people"
    assert why["station:assembly bench", "all", week] is None
    assert "protects another figure" in why.values(), "the total less the others would be the press"
    told = answer.json()
    assert told["too_few"] + told["protecting"] == told["suppressed"]
    assert told["shown"] + told["suppressed"] == len(told["cells"])
    assert (told["required_group"], told["smallest_group"], told["checked_against"]) == (5, 6, 0)
    assert len(told["not_sealed"]) == 7
    assert set(told["cells"][0]) == {"at", "reason"}
    assert said(still) == []
    assert still.plant.rows()["release"] == 0


def test_a_release_stands_in_the_log_with_the_hash_of_what_is_shown(plant):
    made = plant.release()
    assert made.status_code == 201, made.text
    (entry,) = said(plant)
    assert plant.site.world.entries.index(entry) == made.json()["entry"]
    table = plant.table(made.json()["release"])
    assert entry.body.content == hashlib.sha256(table.content).hexdigest()
    document = table.json()
    assert (entry.body.cells, entry.body.suppressed) == (document["cells"], document["suppressed"])
    assert entry.body.smallest_group == document["smallest_group"] == 6
    assert entry.body.agreement == plant.site.world.hash
    assert "No claim is made against outside knowledge." in document["statement"]


def test_what_is_shown_are_the_sums_of_what_was_recorded(plant):
    lengths, _ = steady(ROOM, range(7), people=dict.fromkeys(ROOM, 1))
    document = plant.table(plant.release().json()["release"]).json()
    shown = {tuple(one["at"]): one["value"] for one in document["figures"] if not one["hidden"]}
    bench = sum(
        length for (station, state, _), length in lengths.items() if (station, state) == (STATION, "waiting")
    )
    assert shown["station:assembly bench", "state:irregular/waiting", "2027-W05"] == bench
    assert shown["station:assembly bench", "category:irregular", "2027-W05"] == bench


@pytest.mark.parametrize("sealed", [False, True])
def test_sealing_changes_nothing(plant, sealed):
    if sealed:
        plant.seal()
        assert plant.preview().json()["not_sealed"] == []
    first = plant.table(plant.release().json()["release"]).json()
    if not sealed:
        plant.seal()
    second = plant.table(plant.release().json()["release"]).json()
    assert first["figures"] == second["figures"]


def test_hidden_numbers_never_leave_on_any_path(plant, caplog, capsys):
    identifier = plant.release().json()["release"]
    later = plant.release(first_day="2027-02-08", last_day="2027-02-14").json()["release"]
    hidden = hidden_values(plant)
    assert len(hidden) > 10
    manager = plant.plant.viewers.add(Role.MANAGER)
    query = "&".join(f"{key}={value}" for key, value in WANTED.items())
    told = [
        plant.preview().text,
        plant.preview(stations="area", states="category").text,
        plant.preview(first_day="2027-02-01", last_day="2027-02-14", periods="each").text,
        plant.confirm("0" * 64).text,
        *(
            plant.ask("GET", path, as_=who, page="/v1/" not in path).text
            for who in (plant.engineer, manager)
            for one in (identifier, later)
            for path in (
                "/releases",
                f"/releases/{one}",
                f"/releases/{one}?language=de",
                f"/releases/new?{query}",
                "/v1/releases",
                f"/v1/releases/{one}",
                f"/v1/releases/{one}/table.csv",
                f"/v1/releases/{one}/table.json",
            )
        ),
        caplog.text,
        "".join(capsys.readouterr()),
        *(bytes(entry).decode() for entry in plant.site.world.entries),
    ]
    words = {word for text in told for word in _numbers(text)}
    for value in hidden:
        for form in (str(value), f"{value / 3600:.2f}", f"{value / 3600:.2f}".replace(".", ",")):
            assert form not in words - _harmless(plant, identifier, later), form


def _numbers(text):
    word = ""
    for sign in text:
        if sign.isdigit() or (sign in ".," and word):
            word += sign
        elif word:
            yield word.strip(".,")
            word = ""
    yield word.strip(".,")


def _harmless(plant, *identifiers):
    """Figures that are shown, rounded, may look like a hidden one."""
    found = set()
    for identifier in identifiers:
        for one in plant.table(identifier).json()["figures"]:
            if not one["hidden"]:
                hours = f"{one['value'] / 3600:.2f}"
                found |= {hours, hours.replace(".", ",")}
    return found


def test_the_csv_holds_what_is_shown(plant):
    identifier = plant.release().json()["release"]
    document = plant.table(identifier).json()
    answer = plant.ask("GET", f"/v1/releases/{identifier}/table.csv")
    assert answer.headers["content-disposition"].startswith("attachment")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["seconds"] for row in rows] == [
        "" if one["hidden"] else str(one["value"]) for one in document["figures"]
    ]
    assert sum(row["hidden"] == "yes" for row in rows) == document["suppressed"]
    row = next(one for one in rows if one["state group"] == "category" and one["station group"] == "area")
    assert (row["station"], row["category"], row["state"]) == ("hall", "cycle-bound", "")
    assert (
        plant.ask("GET", f"/v1/releases/{identifier}/table.json").content == plant.table(identifier).content
    )


@pytest.mark.parametrize("role", [Role.MANAGER, Role.COUNCIL, Role.WORKER])
def test_a_look_stands_in_the_log_before_and_only_who_is_agreed_sees(plant, role):
    identifier = plant.release().json()["release"]
    who = plant.plant.viewers.add(role, station=STATION if role is Role.WORKER else None)
    before = len(plant.site.world.entries)
    answer = plant.table(identifier, as_=who)
    looks = [one.body for one in plant.site.world.entries[before:]]
    if role is Role.MANAGER:  # the example's agreement gives supervisors nothing
        is_problem(answer, 403, "not-agreed")
        assert looks == []
    else:
        assert answer.status_code == 200
        assert [(look.view, look.station) for look in looks] == [(View.TABLES, None)]
        assert isinstance(looks[0], AccessViewed)


def test_a_table_is_shown_only_if_it_is_agreed_at_each_of_its_stations(tmp_path):
    """Supervisors may see released tables of the press, and by its own agreement none of the hall."""
    hall = [station for station, (area, _) in ROOM.items() if area == "hall"]
    with works(tmp_path, stations=hall) as plant:
        world = plant.site.world
        tables = {"role": LogRole.SUPERVISOR, "may_see": [View.TABLES]}
        campaign = json.loads(canonical_text(world.agreement))["campaigns"][0] | {"stations": ["press"]}
        of_press = world.changed(
            id="press",
            stations=["press"],
            campaigns=[campaign],
            access=[tables],
            motion={"permitted": False},
            royalties=None,
        )
        world.act(AgreementActivated(agreement=world.propose(of_press)), world.employer)
        plant.work(*steady(ROOM, range(7), people=dict.fromkeys(ROOM, 20)))
        manager = plant.plant.viewers.add(Role.MANAGER)
        for place, status in (("hall", 403), ("yard", 200), ("", 403)):
            made = plant.release(place=place)
            assert made.status_code == 201, made.text
            identifier = made.json()["release"]
            before = len(world.entries)
            assert plant.table(identifier, as_=manager).status_code == status, place
            page = plant.ask("GET", f"/releases/{identifier}", as_=manager, page=True)
            assert page.status_code == status, place
            assert len(world.entries) == before + (status == 200)


def test_the_list_shows_no_figure_and_is_no_look(plant):
    plant.release()
    before = len(plant.site.world.entries)
    manager = plant.plant.viewers.add(Role.MANAGER)
    (line,) = plant.ask("GET", "/v1/releases", as_=manager).json()["releases"]
    assert line["name"] == "February"
    assert len(plant.site.world.entries) == before


def test_what_is_left_of_a_period_does_not_pass_for_the_whole_of_it(plant):
    """Monday's shifts are deleted, one by one; Tuesday's still lie there."""
    plant.seal()
    root, now_ms = plant.plant.root / "sealed", plant.plant.now_ms()
    tuesday_ms = day_begins_ms(MONDAY + timedelta(days=1), str(plant.zone))
    days = (now_ms - tuesday_ms) // DAY_MS
    retain(
        plant.database,
        root,
        plant.name,
        intervals_days=days,
        aggregates_days=days,
        now_ms=tuesday_ms + days * DAY_MS,
    )
    refused = plant.preview(unit="month")
    is_problem(refused, 409, "conflict")
    assert "what was recorded before 2027-02-02 is deleted" in refused.json()["detail"]
    assert plant.release(**SECOND_WEEK).status_code == 201


@pytest.mark.parametrize("role", [Role.COUNCIL, Role.WORKER, Role.MANAGER, Role.ADMINISTRATOR])
def test_nobody_but_the_engineer_releases(still, role):
    who = still.plant.viewers.add(role, station=STATION if role is Role.WORKER else None)
    for path in ("/v1/releases", "/v1/releases/preview"):
        is_problem(still.ask("POST", path, as_=who, json=WANTED), 403, "forbidden")
    assert still.plant.rows()["release"] == 0


@pytest.mark.parametrize(
    ("changes", "status", "kind", "told"),
    [
        ({"last_day": "2027-01-01"}, 422, "invalid", "last_day"),
        ({"last_day": "2027-03-01"}, 422, "invalid", "not over"),
        ({"first_day": "2026-01-01"}, 422, "invalid", "at most 366 days"),
        ({"first_day": "no day"}, 422, "invalid", "first_day"),
        ({"first_day": "9999-12-31"}, 422, "invalid", "first_day"),
        ({"place": "nowhere"}, 422, "invalid", "place"),
        ({"place": "\u0000"}, 422, "invalid", "place"),
        ({"stations": "person"}, 422, "invalid", "stations"),
        ({"name": ""}, 422, "invalid", "name"),
        ({"name": "a\nb"}, 422, "invalid", "name"),
        ({"further": 1}, 422, "invalid", "content"),
        ({"first_day": "2026-12-07", "last_day": "2026-12-07"}, 409, "conflict", "nothing was recorded"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_cannot_be_a_table_is_refused(still, changes, status, kind, told):
    for answer in (still.preview(**changes), still.confirm("0" * 64, **changes)):
        assert told in is_problem(answer, status, kind)
    assert still.plant.rows()["release"] == 0
    assert said(still) == []


@pytest.mark.parametrize("content", [b"", b"no", b"[]", b"{}", b"\xff", b'{"name": "\\ud800"}', b"[" * 9000])
def test_what_is_no_request_is_refused(still, content):
    headers = {**still.plant.viewers.headers(still.engineer), "Content-Type": "application/json"}
    for path in ("/v1/releases", "/v1/releases/preview"):
        answer = still.plant.ask("POST", path, headers=headers, content=content)
        assert answer.status_code in {400, 422}, answer.text
    answer = still.plant.ask("POST", "/v1/releases", headers=headers, content=b"x" * 20_000)
    is_problem(answer, 413, "too-large")


def test_where_nobody_was_counted_nothing_is_released(plant):
    day = MONDAY + timedelta(days=2)
    put_headcounts(plant.database, plant.name, [Headcount("press", day, 0)])
    detail = is_problem(plant.preview(), 409, "conflict")
    assert "press on 2027-02-03" in detail
    assert "import headcounts" in detail
    assert plant.preview(place="hall").status_code == 200
    assert plant.preview(**SECOND_WEEK).status_code == 200


def test_pauses_of_empty_stations_are_nobodys_time(plant):
    plant.work(
        {("press", "not recorded", 15): 5000, ("assembly bench", "waiting", 15): 60}, {(STATION, 15): 9}
    )
    third = {"first_day": "2027-02-15", "last_day": "2027-02-21"}
    answer = plant.preview(**third)
    assert answer.status_code == 200, answer.text
    assert "state:/not recorded" not in {at[1] for at in reasons(answer)}


def test_a_station_without_an_agreement_in_force_is_refused(plant):
    world = plant.site.world
    world.act(AgreementSuspended(agreement=world.hash), world.council)
    assert "in force" in is_problem(plant.preview(), 403, "not-agreed")


def test_where_no_figure_may_be_shown_nothing_is_released(still):
    small = {"place": "yard"}
    seen = still.preview(**small)
    assert (seen.json()["shown"], seen.json()["smallest_group"]) == (0, None)
    assert "no figure" in is_problem(still.confirm(seen.json()["confirms"], **small), 409, "conflict")
    assert still.plant.rows()["release"] == 0


def test_people_of_several_stations_count_as_the_plant_counts_them(tmp_path):
    """Three and four people at two benches are seven, unless they may be the same ones."""
    with works(tmp_path) as plant:
        plant.work(*steady(ROOM, range(7), people={STATION: 3, "packing bench": 4, "press": 1}))
        once = reasons(plant.preview(stations="all", place="hall"))
        each = reasons(plant.preview(stations="all", place="hall", counted="at each station"))
    assert set(once.values()) == {None}
    assert set(each.values()) == {"too few people"}


def test_more_days_are_not_more_people(tmp_path):
    with works(tmp_path) as plant:
        plant.work(*steady(ROOM, range(28), people={STATION: 3, "packing bench": 1, "press": 1}))
        month = {"unit": "month", "first_day": "2027-02-01", "last_day": "2027-02-01"}
        why = reasons(plant.preview(**month))
    assert why["area:hall", "all", "2027-02"] == "too few people"


def test_an_out_of_date_preview_is_not_released(plant):
    seen = plant.preview().json()["confirms"]
    put_headcounts(plant.database, plant.name, [Headcount(STATION, MONDAY, 1)])
    for day in range(1, 7):
        put_headcounts(plant.database, plant.name, [Headcount(STATION, MONDAY + timedelta(days=day), 1)])
    assert "out of date" in is_problem(plant.confirm(seen), 409, "conflict")
    is_problem(plant.confirm(seen, name="another"), 409, "conflict")
    assert plant.plant.rows()["release"] == 0


def test_a_correction_of_released_days_stops_what_overlaps_and_nothing_else(plant):
    assert plant.release().status_code == 201
    plant.work({("press", "waiting", 3): 77}, {})
    detail = is_problem(plant.preview(), 409, "conflict")
    assert "changed since" in detail
    both = {"first_day": "2027-02-01", "last_day": "2027-02-14"}
    is_problem(plant.preview(**both), 409, "conflict")
    assert plant.preview(**SECOND_WEEK).json()["checked_against"] == 0


def test_a_new_state_on_released_days_stops_what_overlaps(plant):
    assert plant.release().status_code == 201
    plant.work({(STATION, "screwing by hand", 3): 77}, {})
    is_problem(plant.preview(), 409, "conflict")


def test_overlapping_releases_are_checked_against_each_other(plant):
    plant.release(stations="area", states="category")
    again = plant.preview(stations="area", states="category").json()
    assert (again["checked_against"], again["exposed"]) == (1, [])
    both = plant.preview(first_day="2027-02-01", last_day="2027-02-14").json()
    assert both["checked_against"] == 1


def test_two_at_once_are_checked_one_after_the_other(plant):
    one, two = {"stations": "area", "states": "category"}, {"stations": "cell", "states": "category"}
    confirmed = [plant.preview(**wanted).json()["confirms"] for wanted in (one, two)]
    with ThreadPoolExecutor(2) as pool:
        answers = list(
            pool.map(lambda pair: plant.confirm(pair[0], **pair[1]), zip(confirmed, (one, two), strict=True))
        )
    # Whoever comes second was checked against nothing: what it confirmed is out of date.
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert len(said(plant)) == plant.plant.rows()["release"] == 1


def test_what_was_kept_by_another_process_meanwhile_is_a_conflict(plant, monkeypatch):
    from api.releases import publishing

    first = plant.release(**SECOND_WEEK)
    real = publishing.earlier
    monkeypatch.setattr(publishing, "earlier", lambda services: (0, real(services)[1]))
    detail = is_problem(plant.release(), 409, "conflict")
    assert "meanwhile" in detail
    assert [one.body.release for one in said(plant)] == [first.json()["release"]]


def lines(plant):
    return [one["release"] for one in plant.ask("GET", "/v1/releases").json()["releases"]]


def prepared(plant):
    return [row.identifier for row in kept_releases(plant.database, plant.name)]


def test_a_crash_before_the_entry_leaves_nothing_to_see(plant, monkeypatch):
    confirms = plant.preview().json()["confirms"]
    with monkeypatch.context() as patch:
        patch.setattr(plant.site, "say", _raising(LogUnusable("the disk is full")))
        is_problem(plant.confirm(confirms), 503, "log")
    (left,) = prepared(plant)
    assert lines(plant) == []
    is_problem(plant.table(left), 404, "not-found")
    # It counts when others are checked, for its entry may still come.
    again = plant.preview().json()
    assert again["checked_against"] == 1
    assert plant.confirm(again["confirms"]).status_code == 201
    assert len(lines(plant)) == 1
    assert left not in lines(plant)


def test_a_crash_after_the_entry_is_completed_at_the_next_look(plant, monkeypatch):
    confirms = plant.preview().json()["confirms"]
    real = plant.site.say

    def say_and_lose_the_answer(body):
        real(body)
        raise LogUnusable("the log did not take it in within 10 s")

    with monkeypatch.context() as patch:
        patch.setattr(plant.site, "say", say_and_lose_the_answer)
        is_problem(plant.confirm(confirms), 503, "log")
    assert lines(plant) == prepared(plant)
    assert plant.table(lines(plant)[0]).status_code == 200


def test_what_the_log_refuses_for_good_is_forgotten(plant, monkeypatch):
    confirms = plant.preview().json()["confirms"]
    with monkeypatch.context() as patch:
        patch.setattr(plant.site, "say", _raising(BadInput("group is too small to be released")))
        is_problem(plant.confirm(confirms), 403, "not-agreed")
    assert prepared(plant) == []


def test_nothing_is_shown_while_the_log_cannot_be_believed(plant):
    identifier = plant.release().json()["release"]
    plant.site.unusable = "the log does not verify"
    for answer in (plant.table(identifier), plant.ask("GET", "/v1/releases"), plant.preview()):
        is_problem(answer, 503, "log")
    plant.site.unusable, plant.site.full = "", "the disk is full"
    is_problem(plant.table(identifier), 503, "log")
    is_problem(plant.confirm(plant.preview().json()["confirms"]), 503, "log")


def _raising(error):
    def say(body):
        raise error

    return say


def damage(plant, **values):
    with plant.database.writing() as connection:
        connection.execute(update(release).values(**values))


def change_inner(plant, digest=True):
    """Change a hidden figure, and every digest beside it that can be changed."""
    (row,) = kept_releases(plant.database, plant.name)
    content = json.loads(row.content)
    inner, document = json.loads(content["inner"]), json.loads(content["document"])
    inner["cells"][0][2] += 1  # people
    content["inner"] = json.dumps(inner)
    document["commitment"] = hashlib.sha256(content["inner"].encode()).hexdigest()
    if digest:
        content["document"] = json.dumps(document)
    text = json.dumps(content)
    damage(plant, content=text, digest=hashlib.sha256(text.encode()).digest())


@pytest.mark.parametrize(
    "harm",
    [
        lambda plant: damage(plant, content="{}"),
        lambda plant: damage(plant, content="{}", digest=hashlib.sha256(b"{}").digest()),
        lambda plant: damage(plant, digest=bytes(32)),
        change_inner,
        lambda plant: change_inner(plant, digest=False),
        lambda plant: damage(plant, identifier="0" * 32),
    ],
    ids=["content", "content and digest", "digest", "hidden figure", "hidden figure alone", "name"],
)
def test_a_damaged_release_is_not_shown_and_nothing_new_is_released(plant, harm):
    identifier = plant.release().json()["release"]
    harm(plant)
    assert plant.table(identifier).status_code in {404, 409}
    assert lines(plant) == []
    detail = is_problem(plant.preview(**SECOND_WEEK), 409, "conflict")
    assert "damaged or missing" in detail
    assert plant.ask("GET", "/releases", page=True).status_code == 200


def test_a_release_that_was_lost_stops_new_ones(plant):
    plant.release()
    with plant.database.writing() as connection:
        connection.execute(delete(release))
    assert "missing" in is_problem(plant.preview(**SECOND_WEEK), 409, "conflict")


def test_after_its_retention_a_table_is_not_shown_and_still_counts(plant):
    identifier = plant.release().json()["release"]
    days = plant.site.world.agreement.retention.aggregates_days
    plant.plant.moved_s = days * DAY_MS // 1000 - 1
    assert plant.table(identifier).status_code == 200
    plant.plant.moved_s += 1
    is_problem(plant.table(identifier), 404, "not-found")
    answer = plant.ask("GET", "/v1/releases").json()
    assert answer == {"releases": [], "retired": 1}
    assert plant.preview().json()["checked_against"] == 1


@pytest.mark.parametrize("identifier", ["0" * 32, "x", "%00", "new"])
def test_what_is_no_release_is_not_found(still, identifier):
    assert still.table(identifier).status_code in {404, 422}


def test_more_figures_than_can_be_checked_are_refused(tmp_path):
    room = {f"bench {number:02}": ("hall", None) for number in range(60)}
    with works(tmp_path, room={**ROOM, **room}) as plant:
        plant.work(*steady(plant.room, range(1), people=dict.fromkeys(plant.room, 6)))
        detail = is_problem(plant.preview(), 409, "conflict")
        assert "choose less detail" in detail
        assert plant.preview(stations="area").status_code == 200


def test_a_table_that_takes_too_long_is_given_up_and_the_next_has_its_turn(plant, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("api.releases.making.LONGEST_S", -1.0)
        assert "within" in is_problem(plant.preview(), 409, "conflict")
    assert plant.preview().status_code == 200


def test_only_some_wait_for_their_turn():
    queue, go_on = ReleaseQueue(), Event()

    def work():
        with queue.turn():
            assert go_on.wait(60)

    with ThreadPoolExecutor(MOST) as pool:
        working = [pool.submit(work) for _ in range(MOST)]
        while queue.here < MOST:
            pass
        with pytest.raises(Problem) as refused, queue.turn():
            pass
        go_on.set()
        for one in working:
            one.result(timeout=60)
    assert refused.value.headers == {"Retry-After": "30"}
    with queue.turn():
        assert queue.here == 1


def test_names_are_no_formulas_in_a_spreadsheet(tmp_path):
    room = {**ROOM, "=cmd|' /C calc'!A0": ("hall", None)}
    with works(tmp_path, room=room) as plant:
        plant.work(*steady(room, range(7), people=dict.fromkeys(room, 6)))
        identifier = plant.release().json()["release"]
        rows = list(
            csv.DictReader(io.StringIO(plant.ask("GET", f"/v1/releases/{identifier}/table.csv").text))
        )
    assert not any(row["station"].startswith("=") for row in rows)
