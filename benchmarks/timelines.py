"""The timelines component with 100,000 intervals in headless Chromium: `python -m benchmarks.timelines`.

Each run opens the example page anew with its data served as JSON from a loopback server. Medians of several
runs, because a shared machine has bad moments. Writes out/bench/timelines.json.

    first paint    from the start of the navigation until the second frame after the first drawing
    pan            frames per second while the view moves at each frame; half, a tenth, a hundredth is shown
    slowest        the longest time between two of those frames, at the 99th percentile
"""

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "out" / "bench" / "timelines.json"
CHROMIUM = Path("/usr/bin/chromium")
INTERVALS, STATIONS, ROUNDS, FRAMES = 100_000, 40, 5, 180
GOAL_PAINT_MS, GOAL_FRAMES = 1_000, 50
DEPTHS = {"half": 0.5, "tenth": 0.1, "hundredth": 0.01}
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:"

_WAIT = """addEventListener("ft-ready", () => requestAnimationFrame(() => requestAnimationFrame(() => {
  window.firstPaint = performance.now();
})))"""
_PAINTED = """async () => {
  while (!window.firstPaint) await new Promise(requestAnimationFrame);
  return window.firstPaint;
}"""
_PAN = """async ([part, frames]) => {
  const element = document.querySelector("ft-timeline");
  const frame = () => new Promise(requestAnimationFrame);
  element.zoomTo(part);
  for (let i = 0; i < 10; i += 1) await frame();
  const times = [];
  for (let i = 0; i < frames; i += 1) {
    element.panBy(i % 90 < 45 ? 9 : -9);
    times.push(await frame());
  }
  element.zoomTo(1);
  const gaps = times.slice(1).map((time, i) => time - times[i]).sort((a, b) => a - b);
  const span = times.at(-1) - times[0];
  return { fps: (1000 * (frames - 1)) / span, slowest: gaps[Math.floor(0.99 * gaps.length)] };
}"""
_DATA = """async ([count, stations]) => {
  const { generate } = await import("./example-data.js");
  return JSON.stringify(generate({ count, stations }));
}"""


class _Handler(SimpleHTTPRequestHandler):
    """The component's files, and the data that the benchmark had generated."""

    data = b""

    def do_GET(self) -> None:
        """Answer one request."""
        if self.path != "/served.json":
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(self.data)))
        self.end_headers()
        self.wfile.write(self.data)

    def end_headers(self) -> None:
        """Send the headers that the plant server will send."""
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def _served() -> Iterator[str]:
    directory = str(ROOT / "api" / "static" / "timelines")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=directory))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def _generate(browser: "Browser", address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}/example.html?data=empty")
    _Handler.data = page.evaluate(_DATA, [INTERVALS, STATIONS]).encode()
    page.close()


def _run(browser: "Browser", address: str) -> dict[str, float]:
    context = browser.new_context(viewport={"width": 1600, "height": 900})
    page = context.new_page()
    page.add_init_script(_WAIT)
    page.goto(f"{address}/example.html?data=served")
    figures = {"first_paint_ms": float(page.evaluate(_PAINTED))}
    page.wait_for_timeout(500)
    for name, part in DEPTHS.items():
        panned = page.evaluate(_PAN, [part, FRAMES])
        figures[f"pan_{name}_fps"] = panned["fps"]
        figures[f"pan_{name}_slowest_ms"] = panned["slowest"]
    context.close()
    return figures


def main() -> int:
    """Measure, print, write; exit status 1 if a goal is missed, 2 if there is no browser."""
    if not CHROMIUM.exists():
        print("benchmarks.timelines: expected Debian's chromium, found none", file=sys.stderr)
        return 2
    from playwright.sync_api import sync_playwright  # only here: the other benchmarks do without

    with _served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        _generate(browser, address)
        runs = [_run(browser, address) for _ in range(ROUNDS)]
        browser.close()
    figures = {name: round(median(run[name] for run in runs), 1) for name in runs[0]}
    slowest = min(value for name, value in figures.items() if name.endswith("_fps"))
    OUT.parent.mkdir(parents=True, exist_ok=True)
    written = {"intervals": INTERVALS, "rows": STATIONS, "runs": ROUNDS, **figures, "pan_fps": slowest}
    OUT.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
    _show(figures)
    return 0 if figures["first_paint_ms"] < GOAL_PAINT_MS and slowest >= GOAL_FRAMES else 1


def _show(figures: dict[str, float]) -> None:
    title = f"timelines, {INTERVALS:,} intervals in {STATIONS} rows, median of {ROUNDS} runs"
    table = Table("measure", "figure", "goal", title=title)
    table.add_row("first paint, ms", f"{figures['first_paint_ms']:.0f}", f"< {GOAL_PAINT_MS:,}")
    for name in DEPTHS:
        table.add_row(
            f"pan, {name} of the time shown, frames/s",
            f"{figures[f'pan_{name}_fps']:.1f}",
            f">= {GOAL_FRAMES}",
        )
        table.add_row("  slowest frame (99 %), ms", f"{figures[f'pan_{name}_slowest_ms']:.1f}", "")
    Console().print(table)


if __name__ == "__main__":
    sys.exit(main())
