"""`fairtakt royalties`: from a CSV with accounts to the bank's file, statements and the journal."""

import json
from pathlib import Path

import pytest
from sqlalchemy import insert
from typer.testing import CliRunner

pytest.importorskip("alembic", reason="the extra server is not installed")
pytest.importorskip("sepaxml", reason="the extra server is not installed")

from capture.yaml_document import read_document
from cli import royalties as command
from cli import royalty_disputes
from cli.main import application
from cli.royalty_books import Said
from consent.agreement.form import agreement_hash
from consent.agreement.schema import Agreement
from consent.agreement.vocabulary import MotionPurpose, RoyaltyUnit
from consent.royalties.booking import book
from consent.royalties.disputes import DisputeReason, Outcome, open_dispute
from consent.royalties.price import price
from productivity.errors import BadInput
from storage.sql.database import Database
from storage.sql.devices import add_code
from storage.sql.disputes import find_dispute, keep_dispute
from storage.sql.royalties import (
    keep_bookings,
    payouts_of_run,
    prices_of_use,
    runs,
    unlogged,
    whole_journal,
)
from storage.sql.tables import restoration
from tests.consent.royalties import worlds
from tests.consent.royalties.worlds import ANNA, BORA, CEM

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "agreement" / "agreement.yaml"
NOW = 1_795_993_200_000
"""Midnight of 30 November 2026 in Berlin."""
IBAN = "DE68210501700012345678"


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A plant with a use under the example's agreement: 250.00 EUR, of it 75.00, 50.00 and 50.00 owed."""
    monkeypatch.setattr(command, "now_ms", lambda: NOW)
    monkeypatch.setattr(royalty_disputes, "now_ms", lambda: NOW)
    agreement = read_document(EXAMPLE, Agreement, "works agreement")
    hours = price(agreement, MotionPurpose.LICENSING, RoyaltyUnit.MOTION_HOUR, 22_500_000)
    use = worlds.use(price=hours)
    with Database(f"sqlite:///{tmp_path}/plant.db") as database:
        add_code(database, "north", "Europe/Berlin", hours=1, at_ms=0)
        keep_bookings(database, use, book(use, agreement.royalties, NOW - 1000))
    for name in ("secure", "payout"):
        (tmp_path / name).mkdir()
    rows = [f"{one};Payee {number};{IBAN}" for number, one in enumerate((ANNA, BORA), 1)]
    (tmp_path / "payees.csv").write_text("\n".join(["pseudonym;name;iban", *rows]), encoding="utf-8")
    return tmp_path


@pytest.fixture
def run(place):
    """Run a command; return what it prints."""

    def call(*words):
        done = CliRunner().invoke(application("royalties"), ["royalties", *map(str, words)])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == 0, done.output
        return done.output

    return call


@pytest.fixture
def options(place, run):
    """Options that most commands need; the payout table is filled."""
    table = ["--table", place / "payout" / "payees", "--key", place / "secure" / "payout.key"]
    run("new-key", place / "secure" / "payout.key")
    assert "2 payees, 2 of them new" in run("payees", place / "payees.csv", *table)
    return table


def paying(place, out="payment.xml", agreement=EXAMPLE):
    bank = ["--payer", "Plant", "--iban", IBAN, "--day", "2026-12-15", "--out", place / out]
    return [*bank, "--database", f"sqlite:///{place}/plant.db", "--agreement", agreement]


def test_workers_with_an_account_are_paid_and_the_others_keep_their_claim(place, run, options):
    output = run("pay", *options, *paying(place))
    assert "2 payouts, 125.00 EUR" in output
    assert f"{CEM}: 50.00 EUR carried over, no bank account is known" in output
    assert "Payee" not in output
    assert IBAN not in output
    content = (place / "payment.xml").read_text(encoding="utf-8")
    assert "<CtrlSum>125.00</CtrlSum>" in content
    assert (place / "payment.xml").stat().st_mode & 0o077 == 0
    with Database(f"sqlite:///{place}/plant.db") as database:
        journal = whole_journal(database)
        assert [journal.owed(one, "EUR") for one in (ANNA, BORA, CEM)] == [0, 0, 50_00]
        assert len(unlogged(database)[2]) == 2  # the server's log will hear of them


def test_a_second_run_pays_nobody_twice(place, run, options):
    run("pay", *options, *paying(place))
    assert "nobody is paid" in run("pay", *options, *paying(place, "second.xml"))
    assert not (place / "second.xml").exists()


