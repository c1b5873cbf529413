"""Words of the page for workers."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from capture.motion.channel import Ending
from consent.agreement.language import Text
from consent.entries.vocabulary import ShreddedBecause
from storage.sql.uses import UseState

WORDS: Mapping[str, Text] = MappingProxyType(
    {
        "title": Text("Für Beschäftigte", "For workers"),
        "what_now": Text("Was hier gerade geschieht", "What happens here now"),
        "what": Text("Was an dieser Station aufgezeichnet wird", "What is recorded at this station"),
        "kept": Text(
            "Aufbewahrt wird nur, wie lange ein Zustand der Station dauerte. Bilder und Haltungen werden im Speicher verarbeitet und sofort vergessen. Niemand wird erkannt.",
            "All that is kept is how long a state of the station lasted. Pictures and poses are processed in memory and forgotten at once. Nobody is recognised.",
        ),
        "kept_motion": Text(
            "Bewegung wird nur von denen aufbewahrt, die eingewilligt und hier eingecheckt haben.",
            "Motion is kept only of those who have consented and checked in here.",
        ),
        "not_described": Text(
            "Für diese Station ist nichts eingerichtet; sie kann nicht aufzeichnen.",
            "Nothing is set up for this station; it cannot record.",
        ),
        "agreed": Text("Was vereinbart ist", "What was agreed"),
        "not_agreed": Text(
            "Keine Betriebsvereinbarung gilt für diese Station: hier darf nichts aufgezeichnet werden.",
            "No works agreement covers this station: nothing may be recorded here.",
        ),
        "unknown_agreed": Text(
            "Was vereinbart ist, kann gerade nicht gelesen werden. Im Zweifel zeichnet kein Gerät auf.",
            "What was agreed cannot be read now. In doubt no device records.",
        ),
        "own": Text("Selbst aufgeschriebene Zeiten", "Self-recorded times"),
        "own_link": Text("Zur Selbstaufschreibung", "To self-recording"),
        "own_note": Text(
            "Aufgeschrieben wird für die Station, ohne Namen.",
            "Times are noted for the station, without a name.",
        ),
        "consent": Text("Einwilligung zu Bewegungsdaten", "Consent to motion"),
        "consent_note": Text(
            "Freiwillig. Ein Nein oder ein Widerruf ändert nichts an der Arbeit, und niemand fragt nach dem Grund. Sie brauchen den Code von Ihrem Blatt.",
            "Voluntary. A no or a withdrawal changes nothing at work, and nobody asks why. You need the code from your sheet.",
        ),
        "not_yet": Text(
            "Bewegung wird derzeit von keinem Gerät aufbewahrt; die Einwilligung wird nur festgehalten.",
            "No device keeps motion at present; consent is only put on record.",
        ),
        "token": Text("Ihr Code", "Your code"),
        "token_hint": Text(
            "33 Buchstaben und Ziffern. Er wird nicht gespeichert; verlassen Sie danach diese Seite.",
            "33 letters and digits. It is not stored; leave this page afterwards.",
        ),
        "look": Text("Ansehen", "Look"),
        "forget": Text("Fertig, Code vergessen", "Done, forget the code"),
        "asked": Text("Sie werden gefragt", "You are asked"),
        "where": Text("An welchen Stationen?", "At which stations?"),
        "what_for": Text("Wofür?", "What for?"),
        "how_long": Text("Für wie viele Tage? Höchstens {n}", "For how many days? At most {n}"),
        "say_yes": Text("Ja, ich willige ein", "Yes, I consent"),
        "say_no": Text("Nein", "No"),
        "choose": Text(
            "Bitte mindestens eine Station und einen Zweck wählen.",
            "Please choose at least one station and one purpose.",
        ),
        "said_yes": Text(
            "Ihr Ja ist eingereicht. Es gilt, sobald es im Protokoll steht; dann gibt es die Quittung.",
            "Your yes is handed in. It holds once it stands in the log; then there is a receipt.",
        ),
        "said_no": Text(
            "Ihr Nein ist eingereicht. Nichts wird aufbewahrt.", "Your no is handed in. Nothing is kept."
        ),
        "yours": Text("Ihre Einwilligungen", "Your consents"),
        "none_yours": Text(
            "Unter diesem Code steht nichts im Protokoll.", "The log says nothing under this code."
        ),
        "until": Text("bis", "until"),
        "in_force": Text("in Kraft", "in force"),
        "withdraw": Text("Alles widerrufen", "Withdraw everything"),
        "recognised": Text(
            "Bevor Sie antworten: An der Art, sich zu bewegen, kann man Menschen wiedererkennen, auch ohne Bild "
            "und ohne Namen. Darum wird Bewegung verschlüsselt aufbewahrt und nur genutzt, wofür Sie Ja sagen. "
            "Was schon herausgegeben wurde, lässt sich nicht zurückholen.",
            "Before you answer: people can be recognised by how they move, even without a picture and without a "
            "name. So motion is kept encrypted, and used only for what you say yes to. What was handed out "
            "already cannot be called back.",
        ),
        "withdraw_title": Text("Widerrufen", "Withdraw"),
        "withdraw_what": Text("Das geschieht, wenn Sie drücken:", "This happens when you press:"),
        "withdraw_stops": Text(
            "Ab sofort wird nichts mehr von Ihnen aufbewahrt, auch wenn Sie gerade eingecheckt sind.",
            "From now on nothing of you is kept, also if you are checked in just now.",
        ),
        "withdraw_keys": Text(
            "Die Schlüssel zu dem, was aufbewahrt wurde, werden innerhalb einer Stunde vernichtet. Danach kann "
            "es niemand mehr öffnen, auch Sie nicht. Was Sie behalten wollen, nehmen Sie vorher mit.",
            "The keys to what was kept are destroyed within an hour. After that nobody can open it, not even "
            "you. Take along first what you want to keep.",
        ),
        "withdraw_stays": Text(
            "Was vorher erlaubt genutzt wurde, bleibt erlaubt; was Ihnen dafür zusteht, bekommen Sie. Modelle, "
            "die schon trainiert sind, verlernen nichts; sie werden als solche geführt.",
            "What was lawfully used before stays lawful, and what is owed to you for it is paid. Models that are "
            "trained already do not unlearn; they are listed as such.",
        ),
        "withdraw_work": Text("An Ihrer Arbeit ändert sich nichts.", "Nothing changes at work."),
        "withdrawn": Text(
            "Widerrufen. Es gilt sofort: Nichts mehr von Ihnen wird aufbewahrt oder genutzt.",
            "Withdrawn. It counts at once: nothing more of you is kept or used.",
        ),
        "keys_waiting": Text(
            "Die Schlüssel werden jetzt vernichtet; dass es geschehen ist, steht gleich hier und im Protokoll.",
            "The keys are being destroyed now; that it has happened will stand here and in the log shortly.",
        ),
        "keys_gone": Text(
            "Schlüssel vernichtet am {day}: {n} Abschnitte, Grund: {because}. Protokoll-Nr. {entry}.",
            "Keys destroyed on {day}: {n} segments, because: {because}. Log entry {entry}.",
        ),
        "receipt": Text("Quittung speichern", "Save the receipt"),
        "receipt_note": Text(
            "Zwei Dateien, mit denen Sie Ihr Ja noch nach Jahren beweisen können: fairtakt grant check.",
            "Two files with which you can prove your yes for years: fairtakt grant check.",
        ),
        "state_requested": Text("gefragt", "asked"),
        "state_given": Text("eingewilligt", "given"),
        "state_refused": Text("abgelehnt", "refused"),
        "state_withdrawn": Text("widerrufen", "withdrawn"),
        "state_expired": Text("abgelaufen", "expired"),
        "state_renewed": Text("ersetzt", "replaced"),
        "no_log": Text(
            "Dieser Server hat kein Protokoll; hier kann niemand einwilligen oder widerrufen.",
            "This server has no log; nobody can consent or withdraw here.",
        ),
        "motion_title": Text("Meine Bewegung", "My motion"),
        "motion_note": Text(
            "Nur mit Ihrem Code zu sehen. Auch ein Blick auf die eigene Bewegung steht im Protokoll, ohne Namen.",
            "Seen with your code alone. A look at one's own motion stands in the log too, without a name.",
        ),
        "kept_of_you": Text("Was von Ihnen aufbewahrt wird", "What is kept of you"),
        "kept_nothing": Text("Von Ihnen wird keine Bewegung aufbewahrt.", "No motion of you is kept."),
        "kept_total": Text("{station}: {span}", "{station}: {span}"),
        "piece": Text("{time} · {station} · {span}", "{time} · {station} · {span}"),
        "watch": Text("Ansehen", "Watch"),
        "take": Text("Mitnehmen", "Take along"),
        "show_all": Text("Alle {n} zeigen", "Show all {n}"),
        "take_format": Text("Dateiformat zum Mitnehmen", "Format to take along"),
        "take_hint": Text(
            "Eine ZIP-Datei. Speichern Sie sie auf einem eigenen Datenträger: Dieser Bildschirm gehört allen.",
            "A ZIP file. Save it on a medium of your own: this screen is everybody's.",
        ),
        "taken": Text("Ihre Bewegung ist als Datei gespeichert.", "Your motion is saved as a file."),
        "opening": Text(
            "Der Blick wird ins Protokoll eingetragen und gegengezeichnet …",
            "The look is being logged and co-signed …",
        ),
        "figure": Text("Strichfigur, die sich bewegt wie Sie", "A stick figure that moves as you did"),
        "play": Text("Abspielen", "Play"),
        "pause": Text("Anhalten", "Pause"),
        "previous": Text("Voriger Abschnitt", "Previous segment"),
        "next": Text("Nächster Abschnitt", "Next segment"),
        "place_in_time": Text("Stelle", "Position"),
        "part_of": Text("Abschnitt {n} von {all}, {station}", "Segment {n} of {all}, {station}"),
        "seconds_of": Text("{at} s von {all} s", "{at} s of {all} s"),
        "close": Text("Schließen", "Close"),
        "watched_entry": Text(
            "Dass Sie sich Ihre Bewegung angesehen haben, steht im Protokoll, Nr. {n}.",
            "That you looked at your motion stands in the log, entry {n}.",
        ),
        "used_title": Text("Wofür sie genutzt wurde", "What it was used for"),
        "used_nothing": Text(
            "Ihre Bewegung wurde bisher von niemandem genutzt.", "Nobody has used your motion so far."
        ),
        "used_by": Text("{purpose}, durch {who}", "{purpose}, by {who}"),
        "the_plant": Text("das Werk selbst", "the plant itself"),
        "used_facts": Text("{time} · {span} · {state}", "{time} · {span} · {state}"),
        "used_entry": Text("Protokoll-Nr. {n}", "log entry {n}"),
        "used_models": Text("Modelle: {names}", "Models: {names}"),
        "no_models": Text("kein Modell gemeldet", "no model reported"),
        "destroyed_title": Text("Was vernichtet ist", "What is destroyed"),
        "check_in_title": Text("Hier einchecken", "Check in here"),
        "check_in_note": Text(
            "Erst wenn Sie einchecken, wird an dieser Station Bewegung von Ihnen aufbewahrt: solange Sie allein "
            "dort sind und ohne Unterbrechung im Bild, und höchstens für die gewählte Zeit.",
            "Only when you check in, motion of you is kept at this station: as long as you are alone there and "
            "in view without a break, and at most for the time that you choose.",
        ),
        "minutes": Text("Für wie viele Minuten? Höchstens {n}", "For how many minutes? At most {n}"),
        "check_in": Text("Einchecken", "Check in"),
        "check_out": Text("Auschecken", "Check out"),
        "check_out_note": Text(
            "Auschecken geht jederzeit und ohne Code.", "Checking out works at any time, without a code."
        ),
        "session_title": Text("Eingecheckt", "Checked in"),
        "session_waiting": Text(
            "Das Gerät an der Station hat noch nichts gesagt. Treten Sie an die Station.",
            "The device at the station has said nothing yet. Step to the station.",
        ),
        "session_running": Text("Ihre Bewegung wird jetzt aufbewahrt.", "Your motion is being kept now."),
        "session_over": Text("Zu Ende: {why}.", "Over: {why}."),
        "session_not_begun": Text("Nicht begonnen: {why}.", "Not begun: {why}."),
        "session_unknown": Text(
            "Wie es steht, ist gerade nicht zu erfahren. Im Zweifel bitte auschecken.",
            "How it stands cannot be found out now. If in doubt, please check out.",
        ),
        "session_silent": Text(
            "Das Gerät hat sich nicht gemeldet. Im Zweifel bitte auschecken.",
            "The device has not answered. If in doubt, please check out.",
        ),
        "session_none": Text(
            "Das Gerät hat sich nicht gemeldet: Es wird nichts aufbewahrt.",
            "The device has not answered: nothing is kept.",
        ),
        "session_close": Text("Verstanden", "Understood"),
        "royalties_title": Text("Meine Vergütung", "My royalties"),
        "royalties_nothing": Text(
            "Noch ist nichts gebucht. Eine Abrechnung gibt es trotzdem: Sie sagt genau das.",
            "Nothing is booked yet. There is a statement all the same: it says just that.",
        ),
        "owed": Text("Ihnen steht zu", "Owed to you"),
        "outstanding": Text("davon noch nicht ausgezahlt", "of it not yet paid"),
        "earned": Text("bisher verdient", "earned so far"),
        "bookings": Text("Buchungen", "Bookings"),
        "booking_line": Text("{amount} · {time}", "{amount} · {time}"),
        "booking_id": Text("Buchung {n}", "Booking {n}"),
        "statement": Text("Abrechnung", "Statement"),
        "statement_hint": Text(
            "Ganze Tage, beide mitgezählt. Die ZIP-Datei enthält alles und zu jeder Nutzung den Nachweis.",
            "Whole days, both included. The ZIP file holds all of it, and the proof of each use.",
        ),
        "first_day": Text("vom", "from"),
        "last_day": Text("bis zum", "to"),
        "form": Text("als", "as"),
        "form_html": Text("Seite (HTML)", "Page (HTML)"),
        "form_pdf": Text("PDF", "PDF"),
        "form_json": Text("JSON für Programme", "JSON for programs"),
        "form_zip": Text("alles mit Nachweisen (ZIP)", "all of it with proofs (ZIP)"),
        "get_statement": Text("Abrechnung speichern", "Save the statement"),
        "statement_saved": Text("Die Abrechnung ist gespeichert.", "The statement is saved."),
        "dispute_title": Text("Etwas stimmt nicht", "Something is wrong"),
        "dispute_note": Text(
            "Sie widersprechen einer Buchung. Sie bekommen eine Antwort: eine Ablehnung mit Grund, oder die "
            "Buchung wird im Ganzen storniert und richtig neu gebucht.",
            "You dispute a booking. You get an answer: a rejection with a reason, or the booking is reversed as a "
            "whole and booked anew as it is right.",
        ),
        "dispute_booking": Text("Welche Buchung?", "Which booking?"),
        "dispute_reason": Text("Warum?", "Why?"),
        "dispute": Text("Widersprechen", "Dispute it"),
        "disputed": Text("Ihr Einwand ist festgehalten.", "Your dispute is on record."),
        "disputes": Text("Ihre Einwände", "Your disputes"),
        "dispute_open": Text("noch keine Antwort", "no answer yet"),
    }
)

USE_STATES: Mapping[StrEnum, Text] = MappingProxyType(
    {
        UseState.LOGGED: Text("im Protokoll", "logged"),
        UseState.EXPORTED: Text("herausgegeben, wird gebucht", "exported, being booked"),
        UseState.BOOKED: Text("herausgegeben und vergütet", "handed out and paid for"),
        UseState.ROLLED_BACK: Text(
            "nicht zustande gekommen, trotzdem vergütet", "came to nothing, paid for all the same"
        ),
    }
)
BECAUSE: Mapping[StrEnum, Text] = MappingProxyType(
    {
        ShreddedBecause.WITHDRAWN: Text("Einwilligung widerrufen", "consent withdrawn"),
        ShreddedBecause.EXPIRED: Text("Einwilligung abgelaufen", "consent expired"),
        ShreddedBecause.RETENTION: Text("Aufbewahrungsfrist vorbei", "retention over"),
        ShreddedBecause.ENDED: Text("Betriebsvereinbarung beendet", "agreement ended"),
    }
)
RUNNING = "motion is being kept"
"""What a recorder says of a check-in while its session runs (`cli.motion`); then an `Ending`."""
NOT_BEGUN = "not begun: "
TIME_OVER = str(Ending.TIME)
SESSION: Mapping[str, Text] = MappingProxyType(
    {
        Ending.TIME: Text(
            "die Zeit ist um, oder Sie haben ausgecheckt", "the time is over, or you checked out"
        ),
        Ending.SECOND_PERSON: Text(
            "vielleicht ist noch jemand an der Station", "somebody else may be at the station"
        ),
        Ending.LOST: Text("Sie waren nicht mehr zu sehen", "you were lost from sight"),
        Ending.NOBODY: Text("niemand ist an der Station", "nobody is at the station"),
        Ending.NOT_THERE: Text(
            "seit dem Einchecken war niemand ununterbrochen im Bild",
            "nobody was in view without a break since the check-in",
        ),
        Ending.UNSURE: Text("zu lange war nicht sicher, ob Sie es sind", "it was not certain for too long"),
        Ending.GAP: Text("Bilder fehlen", "pictures are missing"),
        Ending.STOP: Text("das Gerät hat die Aufzeichnung beendet", "the recorder stopped"),
        Ending.NOT_PERMITTED: Text("es ist nicht mehr erlaubt", "it is not permitted any more"),
        Ending.REFUSED: Text(
            "die Station darf nicht aufgezeichnet werden", "the station may not be recorded"
        ),
        Ending.FAILED: Text("ein Fehler im Gerät", "a fault in the device"),
        "the worker checked in anew": Text("Sie haben neu eingecheckt", "you checked in anew"),
        "somebody else checked in": Text("jemand anders hat eingecheckt", "somebody else checked in"),
        "the station is not recorded": Text(
            "die Station wird gerade nicht aufgezeichnet", "the station is not being recorded now"
        ),
    }
)
"""Why a session is over, or has not begun; other reasons are shown as the recorder says them."""
