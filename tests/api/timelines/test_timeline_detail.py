"""What a pixel column shows: the longest state, and that there is more."""

import pytest

COLUMNS = """const [intervals, width, nsPerPixel, start] = args;
const t = { states: [{}, {}, {}], rows: [{ first: 0, last: intervals.length }],
  begin: Float64Array.from(intervals, (i) => i[0]),
  duration: Float64Array.from(intervals, (i) => i[1] - i[0]),
  state: Uint8Array.from(intervals, (i) => i[2]) };
const out = detail.makeColumns(width);
const end = (start ?? 0) + width * nsPerPixel;
const pieces = axis.piecesBetween(axis.makeAxis([{ from: 0, to: 1e6 }]), start ?? 0, end);
detail.fillColumns(t, totals.indexTotals(t), 0, pieces, start ?? 0, nsPerPixel, out);
return { state: [...out.state], other: [...out.other], edge: [...out.edge] };"""
NONE = 255


@pytest.fixture
def columns(run):
    return lambda *args: run(["detail", "axis", "totals"], COLUMNS, list(args))


def test_a_long_interval_fills_its_columns_and_nothing_else(columns):
    found = columns([[200, 600, 1]], 8, 100)
    assert found["state"] == [NONE, NONE, 1, 1, 1, 1, NONE, NONE]
    assert found["other"] == [0] * 8
    assert found["edge"] == [0, 0, 1, 0, 0, 0, 0, 0]


def test_the_longest_state_wins_its_column_and_the_rest_is_marked(columns):
    found = columns([[0, 30, 0], [30, 90, 1], [90, 100, 2]], 1, 100)
    assert found["state"] == [1]
    assert found["other"] == [round(255 * 0.4)]


def test_several_short_intervals_of_one_state_count_together(columns):
    found = columns([[0, 30, 0], [30, 70, 1], [70, 100, 0]], 1, 100)
    assert found["state"] == [0]


def test_a_boundary_of_long_intervals_is_no_mark(columns):
    """Both are seen beside the boundary, so nothing is hidden."""
    found = columns([[0, 440, 0], [440, 1000, 1]], 10, 100)
    assert found["other"] == [0] * 10
    assert found["state"] == [0] * 4 + [1] * 6


def test_the_shortest_hidden_interval_has_a_mark(columns):
    found = columns([[0, 50_000, 0], [50_000, 50_001, 2], [50_001, 100_000, 1]], 2, 50_000)
    assert 2 not in found["state"]
    assert found["other"][1] == 1


def test_a_short_gap_has_a_mark(columns):
    found = columns([[0, 440, 0], [450, 1000, 0]], 10, 100)
    assert found["other"] == [0, 0, 0, 0, 26, 0, 0, 0, 0, 0]


def test_an_interval_that_ties_in_both_its_columns_has_a_mark(columns):
    """A pixel long, half in each column, and the other state is preferred in both."""
    found = columns([[0, 50, 0], [50, 150, 1], [150, 200, 0]], 2, 100)
    assert found["state"] == [0, 0]
    assert found["other"] == [128, 128]


def test_gaps_within_dense_columns_are_marked(columns):
    """A thousand intervals in each of four columns; a fifth of the time nobody reported."""
    intervals = [[i * 10, i * 10 + 8, 0] for i in range(4000)]
    found = columns(intervals, 4, 10_000)
    assert found["state"] == [0] * 4
    assert all(abs(other - 51) <= 1 for other in found["other"])


def test_what_follows_a_dense_column_is_not_skipped(columns):
    intervals = [[i * 40, i * 40 + 40, 0] for i in range(200)]
    found = columns([*intervals, [8000, 40_000, 1]], 4, 10_000)
    assert found["state"] == [0, 1, 1, 1]


def test_every_interval_is_seen_or_marked(run):
    """Random intervals at many scales: none disappears silently."""
    body = """let seed = 1;
    const next = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
    const lost = [];
    for (let round = 0; round < 200; round += 1) {
      const begin = [], duration = [], state = [];
      for (let at = 0, i = 0; i < 300; i += 1) {
        at += next() < 0.1 ? Math.floor(next() * 900) : 0;
        const long = 1 + Math.floor(next() ** 4 * 5000);
        begin.push(at); duration.push(long); state.push(Math.floor(next() * 6)); at += long;
      }
      const t = { states: Array(6).fill({}), rows: [{ first: 0, last: 300 }], begin: Float64Array.from(begin),
        duration: Float64Array.from(duration), state: Uint8Array.from(state) };
      const width = 400;
      const end = begin[299] + duration[299];
      const nsPerPixel = (end * (0.05 + next())) / width;
      const start = Math.floor(next() * Math.max(0, end - width * nsPerPixel));
      const out = detail.makeColumns(width);
      const a = axis.makeAxis([{ from: 0, to: end }]);
      const pieces = axis.piecesBetween(a, start, start + width * nsPerPixel);
      detail.fillColumns(t, totals.indexTotals(t), 0, pieces, start, nsPerPixel, out);
      for (let i = 0; i < 300; i += 1) {
        const from = Math.floor((begin[i] - start) / nsPerPixel);
        const to = Math.ceil((begin[i] + duration[i] - start) / nsPerPixel);
        if (from < 0 || to > width) continue;
        let told = false;
        for (let x = from; x < to; x += 1) told ||= out.state[x] === state[i] || out.other[x] > 0;
        if (!told) lost.push([round, i]);
      }
    }
    return lost;"""
    assert run(["detail", "axis", "totals"], body) == []


def test_dense_columns_say_the_same_as_a_walk(run):
    """From 128 intervals in a column on the index is asked instead; the answer must not change."""
    body = """const n = 4000;
    const t = { states: [{}, {}, {}], rows: [{ first: 0, last: n }], begin: new Float64Array(n),
      duration: new Float64Array(n), state: new Uint8Array(n) };
    for (let i = 0, at = 0; i < n; i += 1) {
      t.begin[i] = at; t.duration[i] = 10 + ((i * 7919) % 13); t.state[i] = (i * i) % 3; at += t.duration[i];
    }
    const end = t.begin[n - 1] + t.duration[n - 1];
    const a = axis.makeAxis([{ from: 0, to: end }]);
    const width = 9;
    const nsPerPixel = end / width;
    const out = detail.makeColumns(width);
    const index = totals.indexTotals(t);
    detail.fillColumns(t, index, 0, axis.piecesBetween(a, 0, end), 0, nsPerPixel, out);
    const wrong = [];
    for (let x = 0; x < width; x += 1) {
      const sums = [0, 0, 0];
      for (let i = 0; i < n; i += 1) {
        const end = Math.min(t.begin[i] + t.duration[i], (x + 1) * nsPerPixel);
        const both = end - Math.max(t.begin[i], x * nsPerPixel);
        if (both > 0) sums[t.state[i]] += both;
      }
      const best = sums.indexOf(Math.max(...sums));
      const other = Math.round((255 * (nsPerPixel - sums[best])) / nsPerPixel);
      const same = out.state[x] === best && Math.abs(out.other[x] - other) <= 1;
      if (!same) wrong.push([x, sums, out.state[x], out.other[x]]);
    }
    return wrong;"""
    assert run(["detail", "axis", "totals"], body) == []


def test_panning_by_whole_pixels_moves_the_picture_and_changes_nothing(columns):
    intervals = [[i * 37, i * 37 + 37, (i * i) % 3] for i in range(200)]
    still = columns(intervals, 40, 100, 0)
    moved = columns(intervals, 40, 100, 300)
    assert moved["state"][:36] == still["state"][3:39]
    assert moved["other"][1:36] == still["other"][4:39]