def test_a_lost_file_is_written_again_and_nothing_is_booked(place, run, options):
    run("pay", *options, *paying(place))
    with Database(f"sqlite:///{place}/plant.db") as database:
        ((number, _),) = runs(database)
        before = whole_journal(database).entries
    again = paying(place, "again.xml")[:-2]
    assert "2 of 2 payouts" in run("transfers", number, *options, *again, "--whole")
    references = [
        [part.split("<")[0] for part in (place / name).read_text(encoding="utf-8").split("<EndToEndId>")[1:]]
        for name in ("payment.xml", "again.xml")
    ]
    assert references[0] == references[1]
    one = [*paying(place, "one.xml")[:-2], "--only", references[0][1]]
    assert "1 of 2 payouts" in run("transfers", number, *options, *one)
    content = (place / "one.xml").read_text(encoding="utf-8")
    assert references[0][1] in content
    assert references[0][0] not in content
    with Database(f"sqlite:///{place}/plant.db") as database:
        assert whole_journal(database).entries == before
    with pytest.raises(BadInput, match="no such payout run"):
        run("transfers", "0" * 32, *options, *paying(place, "none.xml")[:-2], "--whole")
    for wrong, reason in ([], "--only PAYOUT"), (["--only", "0" * 32], "no such payout in this run"):
        with pytest.raises(BadInput, match=reason):
            run("transfers", number, *options, *paying(place, "none.xml")[:-2], *wrong)
    assert not (place / "none.xml").exists()


def test_after_a_restore_nobody_is_paid_again(place, run, options, monkeypatch):
    """The books are as before the run; the log knows it."""
    before = (place / "plant.db").read_bytes()
    run("pay", *options, *paying(place))
    with Database(f"sqlite:///{place}/plant.db") as database:
        ((number, at_ms),) = runs(database)
        logged = tuple((one.body, at_ms) for one in payouts_of_run(database, number))
    for name in ("plant.db-wal", "plant.db-shm"):
        (place / name).unlink(missing_ok=True)
    (place / "plant.db").write_bytes(before)
    with Database(f"sqlite:///{place}/plant.db") as database, database.writing() as connection:
        connection.execute(insert(restoration).values(taken_ms=1, restored_ms=2, last_batch=0))
    with pytest.raises(BadInput, match="came from a backup"):
        run("pay", *options, *paying(place, "again.xml"))
    with pytest.raises(BadInput, match="or neither"):
        run("pay", *options, *paying(place, "again.xml"), "--plant", place)
    told = Said(frozenset({"e" * 32}), logged)
    monkeypatch.setattr(command, "royalties_in_log", lambda plant, key: told)
    output = run("pay", *options, *paying(place, "again.xml"), "--plant", place, "--log-key", place / "k")
    assert "2 bookings were paid already, as the log says" in output
    assert "1 bookings of the log are not in these books" in output
    assert "nobody is paid" in output
    assert not (place / "again.xml").exists()
    with Database(f"sqlite:///{place}/plant.db") as database:
        journal = whole_journal(database)
        assert [journal.owed(one, "EUR") for one in (ANNA, BORA, CEM)] == [0, 0, 50_00]
        assert unlogged(database)[2] == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(["--iban", "DE00"], "IBAN", id="the payer's account is wrong"),
        pytest.param(["--day", "15.12.2026"], "not a day", id="no day"),
        pytest.param(["--day", "2026-11-28"], "day is over", id="a day that is over"),
        pytest.param(["--bic", "bank"], "not a BIC", id="no BIC"),
        pytest.param(["--out", "/nowhere/payment.xml"], "not a new file", id="no place for the file"),
    ],
)
def test_nothing_is_booked_if_the_file_cannot_be_written(place, run, options, change, reason):
    with pytest.raises(BadInput, match=reason):
        run("pay", *options, *paying(place), *change)
    with Database(f"sqlite:///{place}/plant.db") as database:
        assert runs(database) == []


def test_an_agreement_that_priced_nothing_is_refused(place, run, options):
    other = place / "other.yaml"
    other.write_text(
        EXAMPLE.read_text(encoding="utf-8").replace("payout_threshold: 2000", "payout_threshold: 1"),
        encoding="utf-8",
    )
    assert agreement_hash(read_document(other, Agreement, "a")) != agreement_hash(
        read_document(EXAMPLE, Agreement, "a")
    )
    with pytest.raises(BadInput, match="no use was priced"):
        run("pay", *options, *paying(place, agreement=other))


def test_a_statement_of_the_sites_days(place, run):
    database = ["--database", f"sqlite:///{place}/plant.db", "--site", "north"]
    pytest.importorskip("typst", reason="the extra server is not installed")
    november = ["--first", "2026-11-01", "--last", "2026-11-29", "--out", place / "november"]
    assert "closing balance 75.00 EUR" in run("statement", ANNA, *november, *database)
    assert sorted(path.name for path in (place / "november").iterdir()) == [
        "statement.de.html",
        "statement.de.pdf",
        "statement.en.html",
        "statement.en.pdf",
        "statement.json",
    ]
    value = json.loads((place / "november" / "statement.json").read_text(encoding="utf-8"))
    assert [one["part"] for one in value["uses"]] == [75_00]
    december = ["--first", "2026-11-30", "--last", "2026-12-31", "--out", place / "december"]
    run("statement", ANNA, *december, *database)
    value = json.loads((place / "december" / "statement.json").read_text(encoding="utf-8"))
    assert (value["opening"], value["uses"]) == (75_00, [])


