"""What tests of commands at a site may ask for."""

import importlib.util
from pathlib import Path

import pytest


@pytest.fixture
def by_command(tmp_path):
    """A site's directory and everybody's keys; every step is a command (see `site_by_command.py`)."""
    file = Path(__file__).with_name("site_by_command.py")
    spec = importlib.util.spec_from_file_location("site_by_command", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.SiteByCommand(tmp_path)
