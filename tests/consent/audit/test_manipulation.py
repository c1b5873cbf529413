"""Whoever changes a log, or shows two of them, is found out by an audit of the files."""

import pytest

from consent.audit.catalogue import Check
from consent.audit.kept import open_kept, read_kept
from consent.audit.policy import parse_policy
from consent.audit.verify import audit_log
from consent.log.directory import Directory, locked_directory
from consent.log.tiles import join_entries, split_entries
from consent.notes import cosign, parse_note, sign
from productivity.errors import BadInput


@pytest.fixture
def sample(plant, memory_files):
    """Return a small log with all its families of entries, and the co-signed checkpoints beside it."""
    story = plant.whole_story()
    story.seen = two_of(story)
    files = memory_files()
    kept = story.log(files)
    return files, kept


def two_of(story):
    """Return when the witness last came by before the first recording, and at the end."""
    return [[one for one in story.seen if one.size == size][-1] for size in (8, 31)]


@pytest.fixture
def small(plant, memory_files):
    """Return a log of two batches and its co-signed checkpoints: few bytes, each of which will change."""
    story = plant.Story().found().cosign().agree().cosign()
    files = memory_files()
    return files, story.log(files)


def judge(files, kept, policy, **options):
    return audit_log(files, policy, kept=kept, **options)


def test_the_sample_is_clean(sample, policy):
    report = judge(*sample, policy)
    assert [one.says("en") for one in (*report.findings, *report.warnings)] == []
    assert all(one.done and one.looked_at for one in report.checks)


def test_every_single_byte_change_is_detected(small, policy):
    """Each byte of each file takes another value; what exits with status 0 says in a warning what is odd.

    The one place is the co-signature on the checkpoint: without it, the kept one beside it stands in.
    """
    files, kept = small
    silent, warned = [], set()
    for path, content in list(files.files.items()):
        for place in range(len(content)):
            changed = bytearray(content)
            changed[place] ^= 1 + place % 255
            files.files[path] = bytes(changed)
            report = judge(files, kept, policy)
            if not report.number:
                warned.add(path)
                silent += [] if report.warnings else [(path, place)]
        files.files[path] = content
    assert silent == []
    assert warned <= {"checkpoint"}


def test_every_single_byte_change_of_a_kept_cosignature_is_detected(small, policy):
    files, kept = small
    undetected = []
    for path, content in list(kept.items())[-1:]:
        for place in range(len(content)):
            changed = bytearray(content)
            changed[place] ^= 1 + place % 255
            report = judge(files, kept | {path: bytes(changed)}, policy)
            if not report.number:
                undetected.append((path, place))
    assert undetected == []


def test_a_file_that_is_cut_off_lengthened_or_gone_is_detected(sample, policy):
    files, kept = sample
    for path, content in list(files.files.items()):
        for changed in (content[:1], content[:-1], content + b"\x00", content + content):
            files.files[path] = changed
            assert judge(files, kept, policy).number, path
        del files.files[path]
        if path == "checkpoint":
            with pytest.raises(BadInput, match="no log here"):
                judge(files, kept, policy)
        elif not path.endswith(tuple(f".p/{width}" for width in range(31))):  # replaced by wider ones
            assert judge(files, kept, policy).number, path
        files.files[path] = content


def test_the_first_entry_that_does_not_fit_is_named(sample, policy):
    files, kept = sample
    path = "tile/entries/000.p/31"
    entries = split_entries(files.files[path], path)
    entries[9], entries[10] = entries[10], entries[9]
    files.files[path] = join_entries(entries)
    report = judge(files, kept, policy)
    assert [(one.check, "entry 9 does not fit" in one.says("en")) for one in report.findings] == [(2, True)]
    assert [one.check for one in report.checks if not one.done] == [3, *range(4, 16)]


def test_a_name_that_does_not_fit_its_file_is_found(sample, policy, plant):
    files, kept = sample
    _, content = kept.popitem()
    report = judge(files, kept | {"cosigned/8.7": content}, policy)
    assert plant.only(report) == (Check.EARLIER, None)
    assert "file is not what its name says" in report.findings[0].says("en")


