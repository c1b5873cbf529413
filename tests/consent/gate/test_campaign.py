"""Each campaign at each station has a count of its own, which outlives the recorder."""

import pytest

from consent.entries.bodies import RecordingStarted
from consent.entries.vocabulary import Criterion
from consent.gate.campaign import CampaignCount
from consent.gate.notebook import CampaignPlace, Notebook
from consent.gate.tally import Tally
from productivity.errors import BadInput
from productivity.intervals import StateInterval
from productivity.time import SECOND, Duration, Instant

CYCLE = ("assembly", "packing")


def start(place, campaign):
    return RecordingStarted(
        session="a" * 32,
        device="camera one",
        station="bench",
        agreement=place.line.hash,
        campaign=campaign,
        purpose="state durations",
        configuration="0" * 64,
    )


def see(count, cycles):
    for number in range(2 * cycles):
        interval = StateInterval("bench", CYCLE[number % 2], Instant(0), Duration(10 * SECOND))
        count.add(interval)
    count.settle()


def test_another_campaign_counts_anew_and_the_first_goes_on_where_it_was(place, tmp_path):
    count = CampaignCount(Notebook(tmp_path), CYCLE)
    count.begin(start(place, "first"), place.state)
    see(count, 390)
    count.begin(start(place, "second"), place.state)
    see(count, 390)
    assert count.completed is None
    count.begin(start(place, "first"), place.state)
    see(count, 9)
    assert count.announce() is None
    see(count, 1)
    said = count.announce()
    assert (said.campaign, said.criterion) == ("first", Criterion.CYCLES)
    assert count.completed == CampaignPlace("study", "first", "bench")
    assert count.announce() is None, "once is enough"


def test_a_station_without_a_cycle_counts_nothing(place, tmp_path):
    count = CampaignCount(Notebook(tmp_path), None)
    count.begin(start(place, "first"), place.state)
    see(count, 500)
    assert count.completed is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"[]", b'{"sessions": []}', b"\xff", "another campaign"])
def test_a_count_that_cannot_be_read_is_refused(place, tmp_path, content):
    notebook = Notebook(tmp_path)
    notebook.keep_tally(CampaignPlace("study", "other", "bench"), Tally(((3, 100),)))
    (kept,) = (tmp_path / "campaigns").iterdir()
    mine = CampaignPlace("study", "first", "bench")
    notebook.keep_tally(mine, Tally(((4, 100),)))
    (own,) = set((tmp_path / "campaigns").iterdir()) - {kept}
    own.write_bytes(kept.read_bytes() if isinstance(content, str) else content)
    with pytest.raises(BadInput, match=own.name):
        notebook.tally(mine)
