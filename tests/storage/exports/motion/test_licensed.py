"""What may not be exported is refused before a byte is written."""

import base64

import numpy as np
import pytest

from consent.agreement.vocabulary import MotionPurpose
from consent.log.proof import parse_proof
from productivity.errors import BadInput
from storage.exports.motion.licensed import require_words
from tests.storage.exports.motion.sets import digits, licensed_set, motion, segment

PSEUDONYM = "w-" + digits("somebody", 32)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"use": "../../etc"}, "use cannot be exported"),
        ({"use": "A" * 32}, "use cannot be exported"),
        ({"agreement": "0" * 63}, "agreement cannot be exported"),
        ({"terms_hash": "0" * 64}, "SHA-256 of the terms"),
        ({"terms": "a\x00b"}, "terms cannot be exported"),
        ({"terms": "a\r\nb"}, "terms cannot be exported"),
        ({"terms": "a\u202eb"}, "terms cannot be exported"),
        ({"terms": "a\u2028b"}, "terms cannot be exported"),
        ({"terms": "\ud800"}, "terms cannot be exported"),
        ({"licence": ""}, "licence cannot be exported"),
        ({"licensee": "a\nb"}, "licensee cannot be exported"),
        ({"licensee": "a\x1b[2Jb"}, "licensee cannot be exported"),
        ({"licensee": "a\u202eb"}, "licensee cannot be exported"),
        ({"licensee": ""}, "licensee cannot be exported"),
        ({"licensee": "x" * 81}, "licensee cannot be exported"),
        ({"licensee": "Robots  & Sons"}, "licensee cannot be exported: .*single spaces"),
        ({"site": " north"}, "site cannot be exported"),
        ({"created_ms": -1}, "instant has no spelling"),
        ({"segments": ()}, "segments cannot be exported"),
        ({"segments": (segment("a", motion([0])),) * 2}, "each once"),
        ({"segments": (segment("a", motion([0]), worker=0),)}, "numbers from 1"),
        ({"segments": (segment("a", motion([0]), worker=7),)}, "numbers from 1"),
        ({"segments": (segment("a", motion([0]), station="a\tb"),)}, "station cannot be exported"),
        ({"proofs": {}}, "motion.used of this very use"),
        ({"proofs": {"a.txt": "x"}}, "motion.used of this very use"),
        ({"proofs": {"../a.txt": "x"}}, "plain file names"),
        ({"proofs": {"a/b.txt": "x"}}, "plain file names"),
        ({"proofs": {".hidden.txt": "x"}}, "plain file names"),
        ({"proofs": {"a.txt\n": "x"}}, "plain file names"),
        ({"proofs": {"a.sh": "x"}}, "plain file names"),
        ({"proofs": {"a.tlog-proof": "no proof"}}, "not a log proof"),
        ({"proofs": {"a.json": "a\x07"}}, "proofs cannot be exported"),
        ({"terms": f"ask {PSEUDONYM}"}, "no pseudonym"),
        ({"licence": PSEUDONYM.upper()}, "no pseudonym"),
        ({"licensee": PSEUDONYM}, "no pseudonym"),
        ({"site": f"at {PSEUDONYM}"}, "no pseudonym"),
        ({"segments": (segment("a", motion([0]), station=PSEUDONYM),)}, "no pseudonym"),
        ({"proofs": {"a.json": f'{{"pseudonym":"{PSEUDONYM}"}}'}}, "no pseudonym"),
        ({"proofs": {f"{PSEUDONYM}.txt": "x"}}, "no pseudonym"),
    ],
)
def test_a_set_that_carries_too_much_is_refused(keys, message, tmp_path):
    given = {"proofs": {"a.txt": "x"}} | keys
    with pytest.raises(BadInput, match=message) as refused:
        licensed_set(tmp_path, **given)
    assert PSEUDONYM not in str(refused.value)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("x" * 81, "north", ["bench"], "terms"), "licensee cannot be exported: .*80 characters"),
        ((None, "no\u202erth", ["bench"], "terms"), "site cannot be exported"),
        ((None, None, ["bench", "bench  7"], "terms"), "station cannot be exported"),
        ((None, None, ["bench"], "te\x00rms"), "terms cannot be exported"),
        ((None, None, [PSEUDONYM], "terms"), "no pseudonym"),
        ((None, None, ["bench"], f"for {PSEUDONYM}"), "no pseudonym"),
    ],
)
def test_words_can_be_refused_before_there_is_a_set(words, message):
    with pytest.raises(BadInput, match=message):
        require_words(*words)


def test_words_as_agreements_have_them_can_be_exported():
    require_words("x" * 80, "Werk Nord", ["Prüfplatz 2"], "12,00\u00a0€\n")


def test_a_pseudonym_hidden_in_the_extra_of_a_proof_is_found(licensed, tmp_path):
    proof = licensed.proofs["motion-used.tlog-proof"]
    hidden = base64.b64encode(PSEUDONYM.encode()).decode()
    proof = proof.replace("\nindex", f"\nextra {hidden}\nindex", 1)
    assert parse_proof(proof).extra.decode() == PSEUDONYM
    with pytest.raises(BadInput, match="no pseudonym"):
        licensed_set(tmp_path, proofs={"a.tlog-proof": proof})


@pytest.mark.parametrize(
    "other",
    [
        {"use": digits("another use", 32)},
        {"licensee": "somebody else"},
        {"licensee": None},
        {"purpose": MotionPurpose.PLANT_TRAINING},
        {"terms": "other terms"},
        {"segments": (segment("a", motion([0])),)},
        {"segments": (segment("z", motion([0])),)},
    ],
    ids=lambda keys: next(iter(keys)),
)
def test_the_proof_of_another_use_licenses_nothing(licensed, tmp_path, other):
    with pytest.raises(BadInput, match="of this very use"):
        licensed_set(tmp_path, proofs=licensed.proofs, **other)


def test_an_entry_without_its_proof_licenses_nothing(licensed, tmp_path):
    alone = {"motion-used.json": licensed.proofs["motion-used.json"]}
    with pytest.raises(BadInput, match="of this very use"):
        licensed_set(tmp_path, proofs=alone)


def test_amounts_may_have_spaces_that_do_not_break(tmp_path):
    terms = "12.345,60\u00a0€\nnicht mehr als 1\u202f000\u00a0h\n"
    assert licensed_set(tmp_path / "log", terms=terms).terms == terms


def test_infinite_places_are_refused(tmp_path):
    moved = motion([0, 100])
    moved.joints[1, 2, 0] = np.inf
    with pytest.raises(BadInput, match="nothing infinite"):
        licensed_set(tmp_path, segments=(segment("a", moved),), proofs={"a.txt": "x"})


def test_the_order_in_which_segments_are_given_says_nothing(licensed, tmp_path):
    turned = licensed_set(tmp_path / "log", segments=licensed.segments[::-1])
    order = [each.segment for each in turned.segments]
    assert order == [each.segment for each in licensed.segments] == sorted(order)


def test_neither_a_set_nor_a_segment_prints_how_somebody_moved(licensed):
    assert repr(licensed).startswith("<")
    assert repr(licensed.segments[0]).startswith("<")
