"""What workers do with a token at a kiosk: it is presented with a request, and nobody asks a name.

The token comes in the content of a request, never in an address, and is forgotten with it. The key that
follows from it signs in this process's memory; no part of either is logged, kept or repeated.
"""

from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from api.body import read_body
from api.openapi import content_of
from api.problems import Kind, Problem, conflict
from api.rate import RateLimit
from api.services import Services
from api.wire import parse
from consent.grants.site import Site
from consent.grants.token import read_token
from consent.log.http import Unreachable
from productivity.errors import BadInput

TOKEN = "72T-ECM-Q49-PKZ-4DR-DKR-K0W-9RK-CN8-A98-X6G"  # noqa: S105  # an example that opens nothing

NO_PLANT = "this server was started without the site's log (--plant)"


class Told(BaseModel):
    """Validated data: unknown fields are refused, no value is converted."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Presented(Told):
    """A worker's token, as it is printed on the sheet; groups may be typed in any way."""

    token: Annotated[str, Field(min_length=1, max_length=200)]


Answer = TypeVar("Answer")


class Kiosk:
    """Takes requests with a token in, at a limited rate, for the routes of one module."""

    def __init__(self, services: Services, body_bytes: int) -> None:
        """`body_bytes`: of the longest content that such a request has."""
        self._services = services
        self._body_bytes = body_bytes
        # One limit for all: who has no token has no name that could be counted.
        self._rate = RateLimit(2.0, 30, services.steady_s)

    async def present(
        self, request: Request, model: type[Presented], act: Callable[..., Answer], *, counted: str = "tokens"
    ) -> Answer:
        """Read what was presented and return what `with_token` does. Raises `Problem`.

        `counted`: with which other requests it is counted; a withdrawal waits for no others.
        """
        self._rate.spend(counted)
        said = parse(model, await read_body(request, self._body_bytes))
        return await run_in_threadpool(with_token, self._services, said, act)


def described(model: type[Presented], **more: object) -> dict[str, object]:
    """Return OpenAPI's words for content with a token; `more` completes the example."""
    return {"requestBody": content_of(model, {"token": TOKEN, **more})}


def with_token(services: Services, said: Presented, act: Callable[..., Answer]) -> Answer:
    """Return `act(site, worker, said, at_ms)`: the site as of now, the worker's key. Raises `Problem`."""
    if services.grants is None:
        raise Problem(Kind.NO_LOG, NO_PLANT)
    try:
        token = read_token(said.token)
    except BadInput:
        raise Problem(Kind.INVALID, "token: a typing error, or no token") from None
    site = site_now(services)
    try:
        return act(site, token.signer(site.log), said, services.now_ms())
    except BadInput as error:  # these texts are ours and hold no token
        raise conflict(error) from None
    except OSError:
        raise Problem(Kind.NO_LOG, "the site's directory cannot be written; nothing was changed") from None


def site_now(services: Services) -> Site:
    """Return the site as of now, its log verified. Raises `Problem`."""
    if services.grants is None:
        raise Problem(Kind.NO_LOG, NO_PLANT)
    try:
        return services.grants()
    except (BadInput, OSError, Unreachable):
        raise Problem(Kind.NO_LOG, "the log cannot be read or does not verify") from None
