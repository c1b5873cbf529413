"""What of a station file the works agreement does not permit. The recorder's gate refuses it in any case."""

from typing import TYPE_CHECKING

from api.set_up.wire import Unpermitted
from capture.station.file import Station
from consent.agreement.schema import Agreement
from consent.site.desk import LogUnusable

if TYPE_CHECKING:
    from api.services import Services


def not_permitted(agreement: Agreement, station: Station) -> list[Unpermitted]:
    """Return what a works agreement does not permit, in the order of the file."""
    if station.name not in agreement.stations:
        return [Unpermitted(kind="agreement")]
    return [
        Unpermitted(kind="state", name=state.name)
        for state in station.states
        if state.name not in agreement.states
    ]


def unpermitted(services: "Services", station: Station) -> list[Unpermitted]:
    """Return what the works agreement at the station does not permit, as far as anybody can know it."""
    if services.site is None:
        return [Unpermitted(kind="log")]
    try:
        line = services.site.state().state.line_for(station.name)
    except LogUnusable:
        return [Unpermitted(kind="log")]
    return [Unpermitted(kind="agreement")] if line is None else not_permitted(line.agreement, station)
