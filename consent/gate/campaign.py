"""Counts what a campaign has seen at one station, over all its sessions, and says when it is enough."""

from contextlib import suppress

from consent.agreement.schema import Target
from consent.entries.bodies import RecordingCompleted, RecordingStarted
from consent.gate.notebook import CampaignPlace, Notebook
from consent.gate.tally import CycleCounter, Tally
from consent.site.state import SiteState
from productivity.intervals import StateInterval


class CampaignCount:
    """The campaign that a station is recorded for. Intervals may come in after their session's end."""

    def __init__(self, notebook: Notebook, cycle: tuple[str, str] | None) -> None:
        """`cycle`: the first and the last state of a cycle; without them nothing is counted."""
        self._notebook = notebook
        self._counter = None if cycle is None else CycleCounter(*cycle)
        self._tally = Tally()
        self._place: CampaignPlace | None = None
        self._target: Target | None = None
        self._agreement = ""
        self._said = False

    def begin(self, start: RecordingStarted, state: SiteState) -> None:
        """Go on where the campaign's last session ended. Raises `OSError` or `BadInput` if that is lost."""
        agreement = state.agreements[start.agreement].agreement
        place = CampaignPlace(agreement.id, start.campaign, start.station)
        target = next(one.enough for one in agreement.campaigns if one.name == start.campaign)
        if place != self._place:
            self._tally = Tally() if target is None else self._notebook.tally(place)
            self._said = False
        self._place, self._target, self._agreement = place, target, start.agreement

    def add(self, interval: StateInterval) -> None:
        """Take the next interval of the station."""
        if self._counter is not None:
            self._tally = self._tally.add(self._counter.add(interval))

    def settle(self) -> None:
        """Close the count of a session that is over."""
        if self._counter is None or self._place is None:
            return
        tally = self._tally.add(self._counter.finish()).close()
        if tally != self._tally:
            self._tally = tally
            if self._target is not None:
                with suppress(OSError):  # it stays in memory, and is written with the next session
                    self._notebook.keep_tally(self._place, tally)

    @property
    def completed(self) -> CampaignPlace | None:
        """The campaign, if it has seen enough."""
        return self._place if self._tally.reached(self._target) else None

    def announce(self) -> RecordingCompleted | None:
        """Return what is to be handed in once the campaign has seen enough; None before, and after."""
        criterion = self._tally.reached(self._target)
        if self._place is None or criterion is None or self._said:
            return None
        self._said = True
        return RecordingCompleted(
            agreement=self._agreement,
            campaign=self._place.campaign,
            station=self._place.station,
            criterion=criterion,
        )
