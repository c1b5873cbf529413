"""A recorder in a whole site: what it looks at, when it stops, what it tells the log, what it survives."""

import json
from itertools import pairwise

import pytest

from consent.agreement.lifecycle import State
from consent.entries.bodies import (
    AgreementActivated,
    AgreementEnded,
    AgreementResumed,
    AgreementSuspended,
    DeviceRevoked,
    RecordingCompleted,
    RecordingStarted,
    RecordingStopped,
)
from consent.entries.limits import PERMISSION_MS, SKEW_MS, STOP_WITHIN_MS
from consent.entries.vocabulary import Reason
from consent.gate.course import OPEN_WITHIN_MS
from consent.gate.desk import LEASE_MS
from productivity.intervals import StateInterval
from productivity.time import Duration, Instant
from tests.consent.gate.site import Site

MINUTE = 60_000


def stops(site):
    return [(stop.reason, stop.recorded_ms) for stop in site.bodies(RecordingStopped)]


def end(site, reason=Reason.END_OF_SOURCE):
    site.gate.close(reason)
    site.passes(200)


def test_a_recording_begins_in_the_log_before_the_first_picture_and_ends_in_it(site):
    assert site.film(3) == [None]
    (start,) = site.bodies(RecordingStarted)
    started = next(e for e in site.world.entries if isinstance(e.body, RecordingStarted))
    assert started.at_ms <= site.looked[0]
    assert (start.device, start.station, start.campaign) == ("edge-1", "assembly bench", "assembly")
    assert start.configuration == "ab" * 32
    end(site)
    assert stops(site) == [(Reason.END_OF_SOURCE, 3_000)]
    assert site.world.state.sessions == {}
    assert site.gate.recorded_anything


def test_nothing_is_said_in_the_log_while_nobody_asks(site):
    site.passes(10_000, looking=True)
    assert site.bodies(RecordingStarted) == []


def test_a_suspension_counts_before_the_log_takes_it_in_and_only_both_resume(site):
    assert site.film(2) == [None]
    site.operating = False
    site.hand_in(AgreementSuspended(agreement=site.world.hash), site.world.council)
    handed_in = site.now_ms
    assert site.film(2)[-1] is Reason.SUSPENDED
    assert max(site.looked) <= handed_in + STOP_WITHIN_MS
    site.operating = True
    assert site.film(1) == [Reason.SUSPENDED]
    assert stops(site)[0][0] is Reason.SUSPENDED
    line = site.world.state.agreements[site.world.hash]
    assert line.state is State.SUSPENDED
    resumption = AgreementResumed(agreement=site.world.hash, lifts=line.suspended_at)
    site.hand_in(resumption, site.world.council)
    assert site.film(1) == [Reason.SUSPENDED]
    site.hand_in(resumption, site.world.council, site.world.employer)
    assert site.film(2)[-1] is None
    end(site)
    assert len(stops(site)) == len(site.bodies(RecordingStarted)) == 2
    assert sum(ms for _, ms in stops(site)) == 100 * len(site.looked)
    (refused,) = site.refused
    assert "not enough to resume an agreement: expected both parties" in refused


def test_a_suspension_ends_the_session_even_if_no_picture_comes(site):
    site.film(1)
    site.hand_in(AgreementSuspended(agreement=site.world.hash), site.world.employer)
    site.passes(300, looking=True)
    assert [reason for reason, _ in stops(site)] == [Reason.SUSPENDED]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (lambda world: AgreementEnded(agreement=world.hash), Reason.NO_AGREEMENT),
        (lambda world: DeviceRevoked(device="edge-1"), Reason.DEVICE),
    ],
    ids=["ended", "revoked"],
)
def test_other_stops_count_at_once_too(site, body, reason):
    site.film(1)
    site.operating = False
    site.hand_in(body(site.world), site.world.council)
    assert site.film(1)[-1] is reason


def test_a_stop_that_is_dated_ahead_is_a_suspension_and_no_doubt_about_the_clock(site):
    site.film(1)
    site.operating = False
    site.now_ms += 5_000  # the council's clock is ahead
    site.hand_in(AgreementSuspended(agreement=site.world.hash), site.world.council)
    site.now_ms -= 5_000
    assert site.film(1)[-1] is Reason.SUSPENDED


def test_a_gate_that_was_closed_permits_nothing_more(site):
    site.film(1)
    end(site)
    assert site.film(1) == [Reason.OPERATOR]
    assert len(stops(site)) == len(site.bodies(RecordingStarted)) == 1


