"""Writes a consent record from what was agreed, what the worker chose, and when. Pure."""

from dataclasses import dataclass

from consent.agreement.calendar import local_day
from consent.agreement.form import agreement_hash
from consent.agreement.language import Language, day_text
from consent.agreement.schema import Agreement, Signatory
from consent.agreement.vocabulary import MotionPurpose
from consent.canonical import canonical_json
from consent.entries.times import utc_text
from consent.grants import words
from consent.grants.choice import Choice, check_choice, retention_days
from consent.grants.record import ConsentRecord, read_node, record_urn
from consent.grants.terms import CONTEXT, LAWFUL_BASIS, PROCESSING, PURPOSES, RECORD_PROFILE, RIGHTS


@dataclass(frozen=True, slots=True)
class Answer:
    """A worker's yes: which record, whose, in which language it was asked, and when."""

    record: str
    pseudonym: str
    language: Language
    at_ms: int
    asked_ms: int | None = None
    """When the worker was asked; None if a grant is renewed without being asked."""


def consent_record(agreement: Agreement, choice: Choice, answer: Answer) -> ConsentRecord:
    """Return the record of a yes; `BadInput` if the agreement does not permit what was chosen."""
    check_choice(agreement, choice, answer.at_ms)
    language = answer.language
    return read_node(
        ConsentRecord,
        canonical_json(
            {
                "@context": CONTEXT,
                "@id": record_urn(answer.record),
                "@type": "dpv:ConsentRecord",
                "schema_version": RECORD_PROFILE,
                "record_id": answer.record,
                "pii_principal_id": {
                    "@id": f"ft:{answer.pseudonym}",
                    "@type": "dpv:Employee",
                    "identifier": answer.pseudonym,
                },
                "privacy_notice": {
                    "@type": "dpv:ConsentNotice",
                    "content": words.notice_hash(agreement, language),
                },
                "language": language,
                "purposes": [
                    {
                        "@type": PURPOSES[purpose],
                        "identifier": purpose,
                        "description": words.PURPOSES[purpose].in_(language),
                    }
                    for purpose in choice.purposes
                ],
                "lawful_basis": LAWFUL_BASIS,
                "pii_information": [
                    {
                        "@type": ["pd:Biometric", "dpv:SpecialCategoryPersonalData"],
                        "description": words.MOTION.in_(language),
                        "pii_optional": "dpv:Optional",
                    }
                ],
                "pii_controllers": [
                    _office(agreement.parties.employer, agreement, "_:employer", "dpv:DataController")
                ],
                "collection_method": _described("dpv:DataSource", words.COLLECTION.in_(language)),
                "processing_method": [
                    "dpv:Collect",
                    "dpv:Pseudonymise",
                    "dpv:Store",
                    *(PROCESSING[purpose] for purpose in choice.purposes),
                ],
                "storage_locations": [_described("dpv:StorageLocation", words.STORAGE.in_(language))],
                "retention_period": _kept(agreement, choice, language),
                "recipient_third_parties": [
                    _described("dpv:ThirdParty", words.RECIPIENTS.in_(language))
                    for purpose in choice.purposes
                    if purpose is MotionPurpose.LICENSING
                ],
                "withdrawal_method": _described("dpv:WithdrawConsent", words.WITHDRAWAL.in_(language)),
                "privacy_rights": RIGHTS,
                "jurisdiction": "loc:EU",
                "events": _events(choice, answer),
                "works_agreement": {
                    "@type": "ft:WorksAgreement",
                    "identifier": agreement.id,
                    "version": agreement.version,
                    "content": agreement_hash(agreement),
                    "time_zone": agreement.time_zone,
                    "works_council": _office(
                        agreement.parties.works_council, agreement, "_:works-council", "ft:WorksCouncil"
                    ),
                },
                "stations": choice.stations,
                "royalty": _royalty(agreement, choice),
            }
        ),
        "consent record",
    )


def _office(office: Signatory, agreement: Agreement, id_: str, type_: str) -> dict[str, object]:
    # An agreement names offices at a site; they are found there, under their name.
    return {
        "@id": id_,
        "@type": type_,
        "party_name": office.name,
        "party_address": agreement.site,
        "party_contact": office.name,
    }


def _described(type_: str, description: str) -> dict[str, object]:
    return {"@type": type_, "description": description}


def _kept(agreement: Agreement, choice: Choice, language: Language) -> dict[str, object]:
    days = retention_days(agreement)
    last = day_text(local_day(choice.until_ms - 1, agreement.time_zone), language)
    return {
        "@type": "dpv:StorageDuration",
        "duration": f"P{days}D",
        "description": words.retention_text(days, last).in_(language),
    }


def _events(choice: Choice, answer: Answer) -> list[dict[str, object]]:
    worker, asked_ms = f"ft:{answer.pseudonym}", answer.asked_ms
    if asked_ms is None:
        return [_event("RenewedConsentGiven", worker, answer.at_ms, choice.until_ms)]
    return [
        _event("ConsentRequested", "_:employer", asked_ms, answer.at_ms),
        _event("ConsentGiven", worker, answer.at_ms, choice.until_ms),
    ]


def _event(state: str, entity: str, from_ms: int, until_ms: int) -> dict[str, object]:
    return {
        "event_time": utc_text(from_ms),
        "validity_duration": f"{utc_text(from_ms)}/{utc_text(until_ms)}",
        "entity_id": entity,
        "event_type": "dpv:ExplicitlyExpressedConsent",
        "event_state": f"dpv:{state}",
    }


def _royalty(agreement: Agreement, choice: Choice) -> dict[str, object] | None:
    terms = agreement.royalties
    if terms is None:
        return None
    return {
        "@type": "ft:Royalty",
        "currency": terms.currency,
        "worker_share_percent": terms.worker_share_percent,
        "collective_share_percent": terms.collective_share_percent,
        "payout_threshold": terms.payout_threshold,
        "rates": [
            {"purpose": rate.purpose, "unit": rate.unit, "amount": rate.amount}
            for rate in terms.rate_card
            if rate.purpose in choice.purposes
        ],
    }
