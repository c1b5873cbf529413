"""A whole site in memory around one recorder: log, operator, witness, network and a clock that tests move.

The gate and everything behind it is the real thing; only files and time are ours. Sleeping lets time pass,
and the operator work meanwhile.
"""

from consent.entries.form import parse_act, sign_act
from consent.gate.course import Post
from consent.gate.live import LiveGate
from consent.notes import cosign, parse_note
from consent.site.follower import Follower
from consent.site.intake import take_in
from consent.site.plant import Handed
from productivity.errors import BadInput
from productivity.time import Duration, Instant

ROUND_MS = 50
STATIONS_STATES = frozenset({"manual assembly", "waiting for machine"})


class Waiting:
    """What `hand_in` returns: the place of a note, which can be taken back."""

    def __init__(self, notes, name):
        self.notes, self.name = notes, name

    def unlink(self, missing_ok):
        self.notes.pop(self.name, None)


class MemoryPlant:
    """A plant's directory in memory; `network` and `disk` tell whether it can be read and written."""

    def __init__(self, root, files):
        self.root, self.files = root, files
        self.notes, self.network, self.disk = {}, True, True
        self.handed_in = []

    def read(self, path):
        if not self.network:
            raise OSError("no network")
        return self.files.read(path)

    def widths(self, path):
        return self.files.widths(path)

    def follow(self, log):
        return Follower(self, log)

    def waiting_acts(self):
        if not self.network:
            raise OSError("no network")
        if len(self.notes) > 100:
            raise BadInput("too many acts wait")
        acts = []
        for name, content in sorted(self.notes.items()):
            try:
                acts.append(parse_act(content, name))
            except BadInput:  # an agreement
                continue
        return acts

    def hand_in(self, content):
        if not (self.disk and self.network):
            raise OSError("read-only file system")
        name = f"{len(self.notes):04d}-{hash(content) & 0xFFFFFF:06x}.note"
        self.notes[name] = content.encode()
        self.handed_in.append(content.encode())
        return Waiting(self.notes, name)


class Site:
    """The world of `tests/consent/world.py`, with a recorder in it. Also the recorder's clock."""

    def __init__(self, world, root, *, configuration="ab" * 32, cycle=None):
        self.world = world
        self.plant = MemoryPlant(root, world.files)
        self.now_ms, self.jump_ms, self.at = world.now_ms, 0, Instant(0)
        self.operating, self.witnessing = True, True
        self.worked_ms, self.done, self.refused, self.cosigned = self.now_ms, {}, [], []
        self.station = world.agreement.stations[0]
        self.looked = []
        self.post = Post(self.station, STATIONS_STATES, configuration, world.device.verifier)
        self.cycle = cycle
        self.work()
        self.gate = self.recorder()

    def recorder(self):
        """Start a recorder; one that was there before has crashed."""
        ids = iter(range(10**6))
        start = self.now_ms
        return LiveGate(
            self.plant,
            self.world.log.verifier,
            self.world.device,
            [(self.post, self.cycle)],
            clock=self,
            new_id=lambda: f"{start:016x}{next(ids):016x}",
        )

    # --- The clock. ---

    def wall_ms(self):
        return self.now_ms + self.jump_ms

    def monotonic_ms(self):
        return self.now_ms - 1_000_000

    def sleep(self, seconds):
        self.passes(round(seconds * 1000))

    def passes(self, ms, *, looking=False):
        """Let time pass; the operator works in its rhythm, and the recorder's thread looks if `looking`."""
        end, step = self.now_ms + ms, max(ROUND_MS, ms // 20)
        while self.now_ms < end:
            self.now_ms = min(end, self.now_ms + step)
            if self.now_ms - self.worked_ms >= ROUND_MS:
                self.work()
            if looking:
                self.gate.check()

    # --- The plant's side. ---

    def work(self):
        """Do a round of the operator's, and of the witness's."""
        self.worked_ms = self.now_ms
        if not self.operating:
            return
        world = self.world
        waiting = [Handed(name, content) for name, content in sorted(self.plant.notes.items())]
        intake = take_in(world.state, waiting, self.now_ms, self.done)
        if intake.entries:
            world.now_ms = self.now_ms
            world.take(*intake.entries)
            self.done |= intake.digests
        self.refused += [one.reason for one in intake.refused]
        for handed in (*intake.taken, *(one.handed for one in intake.refused)):
            self.plant.notes.pop(handed.name, None)
        if self.witnessing and (intake.entries or self.now_ms - (self.cosigned or [(0, 0)])[-1][1] > 20_000):
            note = parse_note(world.files.read("checkpoint"))
            note = type(note)(note.text, note.signatures[:1])
            content = str(cosign(note, world.witness, self.now_ms // 1000)).encode()
            world.files.replace("cosigned/latest", content)
            self.cosigned.append((world.state.size, self.now_ms // 1000 * 1000))

    def hand_in(self, body, *signers):
        """Hand an act in, as if by somebody who can write there."""
        act = sign_act(body, self.world.log.name, self.now_ms, *signers)
        self.plant.notes[f"{len(self.plant.notes):04d}-{self.now_ms}.note"] = str(act.note).encode()

    # --- The recorder. ---

    def frame(self, ms=100):
        """Bring one picture to the gate, as the recorder does; return the reason why it was not looked at."""
        answer = self.gate.allowed(self.station, "state durations", self.at)
        at, duration = self.at, Duration(ms * 1_000_000)
        self.at = Instant(at + duration)
        if not answer.allowed or at + duration > answer.until:
            return answer.reason
        self.gate.recorded(self.station, at, duration)
        self.looked.append(self.now_ms)
        return None

    def film(self, seconds, *, rate_ms=100):
        """Bring pictures for a while at the speed of life; return the reasons, in their order, each once."""
        reasons = []
        for _ in range(round(seconds * 1000 / rate_ms)):
            reason = self.frame(rate_ms)
            if not reasons or reasons[-1] is not reason:
                reasons.append(reason)
            self.passes(rate_ms, looking=True)
        return reasons

    def bodies(self, type_):
        """Return what the log says of this type."""
        return [entry.body for entry in self.world.entries if isinstance(entry.body, type_)]
