"""A clean story, and for each rule a story that breaks just that rule."""

import json

import pytest

from consent.agreement.form import canonical_text
from consent.agreement.schema import Agreement
from consent.agreement.vocabulary import MotionPurpose, Party, Purpose, View
from consent.agreement.vocabulary import Role as Viewer
from consent.audit.catalogue import Check
from consent.entries import bodies
from consent.entries.times import utc_ms
from consent.entries.vocabulary import Reason
from consent.keys import Role

SECOND, MINUTE, HOUR, DAY = 1000, 60_000, 3_600_000, 86_400_000


def test_the_whole_story_is_clean(story):
    report = story.audit()
    assert [one.says("en") for one in (*report.findings, *report.warnings)] == []
    looked_at = {one.check: one.looked_at for one in report.checks}
    assert all(looked_at[check] > 0 for check in Check if check > Check.EARLIER)
    assert report.size == len(story.entries)


def test_the_story_is_what_the_page_tells(story):
    facts = story.audit().facts
    ((station, day), told) = next(iter(facts.days.items()))
    assert (station, str(day)) == ("assembly bench", "2027-03-01")
    # 20 min and the second of the acts; 10 min and 3 s, of which the file held 11 min.
    assert told.recorded_ms == 20 * MINUTE + 2 * SECOND + 11 * MINUTE
    assert (told.permitted_ms, told.sessions) == (120 * MINUTE, 2)
    assert told.campaigns == {("assembly", "assembly-cell-study", 1)}
    assert facts.stops == {("assembly bench", Reason.SUSPENDED): 1, ("assembly bench", Reason.OPERATOR): 1}


# What each rule says. A row: name, what spoils the story, the check that must find it.


def founding_key_of_somebody_else(plant):
    plant.EMPLOYER, kept = plant.STRANGER, plant.EMPLOYER
    try:
        return plant.Story().found()
    finally:
        plant.EMPLOYER = kept


def recording(plant, **changes):
    return (
        plant.ready().start("s", **changes).wait(MINUTE).stop("s", signer=changes.get("signer", plant.DEVICE))
    )


def motion(plant):
    return plant.ready().ask("r").give("r").start("s").wait(MINUTE).seal("a", "s", "r").stop("s")


def used(plant, purpose=MotionPurpose.PLANT_TRAINING):
    return motion(plant).use("u", "a", purpose=purpose)


def agreed(plant, **changes):
    """An agreement with other terms, signed by both and activated."""
    story = plant.Story()
    document = json.loads(canonical_text(story.agreement)) | changes
    story.agreement = Agreement.model_validate(document)
    return story.found().agree()


def widened(plant, *parties):
    story = plant.ready().version(minimum_group=5)
    story.propose()
    for party in parties:
        story.sign(party)
    return story.activate(plant.EMPLOYER)


def narrowed(plant):
    return plant.ready().version(minimum_group=9).propose().sign(Party.COUNCIL).activate()


def other_campaign(plant):
    return recording(plant, station="packing bench")


