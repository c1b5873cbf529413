"""A site in memory behind `api.site.Site`: the world of `tests/consent/world.py`, no disk and no thread.

    site = MemorySite(World(MemoryFiles()).founded().agreed().enrolled())
    Plant(address, site=site, now_ms=lambda: site.world.now_ms)

What it says is admitted by the real rules and stands in `site.world.entries`. `site.unusable = "why"` makes
the log one that cannot be believed, `site.full = "why"` one that takes nothing in.
"""

from consent.entries.bodies import NAMES
from consent.entries.form import Entry, parse_act
from consent.log.checkpoint import parse_checkpoint
from consent.notes import parse_note
from consent.site.desk import Declined, Health, LogUnusable
from consent.site.logged import Logged
from consent.site.own_words import require_sayable
from consent.site.sight import SiteView
from productivity.errors import BadInput


class MemorySite:
    """See above."""

    def __init__(self, world):
        self.world = world
        self.unusable = self.full = ""
        self.number = 1
        self._listeners = []

    @property
    def files(self):
        return self.world.files

    def cosigned_names(self):
        return []

    def state(self):
        if self.unusable:
            raise LogUnusable(self.unusable)
        return SiteView(
            self.world.state, self.world.state, self.world.writer.checkpoint, self._cosigned_ms(),
            takes_in=not self.full, problems=(self.full,) if self.full else (),
        )  # fmt: skip

    def health(self):
        problems = tuple(filter(None, (self.unusable, self.full)))
        size = self.world.state.size
        return Health(not self.unusable, not problems, problems, size, self._cosigned_ms())

    def say(self, body):
        if self.unusable or self.full:
            raise LogUnusable(self.unusable or self.full)
        require_sayable(self.world.state, body)
        index = self.world.own(body)
        self.changed()
        return index

    def say_all(self, bodies):
        return [self.say(body) for body in bodies]

    def hand_in(self, note):
        parsed = parse_act(note, "act")
        if self.unusable or self.full:
            return False
        try:
            self.world.take(Entry(self.world.now_ms, parsed.body, parsed))
        except BadInput as error:
            raise Declined(str(error)) from None
        self.changed()
        return True

    def catch_up(self):
        pass  # nobody hands anything in behind its back

    def entries(self, first, last):
        self.state()
        some = enumerate(self.world.entries)
        return [Logged(index, entry) for index, entry in some if first <= index < last]

    def recent(self, *kinds, most=50, before=None):
        names = {NAMES[kind] for kind in kinds} or set(NAMES.values())
        end = self.world.state.size if before is None else before
        return [one for one in self.entries(0, end)[::-1] if one.entry.type in names][:most]

    def count(self, *kinds):
        return len(self.recent(*kinds, most=self.world.state.size))

    def wait_for_change(self, number, timeout_s):
        return self.number

    def subscribe(self, listener):
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def changed(self):
        """Tell everybody that something changed; for tests that change the world themselves."""
        self.number += 1
        for listener in list(self._listeners):
            listener()

    def _cosigned_ms(self):
        content = self.world.files.read("cosigned/latest")
        if content is None:
            return None
        note = parse_note(content)
        assert parse_checkpoint(note.text).size <= self.world.state.size
        return int.from_bytes(note.signatures[-1].value[:8], "big") * 1000
