"""What every room's tests may ask for."""

import pytest

from models.fetch import DownloadError, WeightFiles, ensure_weights


@pytest.fixture(scope="session")
def weights() -> WeightFiles:
    """The real weights; skips only where there is neither a network nor a cache."""
    try:
        return ensure_weights()
    except DownloadError as error:
        pytest.skip(f"no weights: {error}")
