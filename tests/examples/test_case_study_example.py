"""The example study shows what the paper publishes (Czumanski & Lödding 2012)."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import application

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "assembly_cell"
HOUR = 3_600_000_000_000

PUBLISHED = [
    ("manual assembly", "cycle-bound", "RTS", 270.4, 24.0),
    ("screwing", "cycle-bound", "RTS", 159.4, 14.1),
    ("sickness", "irregular", "OMD", 140.0, 12.4),
    ("vacation", "irregular", "OMD", 119.0, 10.6),
    ("part handling", "cycle-bound", "RTS", 98.8, 8.8),
    ("final inspection", "cycle-bound", "RTS", 84.2, 7.5),
    ("cell feeding", "periodical", "SR", 57.6, 5.1),
    ("packaging", "cycle-bound", "RTS", 35.4, 3.1),
    ("labeling", "cycle-bound", "RTS", 28.8, 2.6),
]


@pytest.fixture(scope="module")
def found():
    result = CliRunner().invoke(
        application(), ["study", "evaluate", str(EXAMPLE), "--json"], catch_exceptions=False
    )
    assert result.exit_code == 0
    return json.loads(result.stdout)


@pytest.mark.parametrize(
    ("rank", "row"), list(enumerate(PUBLISHED, start=1)), ids=[row[0] for row in PUBLISHED]
)
def test_each_state_has_its_rank_hours_and_portion(found, rank, row):
    state, category, mode, hours, percent = row
    shown = found["states"][rank - 1]
    assert (shown["rank"], shown["state"], shown["category"], shown["modes"]) == (rank, state, category, mode)
    assert round(shown["total_ns"] / HOUR, 1) == hours
    assert round(100 * shown["portion"], 1) == percent


def test_the_key_figures_are_the_published_ones(found):
    [summary] = found["summary"]
    assert 1126.5 <= summary["paid_ns"] / HOUR <= 1128.0
    assert round(100 * summary["non_value_adding"]) == 56
    assert round(summary["irregular_per_piece_ns"] / (HOUR / 60), 1) == 7.2
    assert round(summary["not_recorded_ns"] / HOUR, 1) == 45.9
    assert round(100 * summary["not_recorded_portion"], 1) == 4.1


def test_the_balance_adds_up_to_the_paid_time_exactly(found):
    assert sum(row["duration_ns"] for row in found["balance"]) == found["summary"][0]["paid_ns"]


def test_the_report_shows_ranking_and_circle(tmp_path):
    for module in ("altair", "vl_convert", "jinja2", "typst"):
        pytest.importorskip(module, reason=f"{module} is not installed")
    out = tmp_path / "out"
    forms = ["--as", "html", "--as", "pdf"]
    result = CliRunner().invoke(application(), ["study", "export", str(EXAMPLE), "--out", str(out), *forms])
    assert result.exit_code == 0
    assert sorted(path.name for path in out.iterdir()) == ["report.html", "report.pdf"]
    page = (out / "report.html").read_text(encoding="utf-8")
    for label in (
        "Ranking of states: assembly cell",
        "Circle diagram",
        "Balance of paid time: assembly cell",
    ):
        assert f'aria-label="{label}"' in page
    assert "24.0\u202f%" in page