def test_the_newest_cosignature_may_be_kept_again_as_latest(sample, policy):
    files, kept = sample
    assert judge(files, kept | {"cosigned/latest": kept[max(kept)]}, policy).number == 0


def forged(plant, memory_files, change, cosigned=False):
    """A log that the holder of its key has written anew, with entries that went through `change`."""
    story = plant.whole_story()
    before, last = two_of(story)
    change(story)
    story.seen = [before, type(last)(len(story.entries), last.at_ms)]
    files = memory_files()
    return files, story.log(files, cosigned=cosigned)


def without_the_suspension(story):
    """As if nobody had ever said stop: the sixteenth minute of it counts."""
    del story.entries[9:12]


def another_ending(story):
    story.entries.pop()
    story.now_ms -= 1000
    story.release(9)


FORGERIES = [
    ("an entry taken out", without_the_suspension),
    ("an entry put in", lambda story: story.entries.insert(20, story.entries[-1])),
    ("two entries exchanged", lambda story: story.entries.insert(6, story.entries.pop(5))),
    ("an entry back-dated", lambda story: story.redated(9, story.entries[8].at_ms)),
    ("cut off", lambda story: story.entries.pop()),
]


@pytest.mark.parametrize(("name", "change"), FORGERIES, ids=[row[0] for row in FORGERIES])
def test_a_resealed_log_does_not_fit_what_the_witness_signed(
    plant, memory_files, sample, policy, name, change
):
    """The plant signs everything anew with its own key, and leaves the old co-signatures where they are."""
    files, _ = forged(plant, memory_files, change)
    report = judge(files, sample[1], policy)
    assert {one.check for one in report.findings} >= {Check.EARLIER}


@pytest.mark.parametrize(("name", "change"), FORGERIES, ids=[row[0] for row in FORGERIES])
def test_a_resealed_log_lacks_the_cosignature(plant, memory_files, policy, name, change):
    """The plant also takes the co-signatures away: no witness has signed this tree."""
    report = judge(*forged(plant, memory_files, change), policy)
    assert report.findings[0].check == Check.CHECKPOINT
    assert report.findings[0].what.en == "not co-signed by the witnesses"


def test_a_fork_is_found_by_exchanging_checkpoints(plant, memory_files, sample, policy):
    """Both logs are clean in themselves, and co-signed by a witness that broke its promise."""
    other = forged(plant, memory_files, another_ending, cosigned=True)
    assert judge(*other, policy).number == 0
    for here, there in ((sample, other), (other, sample)):
        earlier = {"from the other auditor": there[0].read("checkpoint")}
        assert plant.only(judge(*here, policy, earlier=earlier)) == (Check.EARLIER, None)


def test_an_earlier_checkpoint_is_continued(sample, policy):
    files, kept = sample
    earlier = {"mine": kept[min(kept)]}
    report = judge(files, kept, policy, earlier=earlier)
    assert report.number == 0
    assert next(one.looked_at for one in report.checks if one.check == Check.EARLIER) == len(kept) + 1


def test_an_earlier_checkpoint_of_ones_own_that_is_no_checkpoint_is_an_error(sample, policy, plant):
    with pytest.raises(BadInput, match=r"^mine: "):
        judge(*sample, policy, earlier={"mine": b"nonsense"})
    stranger = str(sign(parse_note(sample[0].read("checkpoint")).text, plant.STRANGER)).encode()
    with pytest.raises(BadInput, match=r"^mine: .*not signed"):
        judge(*sample, policy, earlier={"mine": stranger})


def test_another_plants_log_is_not_taken_for_this_one(plant, memory_files, sample, policy):
    story, files = plant.whole_story(), memory_files()
    story.log(files, signer=plant.STRANGER)
    report = judge(files, {}, policy)
    assert plant.only(report) == (Check.CHECKPOINT, None)


