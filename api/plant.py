"""Which site the pages of this server are about, and from when on all that it recorded is still there."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from api.problems import Kind, Problem
from consent.agreement.calendar import day_begins_ms, local_day
from storage.sql.plant import Site, sites
from storage.sql.retention import erased_before_ms

if TYPE_CHECKING:
    from api.services import Services


def own_site(services: "Services") -> Site:
    """Return the site; for threads. Raises `Problem` if there is none, or none of several is named."""
    known = sites(services.database)
    wanted = [one for one in known if services.site_name in {None, one.name}]
    if len(wanted) != 1:
        said = "several sites in the database; serve --site says which" if wanted else "no such site yet"
        raise Problem(Kind.NOT_FOUND, said)
    return wanted[0]


def require_kept(services: "Services", site: Site, first: date) -> None:
    """Raise `Problem` if durations of this day, or of one after it, were deleted at the end of their time.

    Shifts go one after the other: what is left of a month would pass for the whole of it.
    """
    gone_ms = erased_before_ms(services.database, site.name)
    if day_begins_ms(first, site.time_zone) >= gone_ms:
        return
    whole = local_day(gone_ms - 1, site.time_zone) + timedelta(days=1)
    raise Problem(
        Kind.CONFLICT,
        f"the period begins on {first}, and what was recorded before {whole} is deleted; choose a later one",
    )
