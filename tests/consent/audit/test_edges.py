"""Limits to the millisecond, and what concerns one agreement, station or campaign and no other."""

import json

import pytest

from consent.agreement.form import canonical_text
from consent.agreement.schema import Agreement
from consent.agreement.vocabulary import Party
from consent.audit.catalogue import Check
from consent.audit.rules.times import Seen
from consent.audit.verify import audit_log
from consent.entries import bodies
from consent.entries.times import utc_ms, utc_text
from consent.entries.vocabulary import Reason, SuspendedBecause

SECOND, MINUTE, HOUR, DAY = 1000, 60_000, 3_600_000, 86_400_000
LATE = 2 * SECOND
"""A second to stop, a second between clocks."""


def checks(report):
    return [one.check for one in report.findings]


def terms(story, **changes):
    """Give the agreement other terms before anybody signs it."""
    document = json.loads(canonical_text(story.agreement)) | changes
    story.agreement = Agreement.model_validate(document)
    return story


@pytest.mark.parametrize(
    ("reason", "permitted_ms"),
    [(Reason.SUSPENDED, LATE), (Reason.OPERATOR, LATE), (Reason.LOG_UNREACHABLE, 5 * MINUTE + LATE)],
)
def test_a_device_may_stop_so_late_and_no_later(plant, reason, permitted_ms):
    for more_ms, expected in ((0, []), (1, [Check.RECORDINGS])):
        story = plant.ready().start("s").suspend()
        ended_ms = story.now_ms + permitted_ms + more_ms
        story.wait(10 * MINUTE).stop("s", reason, signed_ms=ended_ms)
        assert checks(story.audit()) == expected


def test_the_last_day_ends_at_midnight_of_the_site(plant):
    """23:00 UTC is midnight in Berlin."""
    midnight_ms = utc_ms("2027-03-12T23:00:00.000Z")
    for more_ms, expected in ((0, []), (1, [Check.RECORDINGS])):
        story = plant.ready("2027-03-12T22:30:00.000Z").start("s").wait(HOUR)
        story.stop("s", signed_ms=midnight_ms + LATE + more_ms)
        assert checks(story.audit()) == expected


def test_minutes_are_counted_to_the_millisecond(plant):
    for more_ms, expected in ((0, []), (1, [Check.RECORDINGS])):
        story = plant.ready()
        began_ms = story.start("s", signed_ms=story.now_ms).now_ms - SECOND
        story.wait(3 * HOUR).stop("s", signed_ms=began_ms + 120 * MINUTE + LATE + more_ms)
        assert checks(story.audit()) == expected


def test_witness_and_log_may_differ_by_a_minute(plant):
    """The witness's times are whole seconds, so an entry may be 999 ms younger still."""
    for more_ms, expected in ((0, []), (1, [Check.TIMES])):
        story = plant.ready().view()
        story.seen = [Seen(9, story.now_ms - MINUTE - 999 - more_ms)]
        assert checks(story.audit()) == expected
        story.seen = [Seen(8, story.now_ms + MINUTE + more_ms)]
        assert checks(story.audit()) == expected


def test_motion_must_be_gone_after_an_hour(plant):
    for more_ms, expected in ((0, []), (1, [Check.SHREDDING])):
        story = (
            plant.ready()
            .ask("r")
            .give("r")
            .start("s")
            .wait(MINUTE)
            .seal("a", "s", "r")
            .stop("s")
            .withdraw("r")
        )
        due_ms = story.now_ms + HOUR + SECOND
        assert checks(story.audit(at_ms=due_ms + more_ms)) == expected
        story.wait(2 * HOUR).shred("r", "a").redated(len(story.entries) - 1, due_ms + more_ms)
        story.seen.clear()
        assert checks(story.audit(cosigned=None)) == expected


def test_consent_lasts_to_the_end_of_the_last_day_that_is_agreed(plant):
    """The agreement is valid to the 31st of May; its last instant is 22:00 UTC in summer."""
    for more_ms, expected in ((0, []), (1, [Check.CONSENT])):
        until = utc_text(utc_ms("2027-05-31T22:00:00.000Z") + more_ms)
        assert checks(plant.ready().ask("r").give("r", until=until).audit()) == expected
    for less_ms, expected in ((1, []), (0, [Check.CONSENT])):
        story = plant.ready().ask("r")
        until = utc_text(story.now_ms + SECOND + less_ms)
        assert checks(story.give("r", until=until).audit()) == expected


def two_stations(plant):
    """One campaign at both stations."""
    story = plant.Story()
    campaigns = [one.model_dump(mode="json") for one in story.agreement.campaigns]
    campaigns[0]["stations"] = ["assembly bench", "packing bench"]
    return terms(story, campaigns=campaigns).found().agree().until("2027-03-01T07:00:00.000Z").cosign()


def test_a_completion_ends_its_station_and_campaign_alone(plant):
    story = two_stations(plant).start("s", station="packing bench").complete().wait(MINUTE).stop("s")
    assert checks(story.audit()) == []


def test_a_device_may_record_two_stations_at_once(plant):
    story = two_stations(plant).start("s", station="packing bench").start("t").stop("s").stop("t")
    assert checks(story.audit()) == []


