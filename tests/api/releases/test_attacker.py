"""The bar: from all that the server shows of several releases, a linear program learns no hidden figure.

Random plants, releases of overlapping periods at different detail; the attacker of this file has the answers
of the API alone (documents, previews are of no use to it) and its own arithmetic. It knows what a document
says: which stations, states and days each figure is about, and that a table names every state that there was.
"""

import json
import random
from datetime import timedelta
from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog

from storage.sql.releases import kept_releases
from tests.api.releases.works import CATEGORIES, MONDAY, steady, works

STATES = [*CATEGORIES, "not recorded"]
ROOM = {
    "assembly bench": ("hall", "line"),
    "packing bench": ("hall", "line"),
    "press": ("hall", "metal"),
    "saw": ("yard", None),
}
DETAILS = ["station", "cell", "area"]
PERIODS = [
    {"first_day": "2027-02-01", "last_day": "2027-02-07"},
    {"first_day": "2027-02-08", "last_day": "2027-02-14"},
    {"first_day": "2027-02-01", "last_day": "2027-02-14", "periods": "each"},
    {"first_day": "2027-02-01", "last_day": "2027-02-14"},
    {"first_day": "2027-02-01", "last_day": "2027-02-28", "unit": "month"},
]


SMALL, LARGE = (1, 2, 3), (6, 8, 9)


def a_plant(draw, root):
    """Open a plant; the saw always has few people, the benches enough, the press sometimes."""
    opened = works(root, room=ROOM)
    plant = opened.__enter__()
    days = range(0, 20, 3)
    plant.seconds = {key: draw.choice([0, draw.randrange(1, 9000)]) for key in product(ROOM, STATES, days)}
    crews = {"saw": SMALL, "press": SMALL + LARGE}
    plant.people = {
        (station, day): draw.choice(crews.get(station, LARGE)) for station in ROOM for day in days
    }
    plant.work(plant.seconds, plant.people)
    return opened, plant


def released(plant, draw):
    """Release up to three tables; return their documents."""
    documents = []
    counted = draw.choice(["once", "once", "at each station"])
    for period, detail in zip(draw.sample(PERIODS, 3), ["station", *draw.choices(DETAILS, k=2)], strict=True):
        wanted = {
            **period,
            "name": "random",
            "stations": detail,
            "states": draw.choice(["state", "category"]),
            "counted": counted,
        }
        seen = plant.preview(**wanted)
        assert seen.status_code == 200, seen.text
        if seen.json()["smallest_group"] is not None:
            made = plant.confirm(seen.json()["confirms"], **wanted)
            assert made.status_code == 201, made.text
            documents.append(plant.table(made.json()["release"]).json())
    return documents


def member(state):
    return f"{CATEGORIES.get(state, '')}/{state}"


class Attacker:
    """Ranges of figures over the finest pieces: a station's day in one state."""

    def __init__(self, documents):
        groups = [
            [{one["name"]: set(one["members"]) for one in axis["groups"]} for axis in document["dimensions"]]
            for document in documents
        ]
        self.groups = groups
        axes = [sorted(set().union(*(set().union(*each[n].values()) for each in groups))) for n in range(3)]
        self.pieces = {piece: number for number, piece in enumerate(product(*axes))}
        rows, values = [], []
        for document, each in zip(documents, groups, strict=True):
            for figure in document["figures"]:
                if not figure["hidden"]:
                    rows.append(self.row(each, figure["at"]))
                    values.append(figure["value"])
            stations, states, days = (set().union(*axis.values()) for axis in each)
            for absent in set(axes[1]) - states:  # a table names every state that there was
                row = np.zeros(len(self.pieces))
                for station, day in product(stations, days):
                    row[self.pieces[station, absent, day]] = 1
                rows.append(row)
                values.append(0)
        self.rows, self.values = np.array(rows), np.array(values, dtype=float)

    def row(self, each, at):
        row = np.zeros(len(self.pieces))
        for piece in product(*(axis[name] for axis, name in zip(each, at, strict=True))):
            row[self.pieces[piece]] = 1
        return row

    def range(self, row):
        ends = []
        for sign in (1, -1):
            found = linprog(sign * row, A_eq=self.rows, b_eq=self.values, bounds=(0, None), method="highs")
            if found.status == 3:  # unbounded
                ends.append(sign * -np.inf)
                continue
            assert found.status == 0, found.message
            ends.append(float(row @ found.x))
        return ends


def truth(plant, identifier):
    (row,) = [one for one in kept_releases(plant.database, plant.name) if one.identifier == identifier]
    inner = json.loads(json.loads(row.content)["inner"])
    return {tuple(cell[0]): (cell[1], cell[2]) for cell in inner["cells"]}, {
        tuple(at) for at in inner["exposed"]
    }


