"""Differencing: what several releases give away together, over time and over overlapping groups."""

import random
from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import linprog

from productivity.disclosure.atoms import Region
from productivity.disclosure.dimension import Dimension, Group
from productivity.disclosure.release import History, release, unknown_groups
from productivity.disclosure.rules import Reason, Rules
from productivity.disclosure.table import Cell, Table
from productivity.errors import BadInput

RULES = Rules(7)


def period(*weeks):
    return Dimension.fixed("week", f"weeks {weeks[0]} to {weeks[-1]}", [str(week) for week in weeks])


def report(stations, weeks, people, minutes):
    """Make a table of the stations, each group with its members, over some weeks.

    `minutes` is {(station, week): value}, `people` {group: number}.
    """
    dimension = Dimension("station", tuple(Group(name, frozenset(each)) for name, each in stations.items()))
    span = period(*weeks)
    cells = tuple(
        Cell(
            (group.name, span.groups[0].name),
            sum(minutes[station, week] for station in group.members for week in weeks),
            people[group.name],
        )
        for group in dimension.groups
    )
    return Table(f"weeks {weeks}", "minutes", (dimension, span), cells)


STATIONS = {"a": {"a"}, "b": {"b"}, "c": {"c"}, "all": {"a", "b", "c"}}
CREW = {"a": 12, "b": 12, "c": 12, "all": 36}
MINUTES = {
    (station, week): 100 * number + 7 * week
    for number, station in enumerate("abc", 1)
    for week in range(1, 7)
}


def week_five(station, people):
    """Tell how many people were at a station in week 5."""
    region = Region((frozenset({station}), frozenset({"5"})))
    return region, Cell((station, "week 5"), MINUTES[station, 5], people)


def shown(released):
    return sorted(figure.at[0] for figure in released.figures if figure.reason is None)


@pytest.fixture(scope="module")
def four_weeks():
    return History().with_(release(report(STATIONS, [1, 2, 3, 4], CREW, MINUTES), RULES))


@pytest.fixture(scope="module")
def five_weeks():
    return report(STATIONS, [1, 2, 3, 4, 5], CREW, MINUTES)


def test_the_same_table_may_be_released_again(four_weeks):
    assert release(report(STATIONS, [1, 2, 3, 4], CREW, MINUTES), RULES, four_weeks).suppressed == 0


def test_a_later_period_alone_takes_nothing_from_an_earlier_one(four_weeks):
    assert release(report(STATIONS, [5, 6], CREW, MINUTES), RULES, four_weeks).suppressed == 0


def test_one_more_week_is_a_figure_of_that_week(four_weeks, five_weeks):
    """Nobody says how many people were there in week 5, so it may have been one."""
    assert shown(release(five_weeks, RULES)) == ["a", "all", "b", "c"]
    assert shown(release(five_weeks, RULES, four_weeks)) == []


def test_it_is_shown_once_somebody_says_that_enough_people_were_there(four_weeks, five_weeks):
    told = dict(week_five(station, 12) for station in "abc")
    released = release(five_weeks, RULES, four_weeks, told)
    assert shown(released) == ["a", "all", "b", "c"]
    assert unknown_groups(five_weeks, RULES, four_weeks, told) == ()


def test_a_week_with_few_people_at_one_station_hides_that_station(four_weeks, five_weeks):
    told = dict([week_five("a", 12), week_five("b", 12), week_five("c", 2)])
    released = release(five_weeks, RULES, four_weeks, told)
    assert "c" not in shown(released)
    assert len(shown(released)) == 2, "one more must go, or the total less the others tells"


def test_a_week_in_which_nobody_was_there_hides_nothing(five_weeks):
    minutes = {**MINUTES, ("c", 5): 0}
    first = History().with_(release(report(STATIONS, [1, 2, 3, 4], CREW, minutes), RULES))
    told = dict([week_five("a", 12), week_five("b", 12)])
    told[Region((frozenset({"c"}), frozenset({"5"})))] = Cell(("c", "week 5"), 0, 0)
    later = report(STATIONS, [1, 2, 3, 4, 5], CREW, minutes)
    assert shown(release(later, RULES, first, told)) == ["a", "all", "b", "c"]


