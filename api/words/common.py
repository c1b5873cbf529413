"""Words of every page: frame, menu, problems, and the words that several pages use."""

from collections.abc import Mapping
from types import MappingProxyType

from api.policy import Role
from api.problems import Kind
from consent.agreement.language import Text

WORDS: Mapping[str, Text] = MappingProxyType(
    {
        "skip": Text("Zum Inhalt", "Skip to content"),
        "menu": Text("Menü", "Menu"),
        "language": Text("Sprache", "Language"),
        "in_german": Text("Deutsch", "Deutsch"),
        "in_english": Text("English", "English"),
        "account": Text("Konto", "Account"),
        "sign_in": Text("Anmelden", "Sign in"),
        "sign_out": Text("Abmelden", "Sign out"),
        "home": Text("Start", "Home"),
        "live": Text("Übersicht", "Live wall"),
        "timelines": Text("Zeitverläufe", "Timelines"),
        "studies": Text("Studien", "Studies"),
        "set_up": Text("Stationen einrichten", "Station set-up"),
        "releases": Text("Veröffentlichungen", "Releases"),
        "motion": Text("Bewegungsdaten", "Motion"),
        "self_recording": Text("Selbstaufschreibung", "Self-recording"),
        "worker": Text("Beschäftigte", "For workers"),
        "council": Text("Betriebsrat", "Works council"),
        "agreement": Text("Betriebsvereinbarung", "Works agreement"),
        "administration": Text("Verwaltung", "Administration"),
        "promise": Text(
            "Bilder und Posen werden im Speicher verarbeitet und vergessen; aufbewahrt werden Dauern, und Bewegung nur von denen, die es wollen.",
            "Pictures and poses are processed in memory and forgotten; what is kept are durations, and motion only of those who want it.",
        ),
        "working": Text("Wird ausgeführt …", "Working …"),
        "done": Text("Erledigt.", "Done."),
        "unreachable": Text(
            "Der Server antwortet nicht. Nichts wurde geändert, soweit bekannt; bitte erneut versuchen.",
            "The server does not answer. As far as is known nothing was changed; please try again.",
        ),
        "save": Text("Speichern", "Save"),
        "cancel": Text("Abbrechen", "Cancel"),
        "remove": Text("Entfernen", "Remove"),
        "add": Text("Hinzufügen", "Add"),
        "confirm": Text("Bestätigen", "Confirm"),
        "station": Text("Station", "Station"),
        "state": Text("Zustand", "State"),
        "category": Text("Kategorie", "Category"),
        "duration": Text("Dauer", "Duration"),
        "from": Text("von", "from"),
        "to": Text("bis", "to"),
        "none": Text("keine", "none"),
        "yes": Text("ja", "yes"),
        "no": Text("nein", "no"),
        "problem": Text("Das ging nicht", "That did not work"),
    }
)

ROLES: Mapping[Role, Text] = MappingProxyType(
    {
        Role.ENGINEER: Text("Industrial Engineering", "Industrial engineer"),
        Role.COUNCIL: Text("Betriebsrat", "Works council"),
        Role.WORKER: Text("Terminal einer Station", "Terminal of a station"),
        Role.MANAGER: Text("Betriebsleitung", "Manager"),
        Role.ADMINISTRATOR: Text("Systemverwaltung", "Administrator"),
        Role.LICENSEE: Text("Lizenznehmer", "Licensee"),
    }
)

PROBLEMS: Mapping[Kind, Text] = MappingProxyType(
    {
        Kind.MALFORMED: Text("Der Inhalt ist nicht lesbar", Kind.MALFORMED.title),
        Kind.UNSIGNED: Text("Die Anfrage ist nicht richtig signiert", Kind.UNSIGNED.title),
        Kind.CLOCK: Text("Die Uhr weicht zu weit ab", Kind.CLOCK.title),
        Kind.TOKEN: Text("Das Token fehlt oder ist falsch", Kind.TOKEN.title),
        Kind.SIGNED_OUT: Text("Niemand ist angemeldet", Kind.SIGNED_OUT.title),
        Kind.FORBIDDEN: Text("Ihre Rolle darf das nicht", Kind.FORBIDDEN.title),
        Kind.CREDENTIALS: Text("Name, Passwort oder Code stimmt nicht", Kind.CREDENTIALS.title),
        Kind.INVITATION: Text("Die Einladung ist falsch, benutzt oder abgelaufen", Kind.INVITATION.title),
        Kind.SIGN_IN_AGAIN: Text("Bitte zuerst neu anmelden", Kind.SIGN_IN_AGAIN.title),
        Kind.SECOND_FACTOR: Text("Ein zweiter Faktor ist nötig", Kind.SECOND_FACTOR.title),
        Kind.CSRF: Text("Die Anfrage kam nicht von einer Seite dieses Servers", Kind.CSRF.title),
        Kind.NOT_AGREED: Text("Die Betriebsvereinbarung erlaubt es nicht", Kind.NOT_AGREED.title),
        Kind.CODE: Text("Der Code ist falsch, verbraucht oder abgelaufen", Kind.CODE.title),
        Kind.NOT_FOUND: Text("Unter dieser Adresse gibt es nichts", Kind.NOT_FOUND.title),
        Kind.METHOD: Text("Diese Methode ist hier nicht erlaubt", Kind.METHOD.title),
        Kind.NAME_TAKEN: Text("Der Name ist schon vergeben", Kind.NAME_TAKEN.title),
        Kind.OTHER_BATCH: Text("Unter dieser Nummer liegt etwas anderes", Kind.OTHER_BATCH.title),
        Kind.CONFLICT: Text("Es widerspricht dem, was schon da ist", Kind.CONFLICT.title),
        Kind.TOO_LARGE: Text("Der Inhalt ist zu groß", Kind.TOO_LARGE.title),
        Kind.MEDIA: Text("Diese Art von Inhalt wird hier nicht angenommen", Kind.MEDIA.title),
        Kind.INVALID: Text("Eine Angabe fehlt oder passt nicht", Kind.INVALID.title),
        Kind.PASSWORD: Text("Dieses Passwort geht nicht", Kind.PASSWORD.title),
        Kind.TOO_MANY: Text("Zu viele Anfragen; bitte warten", Kind.TOO_MANY.title),
        Kind.INTERNAL: Text("Der Server hat einen Fehler; nichts wurde geändert", Kind.INTERNAL.title),
        Kind.NO_LOG: Text(
            "Das Protokoll nimmt den Eintrag nicht an; nichts wurde gezeigt oder geändert", Kind.NO_LOG.title
        ),
        Kind.UNAVAILABLE: Text(
            "Die Datenbank antwortet nicht; bitte erneut versuchen", Kind.UNAVAILABLE.title
        ),
    }
)
"""What each problem is called on a page."""
