"""The bill of materials of models, held to CycloneDX's published schema."""

import json

import pytest

from consent.agreement.vocabulary import MotionPurpose
from consent.vault.trained import TrainedModel, affected
from productivity.errors import BadInput
from storage.exports.motion.bom import DataSet, bom_bytes
from tests.storage.exports.motion.sets import CREATED_MS, digits

USES = tuple(digits(word, 32) for word in ("first use", "second use", "third use"))
GRIPPER = TrainedModel("gripper", digits("gripper", 64), USES[:2], CREATED_MS)
PLANNER = TrainedModel("planner <v2>", digits("planner", 64), USES[1:2], CREATED_MS)
SETS = {
    use: DataSet(use, MotionPurpose.LICENSING, digits("terms", 64), contents)
    for use, contents in zip(USES, [(digits("a", 64),), (digits("b", 64), digits("c", 64)), ()], strict=True)
}


def document(models=(GRIPPER, PLANNER), **keys):
    return json.loads(bom_bytes(models, SETS, at_ms=CREATED_MS, **keys))


def test_it_fits_the_published_schema():
    pytest.importorskip("cyclonedx", reason="cyclonedx-python-lib is not installed")
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    validator = JsonStrictValidator(SchemaVersion.V1_6)
    content = bom_bytes([GRIPPER, PLANNER], SETS, at_ms=CREATED_MS).decode()
    assert validator.validate_str(content) is None
    assert validator.validate_str(content.replace('"dataset"', '"motion"')) is not None


def test_each_model_names_the_data_sets_it_was_trained_on():
    found = {each["bom-ref"]: each for each in document()["components"]}
    gripper = found[f"model-{GRIPPER.sha256}"]
    assert gripper["type"] == "machine-learning-model"
    assert gripper["hashes"] == [{"alg": "SHA-256", "content": GRIPPER.sha256}]
    refs = [each["ref"] for each in gripper["modelCard"]["modelParameters"]["datasets"]]
    assert refs == [f"use-{use}" for use in GRIPPER.uses]
    assert all(found[ref]["type"] == "data" for ref in refs)
    assert found[refs[0]]["hashes"] == [{"alg": "SHA-256", "content": digits("a", 64)}]
    assert "hashes" not in found[refs[1]]
    contents = [each["value"] for each in found[refs[1]]["properties"] if each["name"] == "fairtakt:content"]
    assert contents == [digits("b", 64), digits("c", 64)]
    assert f"use-{USES[2]}" not in found


def test_a_withdrawal_shows_at_the_model_that_it_concerns():
    concerned = affected(
        [GRIPPER, PLANNER],
        segments_of={USES[0]: ["s1"], USES[1]: ["s2"]},
        record_of={"s1": "r1", "s2": "r2"},
        withdrawn={"r1": CREATED_MS + 1},
    )
    gripper, planner = document(affected=concerned)["components"][:2]
    said = {each["name"]: each["value"] for each in gripper["properties"]}
    assert said["fairtakt:standing"] == "trained before withdrawal"
    assert said["fairtakt:withdrawn use"] == USES[0]
    assert "fairtakt:standing" not in {each["name"] for each in planner["properties"]}


def test_the_same_models_make_the_same_bytes_and_others_another_serial_number():
    assert document() == document()
    assert document()["serialNumber"] != document([GRIPPER])["serialNumber"]


def test_an_unknown_use_is_refused():
    with pytest.raises(BadInput, match="unknown use"):
        bom_bytes([GRIPPER], {USES[0]: SETS[USES[0]]}, at_ms=CREATED_MS)
