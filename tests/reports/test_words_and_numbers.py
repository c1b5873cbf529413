import importlib
import sys
from dataclasses import fields

import pytest

from productivity.errors import MissingExtra
from productivity.states import NOT_RECORDED, UNKNOWN, StateCategory
from productivity.statistics import MeanInterval
from reports import numbers
from reports.words import ENGLISH, GERMAN, words_for


def test_no_word_is_missing():
    for words in (ENGLISH, GERMAN):
        assert all(getattr(words, field.name) for field in fields(words) if field.name != "names")
    assert all(GERMAN.name(name) != name for name in (*StateCategory, UNKNOWN, NOT_RECORDED))


def test_what_has_no_translation_stays_as_it_is():
    assert GERMAN.name("Fräsen") == "Fräsen"
    assert words_for("de") is GERMAN


@pytest.mark.parametrize(
    ("nanoseconds", "english", "german"),
    [
        (0, "0.0_s", "0,0_s"),
        (1_250_000_000, "1.2_s", "1,2_s"),
        (119_940_000_000, "119.9_s", "119,9_s"),
        (119_960_000_000, "2:00.0_min", "2:00,0_min"),
        (395_700_000_000, "6:35.7_min", "6:35,7_min"),
        (7_199_960_000_000, "2:00:00_h", "2:00:00_h"),
        (36_061_000_000_000, "10:01:01_h", "10:01:01_h"),
    ],
)
def test_times(nanoseconds, english, german):
    """A narrow no-break space, here an underscore, stands before each unit."""
    assert numbers.time(nanoseconds, ENGLISH).replace("\u202f", "_") == english
    assert numbers.time(nanoseconds, GERMAN).replace("\u202f", "_") == german


def test_means_show_their_half_width_if_they_have_one():
    assert numbers.mean(MeanInterval(3, 4.0, 1.234, 2.766, 5.234), GERMAN) == "4,00 ± 1,23\u202fs"
    assert numbers.mean(MeanInterval(1, 4.0, None, None, None), ENGLISH) == "4.00\u202fs"


@pytest.mark.parametrize(
    ("module", "missing"),
    [("reports.svg", "altair"), ("reports.svg", "vl_convert"), ("reports.markup", "jinja2")],
)
def test_a_missing_package_names_the_extra(monkeypatch, module, missing):
    importlib.import_module(module)
    monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(MissingExtra, match=rf"{missing} is not installed: .* pip install 'fairtakt\[edge\]'"):
        importlib.import_module(module)
