"""A scenario that is not right is refused in one line that names the file and the key."""

from pathlib import Path

import pytest

from productivity.errors import BadInput
from sample_videos.render import main, scenario_paths
from sample_videos.scenario import load_scenario
from sample_videos.stage import Stage

GOOD = (Path(__file__).resolve().parents[2] / "sample_videos" / "two_workers.yaml").read_text(
    encoding="utf-8"
)


def written(folder: Path, text: str) -> Path:
    path = folder / "two_workers.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_committed_scenarios_can_be_played():
    for path in scenario_paths():
        assert Stage(load_scenario(path)).frame_count > 0


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("seed: 23", "seed: 23\nsead: 24", "sead"),
        ("noise: 2.5", "noise: 2.5, grain: 1.0", "sensor.grain"),
        ("tilt_deg: 9.9", "tilt_deg: steep", "camera.tilt_deg"),
        ("part handling: 3.2", "part handling: -3.2", "stations.0.script.0.cycle.part handling"),
        ("part handling: 3.2", "part folding: 3.2", "stations.0.script.0.cycle.part folding"),
        ("- break: 24.6", "- {break: 24.6, material transport: 9.0}", "stations.1.script.2"),
        ("- break: 24.6", "- brake: 24.6", "stations.1.script.2.brake"),
        ("holder: {at_m: [0.44, -0.30, 1.76], stand_m: 0.14}", "", "expected holder, which the script needs"),
        ('shirt: "#e0c25a"', "shirt: yellow", "stations.0.worker.shirt"),
        ("name: two_workers", "name: three_workers", "name: expected two_workers, found three_workers"),
    ],
)
def test_a_wrong_scenario_is_refused_with_file_and_key(tmp_path, old, new, key):
    assert old in GOOD
    path = written(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(BadInput) as refused:
        load_scenario(path)
    text = str(refused.value)
    assert str(path) in text
    assert key in text
    assert "\n" not in text


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("screwing: 5.4", "screwing: 2.0", "screwing"),
        ("part handling: 2.8", "part handling: 0.3", "part handling at"),
        ("- material transport: 9.8", "- material transport: 4.0", "material transport at"),
    ],
)
def test_a_script_that_is_too_fast_is_refused_with_the_state(tmp_path, old, new, what):
    scenario = load_scenario(written(tmp_path, GOOD.replace(old, new, 1)))
    with pytest.raises(BadInput, match=what) as refused:
        Stage(scenario)
    assert "two_workers.yaml: stations.0.script" in str(refused.value)


@pytest.mark.parametrize("text", ["a: [", "- just\n- a list", "", "\x00"])
def test_what_is_no_scenario_at_all_is_refused_in_one_line(tmp_path, text):
    with pytest.raises(BadInput) as refused:
        load_scenario(written(tmp_path, text))
    assert "\n" not in str(refused.value)


def test_the_command_fails_with_status_2_and_leaves_nothing(tmp_path, capsys):
    path = written(tmp_path, GOOD.replace("seed: 23", "seed: 23\nsead: 24"))
    assert main([str(path), "--out", str(tmp_path / "out")]) == 2
    assert main([str(tmp_path / "absent.yaml"), "--out", str(tmp_path / "out")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2
    assert not (tmp_path / "out").exists()
