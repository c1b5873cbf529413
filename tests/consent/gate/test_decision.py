"""What is permitted, when it ends, and that one broken thing at a time refuses with its own reason."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consent.agreement.calendar import local_day
from consent.agreement.lifecycle import State
from consent.agreement.vocabulary import MotionPurpose, Purpose
from consent.entries.limits import PERMISSION_MS, SKEW_MS, WITNESS_GRACE_MS
from consent.entries.vocabulary import Reason
from consent.gate.decision import decide, device_name
from consent.site.minutes import close
from tests.consent.gate.place import DEVICE, MINUTE, NOON, Place, key_of, ms

TRAINING = MotionPurpose.PLANT_TRAINING


def ask(place):
    return decide(place.state, place.ask, place.known)


def test_at_noon_everything_is_permitted_until_the_log_must_be_read_again(place):
    decision = ask(place)
    assert decision.allowed
    assert decision.until_ms == place.known.read_ms + PERMISSION_MS
    assert decision.reason is Reason.LOG_UNREACHABLE
    assert (decision.agreement, decision.campaign) == (place.line.hash, "first")


FROM_THE_FIFTH = [{"name": "first", "stations": ["bench"], "first_day": "2027-03-05", "minutes_per_day": 120}]
FIRST_DAYS = [
    {
        "name": "first",
        "stations": ["bench"],
        "first_day": "2027-03-01",
        "last_day": "2027-03-02",
        "minutes_per_day": 120,
    }
]


BROKEN = [
    ("known to be damaged", Reason.LOG_DAMAGED, lambda p: p.knows(doubt=Reason.LOG_DAMAGED)),
    ("clock jumped", Reason.CLOCK, lambda p: p.knows(doubt=Reason.CLOCK)),
    ("clock behind the log", Reason.CLOCK, lambda p: p.set(latest_ms=NOON + SKEW_MS + 1)),
    ("clock behind its own reading", Reason.CLOCK, lambda p: p.knows(read_ms=NOON + 1)),
    (
        "clock behind the witness",
        Reason.CLOCK,
        lambda p: p.knows(cosigned_ms=NOON + WITNESS_GRACE_MS + 1),
    ),
    (
        "log not read for long",
        Reason.LOG_UNREACHABLE,
        lambda p: p.knows(read_ms=NOON - PERMISSION_MS),
    ),
    ("device unknown", Reason.DEVICE, lambda p: p.set(devices={})),
    ("another key of that name", Reason.DEVICE, lambda p: p.asks(device=key_of("stranger").verifier)),
    ("no agreement", Reason.NO_AGREEMENT, lambda p: p.set(agreements={})),
    ("signed, not activated", Reason.NO_AGREEMENT, lambda p: p.agreed(State.SIGNED_BY_BOTH)),
    ("ended", Reason.NO_AGREEMENT, lambda p: p.agreed(State.ENDED)),
    ("suspended", Reason.SUSPENDED, lambda p: p.agreed(State.SUSPENDED)),
    (
        "not valid yet",
        Reason.NO_AGREEMENT,
        lambda p: p.agreed(validity={"first_day": "2027-03-04"}, campaigns=FROM_THE_FIFTH),
    ),
    (
        "not valid any more",
        Reason.NO_AGREEMENT,
        lambda p: p.agreed(
            validity={"first_day": "2027-02-15", "last_day": "2027-03-02"}, campaigns=FIRST_DAYS
        ),
    ),
    ("workers informed today", Reason.NO_AGREEMENT, lambda p: p.agreed(notice_on="2027-03-03")),
    ("workers not informed", Reason.NO_AGREEMENT, lambda p: p.agreed(notice_on=None)),
    ("another purpose", Reason.PURPOSE, lambda p: p.asks(purpose=Purpose.MANUAL_COMPARISON)),
    ("a purpose of no list", Reason.PURPOSE, lambda p: p.asks(purpose="curiosity")),
    ("motion that is not permitted", Reason.PURPOSE, lambda p: p.agreed(motion={}).asks(purpose=TRAINING)),
    (
        "motion for another purpose",
        Reason.PURPOSE,
        lambda p: p.asks(purpose=MotionPurpose.LICENSING).set(grants={"b": p.grant()}),
    ),
    ("a state too many", Reason.STATE, lambda p: p.asks(states=frozenset({"assembly", "smoking"}))),
    (
        "session of another version",
        Reason.NO_AGREEMENT,
        lambda p: p.set(sessions={"a" * 32: p.session(agreement="f" * 64)}),
    ),
    (
        "session of a campaign that is not here",
        Reason.NO_CAMPAIGN,
        lambda p: p.set(sessions={"a" * 32: p.session(campaign="elsewhere")}),
    ),
    (
        "campaign that begins next week",
        Reason.NO_CAMPAIGN,
        lambda p: p.set(sessions={"a" * 32: p.session(campaign="second")}),
    ),
    ("no campaign at this station", Reason.NO_CAMPAIGN, lambda p: p.asks(station="press", session=None)),
    ("completed", Reason.COMPLETED, lambda p: p.set(completed=frozenset({("study", "first", "bench")}))),
    (
        "completed by what the recorder has seen",
        Reason.COMPLETED,
        lambda p: p.knows(completed=frozenset({("study", "first", "bench")})),
    ),
    (
        "minutes used up",
        Reason.MINUTES_USED,
        lambda p: p.set(recorded_ms={("bench", date(2027, 3, 3)): 100 * MINUTE}),
    ),
    (
        "minutes used up by a file that is played fast",
        Reason.MINUTES_USED,
        lambda p: p.knows(recorded_ms=120 * MINUTE),
    ),
    ("motion without a grant", Reason.NO_GRANT, lambda p: p.asks(purpose=TRAINING)),
    (
        "motion, grant for another station",
        Reason.NO_GRANT,
        lambda p: p.asks(purpose=TRAINING).set(grants={"b": p.grant(stations=("press",))}),
    ),
    (
        "motion, grant for another purpose",
        Reason.NO_GRANT,
        lambda p: p.asks(purpose=MotionPurpose.OWN_REVIEW).set(grants={"b": p.grant()}),
    ),
    (
        "motion, grant that is over",
        Reason.NO_GRANT,
        lambda p: p.asks(purpose=TRAINING).set(grants={"b": p.grant(until_ms=NOON)}),
    ),
    ("never co-signed", Reason.WITNESS_AWAY, lambda p: p.knows(cosigned_ms=None)),
    (
        "witness away for longer than agreed",
        Reason.WITNESS_AWAY,
        lambda p: p.knows(cosigned_ms=NOON - WITNESS_GRACE_MS - 30 * MINUTE),
    ),
    ("session not in the log", Reason.LOG_UNWRITABLE, lambda p: p.set(sessions={})),
    (
        "session of another device",
        Reason.LOG_UNWRITABLE,
        lambda p: p.set(sessions={"a" * 32: p.session(device="camera two")}),
    ),
    (
        "session of another station",
        Reason.LOG_UNWRITABLE,
        lambda p: p.set(sessions={"a" * 32: p.session(station="press")}),
    ),
]


@pytest.mark.parametrize(
    ("reason", "breaks"),
    [pytest.param(reason, breaks, id=name) for name, reason, breaks in BROKEN],
)
def test_one_broken_thing_refuses_with_its_reason(place, reason, breaks):
    assert ask(place).allowed
    breaks(place)
    decision = ask(place)
    assert (decision.allowed, decision.reason) == (False, reason)


def test_every_reason_of_the_gate_has_a_row():
    nobody_refused = {Reason.END_OF_SOURCE, Reason.OPERATOR, Reason.INTERRUPTED}
    assert {reason for _, reason, _ in BROKEN} == set(Reason) - nobody_refused


def test_motion_is_permitted_until_the_longest_grant_ends(place):
    grants = {"b": place.grant(), "c": place.grant(record="c" * 32, until_ms=NOON + 9_000)}
    decision = ask(place.asks(purpose=TRAINING).set(grants=grants))
    assert (decision.allowed, decision.until_ms, decision.reason) == (True, NOON + 9_000, Reason.NO_GRANT)


@pytest.mark.parametrize(
    ("name", "noon", "changes", "reason", "until"),
    [
        ("the campaign's last day", "2027-03-12 23:58", {}, Reason.NO_CAMPAIGN, "2027-03-13 00:00"),
        (
            "the witness",
            "2027-03-03 12:00",
            {"cosigned_ms": NOON - 28 * MINUTE},
            Reason.WITNESS_AWAY,
            "12:03",
        ),
        (
            "what a file holds",
            "2027-03-03 12:00",
            {"recorded_ms": 118 * MINUTE},
            Reason.MINUTES_USED,
            "12:02",
        ),
    ],
)
def test_the_nearest_end_ends_the_permission(place, name, noon, changes, reason, until):
    at_ms = ms(noon)
    until_ms = ms(until if " " in until else f"2027-03-03 {until}")
    place.asks(at_ms=at_ms).knows(**{"read_ms": at_ms, "cosigned_ms": at_ms, **changes})
    place.set(sessions={"a" * 32: place.session(started_ms=at_ms - MINUTE)})
    decision = ask(place)
    assert (decision.allowed, decision.until_ms, decision.reason) == (True, until_ms, reason), name


def test_two_recordings_of_a_station_use_its_minutes_up_twice_as_fast(place):
    other = place.session(id="d" * 32, device="camera two")
    used = {("bench", date(2027, 3, 3)): 76 * MINUTE}  # 120 agreed, 2 x 20 by the two that run
    place.set(sessions={"a" * 32: place.session(), "d" * 32: other}, recorded_ms=used)
    assert ask(place).until_ms == NOON + 2 * MINUTE


def test_a_new_day_has_minutes_of_its_own(place):
    midnight = ms("2027-03-04 00:00")
    at_ms = midnight - MINUTE
    place.asks(at_ms=at_ms).knows(read_ms=at_ms, cosigned_ms=at_ms)
    place.set(
        sessions={"a" * 32: place.session(started_ms=at_ms - MINUTE)},
        recorded_ms={("bench", date(2027, 3, 3)): 117 * MINUTE},
    )
    assert ask(place).until_ms == at_ms + PERMISSION_MS, "the 2 minutes left reach over midnight"
    place.set(recorded_ms={("bench", date(2027, 3, 3)): 119 * MINUTE})
    assert ask(place).reason is Reason.MINUTES_USED


def test_a_session_may_begin_under_the_campaign_that_permits_most(place):
    at_ms = ms("2027-03-11 09:00")
    place.asks(at_ms=at_ms, session=None).knows(read_ms=at_ms, cosigned_ms=at_ms).set(sessions={})
    assert ask(place).campaign == "first"
    place.set(completed=frozenset({("study", "first", "bench")}))
    assert ask(place).campaign == "second"


def test_a_device_is_known_by_its_key_not_by_its_name(place):
    assert device_name(place.state, DEVICE) == "camera one"
    assert device_name(place.state, key_of("camera-one").verifier) is None


# --- A permission holds until its end, whatever the world looks like. ---

instants = st.integers(NOON - 40 * MINUTE, NOON + 40 * MINUTE)


@st.composite
def worlds(draw):
    """Sessions, minutes, grants, limits near noon, or near midnight of a day on which clocks change."""
    place = Place()
    shift = draw(st.sampled_from([0, ms("2027-03-12 23:50") - NOON, ms("2027-03-06 00:05") - NOON]))
    started = draw(st.lists(st.integers(0, 130 * MINUTE), max_size=3))
    sessions = {}
    for number, ago in enumerate(started):
        key = f"{number:032x}"
        device = "camera one" if number == 0 else f"camera {number}"
        sessions[key] = place.session(id=key, device=device, started_ms=NOON + shift - ago)
    days = [date(2027, 3, day) for day in (3, 5, 6, 12, 13)]
    used = draw(st.dictionaries(st.sampled_from(days), st.integers(0, 125 * MINUTE)))
    at_ms = NOON + shift
    place.set(sessions=sessions, recorded_ms={("bench", day): n for day, n in used.items()}, latest_ms=0)
    place.set(grants={"b": place.grant(until_ms=at_ms + draw(st.integers(-MINUTE, 10 * MINUTE)))})
    place.asks(
        at_ms=at_ms,
        session=draw(st.sampled_from([None, *list(sessions)[:1]])),
        purpose=draw(st.sampled_from([Purpose.STATE_DURATIONS, TRAINING])),
    )
    return place.knows(
        read_ms=at_ms - draw(st.integers(0, 6 * MINUTE)),
        cosigned_ms=at_ms - draw(st.integers(-2 * MINUTE, 32 * MINUTE)),
        recorded_ms=draw(st.integers(0, 60 * MINUTE)),
    )


@settings(max_examples=300, deadline=None)
@given(worlds(), st.floats(0, 1, exclude_max=True))
def test_a_permission_holds_until_its_end(place, share):
    decision = ask(place)
    if not decision.allowed:
        assert decision.until_ms == place.ask.at_ms
        return
    assert decision.until_ms > place.ask.at_ms
    later = place.ask.at_ms + int(share * (decision.until_ms - place.ask.at_ms))
    again = ask(place.asks(at_ms=later))
    assert again.allowed
    assert again.until_ms >= decision.until_ms


@settings(max_examples=300, deadline=None)
@given(worlds())
def test_no_day_holds_more_than_its_minutes(place):
    """Recording to the end of each permission, asking again and again, never exceeds what was agreed."""
    decision = ask(place)
    if not decision.allowed or place.ask.session is None:
        return
    session = place.state.sessions[place.ask.session]
    length_ms = decision.until_ms - session.started_ms
    others = {key: one for key, one in place.state.sessions.items() if key != session.id}
    place.set(sessions=others)
    after = place.state
    for one in (session, *others.values()):
        after = close(after, one, max(decision.until_ms, one.started_ms), 0, place.ask.at_ms)
    grown = {
        day: total
        for (_, day), total in after.recorded_ms.items()
        if total > place.state.recorded_ms.get(("bench", day), 0)
    }
    assert length_ms > 0
    for day in {
        local_day(place.ask.at_ms, "Europe/Berlin"),
        local_day(decision.until_ms - 1, "Europe/Berlin"),
    }:
        assert grown.get(day, 0) <= 120 * MINUTE
