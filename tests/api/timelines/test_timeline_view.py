"""Views, rows, keys and links."""

import pytest

S = 10**9


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (0, 100, (0, 100)),
        (-10, 50, (0, 60)),
        (80, 140, (40, 100)),
        (-50, 200, (0, 100)),
        (50, 50.2, (50, 51)),
        (99.9, 100, (99, 100)),
    ],
    ids=["as it is", "before the start", "beyond the end", "too wide", "too narrow", "too narrow at the end"],
)
def test_a_view_stays_on_the_axis(run, start, end, expected):
    found = run(
        ["layout"],
        "return layout.clampView({ length: 100e9 }, args[0] * 1e9, args[1] * 1e9);",
        [start, end],
    )
    assert (found["start"], found["end"]) == (expected[0] * S, expected[1] * S)


@pytest.mark.parametrize("ratio", [1, 1.5, 3])
def test_what_is_drawn_begins_at_a_whole_pixel(run, ratio):
    """So that a pixel column holds the same time however the view was panned there."""
    body = """const view = { start: 123_456_789_012, end: 345_678_901_234 };
    const grid = paint.gridOf({ view, layout: { plot: 917 }, ratio: args });
    return [grid.start / grid.nsPerPixel, (grid.start - view.start) / grid.nsPerPixel];"""
    pixels, off = run(["paint"], body, ratio)
    assert pixels == pytest.approx(round(pixels), abs=1e-6)
    assert abs(off) <= 0.5


def test_zooming_keeps_what_is_under_the_pointer(run):
    body = "return layout.zoomView({ length: 100e9 }, { start: 20e9, end: 60e9 }, 0.5, 30e9);"
    assert run(["layout"], body) == {"start": 25 * S, "end": 45 * S}


def test_panning_at_the_end_keeps_the_length(run):
    body = "return layout.panView({ length: 100e9 }, { start: 70e9, end: 90e9 }, 50e9);"
    assert run(["layout"], body) == {"start": 80 * S, "end": 100 * S}


@pytest.mark.parametrize(("y", "row"), [(0, -1), (45, -1), (46, 0), (76, 1), (10_000, 3)])
def test_a_height_is_a_row(run, y, row):
    body = "return layout.rowAt({ axis: 46, row: 30 }, 3, args, 0);"
    assert run(["layout"], body, y) == row


def test_only_rows_in_sight_are_drawn(run):
    body = "return layout.rowsSeen({ axis: 46, row: 30 }, 1000, 3015, 346);"
    assert run(["layout"], body) == [100, 111]


def test_names_stand_above_bars_on_a_phone(run):
    body = """const layouts = args.map((width) => layout.makeLayout(5, width, 16, false));
    return layouts.map((l) => [l.stacked, l.left, l.plot]);"""
    assert run(["layout"], body, [360, 1200]) == [[True, 0, 360], [False, 208, 992]]


def test_bars_grow_into_room_but_not_without_end(run):
    body = "return args.map((room) => layout.makeLayout(10, 1200, 16, false, room).bar);"
    assert run(["layout"], body, [0, 450, 5000]) == [22, 32, 48]


KEYS = {
    "ArrowLeft": ("pan", -0.1),
    "PageDown": ("pan", 1),
    "ArrowDown": ("row", 1),
    "Home": ("end", 0),
    "End": ("end", 1),
    "+": ("zoom", 0.5),
    "-": ("zoom", 2),
    "Tab": ("tab", 1),
    ".": ("interval", 1),
}


@pytest.mark.parametrize(("key", "action"), KEYS.items(), ids=KEYS.keys())
def test_a_key_does_one_thing(run, key, action):
    assert tuple(run(["keys"], "return keys.actionOf({ key: args });", key)) == action


@pytest.mark.parametrize("held", ["ctrlKey", "altKey", "metaKey"])
def test_the_browsers_own_keys_stay_the_browsers(run, held):
    body = "return keys.actionOf({ key: 'ArrowLeft', [args]: true }) === undefined;"
    assert run(["keys"], body, held) is True


VIEWS = {
    "a plain view": {"from": 0, "to": 5, "shifts": True, "group": "station", "row": "bench 1/0"},
    "to the nanosecond, far from the origin": {
        "from": 8_000_000_000_000_001,
        "to": 8_000_000_000_000_003,
        "shifts": False,
        "group": "session",
        "row": "b",
    },
    "everything": {
        "from": 1,
        "to": 10,
        "row": "Zelle 1 & 2 / Prüfplatz #3 = é/0",
        "selection": {"from": 2, "to": 3, "first": "a-b/0", "last": "c&d/1"},
        "compare": 28,
        "shifts": True,
        "group": "session",
    },
}


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS.keys())
def test_a_view_comes_back_from_its_link_exactly(run, view):
    body = "const [view, origin] = args; return link.readLink('#' + link.writeLink(view, origin), origin);"
    assert run(["link"], body, [view, 1_792_400_400_000]) == view


BROKEN = [
    "",
    "#",
    "#from=1",
    "#from=5&to=5",
    "#from=9&to=5",
    "#from=-1&to=5",
    "#from=1e3&to=2e9",
    "#select=1-2&compare=x",
]


@pytest.mark.parametrize("fragment", BROKEN)
def test_what_a_link_does_not_say_rightly_is_left_out(run, fragment):
    assert run(["link"], "return link.readLink(args, 0);", fragment) == {}


def test_a_link_to_other_times_is_no_overflow(run):
    fragment = "from=1&to=99999999999999999999"
    assert run(["link"], "return link.readLink(args, 1e12);", fragment) == {}
