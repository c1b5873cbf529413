import pytest

from capture.outbox.status import NOTHING, read_status
from productivity.errors import BadInput


def test_a_reader_sees_numbers_while_the_outbox_is_in_use(tmp_path, outbox, entry):
    path = tmp_path / "state" / "outbox.db"
    outbox.put([entry(0), entry(1)])
    refused = outbox.next_batch("edge-1")
    outbox.refuse(refused, 422)
    outbox.put([entry(2)])
    outbox.tell("the server is busy")
    found = read_status(path)
    assert (found.waiting, found.batches, found.entries_in_batches, found.refused) == (1, 1, 2, 1)
    assert found.condition == "the server is busy"
    assert found.bytes >= path.stat().st_size
    outbox.acknowledge(refused)
    assert read_status(path).batches == 0


def test_an_unused_outbox_has_nothing_in_it(tmp_path, outbox):
    found = read_status(tmp_path / "state" / "outbox.db")
    assert found.bytes > 0
    assert {name: getattr(found, name) for name in NOTHING.__slots__ if name != "bytes"} == {
        name: getattr(NOTHING, name) for name in NOTHING.__slots__ if name != "bytes"
    }


def test_no_outbox_is_said(tmp_path):
    with pytest.raises(BadInput, match="no outbox"):
        read_status(tmp_path / "outbox.db")
    (tmp_path / "outbox.db").write_bytes(b"something else" * 100)
    with pytest.raises(BadInput, match="cannot be read"):
        read_status(tmp_path / "outbox.db")
