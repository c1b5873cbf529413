"""Previews and releases. A release is prepared, then said to the log, then shown (`archive`).

One at a time on a server: each is checked against the one before. Should another process keep one meanwhile,
this one is refused.
"""

import hashlib
import json
import secrets
from collections import Counter
from typing import TYPE_CHECKING

from api.problems import Kind, Problem
from api.releases.archive import earlier, entry_of
from api.releases.form import axes, read, write
from api.releases.making import Made, make
from api.releases.wire import Confirmed, Preview, PreviewCell, Published, Wanted
from api.viewer import Viewer
from consent.site.desk import LogUnusable
from productivity.disclosure.rules import Reason
from productivity.errors import BadInput
from storage.sql.releases import KeptRelease, Overtaken, digest_of, drop_release, keep_release

if TYPE_CHECKING:
    from api.services import Services


def preview(services: "Services", wanted: Wanted) -> Preview:
    """Work out what a release would hide; nothing is kept or shown. For threads. Raises `Problem`."""
    with services.release_queue.turn():
        _, past = earlier(services)
        return _preview(make(services, wanted, past))


def publish(services: "Services", viewer: Viewer, confirmed: Confirmed) -> Published:
    """Release a table as it was confirmed. For threads. Raises `Problem`; then nothing is shown."""
    with services.release_queue.turn():
        count, past = earlier(services)
        wanted = Wanted.model_validate(confirmed.model_dump(exclude={"confirms"}))
        made = make(services, wanted, past)
        if _preview(made).confirms != confirmed.confirms:
            raise Problem(Kind.CONFLICT, "the preview is out of date: other figures would be hidden now")
        if made.released.smallest_group is None:
            raise Problem(Kind.CONFLICT, "no figure of this table may be shown")
        return _release(services, viewer, made, count)


def _release(services: "Services", viewer: Viewer, made: Made, count: int) -> Published:
    identifier, now_ms = secrets.token_hex(16), services.now_ms()
    content = write(made, identifier, now_ms)
    kept = read(content, "new release")
    body = entry_of(kept)
    row = KeptRelease(
        identifier,
        viewer.account_id,
        now_ms,
        made.agreement,
        made.wanted.name,
        content,
        digest_of(content),
        body.smallest_group,
        body.cells,
        body.suppressed,
    )
    try:
        keep_release(services.database, made.site.name, row, after=count)
    except Overtaken:
        raise Problem(
            Kind.CONFLICT, "another table was released meanwhile: look at the preview again"
        ) from None
    assert services.site is not None  # noqa: S101  # for the type checker; `earlier` has asked it
    try:
        entry = services.site.say(body)
    except BadInput:  # it stands nowhere and never will
        drop_release(services.database, identifier)
        raise Problem(Kind.NOT_AGREED, "the works agreement does not permit this release any more") from None
    except LogUnusable as error:  # its entry may still come; until then it is not shown
        raise Problem(Kind.NO_LOG, str(error)) from None
    return Published(release=identifier, entry=entry, next=f"/releases/{identifier}")


def _preview(made: Made) -> Preview:
    released = made.released
    reasons = Counter(figure.reason for figure in released.figures)
    told = Preview(
        first_day=made.first,
        last_day=made.last,
        dimensions=axes(released.table),
        cells=[PreviewCell(at=list(one.at), reason=one.reason) for one in released.figures],
        shown=released.cells - released.suppressed,
        suppressed=released.suppressed,
        too_few=reasons[Reason.TOO_FEW],
        dominated=reasons[Reason.DOMINATED],
        protecting=reasons[Reason.PROTECTS],
        smallest_group=released.smallest_group,
        required_group=released.rules.group,
        unjudged=released.unjudged,
        exposed=[list(at) for at in released.exposed],
        checked_against=made.checked_against,
        not_sealed=list(made.not_sealed),
        confirms="",
    )
    text = json.dumps([made.wanted.model_dump(mode="json"), told.model_dump(mode="json")], sort_keys=True)
    return told.model_copy(update={"confirms": hashlib.sha256(text.encode()).hexdigest()})
