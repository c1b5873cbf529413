"""The transparency log: Merkle tree, C2SP tiles and checkpoints, writer, verifier."""
