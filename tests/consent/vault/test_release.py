"""No use without a trace: the one way that opens a segment, and every other that was thought of."""

import ast
import importlib
import inspect
import os
import pkgutil
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import consent.vault
import storage.vault
from consent.agreement.form import agreement_hash
from consent.agreement.vocabulary import MotionPurpose
from consent.entries.bodies import (
    AgreementActivated,
    AgreementEnded,
    AgreementResumed,
    AgreementSuspended,
    ConsentExpired,
    MotionExported,
    MotionSealed,
    MotionUsed,
)
from consent.entries.form import Entry, sign_act
from consent.log.proof import parse_proof
from consent.notes import KeyType, Signer, cosign, parse_note, sign
from consent.site.logged import Logged
from consent.vault.release import OPENED_WITHIN_MS, Evidence, Quorum, prove
from consent.vault.sealing import seal
from consent.vault.store import SealedBook
from productivity.errors import BadInput
from tests.consent.vault.vault_world import VaultWorld, label_of, motion, same
from tests.consent.world import DAY_MS, MORNING_MS, STATION, identifier, worker

ROOT = Path(__file__).resolve().parents[3]
OWN, TRAINING, LICENSING = MotionPurpose.OWN_REVIEW, MotionPurpose.PLANT_TRAINING, MotionPurpose.LICENSING


@pytest.mark.parametrize(("purpose", "licensee"), [(OWN, None), (TRAINING, None), (LICENSING, "robot maker")])
def test_a_logged_use_opens_what_it_lists(vault, purpose, licensee):
    """Consent, sealing, use, co-signature, and the motion is there again: for each purpose the same way."""
    record = vault.consents()
    motions = [motion(seed=seed) for seed in range(3)]
    segments = [vault.seals(record, one) for one in motions]
    evidence = vault.uses(*segments, purpose=purpose, licensee=licensee)
    for segment, what in zip(segments, motions, strict=True):
        assert same(vault.vault.open(evidence, segment), what)


def test_two_workers_in_one_use(vault):
    first, second = vault.consents(0), vault.consents(1)
    segments = [vault.seals(first, motion(seed=1)), vault.seals(second, motion(seed=2))]
    evidence = vault.uses(*segments)
    assert same(vault.vault.open(evidence, segments[1]), motion(seed=2))
    vault.withdraws(first)
    with pytest.raises(BadInput, match="consent is not in force"):
        vault.vault.open(evidence, segments[0])
    assert same(vault.vault.open(evidence, segments[1]), motion(seed=2))


def test_a_renewed_grant_opens_what_was_kept_before(vault):
    record = vault.consents(purposes=[OWN])
    segment = vault.seals(record)
    newer = vault.renews(vault.renews(record, purposes=[OWN]), purposes=[OWN, TRAINING])
    assert same(vault.vault.open(vault.uses(segment), segment), motion())
    vault.withdraws(newer)
    with pytest.raises(BadInput, match="consent is not in force"):
        vault.vault.open(vault.uses_anyway(segment), segment)


def test_a_suspended_agreement_leaves_the_worker_alone(vault):
    """Whoever suspends says stop to everybody but the worker, whose motion it is."""
    segment = vault.seals(vault.consents())
    own, other = vault.uses(segment, purpose=OWN), vault.uses(segment)
    at = vault.site.act(AgreementSuspended(agreement=vault.site.hash), vault.site.council)
    assert same(vault.vault.open(own, segment), motion())
    with pytest.raises(BadInput, match="the agreement is suspended"):
        vault.vault.open(other, segment)
    lifted = AgreementResumed(agreement=vault.site.hash, lifts=at)
    vault.site.act(lifted, vault.site.employer, vault.site.council)
    assert same(vault.vault.open(other, segment), motion())


def test_a_use_opens_for_a_day_and_no_longer(vault):
    segment = vault.seals(vault.consents(until_ms=MORNING_MS + 30 * DAY_MS))
    evidence = vault.uses(segment)
    vault.wait(OPENED_WITHIN_MS - 1)
    assert same(vault.vault.open(evidence, segment), motion())
    vault.wait(1)
    with pytest.raises(BadInput, match="not logged within the last day"):
        vault.vault.open(evidence, segment)


# Every row: a world in which one thing is not as it must be; evidence and segment to try, and why not.
# `prepared` is a world with one worker's segment, and the use that would open it.


def _of_another_segment(world, segment, evidence):
    return evidence, world.seals(world.segments.get(segment).label.record)


