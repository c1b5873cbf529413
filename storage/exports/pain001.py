"""A payout run as a SEPA credit transfer that a bank takes in: ISO 20022 pain.001.001.09.

The file is made and checked against its schema by `sepaxml`. That library replaces letters that SEPA does
not know by Latin ones; what is left that SEPA does not know becomes a dot here. The end-to-end reference of
each transfer is the payout's identifier, which stands in the log and in the worker's statement.

A payment file holds names and accounts: it is made for the moment, and belongs into no backup.
"""

import hashlib
import re
import unicodedata
import xml.etree.ElementTree as ET  # to write; nothing is read
from collections.abc import Mapping, Sequence
from datetime import date

from consent.royalties.payout import Payout
from productivity.errors import BadInput, MissingExtra
from storage.payout.iban import parse_iban
from storage.payout.payees import Payee

try:
    from sepaxml import SepaTransfer  # type: ignore[import-untyped]
    from sepaxml.validation import ValidationError  # type: ignore[import-untyped]
except ImportError:
    raise MissingExtra("server", "sepaxml") from None

SCHEMA = "pain.001.001.09"
CURRENCY = "EUR"
"""SEPA transfers nothing else."""
LARGEST = 99_999_999_999
"""Cents of one transfer: EPC132-08, section 1.4, AT-04."""
_NAME, _PURPOSE = 70, 140
_LETTERS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ẞ": "SS"}
    | {"æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ø": "o", "Ø": "O", "þ": "th", "Þ": "Th"}
    | {"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ı": "i"}
)
"""Letters that are more than a letter with a mark; umlauts as EPC217-08 recommends."""
_BIC = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?", re.ASCII)
_UNKNOWN = re.compile(r"[^A-Za-z0-9/?:().,'+ -]")
"""What is not of the SEPA character set: EPC217-08, section 1."""


def payment_file(
    payouts: Sequence[Payout],
    payees: Mapping[str, Payee],
    payer: Payee,
    day: date,
    purpose: str,
    *,
    bic: str | None = None,
) -> bytes:
    """Return the XML file that pays a run on a day.

    `purpose` is what every bank statement shows, such as "Motion royalties"; `bic` is that of the payer's
    bank. The message's identifier follows from the payouts, so that a bank notices a file that it has had.
    Raises `BadInput`: for another currency, for a payee who is not known (nobody is left out in silence), and
    if there is nothing to pay.
    """
    if not payouts:
        raise BadInput("nothing is paid out", expected="a run with at least one payout")
    if any(one.currency != CURRENCY for one in payouts):
        raise BadInput("SEPA transfers euros", expected=CURRENCY)
    if any(not 0 < one.amount <= LARGEST for one in payouts):
        raise BadInput("amount cannot be transferred", expected=f"1 to {LARGEST} cents")
    if missing := sum(one.pseudonym not in payees for one in payouts):
        raise BadInput("payees are missing in the payout table", expected="all", found=f"{missing} missing")
    if bic is not None and _BIC.fullmatch(bic) is None:
        raise BadInput("not a BIC", expected="8 or 11 letters and digits")
    transfer = _Transfer(
        {
            "name": latin(payer.name, _NAME),
            "IBAN": parse_iban(payer.iban),
            "currency": CURRENCY,
            "batch": True,
        }
        | ({} if bic is None else {"BIC": bic}),
        [one.payout for one in payouts],
    )
    for one in payouts:
        payee = payees[one.pseudonym]
        transfer.add_payment(
            {
                "name": latin(payee.name, _NAME),
                "IBAN": parse_iban(payee.iban),
                "amount": one.amount,
                "execution_date": day,
                "description": latin(purpose, _PURPOSE),
                "endtoend_id": one.payout,
            }
        )
    try:
        return bytes(transfer.export(validate=True))
    except ValidationError:
        # Its text and its cause hold names and accounts.
        raise BadInput("payment file does not fit its schema", expected=SCHEMA) from None


class _Transfer(SepaTransfer):  # type: ignore[misc]  # sepaxml has no types
    """A transfer whose message is known by what it pays, from a bank that may be told by its IBAN alone."""

    def __init__(self, config: dict[str, object], payouts: Sequence[str]) -> None:
        self._payouts = payouts
        super().__init__(config, schema=SCHEMA, clean=False)  # `latin` has spelled everything

    def _create_header(self) -> None:
        self.msg_id = hashlib.sha256("\n".join(sorted(self._payouts)).encode()).hexdigest()[:32]
        super()._create_header()

    def _create_PmtInf_node(self) -> dict[str, ET.Element]:  # noqa: N802  # overrides sepaxml
        nodes: dict[str, ET.Element] = super()._create_PmtInf_node()
        if "BIC_DbtrAgt_Node" not in nodes:  # an empty element fits the schema, but no bank's rules
            other = ET.SubElement(nodes["FinInstnId_DbtrAgt_Node"], "Othr")
            ET.SubElement(other, "Id").text = "NOTPROVIDED"
        return nodes


def latin(text: str, length: int) -> str:
    """Return text in the letters of SEPA, not longer; never empty."""
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", text).translate(_LETTERS))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    spelled = _UNKNOWN.sub(".", " ".join(plain.split()))
    return spelled[:length].strip() or "."
