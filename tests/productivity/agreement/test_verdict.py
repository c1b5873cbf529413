"""Assessment and verdict: two stations, three sessions each, and a system that is nearly right."""

from dataclasses import replace
from datetime import date

import pytest

from productivity.agreement.assess import assess
from productivity.agreement.equivalence import equivalence
from productivity.agreement.errors import mean_absolute_percentage_error
from productivity.agreement.kappa import kappa
from productivity.agreement.pairs import Clustering, CyclePair, PairedSession, StatePair
from productivity.agreement.protocol import Protocol
from productivity.agreement.verdict import Outcome, judge
from productivity.errors import BadInput

SECOND = 10**9
MANUAL = [55, 58, 60, 61, 63, 64, 66, 70]


def session(station, number, *, off=0.0, confused=20, clock=True):
    """Return a session: cycles `off` seconds too long, `confused` of 1,000 seconds in the wrong state."""
    cycles = tuple(
        CyclePair(round(c * SECOND), round((c + off + 0.1 * ((i + number) % 3 - 1)) * SECOND))
        for i, c in enumerate(MANUAL)
    )
    wrong = (confused + number) * SECOND
    joint = {
        ("assembly", "assembly"): 600 * SECOND - wrong,
        ("assembly", "waiting"): wrong,
        ("waiting", "waiting"): 400 * SECOND,
    }
    totals = {
        "assembly": StatePair(600 * SECOND, 600 * SECOND - wrong),
        "waiting": StatePair(400 * SECOND, 400 * SECOND + wrong),
    }
    return PairedSession(station, f"shift {number}", 1000 * SECOND, totals, cycles, joint if clock else {})


GOOD = [session(station, number) for station in ("bench 1", "bench 2") for number in (1, 2, 3)]


def judged(sessions, protocol=None, **changes):
    protocol = replace(protocol or Protocol(), **changes)
    return judge(assess(sessions, protocol), protocol)


def outcomes(verdict):
    return {judgement.statistic: judgement.outcome for judgement in verdict.judgements}


def test_a_good_system_meets_every_bar_of_the_default_protocol():
    verdict = judged(GOOD)
    assert list(outcomes(verdict)) == [
        "p of equivalent cycle times (TOST)",
        "lower limit of kappa",
        "largest share error",
        "concordance",
        "mean absolute percentage error",
    ]
    assert verdict.outcome is Outcome.MET


@pytest.mark.parametrize(
    ("change", "statistic"),
    [
        ({"off": 4.0}, "p of equivalent cycle times (TOST)"),
        ({"off": 4.0}, "concordance"),
        ({"off": 8.0}, "mean absolute percentage error"),
        ({"confused": 150}, "lower limit of kappa"),
        ({"confused": 30}, "largest share error"),
    ],
)
def test_each_bar_can_be_missed(change, statistic):
    sessions = [
        session(station, number, **change) for station in ("bench 1", "bench 2") for number in (1, 2, 3)
    ]
    verdict = judged(sessions)
    assert outcomes(verdict)[statistic] is Outcome.MISSED
    assert verdict.outcome is Outcome.MISSED


def test_without_a_common_clock_kappa_is_undetermined_and_so_is_the_verdict():
    sessions = [session(station, n, clock=False) for station in ("bench 1", "bench 2") for n in (1, 2, 3)]
    verdict = judged(sessions)
    assert outcomes(verdict)["lower limit of kappa"] is Outcome.UNDETERMINED
    assert verdict.outcome is Outcome.UNDETERMINED
    assert judged(sessions, kappa=None).outcome is Outcome.MET


def test_one_session_determines_neither_equivalence_nor_a_limit():
    verdict = judged(GOOD[:1])
    undetermined = {name for name, outcome in outcomes(verdict).items() if outcome is Outcome.UNDETERMINED}
    assert undetermined == {"p of equivalent cycle times (TOST)", "lower limit of kappa"}


def test_a_system_must_not_agree_less_than_two_people_do():
    found = assess(GOOD, Protocol()).overall.kappa.value
    assert outcomes(judged(GOOD, human_kappa=found - 0.001))["kappa beside people"] is Outcome.MET
    assert outcomes(judged(GOOD, human_kappa=found + 0.001))["kappa beside people"] is Outcome.MISSED


