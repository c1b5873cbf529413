"""Signing in, invitations and the own account as people see them, in Chromium."""

import pyotp
import pytest

from api.accounts.accounts import Accounts
from api.accounts.address import parse_address
from api.accounts.offices import add_account
from api.accounts.oidc.settings import load_provider
from api.accounts.passwords import Passwords
from api.accounts.secret import Secret
from api.policy import Role
from cli.handing_in import now_ms
from storage.sql.accounts.invitations import invite
from tests.api.accounts.identity_provider import IdentityProvider, configure
from tests.api.pages.conftest import Looker, serving
from tests.api.plant import Plant
from tests.api.viewers import CHEAP

GOOD = "vier nasse Pferde"
REFUSED = ("status of 403", "status of 422", "status of 429")


class Origin:
    """Hands requests to whichever server runs: the address is known only once it listens."""

    def __init__(self):
        self.app = None

    async def __call__(self, scope, receive, send):
        await self.app(scope, receive, send)


@pytest.fixture
def here(browser, tmp_path):
    """A plant at http://localhost, which browsers make passkeys for, and whoever looks at it."""
    door = Origin()
    with serving(door) as numbered:
        address = numbered.replace("127.0.0.1", "localhost")

        def accounts(database):
            return Accounts(
                database,
                Secret(bytes(32)),
                parse_address(address),
                now_ms=now_ms,
                passwords=Passwords(CHEAP),
            )

        with Plant(f"sqlite:///{tmp_path}/plant.db", accounts=accounts, secure=False, now_ms=now_ms) as plant:
            door.app = plant.app
            looker = Looker(browser, address)
            looker.plant = plant
            yield looker
            looker.close()


def test_from_the_identity_provider_with_a_strict_cookie(browser, tmp_path):
    """Another site's page sends the browser back; that the cookie is there afterwards, browsers decide."""
    door = Origin()
    with IdentityProvider() as idp, serving(door) as numbered:
        address = numbered.replace("127.0.0.1", "localhost")
        idp.claims = {"realm_access": {"roles": ["plant-engineers"]}}
        configured = load_provider(configure(tmp_path, idp, button="Plant account"))

        def accounts(database):
            return Accounts(
                database, Secret(bytes(32)), parse_address(address), now_ms=now_ms, provider=configured
            )

        database = f"sqlite:///{tmp_path}/plant.db"
        with Plant(database, accounts=accounts, secure=False, now_ms=now_ms) as plant:
            door.app = plant.app
            context = browser.new_context(locale="en-GB")
            page = context.new_page()
            page.goto(f"{address}/account")
            page.get_by_role("link", name="Plant account").click()
            page.get_by_role("link", name="Yes, it is me").click()
            page.wait_for_url(f"{address}/account")
            page.get_by_text("signs in at the plant's identity provider").wait_for()
            cookies = {each["name"]: each["sameSite"] for each in context.cookies(address)}
            assert cookies == {"fairtakt": "Strict"}
            context.close()


def invited(here, name, role):
    made = add_account(here.plant.database, name, role, at_ms=now_ms())
    return invite(here.plant.database, made.id, hours=1, at_ms=now_ms())


def accept(here, name, role, **how):
    """Follow an invitation; return the page that comes next."""
    page = here.open("/invitation", **how)
    page.get_by_label("Invitation code").fill(invited(here, name, role).lower())
    page.get_by_label("New password").fill(GOOD)
    page.get_by_role("button", name="Set the password").click()
    return page


def virtual_authenticator(page, **options):
    """An authenticator with a finger on it, by the browser's own test interface (CDP)."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    told = session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
                **options,
            }
        },
    )
    return session, told["authenticatorId"]


def test_from_invitation_to_start_page(here):
    page = accept(here, "engineering", Role.ENGINEER)
    page.get_by_role("heading", level=1).wait_for()
    page.wait_for_url(f"{here.address}/")
    here.check_access(page)


def test_a_weak_password_is_refused_in_words(here):
    page = here.open("/invitation", expected=REFUSED)
    page.get_by_label("Invitation code").fill(invited(here, "engineering", Role.ENGINEER))
    page.get_by_label("New password").fill("Engineering-2026")
    page.get_by_role("button", name="Set the password").click()
    page.get_by_role("alert").filter(has_text="This cannot be a password").wait_for()
    here.check_access(page)


def test_the_council_sets_up_a_passkey_and_signs_in_with_it(here):
    """The real ceremony: Chromium's own WebAuthn against the product."""
    page = accept(here, "works council", Role.COUNCIL)
    page.get_by_text("Your role needs a second factor").wait_for()
    virtual_authenticator(page)
    here.check_access(page)
    page.get_by_label("Label").fill("key in the office")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("rowheader", name="key in the office").wait_for()
    assert page.get_by_text("Your role needs a second factor").count() == 0
    here.check_access(page)
    here.picture(page, "account-en")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{here.address}/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").first.click()
    page.wait_for_url(f"{here.address}/")
    assert page.get_by_role("heading", level=1).inner_text() == "Works council"


