"""A site on disk with a real desk, and a server in front of it, at the time of `tests/consent/world.py`."""

from contextlib import contextmanager

from consent.agreement.signing import countersign, sign_agreement
from consent.entries.bodies import AgreementActivated, DeviceEnrolled
from consent.entries.form import sign_act
from consent.keys import Role
from consent.log.cosigned import open_cosigned
from consent.log.directory import locked_directory
from consent.log.http import Unreachable
from consent.notes import cosign, parse_note
from consent.site.founding import found
from consent.site.opening import open_desk
from consent.site.plant import Plant as Directory
from tests.consent.conftest import MemoryFiles
from tests.consent.world import DEVICE, World


class Consented:
    """A site's directory whose agreement is in force; everybody's keys are the world's."""

    def __init__(self, root, *, again=False):
        """Make a site; `again` takes one that was made there before."""
        self.world = World(MemoryFiles())
        self.now_ms = self.world.now_ms
        self.witness_is_away = False
        self.plant = Directory(root)
        if again:
            return
        self.plant.create()
        keys = {
            Role.EMPLOYER: self.world.employer.verifier,
            Role.WORKS_COUNCIL: self.world.council.verifier,
            Role.WITNESS: self.world.witness.verifier,
        }
        with locked_directory(self.plant.log) as files:
            found(files, self.world.log, keys, self.now_ms)
        signed = countersign(sign_agreement(self.world.agreement, self.world.employer), self.world.council)
        self.plant.hand_in(str(signed.note))
        self.hand_in(AgreementActivated(agreement=self.world.hash), self.world.employer)
        self.hand_in(DeviceEnrolled(device=DEVICE, key=str(self.world.device.verifier)), self.world.employer)

    def hand_in(self, body, *signers):
        self.plant.hand_in(str(sign_act(body, self.world.log.name, self.now_ms, *signers).note))

    def cosign(self, files, log, key, at_ms):
        """Be the council's witness."""
        if self.witness_is_away:
            raise Unreachable("witness is away")
        note = parse_note(files.read("checkpoint"))
        return open_cosigned(str(cosign(note, self.world.witness, at_ms // 1000)), log, key)

    @contextmanager
    def desk(self):
        """Operate the log; what was handed in has been taken in when this is entered."""
        keys = {"signers": [self.world.log], "cosign": self.cosign, "now_ms": lambda: self.now_ms}
        with open_desk(self.plant, **keys) as desk:
            number = desk.number
            while self.plant.waiting() or not desk.health().takes_in or desk.state().cosigned_ms is None:
                number = desk.wait_for_change(number, 1)
            yield desk

    def settle(self, desk):
        """Wait until everything that was handed in stands in the log, and the desk has seen it there."""
        while self.plant.waiting():
            desk.catch_up()
        desk.catch_up()  # a note is gone from the directory a moment before the desk tells of its entry

    def policy(self):
        """Return the council's policy file."""
        world = self.world
        return (
            f"log {world.log.verifier}\nwitness w {world.witness.verifier}\nquorum w\n"
            f"employer {world.employer.verifier}\nworks-council {world.council.verifier}\n"
        )