def _replayed_for_another(world, segment, evidence):
    other = world.seals(world.segments.get(segment).label.record)
    return Evidence(world.uses(other).entry, evidence.proof), other


def _entry_of_this_with_proof_of_another(world, segment, evidence):
    return Evidence(evidence.entry, world.uses(segment).proof), segment


def _foreign_log(world, segment, evidence):
    """A whole log of somebody else, with the same use in it, under its own keys and its own name."""
    log = Signer("elsewhere.example/log", KeyType.ED25519, Ed25519PrivateKey.generate())
    body = parse_proof(evidence.proof).note.split("\n\n")[0].replace("plant.example/log", log.name)
    note = cosign(sign(body + "\n", log), world.site.witness, world.site.now_ms // 1000)
    return Evidence(evidence.entry, str(replace(parse_proof(evidence.proof), note=str(note)))), segment


def _log_of_the_same_name(world, segment, evidence):
    log = Signer("plant.example/log", KeyType.ED25519, Ed25519PrivateKey.generate())
    text = parse_note(parse_proof(evidence.proof).note).text
    note = cosign(sign(text, log), world.site.witness, world.site.now_ms // 1000)
    return Evidence(evidence.entry, str(replace(parse_proof(evidence.proof), note=str(note)))), segment


def _no_witness(world, segment, evidence):
    return world.uses(segment, cosigned=False), segment


def _another_witness(world, segment, evidence):
    witness = Signer("plant.example/witness", KeyType.COSIGNATURE, Ed25519PrivateKey.generate())
    note = parse_note(parse_proof(evidence.proof).note)
    note = cosign(replace(note, signatures=note.signatures[:1]), witness, world.site.now_ms // 1000)
    return Evidence(evidence.entry, str(replace(parse_proof(evidence.proof), note=str(note)))), segment


def _forged_cosignature(world, segment, evidence):
    note = parse_note(parse_proof(evidence.proof).note)
    line = note.signatures[1]
    forged = replace(line, value=line.value[:-1] + bytes([line.value[-1] ^ 1]))
    note = replace(note, signatures=(note.signatures[0], forged))
    return Evidence(evidence.entry, str(replace(parse_proof(evidence.proof), note=str(note)))), segment


def _only_the_witness(world, segment, evidence):
    note = parse_note(parse_proof(evidence.proof).note)
    note = replace(note, signatures=note.signatures[1:])
    return Evidence(evidence.entry, str(replace(parse_proof(evidence.proof), note=str(note)))), segment


def _proof_cut(world, segment, evidence):
    proof = parse_proof(evidence.proof)
    return Evidence(evidence.entry, str(replace(proof, hashes=proof.hashes[:-1]))), segment


def _proof_text_cut(world, segment, evidence):
    return Evidence(evidence.entry, evidence.proof[: len(evidence.proof) // 3]), segment


def _another_index(world, segment, evidence):
    proof = parse_proof(evidence.proof)
    return Evidence(evidence.entry, str(replace(proof, index=proof.index - 1))), segment


def _entry_changed(world, segment, evidence):
    other = world.seals(world.segments.get(segment).label.record)
    return Evidence(evidence.entry.replace(segment.encode(), other.encode()), evidence.proof), other


def _purpose_changed(world, segment, evidence):
    entry = evidence.entry.replace(TRAINING.encode(), OWN.encode())
    assert entry != evidence.entry
    return Evidence(entry, evidence.proof), segment


def _another_kind(world, segment, evidence):
    index = world.site.own(MotionExported(use="ab" * 16, content="cd" * 32))
    return world.evidence(index), segment


def _sealing_as_use(world, segment, evidence):
    return world.evidence(world.book.sealed(segment).index), segment


def _signed_by_somebody(world, segment, evidence):
    """The words of a use as an act: the log says uses itself. Such an entry is never admitted."""
    body = MotionUsed(use="ab" * 16, segments=(segment,), purpose=TRAINING, terms="22" * 32)
    act = sign_act(body, world.site.state.log, world.site.now_ms, world.site.employer)
    return Evidence(bytes(Entry(world.site.now_ms, body, act)), evidence.proof), segment


def _no_entry(world, segment, evidence):
    return Evidence(b"{}", evidence.proof), segment


def _withdrawn(world, segment, evidence):
    world.withdraws(world.segments.get(segment).label.record)
    return evidence, segment


def _expired_by_time(world, segment, evidence):
    world.wait(DAY_MS - 1)  # the grant was given before the use
    fresh = world.uses_anyway(segment)
    world.wait(1)
    return fresh, segment


def _expired_in_the_log(world, segment, evidence):
    world.wait(DAY_MS - 1)
    fresh = world.uses_anyway(segment)
    world.wait(1)
    record = world.segments.get(segment).label.record
    world.site.own(ConsentExpired(pseudonym=worker().name, record=record))
    return fresh, segment


def _another_purpose(world, segment, evidence):
    record = world.consents(1, purposes=[OWN])
    other = world.seals(record)
    return world.uses(other), other


def _purpose_given_up(world, segment, evidence):
    world.renews(world.segments.get(segment).label.record, purposes=[OWN])
    return evidence, segment


def _no_licensee(world, segment, evidence):
    return world.uses(segment, purpose=LICENSING), segment


def _licensee_for_training(world, segment, evidence):
    return world.uses(segment, licensee="robot maker"), segment


def _agreement_ended(world, segment, evidence):
    world.site.act(AgreementEnded(agreement=world.site.hash), world.site.council)
    return evidence, segment


def _agreement_narrowed(world, segment, evidence, **motion_keys):
    motion_of = world.site.agreement.model_dump(mode="json")["motion"] | motion_keys
    agreement = world.site.next_version(motion=motion_of)
    world.site.propose(agreement)
    world.site.act(AgreementActivated(agreement=agreement_hash(agreement)), world.site.employer)
    return evidence, segment


def _last_day_passed(world, segment, evidence):
    """The agreement was shortened, and consent would still hold."""
    other = world.seals(world.consents(1, until_ms=world.site.now_ms + 60 * DAY_MS))
    campaign = world.site.agreement.model_dump(mode="json")["campaigns"][0]
    agreement = world.site.next_version(
        validity={"first_day": "2027-02-15", "last_day": "2027-03-12"}, campaigns=[campaign]
    )
    world.site.propose(agreement)
    world.site.act(AgreementActivated(agreement=agreement_hash(agreement)), world.site.employer)
    world.wait(12 * DAY_MS)
    return world.uses(other), other


def _purpose_no_longer_agreed(world, segment, evidence):
    return _agreement_narrowed(world, segment, evidence, purposes=[OWN])


def _retention_shortened(world, segment, evidence):
    _agreement_narrowed(world, segment, evidence, retention_days=1)
    hour_ms = DAY_MS // 24
    for hours in (20, 21):  # the worker renews; the segment grows older than a day and its next midnight
        newest = world.site.state.renewals.get(world.segments.get(segment).label.record)
        world.renews(newest or world.segments.get(segment).label.record, agreement=_latest(world))
        world.wait(hours * hour_ms)
    return world.uses(segment), segment


def _latest(world):
    return next(line.hash for line in world.site.state.agreements.values() if line.state.value == "active")


def _station_given_up(world, segment, evidence):
    """The agreement permits motion elsewhere now, and no longer here."""
    return _agreement_narrowed(world, segment, evidence, stations=["packing bench"])


def _key_shredded(world, segment, evidence):
    world.keys.shred(world.segments.get(segment).label.record)
    return evidence, segment


def _erased(world, segment, evidence):
    world.segments.erase(segment)
    return evidence, segment


def _store_returns_another(world, segment, evidence):
    other = world.seals(world.segments.get(segment).label.record)
    world.segments.kept[segment] = world.segments.kept[other]
    return evidence, segment


def _changed(**changes):
    def row(world, segment, evidence):
        sealed = world.segments.get(segment)
        other = world.segments.get(world.seals(sealed.label.record, motion(seed=9)))
        world.segments.kept[segment] = replace(
            sealed, **{name: change(sealed, other) for name, change in changes.items()}
        )
        return evidence, segment

    return row


def _label(**changes):
    return _changed(label=lambda sealed, other: replace(sealed.label, **changes))


def _relabelled_for_another_worker(world, segment, evidence):
    """A withdrawn worker's segment under a label that names somebody who consents."""
    sealed = world.segments.get(segment)
    label = replace(sealed.label, record=world.consents(1))
    world.segments.kept[segment] = replace(sealed, label=label)
    return evidence, segment


def _resealed(world, segment, evidence):
    """Other motion under the same label and worker: what is opened is what was logged."""
    sealed = world.segments.get(segment)
    public = world.keys.public(sealed.label.record)
    world.segments.kept[segment] = seal(motion(seed=7), sealed.label, public, os.urandom)
    return evidence, segment


def _not_logged(world, segment, evidence):
    other = world.seals(world.segments.get(segment).label.record, logged=False)
    return world.uses(other), other


def _logged_after_the_use(world, segment, evidence):
    """A use that lists a number in advance, for what is sealed only later."""
    record = world.segments.get(segment).label.record
    what, number = motion(seed=3), "ee" * 16
    early = world.uses(number)
    label = label_of(what, segment=number, record=record, agreement=world.site.hash, session=world.session)
    sealed = seal(what, label, world.keys.public(record), os.urandom)
    world.segments.put(sealed)
    body = MotionSealed(
        segment=number,
        session=world.session,
        record=record,
        span_ms=label.span_ms,
        commitment=sealed.commitment,
    )
    index = world.site.act(body, world.site.device)
    world.book.add([Logged(index, world.site.entries[index])])
    return early, number


def _state_of_yesterday(world, segment, evidence):
    """The vault does not see the log's newest entries, in which a withdrawal may stand."""
    before = world.site.state
    fresh = world.uses(segment)
    world.site.state = before
    return fresh, segment


def _clock_behind(world, segment, evidence):
    world.wait(-5000)
    return evidence, segment


def _clock_ahead(world, segment, evidence):
    world.wait(OPENED_WITHIN_MS)
    return evidence, segment


REFUSALS = {
    "proof of another segment": (_of_another_segment, "does not list this segment"),
    "proof replayed with another entry": (_replayed_for_another, "does not fit|inclusion"),
    "proof of another use of the same segment": (_entry_of_this_with_proof_of_another, "does not fit|inclus"),
    "foreign log": (_foreign_log, "log's signature is missing"),
    "log of the same name, another key": (_log_of_the_same_name, "log's signature is missing"),
    "witness's signature missing": (_no_witness, "witness's signature is missing"),
    "another witness": (_another_witness, "witness's signature is missing"),
    "forged co-signature": (_forged_cosignature, "wrong signature"),
    "only the witness signed": (_only_the_witness, "log's signature is missing"),
    "proof without its last hash": (_proof_cut, "inclusion|proof"),
    "proof cut off": (_proof_text_cut, "proof|note"),
    "proof of another place": (_another_index, "does not fit|inclusion|proof"),
    "segments changed in the entry": (_entry_changed, "does not fit|inclusion"),
    "purpose changed in the entry": (_purpose_changed, "does not fit|inclusion"),
    "entry of another kind": (_another_kind, "no use of motion"),
    "the segment's own sealing": (_sealing_as_use, "no use of motion"),
    "a use that somebody signed": (_signed_by_somebody, "no use of motion"),
    "no entry at all": (_no_entry, "object has other keys"),
    "consent withdrawn": (_withdrawn, "consent is not in force"),
    "consent expired by the clock": (_expired_by_time, "consent has expired"),
    "consent expired in the log": (_expired_in_the_log, "consent is not in force"),
    "purpose without consent": (_another_purpose, "has not consented to this purpose"),
    "purpose given up on renewal": (_purpose_given_up, "has not consented to this purpose"),
    "licensing without a licensee": (_no_licensee, "licensee and purpose do not fit"),
    "training for a licensee": (_licensee_for_training, "licensee and purpose do not fit"),
    "agreement ended": (_agreement_ended, "may not be used"),
    "agreement's last day passed": (_last_day_passed, "the agreement has ended"),
    "purpose no longer agreed": (_purpose_no_longer_agreed, "agreement does not permit this purpose"),
    "station without motion now": (_station_given_up, "may not be used"),
    "retention over": (_retention_shortened, "may be kept no longer"),
    "key shredded": (_key_shredded, "key was shredded"),
    "segment erased": (_erased, "no such segment"),
    "store returns another segment": (_store_returns_another, "another segment"),
    "content tampered with": (
        _changed(content=lambda one, _: one.content[:-1] + bytes([one.content[-1] ^ 1])),
        "content was changed",
    ),
    "content of another": (_changed(content=lambda _, other: other.content), "content was changed"),
    "wrapped key of another": (_changed(wrapped_key=lambda _, other: other.wrapped_key), "cannot be opened"),
    "wrong commitment": (_changed(commitment=lambda *_: "00" * 32), "not the one that was logged"),
    "commitment of another": (_changed(commitment=lambda _, o: o.commitment), "not the one that was logged"),
    "label of another session": (_label(session="ff" * 16), "not what the log says"),
    "label of another record": (_relabelled_for_another_worker, "not what the log says"),
    "label of another span": (_label(span_ms=1), "not what the log says"),
    "label of another station": (_label(station="packing bench"), "may not be used"),
    "label of an unknown agreement": (_label(agreement="ff" * 32), "agreement that the log does not know"),
    "other motion sealed anew": (_resealed, "not the one that was logged"),
    "sealing that was not logged": (_not_logged, "log knows no such segment"),
    "sealed after the use": (_logged_after_the_use, "not the one that was logged"),
    "state of the site from before": (_state_of_yesterday, "older than the proof"),
    "clock behind the log": (_clock_behind, "not logged within the last day"),
    "proof replayed a day later": (_clock_ahead, "not logged within the last day"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_every_other_way_is_refused(vault, name):
    row, why = REFUSALS[name]
    segment = vault.seals(vault.consents())
    evidence = vault.uses(segment)
    assert same(vault.vault.open(evidence, segment), motion())
    evidence, segment = row(vault, segment, evidence)
    with pytest.raises(BadInput, match=why):
        vault.vault.open(evidence, segment)


def test_a_fresh_vault_refuses_alike():
    """What was proven once is remembered for signatures and proof alone."""
    vault = VaultWorld()
    segment = vault.seals(vault.consents())
    evidence = vault.uses(segment)
    for quorum in (
        Quorum((), (vault.site.witness.verifier,)),
        Quorum((vault.site.log.verifier,), ()),
        Quorum((vault.site.employer.verifier,), (vault.site.witness.verifier,)),
        Quorum((vault.site.log.verifier,), (vault.site.log.verifier,)),
    ):
        if quorum.witnesses == quorum.logs:  # a log is no witness of itself
            continue
        with pytest.raises(BadInput, match="signature is missing"):
            prove(evidence, quorum)
    assert prove(evidence, vault.quorum).body.segments == (segment,)


def test_a_vault_that_lost_its_book_opens_nothing(vault):
    segment = vault.seals(vault.consents())
    evidence = vault.uses(segment)
    vault.vault._entries = SealedBook()
    with pytest.raises(BadInput, match="log knows no such segment"):
        vault.vault.open(evidence, segment)


# No other way: the rooms are walked.


def _modules():
    for package in (consent.vault, storage.vault):
        for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            yield importlib.import_module(found.name)


def _callables():
    for module in _modules():
        for name, value in vars(module).items():
            if name.startswith("_") or getattr(value, "__module__", None) != module.__name__:
                continue
            if inspect.isclass(value):
                for attribute, method in vars(value).items():
                    if not attribute.startswith("_") and callable(method):
                        yield f"{module.__name__}.{name}.{attribute}", method
            elif callable(value):
                yield f"{module.__name__}.{name}", value


def test_nothing_else_gives_motion_or_data_keys():
    """Motion comes from `Vault.open`, or from bytes that are plain already; all else asks for a permit."""
    plain = {
        name: function
        for name, function in _callables()
        if "Motion" in str(inspect.signature(function).return_annotation).split("[")[0].split(".")[-1]
        or name.rsplit(".", 1)[-1] in {"unwrap", "unwrap_with", "opened", "unpack", "open"}
    }
    free = {
        name for name, function in plain.items() if "permit" not in inspect.signature(function).parameters
    }
    assert free == {"consent.vault.release.Vault.open", "consent.vault.content.unpack"}
    assert {"consent.vault.sealing.opened", "storage.vault.key_file.KeyFile.unwrap"} <= plain.keys() - free


def test_the_right_to_open_is_issued_in_one_place():
    rooms = ("api", "capture", "cli", "consent", "models", "productivity", "reports", "storage")
    users = set()
    for room in rooms:
        for path in (ROOT / room).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            if "vault" not in text:
                continue
            for node in ast.walk(ast.parse(text)):
                named = isinstance(node, ast.ImportFrom) and node.module == "consent.vault.permit"
                if named and {one.name for one in node.names} - {"Permit"}:
                    users.add(path.relative_to(ROOT).as_posix())
                if isinstance(node, ast.ImportFrom | ast.Import) and not named:
                    assert "consent.vault.permit" not in [one.name for one in node.names], path
                    assert not (
                        isinstance(node, ast.ImportFrom)
                        and node.module == "consent.vault"
                        and "permit" in [one.name for one in node.names]
                    ), path
    assert users == {"consent/vault/release.py"}


def test_errors_tell_nothing_of_motion(vault):
    segment = vault.seals(vault.consents())
    evidence = vault.uses(segment)
    vault.withdraws(vault.segments.get(segment).label.record)
    with pytest.raises(BadInput) as error:
        vault.vault.open(evidence, segment)
    assert worker().name not in str(error.value)
    assert STATION not in str(error.value)
    assert identifier("record", 0) not in str(error.value)
