"""Pages in headless Chromium, served as the product serves them; their pictures lie in out/pages/."""

import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="the extra server is not installed")

import uvicorn

from api.viewer import COOKIE
from storage.sql.plant import Site, add_site
from tests.api.plant import Plant
from tests.api.site_in_memory import MemorySite
from tests.api.viewers import Viewers
from tests.consent.conftest import MemoryFiles
from tests.consent.world import World

PATIENCE_MS = 90_000
"""A shared machine may take its time."""
OUT = Path(__file__).resolve().parents[3] / "out" / "pages"


@contextmanager
def serving(app):
    """Serve an application on loopback; gives its address."""
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=0,
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        threading.Event().wait(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)


@pytest.fixture
def world(tmp_path):
    """A plant whose pages anybody of the test can open: `world.viewers.add(Role.…)` gives a token."""
    address = f"sqlite:///{tmp_path}/plant.db"
    with Plant(address, accounts=Viewers, secure=False, data=tmp_path) as opened:
        yield opened


@pytest.fixture
def agreed_world(tmp_path):
    """The same with a site in memory whose agreement is in force, at its time; `world.site` is its log."""
    site = MemorySite(World(MemoryFiles()).founded().agreed().enrolled())
    with Plant(
        f"sqlite:///{tmp_path}/plant.db",
        accounts=Viewers,
        secure=False,
        data=tmp_path,
        site=site,
        start_ms=site.world.now_ms,
    ) as opened:
        opened.site, opened.site_name = site, site.world.agreement.site
        add_site(opened.database, Site(opened.site_name, site.world.agreement.time_zone))
        yield opened


class Looker:
    """Opens pages as somebody; at the end nothing was complained of, and no other host was asked."""

    def __init__(self, browser, address):
        self._browser, self.address = browser, address
        self._contexts, self._complaints, self._requests = [], [], []

    def open(
        self, path, token=None, *, language="en", dark=False, width=1280, height=900, expected=(), **options
    ):
        """Return a Playwright page. `expected`: parts of console messages that may come."""
        context = self._browser.new_context(
            locale={"en": "en-GB", "de": "de-DE"}[language],
            color_scheme="dark" if dark else "light",
            viewport={"width": width, "height": height},
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(PATIENCE_MS)
        self._contexts.append(context)
        if token is not None:
            context.add_cookies([{"name": COOKIE, "value": token, "url": self.address}])
        page = context.new_page()
        page.on("console", lambda message: self._told(message, expected))
        page.on("pageerror", lambda error: self._complaints.append(str(error)))
        page.on("request", lambda request: self._requests.append(request.url))
        page.goto(f"{self.address}{path}")
        return page

    def _told(self, message, expected):
        if message.type in {"error", "warning"} and not any(part in message.text for part in expected):
            self._complaints.append(message.text)

    def picture(self, page, name):
        """Keep a picture of the whole page below out/pages/ for people to look at."""
        OUT.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=OUT / f"{name}.png", full_page=True)

    def check_access(self, page):
        """Hold a page to what axe-core knows of labels, contrast, names and order; and to its own width."""
        from axe_playwright_python.sync_playwright import Axe

        before = len(self._complaints)
        found = Axe().run(page).response["violations"]
        # axe measures contrast with styles of its own, which our policy blocks: no complaint about the page.
        self._complaints[before:] = [one for one in self._complaints[before:] if "inline style" not in one]
        told = [(one["id"], [node["html"][:160] for node in one["nodes"]][:3]) for one in found]
        assert told == []
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"the page is {wide} pixels wider than its window"

    def close(self):
        for context in self._contexts:
            context.close()
        assert self._complaints == []
        assert [url for url in self._requests if not url.startswith((self.address, "data:", "blob:"))] == []


@pytest.fixture
def looker(browser, request):
    """Open pages of the test's world."""
    name = next(one for one in ("kiosk", "agreed_world", "world") if one in (*request.fixturenames, "world"))
    with serving(request.getfixturevalue(name).app) as address:
        opened = Looker(browser, address)
        yield opened
        opened.close()