def test_entries_that_no_witness_has_seen_yet_are_warned_of(plant, memory_files, policy):
    story, files = plant.whole_story(), memory_files()
    story.seen = two_of(story)
    kept = story.view().log(files)
    report = judge(files, kept, policy)
    assert report.number == 0
    assert [one.found.en for one in report.warnings if one.check == Check.CHECKPOINT] == [
        "the last 1 of 32 entries"
    ]


def test_a_quorum_may_be_made_of_kept_cosignatures(plant, memory_files, signer_of):
    """Two witnesses are asked for; each has left its own file."""
    story, files = plant.ready(), memory_files()
    story.seen = story.seen[-1:]
    kept = story.log(files)
    second = plant.key("second.example/witness", plant.KeyType.COSIGNATURE)
    both = parse_policy(
        plant.POLICY.replace(
            "quorum council", f"witness s {second.verifier}\ngroup g all council s\nquorum g"
        ).encode(),
        "policy",
    )
    assert judge(files, kept, both).findings[0].check == Check.CHECKPOINT
    ((path, content),) = kept.items()
    note = parse_note(content)
    posix_s = int(path.rpartition(".")[2])
    other = cosign(type(note)(note.text, note.signatures[:1]), second, posix_s)
    kept[f"cosigned/8.{posix_s + 0}"] = content
    kept["cosigned/latest"] = str(other).encode()
    report = judge(files, kept, both)
    assert report.number == 0
    assert [one.what.en for one in report.warnings] == [
        "co-signature is missing in the checkpoint, but kept beside it"
    ]


def test_a_log_signed_with_a_retired_key_is_found(plant, memory_files):
    """Both keys stand in the policy; the log itself says that the old one speaks no more."""
    new = plant.Signer(plant.LOG, plant.KeyType.ED25519, plant.key("new").private)
    story = plant.ready().act(
        plant.bodies.KeyAdded(role="plant-log", key=str(new.verifier), replaces=str(plant.LOG_KEY.verifier)),
        plant.EMPLOYER,
    )
    story.cosign()
    trusted = parse_policy((plant.POLICY + f"log {new.verifier}\n").encode(), "policy")
    for signer, checks in ((new, []), (plant.LOG_KEY, [Check.CHECKPOINT])):
        files = memory_files()
        kept = story.log(files, signer=signer)
        assert [one.check for one in judge(files, kept, trusted).findings] == checks


def test_an_empty_log_is_no_breach(plant, memory_files, policy):
    files = memory_files()
    plant.Story().log(files)
    report = judge(files, {}, policy)
    assert report.number == 0
    assert [one.what.en for one in report.warnings] == ["not co-signed by the witnesses"]


def test_a_log_that_changes_while_it_is_read_is_an_error(sample, policy):
    """The second look at a bundle shows something else than the first."""
    files, kept = sample

    class Changing:
        looks = 0

        def read(self, path):
            content = files.read(path)
            if path.startswith("tile/entries"):
                self.looks += 1
                if self.looks > 1:
                    return content.replace(b"assembly bench", b"assembly BENCH")
            return content

        def widths(self, path):
            return []

    with pytest.raises(BadInput, match="changed while it was read"):
        judge(Changing(), kept, policy)


def test_kept_checkpoints_are_read_from_a_directory(plant, tmp_path, policy):
    story = plant.Story().found().cosign().agree().cosign()
    with locked_directory(tmp_path) as files:
        kept = story.log(files)
        files.write(kept | {"cosigned/notes.txt": b"somebody else's"})
    assert read_kept(tmp_path) == kept
    assert judge(Directory(tmp_path), read_kept(tmp_path), policy).number == 0
    assert read_kept(tmp_path / "nothing") == {}


def test_a_kept_checkpoint_of_any_length_costs_no_memory(plant, policy, sample):
    with pytest.raises(BadInput, match="too long"):
        open_kept(b"x" * (1 << 20), "cosigned/latest", policy)
