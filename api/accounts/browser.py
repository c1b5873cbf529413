"""What browsers keep for us, and where they are sent.

The token of a sign-in is in a cookie that no script reads (`HttpOnly`) and no other site's page can have sent
(`SameSite=Strict`); with TLS it is called `__Host-…`, so that no other host can plant one (RFC 6265bis).
While somebody is at the identity provider, a second cookie says which browser left: it must be sent when the
provider sends the browser back, so it is `SameSite=Lax`, and it signs nobody in.
"""

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from api.accounts.oidc.provider import AWAY_S
from api.accounts.outcomes import SignedIn
from api.viewer import cookie_name
from storage.sql.accounts.logins import TERMINAL_LONGEST_MS, token_digest

_AWAY = "fairtakt-away"


def give_login(response: Response, entered: SignedIn, *, secure: bool) -> None:
    """Let the browser hold a sign-in: until it is closed, or for as long as a terminal stands."""
    response.set_cookie(
        cookie_name(secure=secure),
        entered.token,
        max_age=TERMINAL_LONGEST_MS // 1000 if entered.terminal else None,
        path="/",
        secure=secure,
        httponly=True,
        samesite="strict",
    )


def take_login(response: Response, *, secure: bool) -> None:
    """Have the browser forget its sign-in."""
    response.delete_cookie(
        cookie_name(secure=secure), path="/", secure=secure, httponly=True, samesite="strict"
    )


def held_login(request: Request, *, secure: bool) -> bytes | None:
    """Return the digest of the token that the browser holds, whether or not it is one."""
    token = request.cookies.get(cookie_name(secure=secure))
    return token_digest(token) if token else None


def give_away(response: Response, browser: str, *, secure: bool) -> None:
    """Have the browser remember that it left for the identity provider."""
    response.set_cookie(
        _away(secure), browser, max_age=AWAY_S, path="/", secure=secure, httponly=True, samesite="lax"
    )


def held_away(request: Request, *, secure: bool) -> str | None:
    """Return what the browser remembers of having left."""
    return request.cookies.get(_away(secure))


def take_away(response: Response, *, secure: bool) -> None:
    """Have the browser forget that it left."""
    response.delete_cookie(_away(secure), path="/", secure=secure, httponly=True, samesite="lax")


def onward(wanted: str | None) -> str:
    """Return where somebody goes after signing in: a page of ours, or the start page.

    What browsers would read as another host's address, for its two slashes, its backslash or a line break
    between, is none of ours.
    """
    text = wanted or ""
    plain = text.isascii() and text.isprintable() and "\\" not in text and " " not in text
    if not plain or not text.startswith("/") or text.startswith("//"):
        return "/"
    try:
        parts = urlsplit(text)
    except ValueError:
        return "/"
    return "/" if parts.scheme or parts.netloc or parts.path.startswith(("/sign-in", "/v1/")) else text


def _away(secure: bool) -> str:
    return f"__Host-{_AWAY}" if secure else _AWAY
