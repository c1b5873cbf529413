"""The log itself, read-only, in the C2SP layout: so that anybody permitted can copy, co-sign and verify it.

    /log/checkpoint                    the signed checkpoint
    /log/tile/LEVEL/NUMBER[.p/WIDTH]   hashes; with `entries` as LEVEL the entries themselves
    /log/cosigned/latest               the newest checkpoint that the council's witness co-signed
    /log/cosigned/index                names of all of them, one a line
    /log/cosigned/SIZE.TIME            one of them

`fairtakt audit verify https://HOST/log` reads these, and so does other software for such logs. Nothing of it
is believed because this server hands it out: whoever reads it holds every byte against signatures.
"""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Depends, Response
from starlette.concurrency import run_in_threadpool

from api.policy import Action
from api.problems import Kind, Problem, documented
from api.services import Services
from api.site import Site
from api.viewer import permit
from consent.log.published import BYTES, COSIGNED_INDEX, TEXT, media_type

_PROBLEMS = documented(Kind.NOT_FOUND, Kind.NO_LOG)
_CONTENT: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file, byte for byte",
        "content": {
            TEXT: {"schema": {"type": "string"}},
            BYTES: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


def routes(services: Services, fence: Callable[..., object] | None = None) -> APIRouter:
    """Return the routes.

    Who may read the log is the policy's to say: there is no personal data in it, but it tells when each
    station is recorded, and works agreements name who sees it. `everybody` as `fence` lets the council's
    witness and auditors in who have no account here.
    """
    router = APIRouter(tags=["log"], dependencies=[Depends(fence or permit(Action.LOG))])

    @router.get("/log/{path:path}", response_class=Response, responses={**_CONTENT, **_PROBLEMS})
    async def file(path: str) -> Response:
        """Return a file of the log."""
        if services.site is None:
            raise Problem(Kind.NO_LOG, "this server was started without the site's log (--plant)")
        return await run_in_threadpool(_file, services.site, path)

    return router


def _file(site: Site, path: str) -> Response:
    if path == COSIGNED_INDEX:
        return Response("".join(f"{name}\n" for name in site.cosigned_names()), media_type=TEXT)
    kind = media_type(path)
    content = None if kind is None else site.files.read(path)
    if content is None:
        raise Problem(Kind.NOT_FOUND, "the log has no such file")
    return Response(content, media_type=kind)