def test_what_to_find_out_is_asked_for(four_weeks, five_weeks):
    asked = {
        tuple("".join(sorted(each)) for each in region.members)
        for region in unknown_groups(five_weeks, RULES, four_weeks)
    }
    assert asked == {("a", "5"), ("b", "5"), ("c", "5"), ("abc", "5")}


def test_what_was_told_about_an_earlier_release_is_remembered(four_weeks, five_weeks):
    """Week 5 was hidden at c; a table of week 5 by another grouping must not bring it to light."""
    told = dict([week_five("a", 12), week_five("b", 12), week_five("c", 2)])
    history = four_weeks.with_(release(five_weeks, RULES, four_weeks, told))
    again = report(
        {"a": {"a"}, "b": {"b"}, "all": {"a", "b", "c"}}, [5], {"a": 12, "b": 12, "all": 26}, MINUTES
    )
    assert len(shown(release(again, RULES, history))) < 3


def test_the_border_days_of_a_month_are_what_its_weeks_leave_over(four_weeks, five_weeks):
    """In week 5 there were two people at each station: too few alone, and it is all the same week's time."""
    told = dict(week_five(station, 2) for station in "abc")
    halves = History()
    for weeks in ([1, 2], [3, 4]):
        halves = halves.with_(release(report(STATIONS, weeks, CREW, MINUTES), RULES, halves))
    everywhere = Region((frozenset("abc"), frozenset({"5"})))
    assert everywhere in unknown_groups(five_weeks, RULES, halves, told)
    for people in (6, 7):
        told[everywhere] = Cell(("all", "week 5"), sum(MINUTES[one, 5] for one in "abc"), people)
        assert shown(release(five_weeks, RULES, halves, told)) == ["all"] * (people >= RULES.group)


def test_overlapping_groups_are_seen_for_what_they_have_in_common():
    """Line one is a, b and c, line two b, c and d. With the whole beside them, a, d and b + c are known."""
    minutes = {(station, 1): value for station, value in zip("abcd", (50, 60, 70, 80), strict=True)}
    one = report({"one": {"a", "b", "c"}}, [1], {"one": 25}, minutes)
    two = report({"two": {"b", "c", "d"}}, [1], {"two": 25}, minutes)
    history = History().with_(release(one, RULES))
    history = history.with_(release(two, RULES, history))
    assert shown(history.releases[1]) == ["two"], "neither line lies within the other"

    whole = report({"all": {"a", "b", "c", "d"}}, [1], {"all": 40}, minutes)
    told = {
        Region((frozenset(members), frozenset({"1"}))): Cell(
            (members,), sum(minutes[station, 1] for station in members), people
        )
        for members, people in (("a", 15), ("d", 15), ("bc", 10))
    }
    assert shown(release(whole, RULES, history, told)) == ["all"]
    for region, cell in told.items():
        one_group_is_small = {**told, region: Cell(cell.at, cell.value, 6)}
        assert shown(release(whole, RULES, history, one_group_is_small)) == []


def test_three_tables_that_are_harmless_in_pairs(four_weeks):
    """All less (a and b) less (c and d) is e. No two of these figures tell it."""
    minutes = {(station, 1): 10 * number for number, station in enumerate("abcde", 1)}
    history = History()
    for name, members, people in (("x", "ab", 20), ("y", "cd", 20)):
        history = history.with_(release(report({name: set(members)}, [1], {name: people}, minutes), RULES))
    whole = report({"all": set("abcde")}, [1], {"all": 41}, minutes)
    assert shown(release(whole, RULES, history)) == []


def test_a_difference_of_several_stations_may_be_a_small_group():
    """All less (a and b) are the three people at c and d, though c and d by themselves stay hidden."""
    minutes = {(station, 1): 60 for station in "abcde"}
    history = History()
    for name, members in (("x", "ab"), ("y", "ce")):
        history = history.with_(release(report({name: set(members)}, [1], {name: 20}, minutes), RULES))
    for people, expected in ((23, []), (27, ["all"])):
        whole = report({"all": set("abcd")}, [1], {"all": people}, minutes)
        assert shown(release(whole, RULES, history)) == expected


