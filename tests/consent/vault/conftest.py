"""A vault in memory before a real log."""

import pytest

pytest.importorskip("pyarrow", reason="the extra server is not installed")

from tests.consent.vault.vault_world import VaultWorld


@pytest.fixture
def vault():
    return VaultWorld()
