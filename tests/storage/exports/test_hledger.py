"""An independent program adds the journal up, and gets the same balances."""

import csv
import io
import shutil
import subprocess
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings

from storage.exports.hledger import place_of, plain_journal
from tests.consent.royalties import worlds
from tests.consent.royalties.worlds import ANNA

BERLIN = ZoneInfo("Europe/Berlin")


def test_a_use_as_text():
    journal = worlds.journal_of(worlds.use(spans=worlds.segments((ANNA, 1000))), at_ms=1_795_993_200_000)
    entry = journal.entries[0]
    assert plain_journal(journal.entries[:1], BERLIN) == (
        f"2026-11-30 * ({entry.entry}) accrued, use {entry.use}, log index 7\n"
        "    assets:receivable:Robotics_buyer  70.01 EUR\n"
        f"    liabilities:worker:{ANNA}  -70.01 EUR\n\n"
    )


@pytest.mark.parametrize(
    ("licensee", "place"),
    [
        ("A:B", "assets:receivable:A~3a~B"),
        ("two  spaces", "assets:receivable:two__spaces"),
        ("(x) ; y", "assets:receivable:~28~x~29~_~3b~_y"),
        ("Größe", "assets:receivable:Größe"),
        ("two_spaces", "assets:receivable:two~5f~spaces"),
    ],
)
def test_names_mean_nothing_to_the_program(licensee, place):
    assert place_of(f"receivable:{licensee}") == place


@pytest.mark.skipif(shutil.which("hledger") is None, reason="hledger is not installed (Debian: hledger)")
@settings(deadline=None, max_examples=12, suppress_health_check=list(HealthCheck))
@given(worlds.histories())
def test_hledger_gets_the_same_balances(history):
    journal, _, _ = history
    expected = {
        place_of(account): Decimal(amount) / 100
        for (account, _), amount in journal.balances().items()
        if amount
    }
    assert balances(plain_journal(journal.entries, BERLIN)) == expected


@pytest.mark.skipif(shutil.which("hledger") is None, reason="hledger is not installed (Debian: hledger)")
@pytest.mark.parametrize("licensee", ["A:B", "a  b", ";x", "(x)", "[x]", "* x", "a = b", "{1}", "@ 3", "Ü|ß"])
def test_hledger_reads_hostile_names(licensee):
    journal = worlds.journal_of(worlds.use(licensee=licensee))
    found = balances(plain_journal(journal.entries, BERLIN))
    assert found[place_of(f"receivable:{licensee}")] == Decimal("100.01")


def balances(text):
    """Return what hledger computes, by account."""
    done = subprocess.run(
        ["hledger", "-f", "-", "balance", "--flat", "--no-total", "-O", "csv"],  # noqa: S607
        input=text,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin:/usr/local/bin"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    return {
        row["account"]: Decimal(row["balance"].removesuffix(" EUR").replace(",", ""))
        for row in rows
        if row["balance"] != "0"
    }
