"""Sums are exact to the nanosecond, and what is written adds up."""

import random

import pytest

RANGE = """const { generate } = example;
const d = generate({ count: args.count, stations: 3, days: 2 });
const t = data.arrange(d);
const index = totals.indexTotals(t);
const slow = (pieces) => {
  const sums = t.states.map(() => 0n);
  for (const { from, to } of pieces) for (let i = 0; i < t.count; i += 1) {
    const a = BigInt(Math.max(t.begin[i], from));
    const b = BigInt(Math.min(t.begin[i] + t.duration[i], to));
    if (b > a) sums[t.state[i]] += b - a;
  }
  return sums;
};
const bad = [];
for (const [from, to] of args.ranges.map(([a, b]) => [Math.floor(a * t.end), Math.floor(b * t.end)])) {
  const pieces = [{ from, to }];
  const fast = totals.totals(t, index, [0, 1, 2], pieces);
  const same = slow(pieces).every((sum, s) => sum === fast.states[s]);
  const whole = fast.covered + fast.missing === 3n * BigInt(to - from);
  if (!same || !whole) bad.push([from, to]);
}
return bad;"""


@pytest.mark.parametrize("count", [12, 12 * 63, 12 * 64, 12 * 65, 12 * 400])
def test_any_range_is_the_sum_of_its_parts_exactly(run, count):
    """Counts around the block of 64 intervals; ranges of all lengths, some beyond the data."""
    draw = random.Random(7)
    ranges = [sorted((draw.uniform(-0.1, 1.1), draw.uniform(-0.1, 1.1))) for _ in range(60)]
    ranges += [[0, 1], [-1, 2], [0.5, 0.5]]
    body = RANGE.replace(
        "const { generate } = example;", "const { generate } = await import('./example-data.js');"
    )
    assert run(["data", "totals"], body, {"count": count, "ranges": ranges}) == []


def test_all_of_the_data_is_all_of_its_durations(run):
    body = """const { generate } = await import('./example-data.js');
    const d = generate({ count: 5000 });
    const t = data.arrange(d);
    const found = totals.totals(t, totals.indexTotals(t), t.rows.map((_, i) => i), [{ from: 0, to: t.end }]);
    return [found.covered, d.columns.duration_ns.reduce((sum, ns) => sum + BigInt(ns), 0n)].map(String);"""
    found, expected = run(["data", "totals"], body)
    assert found == expected


def test_sums_beyond_2_to_the_53_stay_exact(run):
    """Two hundred rows of a hundred days, each a nanosecond longer than the one before."""
    body = """const day = 86400e9;
    const t = { states: [{}], rows: [], begin: new Float64Array(200), duration: new Float64Array(200),
      state: new Uint8Array(200) };
    for (let r = 0; r < 200; r += 1) {
      t.rows.push({ first: r, last: r + 1 });
      t.duration[r] = 100 * day + r;
    }
    const rows = t.rows.map((_, i) => i);
    return String(totals.totals(t, totals.indexTotals(t), rows, [{ from: 0, to: 104 * day }]).covered);"""
    assert int(run(["totals"], body)) == 200 * 100 * 86_400 * 10**9 + 199 * 200 // 2


@pytest.mark.parametrize(
    ("parts", "numerator", "denominator", "expected"),
    [
        ([1, 1, 1], 1000, 3, [334, 333, 333]),
        ([0, 0, 0], 1000, 0, [0, 0, 0]),
        ([49, 49, 2], 1, 100, [1, 0, 0]),
        ([5, 0], 1000, 5, [1000, 0]),
        ([3, 3], 1, 4, [1, 1]),
        ([], 1000, 0, []),
        ([10**30, 1], 1000, 10**30 + 1, [1000, 0]),
    ],
    ids=["thirds", "nothing", "small parts", "all in one", "a sum rounded up", "no parts", "very large"],
)
def test_rounded_parts_add_up(run, parts, numerator, denominator, expected):
    body = "const [p, n, d] = args; return totals.apportion(p.map(BigInt), BigInt(n), BigInt(d)).map(Number);"
    found = run(["totals"], body, [[str(part) for part in parts], str(numerator), str(denominator)])
    assert found == expected


def test_rounding_never_moves_a_part_by_a_whole_step(run):
    draw = random.Random(3)
    body = """const sum = (parts) => BigInt(parts.reduce((a, b) => a + b));
    return args.map((parts) => totals.apportion(parts.map(BigInt), 1000n, sum(parts)).map(Number));"""
    cases = [[draw.randrange(1, 10**6) for _ in range(draw.randrange(1, 12))] for _ in range(200)]
    for parts, mille in zip(cases, run(["totals"], body, cases), strict=True):
        assert sum(mille) == 1000
        assert all(abs(m - 1000 * p / sum(parts)) < 1 for m, p in zip(mille, parts, strict=True))


@pytest.mark.parametrize(
    ("nanoseconds", "english", "german"),
    [
        (0, "0.0 s", "0,0 s"),
        (1_250_000_000, "1.3 s", "1,3 s"),
        (119_900_000_000, "119.9 s", "119,9 s"),
        (120_000_000_000, "2:00.0 min", "2:00,0 min"),
        (7_200_000_000_000, "2:00:00 h", "2:00:00 h"),
        (360_000_000_000_000, "100:00:00 h", "100:00:00 h"),
    ],
)
def test_durations_read_as_in_the_reports(run, nanoseconds, english, german):
    body = "return ['en', 'de'].map((l) => numbers.duration(args, words.wordsFor(l)));"
    found = run(["numbers", "words"], body, nanoseconds)
    assert [text.replace("\u202f", " ") for text in found] == [english, german]


def test_a_table_is_ordered_by_category_with_the_rest_last(run):
    body = """const given = [["not recorded", null], ["b", "irregular"], ["unknown", null],
      ["a", "cycle-bound"]];
    const states = given.map(([name, category]) => ({ name, category, value_adding: false }));
    return summary.orderOf(states).map((i) => states[i].name);"""
    assert run(["summary"], body) == ["a", "b", "unknown", "not recorded"]
