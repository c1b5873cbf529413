"""What the routes for accounts share: rates, threads, and answers that carry a sign-in."""

from collections.abc import Callable
from typing import TypeVar

import structlog
from anyio import CapacityLimiter, to_thread
from fastapi import Request, Response

from api.accounts.accounts import Accounts, csrf_of
from api.accounts.browser import give_login
from api.accounts.outcomes import Outcome, SignedIn
from api.accounts.telling import told
from api.accounts.wire import Entered
from api.problems import Kind, Problem
from api.services import Services
from productivity.errors import FairtaktError

LARGEST = 64 * 1024
"""Bytes of a body; a passkey of any authenticator is far smaller."""
_AT_ONCE = 8
_HASHES_AT_ONCE = 2
"""Password hashes take 64 MiB each; others wait without a thread."""
_ABROAD_AT_ONCE = 4
"""Threads that wait for the identity provider: when it is slow, everybody else is not."""
Result = TypeVar("Result")

_log = structlog.get_logger("fairtakt.accounts")


class Desk:
    """Stands between the routes and the accounts of one server."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._asking, self._hashing = CapacityLimiter(_AT_ONCE), CapacityLimiter(_HASHES_AT_ONCE)
        self._abroad = CapacityLimiter(_ABROAD_AT_ONCE)
        self.secure = services.secure

    @property
    def accounts(self) -> Accounts:
        """The accounts. Raises `Problem` if the server has none."""
        if self._services.accounts is None:
            raise Problem(Kind.NOT_FOUND, "this server has no accounts")
        return self._services.accounts

    async def ask(self, question: Callable[[], Result]) -> Result:
        """Ask the accounts. Raises `Problem`."""
        with told():
            return await to_thread.run_sync(question, limiter=self._asking)

    async def hash(self, question: Callable[[], Result]) -> Result:
        """Ask what computes a password's hash. Raises `Problem`."""
        with told():
            return await to_thread.run_sync(question, limiter=self._hashing)

    async def abroad(self, question: Callable[[], Result]) -> Result:
        """Ask the identity provider. Raises `Problem`, and what the provider's refusals are."""
        with told():
            return await to_thread.run_sync(question, limiter=self._abroad)

    def note(self, error: FairtaktError) -> None:
        """Tell the administrator, in the log, why the identity provider signed nobody in."""
        _log.warning("identity provider", reason=str(error))

    def enter(self, entered: Outcome) -> Response:
        """Return the answer to somebody who signed in, or who has half done so."""
        if not isinstance(entered, SignedIn):
            told_half = Entered(
                outcome="second-factor", ticket=entered.ticket, totp=entered.totp, passkey=entered.passkey
            )
            return Response(told_half.model_dump_json(), media_type="application/json")
        told_all = Entered(
            outcome="signed-in",
            next="/account" if entered.must_set_up else None,
            csrf=csrf_of(entered.token),
        )
        response = Response(told_all.model_dump_json(), media_type="application/json")
        give_login(response, entered, secure=self.secure)
        return response


def from_own_page(request: Request) -> None:
    """Raise `Problem` for what another site's page sends: nobody is signed in to an account not their own.

    Without a sign-in there is no token to ask for. Bodies are JSON, which no form of another site can send,
    and browsers say from where a script sends it.
    """
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise Problem(Kind.CSRF, "expected a request of one of this server's own pages")
