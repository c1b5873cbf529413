"""No sequence of agreement, suspension, clock and network events yields a permission that anybody faults.

Hypothesis plays both parties, the operator, the witness, the network, a device that crashes and whose clock
is set, and a recorder that brings pictures all the while. Three judges look at what came of it:

* the auditor (`consent.audit`), which shares no rule with gate and operator, finds nothing in the log;
* nothing was looked at outside a session that stands in the log (true time, not the device's);
* nothing was looked at later than `STOP_WITHIN_MS` after a stop was handed in while the site was in reach,
  nor later than `PERMISSION_MS` when it was not.
"""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from consent.agreement.form import agreement_hash
from consent.agreement.lifecycle import State
from consent.agreement.signing import countersign, sign_agreement
from consent.audit.audit import audit
from consent.audit.policy import parse_policy
from consent.audit.rules.times import Seen
from consent.entries.bodies import (
    AgreementActivated,
    AgreementEnded,
    AgreementResumed,
    AgreementSuspended,
    DeviceRevoked,
    RecordingStarted,
    RecordingStopped,
)
from consent.entries.limits import PERMISSION_MS, SKEW_MS, STOP_WITHIN_MS
from consent.entries.vocabulary import Reason
from consent.gate.desk import LEASE_MS
from productivity.intervals import StateInterval
from productivity.time import Duration, Instant
from tests.consent.gate.site import Site

MINUTE, HOUR = 60_000, 3_600_000


