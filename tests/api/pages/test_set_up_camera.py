"""The camera in the browser: after the log and never without the sign, closed by whatever is in doubt."""

import pytest

from api.policy import Role
from consent.entries.bodies import AgreementSuspended, SetUpClosed, SetUpOpened
from tests.api.pages.conftest import Looker, serving
from tests.api.pages.test_set_up import editor, settled, text_of, until  # noqa: F401
from tests.api.set_up.conftest import TEXT
from tests.api.set_up.test_sessions import permit
from tests.consent.world import STATION

FAKE = ["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
PATH = f"/set-up/{STATION.replace(' ', '%20')}"


@pytest.fixture(scope="module")
def with_camera(browser, chromium):
    """A browser with a camera that shows a test picture."""
    opened = browser.browser_type.launch(executable_path=chromium, args=FAKE)
    yield opened
    opened.close()


@pytest.fixture
def looker_at(with_camera, agreed_world):
    with serving(agreed_world.app) as address:
        opened = Looker(with_camera, address)
        yield opened
        opened.close()


@pytest.fixture
def page(editor, looker_at, request):  # noqa: F811
    """The editor where a camera is permitted, with the camera's part unfolded."""
    permit(editor.world)
    editor.keep(TEXT)
    token = editor.world.viewers.add(Role.ENGINEER)
    opened = looker_at.open(PATH, token, expected=getattr(request, "param", ()))
    opened.locator("svg.zones").wait_for()
    opened.locator("summary", has_text="Open the camera").click()
    return opened


def begin(page):
    page.locator("#camera-open").click()
    page.get_by_role("dialog").get_by_role("button", name="Confirm").click()


def said(editor, kind):  # noqa: F811
    return [logged.entry.body for logged in editor.world.site.recent(kind)]


def closed(page, words):
    page.locator("#camera-outcome", has_text=words).wait_for()
    assert not page.locator("#camera-sign").is_visible()
    assert page.evaluate("document.getElementById('camera').srcObject") is None


def test_where_it_is_not_agreed_there_is_no_camera_and_the_browser_knows(editor, looker_at):  # noqa: F811
    editor.keep(TEXT)
    page = looker_at.open(
        PATH, editor.world.viewers.add(Role.ENGINEER), language="de", expected=["Permissions policy"]
    )
    page.locator("svg.zones").wait_for()
    page.locator("summary", has_text="Kamera öffnen").click()
    assert page.get_by_text("Die Kamera bleibt hier zu.").is_visible()
    assert page.get_by_text("does not give the role industrial engineer the view").is_visible()
    assert page.locator("#camera-open").count() == 0
    error = page.evaluate("navigator.mediaDevices.getUserMedia({video: true}).catch((error) => error.name)")
    assert error == "NotAllowedError"
    looker_at.check_access(page)
    looker_at.picture(page, "set-up-camera-refused")


def test_a_camera_is_opened_with_a_sign_and_no_picture_leaves_the_browser(page, editor, looker_at):  # noqa: F811
    sent = []
    page.on("request", lambda request: sent.append(request))
    page.locator("#camera-open").click()
    assert "the works council reads it" in page.get_by_role("dialog").inner_text()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    assert said(editor, SetUpOpened) == []
    begin(page)
    page.locator("#camera:visible").wait_for()
    sign = page.locator("#camera-sign")
    assert "Camera open: the station is being set up" in sign.inner_text()
    assert "4:5" in sign.inner_text() or "5:00" in sign.inner_text()
    (entry,) = said(editor, SetUpOpened)
    assert entry.station == STATION
    until(page, "document.getElementById('camera').videoWidth > 0")
    page.evaluate("scrollTo(0, 0)")
    looker_at.check_access(page)
    looker_at.picture(page, "set-up-camera")
    # The zone is drawn on what the camera shows.
    page.get_by_role("button", name="Rectangle").click()
    settled(page)
    page.wait_for_timeout(4500)  # two more answers of the server
    page.get_by_role("button", name="Take a still").click()
    page.locator("#picture:visible").wait_for()
    closed(page, "The camera is closed.")
    until_said(page, editor)
    assert said(editor, SetUpClosed)[0].because == "closed by hand"
    assert "zone" in text_of(page)
    web = [request for request in sent if not request.url.startswith(("blob:", "data:"))]
    assert sum("/v1/set-up-sessions/" in request.url for request in web) >= 3
    for request in web:
        assert len(request.post_data_buffer or b"") < 5000
        assert not request.headers.get("content-type", "application/json").startswith(("image", "video"))


def until_said(page, editor, kind=SetUpClosed):  # noqa: F811
    for _ in range(200):
        if said(editor, kind):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"nobody said {kind.__name__}")


def counting(page, *, refuse=False):
    """Count how often the camera is asked for; or have the browser give none."""
    page.evaluate(
        """(refuse) => {
            window.asked = 0;
            const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
            navigator.mediaDevices.getUserMedia = (wanted) => {
                window.asked += 1;
                return refuse ? Promise.reject(new DOMException("none", "NotFoundError")) : real(wanted);
            };
        }""",
        refuse,
    )


@pytest.mark.parametrize("page", [["503"]], indirect=True)
def test_what_the_log_does_not_take_in_opens_no_camera(page, editor):  # noqa: F811
    counting(page)
    editor.world.site.full = "the disk is full"
    begin(page)
    page.locator("#camera-trouble", has_text="The log does not take the entry in").wait_for()
    assert page.evaluate("window.asked") == 0
    assert not page.locator("#camera-sign").is_visible()
    assert said(editor, SetUpOpened) == []


def test_a_browser_that_gives_no_camera_ends_the_session(page, editor):  # noqa: F811
    counting(page, refuse=True)
    begin(page)
    page.locator("#camera-trouble", has_text="The browser gives no camera").wait_for()
    assert page.evaluate("window.asked") == 1
    closed(page, "The camera is closed.")
    until_said(page, editor)


@pytest.mark.parametrize("page", [["404"]], indirect=True)
def test_a_suspension_closes_the_camera_within_seconds(page, editor):  # noqa: F811
    begin(page)
    page.locator("#camera:visible").wait_for()
    site = editor.world.site.world
    site.act(AgreementSuspended(agreement=site.hash), site.council)
    closed(page, "Not permitted any more; the camera is closed.")
    until_said(page, editor)
    assert said(editor, SetUpClosed)[0].because == "not permitted any more"


@pytest.mark.parametrize("page", [["net::ERR_FAILED"]], indirect=True)
def test_a_server_that_does_not_answer_closes_the_camera(page):
    begin(page)
    page.locator("#camera:visible").wait_for()
    page.route("**/v1/set-up-sessions/*", lambda route: route.abort())
    closed(page, "The server does not answer; the camera is closed.")


def test_a_page_that_cannot_be_seen_has_no_camera(page, editor):  # noqa: F811
    begin(page)
    page.locator("#camera:visible").wait_for()
    page.evaluate(
        """() => {
            Object.defineProperty(document, "hidden", { value: true, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    closed(page, "The page could not be seen; the camera is closed.")
    until_said(page, editor)


def test_whoever_leaves_the_page_leaves_no_camera_behind(page, editor, looker_at):  # noqa: F811
    begin(page)
    page.locator("#camera:visible").wait_for()
    page.goto(f"{looker_at.address}/set-up")
    editor.world.steady_s += 16
    until_said(page, editor)
    assert said(editor, SetUpClosed)[0].because == "the page was left"