@pytest.mark.parametrize("seed", range(10))
def test_no_hidden_figure_of_too_few_people_can_be_worked_out(tmp_path, seed):
    draw = random.Random(seed)  # repeatable plants
    opened, plant = a_plant(draw, tmp_path)
    try:
        documents = released(plant, draw)
        assert documents, "a plant of which nothing can be released tests nothing"
        attacker = Attacker(documents)
        judged = 0
        for number, document in enumerate(documents):
            values, exposed = truth(plant, document["release"])
            for figure in document["figures"]:
                at = tuple(figure["at"])
                value, people = values[at]
                if not 0 < people < 5 or at in exposed:
                    continue
                assert figure["hidden"], at
                judged += 1
                low, high = attacker.range(attacker.row(attacker.groups[number], at))
                # What is protected is the whole of the figure: half of it to either side must look possible.
                assert low <= value - value / 2 + 1, (at, value, low, high)
                assert high >= value + value / 2 - 1, (at, value, low, high)
                assert high - low >= 1 or value == 0, (at, value, low, high)
        assert judged, "a plant without a small group tests nothing"
        for station, state, day in draw.sample(sorted(plant.seconds), 30):
            value, people = plant.seconds[station, state, day], plant.people[station, day]
            piece = station, member(state), (MONDAY + timedelta(days=day)).isoformat()
            if value and people < 5 and piece in attacker.pieces:
                row = np.zeros(len(attacker.pieces))
                row[attacker.pieces[piece]] = 1
                low, high = attacker.range(row)
                assert high - low >= 1, piece
    finally:
        opened.__exit__(None, None, None)


HALLS = {"assembly bench": ("hall", "line"), "packing bench": ("yard", None)}


@pytest.mark.parametrize(
    ("place", "wanted"),
    [
        ((None, None), [{"stations": "area"}]),
        ((None, None), [{"stations": "area", "states": "category"}, {"stations": "cell", "unit": "month"}]),
        ((None, None), [{"stations": "all", "place": place} for place in ("", "hall", "yard")]),
        ((None, None), [{"stations": "all", "place": place} for place in ("hall", "yard", "")]),
        (("hall", None), [{"stations": "cell"}]),
        (("hall", None), [{"stations": "all", "place": place} for place in ("hall", "line")]),
    ],
    ids=["no area", "two tables", "its areas later", "its areas before", "beside a cell", "beside its cell"],
)
def test_what_stands_beside_all_groups_is_not_what_they_leave_over(tmp_path, place, wanted):
    """The press has one person, and no row of its own; others leave it over, in all states and in each."""
    room = {**HALLS, "press": place}
    with works(tmp_path, room=room) as plant:
        people = dict.fromkeys(HALLS, 9) | {"press": 1}
        seconds, counts = steady(room, range(28), people=people)
        plant.work(seconds, counts)
        documents = []
        for one in wanted:
            seen = plant.preview(**one)
            if seen.json()["smallest_group"] is not None:
                made = plant.confirm(seen.json()["confirms"], **one)
                documents.append(plant.table(made.json()["release"]).json())
        assert documents, "a plant of which nothing can be released tests nothing"
        attacker = Attacker(documents)
        if all(station != "press" for station, _, _ in attacker.pieces):
            return  # no table that covers it can be shown
        days = {day for _, _, day in attacker.pieces if day <= "2027-02-07"}
        for states in (STATES, ["manual assembly", "screwing"], *([one] for one in STATES)):
            row = np.zeros(len(attacker.pieces))
            for state, day in product(states, days):
                row[attacker.pieces["press", member(state), day]] = 1
            value = sum(seconds["press", state, day] for state in states for day in range(7))
            low, high = attacker.range(row)
            assert low <= value / 2 + 1, states
            assert high >= value * 3 / 2 - 1, states


def test_the_attacker_of_this_file_does_find_what_is_given_away(tmp_path):
    """With one more figure shown than the product would, it works the press out."""
    draw = random.Random(1)
    opened, plant = a_plant(draw, tmp_path)
    try:
        (document, *_) = documents = released(plant, draw)
        values, _ = truth(plant, document["release"])
        for figure in document["figures"]:
            figure["value"], figure["hidden"] = values[tuple(figure["at"])][0], False
        attacker = Attacker(documents)
        at = document["figures"][0]["at"]
        low, high = attacker.range(attacker.row(attacker.groups[0], at))
        assert low == pytest.approx(high)
    finally:
        opened.__exit__(None, None, None)
