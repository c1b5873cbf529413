"""The works council's page: one press suspends, the browser verifies the log, and no person is shown."""

import pytest

from api.policy import Role
from consent.agreement.lifecycle import State
from consent.agreement.vocabulary import Role as Agreed
from consent.agreement.vocabulary import View
from consent.entries.bodies import AccessViewed, AgreementActivated, SetUpOpened
from consent.site.stop_orders import sign_stop_orders
from tests.api.plant import is_problem
from tests.consent.world import STATION


@pytest.fixture
def council(agreed_world):
    agreed_world.token = agreed_world.viewers.add(Role.COUNCIL)
    agreed_world.site.world.cosigned()
    return agreed_world


def ask(council, method, path, **more):
    return council.ask(method, path, headers=council.viewers.headers(council.token), **more)


def orders(council, count=3):
    world = council.site.world
    instants = range(world.now_ms, world.now_ms + count)
    return sign_stop_orders(world.hash, world.state.log, instants, world.council)


def deposit(council, content):
    headers = {**council.viewers.headers(council.token), "Content-Type": "application/json"}
    return council.ask("POST", "/v1/stop-orders", headers=headers, content=content)


def standing(council):
    world = council.site.world
    return world.state.agreements[world.hash].state


def test_a_press_suspends_with_an_order_that_the_council_signed(council):
    assert deposit(council, orders(council)).json() == {"new": 3}
    answer = ask(council, "POST", f"/v1/agreements/{council.site.world.hash}/suspend")
    assert answer.json() == {"agreement": council.site.world.hash, "logged": True}
    assert standing(council) is State.SUSPENDED
    signed = council.site.world.entries[-1].act.signed_by([council.site.world.council.verifier])
    assert signed == {council.site.world.council.verifier}


def test_a_press_without_orders_says_how_else_to_stop(council):
    detail = is_problem(
        ask(council, "POST", f"/v1/agreements/{council.site.world.hash}/suspend"), 409, "conflict"
    )
    assert "fairtakt agreement suspend" in detail
    assert standing(council) is State.ACTIVE


@pytest.mark.parametrize("content", [b"", b"no", b"{}", b"[]", b'["x"]', b"\xff", b"[" * 5000])
def test_what_is_no_file_of_orders_is_refused(council, content):
    answer = deposit(council, content)
    assert answer.status_code in {400, 422}, answer.text
    assert deposit(council, orders(council, 1)).json() == {"new": 1}


@pytest.mark.parametrize("role", [Role.ENGINEER, Role.MANAGER, Role.ADMINISTRATOR, Role.WORKER])
def test_nobody_else_presses(council, role):
    deposit(council, orders(council))
    headers = council.viewers.headers(council.viewers.add(role))
    path = f"/v1/agreements/{council.site.world.hash}/suspend"
    is_problem(council.ask("POST", path, headers=headers), 403, "forbidden")
    assert standing(council) is State.ACTIVE


def test_accesses_come_newest_first_in_pages_and_name_roles_only(council):
    for number in range(40):
        council.site.say(
            AccessViewed(role=Agreed.ENGINEER, who=f"{number:064x}", view=View.TIMELINES, station=STATION)
        )
    first = ask(council, "GET", "/v1/accesses").json()
    rest = ask(council, "GET", f"/v1/accesses?before={first['before']}").json()
    seen = [one["entry"] for one in first["accesses"] + rest["accesses"]]
    assert (len(seen), rest["before"]) == (40, None)
    assert seen == sorted(seen, reverse=True)
    assert set(first["accesses"][0]) == {"entry", "at_ms", "role", "view", "station"}


def test_a_camera_that_was_opened_to_set_a_station_up_is_an_access(council):
    site = council.site.world
    see = {"role": "industrial engineer", "may_see": ["set-up pictures"]}
    others = [
        one
        for one in site.agreement.model_dump(mode="json")["access"]
        if one["role"] != "industrial engineer"
    ]
    name = site.propose(site.next_version(access=[*others, see]))
    site.act(AgreementActivated(agreement=name), site.employer)
    council.site.say(
        SetUpOpened(
            session="ab" * 16, role=Agreed.ENGINEER, who="0" * 64, station=STATION, agreement=name, minutes=5
        )
    )
    (seen,) = ask(council, "GET", "/v1/accesses").json()["accesses"]
    assert (seen["role"], seen["view"], seen["station"]) == (
        "industrial engineer",
        "set-up pictures",
        STATION,
    )
    headers = council.viewers.headers(council.token, page=True) | {"Accept-Language": "de"}
    page = council.ask("GET", "/council", headers=headers).text
    assert "Kamerabilder beim Einrichten eines Arbeitsplatzes" in page


