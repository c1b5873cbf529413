"""Which site the pages of this server are about."""

from typing import TYPE_CHECKING

from api.problems import Kind, Problem
from storage.sql.plant import Site, sites

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
