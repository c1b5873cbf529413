"""Documented times and files of the shop floor: once, as a whole, no finer than agreed, told row by row."""

import json
from datetime import date

import pytest

from api.policy import Role
from api.problems import MEDIA_TYPE
from api.services import Limits
from consent.agreement.lifecycle import State
from consent.entries.bodies import AgreementSuspended
from storage.sql.documented import documented_times
from storage.sql.lookup import Selection
from storage.sql.measures import Headcount, headcounts, outputs, paid_times
from storage.sql.plant import StationPlace, put_station
from storage.sql.shifts import Shift, replace_shifts, shifts
from tests.api.plant import Plant, is_problem
from tests.api.site_in_memory import MemorySite
from tests.api.viewers import Viewers
from tests.consent.conftest import MemoryFiles
from tests.consent.world import STATION, World

NORTH = Selection("north")
ALWAYS = 0, 10**15
DAYS = date(2027, 1, 1), date(2027, 12, 31)
QUARTER_MS = 900_000
HOUR_MS = 3_600_000


class Works(Plant):
    """A plant at the site north with two stations, an agreement in force at one, and people who sign in."""

    def __init__(self, address, **services):
        self.site = services.pop("site", None) or MemorySite(World(MemoryFiles()).founded().agreed())
        self.now_ms = self.site.world.now_ms
        super().__init__(
            address, accounts=Viewers, secure=False, now_ms=lambda: self.now_ms, site=self.site, **services
        )
        self.tokens = {role: self.viewers.add(role, station=STATION) for role in Role}
        put_station(self.database, "north", StationPlace("press"))

    def post(self, path, content, *, role=Role.ENGINEER, kind="application/json", **query):
        body = (
            json.dumps(content) if kind == "application/json" and not isinstance(content, bytes) else content
        )
        headers = {**self.viewers.headers(self.tokens[role]), "Content-Type": kind}
        return self.ask("POST", path, content=body, params=query, headers=headers)

    def stored(self):
        return documented_times(self.database, NORTH, *ALWAYS)


@pytest.fixture
def works(tmp_path):
    with Works(f"sqlite:///{tmp_path}/plant.db") as opened:
        yield opened


@pytest.fixture(scope="module")
def untouched(tmp_path_factory):
    """For requests that are refused, and so change nothing for the next one."""
    address = f"sqlite:///{tmp_path_factory.mktemp('works')}/plant.db"
    with Works(address, limits=Limits(acquisition_burst=10_000)) as opened:
        before = opened.rows()
        yield opened
        assert opened.rows() == before


def key(number):
    return f"{number:032x}"


def own(works, number=0, **changes):
    """A row as a terminal sends it; it ended an hour ago."""
    start_ms = works.now_ms - HOUR_MS
    row = {
        "key": key(number),
        "state": "waiting",
        "category": "irregular",
        "start_ms": start_ms,
        "duration_ns": 5,
    }
    return {**row, **changes}


def row(works, number=0, **changes):
    return own(works, number, **{"station": STATION, "mode": "OMD", **changes})


def test_documented_times_are_stored_once_each(works):
    """Sent again in another order and with a new one among them, only that one is new."""
    first, second, third = (
        row(works, n, duration_ns=n, mode=mode) for n, mode in enumerate(("OMD", "SR", "OMD"))
    )
    assert works.post("/v1/documented", [first, second]).json() == {"stored": 2, "duplicates": 0}
    assert works.post("/v1/documented", [second, third, first]).json() == {"stored": 1, "duplicates": 2}
    assert sorted((time.duration_ns, time.mode, time.station) for time in works.stored()) == [
        (0, "OMD", STATION),
        (1, "SR", STATION),
        (2, "OMD", STATION),
    ]


def test_another_row_under_a_key_changes_nothing(works):
    works.post("/v1/documented", [row(works, 1)])
    answer = works.post("/v1/documented", [row(works, 2), row(works, 1, duration_ns=6)])
    is_problem(answer, 409, "conflict")
    assert len(works.stored()) == 1


