"""The vocabulary of consent records: ISO/IEC TS 27560 names the fields, W3C DPV says what they mean.

The context is part of each record, so that software for JSON-LD reads it without a network. Sources: Data
Privacy Vocabulary 2 (https://w3id.org/dpv) with its extensions `eu-gdpr`, `loc` and `pd`; its guide to
ISO/IEC TS 27560:2023 (https://w3id.org/dpv/guides/consent-27560), which maps field to property.

What DPV has no word for, the works agreement, its stations and royalties, stands in a vocabulary of our own
under `ft:`; docs/grants.md defines its terms.
"""

from collections.abc import Mapping
from types import MappingProxyType

from consent.agreement.vocabulary import MotionPurpose

RECORD_PROFILE = "dpv-27560:record-eu-gdpr"
RECEIPT_PROFILE = "dpv-27560:receipt-eu-gdpr"
"""Profiles of the guide with what the GDPR asks for besides."""

CONTEXT: Mapping[str, object] = MappingProxyType(
    {
        "dct": "http://purl.org/dc/terms/",
        "dpv": "https://w3id.org/dpv#",
        "dpv-27560": "https://w3id.org/dpv/schema/dpv-27560#",
        "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
        "ft": "urn:fairtakt:terms:1:",
        "loc": "https://w3id.org/dpv/loc#",
        "pd": "https://w3id.org/dpv/pd#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        # Header
        "schema_version": {"@id": "dct:conformsTo", "@type": "@id"},
        "record_id": "dct:identifier",
        "receipt_id": "dct:identifier",
        "pii_principal_id": "dpv:hasDataSubject",
        "created": {"@id": "dct:created", "@type": "xsd:dateTime"},
        "record": "dpv:hasRecordOfActivity",
        # Processing
        "privacy_notice": "dpv:hasNotice",
        "language": "dct:language",
        "purposes": "dpv:hasPurpose",
        "lawful_basis": {"@id": "dpv:hasLegalBasis", "@type": "@id"},
        "pii_information": "dpv:hasPersonalData",
        "pii_optional": {"@id": "dpv:hasNecessity", "@type": "@id"},
        "pii_controllers": "dpv:hasDataController",
        "collection_method": "dpv:hasDataSource",
        "processing_method": {"@id": "dpv:hasProcessing", "@type": "@id"},
        "storage_locations": "dpv:hasStorageCondition",
        "retention_period": "dpv:hasStorageCondition",
        "recipient_third_parties": "dpv:hasRecipientThirdParty",
        "withdrawal_method": "dpv:hasConsentControl",
        "privacy_rights": {"@id": "dpv:hasRight", "@type": "@id"},
        "jurisdiction": {"@id": "dpv:hasJurisdiction", "@type": "@id"},
        # Events
        "events": "dct:hasPart",
        "event_time": {"@id": "dct:date", "@type": "xsd:dateTime"},
        "validity_duration": "dct:valid",
        "entity_id": {"@id": "dpv:isImplementedByEntity", "@type": "@id"},
        "event_type": {"@id": "dpv:hasLegalBasis", "@type": "@id"},
        "event_state": {"@id": "dpv:hasConsentStatus", "@type": "@id"},
        # Parts of the above
        "identifier": "dct:identifier",
        "description": "dct:description",
        "duration": {"@id": "dpv:hasDuration", "@type": "xsd:duration"},
        "location": "dpv:hasLocation",
        "party_name": "dpv:hasName",
        "party_address": "dpv:hasAddress",
        "party_contact": "dpv:hasContact",
        # Our own
        "works_agreement": "ft:worksAgreement",
        "works_council": "ft:worksCouncil",
        "content": "ft:contentSha256",
        "version": "ft:version",
        "time_zone": "ft:timeZone",
        "stations": "ft:station",
        "royalty": "ft:royalty",
        "currency": "ft:currency",
        "worker_share_percent": "ft:workerSharePercent",
        "collective_share_percent": "ft:collectiveSharePercent",
        "payout_threshold": "ft:payoutThreshold",
        "rates": "ft:rate",
        "purpose": "ft:purpose",
        "unit": "ft:unit",
        "amount": "ft:amount",
        "salt": "ft:salt",
        "entry": "ft:logEntry",
    }
)

PURPOSES: Mapping[MotionPurpose, str] = MappingProxyType(
    {
        MotionPurpose.OWN_REVIEW: "ft:RetentionForOwnReview",
        MotionPurpose.PLANT_TRAINING: "ft:TrainingOfPlantModels",
        MotionPurpose.LICENSING: "ft:LicensingToThirdParties",
    }
)
"""Each is a kind of `dpv:Purpose`."""

PROCESSING: Mapping[MotionPurpose, str] = MappingProxyType(
    {
        MotionPurpose.OWN_REVIEW: "dpv:Consult",
        MotionPurpose.PLANT_TRAINING: "dpv:Use",
        MotionPurpose.LICENSING: "dpv:Share",
    }
)
"""What a purpose does with motion, besides what all of them do."""

LAWFUL_BASIS = ("eu-gdpr:A6-1-a", "eu-gdpr:A9-2-a")
"""Consent, and explicit consent for data that may identify a person by the body."""

RIGHTS = (
    "eu-gdpr:A7-3",
    *(f"eu-gdpr:A{article}" for article in range(13, 23)),
    "eu-gdpr:A77",
)
"""Withdrawal; information, access, rectification, erasure and the rest of Art. 13 to 22; complaint."""