BROKEN = [
    # 5: times
    (
        "time goes back",
        lambda p: p.ready().view().own(_view(), at_ms=utc_ms("2027-03-01T06:00:00.000Z")),
        5,
        "the log's time goes back",
    ),
    ("act from the future", lambda p: _act_signed_later(p), 5, "signed after it was logged"),
    (
        "start signed long before",
        lambda p: recording(p, signed_ms=p.ready().now_ms - 6 * MINUTE),
        5,
        "start signed long before it was logged",
    ),
    # 6: authority
    (
        "founding key of somebody else",
        founding_key_of_somebody_else,
        6,
        "founding key is not that of the policy",
    ),
    (
        "key that nobody signed for",
        lambda p: p.ready().own(_added(p, Role.LICENSEE)),
        6,
        "key that nobody has signed for",
    ),
    (
        "key brought in by a stranger",
        lambda p: p.ready().act(_added(p, Role.LICENSEE), p.STRANGER),
        6,
        "without authority",
    ),
    (
        "new employer's key without the old",
        lambda p: p.ready().act(_added(p, Role.EMPLOYER), p.key("new")),
        6,
        "without authority",
    ),
    (
        "new employer's key without itself",
        lambda p: p.ready().act(_added(p, Role.EMPLOYER), p.EMPLOYER),
        6,
        "without authority",
    ),
    (
        "log's key under another name",
        lambda p: p.ready().act(_added(p, Role.PLANT_LOG), p.EMPLOYER),
        6,
        "key has another name than the log",
    ),
    ("a key for two roles", lambda p: _twice(p), 6, "key that has spoken for somebody before"),
    (
        "last key of the council",
        lambda p: p.ready().act(_retired(p.COUNCIL), p.COUNCIL),
        6,
        "last key of its role retired",
    ),
    (
        "key without that role",
        lambda p: p.ready().act(_retired(p.STRANGER), p.STRANGER),
        6,
        "key that does not speak for this role",
    ),
    (
        "device enrolled by the council",
        lambda p: p.ready().act(_enrolled(p, "camera 2"), p.COUNCIL),
        6,
        "without authority",
    ),
    (
        "name of a device again",
        lambda p: p.ready().act(_enrolled(p, "camera 1"), p.EMPLOYER),
        6,
        "name of a device for the second time",
    ),
    ("revoked device comes back", lambda p: _comes_back(p), 6, "name of a device for the second time"),
    (
        "revoking an unknown device",
        lambda p: p.ready().act(bodies.DeviceRevoked(device="x"), p.COUNCIL),
        6,
        "device is not enrolled",
    ),
    ("suspended by a stranger", lambda p: p.ready().suspend(p.STRANGER), 6, "without authority"),
    (
        "suspended by nobody",
        lambda p: p.ready().own(bodies.AgreementSuspended(agreement=p.Story().hash)),
        6,
        "signed by nobody",
    ),
    ("resumed by one", lambda p: p.ready().suspend().resume(p.EMPLOYER), 6, "without authority"),
    (
        "ended by nobody",
        lambda p: p.ready().own(bodies.AgreementEnded(agreement=p.Story().hash)),
        6,
        "signed by nobody",
    ),
    ("recording signed by another device", lambda p: _other_device(p), 6, "without authority"),
    ("consent asked for by a stranger", lambda p: _asked_by_stranger(p), 6, "without authority"),
    (
        "consent given by the employer",
        lambda p: p.ready().ask("r").give("r", signer=p.EMPLOYER),
        6,
        "without authority",
    ),
    (
        "withdrawn by another worker",
        lambda p: p.ready().ask("r").give("r").withdraw("r", signer=p.worker("ben")),
        6,
        "without authority",
    ),
    (
        "act for another log",
        lambda p: p.ready().act(bodies.AgreementEnded(agreement=p.Story().hash), p.COUNCIL, log="x"),
        6,
        "act that is meant for another log",
    ),
    ("the same suspension twice", lambda p: _replayed(p), 6, "act for the second time"),
    # 7: agreements
    (
        "text that does not fit its hash",
        lambda p: p.Story().found().own(_proposed(p, "1" * 64)),
        7,
        "text does not fit its hash",
    ),
    ("proposed twice", lambda p: p.Story().found().propose().propose(), 7, "proposed for the second time"),
    (
        "signed with a key that is not the party's",
        lambda p: _foreign_key(p),
        7,
        "agreement names a key that does not speak for the party",
    ),
    (
        "signed by the wrong side",
        lambda p: p.Story().found().propose().sign(Party.EMPLOYER, p.COUNCIL),
        7,
        "signature under the agreement is void",
    ),
    (
        "signed twice by one",
        lambda p: p.Story().found().propose().sign().sign(),
        7,
        "signature under the agreement is void",
    ),
    (
        "activated with one signature",
        lambda p: p.Story().found().propose().sign().activate(),
        7,
        "step that its standing does not allow",
    ),
    (
        "unknown agreement",
        lambda p: p.ready().act(bodies.AgreementEnded(agreement="1" * 64), p.COUNCIL),
        7,
        "unknown agreement",
    ),
    ("unlawful agreement", lambda p: agreed(p, minimum_group=4), 7, "unlawful agreement put into force"),
    (
        "lifts another suspension",
        lambda p: p.ready().suspend().suspend().resume(lifts=8),
        7,
        "resumption lifts another suspension",
    ),
    (
        "resumed without suspension",
        lambda p: p.ready().resume(lifts=3),
        7,
        "step that its standing does not allow",
    ),
    (
        "widened by one",
        lambda p: widened(p, Party.EMPLOYER),
        7,
        "new version without the signatures it needs",
    ),
    ("two agreements at a station", lambda p: _second_agreement(p), 7, "station with two agreements"),
    # 8: recordings
    (
        "device not enrolled",
        lambda p: recording(p, device="camera 9", signer=p.STRANGER),
        8,
        "device is not enrolled",
    ),
    (
        "no agreement in force",
        lambda p: p.Story().found().propose().sign().cosign().start("s").stop("s"),
        8,
        "recording without an agreement in force",
    ),
    (
        "while suspended",
        lambda p: p.ready().suspend().start("s").stop("s"),
        8,
        "recording without an agreement in force",
    ),
    ("purpose not agreed", lambda p: _purpose(p), 8, "purpose is not agreed"),
    ("campaign of another station", other_campaign, 8, "no campaign at this station"),
    (
        "before the first day",
        lambda p: p.ready("2027-02-28T08:00:00.000Z").start("s").stop("s"),
        8,
        "recording outside the days",
    ),
    (
        "after the last day",
        lambda p: p.ready().until("2027-03-13T08:00:00.000Z").start("s").stop("s"),
        8,
        "recording outside the days",
    ),
    ("past midnight of the last day", lambda p: _past_midnight(p), 8, "recording after the last day"),
    ("too many minutes", lambda p: p.ready().start("s").wait(121 * MINUTE).stop("s"), 8, "recorded too long"),
    ("too many minutes in two parts", lambda p: _two_parts(p), 8, "recorded too long"),
    (
        "more in the file than minutes",
        lambda p: p.ready().start("s").stop("s", recorded_ms=121 * MINUTE),
        8,
        "recorded too long",
    ),
    (
        "after completion",
        lambda p: p.ready().complete().start("s").stop("s"),
        8,
        "recording after the campaign was completed",
    ),
    (
        "through a completion",
        lambda p: p.ready().start("s").complete().wait(MINUTE).stop("s"),
        8,
        "recording after suspension, end or completion",
    ),
    (
        "through a suspension",
        lambda p: p.ready().start("s").suspend().wait(MINUTE).stop("s"),
        8,
        "recording after suspension, end or completion",
    ),
    (
        "out of reach for too long",
        lambda p: _unreachable(p, 6 * MINUTE),
        8,
        "recording after suspension, end or completion",
    ),
    (
        "through the end",
        lambda p: p.ready().start("s").end().wait(MINUTE).stop("s"),
        8,
        "recording after suspension, end or completion",
    ),
    (
        "through a new version",
        lambda p: _through_version(p),
        8,
        "recording after suspension, end or completion",
    ),
    ("stopped twice", lambda p: recording(p).stop("s"), 8, "recording that is not open"),
    ("begun twice", lambda p: recording(p).start("s"), 8, "recording begins a second time"),
    (
        "second session of a device",
        lambda p: p.ready().start("s").start("t").stop("s").stop("t"),
        8,
        "device is recording here already",
    ),
    (
        "ends before it begins",
        lambda p: p.ready().start("s").stop("s", signed_ms=p.ready().now_ms),
        8,
        "recording ends before it begins",
    ),
    (
        "completion of an unknown campaign",
        lambda p: p.ready().complete("nothing"),
        8,
        "completion of an unknown campaign",
    ),
    # 9: witness
    (
        "witness away",
        lambda p: _without_witness(p, 9 * HOUR),
        9,
        "recorded while the witness was away too long",
    ),
    # 10: consents
    ("answer without a question", lambda p: p.ready().give("r"), 10, "answer that nobody was asked for"),
    (
        "answer of another worker",
        lambda p: p.ready().ask("r").give("r", "ben"),
        10,
        "answer that nobody was asked for",
    ),
    (
        "other stations",
        lambda p: p.ready().ask("r").give("r", stations=("packing bench",)),
        10,
        "consent goes beyond the agreement",
    ),
    (
        "longer than motion may be kept",
        lambda p: p.ready().ask("r").give("r", until="2027-09-01T00:00:00.000Z"),
        10,
        "duration of the consent",
    ),
    (
        "ended when given",
        lambda p: p.ready().ask("r").give("r", until="2027-02-01T00:00:00.000Z"),
        10,
        "duration of the consent",
    ),
    (
        "record twice",
        lambda p: p.ready().ask("r").give("r").ask("r", "ben"),
        10,
        "record for the second time",
    ),
    (
        "withdrawn twice",
        lambda p: p.ready().ask("r").give("r").withdraw("r").withdraw("r", signer=p.COUNCIL),
        10,
        "no such consent in force",
    ),
    (
        "expired too early",
        lambda p: p.ready().ask("r").give("r").own(_expired(p)),
        10,
        "consent has not expired yet",
    ),
    (
        "renews another's grant",
        lambda p: p.ready().ask("r").give("r").give("q", "ben", renews=p.identifier("r")),
        10,
        "no such consent in force",
    ),
    # 11: motion
    (
        "motion without consent",
        lambda p: p.ready().start("s").wait(MINUTE).seal("a", "s", "r").stop("s"),
        11,
        "motion without a consent in force",
    ),
    ("motion after withdrawal", lambda p: _after_withdrawal(p), 11, "motion without a consent in force"),
    ("motion at another station", lambda p: _at_packing(p), 11, "motion without a consent in force"),
    ("motion without a session", lambda p: _sealed_outside(p), 11, "motion without an open recording"),
    ("segment twice", lambda p: _sealed_twice(p), 11, "segment for the second time"),
    ("use of unknown segments", lambda p: p.ready().use("u", "a"), 11, "use of unknown segments"),
    (
        "use for another purpose",
        lambda p: used(p, MotionPurpose.LICENSING),
        11,
        "use for a purpose without consent",
    ),
    # 12: destruction
    (
        "destroyed too late",
        lambda p: motion(p).withdraw("r").wait(62 * MINUTE).shred("r", "a"),
        12,
        "destroyed too late",
    ),
    ("never destroyed", lambda p: motion(p).withdraw("r").wait(62 * MINUTE).view(), 12, "destroyed too late"),
    ("never destroyed after expiry", lambda p: motion(p).wait(31 * DAY).view(), 12, "destroyed too late"),
    (
        "use after withdrawal",
        lambda p: motion(p).withdraw("r").use("u", "a").shred("r", "a"),
        12,
        "use after withdrawal or expiry",
    ),
    (
        "use after destruction",
        lambda p: motion(p).withdraw("r").shred("r", "a").use("u", "a"),
        12,
        "use of destroyed segments",
    ),
    (
        "destroyed twice",
        lambda p: motion(p).withdraw("r").shred("r", "a").shred("r", "a"),
        12,
        "destruction of segments unknown or gone",
    ),
    # 13: royalties
    (
        "export without use",
        lambda p: p.ready().own(bodies.MotionExported(use="1" * 32, content="1" * 64)),
        13,
        "export without a use that was logged before",
    ),
    ("use without royalty", lambda p: used(p).wait(25 * HOUR).view(), 13, "use without a royalty"),
    ("use twice", lambda p: used(p).book("u").use("u", "a"), 13, "use for the second time"),
    ("booking without use", lambda p: p.ready().book_one("u", "worker", 1, "b"), 13, "booking without a use"),
    (
        "booking twice",
        lambda p: used(p).book("u").book_one("u", "plant", 0, "u plant"),
        13,
        "booking for the second time",
    ),
    (
        "other currency",
        lambda p: used(p).book_one("u", "worker", 1, "b", currency="USD").book("u"),
        13,
        "currency of the booking",
    ),
    ("other shares", lambda p: used(p).book("u", 500, 200, 300), 13, "share is not what was agreed"),
    (
        "booked for somebody else",
        lambda p: used(p).book("u").book_one("u", "worker", 1, "b", "ben"),
        13,
        "booking for somebody whose motion was not used",
    ),
    (
        "paid without booking",
        lambda p: used(p).book("u").own(_paid(p, "x")),
        13,
        "payout without a booking that is open",
    ),
    (
        "paid twice",
        lambda p: used(p).book("u").own(_paid(p, "u plant")).own(_paid(p, "u plant")),
        13,
        "payout without a booking that is open",
    ),
    ("reversed twice", lambda p: _reversed_twice(p), 13, "reversal without a booking that stands"),
    # 14: releases
    ("group too small", lambda p: p.ready().release(6), 14, "figures about a group that is too small"),
    (
        "group too small for the new version",
        lambda p: _release_of_old(p),
        14,
        "figures about a group that is too small",
    ),
    (
        "more suppressed than there is",
        lambda p: p.ready().release(cells=3, suppressed=4),
        14,
        "more suppressed cells than cells",
    ),
    (
        "release without agreement",
        lambda p: p.Story().found().propose().release(),
        14,
        "release without an agreement",
    ),
    # 15: access
    ("role that may not see", lambda p: p.ready().view(Viewer.SUPERVISOR), 15, "view that nobody agreed to"),
    (
        "view that the role may not see",
        lambda p: p.ready().view(Viewer.COUNCIL, View.TIMELINES),
        15,
        "view that nobody agreed to",
    ),
    (
        "station of no agreement",
        lambda p: p.ready().view(station="somewhere"),
        15,
        "view that nobody agreed to",
    ),
]


def _view():
    return bodies.AccessViewed(
        role=Viewer.ENGINEER, who="0" * 64, view=View.TIMELINES, station="assembly bench"
    )


def _act_signed_later(p):
    story = p.ready()
    return story.act(
        bodies.AgreementEnded(agreement=story.hash), p.COUNCIL, signed_ms=story.now_ms + 3 * SECOND
    )


def _added(p, role):
    return bodies.KeyAdded(role=role, key=str(p.key("new").verifier))


def _retired(signer):
    return bodies.KeyRetired(role=Role.WORKS_COUNCIL, key=str(signer.verifier))


def _enrolled(p, name, key="new"):
    return bodies.DeviceEnrolled(device=name, key=str(p.key(key).verifier))


def _twice(p):
    return p.ready().act(bodies.KeyAdded(role=Role.LICENSEE, key=str(p.DEVICE.verifier)), p.EMPLOYER)


def _comes_back(p):
    story = p.ready().act(bodies.DeviceRevoked(device="camera 1"), p.COUNCIL)
    return story.act(_enrolled(p, "camera 1"), p.EMPLOYER)


def _other_device(p):
    story = p.ready().act(_enrolled(p, "camera 2", "second-camera"), p.EMPLOYER)
    return story.start("s", signer=p.key("second-camera"))


def _asked_by_stranger(p):
    story = p.ready()
    asked = bodies.ConsentRequested(
        pseudonym=p.worker("anna").name, record=p.identifier("r"), agreement=story.hash
    )
    return story.act(asked, p.STRANGER)


def _replayed(p):
    story = p.ready().suspend().resume()
    replay = story.entries[-2]
    story.wait(MINUTE).entries.append(type(replay)(story.now_ms, replay.body, replay.act))
    return story


def _proposed(p, digest):
    return bodies.AgreementProposed(agreement=digest, text=canonical_text(p.Story().agreement))


def _foreign_key(p):
    """The agreement names the stranger as the employer, so a signature fits the text, but not the party."""
    story = p.Story()
    text = canonical_text(story.agreement).replace(str(p.EMPLOYER.verifier), str(p.STRANGER.verifier))
    story.agreement = Agreement.model_validate(json.loads(text))
    return story.found().propose().sign(Party.EMPLOYER, p.STRANGER)


def _second_agreement(p):
    story = p.ready()
    document = json.loads(canonical_text(story.agreement)) | {"id": "another-study"}
    story.agreement = Agreement.model_validate(document)
    return story.agree()


def _purpose(p):
    story = agreed(p, purposes=[Purpose.STATE_DURATIONS.value]).until("2027-03-01T07:00:00.000Z").cosign()
    return story.start("s", purpose=Purpose.MANUAL_COMPARISON).stop("s")


def _past_midnight(p):
    story = p.ready().until("2027-03-12T22:50:00.000Z").cosign().start("s")
    return story.wait(15 * MINUTE).stop("s")


def _two_parts(p):
    story = p.ready().start("s").wait(70 * MINUTE).stop("s")
    return story.wait(MINUTE).start("t").wait(60 * MINUTE).stop("t")


def _unreachable(p, ms):
    return p.ready().start("s").suspend().wait(ms).stop("s", Reason.LOG_UNREACHABLE)


def _through_version(p):
    story = p.ready().start("s").version(minimum_group=9).propose().sign(Party.COUNCIL).activate()
    return story.wait(MINUTE).stop("s")


def _without_witness(p, ms):
    """The example lets the witness be away for eight hours."""
    story = p.ready()
    story.witness_comes = False
    return story.wait(ms).start("s").wait(MINUTE).stop("s")


def _expired(p):
    return bodies.ConsentExpired(pseudonym=p.worker("anna").name, record=p.identifier("r"))


def _after_withdrawal(p):
    story = p.ready().ask("r").give("r").start("s").wait(MINUTE).withdraw("r")
    return story.seal("a", "s", "r").stop("s")


def _at_packing(p):
    story = p.ready().ask("r").give("r").until("2027-03-30T08:00:00.000Z")
    story = story.ask("q").give("q").until("2027-04-05T08:00:00.000Z")
    story.start("s", station="packing bench", campaign="packing").wait(MINUTE)
    return story.seal("a", "s", "q").stop("s")


def _sealed_outside(p):
    story = motion(p)
    body = story.entries[-2].body.model_copy(update={"segment": p.identifier("b")})
    return story.act(body, p.DEVICE)


def _sealed_twice(p):
    story = p.ready().ask("r").give("r").start("s").wait(MINUTE)
    return story.seal("a", "s", "r").seal("a", "s", "r").stop("s")


def _paid(p, booking):
    payout = p.identifier(f"payout of {booking}")
    return bodies.RoyaltyPaid(payout=payout, bookings=(p.identifier(booking),), commitment="0" * 64)


def _reversed_twice(p):
    story = used(p).book("u")
    for name in ("first", "second"):
        story.own(bodies.RoyaltyCorrected(booking=p.identifier(name), reverses=p.identifier("u worker")))
    return story.book_one("u", "worker", 700, "right")


def _release_of_old(p):
    story = p.ready()
    old = story.agreement
    story.version(minimum_group=9).propose().sign(Party.COUNCIL).activate()
    story.agreement = old
    return story.release(8)


@pytest.mark.parametrize(("name", "spoiled", "check", "what"), BROKEN, ids=[row[0] for row in BROKEN])
def test_a_log_that_breaks_one_rule_has_this_one_finding(plant, name, spoiled, check, what):
    report = spoiled(plant).audit()
    number, index = plant.only(report)
    assert (number, report.findings[0].what.en[: len(what)]) == (check, what)
    assert index is not None
    assert index < report.size
