"""Words of the start page: what each role can do here."""

from collections.abc import Mapping
from types import MappingProxyType

from api.policy import Role
from consent.agreement.language import Text

WORDS: Mapping[str, Text] = MappingProxyType(
    {
        "about_live": Text(
            "Welche Station wird aufgezeichnet, welche nicht, und warum.",
            "Which station is recorded, which is not, and why.",
        ),
        "about_timelines": Text(
            "Zustände über die Zeit, Anteile, Vergleich, Korrekturen.",
            "States over time, portions, comparison, corrections.",
        ),
        "about_studies": Text(
            "In acht Schritten von Dauern zu Prioritäten.", "From durations to priorities in eight steps."
        ),
        "about_set_up": Text(
            "Zonen zeichnen, Regeln erproben, an das Gerät geben.",
            "Draw zones, try rules, hand them to the device.",
        ),
        "about_releases": Text(
            "Tabellen, die veröffentlicht sind, und ihre Regeln.",
            "Tables that were released, and their rules.",
        ),
        "about_motion": Text(
            "Nutzungen freiwillig gegebener Bewegung: Preis, Freigabe, Abholung, Modelle.",
            "Uses of opted-in motion: price, approval, downloads, models.",
        ),
        "about_self_recording": Text(
            "Unregelmäßige und periodische Zustände selbst festhalten.",
            "Note irregular and periodical states yourself.",
        ),
        "about_worker": Text(
            "Was hier aufgezeichnet wird, Einwilligung und Widerruf.",
            "What is recorded here, consent and withdrawal.",
        ),
        "about_council": Text(
            "Vereinbarung, Zugriffe, Protokoll prüfen, Aufzeichnung anhalten.",
            "Agreement, accesses, verify the log, suspend recording.",
        ),
        "about_agreement": Text(
            "Was vereinbart ist, in einfachen Worten.", "What was agreed, in plain words."
        ),
        "about_administration": Text(
            "Werk, Geräte, Konten, Kalender, Sicherung.", "Plant, devices, accounts, calendar, backup."
        ),
    }
)

LEADS: Mapping[Role, Text] = MappingProxyType(
    {
        Role.ENGINEER: Text(
            "Zustände von Stationen, Studien und Stationen einrichten.",
            "States of stations, studies, and setting stations up.",
        ),
        Role.COUNCIL: Text(
            "Alles über die Verarbeitung, nichts über eine Person.",
            "Everything about the processing, nothing about a person.",
        ),
        Role.WORKER: Text("Niemand wird hier nach dem Namen gefragt.", "Nobody is asked for a name here."),
        Role.MANAGER: Text(
            "Veröffentlichte Tabellen des Werks, und Anfragen nach Bewegungsdaten.",
            "Released tables of the plant, and requests for motion.",
        ),
        Role.ADMINISTRATOR: Text(
            "Betrieb des Servers; keine Zustände und keine Zeitverläufe.",
            "Running the server; no states and no timelines.",
        ),
        Role.LICENSEE: Text(
            "Bewegungsdaten von Menschen, die eingewilligt haben und für jede Nutzung bezahlt werden.",
            "Motion of people who have consented, and who are paid for each use.",
        ),
    }
)
