"""What a model was trained on, as a CycloneDX 1.6 bill of materials (ML-BOM) in JSON.

Source: https://cyclonedx.org/docs/1.6/json/: a component `machine-learning-model` whose model card names data
sets, and a component `data` for each, one per use of motion. Written as plain JSON: `cyclonedx-python-lib` 11
has no model cards; its validator holds the result to the published schema in a test.
"""

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from consent.agreement.vocabulary import MotionPurpose
from consent.entries.times import utc_text
from consent.vault.trained import Affected, TrainedModel, require_known_uses

SPECIFICATION = "1.6"
SCHEMA = "http://cyclonedx.org/schema/bom-1.6.schema.json"


@dataclass(frozen=True, slots=True)
class DataSet:
    """A use of motion as a data set: what the log says of it."""

    use: str
    purpose: MotionPurpose
    terms: str
    """`MotionUsed.terms`."""
    contents: tuple[str, ...] = ()
    """Of its exports; `MotionExported.content`. Empty if none was made yet."""


def bom_bytes(
    models: Sequence[TrainedModel],
    data_sets: Mapping[str, DataSet],
    *,
    at_ms: int,
    affected: Sequence[Affected] = (),
) -> bytes:
    """Return the document for models and the uses that they name; the same input makes the same bytes.

    `data_sets` by use; a use that is not among them is refused with `BadInput`. Models in `affected` say
    which of them a withdrawal concerns, and how they stand to it.
    """
    for model in models:
        require_known_uses(model, data_sets)
    standing = {each.model.sha256: each for each in affected}
    named = sorted({use for model in models for use in model.uses})
    document: dict[str, object] = {
        "$schema": SCHEMA,
        "bomFormat": "CycloneDX",
        "specVersion": SPECIFICATION,
        "version": 1,
        "metadata": {"timestamp": utc_text(at_ms)},
        "components": [
            *(_model(model, standing.get(model.sha256)) for model in models),
            *(_data_set(data_sets[use]) for use in named),
        ],
        "dependencies": [
            *(
                {"ref": _model_ref(model.sha256), "dependsOn": sorted(map(_use_ref, model.uses))}
                for model in models
            ),
            *({"ref": _use_ref(use)} for use in named),
        ],
    }
    content = json.dumps(document, ensure_ascii=False).encode()
    serial = uuid.UUID(bytes=hashlib.sha256(content).digest()[:16], version=4)
    return (
        json.dumps({**document, "serialNumber": serial.urn}, ensure_ascii=False, indent=1) + "\n"
    ).encode()


def _model(model: TrainedModel, concerned: Affected | None) -> dict[str, object]:
    properties = [_property("registered", utc_text(model.registered_ms))]
    if concerned is not None:
        properties.append(_property("standing", concerned.standing.value))
        properties += [_property("withdrawn use", use) for use in concerned.uses]
    return {
        "type": "machine-learning-model",
        "bom-ref": _model_ref(model.sha256),
        "name": model.name,
        "hashes": [_sha256(model.sha256)],
        "modelCard": {"modelParameters": {"datasets": [{"ref": _use_ref(use)} for use in model.uses]}},
        "properties": properties,
    }


def _data_set(data_set: DataSet) -> dict[str, object]:
    use = data_set.use
    component: dict[str, object] = {
        "type": "data",
        "bom-ref": _use_ref(use),
        "name": f"motion-{use}",
        "description": "Motion of workers who opted in, exported for one logged use.",
        "data": [
            {
                "type": "dataset",
                "name": f"motion-{use}",
                "classification": "pseudonymous personal data, treated as biometric",
                "sensitiveData": ["motion of people at work, by which they can be recognised"],
            }
        ],
        "properties": [
            _property("use", use),
            _property("purpose", data_set.purpose.value),
            _property("terms", data_set.terms),
            *(_property("content", content) for content in data_set.contents),
        ],
    }
    if len(data_set.contents) == 1:  # a component is one thing: of several exports none is *the* hash
        component["hashes"] = [_sha256(data_set.contents[0])]
    return component


def _model_ref(sha256: str) -> str:
    return f"model-{sha256}"


def _use_ref(use: str) -> str:
    return f"use-{use}"


def _sha256(content: str) -> dict[str, str]:
    return {"alg": "SHA-256", "content": content}


def _property(name: str, value: str) -> dict[str, str]:
    return {"name": f"fairtakt:{name}", "value": value}
