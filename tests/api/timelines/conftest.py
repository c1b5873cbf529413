"""A page in headless Chromium, on a loopback server that sends the strict headers of the plant server."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

MODULES = Path(__file__).resolve().parents[3] / "api" / "static" / "timelines"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:"


class Handler(SimpleHTTPRequestHandler):
    """Static files, as strictly as the server will send them."""

    def end_headers(self):
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def log_message(self, format, *args):  # noqa: A002 - the name of the overridden method
        """Say nothing."""


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(MODULES)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def opened(browser, address):
    """Open the example page; at the end nothing was complained of, and no other host was asked."""
    contexts, complaints, requests = [], [], []

    def open_page(query="", expected=(), **options):
        options = {"viewport": {"width": 1200, "height": 900}, **options}
        context = browser.new_context(locale="en-GB", timezone_id="America/New_York", **options)
        context.set_default_timeout(90_000)  # a shared machine may take its time
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append((message.text, expected)))
        page.on("pageerror", lambda error: complaints.append((str(error), ())))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(f"{address}/example.html?{query}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    strange = [text for text, allowed in complaints if not any(part in text for part in allowed)]
    assert strange == []
    assert [url for url in requests if not url.startswith((address, "data:,"))] == []


@pytest.fixture
def shown(opened):
    """Open the example page and wait for its first picture and its tables."""

    def show(query="", **options):
        page = opened(query, **options)
        page.locator("ft-timeline.drawn").wait_for()
        page.locator("ft-timeline .legend table").wait_for()
        return page

    return show


@pytest.fixture(scope="module")
def module_page(browser, address):
    page = browser.new_page()
    page.goto(f"{address}/example.html?n=100")
    yield page
    page.close()


@pytest.fixture
def run(module_page):
    """Run a JavaScript function body with modules in scope; `args` is its argument, BigInt becomes int."""

    def call(modules, body, args=None):
        names = ", ".join(modules)
        imports = ", ".join(f"import('./{name}.js')" for name in modules)
        code = f"async (args) => {{ const [{names}] = await Promise.all([{imports}]); {body} }}"
        return module_page.evaluate(code, args)

    return call