def test_a_stranger_stops_nothing(site):
    site.film(1)
    site.hand_in(AgreementSuspended(agreement=site.world.hash), site.world.device)
    assert site.film(2) == [None]


def test_a_crowd_of_acts_in_which_a_stop_may_hide_stops_the_recorder_until_it_is_gone(site):
    site.film(1)
    site.operating = False
    site.plant.notes |= {f"{number}.note": b"nonsense" for number in range(101)}
    assert site.film(1)[-1] is Reason.LOG_UNREACHABLE
    site.operating = True
    assert site.film(2)[-1] is None


def test_a_new_version_ends_the_session_and_begins_another_under_its_own_text(site):
    site.film(1)
    narrower = site.world.next_version(minimum_group=9)
    name = site.world.propose(narrower, site.world.council)
    site.hand_in(AgreementActivated(agreement=name), site.world.council)
    assert set(site.film(2)) <= {None, Reason.NO_AGREEMENT, Reason.LOG_UNWRITABLE}
    assert site.film(1) == [None]
    assert [start.agreement for start in site.bodies(RecordingStarted)] == [site.world.hash, name]


def test_no_picture_is_looked_at_while_the_log_takes_no_start_in(site):
    site.operating = False
    assert site.film(2 * OPEN_WITHIN_MS / 1000) == [Reason.LOG_UNWRITABLE]
    assert not site.looked
    assert len(site.plant.notes) <= 1, "starts that were given up are taken back"
    site.operating = True
    assert site.film(12)[-1] is None
    end(site)
    assert all(reason is Reason.END_OF_SOURCE for reason, _ in stops(site))


def test_a_start_that_the_log_takes_in_too_late_is_stopped_again(site):
    """The operator had read it already when the recorder took it back."""
    site.operating = False
    site.frame()
    site.plant.notes["0000-late.note"] = site.plant.handed_in[0]
    site.operating = True
    assert site.film(12)[-1] is None
    end(site)
    assert stops(site)[0] == (Reason.LOG_UNWRITABLE, 0)
    assert len(stops(site)) == len(site.bodies(RecordingStarted)) == 2


def test_without_a_log_a_recorder_goes_on_for_a_while_and_then_stops(site):
    site.film(1)
    site.plant.network = False
    assert site.film(PERMISSION_MS / 1000 - 10, rate_ms=1000) == [None]
    assert site.film(20, rate_ms=1000)[-1] is Reason.LOG_UNREACHABLE
    assert max(site.looked) < site.looked[9] + PERMISSION_MS + 200
    site.plant.network = True
    assert site.film(3)[-1] is None
    assert stops(site)[0][0] is Reason.LOG_UNREACHABLE


def test_a_stop_that_could_not_be_known_is_told_as_such(site):
    site.film(1)
    site.plant.network = False
    site.hand_in(AgreementSuspended(agreement=site.world.hash), site.world.council)
    assert site.film(30) == [None]
    site.plant.network = True
    assert site.film(2)[-1] is Reason.SUSPENDED
    assert stops(site)[0][0] is Reason.LOG_UNREACHABLE


