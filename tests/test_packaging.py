"""What is in the wheel, and that the repository's front door says the truth about itself."""

import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    pytest.importorskip("uv_build", reason="the build backend is not installed")
    out = tmp_path_factory.mktemp("wheel")
    code = f"import uv_build; print(uv_build.build_wheel({str(out)!r}))"
    path = os.pathsep.join(
        [str(Path(sys.executable).parent), os.environ.get("PATH", "")]
    )  # uv_build's program
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return next(out.glob("*.whl"))


def test_the_wheel_holds_the_rooms_and_nothing_else(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    rooms = set(PROJECT["tool"]["uv"]["build-backend"]["module-name"])
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == rooms
    assert not [name for name in names if name.endswith((".mp4", ".onnx", ".tflite", ".task"))]
    assert not [name for name in names if "test" in name.split("/")[0]]


def test_the_wheel_holds_the_data_that_the_code_reads(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert "models/weights.toml" in names
    for folder in ("reports/templates/", "consent/agreement/templates/", "consent/audit/templates/"):
        assert [name for name in names if name.startswith(folder)], folder
    assert "consent/grants/receipt.schema.json" in names
    assert "api/static/timelines/timeline.js" in names


def test_every_room_is_packaged_and_layered():
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"sample_videos", "benchmarks"}
    assert rooms == set(PROJECT["tool"]["uv"]["build-backend"]["module-name"])
    assert rooms == set(PROJECT["tool"]["importlinter"]["root_packages"])


def test_each_dependency_says_why_it_is_there():
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    bare = [line for line in lines if line.startswith('  "') and ">=" in line and "#" not in line]
    assert bare == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-spark.lock"])
def test_locks_hold_hashes_and_no_address(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert "index-url" not in text
    packages = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert packages
    assert all("==" in line and line.endswith("\\") for line in packages)