def test_a_passkey_without_its_owner_signs_nobody_in(here):
    page = accept(here, "works council", Role.COUNCIL, expected=REFUSED)
    page.get_by_text("Your role needs a second factor").wait_for()
    session, authenticator = virtual_authenticator(page)
    page.get_by_label("Label").fill("key")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("rowheader", name="key").wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{here.address}/sign-in")
    session.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    page.get_by_role("button", name="Sign in with a passkey").first.click()
    page.get_by_role("alert").filter(has_text="The browser used no passkey").wait_for()
    assert not [cookie for cookie in page.context.cookies() if cookie["name"] == "fairtakt"]


def test_an_authenticator_app_is_set_up_and_asked_for(here):
    page = accept(here, "works council", Role.COUNCIL)
    page.get_by_role("button", name="Set up an app").click()
    page.get_by_role("img", name="QR code").wait_for()
    here.check_access(page)
    app = pyotp.TOTP(page.locator("#app-secret").inner_text().replace(" ", ""))
    while now_ms() // 1000 % 30 > 15:  # the step before is accepted until this one ends
        page.wait_for_timeout(500)
    page.get_by_label("Code of the app").fill(app.at(now_ms() // 1000 - 30))  # leaves this step for later
    page.get_by_role("button", name="Confirm").click()
    page.get_by_text("An app is set up.").wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{here.address}/sign-in")
    page.get_by_label("Name of the account").fill("Works Council")
    page.get_by_label("Password", exact=True).fill(GOOD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="Second factor").wait_for()
    here.check_access(page)
    assert page.evaluate("document.activeElement.id") == "second-code"
    page.get_by_label("Code of the authenticator app").fill(app.at(now_ms() // 1000 + 30))
    page.keyboard.press("Enter")
    page.wait_for_url(f"{here.address}/")


def test_a_wrong_password_is_told_and_where_one_wanted_to_go_is_kept(here):
    accept(here, "engineering", Role.ENGINEER).wait_for_url(f"{here.address}/")
    page = here.open("/account", expected=REFUSED)
    page.wait_for_url("**/sign-in?next=%2Faccount")
    page.get_by_label("Name of the account").fill("engineering")
    page.get_by_label("Password", exact=True).fill("a wrong password")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("alert").filter(has_text="Name, password or code is wrong").wait_for()
    page.get_by_label("Password", exact=True).fill(GOOD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{here.address}/account")


def test_the_token_is_out_of_reach_for_scripts(here):
    page = accept(here, "engineering", Role.ENGINEER)
    page.wait_for_url(f"{here.address}/")
    assert page.evaluate("document.cookie") == ""
    (cookie,) = [each for each in page.context.cookies() if each["name"] == "fairtakt"]
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")


def test_a_password_is_shown_on_demand(here):
    page = here.open("/sign-in")
    field = page.get_by_label("Password", exact=True)
    assert field.get_attribute("type") == "password"
    page.get_by_label("Show the password").check()
    assert field.get_attribute("type") == "text"


@pytest.mark.parametrize("path", ["/sign-in", "/invitation"])
@pytest.mark.parametrize(("language", "dark", "width"), [("de", False, 360), ("en", True, 1280)])
def test_the_doors_are_usable(here, path, language, dark, width):
    page = here.open(path, language=language, dark=dark, width=width)
    page.get_by_role("heading", level=1).wait_for()
    here.check_access(page)
    here.picture(page, f"{path[1:]}-{language}")


def test_the_own_account_is_usable_on_a_telephone_in_german(here):
    accept(here, "engineering", Role.ENGINEER).wait_for_url(f"{here.address}/")
    page = here.open("/sign-in?next=/account", language="de", dark=True, width=360)
    page.get_by_label("Name des Kontos").fill("engineering")
    page.get_by_label("Passwort", exact=True).fill(GOOD)
    page.get_by_role("button", name="Anmelden", exact=True).click()
    page.wait_for_url(f"{here.address}/account")
    here.check_access(page)
    here.picture(page, "account-de")
    page.get_by_role("button", name="Alle anderen beenden").click()
    page.get_by_role("button", name="Alle anderen beenden").wait_for(state="detached")