@pytest.mark.parametrize(
    ("name", "spoil", "reason"),
    [
        ("no log", lambda s: s.world.files.remove("checkpoint"), Reason.LOG_UNREACHABLE),
        ("no network", lambda s: setattr(s.plant, "network", False), Reason.LOG_UNREACHABLE),
        ("not a log", lambda s: s.world.files.replace("checkpoint", b"hello\n"), Reason.LOG_DAMAGED),
        ("no acts", lambda s: setattr(s.plant, "disk", False), Reason.LOG_UNWRITABLE),
        ("clock behind", lambda s: setattr(s, "now_ms", s.now_ms - 10 * MINUTE), Reason.CLOCK),
        ("clock far ahead", lambda s: setattr(s, "now_ms", s.now_ms + 9 * 60 * MINUTE), Reason.WITNESS_AWAY),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_whatever_is_missing_nothing_is_looked_at_and_it_says_why(site, name, spoil, reason):
    site.operating = False
    spoil(site)
    site.gate = site.recorder()
    assert site.film(2) == [reason], name
    assert site.gate.refusals == {site.station: reason}
    assert not site.gate.recorded_anything


def test_a_log_that_was_cut_off_stops_a_running_recorder_for_good(site):
    checkpoint = site.world.files.read("checkpoint")
    site.film(1)
    after = site.world.files.read("checkpoint")
    site.world.files.replace("checkpoint", checkpoint)
    site.operating = False
    assert site.film(1)[-1] is Reason.LOG_DAMAGED
    site.world.files.replace("checkpoint", after)
    assert site.film(1) == [Reason.LOG_DAMAGED]


@pytest.mark.parametrize("jump_ms", [-3_600_000, -SKEW_MS - 1, SKEW_MS + 1, 3_600_000])
def test_a_clock_that_is_set_stops_the_recorder_for_the_rest_of_the_run(site, jump_ms):
    site.film(1)
    site.jump_ms = jump_ms
    assert site.film(1)[-1] is Reason.CLOCK
    site.jump_ms = 0
    assert site.film(1) == [Reason.CLOCK]
    assert [reason for reason, _ in stops(site)] == [Reason.CLOCK]


def test_a_clock_that_is_corrected_by_little_is_believed(site):
    site.film(1)
    site.jump_ms = -SKEW_MS
    assert site.film(1) == [None]


def test_a_witness_that_stays_away_stops_the_recorder_when_agreed(world, tmp_path):
    world = world
    site = Site(world, tmp_path)
    agreed = site.world.agreement.suspension.witness_away_minutes
    site.film(1)
    site.witnessing = False
    reasons = site.film((agreed - 130) * 60, rate_ms=60_000)
    assert Reason.WITNESS_AWAY not in reasons
    site.passes(140 * MINUTE)
    assert site.film(2)[-1] in {Reason.WITNESS_AWAY, Reason.MINUTES_USED}


def test_the_minutes_of_a_day_end_the_recording_to_the_millisecond_and_the_next_day_begins_anew(site):
    reasons = site.film(125 * 60, rate_ms=10_000)
    assert reasons == [None, Reason.MINUTES_USED]
    recorded = sum(ms for _, ms in stops(site))
    assert 120 * MINUTE - 10_000 <= recorded <= 120 * MINUTE
    site.passes(24 * 3_600_000 - 125 * MINUTE)
    assert site.film(2)[-1] is None


def test_a_file_that_is_played_fast_uses_its_minutes_up_by_what_it_holds(site):
    site.frame()
    for _ in range(121 * 60):  # two hours in two minutes
        reason = site.frame(1000)
        site.passes(16)
    assert reason is Reason.MINUTES_USED
    site.passes(200)
    ((stop, recorded),) = stops(site)
    assert stop is Reason.MINUTES_USED
    assert 120 * MINUTE - 1_000 <= recorded <= 120 * MINUTE


def test_a_file_is_recorded_in_one_session_however_fast_it_is_played(site):
    assert {site.frame(1000) for _ in range(30 * 60)} == {None}
    end(site)
    assert stops(site) == [(Reason.END_OF_SOURCE, 30 * MINUTE)]


def test_a_crash_leaves_a_session_open_and_the_next_start_says_when_it_was_over(site):
    site.film(30)
    crashed = site.now_ms
    site.passes(2 * 3_600_000)
    site.gate = site.recorder()
    assert site.film(1)[-1] is None
    entry = next(e for e in site.world.entries if isinstance(e.body, RecordingStopped))
    assert entry.body.reason is Reason.INTERRUPTED
    assert crashed < entry.act.at_ms <= crashed + LEASE_MS
    assert 20_000 <= entry.body.recorded_ms <= 30_000
    end(site)
    assert site.world.state.sessions == {}
    assert not list((site.plant.root / "sessions").glob("*.json"))


def test_a_crash_at_a_station_that_is_not_recorded_any_more_is_told_too(site):
    start = site.world.start(station="packing bench", campaign="packing")
    site.now_ms += 36 * 24 * 3_600_000
    site.hand_in(start, site.world.device)
    site.passes(200)
    assert site.bodies(RecordingStarted)
    site.gate = site.recorder()
    site.passes(300, looking=True)
    assert [reason for reason, _ in stops(site)] == [Reason.INTERRUPTED]


def test_a_recorder_stops_once_when_its_lease_cannot_be_renewed(site):
    site.film(1)
    (site.plant.root / "sessions").rename(site.plant.root / "gone")
    (site.plant.root / "sessions").touch()
    began = site.now_ms
    assert site.film(20)[-1] is Reason.LOG_UNWRITABLE
    assert max(site.looked) <= began + LEASE_MS
    assert [reason for reason, _ in stops(site)] == [Reason.LOG_UNWRITABLE]
    assert len(site.bodies(RecordingStarted)) == 1


def test_a_machine_that_slept_ends_its_session_as_of_its_lease(site):
    site.film(1)
    slept = site.now_ms
    site.now_ms += 3_600_000
    assert site.film(2)[-1] is None
    entry = next(e for e in site.world.entries if isinstance(e.body, RecordingStopped))
    assert (entry.body.reason, entry.body.recorded_ms) == (Reason.INTERRUPTED, 1_000)
    assert entry.act.at_ms <= slept + LEASE_MS


def test_a_picture_that_lasts_long_is_recorded_like_any_other(site):
    """A time-lapse camera: one picture a minute."""
    assert site.film(20 * 60, rate_ms=60_000) == [None]
    assert len(site.bodies(RecordingStarted)) == 1


def test_a_stop_that_cannot_be_written_is_handed_in_later_as_of_its_own_time(site):
    site.film(1)
    site.plant.disk = False
    site.jump_ms = 10_000
    site.film(1)
    stopped_by = site.now_ms
    assert stops(site) == []
    site.passes(5_000, looking=True)
    site.plant.disk = True
    site.passes(500, looking=True)
    entry = next(e for e in site.world.entries if isinstance(e.body, RecordingStopped))
    assert entry.act.at_ms <= stopped_by < entry.at_ms


def cycles(site, number, *, each_s=30, station="assembly bench"):
    """Feed complete cycles to the gate, as the recorder tells them."""
    now = 0
    for _ in range(number):
        for state, length in (("part handling", each_s / 2), ("packaging", each_s / 2)):
            duration = Duration(round(length * 1e9))
            site.gate.seen(StateInterval(station, state, Instant(now), duration))
            now += duration


@pytest.fixture
def counting(world, tmp_path):
    """The example's campaign ends at 400 cycles or 5 %."""
    return Site(world, tmp_path, cycle=("part handling", "packaging"))


def test_a_campaign_ends_with_the_cycle_that_is_enough(counting):
    site = counting
    site.film(1)
    cycles(site, 400)
    assert site.film(1) == [None], "the last cycle is complete when the next begins"
    cycles(site, 1)
    assert site.film(1) == [Reason.COMPLETED]
    end(site)
    (said,) = site.bodies(RecordingCompleted)
    assert (said.campaign, said.station, said.criterion) == ("assembly", "assembly bench", "cycles")
    assert [reason for reason, _ in stops(site)] == [Reason.COMPLETED]
    site.gate = site.recorder()
    assert site.film(2) == [Reason.COMPLETED]


def test_counts_go_on_over_sessions_and_crashes_and_hold_no_clock_time(counting):
    site = counting
    for number in (200, 150):
        site.film(1)
        cycles(site, number)
        end(site)
        site.gate = site.recorder()
    (kept,) = (site.plant.root / "campaigns").glob("*.json")
    assert json.loads(kept.read_text()) == {
        "agreement": "assembly-cell-study",
        "campaign": "assembly",
        "station": "assembly bench",
        "sessions": [[200, 6_000_000], [150, 4_500_000]],
    }
    site.film(1)
    cycles(site, 51)
    assert site.film(1) == [Reason.COMPLETED]


def test_a_campaign_ends_when_its_sessions_are_alike_enough(counting):
    site = counting
    for _ in range(9):
        site.film(1)
        cycles(site, 10)
        end(site)
        site.gate = site.recorder()
    assert site.bodies(RecordingCompleted)[0].criterion == "accuracy"
    assert site.film(1) == [Reason.COMPLETED]


def test_a_count_that_was_spoilt_permits_nothing(counting):
    site = counting
    site.film(1)
    cycles(site, 10)
    end(site)
    (kept,) = (site.plant.root / "campaigns").glob("*.json")
    kept.write_text('{"sessions": "many"}')
    site.gate = site.recorder()
    assert site.film(2) == [Reason.LOG_UNWRITABLE]


def test_recording_continues_without_a_hole_through_half_an_hour(site):
    site.film(30 * 60, rate_ms=500)
    assert {later - earlier for earlier, later in pairwise(site.looked)} == {500}
    end(site)
    assert stops(site) == [(Reason.END_OF_SOURCE, 30 * MINUTE)]