class Play:
    """Carries events out, and keeps what is true whatever the device believes."""

    def __init__(self, site):
        self.site, self.world = site, site.world
        self.stops = []
        """When a stop was handed in that nobody has lifted since; in true time."""
        self.reached_ms = site.now_ms
        """When the recorder could last read the site."""
        self.late = []

    # --- Events. ---

    def film(self, seconds, rate_ms):
        """Bring pictures at the speed of life."""
        for _ in range(min(200, seconds * 1000 // rate_ms)):
            self._bring(rate_ms, rate_ms)

    def play_file(self, pictures, ms):
        """Bring pictures of a file that is played many times faster."""
        for _ in range(pictures):
            self._bring(ms, 20)

    def wait(self, ms, looking):
        """Let nobody bring a picture; the recorder's thread goes on looking, or its machine is asleep."""
        self.site.passes(min(ms, 2 * MINUTE), looking=looking)
        self.site.now_ms += max(0, ms - 2 * MINUTE)
        self.site.work()

    def suspend(self, council):
        self._stop(AgreementSuspended(agreement=self._live()), council)

    def end(self, council):
        self._stop(AgreementEnded(agreement=self._live()), council)

    def revoke(self, council):
        self._stop(DeviceRevoked(device="edge-1"), council)

    def resume(self, both):
        line = self.world.state.agreements[self._live()]
        signers = [self.world.council, self.world.employer][: 2 if both else 1]
        lifts = line.suspended_at or 0
        self.site.hand_in(AgreementResumed(agreement=line.hash, lifts=lifts), *signers)

    def new_version(self, narrower, both):
        """Propose, sign and activate; whether that may be is the operator's business."""
        old = self.world.state.agreements[self._live()].agreement
        changes = {"minimum_group": old.minimum_group + 1} if narrower else {"time_resolution_s": 1}
        agreement = self.world.next_version(old, **changes)
        signed = sign_agreement(agreement, self.world.council)
        signed = countersign(signed, self.world.employer) if both else signed
        self.site.plant.notes["0000-agreement.note"] = str(signed.note).encode()
        self.site.hand_in(AgreementActivated(agreement=agreement_hash(agreement)), self.world.council)

    def cycles(self, number):
        """Let the recorder see complete cycles; 400 are enough."""
        for number_of_state in range(2 * number):
            state = ("part handling", "packaging")[number_of_state % 2]
            self.site.gate.seen(StateInterval(self.site.station, state, Instant(0), Duration(10**10)))

    def set(self, what, works):
        setattr(self.site.plant if what in {"network", "disk"} else self.site, what, works)

    def set_clock(self, jump_ms):
        self.site.jump_ms = jump_ms

    def crash(self):
        self._new_recorder()

    def restart(self):
        self.site.gate.close(Reason.OPERATOR)
        self._new_recorder()

    # --- What is true. ---

    def _new_recorder(self):
        # A device has one clock: what the machine believes at its start is what it counts on from.
        self.site.gate = self.site.recorder()
        self.reached_ms = self.site.now_ms

    def _live(self):
        return next(
            (
                line.hash
                for line in self.world.state.agreements.values()
                if line.state in {State.ACTIVE, State.SUSPENDED}
            ),
            self.world.hash,
        )

    def _stop(self, body, council):
        self.site.hand_in(body, self.world.council if council else self.world.employer)
        self.stops.append(self.site.now_ms)

    def _bring(self, ms, wall_ms):
        site = self.site
        lines = self.world.state.agreements
        if any(line.state is State.ACTIVE for line in lines.values()) and not site.plant.notes:
            self.stops = []  # whatever was stopped has been lifted
        if site.frame(ms) is None:
            self._judge()
        if site.plant.network:
            self.reached_ms = site.now_ms
        site.passes(wall_ms, looking=True)

    def _judge(self):
        now_ms = self.site.now_ms
        waiting = [at for at in self.stops if self._stands(at)]
        for stop_ms in waiting:
            blind = now_ms - self.reached_ms > STOP_WITHIN_MS
            limit = PERMISSION_MS + STOP_WITHIN_MS if blind else STOP_WITHIN_MS
            since = stop_ms if not blind else min(stop_ms, self.reached_ms)
            if now_ms > since + limit:
                self.late.append((stop_ms, now_ms))

    def _stands(self, stop_ms):
        """Whether a stop that was handed in then holds: it waits still, or no agreement is active since."""
        lines = self.world.state.agreements.values()
        live = any(line.state is State.ACTIVE and line.since_ms > stop_ms for line in lines)
        return not live


def outside(site):
    """Return what was looked at outside every session, by the log; a little for clocks that differ."""
    sessions = {}
    for entry in site.world.entries:
        if isinstance(entry.body, RecordingStarted):
            sessions[entry.body.session] = [entry.at_ms, 2**62]
        elif isinstance(entry.body, RecordingStopped):
            sessions[entry.body.session][1] = entry.at_ms
        elif isinstance(entry.body, DeviceRevoked):
            for span in sessions.values():
                span[1] = min(span[1], entry.at_ms)
    spans = list(sessions.values())
    return [
        at
        for at in site.looked
        if not any(begin - SKEW_MS <= at <= end + SKEW_MS + LEASE_MS for begin, end in spans)
    ]


def faults(site):
    """Bring everything back to life, let the auditor look, and return its findings."""
    site.plant.network = site.plant.disk = site.operating = site.witnessing = True
    site.gate.close(Reason.OPERATOR)
    site.jump_ms = 0
    site.passes(500)
    world = site.world
    policy = parse_policy(
        (
            f"log {world.log.verifier}\nwitness council {world.witness.verifier}\nquorum council\n"
            f"employer {world.employer.verifier}\nworks-council {world.council.verifier}\n"
        ).encode(),
        "policy",
    )
    entries = [(index, bytes(entry)) for index, entry in enumerate(world.entries)]
    seen = [Seen(size, at_ms, world.witness.name) for size, at_ms in site.cosigned]
    report = audit(entries, policy, cosigned=seen, at_ms=site.now_ms + 1)
    return [finding.says("en") if hasattr(finding, "says") else finding for finding in report.findings]


NO_SHRINK = [phase for phase in Phase if phase is not Phase.shrink]
councils = st.booleans()
EVENTS = st.one_of(
    st.tuples(st.just("film"), st.integers(1, 30), st.sampled_from([100, 100, 500])),
    st.tuples(st.just("film"), st.integers(60, 3600), st.sampled_from([1000, 5000])),
    st.tuples(st.just("play_file"), st.integers(1, 100), st.sampled_from([100, 1000, 60_000])),
    st.tuples(st.just("wait"), st.sampled_from([100, 1000, 10_000, MINUTE, 10 * MINUTE]), st.booleans()),
    st.tuples(st.just("wait"), st.sampled_from([HOUR, 9 * HOUR, 24 * HOUR, 12 * 24 * HOUR]), st.booleans()),
    st.tuples(st.just("suspend"), councils),
    st.tuples(st.just("resume"), st.booleans()),
    st.tuples(st.just("resume"), st.just(True)),
    st.tuples(st.just("end"), councils),
    st.tuples(st.just("revoke"), councils),
    st.tuples(st.just("new_version"), st.booleans(), st.booleans()),
    st.tuples(st.just("cycles"), st.sampled_from([1, 50, 401])),
    st.tuples(st.just("set"), st.sampled_from(["network", "disk", "operating", "witnessing"]), st.booleans()),
    st.tuples(st.just("set_clock"), st.sampled_from([0, 0, -900, 900, -30_000, 30_000, -HOUR, HOUR])),
    st.tuples(st.just("crash")),
    st.tuples(st.just("restart")),
)


@pytest.fixture(scope="module")
def new_site(make_world):
    """Make sites, each in a directory of its own."""
    with tempfile.TemporaryDirectory() as folder:

        def make():
            directory = Path(tempfile.mkdtemp(dir=folder))
            world = make_world().founded().agreed().enrolled()
            return Site(world, directory, cycle=("part handling", "packaging"))

        yield make


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck), phases=NO_SHRINK)
@given(st.lists(EVENTS, min_size=3, max_size=20))
def test_no_permission_that_an_auditor_would_fault(new_site, events):
    play = Play(new_site())
    for name, *parameters in events:
        getattr(play, name)(*parameters)
    assert faults(play.site) == []
    assert outside(play.site) == []
    assert play.late == []


def test_the_auditor_is_awake(new_site):
    """A recorder that goes on through a suspension is found out: the property above can fail."""
    play = Play(new_site())
    play.film(5, 100)
    site = play.site
    state = site.gate._follower.poll
    frozen = state()
    site.gate._follower.poll = lambda: frozen
    site.plant.waiting_acts = list
    play.suspend(True)
    play.film(20, 100)
    assert play.late
    site.gate._follower.poll = state
    assert any("suspension" in str(fault) for fault in faults(site))


def test_day_of_the_story_is_a_day_of_the_campaign(new_site):
    site = new_site()
    assert (
        datetime.fromtimestamp(site.now_ms / 1000, UTC).date() == site.world.agreement.campaigns[0].first_day
    )