def beside(story, **changes):
    """Agree on something else as well, and return to the first agreement."""
    first = story.agreement
    campaign = first.campaigns[0].model_dump(mode="json") | {"stations": ["saw"]}
    elsewhere = {"stations": ["saw"], "campaigns": [campaign], "motion": {"permitted": False}}
    terms(story, **elsewhere, **changes).agree()
    second, story.agreement = story.agreement, first
    return story, second


def test_a_suspension_stops_its_own_agreement_alone(plant):
    story, second = beside(plant.ready(), id="saw-study")
    first, story.agreement = story.agreement, second
    story.start("s", station="saw")
    story.agreement = first
    story.suspend().wait(MINUTE).resume().wait(MINUTE).stop("s")
    assert checks(story.audit()) == []


def test_two_agreements_of_one_name_do_not_stand_beside_each_other(plant):
    story, _ = beside(plant.ready(), shift_minutes=400)
    assert checks(story.audit()) == [Check.AGREEMENTS]


def test_only_an_agreed_trigger_suspends_without_a_signature(plant):
    suspension = {"witness_away_minutes": 480, "triggers": [SuspendedBecause.LOG_DAMAGED.value]}
    for because, expected in (
        (SuspendedBecause.LOG_DAMAGED, []),
        (SuspendedBecause.DATA_BREACH, [Check.AUTHORITY]),
        (SuspendedBecause.DECISION, [Check.AUTHORITY]),
    ):
        story = terms(plant.Story(), suspension=suspension).found().agree()
        story.own(bodies.AgreementSuspended(agreement=story.hash, because=because))
        assert checks(story.audit()) == expected


def test_a_new_version_says_who_may_look(plant):
    story = plant.ready().view()
    access = [
        one.model_dump(mode="json") for one in story.agreement.access if one.role != "industrial engineer"
    ]
    story.version(access=access).propose().sign(Party.COUNCIL).activate()
    assert checks(story.audit()) == []
    assert plant.only(story.view().audit()) == (Check.ACCESS, 12)


@pytest.mark.parametrize("sizes", [(255, 256, 257), (300, 512, 513), (511, 600)])
def test_a_log_of_several_tiles_continues_its_past(plant, memory_files, policy, sizes):
    story, files = plant.ready(), memory_files()
    story.seen.clear()
    for _ in range(sizes[-1] - 8):
        story.view()
        if len(story.entries) in sizes:
            story.cosign()
    kept = story.log(files)
    report = audit_log(files, policy, kept=kept)
    assert [one.says("en") for one in (*report.findings, *report.warnings)] == []
    assert report.size == sizes[-1]
    path, content = next(iter(kept.items()))
    other = content.replace(b"\n" + path.split("/")[1].split(".")[0].encode() + b"\n", b"\n7\n", 1)
    assert audit_log(files, policy, kept={path: other}).number == 1


def test_the_witness_may_be_away_so_long_and_no_longer(plant):
    """Eight hours are agreed, a minute counts as presence, and the device may be two seconds late."""
    for more_ms, expected in ((0, []), (1, [Check.WITNESS])):
        story = plant.ready()
        story.witness_comes = False
        away_ms = story.seen[-1].at_ms + 8 * HOUR + MINUTE
        story.wait(8 * HOUR).start("s").wait(MINUTE).stop("s", signed_ms=away_ms + LATE + more_ms)
        assert checks(story.audit()) == expected


def test_consent_is_within_the_purposes_of_the_agreement(plant):
    story = plant.Story()
    motion = story.agreement.motion.model_dump(mode="json") | {"purposes": ["retention for own review"]}
    story = terms(story, motion=motion).found().agree()
    assert plant.only(story.ask("r").give("r").audit()) == (Check.CONSENT, 9)


def test_consent_expires_when_its_time_has_come(plant):
    for more_ms, expected in ((0, []), (1, [Check.CONSENT])):
        story = plant.ready().ask("r")
        until_ms = story.now_ms + 2 * SECOND + SECOND + more_ms
        story.give("r", until=utc_text(until_ms))
        expired = bodies.ConsentExpired(pseudonym=plant.worker("anna").name, record=plant.identifier("r"))
        assert checks(story.own(expired).audit()) == expected


def test_a_share_of_revenue_may_be_booked_later(plant):
    """What nobody can know yet is warned of, not faulted."""
    story = plant.Story()
    paid_for = ("training of the plant's models", "licensing to third parties")
    rates = [{"purpose": purpose, "unit": "share of revenue", "amount": 300} for purpose in paid_for]
    royalties = story.agreement.royalties.model_dump(mode="json") | {"rate_card": rates}
    story = terms(story, royalties=royalties).found().agree().until("2027-03-01T07:00:00.000Z").cosign()
    story.ask("r").give("r").start("s").wait(MINUTE).seal("a", "s", "r").stop("s").use("u", "a").wait(2 * DAY)
    report = story.view().audit()
    assert checks(report) == []
    assert [one.what.en for one in report.warnings] == ["use without a royalty"]


def test_how_long_a_broken_device_can_have_recorded_is_said(plant):
    report = plant.ready().start("s").wait(MINUTE).stop("s", Reason.INTERRUPTED).audit()
    assert report.warnings[0].found.en == "at most 61 s"
