"""Words of the timelines page; those of the component itself are its own."""

from collections.abc import Mapping
from types import MappingProxyType

from consent.agreement.language import Text

WORDS: Mapping[str, Text] = MappingProxyType(
    {
        "title": Text("Zeitverläufe", "Timelines"),
        "note": Text(
            "Wer Zeitverläufe ansieht, steht im Protokoll, bevor etwas gezeigt wird. Zeitverläufe zeigen Stationen, keine Personen.",
            "Whoever looks at timelines stands in the log before anything is shown. Timelines show stations, not people.",
        ),
        "first_day": Text("Erster Tag", "First day"),
        "last_day": Text("Letzter Tag", "Last day"),
        "where": Text("Wo", "Where"),
        "everywhere": Text("alle vereinbarten Stationen", "all agreed stations"),
        "areas": Text("Bereiche und Zellen", "Areas and cells"),
        "stations": Text("Stationen", "Stations"),
        "compare_from": Text("Vergleichen mit dem Zeitraum ab", "Compare with the period from"),
        "show": Text("Zeigen", "Show"),
        "no_stations": Text(
            "Keine Betriebsvereinbarung erlaubt Ihrer Rolle, Zeitverläufe einer Station anzusehen.",
            "No works agreement lets your role see timelines of any station.",
        ),
        "intervals": Text("Intervalle in der Auswahl", "Intervals in the selection"),
        "intervals_hint": Text(
            "Wählen Sie einen Bereich: über die Zeitachse ziehen, oder mit den Pfeiltasten hingehen und Umschalt + Pfeil oder Eingabe drücken.",
            "Select a range: drag along the time axis, or go there with the arrow keys and press Shift + arrow, or Enter.",
        ),
        "start": Text("Beginn", "Start"),
        "confidence": Text("Sicherheit", "Confidence"),
        "corrected": Text("korrigiert", "corrected"),
        "correct": Text("Korrigieren", "Correct"),
        "correct_which": Text(
            "{state} korrigieren, {station}, {start}", "Correct {state}, {station}, {start}"
        ),
        "first_of": Text("Die ersten {n} von {all} Intervallen.", "The first {n} of {all} intervals."),
        "correction": Text("Korrektur", "Correction"),
        "correction_note": Text(
            "Das Original bleibt erhalten. Ihr Konto und der Grund stehen daneben; es zählt die neueste Korrektur.",
            "The original stays. Your account and the reason stand beside it; the newest correction counts.",
        ),
        "new_state": Text("War in Wirklichkeit", "Was in fact"),
        "new_category": Text("Kategorie", "Category"),
        "reserved": Text("keine (unbekannt, nicht erfasst)", "none (unknown, not recorded)"),
        "reason": Text("Grund", "Reason"),
        "reason_hint": Text("Keine Namen von Personen.", "No names of people."),
        "original": Text("Original", "Original"),
        "history": Text("Bisherige Korrekturen", "Corrections so far"),
        "no_history": Text("Noch nicht korrigiert.", "Not corrected yet."),
        "by": Text("{state}, {at}, {account}: {reason}", "{state}, {at}, {account}: {reason}"),
        "sealed": Text(
            "Die Schicht ist versiegelt; dieses Intervall kann nicht mehr korrigiert werden.",
            "The shift is sealed; this interval cannot be corrected any more.",
        ),
        "saved": Text("Korrektur gespeichert.", "Correction saved."),
        "close": Text("Schließen", "Close"),
        "labels_link": Text(
            "Eine eigene Aufnahme als Vergleich beschriften", "Label a recording of your own as a reference"
        ),
        "export": Text("Auswahl als CSV", "Selection as CSV"),
    }
)
