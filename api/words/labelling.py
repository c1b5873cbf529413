"""Words of the page on which a recording of one's own is labelled."""

from collections.abc import Mapping
from types import MappingProxyType

from consent.agreement.language import Text

WORDS: Mapping[str, Text] = MappingProxyType(
    {
        "title": Text("Eigene Aufnahme beschriften", "Label a recording of your own"),
        "lead": Text(
            "Für Übereinstimmungsstudien: Spielen Sie eine Aufnahme ab, die Sie selbst zeigt, und drücken Sie bei jedem Wechsel die Taste des Zustands.",
            "For agreement studies: play a recording that shows yourself, and press the key of each state as it begins.",
        ),
        "stays": Text(
            "Die Aufnahme bleibt in diesem Browser; sie wird nicht hochgeladen. Nur die Beschriftung können Sie speichern.",
            "The recording stays in this browser; it is not uploaded. Only the labels can be saved.",
        ),
        "file": Text("Aufnahme (Videodatei)", "Recording (video file)"),
        "states": Text("Zustände und ihre Tasten", "States and their keys"),
        "states_hint": Text("Ein Zustand je Zeile, höchstens neun.", "One state a line, nine at most."),
        "use": Text("Übernehmen", "Use these"),
        "speed": Text("Geschwindigkeit", "Speed"),
        "play": Text("Abspielen oder anhalten (Leertaste)", "Play or pause (space)"),
        "back": Text("5 s zurück (Pfeil links)", "5 s back (left arrow)"),
        "forward": Text("5 s vor (Pfeil rechts)", "5 s on (right arrow)"),
        "undo": Text("Letzten Wechsel zurücknehmen (Rücktaste)", "Take the last change back (Backspace)"),
        "labels": Text("Beschriftung", "Labels"),
        "no_labels": Text("Noch nichts beschriftet.", "Nothing is labelled yet."),
        "begin": Text("Beginn (s)", "Start (s)"),
        "end": Text("Ende (s)", "End (s)"),
        "download": Text("Als CSV speichern", "Save as CSV"),
        "download_hint": Text(
            "state, start_s, end_s: so liest sie die Studie und fairtakt evaluate.",
            "state, start_s, end_s: as studies and fairtakt evaluate read it.",
        ),
        "cannot_play": Text(
            "Dieser Browser kann die Datei nicht abspielen.", "This browser cannot play the file."
        ),
        "too_many": Text("Höchstens neun Zustände haben eine Taste.", "Nine states at most have a key."),
        "twice": Text("Ein Zustand steht zweimal da.", "A state stands there twice."),
        "now": Text("{state} ab {time} s", "{state} from {time} s"),
        "removed": Text("Zurückgenommen.", "Taken back."),
        "known": Text("Vorschläge", "Suggestions"),
    }
)