def test_the_journal_is_written_and_payees_forgotten(place, run, options):
    output = run(
        "journal", "--site", "north", "--database", f"sqlite:///{place}/plant.db", "--out", place / "j"
    )
    assert "5 entries" in output
    assert (place / "j").read_text(encoding="utf-8").startswith("2026-11-29 * (")
    assert "1 forgotten" in run("forget", ANNA, CEM, *options)


def disputed(place):
    """Anna says that a booking of hers is wrong; return the dispute."""
    with Database(f"sqlite:///{place}/plant.db") as database:
        journal = whole_journal(database)
        booking = next(key for key, one in journal.bookings.items() if one.share == ("worker", ANNA))
        made = open_dispute(journal, "d" * 32, booking, ANNA, DisputeReason.TIME, NOW - 500)
        keep_dispute(database, made)
    return made


def test_a_dispute_is_rejected_with_a_reason(place, run):
    made = disputed(place)
    options = ["--database", f"sqlite:///{place}/plant.db"]
    assert f"{made.dispute}: booking {made.booking} of {ANNA}: the time is not right" in run(
        "dispute", "list", *options
    )
    for wrong, match in (
        (["--reject", "because"], "unknown reason"),
        (["--reject", "as-logged", "--quantity", "1"], "changes nothing"),
        (["--correct"], "follows from the agreement"),
        (["--correct", "--agreement", EXAMPLE], "nothing would change"),
        ([], "one answer"),
    ):
        with pytest.raises(BadInput, match=match):
            run("dispute", "answer", made.dispute, *wrong, *options)
    told = run("dispute", "answer", made.dispute, "--reject", "as-logged", *options)
    assert told == "rejected: time and use are as the log says\n"
    assert run("dispute", "list", *options) == "no dispute waits\n"
    with pytest.raises(BadInput, match="has an answer"):
        run("dispute", "answer", made.dispute, "--reject", "as-logged", *options)


def test_a_correction_books_the_whole_use_anew_and_the_log_lacks_it_yet(place, run):
    made = disputed(place)
    options = ["--database", f"sqlite:///{place}/plant.db"]
    half = ["--correct", "--quantity", 11_250_000, "--agreement", EXAMPLE]
    told = run("dispute", "answer", made.dispute, *half, *options)
    assert told == (
        "corrected: 75.00 EUR reversed, 37.50 EUR booked to the worker; the use costs 125.00 EUR\n"
    )
    with Database(f"sqlite:///{place}/plant.db") as database:
        journal = whole_journal(database)
        assert {name: journal.owed(name, "EUR") for name in (ANNA, BORA, CEM)} == {
            ANNA: 3750,
            BORA: 2500,
            CEM: 2500,
        }
        assert sum(journal.balances().values()) == 0
        answer = find_dispute(database, made.dispute).answer
        assert answer.outcome is Outcome.CORRECTED
        _, entries, _ = unlogged(database)
        assert answer.correction in {one.entry for one in entries}


def test_a_segment_that_was_not_theirs_is_left_out(place, run):
    made = disputed(place)
    options = ["--database", f"sqlite:///{place}/plant.db", "--agreement", EXAMPLE]
    with Database(f"sqlite:///{place}/plant.db") as database:
        [priced] = prices_of_use(database, worlds.use().use)
    theirs = [one for one in priced.segments if one.pseudonym == ANNA]
    with pytest.raises(BadInput, match="no such segment"):
        run("dispute", "answer", made.dispute, "--correct", "--leave-out", "ab" * 16, *options)
    left = [word for one in theirs for word in ("--leave-out", one.segment)]
    assert "0.00 EUR booked to the worker" in run(
        "dispute", "answer", made.dispute, "--correct", *left, *options
    )
    with Database(f"sqlite:///{place}/plant.db") as database:
        [_, right] = prices_of_use(database, worlds.use().use)
        assert right.price.quantity == priced.price.quantity - sum(one.ms for one in theirs)
        assert whole_journal(database).owed(ANNA, "EUR") == 0


def test_payees_and_runs_are_listed_without_a_name_or_an_account(place, run, options):
    assert run("known", *options).splitlines() == [*sorted((ANNA, BORA)), "2 payees"]
    books = ["--database", f"sqlite:///{place}/plant.db"]
    assert run("runs", *books) == ""
    run("pay", *options, *paying(place))
    with Database(f"sqlite:///{place}/plant.db") as database:
        ((number, _),) = runs(database)
    assert run("runs", *books) == f"2026-11-29T23:00:00.000Z {number}: 2 payouts, 125.00 EUR\n"
