"""One agreement per rule that breaks just that rule."""

import copy
from types import ModuleType

import pytest

from consent.agreement.check import check, refusals, require_signable
from consent.agreement.language import Language
from consent.agreement.rules import table
from consent.agreement.rules.rule import Rule, Severity
from consent.agreement.rules.table import RULES
from consent.agreement.schema import Agreement
from productivity.errors import BadInput

WITHOUT_END = {"first_day": "2027-02-15", "last_day": None}


def drop(document, key, value):
    document[key].remove(value)


def days(document, first, last):
    document["campaigns"][0] |= {"first_day": first, "last_day": last}
    document["validity"] = WITHOUT_END


def slices(document):
    """Three months and a bit at one station, cut into pieces with six free days between them."""
    document["validity"] = WITHOUT_END
    pieces = [("2027-03-01", "2027-04-11"), ("2027-04-18", "2027-05-20"), ("2027-05-27", "2027-06-30")]
    for index, (first, last) in enumerate(pieces):
        piece = copy.deepcopy(document["campaigns"][0])
        document["campaigns"].append(piece | {"name": f"part {index}", "first_day": first, "last_day": last})
    del document["campaigns"][0]


BREAKS = {
    "permanent": lambda a: days(a, "2027-03-01", None),
    "sliced": slices,
    "whole shift": lambda a: a["campaigns"][0].update(minutes_per_day=450),
    "group below five": lambda a: a.update(minimum_group=4),
    "no notice": lambda a: a.update(notice_on=None),
    "late notice": lambda a: a.update(notice_on="2027-03-01"),
    "performance evaluation": lambda a: drop(a, "prohibited", "performance evaluation of persons"),
    "no necessity": lambda a: a.update(necessity=None),
    "intervals kept too long": lambda a: a["retention"].update(intervals_days=31),
    "motion kept without limit": lambda a: a["motion"].update(retention_days=None),
    "motion without royalties": lambda a: a.update(royalties=None),
    "purpose without rate": lambda a: a["royalties"]["rate_card"].pop(0),
    "key missing": lambda a: a["parties"]["works_council"].update(key=None),
    "long campaign": lambda a: days(a, "2027-03-01", "2027-04-01"),
    "more than half a shift": lambda a: a["campaigns"][0].update(minutes_per_day=226),
    "no end when enough": lambda a: a["campaigns"][0].update(enough=None),
    "small group": lambda a: a.update(minimum_group=6),
    "short notice": lambda a: a.update(notice_on="2027-02-16"),
    "idle alarms": lambda a: drop(a, "prohibited", "idle alarms per person"),
    "emotion inference": lambda a: drop(a, "prohibited", "emotion inference"),
    "intervals kept long": lambda a: a["retention"].update(intervals_days=15),
    "aggregates kept long": lambda a: a["retention"].update(aggregates_days=1096),
    "motion kept long": lambda a: a["motion"].update(retention_days=366),
    "fine times": lambda a: a.update(time_resolution_s=59),
    "supervisor sees timelines": lambda a: a["access"][3].update(
        role="supervisor", may_see=["station timelines"]
    ),
    "council does not see the log": lambda a: a["access"][1].update(may_see=["released tables"]),
}

JUST_RIGHT = {
    "half a shift": lambda a: a["campaigns"][0].update(minutes_per_day=225),
    "31 days": lambda a: days(a, "2027-03-01", "2027-03-31"),
    "14 days of intervals": lambda a: a["retention"].update(intervals_days=14),
    "notice two weeks before": lambda a: a.update(notice_on="2027-02-15"),
    "a minute": lambda a: a.update(time_resolution_s=60),
    "a year of motion": lambda a: a["motion"].update(retention_days=365),
    "supervisor sees tables": lambda a: a["access"][3].update(role="supervisor", may_see=["released tables"]),
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_an_agreement_that_breaks_just_this_rule(document, rule):
    BREAKS[rule.name](document)
    findings = check(Agreement.model_validate(document))
    assert [finding.rule for finding in findings] == [rule]
    for language in Language:
        assert findings[0].says(language).endswith(f"({rule.source})")


def test_no_rule_of_a_subject_is_forgotten():
    """The table names each rule that one of the subjects defines, once."""
    subjects = [value for value in vars(table).values() if isinstance(value, ModuleType)]
    defined = [value for one in subjects for value in vars(one).values() if isinstance(value, Rule)]
    assert len(subjects) == 6
    assert sorted(rule.name for rule in defined) == sorted(rule.name for rule in RULES)


def test_every_rule_is_broken_once():
    names = [rule.name for rule in RULES]
    assert sorted(names) == sorted(BREAKS)


def test_an_agreement_without_a_fault(agreement):
    assert check(agreement) == []
    require_signable(agreement, "agreement.yaml")


@pytest.mark.parametrize("change", JUST_RIGHT.values(), ids=JUST_RIGHT)
def test_what_is_just_permitted(document, change):
    change(document)
    assert check(Agreement.model_validate(document)) == []


def test_six_free_days_between_slices_are_no_pause_and_seven_are(document):
    slices(document)
    assert [finding.place for finding in check(Agreement.model_validate(document))] == [
        "campaigns: 122 d, assembly bench"
    ]
    document["campaigns"][2] |= {"first_day": "2027-04-19", "last_day": "2027-05-15"}
    document["campaigns"][3] |= {"first_day": "2027-05-23", "last_day": "2027-06-20"}
    findings = check(Agreement.model_validate(document))
    assert [(finding.rule.name, finding.place) for finding in findings] == [
        ("long campaign", "campaigns: 42 d, assembly bench")
    ]


def test_refusals_come_first_and_forbid_to_sign(document):
    BREAKS["small group"](document)
    BREAKS["no notice"](document)
    BREAKS["whole shift"](document)
    agreement = Agreement.model_validate(document)
    findings = check(agreement)
    assert [finding.rule.severity for finding in findings] == [Severity.REFUSAL] * 2 + [Severity.WARNING]
    assert refusals(findings) == findings[:2]
    with pytest.raises(
        BadInput, match=r"may not be signed: campaigns\[0\].minutes_per_day = 450.* and 1 more"
    ):
        require_signable(agreement, "agreement.yaml")


@pytest.mark.parametrize(
    ("last", "place", "rule"),
    [
        ("2027-05-31", "campaigns: 92 d, assembly bench", "long campaign"),
        ("2027-06-01", "campaigns: 93 d, assembly bench", "sliced"),
    ],
)
def test_a_quarter_is_the_longest(document, last, place, rule):
    days(document, "2027-03-01", last)
    findings = check(Agreement.model_validate(document))
    assert [(finding.rule.name, finding.place) for finding in findings] == [(rule, place)]


def test_a_short_campaign_within_a_long_one_shortens_nothing(document):
    days(document, "2027-03-01", "2027-06-01")
    inner = document["campaigns"][0] | {"name": "inner", "first_day": "2027-03-02", "last_day": "2027-03-03"}
    document["campaigns"].append(inner)
    findings = check(Agreement.model_validate(document))
    assert [finding.place for finding in findings] == ["campaigns: 93 d, assembly bench"]
