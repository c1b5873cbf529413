import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from cli.evaluate import evaluate
from productivity.errors import BadInput

GTEA = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "segmentation" / "gtea"

TRUTH = """\
station,state,start_s,end_s,cycle
bench,part handling,0,2,1
bench,assembly,2,6,1
bench,part handling,6,8,2
bench,assembly,8,12,2
"""
MEASURED = """\
station,state,category,start_ns,duration_ns,confidence,cycle,reason
bench,part handling,cycle-bound,0,2500000000,0.9,1,
bench,assembly,cycle-bound,2500000000,3500000000,0.9,1,
bench,part handling,cycle-bound,6000000000,2000000000,0.9,2,
bench,assembly,cycle-bound,8000000000,4000000000,0.9,2,
"""

app = typer.Typer()
app.command()(evaluate)


@pytest.fixture
def run(tmp_path):
    """Run the command on two files' contents; errors come out as they are raised."""

    def call(measured, truth, *options):
        (tmp_path / "intervals.csv").write_text(measured)
        (tmp_path / "truth.csv").write_text(truth)
        files = ["--intervals", str(tmp_path / "intervals.csv"), "--truth", str(tmp_path / "truth.csv")]
        result = CliRunner().invoke(app, [*files, *options], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.stdout

    return call


def test_json_is_one_object_with_the_promised_keys(run):
    found = json.loads(run(MEASURED, TRUTH, "--json"))
    assert found == {
        "states": {
            "part handling": {"truth_s": 4.0, "measured_s": 4.5, "error_s": 0.5},
            "assembly": {"truth_s": 8.0, "measured_s": 7.5, "error_s": -0.5},
        },
        "cycles": {"truth": 2, "measured": 2},
        "frame_accuracy": pytest.approx(11.5 / 12),
        "edit": 1.0,
        "f1": {"10": 1.0, "25": 1.0, "50": 1.0},
        "boundary_median_s": 0.0,
        "boundaries_unmatched": 0,
        "unjudged_s": 0.0,
    }


def test_without_boundaries_the_median_is_null(run):
    empty = "state,start_s,end_s\nnot recorded,0,40\n"
    assert json.loads(run(empty, empty, "--json"))["boundary_median_s"] is None


def test_tables_name_states_and_scores(run):
    shown = run(MEASURED, TRUTH)
    for words in ("part handling", "+0.500 s", "-0.500 s", "2 / 2", "0.9583", "F1@50", "0 / 3"):
        assert words in shown


def test_a_state_name_is_never_read_as_markup(run):
    name = "assembly [bold]x[/]"
    assert name in run(MEASURED.replace("assembly", name), TRUTH.replace("assembly", name))


TWO = TRUTH + "".join(line.replace("bench", "other") + "\n" for line in TRUTH.splitlines()[1:])
TWO_MEASURED = MEASURED + "".join(line.replace("bench", "other") + "\n" for line in MEASURED.splitlines()[1:])


def test_several_stations_are_judged_together_and_one_by_one(run):
    found = json.loads(run(TWO_MEASURED, TWO, "--json"))
    assert found["cycles"] == {"truth": 4, "measured": 4}
    assert list(found["stations"]) == ["bench", "other"]
    assert found["stations"]["other"]["states"]["assembly"]["error_s"] == -0.5


@pytest.mark.parametrize(
    ("measured", "truth", "options"),
    [
        (TWO_MEASURED, TWO, ["--station", "bench"]),
        (TWO_MEASURED, TRUTH, []),
        (TWO_MEASURED, TRUTH.replace("station,", "").replace("bench,", ""), ["--station", "other"]),
        (MEASURED, TRUTH.replace("station,", "").replace("bench,", ""), []),
    ],
    ids=["chosen", "truth has one", "truth without names, chosen", "truth without names"],
)
def test_one_station_of_several(run, measured, truth, options):
    found = json.loads(run(measured, truth, "--json", *options))
    assert found["cycles"] == {"truth": 2, "measured": 2}
    assert "stations" not in found


@pytest.mark.parametrize(
    ("measured", "truth", "options", "text"),
    [
        (MEASURED, TWO, [], "intervals.csv: station 'other' is not in the file: expected one of 'bench'"),
        (MEASURED, TRUTH, ["--station", "x"], "truth.csv: station 'x' is not in the file"),
        (
            TWO_MEASURED,
            TRUTH.replace("station,", "").replace("bench,", ""),
            [],
            "intervals.csv: several stations in the file: expected --station with one of 'bench', 'other'",
        ),
    ],
    ids=["not measured", "not in the truth", "which one"],
)
def test_stations_that_do_not_match_are_named(run, measured, truth, options, text):
    with pytest.raises(BadInput, match=text):
        run(measured, truth, *options)


def gtea_rows(line):
    """One frame is one second, one video one station."""
    rows = []
    for file in sorted((GTEA / "groundTruth").iterdir()):
        labels = line(file)
        rows += [f"{file.stem},{label},{n},{n + 1}" for n, label in enumerate(labels)]
    return "\n".join(["station,state,start_s,end_s", *rows]) + "\n"


@pytest.mark.skipif(not GTEA.is_dir(), reason="the GTEA labels are not beside this repository")
def test_the_command_reproduces_the_published_scores_of_gtea(run):
    truth = gtea_rows(lambda file: file.read_text().split())
    measured = gtea_rows(lambda file: (GTEA / "predictions" / file.stem).read_text().splitlines()[1].split())
    found = json.loads(run(measured, truth, "--json", "--background", "background"))
    expected = json.loads((GTEA / "expected_scores.json").read_text())
    assert 100 * found["frame_accuracy"] == pytest.approx(expected["frame_accuracy"], abs=0.01)
    assert 100 * found["edit"] == pytest.approx(expected["edit"], abs=0.01)
    for overlap in ("10", "25", "50"):
        assert 100 * found["f1"][overlap] == pytest.approx(expected[f"f1@{overlap}"], abs=0.01)
