"""Where the weights lie on this machine."""

import os
from pathlib import Path

from models.extras import needs_edge

CACHE = "FAIRTAKT_CACHE"
"""Environment variable: a directory instead of the user's cache directory."""

CATALOGUE = "FAIRTAKT_CATALOGUE"
"""Environment variable: a file instead of weights.toml in the user's configuration directory."""


def cache_directory() -> Path:
    """Return the directory for fetched weights; it need not exist."""
    if named := os.environ.get(CACHE):
        return Path(named)
    with needs_edge("platformdirs"):
        import platformdirs
    return platformdirs.user_cache_path("fairtakt")


def own_catalogue() -> Path:
    """Return the file in which a user describes networks of their own; it need not exist."""
    if named := os.environ.get(CATALOGUE):
        return Path(named)
    with needs_edge("platformdirs"):
        import platformdirs
    return platformdirs.user_config_path("fairtakt") / "weights.toml"
