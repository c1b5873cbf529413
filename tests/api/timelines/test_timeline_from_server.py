"""What the server reads is what the component takes, interval for interval."""

import json

import pytest

pytest.importorskip("alembic", reason="the extra server is not installed")

from storage.sql.corrections import IntervalId, correct
from storage.sql.database import Database
from storage.sql.devices import add_code, enrol
from storage.sql.lookup import Selection
from storage.sql.shifts import Shift, replace_shifts
from storage.sql.timelines import timeline
from tests.storage.sql.plants import DAY, HOUR, IRREGULAR, MONDAY, Deliveries, add_account, interval_record


@pytest.fixture
def data(tmp_path):
    """A day of two stations, with everything that a timeline can hold, as it goes over the wire."""
    with Database(f"sqlite:///{tmp_path}/plant.db") as plant:
        code = add_code(plant, "north", "Europe/Berlin", hours=1, at_ms=0)
        enrol(plant, code, "edge-1", "a key", 1)
        replace_shifts(plant, "north", MONDAY, MONDAY + DAY, [Shift("early", MONDAY, MONDAY + 8 * HOUR)])
        device = Deliveries(plant)
        for station in ("bench", "press"):
            device.send(
                *(
                    interval_record(
                        MONDAY + n * 90_000 - n * 90_000 % 60_000,
                        90 * 10**9,
                        ordinal=n,
                        station=station,
                        session=station.encode()[:4] * 4,
                        state=state,
                        category=category,
                        reason=reason,
                    )
                    for n, (state, category, reason) in enumerate(
                        [
                            ("screwing", IRREGULAR, None),
                            ("not recorded", None, "nobody present"),
                            ("unknown", None, None),
                            ("humming", None, None),
                            ("screwing", IRREGULAR, None),
                        ]
                    )
                )
            )
        empty = timeline(plant, Selection("north"), MONDAY - DAY, MONDAY, resolution_ms=60_000)
        read = timeline(plant, Selection("north"), MONDAY, MONDAY + DAY, resolution_ms=60_000)
        which = IntervalId(read["columns"]["batch"][0], read["columns"]["position"][0])
        planner = add_account(plant)
        correct(
            plant,
            "north",
            which,
            state="rework",
            category=IRREGULAR,
            reason="seen",
            account_id=planner,
            at_ms=5,
        )
        read = timeline(plant, Selection("north"), MONDAY, MONDAY + DAY, resolution_ms=60_000)
    return json.loads(json.dumps([empty, read]))


def test_the_component_takes_it_and_loses_nothing(run, data):
    empty, read = data
    assert run(["data"], "data.check(args); return data.arrange(args).rows.length", empty) == 0
    rows = run(
        ["data"],
        """data.check(args);
        const timeline = data.arrange(args);
        return timeline.rows.map((row) => {
          const part = (column) => Array.from(timeline[column].slice(row.first, row.last));
          const names = part("state").map((state) => timeline.states[state].name);
          return [row.station, part("duration"), part("begin"), names];
        });""",
        read,
    )
    ends = [n * 90e9 for n in range(5)]
    for station, durations, begins, _ in rows:
        assert station in {"bench", "press"}
        assert durations == [90e9] * 5
        assert begins == ends, "laid end to end"
    states = ["screwing", "not recorded", "unknown", "unknown", "screwing"]
    assert {station: told for station, _, _, told in rows} == {
        "bench": ["rework", *states[1:]],
        "press": states,
    }
