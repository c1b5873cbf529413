"""What is handed out of a log's directory is decided by its spelling, before any file is opened."""

import pytest

from consent.log.published import BYTES, TEXT, media_type
from consent.log.tiles import ENTRIES, tile_path


@pytest.mark.parametrize("path", ["checkpoint", "cosigned/latest", "cosigned/0.0", "cosigned/17.1803884400"])
def test_notes_are_text(path):
    assert media_type(path) == TEXT


@pytest.mark.parametrize("level", [ENTRIES, 0, 7, 63])
@pytest.mark.parametrize("number", [0, 999, 1000, 1_234_067, 999_999_999])
@pytest.mark.parametrize("width", [1, 99, 255, 256])
def test_every_tile_that_a_log_writes_is_handed_out(level, number, width):
    assert media_type(tile_path(level, number, width)) == BYTES


@pytest.mark.parametrize(
    "path",
    [
        "", ".", "..", "/checkpoint", "checkpoint/", "checkpoint.new", "checkpoint\n", "CHECKPOINT",
        ".writer.lock", "../acts/x.note", "tile/../checkpoint", "tile/0/../../../grants/x",
        "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/03", "tile/0/000.p/3.new", "tile/0/000.p/3/",
        "tile/00/000", "tile/64/000", "tile/-1/000", "tile/data/000", "tile/0/0", "tile/0/0000",
        "tile/0/x000", "tile/0/x001/", "tile//000", "tile/0/٠٠٠", "cosigned/", "cosigned/index",
        "cosigned/17", "cosigned/017.1", "cosigned/1.2.3",
        "cosigned/latest.new", "cosigned/../checkpoint", "tile/0/000\x00", "tile\\0\\000",
    ],
)  # fmt: skip
def test_nothing_else_is(path):
    assert media_type(path) is None