def test_limits_of_agreement_must_lie_within_the_smallest_difference_that_matters():
    """Deviation about 0.085 s, so limits at about 0.17 s."""
    statistic = "limits of agreement in ns"
    assert outcomes(judged(GOOD, smallest_difference_ns=SECOND // 2))[statistic] is Outcome.MET
    assert outcomes(judged(GOOD, smallest_difference_ns=SECOND // 10))[statistic] is Outcome.MISSED


def test_a_bar_that_is_not_set_is_not_judged():
    nothing = Protocol(cycle_margin=None, kappa=None, share_error=None, concordance=None, mape=None)
    verdict = judged(GOOD, nothing)
    assert (verdict.judgements, verdict.outcome) == ((), Outcome.UNDETERMINED)
    assert assess(GOOD, nothing).overall.equivalence.margin == 0.05


@pytest.mark.parametrize(
    ("fixed", "recorded", "expected"),
    [
        (date(2026, 3, 1), date(2026, 3, 2), True),
        (date(2026, 3, 2), date(2026, 3, 2), False),
        (None, date(2026, 3, 2), None),
        (date(2026, 3, 1), None, None),
    ],
    ids=["day before", "same day", "no date", "unknown begin"],
)
def test_bars_are_fixed_beforehand_or_not(fixed, recorded, expected):
    protocol = Protocol(fixed_on=fixed)
    assert judge(assess(GOOD, protocol), protocol, recorded).fixed_beforehand is expected


def test_the_worst_station_is_named_for_each_statistic():
    sessions = [
        *GOOD,
        session("bench 3", 1, off=-3.0),
        session("bench 3", 2, off=-3.0),
        session("bench 4", 1, confused=90),
    ]
    agreement = assess(sessions, Protocol())
    assert {worst.statistic: worst.station for worst in agreement.worst} == {
        "cycle ratio": "bench 3",
        "kappa": "bench 4",
        "share error": "bench 4",
        "concordance": "bench 3",
        "mape": "bench 3",
    }
    by_name = {worst.statistic: worst.value for worst in agreement.worst}
    assert by_name["cycle ratio"] == agreement.stations["bench 3"].cycle_ratio < 1
    assert by_name["share error"] == pytest.approx(0.091)


def test_a_statistic_that_no_station_has_has_no_worst_one():
    bare = [replace(GOOD[0], cycles=(), joint_ns={})]
    assert [worst.statistic for worst in assess(bare, Protocol()).worst] == ["share error"]


def test_counts_of_what_was_compared():
    overall = assess([replace(GOOD[0], unmatched_cycles=2), *GOOD[1:]], Protocol()).overall
    assert (overall.sessions, overall.clusters, overall.cycles, overall.unmatched_cycles) == (6, 6, 48, 2)
    assert assess(GOOD, Protocol(clustering=Clustering.STATION)).overall.clusters == 2


def test_stations_as_clusters_know_less_than_sessions_do():
    by_session = assess(GOOD, Protocol()).overall.mape
    by_station = assess(
        [*GOOD[:3], *(replace(one, cycles=one.cycles[:5]) for one in GOOD[3:])],
        Protocol(clustering=Clustering.STATION),
    ).overall.mape
    assert by_station.high - by_station.low > by_session.high - by_session.low


def test_the_label_times_of_a_stations_sessions_add_up():
    """One station as a cluster has the kappa of its sessions' summed times, and no interval of its own."""
    station = assess(GOOD, Protocol(clustering=Clustering.STATION)).stations["bench 1"]
    total = {pair: sum(one.joint_ns[pair] for one in GOOD[:3]) for pair in GOOD[0].joint_ns}
    assert station.kappa == kappa([total])


def test_the_protocols_confidence_is_that_of_every_statistic():
    found = assess(GOOD, Protocol(confidence=0.9)).overall
    cycles = [one.cycles for one in GOOD]
    assert found.equivalence == equivalence(cycles, 0.05, 1 - 0.9)
    assert found.kappa == kappa([one.joint_ns for one in GOOD], 0.9)
    assert found.mape == mean_absolute_percentage_error(cycles, 0.9)


def test_sessions_must_exist_and_differ():
    with pytest.raises(BadInput, match="no session to assess"):
        assess([], Protocol())
    with pytest.raises(BadInput, match="bench 1: session 'shift 1' comes twice"):
        assess([GOOD[0], GOOD[0]], Protocol())


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"kappa": 1.0}, "kappa"),
        ({"mape": -0.1}, "mape"),
        ({"cycle_margin": 0.0}, "cycle_margin"),
        ({"confidence": 0.4}, "confidence"),
        ({"smallest_difference_ns": 0}, "smallest_difference_ns"),
    ],
)
def test_bars_that_mean_nothing_are_refused(change, name):
    with pytest.raises(BadInput, match=f"{name} of the protocol: expected"):
        Protocol(**change)