def test_a_terminal_records_at_its_own_station_and_nowhere_else(works):
    answer = works.post("/v1/self-recorded", [own(works, 1), own(works, 2)], role=Role.WORKER)
    assert answer.json() == {"stored": 2, "duplicates": 0}
    assert {(time.station, time.mode) for time in works.stored()} == {(STATION, "SR")}
    assert works.post("/v1/self-recorded", [own(works, 1)], role=Role.WORKER).json()["duplicates"] == 1
    elsewhere = works.post("/v1/self-recorded", [own(works, 3, station="press")], role=Role.WORKER)
    is_problem(elsewhere, 422, "invalid")
    is_problem(works.post("/v1/documented", [row(works, 3)], role=Role.WORKER), 403, "forbidden")


def test_an_account_of_no_station_is_no_terminal(works):
    works.tokens[Role.WORKER] = works.viewers.add(Role.WORKER)
    is_problem(works.post("/v1/self-recorded", [own(works)], role=Role.WORKER), 403, "not-agreed")


@pytest.mark.parametrize(
    ("station", "mode", "step_ms"),
    [(STATION, "SR", QUARTER_MS), (STATION, "OMD", QUARTER_MS), ("press", "OMD", HOUR_MS)],
)
def test_starts_are_no_finer_than_the_agreement_allows(works, station, mode, step_ms):
    """The example's agreement allows quarters of an hour; without one, machine data has full hours."""
    works.now_ms += 10 * HOUR_MS
    exact = works.now_ms - 3 * HOUR_MS + 1_234_567
    answer = works.post("/v1/documented", [row(works, station=station, mode=mode, start_ms=exact)])
    assert answer.status_code == 200, answer.text
    (time,) = works.stored()
    assert time.start_ms == exact - exact % step_ms


def test_what_workers_record_needs_an_agreement_in_force(works):
    is_problem(works.post("/v1/documented", [row(works, station="press", mode="SR")]), 403, "not-agreed")
    world = works.site.world
    world.act(AgreementSuspended(agreement=world.hash), world.council)
    assert world.state.agreements[world.hash].state is State.SUSPENDED
    is_problem(works.post("/v1/self-recorded", [own(works)], role=Role.WORKER), 403, "not-agreed")
    assert works.post("/v1/documented", [row(works)]).status_code == 200  # of a machine
    assert [time.mode for time in works.stored()] == ["OMD"]


def test_without_the_log_nobody_knows_what_is_agreed(works):
    works.site.unusable = "tampered with"
    for mode in ("SR", "OMD"):
        is_problem(works.post("/v1/documented", [row(works, mode=mode)]), 503, "log")
    assert works.stored() == []


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"station": "nowhere"}, "1.station: not a station"),
        ({"state": "not recorded"}, "1: state"),
        ({"mode": "CV"}, "1.mode"),
        ({"category": "sometimes"}, "1.category"),
        ({"key": "short"}, "1.key"),
        ({"duration_ns": -1}, "1.duration_ns"),
        ({"duration_ns": 10**18}, "1.duration_ns"),
        ({"duration_ns": 2 * 3600 * 10**9}, "1: not over yet"),
        ({"occurrences": 2**31}, "1.occurrences"),
        ({"worker": "SECRET"}, "1: extra forbidden"),
    ],
)
def test_one_bad_row_refuses_all(untouched, changes, says):
    answer = untouched.post("/v1/documented", [row(untouched, 1), row(untouched, 2, **changes)])
    assert is_problem(answer, 422, "invalid").startswith(says)
    assert "SECRET" not in answer.text
    assert untouched.stored() == []


