"""Studies: what programs ask (`/v1/studies`) and what people look at (`/studies`)."""

from api.routes.studies import deciding, exporting, importing, listing, mappings, taking
from api.routes.studies.pages import acquiring, data, path, results
from api.routes.studies.pages import deciding as deciding_pages
from api.routes.studies.pages import listing as listing_pages

API = (listing, deciding, mappings, importing, taking, exporting)
"""Modules with `routes(services)`."""
PAGES = (listing_pages, path, deciding_pages, acquiring, data, results)
"""Modules with `pages(views, services)`."""