@pytest.mark.parametrize(("language", "dark", "width"), [("en", False, 1280), ("de", True, 360)])
def test_the_page_is_usable(council, looker, language, dark, width):
    deposit(council, orders(council))
    council.site.say(AccessViewed(role=Agreed.ENGINEER, who="0" * 64, view=View.TIMELINES, station=STATION))
    page = looker.open("/council", council.token, language=language, dark=dark, width=width)
    for details in page.locator("details").all():
        details.evaluate("element => { element.open = true }")
    looker.check_access(page)
    looker.picture(page, f"council-{language}")


def test_the_button_stops_with_one_press(council, looker):
    deposit(council, orders(council))
    page = looker.open("/council", council.token, language="de")
    page.get_by_role("button", name="Jetzt anhalten").click()
    page.get_by_text("Nichts wird aufgezeichnet.").wait_for()
    assert standing(council) is State.SUSPENDED
    looker.check_access(page)
    looker.picture(page, "council-suspended-de")


def test_orders_are_deposited_by_file(council, looker, tmp_path):
    file = tmp_path / "stop-orders.json"
    file.write_bytes(orders(council, 2))
    page = looker.open("/council", council.token)
    page.get_by_text("No stop order is deposited").wait_for()
    page.get_by_text("Deposit stop orders").click()
    page.get_by_label("File of stop orders").set_input_files(file)
    page.get_by_role("button", name="Deposit", exact=True).click()
    page.get_by_role("button", name="Suspend now").wait_for()
    assert page.get_by_text("Stop orders deposited: 2").count() == 1


def verify(page, council, *, log=None, witness=None, earlier=""):
    world = council.site.world
    page.get_by_label("Key of the log").fill(str(world.log.verifier) if log is None else log)
    page.get_by_label("Key of the witness").fill(str(world.witness.verifier) if witness is None else witness)
    page.get_by_label("An earlier root").fill(earlier)
    page.get_by_role("button", name="Verify").click()
    page.locator("#verify button:enabled").wait_for()
    return page.locator("#found li").all_inner_texts(), page.locator("#found li.bad").count()


def test_the_browser_verifies_the_log_and_keeps_a_root_for_next_time(council, looker):
    for number in range(600):  # more than two bundles
        council.site.world.own(AccessViewed(role=Agreed.ENGINEER, who=f"{number:064x}", view=View.LOG))
    council.site.world.cosigned()
    page = looker.open("/council", council.token)
    told, bad = verify(page, council)
    assert bad == 0, told
    size = council.site.world.state.size
    assert f"All {size} entries make exactly the signed root." in told
    assert any(f"co-signed the first {size} entries" in line for line in told)
    kept = told[-1].partition(": ")[2]
    council.site.world.own(AccessViewed(role=Agreed.ENGINEER, who="f" * 64, view=View.LOG))
    told, bad = verify(page, council, earlier=kept)
    assert bad == 0, told
    assert any(f"The first {size} entries make the earlier root" in line for line in told)
    looker.picture(page, "council-verified")


def test_the_browser_finds_a_changed_entry_a_forged_past_and_foreign_keys(council, looker):
    world = council.site.world
    page = looker.open("/council", council.token, expected=("404",))
    told, bad = verify(page, council, earlier=f"2 {'A' * 43}=")
    assert bad == 1
    assert "The first entries do not make the earlier root: the past was changed." in told
    other = str(world.council.verifier).replace("council", "log")
    for keys in ({"log": other}, {"log": "nothing"}, {"witness": str(world.log.verifier)}):
        told, bad = verify(page, council, **keys)
        assert bad, (keys, told)
    bundle = f"tile/entries/000.p/{world.state.size}"
    content = world.files.read(bundle)
    world.files.files[bundle] = content.replace(b"agreement", b"Agreement", 1)
    told, bad = verify(page, council)
    assert bad, told
    assert any("another root" in line for line in told)


def test_the_page_works_while_the_log_is_not_believed(council, looker):
    deposit(council, orders(council))
    council.site.unusable = "log does not verify"
    page = looker.open("/council", council.token)
    page.get_by_text("The log cannot be believed or read now.").wait_for()
    looker.check_access(page)


@pytest.mark.parametrize(
    ("role", "language", "dark", "width"),
    [(Role.WORKER, "de", False, 360), (Role.MANAGER, "en", True, 1280)],
)
def test_everybody_reads_the_agreement(agreed_world, looker, role, language, dark, width):
    token = agreed_world.viewers.add(role, station=STATION if role is Role.WORKER else None)
    page = looker.open("/agreement", token, language=language, dark=dark, width=width)
    page.locator("article.agreement").wait_for()
    looker.check_access(page)
    looker.picture(page, f"agreement-{language}")


def test_where_nothing_is_agreed_the_page_says_so(world):
    token = world.viewers.add(Role.MANAGER)
    page = world.ask("GET", "/agreement", headers=world.viewers.headers(token, page=True))
    assert "The log is out of reach" in page.text
