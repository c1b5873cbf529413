"""Sessions of a manual study beside the same sessions as they were measured, station by station."""

from collections.abc import Sequence

from productivity.agreement.pairs import PairedSession, pair_session
from productivity.errors import BadInput
from storage.study.folder import StudyFolder


def paired_sessions(
    study: StudyFolder, manual: Sequence[str], measured: Sequence[str]
) -> list[PairedSession]:
    """Pair the stations of each manual session with those of the measured one; both name data of the study.

    Raises `BadInput` for data that are not there, hold no intervals, or lack a station of their counterpart.
    """
    if len(manual) != len(measured):
        raise BadInput(
            "sessions to compare",
            expected=f"{len(manual)} measured sessions, as many as manual ones",
            found=str(len(measured)),
        )
    paired: list[PairedSession] = []
    for one, other in zip(manual, measured, strict=True):
        seen = {observation.station: observation for observation in study.source(other).observations()}
        for observation in study.source(one).observations():
            counterpart = seen.get(observation.station)
            if counterpart is None:
                raise BadInput(
                    f"station {observation.station!r} of {one!r} is not in {other!r}",
                    expected=", ".join(repr(name) for name in seen) or "state intervals",
                )
            paired.append(pair_session(one, observation, counterpart))
    if not paired:
        raise BadInput("no state intervals to compare", expected="imported labels or recordings")
    return paired
