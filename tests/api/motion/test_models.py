"""Exports are for whoever asked; models name uses, and those that a withdrawal concerns say so."""

import json

import pytest

from api.policy import Role
from tests.api.plant import is_problem

HASH = "ab" * 32


@pytest.fixture
def sold(plant):
    """Anna's motion was licensed to one of two buyers."""
    plant.anna = plant.colleague().opts_in()
    plant.anna.moves(30)
    plant.buyer, plant.other = plant.licensee(), plant.licensee()
    plant.use = plant.buys(plant.buyer)["use"]
    assert plant.decides(plant.use).status_code == 200
    plant.keeper.turn()
    return plant


def register(plant, headers, **changes):
    body = {"name": "reach 1", "sha256": HASH, "uses": [plant.use], **changes}
    return plant.ask("POST", "/v1/motion/models", headers=headers, json=body)


def test_an_export_is_for_its_buyer_alone(sold):
    """The plant's engineers neither: workers who license have not consented to the plant's training."""
    path = f"/v1/motion/uses/{sold.use}/export.zip"
    assert sold.ask("GET", path, headers=sold.buyer).status_code == 200
    for headers in (sold.other, sold.person(Role.ENGINEER)):
        is_problem(sold.ask("GET", path, headers=headers), 404, "not-found")
    for role in (Role.MANAGER, Role.COUNCIL, Role.ADMINISTRATOR):
        assert sold.ask("GET", path, headers=sold.person(role)).status_code == 403


def test_a_bill_of_materials_says_what_was_trained_before_a_withdrawal(sold):
    assert register(sold, sold.buyer).status_code == 201
    is_problem(register(sold, sold.buyer), 409, "conflict")  # it stays as it was reported
    is_problem(register(sold, sold.other, sha256="cd" * 32), 409, "conflict")  # not its use
    [model] = sold.ask("GET", "/v1/motion/models", headers=sold.buyer).json()["models"]
    assert (model["standing"], model["withdrawn"]) == (None, [])
    sold.later(60_000)
    sold.anna.withdraws()
    sold.keeper.turn()
    for headers in (sold.buyer, sold.person(Role.COUNCIL), sold.person(Role.MANAGER)):
        [model] = sold.ask("GET", "/v1/motion/models", headers=headers).json()["models"]
        assert (model["standing"], model["withdrawn"]) == ("trained before withdrawal", [sold.use])
    answer = sold.ask("GET", "/v1/motion/models/bom.json", headers=sold.buyer)
    assert answer.headers["content-type"] == "application/vnd.cyclonedx+json"
    bom = answer.json()
    known = {one["bom-ref"]: one for one in bom["components"]}
    said = {(one["name"], one["value"]) for one in known[f"model-{HASH}"]["properties"]}
    assert ("fairtakt:standing", "trained before withdrawal") in said
    assert known[f"use-{sold.use}"]["hashes"]
    assert sold.anna.name not in json.dumps(bom)
    empty = sold.ask("GET", "/v1/motion/models/bom.json", headers=sold.other).json()
    assert empty["components"] == []


def test_a_licensee_is_told_nothing_of_another_whose_motion_trained_the_same_model(sold):
    """The plant registers a model of two licences; each sees its own half, the plant and the council both."""
    theirs = sold.buys(sold.other)["use"]
    assert sold.decides(theirs).status_code == 200
    sold.keeper.turn()
    engineer = sold.person(Role.ENGINEER)
    assert register(sold, engineer, uses=[sold.use, theirs]).status_code == 201
    sold.later(60_000)
    sold.anna.withdraws()
    sold.keeper.turn()
    seen_by = [(sold.buyer, [sold.use]), (sold.other, [theirs])]
    seen_by += [(who, [sold.use, theirs]) for who in (engineer, sold.person(Role.COUNCIL))]
    for headers, seen in seen_by:
        [model] = sold.ask("GET", "/v1/motion/models", headers=headers).json()["models"]
        assert (model["uses"], model["withdrawn"]) == (seen, seen)
        page = sold.ask("GET", "/motion", headers={**headers, "Accept": "text/html"}).text
        bom = sold.ask("GET", "/v1/motion/models/bom.json", headers=headers).json()
        data_sets = {one["bom-ref"] for one in bom["components"] if one["type"] == "data"}
        assert data_sets == {f"use-{use}" for use in seen}
        for hidden in {sold.use, theirs} - set(seen):
            assert hidden not in page
            assert hidden not in json.dumps(bom)


def test_a_model_that_cannot_be_is_refused(sold):
    for change in ({"name": ""}, {"sha256": "AB" * 32}, {"uses": []}, {"uses": ["x"]}, {"author": "x"}):
        is_problem(register(sold, sold.buyer, **change), 422, "invalid")
    for change in ({"name": "two\nlines"}, {"uses": ["0" * 32]}):
        is_problem(register(sold, sold.buyer, **change), 409, "conflict")
    assert sold.ask("GET", "/v1/motion/models", headers=sold.buyer).json() == {"models": []}
