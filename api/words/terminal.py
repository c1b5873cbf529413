"""Words of the self-recording terminal, and what the states on its tiles are called."""

from collections.abc import Mapping
from types import MappingProxyType

from consent.agreement.language import Text

WORDS: Mapping[str, Text] = MappingProxyType(
    {
        "title": Text("Selbstaufschreibung", "Self-recording"),
        "lead": Text(
            "Tippen Sie an, was gerade ist, und noch einmal, wenn es vorbei ist. Niemand wird nach dem Namen gefragt.",
            "Press what is going on, and press again when it is over. Nobody is asked for a name.",
        ),
        "no_station": Text(
            "Dieses Konto gehört zu keiner Station. Die Systemverwaltung weist ihm eine zu.",
            "This account belongs to no station. The administrator assigns one.",
        ),
        "irregular": Text("Unregelmäßig", "Irregular"),
        "periodical": Text("Periodisch", "Periodical"),
        "running": Text("läuft seit {time}", "for {time} now"),
        "stop": Text("Beenden", "Stop"),
        "nothing": Text("Nichts wird gerade aufgeschrieben.", "Nothing is being recorded now."),
        "now": Text("{state} läuft", "{state} is going on"),
        "discard": Text("Verwerfen, war ein Versehen", "Discard, it was a mistake"),
        "discarded": Text("Verworfen.", "Discarded."),
        "kept": Text("{state}: {time} festgehalten.", "{state}: {time} noted."),
        "waiting": Text(
            "{n} Einträge warten auf die Verbindung zum Server; sie gehen nicht verloren.",
            "{n} entries wait for the connection to the server; they are not lost.",
        ),
        "all_sent": Text("Alles ist gesendet.", "Everything is sent."),
        "sign_in_again": Text(
            "Die Anmeldung des Terminals ist abgelaufen. {n} Einträge warten; nach neuer Anmeldung werden sie gesendet.",
            "The terminal's sign-in has ended. {n} entries wait; they are sent after signing in again.",
        ),
        "refused": Text(
            "Der Server nimmt Einträge nicht an: {why}. Sie bleiben hier.",
            "The server does not take entries: {why}. They stay here.",
        ),
        "set_aside": Text("Vom Server abgelehnt: {n} Einträge", "Refused by the server: {n} entries"),
        "rest_sent": Text("Alles andere ist gesendet.", "Everything else is sent."),
        "retry": Text("Noch einmal senden", "Send again"),
        "discard_refused": Text("Diese Einträge verwerfen", "Discard these entries"),
        "clock_was_set": Text(
            "Die Uhr des Terminals wurde gestellt. Was lief, ist nicht festgehalten.",
            "The terminal's clock was set. What was going on is not noted.",
        ),
        "today": Text("Heute an dieser Station aufgeschrieben", "Recorded at this station today"),
        "none_today": Text("Heute noch nichts.", "Nothing yet today."),
        "number": Text("Anzahl", "Number"),
        "total": Text("Summe", "Total"),
        "switch_note": Text(
            "Ein anderer Zustand beendet den laufenden.", "Another state ends the one that is going on."
        ),
    }
)

STATES: Mapping[str, Text] = MappingProxyType(
    {
        "cell feeding": Text("Zelle versorgen", "Cell feeding"),
        "group meeting": Text("Gruppen\u00adbesprechung", "Group meeting"),
        "planned break": Text("Geplante Pause", "Planned break"),
        "cleaning": Text("Reinigung", "Cleaning"),
        "breakdown": Text("Störung der Anlage", "Breakdown"),
        "missing material": Text("Material fehlt", "Missing material"),
        "missing order": Text("Auftrag fehlt", "Missing order"),
        "rework": Text("Nacharbeit", "Rework"),
        "searching": Text("Suchen", "Searching"),
        "consultation": Text("Rück\u00adsprache", "Consultation"),
    }
)
"""States of the default hierarchy that workers note themselves. Absence is not among them: a terminal that asks
nobody's name must not ask who is ill either."""
