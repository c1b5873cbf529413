"""Examples for the description of the API; tests ask with them."""

from typing import Any

TEXT = """\
fairtakt: station 1
name: bench-1
zones:
  parts: [[0.1, 0.4], [0.25, 0.4], [0.25, 0.6]]
states:
  - name: part handling
    category: cycle-bound
    when: hand in parts
"""
OUTLINE: dict[str, Any] = {
    "name": "bench-1",
    "crop": {"left": 0.0, "top": 0.0, "right": 1.0, "bottom": 1.0},
    "pose_rate": 3.0,
    "place": None,
    "zones": [{"name": "parts", "points": [[0.1, 0.4], [0.3, 0.4], [0.3, 0.6]], "was": "parts"}],
    "tools": [],
    "states": [
        {
            "name": "part handling",
            "category": "cycle-bound",
            "value_adding": False,
            "rule": {"kind": "hand", "hands": "either", "zone": "parts"},
            "shortest_s": 1.0,
            "was": 0,
        }
    ],
    "cycle": None,
}
DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
