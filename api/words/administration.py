"""Words of the administration page."""

from collections.abc import Mapping
from types import MappingProxyType

from consent.agreement.language import Text

WORDS: Mapping[str, Text] = MappingProxyType(
    {
        "title": Text("Verwaltung", "Administration"),
        "lead": Text(
            "Betrieb des Servers. Hier gibt es keine Zustände und keine Zeitverläufe zu sehen.",
            "Running the server. There are no states and no timelines to see here.",
        ),
        "plant": Text("Werk", "Plant"),
        "areas": Text("Bereiche und Zellen", "Areas and cells"),
        "no_areas": Text("Noch keine Bereiche.", "No areas yet."),
        "area": Text("Bereich", "Area"),
        "cell": Text("Zelle", "Cell"),
        "name": Text("Name", "Name"),
        "within": Text("liegt im Bereich", "lies in area"),
        "is_area": Text("ist selbst ein Bereich", "is an area itself"),
        "remove_which": Text("{name} entfernen", "Remove {name}"),
        "remove_sure": Text("{name} entfernen?", "Remove {name}?"),
        "stations": Text("Stationen", "Stations"),
        "no_stations": Text("Noch keine Stationen.", "No stations yet."),
        "place": Text("Ort", "Place"),
        "place_of": Text("Ort von {name}", "Place of {name}"),
        "nowhere": Text("kein Ort", "no place"),
        "devices": Text("Geräte", "Devices"),
        "no_devices": Text("Noch kein Gerät ist angemeldet.", "No device is enrolled yet."),
        "device": Text("Gerät", "Device"),
        "health": Text("Zustand", "Health"),
        "heard": Text("Zuletzt gehört", "Last heard"),
        "never": Text("noch nie", "never"),
        "waiting": Text("Wartend", "Waiting"),
        "gaps": Text("Fehlende Stapel", "Missing batches"),
        "is_retired": Text("stillgelegt", "retired"),
        "is_lost": Text("nicht erreichbar", "not heard of"),
        "is_well": Text("meldet sich", "reports"),
        "retire": Text("Stilllegen", "Retire"),
        "retire_which": Text("{name} stilllegen", "Retire {name}"),
        "retire_sure": Text(
            "Von {name} wird dann nichts mehr angenommen. Das lässt sich nicht zurücknehmen.",
            "Nothing more is taken from {name} then. This cannot be undone.",
        ),
        "enrol": Text("Code für ein neues Gerät", "Code for a new device"),
        "enrol_note": Text(
            "Am Gerät: fairtakt edge enroll ADRESSE --code CODE. Der Code gilt einmal, 24 Stunden lang.",
            "At the device: fairtakt edge enroll URL --code CODE. The code is good once, for 24 hours.",
        ),
        "accounts": Text("Konten", "Accounts"),
        "accounts_note": Text(
            "Ein Konto ist ein Amt oder ein Terminal und muss keinen Personennamen tragen.",
            "An account is an office or a terminal and need not bear a person's name.",
        ),
        "council_note": Text(
            "Konten des Betriebsrats werden nur auf der Maschine des Servers angelegt und geändert: "
            "fairtakt account.",
            "Accounts of the works council are made and changed on the server's machine only: fairtakt account.",
        ),
        "on_machine": Text("nur auf der Maschine des Servers", "on the server's machine only"),
        "account_name": Text("Name des Kontos", "Name of the account"),
        "role": Text("Rolle", "Role"),
        "of_station": Text("Station (nur Terminal)", "Station (terminals only)"),
        "no_station": Text("keine", "none"),
        "ways_in": Text("Anmeldung", "Sign-in"),
        "has_password": Text("Passwort", "password"),
        "has_second": Text("zweiter Faktor", "second factor"),
        "has_provider": Text("Identitätsdienst", "identity provider"),
        "nothing_yet": Text("noch nicht eingerichtet", "not set up yet"),
        "is_disabled": Text("geschlossen", "closed"),
        "new_account": Text("Neues Konto", "New account"),
        "make_account": Text("Anlegen", "Make it"),
        "invite": Text("Neuer Code", "New code"),
        "reset": Text("Zurücksetzen", "Reset"),
        "reset_sure": Text(
            "Passwort und zweite Faktoren von {name} werden gelöscht und alle Anmeldungen beendet.",
            "Password and second factors of {name} are erased and all its sign-ins end.",
        ),
        "disable": Text("Schließen", "Close"),
        "enable": Text("Öffnen", "Open"),
        "act_on": Text("{act}: {name}", "{act}: {name}"),
        "code_is": Text("Einmal-Code, gültig {hours} Stunden:", "One-time code, valid for {hours} hours:"),
        "code_note": Text(
            "Er wird nur jetzt gezeigt. Einlösen unter /invitation.",
            "It is shown only now. It is redeemed at /invitation.",
        ),
        "calendar": Text("Schichtkalender", "Shift calendar"),
        "calendar_none": Text(
            "Kein Kalender: Schichten gelten dann als ganze Kalendertage.",
            "No calendar: whole calendar days then count as shifts.",
        ),
        "calendar_is": Text(
            "{n} Schichten liegen vor uns; die nächste: {name}, {at}. Die letzte: {last}.",
            "{n} shifts lie ahead; the next: {name}, {at}. The last: {last}.",
        ),
        "calendar_file": Text("Kalender (.ics)", "Calendar (.ics)"),
        "calendar_from": Text("ersetzt Schichten ab", "replaces shifts from"),
        "calendar_to": Text("bis vor", "to before"),
        "calendar_import": Text("Einlesen", "Import"),
        "calendar_done": Text("{n} Schichten eingelesen.", "{n} shifts imported."),
        "choose_file": Text("Bitte eine Datei wählen.", "Please choose a file."),
        "backup": Text("Sicherung", "Backup"),
        "backup_note": Text(
            "Eine Sicherung läuft auf der Maschine des Servers, während er läuft; Schlüssel sind nicht darin.",
            "A backup is made on the server's machine while it runs; it holds no keys.",
        ),
    }
)
