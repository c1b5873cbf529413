"""The consent record: the fields of ISO/IEC TS 27560, the terms of DPV, one spelling, nobody's name."""

import json
import re
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

import consent.grants
from consent.agreement.language import Language
from consent.agreement.vocabulary import MotionPurpose
from consent.canonical import canonical_json
from consent.grants.receipt import ConsentReceipt
from consent.grants.record import ConsentRecord, json_schema, node_text, read_node
from consent.grants.words import notice_hash
from productivity.errors import BadInput

FIELDS = {
    "schema_version",
    "record_id",
    "pii_principal_id",
    "privacy_notice",
    "language",
    "purposes",
    "lawful_basis",
    "pii_information",
    "pii_controllers",
    "collection_method",
    "processing_method",
    "storage_locations",
    "retention_period",
    "recipient_third_parties",
    "withdrawal_method",
    "privacy_rights",
    "jurisdiction",
    "events",
}
EVENT_FIELDS = {"event_time", "validity_duration", "entity_id", "event_type", "event_state"}
DPV = "https://w3id.org/dpv#"


def as_json(node):
    return json.loads(node_text(node))


def expanded(node):
    """Expand JSON-LD; a key without meaning is an error, and so is any look at the network."""
    pyld = pytest.importorskip("pyld.jsonld", reason="PyLD is not installed")

    def no_network(url, options):
        raise AssertionError(url)

    def dropped(key):
        raise AssertionError(f"{key} means nothing")

    options = {"documentLoader": no_network, "on_property_dropped": dropped}
    (document,) = pyld.expand(as_json(node), options)
    return document


def ids(values):
    return [value["@id"] for value in values]


def test_a_record_has_the_fields_of_the_specification(record):
    assert set(as_json(record)) > FIELDS
    for event in as_json(record)["events"]:
        assert set(event) == EVENT_FIELDS


def test_what_was_chosen_stands_in_the_record(record, world):
    value = as_json(record)
    assert value["record_id"] == "0123456789ab4def8123456789abcdef"
    assert value["@id"] == "urn:uuid:01234567-89ab-4def-8123-456789abcdef"
    assert value["stations"] == ["assembly bench"]
    assert [one["identifier"] for one in value["purposes"]] == [
        "training of the plant's models",
        "licensing to third parties",
    ]
    assert value["works_agreement"]["content"] == world.hash
    assert value["privacy_notice"]["content"] == notice_hash(world.agreement, Language.DE)
    assert value["retention_period"]["duration"] == "P180D"
    assert "längstens bis 31.03.2027" in value["retention_period"]["description"]
    assert value["royalty"]["rates"][0] == {
        "amount": 1250,
        "purpose": "training of the plant's models",
        "unit": "motion hour",
    }
    assert record.until == "2027-03-31T22:00:00.000Z"


def test_the_events_are_the_request_and_the_answer(record_of):
    asked, gave = as_json(record_of())["events"]
    assert (asked["event_state"], gave["event_state"]) == ("dpv:ConsentRequested", "dpv:ConsentGiven")
    assert asked["entity_id"] == "_:employer"
    assert asked["validity_duration"] == "2027-03-01T06:59:55.000Z/2027-03-01T07:00:00.000Z"
    assert gave["validity_duration"] == "2027-03-01T07:00:00.000Z/2027-03-31T22:00:00.000Z"
    (renewed,) = as_json(record_of(asked=False))["events"]
    assert renewed["event_state"] == "dpv:RenewedConsentGiven"


def test_only_what_was_chosen_is_done_with_motion(record_of, choice):
    """Nobody receives what is not licensed, and no rate is named for a purpose that was not chosen."""
    own = as_json(record_of(choice=replace(choice, purposes=(MotionPurpose.OWN_REVIEW,))))
    assert own["processing_method"] == ["dpv:Collect", "dpv:Pseudonymise", "dpv:Store", "dpv:Consult"]
    assert own["recipient_third_parties"] == []
    assert own["royalty"]["rates"] == []


def test_an_agreement_without_royalties_promises_none(record_of, world, choice):
    own = replace(choice, purposes=(MotionPurpose.OWN_REVIEW,))
    assert record_of(agreement=world.changed(royalties=None), choice=own).royalty is None


def test_a_record_names_offices_and_no_person(record):
    """Everything in it is a word of ours, of the agreement's offices, or a pseudonym."""
    offices = (record.pii_controllers[0], record.works_agreement.works_council)
    names = {name for one in offices for name in (one.party_name, one.party_contact, one.party_address)}
    assert names == {"plant management", "works council", "assembly cell, hall 2"}
    assert re.fullmatch("w-[0-9a-f]{32}", record.pii_principal_id.identifier)


def test_a_record_that_goes_beyond_the_agreement_is_not_written(record_of, choice):
    with pytest.raises(BadInput, match="no motion for this station"):
        record_of(choice=replace(choice, stations=("packing bench",)))


@pytest.mark.parametrize("language", Language)
def test_a_record_comes_back_from_its_text(record_of, language):
    record = record_of(language=language)
    assert read_node(ConsentRecord, node_text(record), "record") == record


