"""A plant's directory on disk, and an operator of it, with the keys of the world in memory."""

import contextlib

import pytest

from consent.agreement.signing import countersign, sign_agreement
from consent.entries.bodies import AgreementActivated, DeviceEnrolled
from consent.entries.form import sign_act
from consent.keys import Role
from consent.log.cosigned import open_cosigned
from consent.log.directory import locked_directory
from consent.notes import cosign, parse_note
from consent.site.founding import found
from consent.site.operator import Operator
from consent.site.plant import Plant


class Site:
    """A plant whose log holds the founding keys; the world's signers hand in, at `now_ms`."""

    def __init__(self, root, world):
        self.plant = Plant(root)
        self.plant.create()
        self.world = world
        self.now_ms = world.now_ms
        keys = {
            Role.EMPLOYER: world.employer.verifier,
            Role.WORKS_COUNCIL: world.council.verifier,
            Role.WITNESS: world.witness.verifier,
        }
        with locked_directory(self.plant.log) as files:
            found(files, world.log, keys, self.now_ms)

    def hand_in(self, body, *signers, signed_ms=None):
        at_ms = self.now_ms if signed_ms is None else signed_ms
        return self.plant.hand_in(str(sign_act(body, self.world.log.name, at_ms, *signers).note))

    def hand_in_agreement(self, agreement=None):
        signed = sign_agreement(agreement or self.world.agreement, self.world.employer)
        return self.plant.hand_in(str(countersign(signed, self.world.council).note))

    def state(self):
        return self.plant.follow(self.world.log.verifier).poll()

    @contextlib.contextmanager
    def operator(self, cosign=None, signers=()):
        with locked_directory(self.plant.log) as files:
            operator = Operator(self.plant, files, signers or [self.world.log], cosign)
            try:
                yield operator
            finally:
                operator.close()

    def step(self, own=(), **keys):
        """Run an operator for one round."""
        with self.operator(**keys) as operator:
            return operator.step(self.now_ms, own=own, wait_s=5)

    def agreed(self):
        """Put the example's agreement into force, enrol the device, and let the first morning begin."""
        self.hand_in_agreement()
        self.hand_in(AgreementActivated(agreement=self.world.hash), self.world.employer)
        device = DeviceEnrolled(device="edge-1", key=str(self.world.device.verifier))
        self.hand_in(device, self.world.employer)
        assert self.step().refused == ()
        self.now_ms += 30 * 86_400_000
        return self


class Witness:
    """A council's witness: its clock is the site's but for `skew_ms`; if `fails` is set, it raises that."""

    def __init__(self, site):
        self.site = site
        self.skew_ms = 0
        self.fails = None
        self.asked = 0

    def __call__(self, files, log, key, at_ms):
        self.asked += 1
        if self.fails is not None:
            raise self.fails
        note = parse_note(files.read("checkpoint"))
        cosigned = cosign(note, self.site.world.witness, (self.site.now_ms + self.skew_ms) // 1000)
        return open_cosigned(str(cosigned), log, key)


@pytest.fixture
def site(tmp_path, make_world):
    """A plant with its founding keys, before anything is agreed."""
    return Site(tmp_path / "plant", make_world())


@pytest.fixture
def witness(site):
    return Witness(site)
