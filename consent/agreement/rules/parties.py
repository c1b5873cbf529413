"""Who signs, and who sees."""

from consent.agreement import sources
from consent.agreement.language import Text
from consent.agreement.rules.rule import Places, Rule, Severity, when
from consent.agreement.schema import Agreement
from consent.agreement.vocabulary import Party, Role, View


def _without_key(agreement: Agreement) -> Places:
    for party in Party:
        if agreement.parties.of(party).key is None:
            yield f"parties.{party.value}.key"


def _sees(role: Role, view: View, agreement: Agreement) -> bool:
    return any(one.role is role and view in one.may_see for one in agreement.access)


KEY_MISSING = Rule(
    "key missing",
    Severity.REFUSAL,
    sources.SIGNATURES,
    Text(
        de="Ohne den öffentlichen Schlüssel dieser Seite kann niemand ihre Unterschrift prüfen.",
        en="Without the public key of this party nobody can verify its signature.",
    ),
    _without_key,
)

SUPERVISOR_SEES_TIMELINES = Rule(
    "supervisor sees timelines",
    Severity.WARNING,
    sources.CNIL,
    Text(
        de="Vorgesetzte sehen, was wann an einem Arbeitsplatz geschah: Reichen veröffentlichte Tabellen?",
        en="Supervisors see what happened when at a station: would released tables do?",
    ),
    when(lambda agreement: "access" if _sees(Role.SUPERVISOR, View.TIMELINES, agreement) else None),
)

COUNCIL_DOES_NOT_SEE_THE_LOG = Rule(
    "council does not see the log",
    Severity.WARNING,
    sources.COUNCIL,
    Text(
        de="Der Betriebsrat wacht über die Einhaltung der Vereinbarung; dazu braucht er das Protokoll.",
        en="The council watches that the agreement is kept; for this it needs the log.",
    ),
    when(lambda agreement: None if _sees(Role.COUNCIL, View.LOG, agreement) else "access"),
)