def calendar(*events, name="early"):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0"]
    for number, (start, end, *more) in enumerate(events):
        lines += [
            "BEGIN:VEVENT",
            f"SUMMARY:{name} {number}",
            f"DTSTART:{start}",
            f"DTEND:{end}",
            *more,
            "END:VEVENT",
        ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


EARLY = ("20270301T060000", "20270301T140000", "RRULE:FREQ=DAILY;COUNT=5")
HOLIDAY = ("20270302", "20270303")
SPAN = {"from": "2027-03-01", "to": "2027-04-01"}


def put_calendar(works, content, **query):
    return works.post(
        "/v1/plant/calendar", content, role=Role.ADMINISTRATOR, kind="text/calendar", **{**SPAN, **query}
    )


def names(works):
    return [shift.name for shift in shifts(works.database, "north", *ALWAYS)]


def test_a_calendar_takes_the_place_of_the_shifts_in_its_span(works):
    holiday = calendar(EARLY, HOLIDAY).replace(b"DTSTART:20270302", b"DTSTART;VALUE=DATE:20270302")
    answer = put_calendar(works, holiday.replace(b"DTEND:20270303", b"DTEND;VALUE=DATE:20270303"))
    assert answer.json() == {
        "shifts": 4,
        "left_out": 1,
        "holidays": [{"day": "2027-03-02", "name": "early 1"}],
    }
    assert names(works) == ["early 0"] * 4
    put_calendar(works, calendar(EARLY, name="other"), to="2027-03-03")
    assert names(works) == ["other 0"] * 2 + ["early 0"] * 3
    assert put_calendar(works, calendar(), only_check="true").json()["shifts"] == 0
    assert len(names(works)) == 5
    put_calendar(works, calendar())
    assert names(works) == []


def test_overlaps_are_told_with_event_and_line_and_nothing_changes(works):
    put_calendar(works, calendar(EARLY))
    answer = put_calendar(works, calendar(EARLY, ("20270303T130000", "20270303T210000")))
    assert is_problem(answer, 422, "invalid") == "nothing was stored; the findings say why"
    (finding,) = answer.json()["findings"]
    assert finding["code"] == "shifts-overlap"
    assert finding["rows"] == ["calendar.ics:9", "calendar.ics:3"]
    assert "2027-03-03" in finding["text"]
    assert len(names(works)) == 5


def test_a_shift_that_reaches_into_the_span_is_not_overlapped(works):
    night = ("20270228T220000", "20270301T063000")
    put_calendar(works, calendar(night), **{"from": "2027-02-28", "to": "2027-03-01"})
    answer = put_calendar(works, calendar(EARLY))
    assert answer.json()["findings"][0]["code"] == "shifts-overlap"
    assert names(works) == ["early 0"]


@pytest.mark.parametrize(
    ("query", "content", "says"),
    [
        ({"from": ""}, calendar(EARLY), "from: not a day"),
        ({"to": "20270401T000000"}, calendar(EARLY), "to: not a day"),
        ({"to": "2027-03-01"}, calendar(EARLY), "to: not 1 to 1100 days"),
        ({"to": "2031-03-01"}, calendar(EARLY), "to: not 1 to 1100 days"),
        ({}, b"hello", "the findings say why"),
        ({}, b"", "the findings say why"),
    ],
)
def test_what_is_no_calendar_is_refused(untouched, query, content, says):
    assert says in is_problem(put_calendar(untouched, content, **query), 422, "invalid")
    assert names(untouched) == []


def table(works, path, text, **query):
    return works.post(f"/v1/plant/{path}", text.encode(), kind="text/csv", **query)


def test_headcounts_are_written_by_day_and_written_again(works):
    text = f"system,date,count\n{STATION},2027-03-01,3\npress,2027-03-01,1\n"
    answer = table(works, "headcount", text).json()
    assert (answer["read"], answer["used"], answer["stored"], answer["findings"]) == (2, 2, 2, [])
    table(works, "headcount", f"system;date;count\n{STATION};2027-03-01;4\n")
    assert headcounts(works.database, NORTH, *DAYS) == [
        Headcount(STATION, date(2027, 3, 1), 4),
        Headcount("press", date(2027, 3, 1), 1),
    ]


def test_output_is_added_up_by_day_and_read_as_the_mapping_says(works):
    text = "Platz;Datum;Stück\npress;01.03.2027;1.200\npress;01.03.2027;2\npress;02.03.2027;7\n"
    mapping = (
        "{fairtakt: mapping 1, kind: output, dates: day first, decimal: ',',"
        " columns: {system: Platz, date: Datum, pieces: Stück}}"
    )
    answer = table(works, "output", text.replace("1.200", "1200"), mapping=mapping)
    assert answer.status_code == 200, answer.text
    assert [(one.day.day, one.pieces) for one in outputs(works.database, NORTH, *DAYS)] == [(1, 1202), (2, 7)]


def test_paid_time_holds_absences_and_does_not_keep_them(works):
    text = (
        "system,state,date,duration,count\n"
        "press,present,2027-03-01,7.5,2\npress,sick,2027-03-01,7.5,1\npress,vacation,2027-03-02,8,1\n"
    )
    answer = table(works, "paid", text)
    assert answer.json()["stored"] == 2
    assert [(one.day.day, one.duration_ns // 10**9) for one in paid_times(works.database, NORTH, *DAYS)] == [
        (1, 81_000),
        (2, 28_800),
    ]
    assert works.stored() == []


@pytest.mark.parametrize(
    ("path", "text", "code", "rows"),
    [
        (
            "headcount",
            f"system,date,count\n{STATION},2027-03-01,3\nnowhere,2027-03-01,1\n",
            "station-unknown",
            ["import.csv"],
        ),
        (
            "headcount",
            f"system,date,count\n{STATION},2027-03-01,3\n{STATION},2027-03-01,1\n",
            "day-stands-twice",
            ["import.csv:3"],
        ),
        ("headcount", f"system,date,count\n{STATION},yesterday,3\n", "row-refused", ["import.csv:2"]),
        ("headcount", f"system,date,count\n{STATION},2027-03-01,-3\n", "row-refused", ["import.csv:2"]),
        ("headcount", f"system,date,count\n{STATION},2027-03-01,99999999\n", "file-refused", []),
        (
            "headcount",
            f"system,date,count,employee name\n{STATION},2027-03-01,1,X\n",
            "file-refused",
            ["import.csv"],
        ),
        ("headcount", "system,day\n", "file-refused", ["import.csv"]),
        ("headcount", "", "file-refused", ["import.csv"]),
        (
            "output",
            "system,date,pieces\nnowhere,2027-03-01,3\npress,2027-03-01,3\n",
            "station-unknown",
            ["import.csv:2"],
        ),
        ("output", "system,period,pieces\npress,2027-03,3\n", "day-unknown", ["import.csv:2"]),
        ("output", "system,date,pieces\npress,2027-03-01,many\n", "row-refused", ["import.csv:2"]),
        (
            "paid",
            "system,state,date,duration\nnowhere,present,2027-03-01,8\n",
            "station-unknown",
            ["import.csv:2"],
        ),
        (
            "paid",
            "system,state,date,duration\npress,present,2027-03-01,-8\n",
            "negative-duration",
            ["import.csv:2"],
        ),
    ],
)
def test_one_bad_row_refuses_the_file_and_is_named(untouched, path, text, code, rows):
    before = untouched.rows()
    answer = table(untouched, path, text)
    is_problem(answer, 422, "invalid")
    errors = [one for one in answer.json()["findings"] if one["severity"] == "error"]
    assert (errors[0]["code"], errors[0]["rows"]) == (code, rows)
    assert untouched.rows() == before


LOG = "system,state,start,end\n{}"
BROKEN = (
    "press,down,2027-02-01 08:00,2027-02-01 08:10\n"
    "press,down,2027-02-01 09:00,2027-02-01 09:20\n"
    "press,idle,2027-02-01 09:20,2027-02-01 09:25\n"
    "press,down,2027-02-02 23:50,2027-02-03 00:10\n"
)
MAPPING = (
    "{fairtakt: mapping 1, kind: state log, time_zone: Europe/Berlin, states: {down: breakdown, idle: null}}"
)
CATEGORIES = '{"breakdown": "irregular"}'


def machine(works, text, **query):
    return table(
        works, "machine", LOG.format(text), **{"mapping": MAPPING, "categories": CATEGORIES, **query}
    )


def test_a_machines_log_becomes_times_by_day_once(works):
    """Booked with the first shift of the day; exact times of a machine are not kept."""
    begin = (
        1_801_461_600_000  # 2027-02-01 06:00 in Berlin, minus one hour: 2027-02-01T05:00Z is checked below
    )
    early = Shift(
        "early", begin - begin % 86_400_000 + 5 * HOUR_MS, begin - begin % 86_400_000 + 13 * HOUR_MS
    )
    replace_shifts(works.database, "north", early.start_ms - 10 * HOUR_MS, early.end_ms, [early])
    answer = machine(works, BROKEN)
    assert answer.status_code == 200, answer.text
    assert {
        name: answer.json()[name] for name in ("read", "used", "passed_over", "stored", "duplicates")
    } == {
        "read": 4,
        "used": 3,
        "passed_over": 1,
        "stored": 2,
        "duplicates": 0,
    }
    assert [
        (one.start_ms - early.start_ms, one.duration_ns // 10**9, one.occurrences) for one in works.stored()
    ] == [
        (0, 1800, 2),
        (18 * HOUR_MS, 1200, 1),  # no shift on the second day: at midnight in Berlin
    ]
    again = machine(works, BROKEN).json()
    assert (again["stored"], again["duplicates"]) == (0, 2)
    other = machine(
        works, BROKEN, mapping=MAPPING.replace("breakdown", "fault"), categories='{"fault": "irregular"}'
    )
    is_problem(other, 409, "conflict")
    assert len(works.stored()) == 2


def test_a_log_from_the_beginning_of_the_month_adds_the_days_that_are_new(works):
    """Sent every night, it holds all earlier days again."""
    assert machine(works, BROKEN).json()["stored"] == 2
    grown = BROKEN + "press,down,2027-02-04 08:00,2027-02-04 08:01\n"
    answer = machine(works, grown).json()
    assert (answer["stored"], answer["duplicates"]) == (1, 2)
    assert [one.duration_ns // 10**9 for one in works.stored()] == [1800, 1200, 60]


@pytest.mark.parametrize(
    ("more", "mapping", "categories"),
    [
        ("press,down,2027-02-02 12:00,2027-02-02 12:01\n", MAPPING, CATEGORIES),
        ("", MAPPING.replace("breakdown", "fault"), '{"fault": "irregular"}'),
        ("", MAPPING, '{"breakdown": "cycle-bound"}'),
    ],
    ids=["a line more", "another state", "another category"],
)
def test_a_day_of_machine_times_counts_once_and_another_is_named(works, more, mapping, categories):
    first, second, idle, last = BROKEN.splitlines(keepends=True)
    machine(works, last)
    before = works.rows()
    answer = machine(works, first + second + idle + last + more, mapping=mapping, categories=categories)
    is_problem(answer, 409, "conflict")
    (finding,) = answer.json()["findings"]
    assert finding["code"] == "other-machine-times"
    assert finding["text"].startswith("station 'press' has other machine times of 2027-02-02: expected")
    assert works.rows() == before


def test_shdr_of_an_adapter_is_read_too(works):
    text = "2027-02-01T08:00:00Z|avail|AVAILABLE|execution|ACTIVE\n2027-02-01T08:30:00Z|execution|STOPPED\n"
    text += "2027-02-01T08:40:00Z|execution|ACTIVE\n"
    states = "states: {STOPPED: down, ACTIVE: null}"
    mapping = f"{{fairtakt: mapping 1, kind: machine log, constants: {{system: press}}, {states}}}"
    answer = works.post(
        "/v1/plant/machine",
        text.encode(),
        kind="text/plain",
        mapping=mapping,
        categories='{"down": "irregular"}',
    )
    assert answer.json()["stored"] == 1, answer.text
    assert [(one.state, one.duration_ns // 10**9) for one in works.stored()] == [("down", 600)]


@pytest.mark.parametrize(
    ("text", "query", "says"),
    [
        (BROKEN, {"categories": "{}"}, "state 'breakdown' has no category"),
        (BROKEN, {"mapping": "{fairtakt: mapping 1, kind: output}"}, "mapping of another kind"),
        (BROKEN, {"mapping": "nonsense"}, "mapping"),
        (BROKEN, {"mapping": ""}, "mapping"),
        (BROKEN.replace("press", "nowhere"), {}, "station 'nowhere' is not known"),
        (BROKEN + "press,off,2027-02-03 08:00,2027-02-03 08:10\n", {}, "not in the mapping's states"),
        (BROKEN.replace("09:00", "08:05"), {}, "overlaps another"),
        (
            BROKEN,
            {"mapping": MAPPING.replace("breakdown", "unknown"), "categories": '{"unknown": "irregular"}'},
            "state",
        ),
    ],
)
def test_a_machines_log_with_faults_is_refused_as_a_whole(untouched, text, query, says):
    answer = machine(untouched, text, **query)
    is_problem(answer, 422, "invalid")
    assert says in answer.json()["findings"][0]["text"]
    assert untouched.stored() == []


@pytest.mark.parametrize("categories", ["", "[]", '{"a": "sometimes"}', "{"])
def test_categories_are_an_object_of_states(untouched, categories):
    assert is_problem(machine(untouched, BROKEN, categories=categories), 422, "invalid").startswith(
        "categories"
    )


def test_checking_alone_changes_nothing(works):
    before = works.rows()
    assert machine(works, BROKEN, only_check="true").json()["used"] == 3
    answer = table(
        works, "headcount", f"system,date,count\n{STATION},2027-03-01,3\n", only_check="true"
    ).json()
    assert (answer["used"], answer["stored"]) == (1, 0)
    assert works.rows() == before


PATHS = (
    "/v1/documented",
    "/v1/self-recorded",
    *(f"/v1/plant/{name}" for name in ("calendar", "headcount", "output", "paid", "machine")),
)


@pytest.fixture
def answers(works, tmp_path):
    """One answer for each problem of each route, by (path, name)."""
    narrow = Works(f"sqlite:///{tmp_path}/narrow.db", limits=Limits(body_bytes=10))
    slow = Works(f"sqlite:///{tmp_path}/slow.db", limits=Limits(acquisition_burst=0))
    away = Works(f"sqlite:///{tmp_path}/away.db")
    away.database.close()
    away.database._reader.dispose()
    bare = Plant(f"sqlite:///{tmp_path}/bare.db", accounts=Viewers, secure=False)
    unlogged = Works(f"sqlite:///{tmp_path}/unlogged.db")
    unlogged.site.unusable = "changed"
    yield {"works": works, "narrow": narrow, "slow": slow, "bare": bare, "unlogged": unlogged}
    for world in (narrow, slow, bare, unlogged):
        world.database.close()


def right(works, path):
    """Return role, content, media type and query of a request that succeeds."""
    return {
        "/v1/documented": (Role.ENGINEER, [row(works)], "application/json", {}),
        "/v1/self-recorded": (Role.WORKER, [own(works)], "application/json", {}),
        "/v1/plant/calendar": (Role.ADMINISTRATOR, calendar(EARLY), "text/calendar", SPAN),
        "/v1/plant/headcount": (Role.ENGINEER, b"system,date,count\npress,2027-03-01,1\n", "text/csv", {}),
        "/v1/plant/output": (Role.ENGINEER, b"system,date,pieces\npress,2027-03-01,1\n", "text/csv", {}),
        "/v1/plant/paid": (
            Role.ENGINEER,
            b"system,state,date,duration\npress,present,2027-03-01,8\n",
            "text/csv",
            {},
        ),
        "/v1/plant/machine": (
            Role.ENGINEER,
            LOG.format(BROKEN).encode(),
            "text/csv",
            {"mapping": MAPPING, "categories": CATEGORIES},
        ),
    }[path]


@pytest.mark.parametrize("path", PATHS)
def test_each_documented_problem_happens(answers, path):
    """The description says neither more nor less than what is answered."""
    works = answers["works"]
    role, content, kind, query = right(works, path)
    assert works.post(path, content, role=role, kind=kind, **query).status_code == 200
    described = works.ask("GET", "/openapi.json").json()["paths"][path]["post"]["responses"]
    told = {
        name
        for one in described.values()
        for name in one.get("content", {}).get(MEDIA_TYPE, {}).get("examples", {})
    }
    asked = {
        "malformed": lambda: works.post(path, b"{", role=role, kind=kind, **query),
        "sign-in": lambda: works.ask("POST", path),
        "forbidden": lambda: works.post(path, content, role=Role.LICENSEE, kind=kind, **query),
        "origin": lambda: works.ask(
            "POST", path, headers={"Cookie": works.viewers.headers(works.tokens[role])["Cookie"]}
        ),
        "not-agreed": lambda: _unagreed(works, path, role),
        "not-found": lambda: _siteless(answers["bare"], path, role, kind, content, query),
        "conflict": lambda: _conflict(works, path, role),
        "too-large": lambda: answers["narrow"].post(path, content, role=role, kind=kind, **query),
        "media-type": lambda: works.post(path, b"x", role=role, kind="image/png", **query),
        "invalid": lambda: works.post(path, b"[]", role=role, kind=kind, **query),
        "too-many": lambda: answers["slow"].post(path, content, role=role, kind=kind, **query),
        "log": lambda: answers["unlogged"].post(path, content, role=role, kind=kind, **query),
    }
    assert told >= {"second-factor", "unavailable"}
    for name in sorted(told - {"second-factor", "unavailable"}):  # the fence's own, see test_policy
        answer = asked[name]()
        assert answer.json()["type"] == f"urn:fairtakt:problem:{name}", (name, answer.text)


def _unagreed(works, path, role):
    if path == "/v1/documented":
        return works.post(path, [row(works, 7, station="press", mode="SR")])
    works.tokens[role] = works.viewers.add(role)
    return works.post(path, [own(works)], role=role)


def _conflict(works, path, role):
    if path == "/v1/plant/machine":
        return machine(
            works, BROKEN, mapping=MAPPING.replace("breakdown", "fault"), categories='{"fault": "irregular"}'
        )
    if role is Role.WORKER:
        works.tokens[role] = works.viewers.add(role, station=STATION)
    content = [row(works, duration_ns=7)] if path == "/v1/documented" else [own(works, duration_ns=7)]
    return works.post(path, content, role=role)


def _siteless(bare, path, role, kind, content, query):
    token = bare.viewers.add(role)
    if path == "/v1/self-recorded":  # a terminal has a site, so a second one makes it unclear which is meant
        token = bare.viewers.add(role, station=STATION)
        with bare.database.writing() as connection:
            connection.exec_driver_sql("INSERT INTO site (name, time_zone) VALUES ('south', 'UTC')")
    body = json.dumps(content) if isinstance(content, list) else content
    headers = {**bare.viewers.headers(token), "Content-Type": kind}
    return bare.ask("POST", path, content=body, params=query, headers=headers)


def test_examples_are_accepted(works):
    """Of each route, as the description has them: body and parameters."""
    put_station(works.database, "north", StationPlace("bench-1"))
    works.now_ms += 365 * 24 * HOUR_MS
    paths = works.ask("GET", "/openapi.json").json()["paths"]
    for path in PATHS:
        if path == "/v1/self-recorded":  # needs a terminal; its rows are tested above
            continue
        operation = paths[path]["post"]
        query = {
            one["name"]: one["example"]
            for one in operation.get("parameters", ())
            if one["in"] == "query" and one["name"] in {"from", "to", "categories"}
        }
        for kind, content in operation["requestBody"]["content"].items():
            if "categories" in query:
                log = kind == "text/plain"
                query["mapping"] = (
                    "{fairtakt: mapping 1, kind: machine log, constants: {system: bench-1},"
                    " states: {ACTIVE: null, STOPPED: breakdown}}"
                    if log
                    else "{fairtakt: mapping 1, kind: state log}"
                )
            role = Role.ADMINISTRATOR if path.endswith("calendar") else Role.ENGINEER
            example = content["example"]
            body = example if kind == "application/json" else example.encode()
            answer = works.post(path, body, role=role, kind=kind, **query)
            assert answer.status_code == 200, (path, answer.text)
