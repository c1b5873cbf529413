"""Names and accounts lie encrypted, apart from their key, and appear in no error."""

import threading

import pytest

from productivity.errors import BadInput
from storage.payout.payees import Payee, PayoutTable, create_key, read_csv

ANNA, BORA = "w-" + "a" * 32, "w-" + "b" * 32
PAYEE = Payee("Payee Straße 1", "DE68210501700012345678")
OTHER = Payee('O\'Payee; "2"', "AT611904300234573201")
CSV = f"pseudonym,name,iban\n{ANNA},{PAYEE.name},DE68 2105 0170 0012 3456 78\n"


@pytest.fixture
def places(tmp_path):
    (tmp_path / "keys").mkdir()
    (tmp_path / "data").mkdir()
    create_key(tmp_path / "keys" / "payout.key")
    return tmp_path / "data" / "payees", tmp_path / "keys" / "payout.key"


@pytest.fixture
def table(places):
    return PayoutTable(*places)


def test_a_table_comes_back(table, places):
    assert table.read() == {}
    assert table.add({ANNA: PAYEE, BORA: OTHER}) == 2
    assert PayoutTable(*places).read() == {ANNA: PAYEE, BORA: OTHER}


def test_a_payee_is_replaced_and_removed(table):
    table.add({ANNA: PAYEE})
    assert table.add({ANNA: OTHER}) == 0
    assert table.read() == {ANNA: OTHER}
    assert table.remove([ANNA, BORA]) == 1
    assert table.read() == {}


def test_nothing_of_it_can_be_read_in_the_directory(table, places):
    table.add({ANNA: PAYEE})
    for path in places[0].parent.iterdir():
        content = path.read_bytes()
        for secret in (ANNA, PAYEE.name, PAYEE.iban, "Payee", "12345678"):
            assert secret.encode() not in content
        assert path.stat().st_mode & 0o077 == 0
    assert places[1].stat().st_mode & 0o077 == 0


def test_the_same_table_is_never_encrypted_the_same_way(table, places):
    table.add({ANNA: PAYEE})
    first = places[0].read_bytes()
    table.add({ANNA: PAYEE})
    assert places[0].read_bytes() != first


def test_every_changed_byte_and_another_key_are_noticed(table, places, tmp_path):
    table.add({ANNA: PAYEE})
    content = places[0].read_bytes()
    for place in range(len(content)):
        places[0].write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(BadInput):
            table.read()
    for end in (0, 5, 20, len(content) - 1):
        places[0].write_bytes(content[:end])
        with pytest.raises(BadInput):
            table.read()
    places[0].write_bytes(content)
    create_key(tmp_path / "keys" / "other.key")
    with pytest.raises(BadInput, match="cannot be opened"):
        PayoutTable(places[0], tmp_path / "keys" / "other.key").read()


def test_the_key_does_not_lie_beside_the_table(places):
    create_key(places[0].parent / "payout.key")
    with pytest.raises(BadInput, match="beside the table"):
        PayoutTable(places[0], places[0].parent / "payout.key")


def test_a_key_is_made_once_and_a_broken_one_refused(places):
    with pytest.raises(BadInput, match="exists"):
        create_key(places[1])
    for text in ("", "zz", "ab" * 31, "ä"):
        places[1].write_text(text, encoding="utf-8")
        with pytest.raises(BadInput, match="key"):
            PayoutTable(*places)
    places[1].unlink()
    with pytest.raises(BadInput, match="key"):
        PayoutTable(*places)


def test_payees_print_nothing(table):
    table.add({ANNA: PAYEE})
    assert PAYEE.iban not in repr(PAYEE) + repr(table) + repr(table.read())
    assert PAYEE.name not in repr(PAYEE)


def test_those_who_change_it_at_once_lose_nothing(places):
    names = [f"w-{number:032x}" for number in range(12)]

    def add(some):
        for name in some:
            PayoutTable(*places).add({name: PAYEE})

    threads = [threading.Thread(target=add, args=(names[start::3],)) for start in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert PayoutTable(*places).read().keys() == set(names)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(CSV, id="commas"),
        pytest.param(CSV.replace(",", ";"), id="semicolons"),
        pytest.param("\ufeff" + CSV.replace("\n", "\r\n"), id="as Excel writes it"),
        pytest.param(CSV + "\n,,\n", id="empty lines"),
    ],
)
def test_payees_are_read_from_csv(text):
    assert read_csv(text.encode(), "payees.csv") == {ANNA: PAYEE}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("name,iban\n", "columns", id="a column missing"),
        pytest.param("", "columns", id="nothing"),
        pytest.param(CSV + CSV.splitlines()[1], "line 3: pseudonym for the second time", id="twice"),
        pytest.param(CSV.replace("56 78", "56 79"), "line 2: IBAN has wrong check digits", id="wrong IBAN"),
        pytest.param(CSV.replace("w-", "x-"), "line 2: not a payee: pseudonym", id="no pseudonym"),
        pytest.param(CSV.replace("Straße", "\u202eStraße"), "line 2: not a payee: name", id="hidden letters"),
        pytest.param(f"pseudonym,name,iban\n{ANNA},{PAYEE.name}\n", "not a payee: iban", id="a cell missing"),
        pytest.param(CSV.replace(PAYEE.name, '"Payee Straße 1'), "not CSV", id="an open quote"),
    ],
)
def test_bad_csv_is_refused_without_repeating_it(text, reason):
    with pytest.raises(BadInput, match=reason) as caught:
        read_csv(text.encode(), "payees.csv")
    assert caught.value.__cause__ is None
    for secret in ("Payee", "Straße", "2105", "aaaa"):
        assert secret not in str(caught.value)


def test_bytes_that_are_no_text_are_refused():
    with pytest.raises(BadInput, match="UTF-8"):
        read_csv(CSV.encode("latin-1"), "payees.csv")