@pytest.mark.parametrize("earlier", ["the part", "the whole"])
def test_a_difference_need_not_be_a_rectangle(earlier):
    """Two weeks of both stations less one week of one: the rest, an L, may be two people."""
    minutes = {(station, week): 60 for station in "ab" for week in (1, 2)}
    part = report({"a": {"a"}}, [1], {"a": 12}, minutes)
    whole = report({"all": {"a", "b"}}, [1, 2], {"all": 14}, minutes)
    first, second = (part, whole) if earlier == "the part" else (whole, part)
    assert shown(release(second, RULES, History().with_(release(first, RULES)))) == []


def test_who_was_there_needs_to_be_told_once_only(four_weeks):
    """The whole less a and b is week five at c. That twelve people were there was told with the whole."""
    told = dict(week_five(station, 12) for station in "abc")
    whole = report({"all": set("abc")}, [1, 2, 3, 4, 5], {"all": 36}, MINUTES)
    two = report({"two": set("ab")}, [1, 2, 3, 4, 5], {"two": 24}, MINUTES)
    told_before = four_weeks.with_(release(whole, RULES, four_weeks, told))
    assert shown(release(two, RULES, told_before)) == ["two"]
    forgotten = History(tuple(replace(each, background={}) for each in told_before.releases))
    assert shown(release(two, RULES, forgotten)) == []


def test_nobody_is_asked_about_where_nobody_was():
    minutes = {(station, week): 50 if week == 1 else 0 for station in "ab" for week in (1, 5)}
    stations = {"a": {"a"}, "b": {"b"}, "all": {"a", "b"}}
    crew = {"a": 12, "b": 12, "all": 24}
    history = History().with_(release(report(stations, [1], crew, minutes), RULES))
    later = report(stations, [1, 5], crew, minutes)
    assert len(unknown_groups(later, RULES, history)) == 3
    told = {
        Region((frozenset(station), frozenset({"5"}))): Cell((station, "week 5"), 0, 0) for station in "ab"
    }
    assert unknown_groups(later, RULES, history, told) == ()
    assert release(later, RULES, history, told).suppressed == 0


def test_a_figure_hidden_once_stays_hidden():
    minutes = {(station, 1): value for station, value in zip("abc", (50, 60, 70), strict=True)}
    crew = {"a": 3, "b": 20, "c": 20, "all": 43}
    history = History().with_(release(report(STATIONS, [1], crew, minutes), RULES))
    assert shown(history.releases[0]) == ["all", "c"]
    other = report({"b": {"b"}, "bc": {"b", "c"}}, [1], {"b": 20, "bc": 40}, minutes)
    assert shown(release(other, RULES, history)) == []


def test_what_an_earlier_release_gave_away_is_reported():
    """With the rule of that time, five were enough; now they are not, and the figure is out."""
    minutes = {(station, 1): value for station, value in zip("abc", (50, 60, 70), strict=True)}
    crew = {"a": 5, "b": 20, "c": 20, "all": 45}
    history = History().with_(release(report(STATIONS, [1], crew, minutes), Rules(5)))
    again = release(report(STATIONS, [1], crew, minutes), RULES, history)
    assert again.exposed == (("a", "weeks 1 to 1"),)
    assert shown(again) == ["all", "b", "c"]


def test_another_measure_says_nothing(four_weeks, five_weeks):
    pieces = Table("pieces", "pieces", five_weeks.dimensions, five_weeks.cells)
    assert release(pieces, RULES, four_weeks).suppressed == 0


@pytest.mark.parametrize(
    ("later", "told", "message"),
    [
        (
            report(STATIONS, [1, 2, 3, 4], CREW, {**MINUTES, ("a", 1): 1}),
            {},
            "figure contradicts another .* a / weeks 1",
        ),
        (
            report(STATIONS, [1, 2, 3, 4, 5], CREW, {**MINUTES, ("a", 1): 1, ("a", 5): 0}),
            {},
            "figures contradict those of earlier releases",
        ),
        (
            report({"d": {"d"}}, [1], {"d": 20}, {("d", 1): 5}),
            {Region((frozenset("d"), frozenset("1"))): Cell(("d", "1"), 6, 20)},
            "figure contradicts another",
        ),
        (
            report({"d": {"d"}}, [1], {"d": 20}, {("d", 1): 5}),
            {Region((frozenset("d"),)): Cell(("d",), 5, 20)},
            "background d: background is about something else",
        ),
        (
            report({"d": {"d"}}, [1], {"d": 20}, {("d", 1): 5}),
            {Region((frozenset("e"), frozenset("1"))): Cell(("e", "1"), 5, 0)},
            "background e / 1: figure has nobody behind it",
        ),
        (
            Table("t", "minutes", (period(1),), (Cell(("weeks 1 to 1",), 5, 20),)),
            {},
            "table 't': dimensions cannot be compared .* expected station, week, found week",
        ),
    ],
    ids=[
        "same figure",
        "less than its part",
        "background",
        "other background",
        "odd background",
        "dimensions",
    ],
)
def test_contradictions_are_refused_by_name(four_weeks, later, told, message):
    with pytest.raises(BadInput, match=message):
        release(later, RULES, four_weeks, told)


