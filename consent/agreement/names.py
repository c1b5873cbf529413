"""What the closed words of an agreement are called in each language."""

from enum import StrEnum

from consent.agreement.language import Text
from consent.agreement.lifecycle import State
from consent.agreement.vocabulary import (
    MotionPurpose,
    Party,
    Prohibition,
    Purpose,
    Role,
    RoyaltyUnit,
    Trigger,
    View,
)

NAMES: dict[StrEnum, Text] = {
    Party.EMPLOYER: Text("Arbeitgeber", "employer"),
    Party.COUNCIL: Text("Betriebsrat", "works council"),
    State.DRAFT: Text("Entwurf, von niemandem unterschrieben", "draft, signed by nobody"),
    State.SIGNED_BY_ONE: Text("erst von einer Seite unterschrieben", "signed by one party only"),
    State.SIGNED_BY_BOTH: Text("von beiden Seiten unterschrieben", "signed by both parties"),
    Purpose.STATE_DURATIONS: Text(
        "messen, wie lange Mitarbeiterzustände dauern", "measure how long worker states last"
    ),
    Purpose.MANUAL_COMPARISON: Text(
        "mit einer Zeitaufnahme von Hand vergleichen", "compare with a manual time study"
    ),
    Prohibition.PERFORMANCE_EVALUATION: Text(
        "die Leistung einzelner Personen bewerten", "evaluate the performance of persons"
    ),
    Prohibition.IDLE_ALARMS: Text(
        "Meldungen über die Untätigkeit einzelner Personen", "raise idle alarms about persons"
    ),
    Prohibition.EMOTION_INFERENCE: Text("Gefühle ableiten", "infer emotions"),
    Prohibition.IDENTIFICATION: Text("Personen erkennen", "identify persons"),
    Prohibition.DISCIPLINE: Text("arbeitsrechtliche Maßnahmen begründen", "justify disciplinary measures"),
    MotionPurpose.OWN_REVIEW: Text("selbst ansehen", "own review"),
    MotionPurpose.PLANT_TRAINING: Text("Modelle des Werks trainieren", "training of the plant's models"),
    MotionPurpose.LICENSING: Text("an Dritte lizenzieren", "licensing to third parties"),
    RoyaltyUnit.MOTION_HOUR: Text("je Stunde Bewegung", "per hour of motion"),
    RoyaltyUnit.MODEL: Text("je Modell", "per model"),
    RoyaltyUnit.DEPLOYMENT_HOUR: Text("je Betriebsstunde", "per hour of deployment"),
    RoyaltyUnit.REVENUE_SHARE: Text("vom Umsatz", "of revenue"),
    Role.WORKER: Text("Beschäftigte", "workers"),
    Role.COUNCIL: Text("Betriebsrat", "works council"),
    Role.ENGINEER: Text("Industrial Engineering", "industrial engineers"),
    Role.SUPERVISOR: Text("Vorgesetzte", "supervisors"),
    Role.DATA_PROTECTION: Text("Datenschutzbeauftragte", "data protection officer"),
    View.TIMELINES: Text("Zeitverlauf je Arbeitsplatz", "timelines of stations"),
    View.TABLES: Text("veröffentlichte Tabellen", "released tables"),
    View.LOG: Text("Protokoll der Einwilligungen und Zugriffe", "log of consents and accesses"),
    View.OWN_MOTION: Text("die eigenen Bewegungsdaten", "their own motion"),
    View.SET_UP_PICTURES: Text(
        "Kamerabilder beim Einrichten eines Arbeitsplatzes, minutenweise und ohne Aufzeichnung",
        "camera pictures while a station is set up, for minutes and never kept",
    ),
    Trigger.LOG_DAMAGED: Text("das Protokoll lässt sich nicht prüfen", "the log does not verify"),
    Trigger.OUTSIDE_SCOPE: Text(
        "es wurde etwas außerhalb der Vereinbarung erfasst", "something was recorded outside the agreement"
    ),
    Trigger.DATA_BREACH: Text("Verletzung des Schutzes personenbezogener Daten", "a personal data breach"),
}
