"""What a device has to say to the log: signed, handed in, tried again while nothing can be written."""

from collections import deque
from pathlib import Path

from consent.entries.bodies import RecordingStopped
from consent.entries.form import sign_act
from consent.gate.course import Signed
from consent.gate.notebook import Notebook
from consent.notes import Signer, Verifier
from consent.site.plant import Plant
from productivity.errors import FairtaktError


class Outbox:
    """Acts of one device, in order. What ends something is kept until it is handed in."""

    def __init__(self, plant: Plant, log: Verifier, device: Signer, notebook: Notebook) -> None:
        self._plant = plant
        self._log = log
        self._device = device
        self._notebook = notebook
        self._unsent: deque[Signed] = deque()

    def hand_in(self, signed: Signed) -> Path:
        """Sign and hand in at once, or raise; return where it waits for the log."""
        act = sign_act(signed.body, self._log.name, signed.at_ms, self._device)
        return self._plant.hand_in(str(act.note))

    def add(self, signed: Signed) -> None:
        """Hand in now or at the next `send`."""
        self._unsent.append(signed)
        self.send()

    def send(self) -> None:
        """Hand in what could not be handed in before."""
        while self._unsent:
            body = self._unsent[0].body
            try:
                self.hand_in(self._unsent[0])
                if isinstance(body, RecordingStopped):
                    self._notebook.end_lease(body.session)
            except (OSError, FairtaktError):
                return
            self._unsent.popleft()
