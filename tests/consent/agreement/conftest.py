"""A whole agreement, as the example has it, with keys that only the tests know."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from capture.yaml_document import parse_document
from consent.agreement.form import canonical_text
from consent.agreement.schema import Agreement
from consent.agreement.vocabulary import Party
from consent.notes import KeyType, Signer

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "agreement" / "agreement.yaml"


def _signer(name: str, seed: int) -> Signer:
    return Signer(name, KeyType.ED25519, Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32))


@pytest.fixture(scope="session")
def signers() -> dict[Party, Signer]:
    return {
        Party.EMPLOYER: _signer("plant.example/employer", 1),
        Party.COUNCIL: _signer("plant.example/council", 2),
    }


@pytest.fixture(scope="session")
def example_text(signers) -> str:
    """The example file with both keys filled in."""
    text = EXAMPLE.read_text(encoding="utf-8")
    for party in Party:
        text = text.replace("key: null", f"key: {signers[party].verifier}", 1)
    return text


@pytest.fixture
def agreement(example_text) -> Agreement:
    return parse_document(example_text, "agreement.yaml", Agreement, "works agreement")


@pytest.fixture
def document(agreement) -> dict:
    """The same as plain values that a test may change."""
    return json.loads(canonical_text(agreement))
