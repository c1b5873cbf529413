"""A site on disk, today: founding keys, an agreement for one bench, a recorder, an operator at work.

The operator runs in a thread, its witness beside it; `away` keeps the operator from working.
"""

import threading
import time
from datetime import UTC, date, datetime, timedelta

from consent.agreement.form import agreement_hash
from consent.agreement.signing import countersign, sign_agreement
from consent.entries.bodies import AgreementActivated, DeviceEnrolled, KeyAdded
from consent.entries.form import Entry, parse_entry, sign_act
from consent.keys import Role, create_key, open_key
from consent.log.checkpoint import parse_checkpoint
from consent.log.cosigned import open_cosigned
from consent.log.directory import Directory, locked_directory
from consent.log.reader import LogReader
from consent.log.writer import LogWriter, create_log
from consent.notes import cosign, parse_note
from consent.site.operator import Operator
from consent.site.plant import Plant
from tests.consent.conftest import MemoryFiles
from tests.consent.world import World

PASSPHRASE = "everybody can read this"  # noqa: S105  # for keys that live for one test


def now_ms():
    return time.time_ns() // 1_000_000


class AgreedSite:
    """See above. `station` is a station as its file says it."""

    def __init__(self, root, station):
        self.world = World(MemoryFiles())
        self.plant = Plant(root / "plant")
        self.plant.create()
        self.agreement = self._agreement(station)
        self.hash = agreement_hash(self.agreement)
        self.passphrase = root / "passphrase"
        self.passphrase.write_text(PASSPHRASE)
        made = create_key(root, "plant.example/edge", Role.DEVICE, PASSPHRASE, log2_cost=1)
        self.device_key, self.device = made.private, open_key(made.private, PASSPHRASE)[1]
        self.log_key = root / "log.vkey"
        self.log_key.write_text(str(self.world.log.verifier))
        with locked_directory(self.plant.log) as files:
            create_log(files, self.world.log)
            roles = (Role.EMPLOYER, Role.WORKS_COUNCIL, Role.WITNESS)
            keys = (self.world.employer, self.world.council, self.world.witness)
            founding = [
                KeyAdded(role=role, key=str(key.verifier)) for role, key in zip(roles, keys, strict=True)
            ]
            LogWriter(files, self.world.log).append([bytes(Entry(now_ms(), body)) for body in founding])
        self.away = threading.Event()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._operate, daemon=True)
        self._thread.start()

    def _agreement(self, station):
        today = datetime.now(UTC).date()

        def days(first, last):
            return {"first_day": str(today + timedelta(first)), "last_day": str(today + timedelta(last))}

        campaign = {"name": "study", "stations": [station.name], "minutes_per_day": 90, **days(-1, 5)}
        return self.world.changed(
            time_zone="UTC",
            stations=[station.name],
            states=[state.name for state in station.states],
            notice_on=str(date.today() - timedelta(15)),  # any day long ago
            validity=days(-20, 60),
            campaigns=[campaign],
            motion={"permitted": False},
            royalties=None,
        )

    def agree(self):
        """Sign, activate, enrol; return when it stands in the log."""
        signed = countersign(sign_agreement(self.agreement, self.world.employer), self.world.council)
        self.plant.hand_in(str(signed.note))
        self.hand_in(AgreementActivated(agreement=self.hash), self.world.council)
        self.hand_in(DeviceEnrolled(device="edge", key=str(self.device.verifier)), self.world.employer)
        self.settle()
        assert self.plant.follow(self.world.log.verifier).poll().devices
        return self

    def hand_in(self, body, *signers):
        act = sign_act(body, self.world.log.name, now_ms(), *signers)
        self.plant.hand_in(str(act.note))

    def settle(self):
        """Wait until nothing waits."""
        while self.plant.waiting():
            time.sleep(0.02)

    def bodies(self, type_):
        """Return what the log says of this type."""
        files = Directory(self.plant.log)
        reader = LogReader(files, checkpoint := parse_checkpoint(parse_note(files.read("checkpoint")).text))
        entries = [parse_entry(reader.entry(index), "entry") for index in range(checkpoint.size)]
        return [entry.body for entry in entries if isinstance(entry.body, type_)]

    def options(self):
        """Return what `fairtakt record` is told about this site."""
        keys = ("--log-key", self.log_key, "--device-key", self.device_key)
        return ("--plant", self.plant.root, *keys, "--passphrase-file", self.passphrase)

    def close(self):
        self._over.set()
        self._thread.join(timeout=10)

    def _operate(self):
        with locked_directory(self.plant.log) as files:
            operator = Operator(self.plant, files, [self.world.log], self._cosign)
            while not self._over.wait(0.02):
                if not self.away.is_set() and self.plant.log.exists():
                    operator.step(now_ms())
            operator.close()

    def _cosign(self, files, log, key, at_ms):
        note = parse_note(files.read("checkpoint"))
        return open_cosigned(str(cosign(note, self.world.witness, at_ms // 1000)), log, key)
