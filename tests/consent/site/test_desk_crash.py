"""A server that is killed has answered for no entry that is not in the log."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
KILLS = 25


def test_no_kill_leaves_an_answer_without_its_entry(tmp_path):
    script = Path(__file__).with_name("kill_desk.py")
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
    assert report["answered"] > KILLS
    # Kills that came between the disk and the answer: an entry without an answer is what they may leave.
    assert report["unanswered"] > 0
