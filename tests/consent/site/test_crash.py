"""An operator that is killed at any moment loses no act and takes none in twice."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
KILLS = 60


def test_sixty_kills_lose_nothing_and_repeat_nothing(tmp_path):
    script = Path(__file__).with_name("kill_operator.py")
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path), str(KILLS), "1"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["kills"] == KILLS
    assert report["acts"] > KILLS
    # Kills that came where it matters: some are made to, others may.
    assert report["between"] > 5
