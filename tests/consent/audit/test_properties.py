"""No false alarms: whatever an honest plant does, and in whatever order, an audit finds nothing."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consent.agreement.vocabulary import Party, View
from consent.agreement.vocabulary import Role as Viewer
from consent.entries import bodies
from consent.entries.vocabulary import Reason

SECOND, MINUTE = 1000, 60_000


class Honest:
    """A plant that asks its own books before it does anything."""

    def __init__(self, plant):
        self.plant, self.story, self.number = plant, plant.ready(), 0
        self.minutes_left, self.council, self.grants, self.kept, self.group = 118, plant.COUNCIL, [], {}, 7

    def name(self):
        self.number += 1
        return f"no. {self.number}"

    def session(self, minutes):
        """Return how long may be recorded today, which for a day off is nothing."""
        minutes = min(minutes, self.minutes_left)
        self.minutes_left -= minutes + 1
        return minutes if minutes > 0 else 0

    # Each of the following is something that an honest plant may do; `number` is how long or how much.

    def record(self, number):
        if minutes := self.session(number):
            name = self.name()
            self.story.start(name).wait(minutes * MINUTE).stop(name)

    def record_file(self, number):
        """A file is played at twice its speed, so it holds twice the session."""
        if minutes := self.session(2 * number) // 2:
            name = self.name()
            self.story.start(name).wait(minutes * MINUTE).stop(name, recorded_ms=2 * minutes * MINUTE)

    def suspend(self, number):
        self.story.suspend(self.council).wait(number * SECOND).resume(self.plant.EMPLOYER, self.council)

    def suspend_while_recording(self, number):
        if minutes := self.session(number):
            name = self.name()
            self.story.start(name).wait(minutes * MINUTE).suspend(self.council).stop(name, Reason.SUSPENDED)
            self.story.resume(self.plant.EMPLOYER, self.council)

    def out_of_reach(self, number):
        if minutes := self.session(min(number, 4)):
            name = self.name()
            self.story.start(name).suspend(self.council).wait(minutes * MINUTE)
            self.story.stop(name, Reason.LOG_UNREACHABLE).resume(self.plant.EMPLOYER, self.council)

    def crash(self, number):
        if self.minutes_left > 0:
            name, self.minutes_left = self.name(), 0
            self.story.start(name).wait(number * MINUTE).stop(name, Reason.INTERRUPTED)

    def narrow(self, _):
        if self.council is self.plant.COUNCIL:
            self.group += 1
            self.story.version(minimum_group=self.group).propose().sign(Party.COUNCIL).activate()

    def widen(self, _):
        if self.council is self.plant.COUNCIL and self.group > 5:
            self.group -= 1
            self.story.version(minimum_group=self.group).propose().sign(Party.COUNCIL).sign().activate()

    def keep(self, number):
        if minutes := self.session(number):
            grant, session, segment = self.name(), self.name(), self.name()
            self.story.ask(grant).give(grant).start(session).wait(minutes * MINUTE)
            self.story.seal(segment, session, grant).stop(session)
            self.grants.append(grant)
            self.kept[grant] = [segment]

    def withdraw(self, number):
        if self.grants:
            grant = self.grants.pop()
            self.story.withdraw(grant).wait(number * MINUTE).shred(grant, *self.kept.pop(grant))

    def renew(self, _):
        if self.grants:
            old, new = self.grants.pop(), self.name()
            self.story.give(new, renews=self.plant.identifier(old))
            self.grants.append(new)
            self.kept[new] = self.kept.pop(old)

    def use(self, number):
        if self.grants:
            use = self.name()
            worker, collective = number * 70 // 100, number * 20 // 100
            self.story.use(use, *self.kept[self.grants[-1]])
            self.story.book(use, worker, collective, number - worker - collective)
            self.story.own(bodies.MotionExported(use=self.plant.identifier(use), content="1" * 64))

    def release(self, number):
        self.story.release(self.group + number, cells=number, suppressed=number // 2)

    def view(self, _):
        self.story.view().view(Viewer.COUNCIL, View.LOG, None)

    def refuse(self, _):
        record, own = self.name(), self.plant.worker("ben")
        self.story.ask(record, "ben").act(
            bodies.ConsentRefused(
                pseudonym=own.name, key=str(own.verifier), record=self.plant.identifier(record)
            ),
            own,
        )

    def new_key(self, _):
        new = self.plant.key(f"council-{self.name()[4:]}")
        body = bodies.KeyAdded(
            role="works-council", key=str(new.verifier), replaces=str(self.council.verifier)
        )
        self.story.act(body, self.council, new)
        self.council = new

    def wait(self, number):
        self.story.wait(number * MINUTE)


HELPERS = ("__init__", "name", "session")
WAYS = [way for name, way in vars(Honest).items() if callable(way) and name not in HELPERS]
STEPS = st.lists(st.tuples(st.sampled_from(WAYS), st.integers(1, 50)), max_size=20)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS)
def test_an_honest_plant_is_never_accused(plant, steps):
    honest = Honest(plant)
    for what, number in steps:
        what(honest, number)
    report = honest.story.cosign().audit()
    assert [one.says("en") for one in report.findings] == []
    assert {one.what.en for one in report.warnings} <= {
        "device broke down; how long it had recorded is not known"
    }
    assert report.size == len(honest.story.entries)


@settings(max_examples=25, deadline=None)
@given(content=st.lists(st.binary(max_size=60), max_size=20))
def test_whatever_stands_in_a_log_an_audit_ends_with_a_report(plant, content):
    """Hostile entries are findings, never exceptions."""
    story = plant.ready()
    entries = [*map(bytes, story.entries), *content]
    report = plant.audit(
        enumerate(entries), plant.parse_policy(plant.POLICY.encode(), "p"), cosigned=story.seen
    )
    assert report.number == len(content)


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_entries_in_any_order_end_with_a_report(plant, data):
    """Well-formed entries where they do not belong are findings, never exceptions."""
    story = plant.whole_story()
    shuffled = data.draw(st.permutations(story.entries)) + data.draw(st.permutations(story.entries[:12]))
    entries = enumerate(map(bytes, shuffled))
    report = plant.audit(entries, plant.parse_policy(plant.POLICY.encode(), "p"), cosigned=story.seen)
    assert report.number
    assert report.size == len(shuffled)
