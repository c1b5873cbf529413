"""What cannot be said in an agreement: one row per mistake, with the line that the writer is pointed to."""

from datetime import date, datetime

import pytest
from pydantic import ValidationError

from capture.yaml_document import parse_document
from consent.agreement.schema import Agreement, Period
from consent.agreement.vocabulary import Party
from consent.notes import KeyType, Verifier
from productivity.errors import BadInput

MISTAKES = {
    "unknown key": ("minimum_group: 7", "minimum_gruop: 7", "minimum_gruop: expected only known keys"),
    "unknown key within": ("intervals_days: 14,", "intervals_days: 14, forever: true,", "retention.forever"),
    "other kind": ("works agreement 1", "works agreement 2", "fairtakt"),
    "fraction": ("shift_minutes: 450", "shift_minutes: 450.0", "shift_minutes"),
    "number as text": ("minimum_group: 7", 'minimum_group: "7"', "minimum_group"),
    "yes for a number": ("minimum_group: 7", "minimum_group: true", "minimum_group"),
    "number for yes": ("permitted: true", "permitted: 1", "motion.permitted"),
    "no time zone": ("time_zone: Europe/Berlin", "", "time_zone"),
    "no such time zone": ("Europe/Berlin", "Europe/Bärlin", "time_zone: not a time zone"),
    "time zone that is not set": ("Europe/Berlin", "Factory", "time_zone: not a time zone"),
    "this machine's time zone": ("Europe/Berlin", "localtime", "time_zone: not a time zone"),
    "path for a time zone": ("Europe/Berlin", "Europe/../Europe/Berlin", "time_zone: not a time zone"),
    "file for a time zone": ("Europe/Berlin", "/usr/share/zoneinfo/UTC", "time_zone: not a time zone"),
    "no such day": ("notice_on: 2027-02-15", 'notice_on: "2027-02-30"', "notice_on"),
    "no such day, unquoted": ("notice_on: 2027-02-15", "notice_on: 2027-02-30", "no such day"),
    "number for a day": ("notice_on: 2027-02-15", "notice_on: 20270215", "notice_on: expected a day"),
    "time for a day": (
        "notice_on: 2027-02-15",
        "notice_on: 2027-02-15 08:00:00",
        "notice_on: expected a day",
    ),
    "ends before it begins": ("last_day: 2027-03-12", "last_day: 2027-02-28", "campaigns.0"),
    "outside the validity": (
        "last_day: 2027-04-09",
        "last_day: 2027-06-01",
        "campaigns.1: expected days within",
    ),
    "unknown station": ("stations: [packing bench]", "stations: [paint shop]", "campaigns.1.stations.0"),
    "unknown motion station": (
        "stations: [assembly bench]\n  purposes",
        "stations: [paint shop]\n  purposes",
        "motion.stations.0",
    ),
    "station twice": (
        "[assembly bench, packing bench]",
        "[assembly bench, assembly bench]",
        "stations: expected each",
    ),
    "all stations": ("stations: [assembly bench, packing bench]", "stations: []", "stations"),
    "reserved state": ("- labeling", "- unknown", "states.4: expected another name"),
    "unknown purpose": ("- state durations", "- ranking of workers", "purposes.0"),
    "campaign twice": ("- name: packing", "- name: assembly", "campaigns.1.name: expected each name once"),
    "more than a day": ("minutes_per_day: 90", "minutes_per_day: 1441", "campaigns.1.minutes_per_day"),
    "nothing is enough": ("enough: {cycles: 150}", "enough: {}", "campaigns.1.enough"),
    "terms without motion": ("permitted: true", "permitted: false", "motion: expected nothing but"),
    "motion without purpose": (
        "purposes: [retention for own review, training of the plant's models, licensing to third parties]",
        "purposes: []",
        "motion: expected at least one of purposes",
    ),
    "no currency": ("currency: EUR", "currency: euro", "royalties.currency"),
    "shares above the whole": ("collective_share_percent: 20", "collective_share_percent: 31", "royalties"),
    "workers get nothing": (
        "worker_share_percent: 70",
        "worker_share_percent: 0",
        "royalties.worker_share_percent",
    ),
    "more than all revenue": ("amount: 300", "amount: 10001", "royalties.rate_card.2"),
    "rate twice": ("unit: share of revenue", "unit: motion hour", "royalties: expected one rate"),
    "role twice": ("role: data protection officer", "role: worker", "access: expected each role once"),
    "hidden character": ("name: plant management", 'name: "plant\\u202emanagement"', "parties.employer.name"),
    "no key": (
        "plant.example/employer+",
        "plant.example/employer-",
        "parties.employer.key: not a verifier key",
    ),
    "first version supersedes": ("version: 1\n", f"version: 1\nsupersedes: {'0' * 64}\n", "supersedes"),
    "later version supersedes nothing": ("version: 1\n", "version: 2\n", "supersedes"),
}


@pytest.mark.parametrize(("right", "wrong", "message"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_refused_with_its_line(example_text, right, wrong, message):
    assert example_text.count(right) >= 1
    before, after = example_text.split(right, 1)
    with pytest.raises(BadInput) as refused:
        parse_document(before + wrong + after, "agreement.yaml", Agreement, "works agreement")
    text = str(refused.value)
    assert message in text
    assert "\n" not in text
    line = int(text.split(":")[1])
    # Some mistakes are told at the beginning of the block that does not fit together.
    assert before.count("\n") - 18 <= line - 1 <= before.count("\n") + 1


def test_one_key_cannot_be_both_parties(document):
    document["parties"]["works_council"]["key"] = document["parties"]["employer"]["key"]
    with pytest.raises(ValidationError, match="two different keys"):
        Agreement.model_validate(document)


def test_the_same_key_under_another_name_cannot_be_both_parties(document, signers):
    """Names are free; what counts is who can sign."""
    employer = signers[Party.EMPLOYER].verifier
    document["parties"]["works_council"]["key"] = str(Verifier("other", employer.type, employer.public))
    with pytest.raises(ValidationError, match="two different keys"):
        Agreement.model_validate(document)


def test_a_key_that_only_co_signs_checkpoints_is_no_party(document, signers):
    """Its holder could never sign the agreement."""
    council = signers[Party.COUNCIL].verifier
    document["parties"]["works_council"]["key"] = str(
        Verifier(council.name, KeyType.COSIGNATURE, council.public)
    )
    with pytest.raises(ValidationError, match="found one that co-signs checkpoints"):
        Agreement.model_validate(document)


def test_what_looks_the_same_is_the_same(document):
    """Composed and decomposed letters, and white space, do not make two agreements."""
    one = Agreement.model_validate(document | {"site": "Halle Süd"})
    other = Agreement.model_validate(document | {"site": " Halle  Su\u0308d\n"})
    assert one == other


@pytest.mark.parametrize(
    ("first", "last", "covered"),
    [(2, 8, True), (1, 9, True), (0, 5, False), (5, 10, False), (5, None, False)],
)
def test_a_period_covers_what_lies_within(first, last, covered):
    def day(number):
        return date(2027, 1, 10 + number)

    whole = Period(first_day=day(1), last_day=day(9))
    part = Period(first_day=day(first), last_day=None if last is None else day(last))
    assert whole.covers(part) is covered
    assert Period(first_day=day(1)).covers(part) is (first >= 1)


def test_an_instant_is_no_day():
    with pytest.raises(ValidationError, match="expected a day"):
        Period(first_day=datetime(2027, 1, 1))
