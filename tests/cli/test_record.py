"""`fairtakt record` as a user meets it: what it writes, and one clear line for everything that is wrong."""

import csv
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from storage.observations import read_observations

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "sample_videos"
GOOD_STATION = (SAMPLES / "stations" / "empty_bench.yaml").read_text(encoding="utf-8")


def fairtakt(*arguments, cwd=ROOT, agreed=False):
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from cli.main import main; main()"
    if arguments[0] == "record" and "--plant" not in arguments and not agreed:
        arguments = (*arguments, "--without-agreement")
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=300, check=False)


def write_video(path, *, size=(64, 64), count=4, codec="mjpeg", pixel_format="yuvj420p"):
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=15)
        stream.width, stream.height = size
        stream.pix_fmt = pixel_format
        stream.time_base = Fraction(1, 15)
        for number in range(count):
            frame = av.VideoFrame.from_ndarray(np.zeros((size[1], size[0], 3), np.uint8), format="rgb24")
            frame.pts = number
            container.mux(stream.encode(frame.reformat(format=pixel_format)))
        container.mux(stream.encode())
    return path


@pytest.fixture(scope="module")
def recorded(weights, tmp_path_factory):
    """Ten seconds of the two workers, recorded once."""
    out = tmp_path_factory.mktemp("recorded") / "out"
    stations = [f"--station={SAMPLES / 'stations' / side}_bench.yaml" for side in ("left", "right")]
    done = fairtakt("record", *stations, "--source", SAMPLES / "two_workers.mp4", "--out", out, "--for", 10)
    assert done.returncode == 0, done.stderr
    return out, done


def test_results_are_complete_and_add_up(recorded):
    out, _ = recorded
    from_csv, from_parquet = (
        read_observations(out / "intervals.csv"),
        read_observations(out / "intervals.parquet"),
    )
    assert from_csv == from_parquet
    assert [o.station for o in from_csv] == ["left_bench", "right_bench"]
    for observation in from_csv:
        assert sum(i.duration for i in observation.intervals) == 10_000_000_000
    with (out / "cycles.csv").open(encoding="utf-8") as file:
        assert next(csv.reader(file)) == ["station", "cycle", "start_ns", "duration_ns"]


def test_the_table_goes_to_standard_output_and_progress_does_not(recorded):
    _, done = recorded
    assert "left_bench: recorded span 10.0 s" in done.stdout
    assert "recording" not in done.stdout
    assert "Results are in" in done.stderr
    assert "Recorded without a works agreement" in done.stderr


def test_the_report_says_that_nobody_agreed(recorded):
    out, _ = recorded
    assert "recorded without a works agreement" in (out / "report.html").read_text(encoding="utf-8")


def test_a_result_of_the_same_command_is_replaced_anything_else_is_not(weights, tmp_path):
    video = write_video(tmp_path / "tiny.mkv", count=30)
    station = tmp_path / "station.yaml"
    station.write_text(
        "fairtakt: station 1\nname: b\nstates: [{name: s, category: irregular, when: present}]\n"
    )
    arguments = ("record", "--station", station, "--source", video, "--out")
    kept = tmp_path / "kept"
    assert fairtakt(*arguments, kept).returncode == 0
    assert fairtakt(*arguments, kept).returncode == 0
    (kept / "thesis.docx").write_text("years of work")
    before = sorted(path.name for path in kept.iterdir())
    refused = fairtakt(*arguments, kept)
    assert refused.returncode == 2
    assert "thesis.docx" in refused.stderr
    assert sorted(path.name for path in kept.iterdir()) == before


def bad_yaml(tmp_path):
    return {"station": ("bench.yaml", "fairtakt: station 1\nname: [\n")}


def zone_outside(tmp_path):
    return {"station": ("bench.yaml", GOOD_STATION.replace("[[0.34, 0.508]", "[[1.34, 0.508]"))}


def unknown_state(tmp_path):
    return {"station": ("bench.yaml", GOOD_STATION.replace("last: packaging", "last: welding"))}


def no_station(tmp_path):
    return {"station": None}


def no_such_file(tmp_path):
    return {"source": tmp_path / "none.mp4"}


def a_directory(tmp_path):
    return {"source": tmp_path}


def an_empty_file(tmp_path):
    (tmp_path / "empty.mp4").touch()
    return {"source": tmp_path / "empty.mp4"}


def a_text(tmp_path):
    (tmp_path / "text.mp4").write_text("no video")
    return {"source": tmp_path / "text.mp4"}


def truncated(tmp_path):
    """The sample without its last third: its header, at the front, still promises all of it."""
    whole = (SAMPLES / "empty_bench.mp4").read_bytes()
    (tmp_path / "cut.mp4").write_bytes(whole[: len(whole) * 2 // 3])
    return {"source": tmp_path / "cut.mp4"}


def one_pixel(tmp_path):
    return {"source": write_video(tmp_path / "pixel.mkv", size=(1, 1), codec="ffv1", pixel_format="yuv444p")}


def eight_k(tmp_path):
    return {"source": write_video(tmp_path / "large.mkv", size=(7680, 4320), count=1)}


def no_such_scheme(tmp_path):
    return {"source": "ftp://127.0.0.1/video"}


def no_such_engine(tmp_path):
    return {"more": ("--engine", "guesswork")}


def no_such_language(tmp_path):
    return {"more": ("--language", "fr")}


def station_twice(tmp_path):
    return {"more": ("--station", tmp_path / "bench.yaml")}


@pytest.mark.parametrize(
    ("case", "words"),
    [
        (bad_yaml, ["bench.yaml:3: not YAML"]),
        (zone_outside, ["bench.yaml:", "zones.parts.0.0", "less than or equal to 1", "1.34"]),
        (unknown_state, ["bench.yaml:", "cycle.last", "part handling", "welding"]),
        (no_station, ["bench.yaml", "expected a file, found none"]),
        (no_such_file, ["none.mp4", "expected", "found"]),
        (a_directory, ["expected", "directory"]),
        (an_empty_file, ["empty.mp4"]),
        (a_text, ["text.mp4"]),
        (truncated, ["cut.mp4"]),
        (one_pixel, ["pixel.mkv", "64x64", "1x1"]),
        (eight_k, ["large.mkv", "4096x4096", "7680x4320"]),
        (no_such_scheme, ["expected"]),
        (no_such_engine, ["guesswork", "blazepose"]),
        (no_such_language, ["en or de", "fr"]),
        (station_twice, ["station name", "empty_bench"]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_bad_input_is_one_line_and_status_2_and_leaves_nothing(case, words, weights, tmp_path):
    changes = case(tmp_path)
    name_and_text = changes.get("station", ("bench.yaml", GOOD_STATION))
    if name_and_text is not None:
        (tmp_path / name_and_text[0]).write_text(name_and_text[1], encoding="utf-8")
    before = sorted(path.name for path in tmp_path.iterdir())
    source = changes.get("source", SAMPLES / "empty_bench.mp4")
    out = tmp_path / "results" / "out"
    inputs = ("--station", tmp_path / "bench.yaml", "--source", source)
    done = fairtakt("record", *inputs, "--out", out, *changes.get("more", ()))
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith("fairtakt: ")
    for word in words:
        assert word in line
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_results_that_cannot_be_written_are_one_line(weights, tmp_path):
    (tmp_path / "file").touch()
    station = SAMPLES / "stations" / "empty_bench.yaml"
    done = fairtakt(
        "record",
        "--station",
        station,
        "--source",
        SAMPLES / "empty_bench.mp4",
        "--out",
        tmp_path / "file" / "out",
    )
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr
