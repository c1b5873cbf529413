"""What looks like a breach and is none; what is warned of; what co-signatures prove about times."""

import pytest

from consent.agreement.vocabulary import MotionPurpose, Party, View
from consent.agreement.vocabulary import Role as Viewer
from consent.audit.audit import audit
from consent.audit.catalogue import QUESTIONS, Check
from consent.audit.findings import KEPT_PER_CHECK
from consent.audit.policy import parse_policy
from consent.audit.rules.times import Seen
from consent.entries import bodies
from consent.entries.form import sign_act
from consent.entries.vocabulary import GapReason, Reason, SuspendedBecause
from consent.keys import Role
from consent.notes import KeyType

SECOND, MINUTE, HOUR, DAY = 1000, 60_000, 3_600_000, 86_400_000


def said(report):
    return [finding.says("en") for finding in report.findings]


def warned(report):
    return [finding.what.en for finding in report.warnings]


def narrowed_while_recording(p):
    story = p.ready().start("s").version(minimum_group=9).propose().sign(Party.COUNCIL).activate()
    return story.stop("s", Reason.NO_AGREEMENT).start("t").stop("t").release(9)


def widened_by_both(p):
    story = p.ready().version(minimum_group=5).propose().sign(Party.EMPLOYER).sign(Party.COUNCIL)
    return story.activate(p.EMPLOYER).start("s").stop("s").release(5)


def suspended_then_narrowed(p):
    """A new version starts suspended if the old one is, and its suspension is the old one's."""
    story = p.ready().suspend().version(minimum_group=9).propose().sign(Party.COUNCIL).activate()
    return story.resume(lifts=8).start("s").stop("s")


def grant_outlives_version(p):
    story = p.ready().ask("r").give("r").version(minimum_group=9).propose().sign(Party.COUNCIL).activate()
    return story.start("s").wait(MINUTE).seal("a", "s", "r").stop("s")


def renewed(p):
    """What was kept under the old grant is kept under the new one, and destroyed under either name."""
    story = (
        p.ready().ask("r").give("r").start("s").wait(MINUTE).seal("a", "s", "r").seal("b", "s", "r").stop("s")
    )
    story.wait(DAY).give("q", renews=p.identifier("r")).wait(DAY).use("u", "a").book("u")
    return story.withdraw("q").shred("r", "a").shred("q", "b")


def expired_in_time(p):
    story = p.ready().ask("r").give("r").start("s").wait(MINUTE).seal("a", "s", "r").stop("s").wait(30 * DAY)
    expired = bodies.ConsentExpired(pseudonym=p.worker("anna").name, record=p.identifier("r"))
    return story.own(expired).shred("r", "a")


def corrected(p):
    story = p.ready().ask("r").give("r").start("s").wait(MINUTE).seal("a", "s", "r").stop("s").use("u", "a")
    story.book("u", 100, 200, 100)
    story.own(bodies.RoyaltyCorrected(booking=p.identifier("no"), reverses=p.identifier("u worker")))
    return story.book_one("u", "worker", 700, "right")


def own_review_needs_no_royalty(p):
    story = p.ready().ask("r").give("r").start("s").wait(MINUTE).seal("a", "s", "r").stop("s")
    return story.use("u", "a", purpose=MotionPurpose.OWN_REVIEW).wait(2 * DAY).view()


def withdrawn_by_council(p):
    return p.ready().ask("r").give("r").withdraw("r", signer=p.COUNCIL)


def replaced_key(p):
    """The new key speaks from then on; the entry retires the old one."""
    new = p.key("plant.example/council-2")
    body = bodies.KeyAdded(role=Role.WORKS_COUNCIL, key=str(new.verifier), replaces=str(p.COUNCIL.verifier))
    return p.ready().act(body, p.COUNCIL, new).suspend(new).resume(p.EMPLOYER, new)


def rotated_log_key(p):
    new = p.key("second").private
    new = type(p.LOG_KEY)(p.LOG, KeyType.ED25519, new)
    story = p.ready().act(bodies.KeyAdded(role=Role.PLANT_LOG, key=str(new.verifier)), p.EMPLOYER)
    return story.act(bodies.KeyRetired(role=Role.PLANT_LOG, key=str(p.LOG_KEY.verifier)), p.EMPLOYER)


def trigger(p):
    story = p.ready()
    return story.own(
        bodies.AgreementSuspended(agreement=story.hash, because=SuspendedBecause.DATA_BREACH)
    ).resume()


def over_midnight(p):
    """Each day has its own minutes."""
    story = p.ready().until("2027-03-01T21:00:00.000Z").start("s").wait(119 * MINUTE).stop("s")
    return story.wait(5 * MINUTE).start("t").wait(100 * MINUTE).stop("t")


@pytest.mark.parametrize(
    "story_of",
    [
        narrowed_while_recording,
        widened_by_both,
        suspended_then_narrowed,
        grant_outlives_version,
        renewed,
        expired_in_time,
        corrected,
        own_review_needs_no_royalty,
        withdrawn_by_council,
        replaced_key,
        rotated_log_key,
        trigger,
        over_midnight,
        lambda p: p.ready().start("s").suspend().stop("s", Reason.SUSPENDED),
        lambda p: p.ready().start("s").suspend().wait(4 * MINUTE).stop("s", Reason.LOG_UNREACHABLE),
        lambda p: p.ready().start("s").suspend().wait(500).resume().wait(MINUTE).stop("s"),
        lambda p: p.ready().start("s").wait(120 * MINUTE - SECOND).stop("s"),
        lambda p: p.ready().start("s").complete().stop("s", Reason.COMPLETED),
        lambda p: p.ready().suspend().suspend().resume(),
        lambda p: p.ready().suspend(p.EMPLOYER).end(),
        lambda p: p.ready().release(0, cells=3, suppressed=3),
        lambda p: p.ready().view(Viewer.COUNCIL, View.LOG, None),
        lambda p: p.ready().end().wait(DAY).view(),
        lambda p: p.ready().act(bodies.DeviceRevoked(device="camera 1"), p.COUNCIL),
    ],
)
def test_what_is_permitted_raises_no_alarm(plant, story_of):
    report = story_of(plant).audit()
    assert said(report) == []
    assert warned(report) == []


@pytest.mark.parametrize(
    ("story_of", "warning"),
    [
        (lambda p: p.ready().start("s").wait(DAY).stop("s", Reason.INTERRUPTED), "device broke down"),
        (
            lambda p: (
                p.ready().start("s").wait(MINUTE).act(bodies.DeviceRevoked(device="camera 1"), p.EMPLOYER)
            ),
            "device broke down",
        ),
        (lambda p: p.ready().start("s").wait(HOUR).view(), "end of the recording was not told"),
        (
            lambda p: p.ready().start("s").suspend().wait(3 * MINUTE).resume().stop("s"),
            "recording went on through a suspension",
        ),
        (
            lambda p: p.ready().start("s").wait(HOUR).stop("s", signed_ms=p.ready().now_ms + MINUTE),
            "the device told of the end late",
        ),
        (
            lambda p: p.ready().own(
                bodies.DeviceGap(
                    device="camera 1", since="2027-03-01T07:00:00.000Z", reason=GapReason.UNSANDBOXED
                )
            ),
            "recording without a sandbox",
        ),
    ],
)
def test_what_cannot_be_told_is_warned_of(plant, story_of, warning):
    report = story_of(plant).audit()
    assert said(report) == []
    assert [text[: len(warning)] for text in warned(report)] == [warning]


def test_minutes_that_a_broken_device_may_have_used_are_used(plant):
    story = plant.ready().start("s").wait(110 * MINUTE).stop("s", Reason.INTERRUPTED)
    story.start("t").wait(11 * MINUTE).stop("t")
    assert plant.only(story.audit()) == (Check.RECORDINGS, 11)


def test_a_wrong_signature_is_a_finding(ready_story, plant):
    act = sign_act(
        bodies.AgreementEnded(agreement=ready_story.hash), plant.LOG, ready_story.now_ms, plant.COUNCIL
    )
    ready_story.act(bodies.AgreementEnded(agreement=ready_story.hash), plant.EMPLOYER)
    entry = ready_story.entries.pop()
    text = bytes(entry).replace(
        str(entry.act.note.signatures[0]).strip().encode(), str(act.note.signatures[0]).strip().encode()
    )
    encoded = [*map(bytes, ready_story.entries), text]
    report = audit(enumerate(encoded), parse_policy(plant.POLICY.encode(), "p"), cosigned=ready_story.seen)
    assert plant.only(report) == (Check.AUTHORITY, 8)
    assert report.findings[0].what.en == "wrong signature"


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b'{"at":"2027-03-01T07:00:01.000Z"}', b"[" * 5000])
def test_an_entry_of_no_schema_is_a_finding_and_nothing_else(plant, policy, ready_story, content):
    entries = [*map(bytes, ready_story.entries), content]
    entries += map(bytes, ready_story.view().entries[-1:])
    report = audit(enumerate(entries), policy, cosigned=ready_story.seen)
    assert plant.only(report) == (Check.SCHEMA, 8)


def test_very_many_findings_are_counted_and_not_kept(policy, ready_story):
    number = KEPT_PER_CHECK + 50
    entries = [*map(bytes, ready_story.entries), *[b"?"] * number]
    report = audit(enumerate(entries), policy, cosigned=ready_story.seen)
    assert (report.number, len(report.findings)) == (number, KEPT_PER_CHECK)


