import pytest

from capture.outbox.batch import read_body, write_body
from capture.outbox.entry import entry_from, not_recorded, parse_entry, round_down
from productivity.errors import BadInput


@pytest.mark.parametrize(
    ("ms", "resolution_ms", "expected"),
    [
        (0, 1000, 0),
        (999, 1000, 0),
        (1000, 1000, 1000),
        (1001, 1000, 1000),
        (1234, 1, 1234),
        (7_199_999, 3_600_000, 3_600_000),
    ],
)
def test_a_start_is_rounded_down(ms, resolution_ms, expected):
    assert round_down(ms, resolution_ms) == expected


@pytest.mark.parametrize(
    "change",
    [
        {"session": "A" * 32},
        {"session": "a" * 31},
        {"ordinal": -1},
        {"start_ms": -1},
        {"duration_ns": 0},
        {"confidence": 1001},
        {"confidence": -1},
        {"station": ""},
        {"state": "x" * 201},
        {"reason": ""},
        {"station": "two\nlines"},
        {"state": "\ud800"},
    ],
    ids=str,
)
def test_what_the_wire_does_not_know_is_refused_without_being_repeated(entry, change):
    with pytest.raises(BadInput) as error:
        entry_from({**{name: getattr(entry(), name) for name in entry().__slots__}, **change})
    assert "xxx" not in str(error.value)


def test_an_entry_comes_back_from_its_text(entry):
    for one in (entry(), entry(category=None, cycle=7, reason="nobody present", station="Prüfplatz")):
        assert parse_entry(one.text()) == one


def test_a_batch_has_the_fields_of_the_format_and_comes_back(entry):
    body = write_body("edge-1", "b" * 32, 3, [entry(), entry(1)])
    assert body.startswith(b'{"device":"edge-1","boot":"bbbb')
    assert b'"sequence":3,"intervals":[{"session":"aaaa' in body
    assert read_body(body) == ("edge-1", [entry(), entry(1)])


def test_a_gap_keeps_place_and_time_and_forgets_the_state(entry):
    gap = not_recorded(entry(4, cycle=2), 99, "buffer full")
    assert (gap.ordinal, gap.start_ms, gap.duration_ns) == (4, entry(4).start_ms, 99)
    assert (gap.state, gap.category, gap.cycle, gap.confidence) == ("not recorded", None, None, 1000)
