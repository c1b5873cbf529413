"""People with browsers, in front of a whole plant server: what they type, hold and are told."""

from http.cookies import SimpleCookie

import pyotp

from api.accounts.accounts import Accounts
from api.accounts.address import parse_address
from api.accounts.offices import add_account
from api.accounts.passwords import Passwords
from api.accounts.secret import Secret
from api.policy import Role
from api.viewer import CSRF_HEADER
from storage.sql.accounts.invitations import invite
from tests.api.accounts.authenticator import Authenticator
from tests.api.plant import NOW_MS, Plant
from tests.api.viewers import CHEAP

GOOD = "vier nasse Pferde"
BETTER = "fünf trockene Pferde"


class Browser:
    """Holds cookies and the token of its page, as browsers do, and sends them."""

    def __init__(self, people):
        self._people = people
        self.cookies = {}
        self.csrf = ""
        self.set = {}
        """By name: the attributes of each cookie as it was last set."""
        self.answer = None

    def ask(self, method, path, content=None, *, headers=None, csrf=None):
        sent = {"Sec-Fetch-Site": "same-origin", CSRF_HEADER: self.csrf if csrf is None else csrf}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = {} if content is None else {"json": content}
        self.answer = self._people.plant.ask(method, path, headers={**sent, **(headers or {})}, **body)
        for line in self.answer.headers.get_list("set-cookie"):
            ((name, morsel),) = SimpleCookie(line).items()
            self.set[name] = morsel
            if morsel["max-age"] == "0":
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = morsel.value
        if self.answer.headers.get("content-type") == "application/json":
            self.csrf = self.answer.json().get("csrf") or self.csrf
        return self.answer

    def post(self, path, **content):
        return self.ask("POST", path, content)

    def sign_in(self, name, password=GOOD):
        return self.post("/v1/sign-in", name=name, password=password)

    def sign_in_with_code(self, name, code, password=GOOD):
        ticket = self.sign_in(name, password).json()["ticket"]
        return self.post("/v1/sign-in/second-factor", ticket=ticket, code=code)

    def use_passkey(self, device, **changes):
        options = self.ask("POST", "/v1/sign-in/passkey/options").json()["publicKey"]
        return self.post("/v1/sign-in/passkey", credential=device.get(options, **changes))

    def add_passkey(self, device, label="key"):
        asked = self.ask("POST", "/v1/account/passkey-options")
        if asked.status_code != 200:
            return asked
        return self.post(
            "/v1/account/passkeys", label=label, credential=device.create(asked.json()["publicKey"])
        )

    def set_up_app(self):
        """Set an authenticator app up; return it."""
        begun = self.ask("POST", "/v1/account/totp/setup")
        assert begun.status_code == 200, begun.text
        app = pyotp.TOTP(begun.json()["secret"])
        confirmed = self.post("/v1/account/totp/confirm", code=self._people.code(app))
        assert confirmed.status_code == 200, confirmed.text
        return app

    @property
    def account(self):
        answer = self.ask("GET", "/v1/account")
        return answer.json() if answer.status_code == 200 else None

    @property
    def signed_in(self):
        return self.ask("GET", "/v1/account").status_code == 200


class People:
    """The plant, its clock, and everybody's browsers."""

    def __init__(self, database, *, origin="https://plant.example", provider=None, **services):
        self.now_ms = NOW_MS
        self.origin = origin
        self.work = []
        """What the accounts did that takes time: hashes of passwords."""
        address = parse_address(origin)

        def accounts(opened):
            return Accounts(
                opened,
                Secret(bytes(range(32))),
                address,
                now_ms=lambda: self.now_ms,
                steady_s=lambda: self.plant.steady_s,
                passwords=self._counted(Passwords(CHEAP)),
                provider=provider,
            )

        self.plant = Plant(
            database, accounts=accounts, secure=address.secure, now_ms=lambda: self.now_ms, **services
        )

    @property
    def database(self):
        return self.plant.database

    @property
    def accounts(self):
        return self.plant.viewers

    def _counted(self, passwords):
        verify = passwords.verify

        def counted(kept, password):
            self.work.append("hash")
            return verify(kept, password)

        passwords.verify = counted
        return passwords

    def wait(self, seconds):
        self.now_ms += int(seconds * 1000)
        self.plant.steady_s += seconds

    def browser(self):
        return Browser(self)

    def device(self, **how):
        return Authenticator(self.origin, **how)

    def code(self, app):
        """Return the code that an app shows now."""
        return app.at(self.now_ms // 1000)

    def next_code(self, app):
        """Wait for the next code, which nobody used yet, and return it."""
        self.wait(30)
        return self.code(app)

    def invited(self, name, role=Role.ENGINEER, **more):
        """Make an account; return its code."""
        if role is Role.WORKER:
            self.plant.code()  # which makes the site
            more = {"station": "bench-1", **more}
        made = add_account(self.database, name, role, at_ms=self.now_ms, **more)
        return invite(self.database, made.id, hours=24, at_ms=self.now_ms)

    def somebody(self, name="engineering", role=Role.ENGINEER, **more):
        """Make an account with a password; return a browser that is signed in."""
        browser = self.browser()
        answer = browser.post("/v1/invitations/accept", code=self.invited(name, role, **more), password=GOOD)
        assert answer.status_code == 200, answer.text
        return browser
