"""Runs a benchmark's contenders each in a process of its own, so that none warms up or slows down another."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def run_alone(module: str, name: str) -> dict[str, float]:
    """Run `python -m module name`; its last line is its figures as JSON."""
    done = subprocess.run(
        [sys.executable, "-m", module, name], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise SystemExit(f"{name}: {done.stderr.strip().splitlines()[-1]}")
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def note(text: str) -> None:
    """Say on standard error how far a long benchmark is."""
    print(text, file=sys.stderr, flush=True)
