"""A clip in the browser: tried by the real recorder, played from the browser's own file, both in step."""

import os
import sys
import time
from pathlib import Path

import av
import pytest

from capture.clip import trial as module
from tests.api.pages.test_set_up import editor, looker_at, opened, until  # noqa: F401
from tests.api.set_up.conftest import TEXT
from tests.consent.world import STATION

ROOT = Path(__file__).resolve().parents[3]
BENCH = (ROOT / "sample_videos" / "stations" / "left_bench.yaml").read_text(encoding="utf-8")
CLIP_S = 12


@pytest.fixture(scope="session")
def clip(tmp_path_factory):
    """The first seconds of the rendered sample with two workers, its packets copied."""
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    with (
        av.open(str(ROOT / "sample_videos" / "two_workers.mp4")) as source,
        av.open(str(path), "w") as target,
    ):
        video = source.streams.video[0]
        copied = target.add_stream_from_template(video)
        for packet in source.demux(video):
            if packet.pts is not None and packet.pts * packet.time_base < CLIP_S:
                packet.stream = copied
                target.mux(packet)
    return path


def begin(page, clip):
    page.set_input_files("#clip-file", str(clip))
    assert page.locator("#clip-go").is_disabled(), "not before it is said who can be seen"
    page.locator("#clip-agreed").check()
    page.locator("#clip-go").click()


def now(page):
    return float(page.locator(".clip-chart").get_attribute("aria-valuenow"))


@pytest.mark.usefixtures("weights")
def test_the_states_of_a_clip_are_drawn_and_the_cursor_goes_with_the_video(opened, clip, looker_at):  # noqa: F811
    page = opened(BENCH.replace("name: left_bench", f"name: {STATION}"))
    assert "forgotten at once" in page.locator("section.card").first.inner_text()
    assert "Only recordings of yourself" in page.locator("section.card").first.inner_text()
    begin(page, clip)
    page.locator(".clip-chart").wait_for(timeout=120_000)
    looker_at.check_access(page)
    assert page.locator("#clip-result video").get_attribute("src").startswith("blob:")
    until(page, "document.querySelector('#clip-result video').readyState >= 2")
    chart = page.locator(".clip-chart")
    titles = chart.locator("title").all_text_contents()
    assert any(title.startswith("part handling, 0:00.0") for title in titles)
    assert any(title.startswith("manual assembly") for title in titles)
    # The video leads the cursor …
    page.evaluate("document.querySelector('#clip-result video').currentTime = 5")
    until(page, "document.querySelector('.clip-chart').ariaValueNow === '5.0'")
    assert "manual assembly" in chart.get_attribute("aria-valuetext")
    # … the keys on the chart lead the video …
    chart.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    until(page, "document.querySelector('#clip-result video').currentTime === 2")
    assert chart.get_attribute("aria-valuetext") == "0:02.0: part handling"
    page.keyboard.press(".")
    assert now(page) > 2.5
    # … and so does a press on a row of the table.
    page.locator("#clip-result details summary").click()
    page.get_by_role("button", name="Go to 0:00.0").click()
    assert now(page) == 0.0
    looker_at.check_access(page)
    looker_at.picture(page, "set-up-clip-result")
    # The frame can be drawn on, and never leaves the browser.
    page.get_by_role("button", name="Draw on this picture").click()
    page.locator("#picture:visible").wait_for()
    # A change of the file makes the result one of the past.
    assert not page.locator("#clip-old").is_visible()
    page.get_by_role("button", name="Rectangle").click()
    page.locator("#clip-old").wait_for()
    page.get_by_role("button", name="Undo").click()
    page.locator("#clip-old").wait_for(state="hidden")


WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
written: list[str] = []
listening = False


def listen(event, arguments):
    if not listening:
        return
    if event == "open":
        path, mode, flags = arguments
        opens = not isinstance(path, int) and path != "/dev/null"  # a number: open already, a pipe
        if opens and ((flags and flags & WRITING) or set(mode or "") & set("wax+")):
            written.append(str(path))
    elif event.startswith("tempfile.") or event in {"os.mkdir", "os.rename", "os.link"}:
        written.append(event)


@pytest.mark.usefixtures("weights")
def test_the_server_writes_nothing_while_it_has_the_clip(opened, clip, tmp_path):  # noqa: F811
    """The process that decodes may not write, by order of the kernel; this is the one that receives."""
    global listening
    page = opened(BENCH.replace("name: left_bench", f"name: {STATION}"))
    sys.addaudithook(listen)  # it stays for the rest of the process, so it only listens while asked to
    listening = True
    (tmp_path / "probe").write_bytes(b"")
    assert written == [str(tmp_path / "probe")], "it would notice"
    begin(page, clip)
    page.locator(".clip-chart").wait_for(timeout=120_000)
    listening = False
    assert written == [str(tmp_path / "probe")]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import os; os.kill(os.getpid(), 11)", "Der Decoder ist an dieser Datei abgestürzt"),
        (
            'print(\'{"kind": "refused", "why": "missing", "detail": "no weights: weights fetch"}\')',
            "Auf dem Server fehlt, was zum Ansehen nötig ist. no weights: weights fetch",
        ),
        (
            'print(\'{"kind": "refused", "why": "clip", "detail": "the clip: clip is too long"}\')',
            "Die Aufnahme ist nicht, was sie sein muss. the clip: clip is too long",
        ),
    ],
    ids=["a crash", "no weights", "another file"],
)
def test_why_nothing_came_of_it_is_told(opened, clip, looker_at, monkeypatch, code, words):  # noqa: F811
    monkeypatch.setattr(module, "_CODE", code)
    page = opened(language="de")
    begin(page, clip)
    page.locator("#clip-trouble", has_text=words).wait_for()
    page.locator("#clip-go:enabled").wait_for()
    assert words in page.locator("#clip-trouble").inner_text()
    assert not page.locator("#clip-result").is_visible()
    looker_at.check_access(page)
    looker_at.picture(page, "set-up-clip-trouble")


def test_a_trial_is_cancelled_and_another_may_begin(opened, editor, clip, monkeypatch):  # noqa: F811
    monkeypatch.setattr(module, "_CODE", "import time\ntime.sleep(600)")
    page = opened(expected=["404", "409"])
    begin(page, clip)
    page.get_by_text("Being watched …").wait_for()
    page.locator("#clip-cancel").click()
    page.locator("#clip-trouble", has_text="Cancelled.").wait_for()
    for _ in range(100):
        answer = editor.world.ask("POST", "/v1/clip-trials", headers=editor.headers, json={"text": TEXT})
        if answer.status_code == 201:
            break
        time.sleep(0.05)
    assert answer.status_code == 201
    page.locator("#clip-go").click()
    page.locator("#clip-trouble", has_text="another clip is being tried").wait_for()


def test_a_file_with_flaws_or_without_end_is_not_sent(opened, clip, tmp_path):  # noqa: F811
    page = opened(TEXT.replace("hand in parts", "hand in part"))
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    begin(page, clip)
    page.locator("#clip-trouble", has_text="The station file still has flaws.").wait_for()
    large = tmp_path / "large.mp4"
    with large.open("wb") as file:
        file.truncate(64 * 1024 * 1024 + 1)
    page.set_input_files("#clip-file", str(large))
    page.locator("#clip-go").click()
    page.locator("#clip-trouble", has_text="larger than 64 MB").wait_for()
    assert [url for url in asked if "clip-trials" in url] == []
