"""What the closed words of the log are called in each language, for the page that tells what happened."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from consent.agreement import names
from consent.agreement.language import Language, Text
from consent.agreement.lifecycle import State
from consent.entries.vocabulary import Account, GapReason, Reason, SuspendedBecause
from consent.keys import Role

NAMES: Mapping[StrEnum, Text] = MappingProxyType(
    {
        State.ACTIVE: Text("in Kraft", "active"),
        State.SUSPENDED: Text("ausgesetzt", "suspended"),
        State.ENDED: Text("beendet", "ended"),
        Reason.NO_AGREEMENT: Text("keine Vereinbarung in Kraft", "no works agreement is active"),
        Reason.SUSPENDED: Text("Vereinbarung ausgesetzt", "the works agreement is suspended"),
        Reason.PURPOSE: Text("Zweck nicht erlaubt", "the purpose is not permitted"),
        Reason.STATE: Text("Zustand nicht erlaubt", "a state is not permitted"),
        Reason.NO_CAMPAIGN: Text("keine Kampagne an diesem Tag", "no campaign runs that day"),
        Reason.COMPLETED: Text("Kampagne hat genug gesehen", "the campaign has seen enough"),
        Reason.MINUTES_USED: Text("Minuten des Tages verbraucht", "the minutes of the day are used up"),
        Reason.DEVICE: Text("Gerät nicht zugelassen", "the device is not enrolled"),
        Reason.NO_GRANT: Text("keine Einwilligung", "no grant permits motion"),
        Reason.LOG_UNREACHABLE: Text("Protokoll nicht erreichbar", "the log is out of reach"),
        Reason.LOG_UNWRITABLE: Text("Protokoll nahm den Eintrag nicht an", "the log took no entry in"),
        Reason.LOG_DAMAGED: Text("Protokoll lässt sich nicht prüfen", "the log does not verify"),
        Reason.WITNESS_AWAY: Text("Zeuge des Betriebsrats fehlt", "the works council's witness is away"),
        Reason.CLOCK: Text("Uhr unsicher", "the clock is in doubt"),
        Reason.END_OF_SOURCE: Text("Quelle zu Ende", "the source ended"),
        Reason.OPERATOR: Text("am Gerät beendet", "stopped at the device"),
        Reason.INTERRUPTED: Text("Gerät fiel aus", "the device broke down"),
        SuspendedBecause.DECISION: Text("Entscheidung einer Seite", "decision of a party"),
        SuspendedBecause.LOG_DAMAGED: Text("Protokoll lässt sich nicht prüfen", "the log does not verify"),
        SuspendedBecause.OUTSIDE_SCOPE: Text(
            "außerhalb der Vereinbarung erfasst", "recorded outside the agreement"
        ),
        SuspendedBecause.DATA_BREACH: Text("Datenschutzverletzung", "a personal data breach"),
        GapReason.NO_CONTACT: Text("kein Kontakt", "no contact"),
        GapReason.RESTARTED: Text("neu gestartet", "restarted"),
        GapReason.BUFFER_FULL: Text("Speicher voll", "buffer full"),
        GapReason.UNSANDBOXED: Text("ohne Abschottung", "without a sandbox"),
        Account.WORKER: Text("Beschäftigte", "workers"),
        Account.COLLECTIVE: Text("gemeinsame Kasse", "collective fund"),
        Account.PLANT: Text("Werk", "plant"),
        Role.EMPLOYER: Text("Arbeitgeber", "employer"),
        Role.WORKS_COUNCIL: Text("Betriebsrat", "works council"),
        Role.WITNESS: Text("Zeuge", "witness"),
        Role.PLANT_LOG: Text("Protokoll", "log"),
        Role.LICENSEE: Text("Lizenznehmer", "licensee"),
    }
)

EVENTS: Mapping[str, Text] = MappingProxyType(
    {
        "agreement.proposed/1": Text("vorgelegt", "proposed"),
        "agreement.signed/1": Text("unterschrieben", "signed"),
        "agreement.activated/1": Text("in Kraft gesetzt", "put into force"),
        "agreement.suspended/1": Text("ausgesetzt", "suspended"),
        "agreement.resumed/1": Text("wieder in Kraft gesetzt", "resumed"),
        "agreement.ended/1": Text("beendet", "ended"),
        "recording.completed/1": Text("Kampagne abgeschlossen", "campaign completed"),
        "key.added/1": Text("Schlüssel eingeführt", "key brought in"),
        "key.retired/1": Text("Schlüssel stillgelegt", "key retired"),
        "device.enrolled/1": Text("Gerät zugelassen", "device enrolled"),
        "device.revoked/1": Text("Gerät gesperrt", "device revoked"),
        "consent.requested/1": Text("gefragt", "asked"),
        "consent.given/1": Text("eingewilligt", "given"),
        "consent.refused/1": Text("abgelehnt", "refused"),
        "consent.renewed/1": Text("erneuert", "renewed"),
        "consent.withdrawn/1": Text("widerrufen", "withdrawn"),
        "consent.expired/1": Text("abgelaufen", "expired"),
    }
)
"""Types of entries that the page tells one by one, or counts."""

_KEY_ROLES = {role.value: role for role in Role}
_BECAUSE = {because.value: because for because in SuspendedBecause}


def name(word: StrEnum, language: Language) -> str:
    """Return what a word of the log or of the agreement is called."""
    known = NAMES.get(word) or names.NAMES.get(word)
    return str(word) if known is None else known.in_(language)


def called(*words: StrEnum) -> Text:
    """Return the words for a finding, one after the other."""
    return Text(
        *(", ".join(name(word, language) for word in words) for language in (Language.DE, Language.EN))
    )


def told(word: str, language: Language) -> str:
    """Return the word of an event, translated where it is one of the log's own."""
    known = _KEY_ROLES.get(word) or _BECAUSE.get(word)
    if known is not None:
        return name(known, language)
    party = {party.value: party for party in names.NAMES if party.value in ("employer", "works_council")}
    return name(party[word], language) if word in party else word
