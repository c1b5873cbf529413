"""Which states add value at a station: what its newest published file says, else what is usual.

A state is known by its name. Where the files of several stations differ, it counts as value-adding only if
each of them says so.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from sqlalchemy import Connection, func, select

from capture.station.file import parse_station
from productivity.errors import BadInput
from productivity.hierarchy import DEFAULT_HIERARCHY
from storage.sql.tables import station_file


def value_adding(connection: Connection, station_ids: Iterable[int]) -> Mapping[str, bool]:
    """Return what the newest published files of these stations say of their states, by name."""
    rank = func.row_number().over(
        partition_by=station_file.c.station_id,
        order_by=(station_file.c.published_ms.desc(), station_file.c.revision.desc()),
    )
    published = (
        select(station_file.c.text, rank.label("rank"))
        .where(
            station_file.c.station_id.in_(list(station_ids)),
            station_file.c.published_ms.is_not(None),
        )
        .subquery()
    )
    said: dict[str, bool] = {}
    for (text,) in connection.execute(select(published.c.text).where(published.c.rank == 1)):
        for name, adds in _states(text).items():
            said[name] = said.get(name, True) and adds
    return said


def adds_value(name: str, said: Mapping[str, bool]) -> bool:
    """Return what the files say of a state; what no file names is as in `DEFAULT_HIERARCHY`, else not."""
    if name in said:
        return said[name]
    return name in DEFAULT_HIERARCHY and DEFAULT_HIERARCHY.node(name).value_adding


@lru_cache(maxsize=1024)
def _states(text: str) -> Mapping[str, bool]:
    """Read a file once: it takes some 40 ms, and a published text never changes."""
    try:
        station = parse_station(text, "published station file")
    except BadInput:  # of a version that this program does not read: its times can be shown nevertheless
        return MappingProxyType({})
    return MappingProxyType({state.name: state.value_adding for state in station.worker_states})
