import importlib.util
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def case():
    """Load the published case study; tests are not packages, so it is loaded by its path."""
    spec = importlib.util.spec_from_file_location("case_study", Path(__file__).with_name("case_study.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
