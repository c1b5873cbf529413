"""The bank's file: valid by its schema, to the cent, with references that stand in the log."""

import xml.etree.ElementTree as ET
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("sepaxml", reason="the extra server is not installed")

from consent.royalties.payout import plan_run
from productivity.errors import BadInput
from storage.exports.pain001 import LARGEST, SCHEMA, latin, payment_file
from storage.payout.payees import Payee
from tests.consent.royalties import worlds
from tests.consent.royalties.worlds import ANNA, BORA, CEM

DAY = date(2026, 12, 15)
PAYER = Payee("Plant", "DE68210501700012345678")
IBAN = "AT611904300234573201"
PAYEES = {ANNA: Payee("Worker One", IBAN), BORA: Payee("Łódź Ñandú", IBAN), CEM: Payee("Worker 3", IBAN)}
NAMESPACE = {"p": f"urn:iso:std:iso:20022:tech:xsd:{SCHEMA}"}


def payouts(amount=100_01):
    journal = worlds.journal_of(worlds.use(amount=amount))
    return plan_run(journal, "ab" * 16, "EUR", 0, 5000, draw_salt=worlds.salt).payouts


def texts(content, path):
    return [found.text for found in ET.fromstring(content).iterfind(f".//p:{path}", NAMESPACE)]  # noqa: S314


def test_each_payout_is_a_transfer_and_the_sums_are_the_runs():
    some = payouts()
    content = payment_file(some, PAYEES, PAYER, DAY, "Motion royalties")
    assert texts(content, "InstdAmt") == [f"{one.amount // 100}.{one.amount % 100:02}" for one in some]
    assert texts(content, "EndToEndId") == [one.payout for one in some]
    assert set(texts(content, "CtrlSum")) == {"70.01"}
    assert set(texts(content, "NbOfTxs")) == {"3"}
    assert set(texts(content, "ReqdExctnDt/p:Dt")) == {"2026-12-15"}
    assert set(texts(content, "Ustrd")) == {"Motion royalties"}
    assert sorted(texts(content, "Cdtr/p:Nm")) == ["Lodz Nandu", "Worker 3", "Worker One"]


def test_the_same_payouts_make_the_same_message_and_others_another():
    """So a bank notices a file that it has had."""
    some = payouts()
    known = [
        texts(payment_file(one, PAYEES, PAYER, DAY, "x"), "MsgId") for one in (some, some[::-1], some[:1])
    ]
    assert known[0] == known[1] != known[2]


def test_the_payers_bank_is_named_or_said_not_to_be():
    plain = payment_file(payouts(), PAYEES, PAYER, DAY, "x")
    assert texts(plain, "DbtrAgt/p:FinInstnId/p:Othr/p:Id") == ["NOTPROVIDED"]
    named = payment_file(payouts(), PAYEES, PAYER, DAY, "x", bic="NOLADE21KIE")
    assert texts(named, "DbtrAgt/p:FinInstnId/p:BICFI") == ["NOLADE21KIE"]
    assert texts(named, "DbtrAgt/p:FinInstnId/p:Othr/p:Id") == []
    with pytest.raises(BadInput, match="not a BIC"):
        payment_file(payouts(), PAYEES, PAYER, DAY, "x", bic="NOLADE")


def test_every_file_is_checked_against_the_schema(monkeypatch):
    """A name that is empty all the same: the schema stops it, and the error repeats nothing."""
    monkeypatch.setattr("storage.exports.pain001.latin", lambda text, length: "")
    with pytest.raises(BadInput, match="does not fit its schema") as caught:
        payment_file(payouts(), PAYEES, PAYER, DAY, "x")
    assert caught.value.__cause__ is None
    assert IBAN not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param({"payees": {ANNA: PAYEES[ANNA]}}, "2 missing", id="a payee is missing"),
        pytest.param({"payouts": ()}, "nothing is paid", id="nothing to pay"),
        pytest.param({"payouts": payouts(LARGEST * 10)}, "cannot be transferred", id="too much"),
        pytest.param({"payer": Payee("Plant", "DE00")}, "IBAN", id="the payer's account is wrong"),
        pytest.param({"payees": dict.fromkeys(PAYEES, Payee("x", "DE00"))}, "IBAN", id="a payee's is wrong"),
    ],
)
def test_what_cannot_be_paid_is_refused_whole(change, reason):
    values = {"payouts": payouts(), "payees": PAYEES, "payer": PAYER, "day": DAY, "purpose": "x"}
    with pytest.raises(BadInput, match=reason):
        payment_file(**{**values, **change})


def test_another_currency_is_refused():
    from dataclasses import replace

    with pytest.raises(BadInput, match="euros"):
        payment_file([replace(payouts()[0], currency="CHF")], PAYEES, PAYER, DAY, "x")


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("Müller & Söhne", "Mueller . Soehne"),
        ("Łucja Ångström-Þór", "Lucja Angstroem-Thor"),
        ("<CdtTrfTxInf>", ".CdtTrfTxInf."),
        ("a\nb\tc", "a b c"),
        ("😀", "."),
        ("", "."),
        ("x" * 200, "x" * 70),
    ],
)
def test_names_are_spelled_in_letters_of_sepa(name, spelled):
    assert latin(name, 70) == spelled


@settings(deadline=None, max_examples=25)
@given(st.text(max_size=100), st.text(max_size=200))
def test_hostile_names_make_a_valid_file_with_as_many_transfers(name, purpose):
    payees = dict.fromkeys(PAYEES, Payee(name, IBAN))
    content = payment_file(payouts(), payees, Payee(name, PAYER.iban), DAY, purpose)
    assert len(texts(content, "CdtTrfTxInf")) == 3
    assert texts(content, "IBAN").count(IBAN) == 3
