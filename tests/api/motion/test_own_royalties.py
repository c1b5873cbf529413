"""Royalties at the kiosk: a token shows its own worker's balance, statements and disputes, and no other's."""

import io
import json
import zipfile

import pytest

from api.policy import Role
from cli.royalty_books import royalties_in_log
from consent.log.proof import check_proof, parse_proof
from consent.royalties.disputes import DisputeReason
from consent.royalties.payout import opens, plan_run
from storage.sql.disputes import open_disputes
from storage.sql.royalties import keep_run, whole_journal
from tests.api.plant import is_problem

YEAR = {"from": "2027-01-01", "to": "2027-12-31", "language": "en", "form": "json"}


@pytest.fixture
def paid(plant):
    """Anna has moved for 90 s and Ben for 45; all of it was licensed and booked."""
    plant.anna, plant.ben = plant.colleague().opts_in(), plant.colleague().opts_in()
    plant.anna.moves(60, 30)
    plant.ben.moves(45)
    plant.buyer = plant.licensee()
    plant.use = plant.buys(plant.buyer)["use"]
    assert plant.decides(plant.use).status_code == 200
    plant.keeper.turn()
    return plant


def own(worker):
    answer = worker.ask("/v1/royalties/own")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_each_sees_the_own_part_and_nothing_of_the_other(paid):
    anna, ben = own(paid.anna), own(paid.ben)
    assert anna["balances"] == [{"currency": "EUR", "digits": 2, "owed": 70, "outstanding": 70, "earned": 70}]
    [line] = anna["bookings"]
    assert (line["use"], line["amount"], line["milliseconds"]) == (paid.use, 70, 90_000)
    assert line["open_to_dispute"] is True
    assert [one["amount"] for one in ben["bookings"]] == [35]
    assert paid.ben.name not in json.dumps(anna)
    assert line["booking"] not in json.dumps(ben)


def test_nothing_booked_is_an_answer_and_a_statement_too(plant):
    somebody = plant.colleague()
    assert own(somebody) == {"balances": [], "bookings": [], "disputes": []}
    told = somebody.ask("/v1/royalties/own/statement", **YEAR)
    assert told.status_code == 200, told.text
    assert (told.json()["closing"], told.json()["uses"], told.json()["currency"]) == (0, [], "EUR")


def test_a_statement_adds_up_in_every_form(paid):
    told = paid.anna.ask("/v1/royalties/own/statement", **YEAR)
    assert (told.json()["opening"], told.json()["closing"]) == (0, 70)
    page = paid.anna.ask("/v1/royalties/own/statement", **{**YEAR, "form": "html", "language": "de"})
    assert page.headers["content-disposition"] == 'attachment; filename="statement.html"'
    assert "0,70 EUR" in page.text
    assert paid.ben.name not in page.text
    pdf = paid.anna.ask("/v1/royalties/own/statement", **{**YEAR, "form": "pdf"})
    assert pdf.content.startswith(b"%PDF-")
    before = paid.anna.ask(
        "/v1/royalties/own/statement", **{**YEAR, "from": "2026-01-01", "to": "2026-12-31"}
    )
    assert (before.json()["closing"], before.json()["uses"]) == (0, [])


def test_a_statement_with_proofs_is_checked_without_the_plant(paid):
    told, archive = _zipped(paid.anna)
    [use] = told["uses"]
    proof = parse_proof(archive.read(use["proof"]).decode())
    entry = archive.read(use["proof"].replace(".tlog-proof", ".json"))
    world = paid.consented.world
    check_proof(proof, entry, world.log.verifier, required=[world.witness.verifier])
    assert proof.index == use["log_index"]
    assert json.loads(entry)["body"]["use"] == paid.use


def _zipped(worker):
    told = worker.ask("/v1/royalties/own/statement", **{**YEAR, "form": "zip"})
    assert told.status_code == 200, told.text
    archive = zipfile.ZipFile(io.BytesIO(told.content))
    return json.loads(archive.read("statement.json")), archive


