"""A consent record after ISO/IEC TS 27560:2023, with the terms of W3C DPV, as JSON-LD.

Fields bear the names of the specification; the context (`consent.grants.terms`) says which property of DPV
each one is. A record names offices and a pseudonym, and no person. What it says follows from the works
agreement, the worker's choice and the moment; `consent.grants.statement` writes it.

These models are the schema: `record.schema.json` is what `json_schema` makes of them; a test compares both.
"""

import json
import uuid
from typing import Annotated, Any, Literal, TypeAlias, TypeVar

from pydantic import AfterValidator, Field, ValidationError, WithJsonSchema, model_validator

from consent.agreement.language import Language
from consent.agreement.schema import Amount, Hash, Name, Percent, Positive, Strict, TimeZone
from consent.agreement.vocabulary import MotionPurpose, RoyaltyUnit
from consent.canonical import canonical_json, parse_canonical
from consent.entries.bodies import Currency, Identifier, Instant, Pseudonym
from consent.grants.terms import CONTEXT, PURPOSES, RIGHTS
from productivity.errors import BadInput


def _our_context(value: dict[str, Any]) -> dict[str, Any]:
    if value != CONTEXT:
        raise ValueError("expected the context of consent/grants/terms.py")
    return value


def _our_rights(value: tuple[str, ...]) -> tuple[str, ...]:
    if value != RIGHTS:
        raise ValueError("expected every right, in order")
    return value


