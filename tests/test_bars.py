"""The bars that the samples are held to, each a row: what `make bars` prints."""

import pytest

from benchmarks.bars import PUBLIC_CLIP, measure
from models.engines import open_engine


@pytest.fixture(scope="session")
def figures(weights):
    return measure(open_engine())


def test_every_sample_meets_its_bars(figures):
    missed = [f"{f.sample}: {f.measure} {f.value}, bar {f.bar}" for f in figures if not f.met]
    assert not missed, "; ".join(missed)


def test_every_rendered_sample_is_measured(figures):
    """A sample that is left out would meet every bar."""
    assert {"assembly_bench", "left_bench", "right_bench", "bad_light", "empty_bench"} <= {
        f.sample for f in figures
    }
    assert sum(f.bar != "" for f in figures) >= 45


def test_the_public_clip_is_measured(figures):
    if not PUBLIC_CLIP.exists():
        pytest.skip("the public one-by-one clip is not in ../shared/data/videos")
    measures = {f.measure for f in figures if f.sample == "one-by-one"}
    assert measures == {"presence, first 5.5 s", "at table", "boundaries, median"}
