"""Merkle tree hashing and proofs. Pure: hashes in, hashes out; a wrong proof raises `BadInput`.

Source: RFC 6962 section 2.1 (hashes and the making of proofs), RFC 9162 sections 2.1.3.2 and 2.1.4.2
(checking them). Leaves and nodes are hashed with different first bytes, so that no node passes for an entry.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

from productivity.errors import BadInput

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()
"""Root of a tree without entries."""

Subtree = Callable[[int, int], bytes]
"""`subtree(height, number)`: hash of entries [number * 2**height, (number + 1) * 2**height), all present."""


def leaf_hash(entry: bytes) -> bytes:
    """Hash an entry."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees into one."""
    return sha256(b"\x01" + left + right).digest()


def perfect_root(hashes: Sequence[bytes]) -> bytes:
    """Root over neighbouring subtrees of one height; requires 1, 2, 4, 8, ... of them."""
    while len(hashes) > 1:
        pairs = iter(hashes)
        hashes = [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=True)]
    return hashes[0]


def tree_root(subtree: Subtree, size: int) -> bytes:
    """Root over the first `size` entries, RFC 6962 section 2.1."""
    return _root(subtree, 0, size) if size else EMPTY_ROOT


def inclusion_proof(subtree: Subtree, index: int, size: int) -> list[bytes]:
    """Path from entry `index` to the root of the tree of `size`, leaf's sibling first."""
    if not 0 <= index < size:
        raise BadInput("no such entry", where="log", expected=f"an index below {size}", found=str(index))
    return _path(subtree, index, 0, size)


def consistency_proof(subtree: Subtree, old: int, size: int) -> list[bytes]:
    """Proof that the tree of `size` begins with all entries of the tree of size `old`, which is not 0."""
    if not 0 < old <= size:
        raise BadInput("no consistency proof", where="log", expected=f"1 to {size}", found=str(old))
    return _subproof(subtree, old, 0, size, known=True)


def check_inclusion(proof: Iterable[bytes], *, index: int, size: int, leaf: bytes, root: bytes) -> None:
    """Raise `BadInput` unless `proof` leads from the hash of entry `index` to the root of the tree."""
    if not 0 <= index < size:
        raise BadInput("no such entry", where="proof", expected=f"an index below {size}", found=str(index))
    position, last = index, size - 1
    result, *siblings = _hashes((leaf, *proof))
    for sibling in siblings:
        if last == 0:
            raise BadInput("proof is too long", where="inclusion proof")
        if position & 1 or position == last:
            result = node_hash(sibling, result)
            position, last = _climb(position, last)
        else:
            result = node_hash(result, sibling)
        position, last = position >> 1, last >> 1
    if last != 0 or result != root:
        raise BadInput("entry is not in the tree of this checkpoint", where="inclusion proof")


def check_consistency(proof: Iterable[bytes], *, old: int, size: int, old_root: bytes, root: bytes) -> None:
    """Raise `BadInput` unless `proof` shows that the new tree continues the old one, which is not empty."""
    if not 0 < old <= size:
        raise BadInput("sizes do not fit", where="consistency proof", expected=f"1 to {size}", found=str(old))
    hashes = _hashes(proof)
    if old == size:
        if hashes or old_root != root:
            raise BadInput("trees of one size have different roots", where="consistency proof")
        return
    _hashes((old_root, root))
    # A whole old subtree is its own first step; the proof leaves out what the checker already has.
    steps = iter([old_root, *hashes] if old & (old - 1) == 0 else hashes)
    position, last = old - 1, size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    was = now = next(steps, b"")
    for sibling in steps:
        if last == 0:
            raise BadInput("proof is too long", where="consistency proof")
        if position & 1 or position == last:
            was, now = node_hash(sibling, was), node_hash(sibling, now)
            position, last = _climb(position, last)
        else:
            now = node_hash(now, sibling)
        position, last = position >> 1, last >> 1
    if last != 0 or was != old_root or now != root:
        raise BadInput("log does not continue the earlier checkpoint", where="consistency proof")


def _climb(position: int, last: int) -> tuple[int, int]:
    """Skip the levels at which the rightmost node has no sibling."""
    while position and not position & 1:
        position, last = position >> 1, last >> 1
    return position, last


def _hashes(proof: Iterable[bytes]) -> list[bytes]:
    hashes = list(proof)
    # Two hashes of other lengths could share one concatenation.
    if any(len(step) != HASH_BYTES for step in hashes):
        raise BadInput("proof holds something that is no hash", where="proof", expected=f"{HASH_BYTES} bytes")
    return hashes


def _path(subtree: Subtree, index: int, start: int, end: int) -> list[bytes]:
    if end - start == 1:
        return []
    middle = start + _left_width(end - start)
    if index < middle:
        return [*_path(subtree, index, start, middle), _root(subtree, middle, end)]
    return [*_path(subtree, index, middle, end), _root(subtree, start, middle)]


def _subproof(subtree: Subtree, old: int, start: int, end: int, *, known: bool) -> list[bytes]:
    """RFC 6962 section 2.1.2: `known` while the checker holds the root of this very subtree."""
    if old == end:
        return [] if known else [_root(subtree, start, end)]
    middle = start + _left_width(end - start)
    if old <= middle:
        return [*_subproof(subtree, old, start, middle, known=known), _root(subtree, middle, end)]
    return [*_subproof(subtree, old, middle, end, known=False), _root(subtree, start, middle)]


def _root(subtree: Subtree, start: int, end: int) -> bytes:
    width = end - start
    if width & (width - 1) == 0:
        height = width.bit_length() - 1
        return subtree(height, start >> height)
    middle = start + _left_width(width)
    return node_hash(_root(subtree, start, middle), _root(subtree, middle, end))


def _left_width(width: int) -> int:
    """Largest power of two below `width`."""
    return 1 << ((width - 1).bit_length() - 1)