# Co-signatures bind the order of entries to a clock that is not the plant's.


def test_a_back_dated_entry_is_found(plant, ready_story):
    """The witness saw eight entries at nine; the ninth says eight, and the log's own order allows it."""
    at_ms = ready_story.now_ms
    ready_story.seen = [Seen(8, at_ms + 2 * HOUR)]
    ready_story.view().redated(8, at_ms + HOUR)
    assert plant.only(ready_story.audit()) == (Check.TIMES, 8)


def test_a_post_dated_entry_is_found(plant, ready_story):
    """An entry that the witness has seen cannot be younger than what the witness signed."""
    ready_story.view().seen.append(Seen(9, ready_story.now_ms - HOUR))
    ready_story.seen = [ready_story.seen[-1]]
    assert plant.only(ready_story.audit()) == (Check.TIMES, 8)


def test_clocks_may_differ_by_a_minute(ready_story):
    ready_story.seen = [Seen(8, ready_story.now_ms + 59 * SECOND)]
    ready_story.view().seen.append(Seen(9, ready_story.now_ms - 59 * SECOND))
    ready_story.seen[1:] = [Seen(9, ready_story.now_ms + 59 * SECOND)]
    assert said(ready_story.audit()) == []


def test_an_entry_of_tomorrow_is_found(plant, ready_story):
    assert plant.only(ready_story.view().audit(at_ms=ready_story.now_ms - HOUR))[0] == Check.TIMES


def test_a_witness_that_went_back_is_found(plant):
    """By its own rules a witness never signs a smaller log after a larger one."""
    story = plant.Story().found().agree()
    story.seen = [Seen(4, story.now_ms + 30 * SECOND, "w"), Seen(8, story.now_ms + SECOND, "w")]
    assert plant.only(story.audit()) == (Check.TIMES, None)


def test_two_witnesses_may_have_seen_different_sizes(plant):
    story = plant.Story().found().agree()
    story.seen = [Seen(4, story.now_ms + 30 * SECOND, "v"), Seen(8, story.now_ms + SECOND, "w")]
    assert said(story.audit()) == []


def test_without_cosignatures_the_witness_is_not_judged(plant, ready_story):
    report = ready_story.start("s").wait(HOUR).stop("s").audit(cosigned=None)
    assert said(report) == []
    assert [one.check for one in report.checks if not one.done] == [
        Check.CHECKPOINT, Check.TREE, Check.EARLIER, Check.WITNESS,
    ]  # fmt: skip


def test_a_recording_that_no_witness_ever_saw_is_found(plant, ready_story):
    ready_story.seen = []
    assert plant.only(ready_story.start("s").stop("s").audit(cosigned=[])) == (Check.WITNESS, 9)


def test_a_gap_inside_a_long_recording_is_found(plant, ready_story):
    """Co-signatures before and after do not cover what lies between them; ten hours are too long anyway."""
    began_ms = ready_story.start("s").now_ms
    ready_story.witness_comes = False
    ready_story.wait(10 * HOUR).stop("s")
    ready_story.seen.append(Seen(9, began_ms + 9 * HOUR))
    found = [(one.check, one.index) for one in ready_story.audit().findings]
    assert found == [(Check.RECORDINGS, 9), (Check.WITNESS, 9)]
    ready_story.seen.append(Seen(9, began_ms + 4 * HOUR))
    assert plant.only(ready_story.audit()) == (Check.RECORDINGS, 9)


def test_a_policy_that_trusts_nobody_else_says_so_loudly(plant, ready_story):
    bare = parse_policy(f"log {plant.LOG_KEY.verifier}\nquorum none\n".encode(), "policy")
    report = ready_story.audit(policy=bare)
    assert said(report) == []
    assert warned(report)[0].startswith("THE POLICY ASKS FOR NO WITNESS")
    assert len(report.warnings) == 3


def test_no_finding_names_a_person(plant, story):
    """Whatever goes wrong, no pseudonym stands in the result."""
    for entry in story.entries[12:]:
        entry_act = entry.act
        if entry_act is not None:
            story.entries.append(entry)
    report = story.audit()
    assert report.number > 3
    text = " ".join(one.says(language) for one in report.findings for language in ("de", "en"))
    assert plant.worker("anna").name[2:] not in text
    assert plant.worker("ben").name[2:] not in text


def test_every_check_has_a_question_in_both_languages():
    assert list(QUESTIONS) == list(Check)
    assert [check.value for check in Check] == list(range(1, 16))
    assert all(one.text.de.endswith("?") and one.text.en.endswith("?") for one in QUESTIONS.values())