def random_releases(seed):
    """Return two releases of a small plant, the second with one more week, and what is true.

    Two areas of two or three stations, three states, four weeks and then a fifth.
    """
    rng = random.Random(seed)
    stations = {f"s{number}": f"area {number % 2}" for number in range(rng.randint(4, 6))}
    tree = Dimension.tree("station", {"plant": None, "area 0": "plant", "area 1": "plant", **stations})
    states = Dimension.tree("state", {"all": None, "x": "all", "y": "all", "z": "all"})
    crew = {(station, week): rng.choice([2, 5, 9, 15, 15]) for station in stations for week in (1, 5)}
    truth = {
        (station, state, week): rng.choice([0, 1, 1]) * rng.randint(1, 500)
        for station in stations
        for state in "xyz"
        for week in (1, 5)
    }

    def people(members, weeks):
        return sum(max(crew[station, week] for week in weeks) for station in members)

    def table(weeks):
        span = Dimension.fixed("week", "weeks", [str(week) for week in weeks])
        cells = tuple(
            Cell(
                (group.name, state.name, "weeks"),
                sum(truth[s, z, w] for s in group.members for z in state.members for w in weeks),
                people(group.members, weeks),
            )
            for group in tree.groups
            for state in states.groups
        )
        return Table(f"weeks {weeks}", "minutes", (tree, states, span), cells)

    first = release(table([1]), RULES)
    told = {
        Region((group.members, state.members, frozenset({"5"}))): Cell(
            (group.name, state.name, "week 5"),
            sum(truth[s, z, 5] for s in group.members for z in state.members),
            people(group.members, [5]),
        )
        for group in tree.groups
        for state in states.groups
    }
    second = release(table([1, 5]), RULES, History().with_(first), told)
    return first, second, told, truth


def region_of(released, at):
    return Region(
        tuple(
            next(group.members for group in dimension.groups if group.name == name)
            for dimension, name in zip(released.table.dimensions, at, strict=True)
        )
    )


@pytest.mark.parametrize("block", range(8))
def test_an_attacker_who_holds_both_releases_learns_no_hidden_figure(block):
    """208 random tables. The attacker is written anew: unknowns are leaves, equations what is shown."""
    for seed in range(13 * block, 13 * block + 13):
        first, second, told, truth = random_releases(seed)
        leaves = sorted(truth)

        def row(region, leaves=leaves):
            return np.array(
                [
                    float(s in region.members[0] and z in region.members[1] and str(w) in region.members[2])
                    for s, z, w in leaves
                ]
            )

        equations, values = [], []
        for released in (first, second):
            for figure in released.figures:
                if figure.reason is None:
                    equations.append(row(region_of(released, figure.at)))
                    values.append(figure.value)
        wanted = [
            (region_of(released, figure.at), released.table.by_place[figure.at].value)
            for released in (first, second)
            for figure in released.figures
            if figure.reason is Reason.TOO_FEW
        ]
        wanted += [(region, cell.value) for region, cell in told.items() if cell.people < RULES.group]
        largest = max(cell.value for cell in second.table.cells)
        possible = []  # a table that was found serves for every figure that is far enough away in it
        for region, value in wanted:
            half = max(-(-value // 2), 1)
            ours = row(region)
            for sign, bound in ((1, max(0, value - half)), (-1, value + half)):
                if any(sign * (ours @ table - bound) <= 0.01 for table in possible):
                    continue
                # A modest attacker: looks no further than twice the largest figure.
                answer = linprog(
                    sign * ours, A_eq=equations or None, b_eq=values or None, bounds=(0, 2 * largest)
                )
                possible.append(answer.x)
                assert sign * (ours @ answer.x - bound) <= 0.01, (seed, region)