def test_a_worker_can_open_what_the_log_says_of_a_payment(paid, tmp_path):
    run = plan_run(
        whole_journal(paid.database), "ab" * 16, "EUR", 0, paid.consented.now_ms, draw_salt=lambda: b"s" * 32
    )
    keep_run(paid.database, run)
    paid.keeper.turn()
    [payment] = _zipped(paid.anna)[0]["payments"]
    assert payment["receipt"]["proof"] is None, "not co-signed yet: within a minute, and not waited for"
    paid.decides(paid.buys(paid.buyer)["use"])
    paid.keeper.turn()  # a use is co-signed at once, and all before it
    told, archive = _zipped(paid.anna)
    [payment] = told["payments"]
    receipt = payment["receipt"]
    entry = archive.read(receipt["proof"].replace(".tlog-proof", ".json"))
    world = paid.consented.world
    proof = parse_proof(archive.read(receipt["proof"]).decode())
    check_proof(proof, entry, world.log.verifier, required=[world.witness.verifier])
    said = json.loads(entry)["body"]
    assert said["payout"] == payment["payout"]
    assert opens(said["commitment"], receipt["content"], bytes.fromhex(receipt["salt"]))
    assert json.loads(receipt["content"])["amount"] == payment["amount"] == 70
    assert paid.ben.name not in receipt["content"]
    key = tmp_path / "log.vkey"
    key.write_text(f"{world.log.verifier}\n", encoding="utf-8")
    log = royalties_in_log(paid.consented.plant.root, key)
    assert {body.payout for body, _ in log.paid} == {one.payout for one in run.payouts}
    shares = {key for key, one in whole_journal(paid.database).bookings.items() if one.share is not None}
    assert log.booked == shares


def test_a_statement_that_cannot_be_is_refused_without_repeating_it(paid):
    for change in (
        {"from": "2027-13-01"},
        {"from": "0001-01-01"},
        {"to": "9999-12-31"},
        {"form": "xlsx"},
        {"language": "fr"},
        {"currency": "euro"},
        {"pseudonym": "w-of-somebody-else"},
    ):
        answer = paid.anna.ask("/v1/royalties/own/statement", **{**YEAR, **change})
        is_problem(answer, 422, "invalid")
        assert next(iter(change.values())) not in answer.text
    backwards = paid.anna.ask("/v1/royalties/own/statement", **{**YEAR, "to": "2026-12-01"})
    is_problem(backwards, 409, "conflict")


def test_a_dispute_is_kept_once_and_shown_to_its_worker(paid):
    [line] = own(paid.anna)["bookings"]
    said = {"booking": line["booking"], "reason": DisputeReason.TIME.value}
    made = paid.anna.ask("/v1/royalties/own/dispute", **said)
    assert made.status_code == 201, made.text
    assert (made.json()["reason"], made.json()["answer"]) == (DisputeReason.TIME.value, None)
    is_problem(paid.anna.ask("/v1/royalties/own/dispute", **said), 409, "conflict")
    [kept] = open_disputes(paid.database)
    assert (kept.pseudonym, kept.booking) == (paid.anna.name, line["booking"])
    after = own(paid.anna)
    assert [one["dispute"] for one in after["disputes"]] == [kept.dispute]
    assert after["bookings"][0]["open_to_dispute"] is False
    assert own(paid.ben)["disputes"] == []


def test_nobody_disputes_what_is_booked_to_another(paid):
    [line] = own(paid.anna)["bookings"]
    said = {"booking": line["booking"], "reason": DisputeReason.AMOUNT.value}
    foreign = paid.ben.ask("/v1/royalties/own/dispute", **said)
    unknown = paid.ben.ask("/v1/royalties/own/dispute", **{**said, "booking": "0" * 32})
    is_problem(foreign, 409, "conflict")
    assert foreign.json() == unknown.json()  # nobody finds out which bookings there are
    assert open_disputes(paid.database) == []


def test_a_reason_is_one_of_the_list(paid):
    [line] = own(paid.anna)["bookings"]
    for reason in ("", "my neighbour said so", None, 7):
        answer = paid.anna.ask("/v1/royalties/own/dispute", booking=line["booking"], reason=reason)
        is_problem(answer, 422, "invalid")
    assert open_disputes(paid.database) == []


def test_only_a_terminal_asks_and_only_with_a_token(paid):
    token = paid.anna.secret.spell()
    headers = {role: paid.person(role) for role in set(Role) - {Role.WORKER}}
    for path, more in (("", {}), ("/statement", YEAR), ("/dispute", {"booking": "0" * 32})):
        for role, one in headers.items():
            body = {"token": token, **more}
            answer = paid.ask("POST", f"/v1/royalties/own{path}", headers=one, json=body)
            assert answer.status_code == 403, role
        wrong = paid.ask(
            "POST",
            f"/v1/royalties/own{path}",
            headers=paid.viewers.headers(paid.kiosk),
            json={"reason": DisputeReason.TIME.value, **more, "token": "not a token"}
            if path == "/dispute"
            else {**more, "token": "not a token"},
        )
        is_problem(wrong, 422, "invalid")
        assert "not a token" not in wrong.text


def test_guessing_is_slowed_down(plant):
    assert [plant.colleague().ask("/v1/royalties/own").status_code for _ in range(40)][-1] == 429


def test_what_is_owed_outlives_a_withdrawal(paid):
    paid.anna.withdraws()
    paid.keeper.turn()
    assert own(paid.anna)["balances"][0]["owed"] == 70
