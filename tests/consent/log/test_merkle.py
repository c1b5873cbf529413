"""Merkle proofs: published vectors, an independent recursive definition, every size up to 70, and edges."""

import base64
import json
from functools import cache
from pathlib import Path

import pytest

from consent.log.frontier import Frontier
from consent.log.merkle import (
    EMPTY_ROOT,
    check_consistency,
    check_inclusion,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    perfect_root,
)
from productivity.errors import BadInput

VECTORS = Path(__file__).resolve().parents[4] / "shared" / "data" / "merkle_vectors" / "testdata"
VECTORS_OF_EACH_KIND = 98
LEAVES = [leaf_hash(b"%d" % number) for number in range(70)]


def vectors(kind):
    if not VECTORS.is_dir():
        pytest.skip("the transparency-dev vectors are not in ../shared/data/merkle_vectors")
    found = [json.loads(path.read_text()) for path in sorted((VECTORS / kind).rglob("*.json"))]
    assert len(found) == VECTORS_OF_EACH_KIND
    return found


def decoded(vector):
    return [base64.b64decode(step) for step in vector["proof"] or ()]


def verdict(check, *arguments, **named):
    try:
        check(*arguments, **named)
    except BadInput:
        return True
    return False


def test_inclusion_vectors_of_transparency_dev_agree():
    found = vectors("inclusion")
    wrong = [
        vector["desc"]
        for vector in found
        if vector["wantErr"]
        != verdict(
            check_inclusion,
            decoded(vector),
            index=vector["leafIdx"],
            size=vector["treeSize"],
            leaf=base64.b64decode(vector["leafHash"] or ""),
            root=base64.b64decode(vector["root"] or ""),
        )
    ]
    assert wrong == []
    assert any(vector["wantErr"] for vector in found)
    assert not all(vector["wantErr"] for vector in found)


def test_consistency_vectors_of_transparency_dev_agree():
    """From size 0 nothing can be proved: RFC 9162 leaves it open, the vectors do not."""
    found = vectors("consistency")
    wrong = [
        vector["desc"]
        for vector in found
        if vector["wantErr"]
        != verdict(
            check_consistency,
            decoded(vector),
            old=vector["size1"],
            size=vector["size2"],
            old_root=base64.b64decode(vector["root1"] or ""),
            root=base64.b64decode(vector["root2"] or ""),
        )
    ]
    assert wrong == []
    assert not all(vector["wantErr"] for vector in found)


@cache
def tree_hash(start, end):
    """Definition of RFC 6962 section 2.1, word for word."""
    if end == start:
        return EMPTY_ROOT
    if end - start == 1:
        return LEAVES[start]
    split = 1
    while split * 2 < end - start:
        split *= 2
    return node_hash(tree_hash(start, start + split), tree_hash(start + split, end))


def subtree(height, number):
    return tree_hash(number << height, (number + 1) << height)


@pytest.mark.parametrize("size", range(71))
def test_the_root_of_every_small_tree_follows_the_definition(size):
    frontier = Frontier()
    frontier.push(LEAVES[:size])
    assert frontier.root() == tree_hash(0, size)


@pytest.mark.parametrize("size", range(1, 71))
def test_every_proof_in_small_trees_holds_and_no_other(size):
    root = tree_hash(0, size)
    for index in range(size):
        proof = inclusion_proof(subtree, index, size)
        check_inclusion(proof, index=index, size=size, leaf=LEAVES[index], root=root)
        for wrong in {(index + 1) % size, size - 1, 0} - {index}:
            with pytest.raises(BadInput):
                check_inclusion(proof, index=wrong, size=size, leaf=LEAVES[index], root=root)
    for old in range(1, size + 1):
        proof = consistency_proof(subtree, old, size)
        check_consistency(proof, old=old, size=size, old_root=tree_hash(0, old), root=root)
        for place in range(len(proof)):
            changed = [*proof[:place], bytes(32), *proof[place + 1 :]]
            with pytest.raises(BadInput):
                check_consistency(changed, old=old, size=size, old_root=tree_hash(0, old), root=root)


@pytest.mark.parametrize(
    ("name", "proof"),
    [("cut off", slice(0, -1)), ("begun late", slice(1, None)), ("empty", slice(0, 0))],
)
def test_a_shortened_proof_is_refused(name, proof):
    whole = inclusion_proof(subtree, 5, 11)
    with pytest.raises(BadInput):
        check_inclusion(whole[proof], index=5, size=11, leaf=LEAVES[5], root=tree_hash(0, 11))
    whole = consistency_proof(subtree, 5, 11)
    with pytest.raises(BadInput):
        check_consistency(whole[proof], old=5, size=11, old_root=tree_hash(0, 5), root=tree_hash(0, 11))


def test_a_step_that_is_no_hash_is_refused():
    """Two steps of 16 bytes would concatenate to the bytes of one."""
    with pytest.raises(BadInput, match="no hash"):
        check_inclusion([bytes(16)], index=0, size=2, leaf=LEAVES[0], root=bytes(32))


def test_a_proof_that_stops_below_the_root_is_refused():
    """It would let a claimed size be wrong: here every hash is right, and no step is taken."""
    root = tree_hash(0, 4)
    with pytest.raises(BadInput, match="not in the tree"):
        check_inclusion([], index=0, size=2, leaf=root, root=root)
    with pytest.raises(BadInput, match="does not continue"):
        check_consistency([], old=4, size=5, old_root=root, root=root)


def test_a_root_that_is_no_hash_is_refused():
    short = b"old"
    root = node_hash(short, LEAVES[1])
    with pytest.raises(BadInput, match="no hash"):
        check_consistency([LEAVES[1]], old=1, size=2, old_root=short, root=root)


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_there_is_no_proof_for_what_is_not_there(index, size):
    with pytest.raises(BadInput, match="no such entry"):
        inclusion_proof(subtree, index, size)
    with pytest.raises(BadInput, match="no such entry"):
        check_inclusion([], index=index, size=size, leaf=LEAVES[0], root=LEAVES[0])


@pytest.mark.parametrize(("old", "size"), [(0, 3), (4, 3), (-1, 3)])
def test_there_is_no_consistency_with_nothing_or_the_future(old, size):
    with pytest.raises(BadInput):
        consistency_proof(subtree, old, size)
    with pytest.raises(BadInput):
        check_consistency([], old=old, size=size, old_root=LEAVES[0], root=LEAVES[0])


def test_trees_of_one_size_must_have_one_root():
    check_consistency([], old=3, size=3, old_root=tree_hash(0, 3), root=tree_hash(0, 3))
    with pytest.raises(BadInput, match="different roots"):
        check_consistency([], old=3, size=3, old_root=tree_hash(0, 3), root=tree_hash(0, 2))


def test_a_leaf_never_hashes_as_a_node():
    left, right = LEAVES[:2]
    assert leaf_hash(left + right) != node_hash(left, right) == perfect_root([left, right])