def changed(record, *place, to):
    value = as_json(record)
    inner = value
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = to
    return canonical_json(value)


@pytest.mark.parametrize(
    ("place", "to", "message"),
    [
        (("@context", "dpv"), "https://elsewhere.example/", "@context: expected the context of"),
        (("record_id",), "0" * 32, "expected @id and identifier to name the same"),
        (("pii_principal_id", "identifier"), "w-" + "0" * 32, "expected @id and identifier to name the same"),
        (("purposes", 0, "@type"), "ft:RetentionForOwnReview", "to name the same purpose"),
        (("privacy_rights",), ["eu-gdpr:A7-3"], "privacy_rights: expected every right, in order"),
        (("lawful_basis",), ["eu-gdpr:A6-1-a", "eu-gdpr:A6-1-f"], "lawful_basis.1: Input should be"),
        (("note",), "hello", "note: Extra inputs are not permitted"),
        (("stations",), [], "stations: Tuple should have at least 1 item"),
        (("events",), [], "events: Tuple should have at least 1 item"),
        (("stations",), ["assembly  bench"], "record is not written out"),
    ],
)
def test_a_record_that_says_something_else_is_refused(record, place, to, message):
    with pytest.raises(BadInput, match=re.escape(message)) as refused:
        read_node(ConsentRecord, changed(record, *place, to=to), "record")
    assert "\n" not in str(refused.value)


def test_an_error_does_not_repeat_what_stands_in_a_record(record):
    with pytest.raises(BadInput) as refused:
        read_node(ConsentRecord, changed(record, "language", to="a secret"), "record")
    assert "a secret" not in str(refused.value)


@pytest.mark.parametrize("text", ["{}", "[]", "null", "{", '{"a": 1}'])
def test_what_is_no_record_is_refused(text):
    with pytest.raises(BadInput, match="record: "):
        read_node(ConsentRecord, text, "record")


@pytest.mark.parametrize(
    ("model", "name"), [(ConsentRecord, "record.schema.json"), (ConsentReceipt, "receipt.schema.json")]
)
def test_the_shipped_schema_is_that_of_the_models(model, name):
    """After a change of the models: write `json_schema(model)` into the file."""
    shipped = Path(consent.grants.__file__).with_name(name).read_text(encoding="utf-8")
    assert shipped == json_schema(model)
    jsonschema.Draft202012Validator.check_schema(json.loads(shipped))


def validator(model):
    return jsonschema.Draft202012Validator(json.loads(json_schema(model)))


def test_records_and_receipts_are_valid_by_the_shipped_schemas(record_of, said_yes):
    for language in Language:
        validator(ConsentRecord).validate(as_json(record_of(language=language)))
    validator(ConsentRecord).validate(as_json(record_of(asked=False)))
    validator(ConsentReceipt).validate(json.loads(said_yes.receipt()))


@pytest.mark.parametrize(
    ("place", "to"),
    [
        (("privacy_rights",), ["eu-gdpr:A7-3"]),
        (("jurisdiction",), "loc:US"),
        (("note",), "hello"),
        (("@context",), {}),
        (("record_id",), "x"),
    ],
)
def test_the_schema_alone_refuses_what_the_models_refuse(record, place, to):
    assert not validator(ConsentRecord).is_valid(json.loads(changed(record, *place, to=to)))


def test_software_for_json_ld_reads_the_terms_of_dpv(record):
    """Every key has a meaning, and the meanings are those of DPV's guide to the specification."""
    document = expanded(record)
    assert document["@type"] == [f"{DPV}ConsentRecord"]
    assert ids(document["http://purl.org/dc/terms/conformsTo"]) == [
        "https://w3id.org/dpv/schema/dpv-27560#record-eu-gdpr"
    ]
    (subject,) = document[f"{DPV}hasDataSubject"]
    assert subject["@type"] == [f"{DPV}Employee"]
    assert ids(document[f"{DPV}hasLegalBasis"]) == [
        "https://w3id.org/dpv/legal/eu/gdpr#A6-1-a",
        "https://w3id.org/dpv/legal/eu/gdpr#A9-2-a",
    ]
    assert len(document[f"{DPV}hasRight"]) == 12
    assert ids(document[f"{DPV}hasJurisdiction"]) == ["https://w3id.org/dpv/loc#EU"]
    asked, gave = document["http://purl.org/dc/terms/hasPart"]
    assert ids(asked[f"{DPV}isImplementedByEntity"]) == ids(document[f"{DPV}hasDataController"])
    assert ids(gave[f"{DPV}isImplementedByEntity"]) == [subject["@id"]]
    assert ids(gave[f"{DPV}hasConsentStatus"]) == [f"{DPV}ConsentGiven"]


def test_software_for_json_ld_finds_the_record_in_the_receipt(said_yes):
    receipt = read_node(ConsentReceipt, said_yes.receipt().removesuffix("\n"), "receipt")
    (inner,) = expanded(receipt)[f"{DPV}hasRecordOfActivity"]
    assert inner["@type"] == [f"{DPV}ConsentRecord"]