Context: TypeAlias = Annotated[
    dict[str, Any], AfterValidator(_our_context), WithJsonSchema({"const": dict(CONTEXT)})
]
Sentence: TypeAlias = Annotated[str, Field(min_length=1, max_length=400)]
Interval: TypeAlias = Annotated[str, Field(pattern=r"^[0-9TZ:.-]{24}/[0-9TZ:.-]{24}$")]
"""Two instants, ISO 8601."""
Method: TypeAlias = Literal[
    "dpv:Collect", "dpv:Pseudonymise", "dpv:Store", "dpv:Consult", "dpv:Use", "dpv:Share"
]
Urn: TypeAlias = Annotated[str, Field(pattern=r"^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]


class Node(Strict):
    """A model whose keys `@id` and `@type` are JSON-LD's."""


AnyNode = TypeVar("AnyNode", bound=Node)


class Worker(Node):
    """Whose motion it is. DPV has `Employee` and no `Worker`."""

    id: Annotated[str, Field(alias="@id", pattern=r"^ft:w-[0-9a-f]{32}$")]
    type: Annotated[Literal["dpv:Employee"], Field(alias="@type")]
    identifier: Pseudonym


class Notice(Node):
    """Which words were said."""

    type: Annotated[Literal["dpv:ConsentNotice"], Field(alias="@type")]
    content: Hash


class ChosenPurpose(Node):
    """One purpose that the worker chose."""

    type: Annotated[
        Literal["ft:RetentionForOwnReview", "ft:TrainingOfPlantModels", "ft:LicensingToThirdParties"],
        Field(alias="@type"),
    ]
    identifier: MotionPurpose
    description: Sentence


class PersonalData(Node):
    """What is kept: treated as data that identify a person by the body."""

    type: Annotated[
        tuple[Literal["pd:Biometric"], Literal["dpv:SpecialCategoryPersonalData"]], Field(alias="@type")
    ]
    description: Sentence
    pii_optional: Literal["dpv:Optional"]


class Office(Node):
    """A party: an office, not a person."""

    id: Annotated[Literal["_:employer", "_:works-council"], Field(alias="@id")]
    type: Annotated[Literal["dpv:DataController", "ft:WorksCouncil"], Field(alias="@type")]
    party_name: Name
    party_address: Name
    party_contact: Name


class Described(Node):
    """Something that is said in words."""

    type: Annotated[
        Literal["dpv:DataSource", "dpv:ThirdParty", "dpv:WithdrawConsent", "dpv:StorageLocation"],
        Field(alias="@type"),
    ]
    description: Sentence


class Kept(Node):
    """How long motion is kept at most."""

    type: Annotated[Literal["dpv:StorageDuration"], Field(alias="@type")]
    duration: Annotated[str, Field(pattern=r"^P[1-9][0-9]{0,4}D$")]
    description: Sentence


class Event(Node):
    """A step in the life of the consent, up to the answer; what happens later stands in the log alone."""

    event_time: Instant
    validity_duration: Interval
    entity_id: Annotated[str, Field(pattern=r"^(_:employer|ft:w-[0-9a-f]{32})$")]
    event_type: Literal["dpv:ExplicitlyExpressedConsent"]
    event_state: Literal["dpv:ConsentRequested", "dpv:ConsentGiven", "dpv:RenewedConsentGiven"]


class AgreedIn(Node):
    """The works agreement under which the worker consents."""

    type: Annotated[Literal["ft:WorksAgreement"], Field(alias="@type")]
    identifier: str
    version: Positive
    content: Hash
    time_zone: TimeZone
    works_council: Office


class RoyaltyRate(Node):
    """What one use costs."""

    purpose: MotionPurpose
    unit: RoyaltyUnit
    amount: Amount


class Royalty(Node):
    """What is paid for uses of the chosen purposes."""

    type: Annotated[Literal["ft:Royalty"], Field(alias="@type")]
    currency: Currency
    worker_share_percent: Percent
    collective_share_percent: Annotated[int, Field(strict=True, ge=0, le=100)]
    payout_threshold: Amount
    rates: tuple[RoyaltyRate, ...]


class ConsentRecord(Node):
    """The record, as it was when the worker answered."""

    context: Annotated[Context, Field(alias="@context")]
    id: Annotated[Urn, Field(alias="@id")]
    type: Annotated[Literal["dpv:ConsentRecord"], Field(alias="@type")]
    schema_version: Literal["dpv-27560:record-eu-gdpr"]
    record_id: Identifier
    pii_principal_id: Worker
    privacy_notice: Notice
    language: Language
    purposes: Annotated[tuple[ChosenPurpose, ...], Field(min_length=1)]
    lawful_basis: tuple[Literal["eu-gdpr:A6-1-a"], Literal["eu-gdpr:A9-2-a"]]
    pii_information: tuple[PersonalData]
    pii_controllers: tuple[Office]
    collection_method: Described
    processing_method: Annotated[tuple[Method, ...], Field(min_length=1)]
    storage_locations: tuple[Described]
    retention_period: Kept
    recipient_third_parties: Annotated[tuple[Described, ...], Field(max_length=1)]
    withdrawal_method: Described
    privacy_rights: Annotated[
        tuple[str, ...], AfterValidator(_our_rights), WithJsonSchema({"const": list(RIGHTS)})
    ]
    jurisdiction: Literal["loc:EU"]
    events: Annotated[tuple[Event, ...], Field(min_length=1, max_length=2)]
    works_agreement: AgreedIn
    stations: Annotated[tuple[Name, ...], Field(min_length=1, max_length=256)]
    royalty: Royalty | None

    @property
    def until(self) -> str:
        """Until when the worker consents."""
        return self.events[-1].validity_duration.partition("/")[2]

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> "ConsentRecord":
        if self.id != record_urn(self.record_id) or self.pii_principal_id.id != (
            f"ft:{self.pii_principal_id.identifier}"
        ):
            raise ValueError("expected @id and identifier to name the same")
        if any(PURPOSES[purpose.identifier] != purpose.type for purpose in self.purposes):
            raise ValueError("expected @type and identifier to name the same purpose")
        return self


def record_urn(record: str) -> str:
    """Return the identifier of a record (32 hexadecimal digits) as a URN, RFC 9562."""
    return uuid.UUID(hex=record).urn


def node_text(node: Node) -> str:
    """Return the one spelling of a node, canonical JSON; the commitment to a record is made from it."""
    return canonical_json(node.model_dump(mode="json", by_alias=True))


def read_node(model: type[AnyNode], text: str, where: str) -> AnyNode:
    """Read a node; `BadInput` in any other spelling; it names a place, not what stands there."""
    value = parse_canonical(text, where)
    try:
        node = model.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"])) or "record"
        raise BadInput(f"{place}: {first['msg'].removeprefix('Value error, ')}", where=where) from None
    if node_text(node) != text:
        raise BadInput("record is not written out", where=where, expected="every key with its value")
    return node


def json_schema(model: type[Node]) -> str:
    """Return the JSON Schema (2020-12) of a node as the text of a file."""
    schema = model.model_json_schema(mode="serialization", by_alias=True)
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"
