"""Station files of the demonstration: what the set-up page shows, and what devices would fetch.

Generated from the plan with places on a bench; nobody was ever seen there. Only the sample's own file belongs
to a picture (`sample_videos/stations/`).
"""

import json
import math

from cli.demo.layout import VALUE_ADDING, StationPlan
from productivity.states import StateCategory

Point = tuple[float, float]

_HANDS: dict[str, Point] = {
    "parts": (0.30, 0.50),
    "fixture": (0.44, 0.50),
    "inspection table": (0.34, 0.30),
    "holder": (0.66, 0.14),
    "printer": (0.60, 0.50),
    "box": (0.76, 0.50),
    "press": (0.50, 0.24),
    "papers": (0.84, 0.32),
    "rework place": (0.16, 0.50),
    "cleaning kit": (0.88, 0.62),
}
"""Middles of the zones for hands."""
_HIPS: dict[str, tuple[float, float, float, float]] = {
    "workplace": (0.24, 0.66, 0.80, 0.94),
    "way to the rack": (0.0, 0.66, 0.24, 0.94),
    "tool cabinet": (0.80, 0.66, 1.0, 0.94),
    "back of the machine": (0.40, 0.02, 0.60, 0.12),
}
"""Left, top, right, bottom of the zones for hips."""
_RULES: dict[str, object] = {
    "part handling": "hand in parts",
    "manual assembly": "hand in fixture",
    "screwing": {"all": ["torso in workplace", {"any": ["holds screwdriver", "hand in holder"]}]},
    "final inspection": "hand in inspection table",
    "labeling": "hand in printer",
    "packaging": "hand in box",
    "waiting within the cycle": "hand in press",
    "set-up": "torso in tool cabinet",
    "transport": {"any": ["absent", "walking", "torso in way to the rack"]},
    "material transport": {"any": ["absent", "walking", "torso in way to the rack"]},
    "paperwork": "hand in papers",
    "cell feeding": {"all": ["torso in way to the rack", "hand in parts"]},
    "cleaning": "hand in cleaning kit",
    "waiting for machine": {"all": ["torso in workplace", "still for 2 s"]},
    "missing material": {"all": ["torso in way to the rack", "still for 4 s"]},
    "rework": "hand in rework place",
    "breakdown": "torso in back of the machine",
}
_SHORTEST_S = dict(zip(StateCategory, (1.5, 5.0, 20.0, 4.0), strict=True))
_RADIUS = 0.05


def station_text(plan: StationPlan) -> str:
    """Return a station's file as YAML: names and lists in the form that is JSON too, one line for each."""
    rules = {name: _rule(name, plan) for name in plan.states}
    used = {"workplace"} | {zone for rule in rules.values() for zone in _zones_in(rule)}
    first, last = plan.cycle
    lines = [
        "# A station of the demonstration. Its zones belong to no picture.",
        "fairtakt: station 1",
        f"name: {plan.name}",
        "place: workplace",
        "zones:",
        *(f"  {name}: {json.dumps(points)}" for name, points in _zones(used).items()),
        *(["tools:", "  screwdriver: {holder: holder}"] if "holder" in used else []),
        "states:",
    ]
    for name, category in plan.states.items():
        lines += [f"  - name: {name}", f"    category: {category}"]
        lines += ["    value_adding: true"] if name in VALUE_ADDING else []
        lines += [f"    when: {json.dumps(rules[name])}", f"    shortest_s: {_SHORTEST_S[category]}"]
    return "\n".join([*lines, f"cycle: {{first: {first}, last: {last}}}", ""])


def _rule(state: str, plan: StationPlan) -> object:
    """Return when a state is seen; while a screwdriver is held, the hands do nothing else."""
    rule = _RULES[state]
    if "screwing" in plan.states and state in {"part handling", "manual assembly"}:
        return {"all": [rule, {"not": "holds screwdriver"}]}
    return rule


def _zones(names: set[str]) -> dict[str, list[list[float]]]:
    found = {name: _around(middle) for name, middle in _HANDS.items() if name in names}
    return found | {name: _box(*edges) for name, edges in _HIPS.items() if name in names}


def _around(middle: Point) -> list[list[float]]:
    """Return an octagon, as zones for hands usually are."""
    angles = [math.pi / 8 + number * math.pi / 4 for number in range(8)]
    x, y = middle
    # Pictures are wider than high: the same distance is a larger share of the height.
    return [
        [round(x + _RADIUS * math.cos(angle), 3), round(y + _RADIUS * 16 / 9 * math.sin(angle), 3)]
        for angle in angles
    ]


def _box(left: float, top: float, right: float, bottom: float) -> list[list[float]]:
    return [[left, top], [right, top], [right, bottom], [left, bottom]]


def _zones_in(rule: object) -> set[str]:
    """Return the zones that a rule names, and the holder of a tool that it names."""
    if isinstance(rule, str):
        found = {name for name in (*_HANDS, *_HIPS) if rule.endswith(f" in {name}")}
        # The tool rests in its holder.
        return found | ({"holder"} if rule.startswith("holds ") else set())
    parts = rule.values() if isinstance(rule, dict) else rule if isinstance(rule, list) else ()
    return {zone for part in parts for zone in _zones_in(part)}
