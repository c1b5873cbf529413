"""The checks of an audit: their numbers, what each asks, what it counts; in the order of the work."""

from dataclasses import dataclass
from enum import IntEnum

from consent.agreement.language import Text


class Check(IntEnum):
    """Number of a check; it stands in each finding and never changes its meaning."""

    CHECKPOINT = 1
    TREE = 2
    EARLIER = 3
    SCHEMA = 4
    TIMES = 5
    AUTHORITY = 6
    AGREEMENTS = 7
    RECORDINGS = 8
    WITNESS = 9
    CONSENT = 10
    MOTION = 11
    SHREDDING = 12
    ROYALTIES = 13
    RELEASES = 14
    ACCESS = 15


@dataclass(frozen=True, slots=True)
class Question:
    """What a check asks, in both languages, and the name of what it looks at."""

    text: Text
    counted: Text


QUESTIONS: dict[Check, Question] = {
    Check.CHECKPOINT: Question(
        Text(
            de="Ist das Protokoll von seinem Schlüssel unterschrieben und von den Zeugen mitunterschrieben?",
            en="Is the log signed with its key, and co-signed by the witnesses?",
        ),
        Text("geprüfte Unterschriften", "signatures verified"),
    ),
    Check.TREE: Question(
        Text(
            de="Passt jeder Eintrag und jeder Hashwert zur unterschriebenen Wurzel?",
            en="Does every entry and every hash fit the root that was signed?",
        ),
        Text("Einträge", "entries"),
    ),
    Check.EARLIER: Question(
        Text(
            de="Setzt das Protokoll jeden früheren Prüfpunkt fort?",
            en="Does the log continue every earlier checkpoint?",
        ),
        Text("frühere Prüfpunkte", "earlier checkpoints"),
    ),
    Check.SCHEMA: Question(
        Text(
            de="Sagt jeder Eintrag etwas, das Einträge sagen dürfen, und nichts weiter?",
            en="Does each entry say what entries may say, and nothing more?",
        ),
        Text("Einträge", "entries"),
    ),
    Check.TIMES: Question(
        Text(
            de="Passen alle Zeiten zueinander, ohne rückdatierte Einträge?",
            en="Do all times fit each other, without an entry that was back-dated?",
        ),
        Text("Zeitangaben", "times"),
    ),
    Check.AUTHORITY: Question(
        Text(
            de="Hat jede Handlung unterschrieben, wer dazu befugt war?",
            en="Was each act signed by whoever had the authority?",
        ),
        Text("Handlungen", "acts"),
    ),
    Check.AGREEMENTS: Question(
        Text(
            de="Sind die Vereinbarungen zulässig, von beiden unterschrieben und richtig in Kraft gesetzt?",
            en="Are the agreements lawful in form, signed by both, and put into force correctly?",
        ),
        Text("Schritte von Vereinbarungen", "steps of agreements"),
    ),
    Check.RECORDINGS: Question(
        Text(
            de="Wurde nur erfasst, was, wo, wann und wie lange es vereinbart war?",
            en="Was only recorded what was agreed, where, when and for as long as agreed?",
        ),
        Text("Erfassungen", "recordings"),
    ),
    Check.WITNESS: Question(
        Text(
            de="War der Zeuge des Betriebsrats während der Erfassungen wie vereinbart zugegen?",
            en="Was the works council's witness present during recordings as agreed?",
        ),
        Text("Erfassungen", "recordings"),
    ),
    Check.CONSENT: Question(
        Text(
            de="Sind Einwilligungen von den Beschäftigten selbst und im Rahmen der Vereinbarung gegeben?",
            en="Were consents given by the workers themselves and within the agreement?",
        ),
        Text("Schritte von Einwilligungen", "steps of consents"),
    ),
    Check.MOTION: Question(
        Text(
            de="Wurden Bewegungsdaten nur mit einer gültigen Einwilligung behalten und genutzt?",
            en="Was motion kept and used only under a consent in force?",
        ),
        Text("behaltene und genutzte Abschnitte", "segments kept and used"),
    ),
    Check.SHREDDING: Question(
        Text(
            de="Wurden Bewegungsdaten nach Widerruf oder Ablauf rechtzeitig vernichtet?",
            en="Was motion destroyed in time after a withdrawal or expiry?",
        ),
        Text("vernichtete Abschnitte", "segments destroyed"),
    ),
    Check.ROYALTIES: Question(
        Text(
            de="Wurde jede Nutzung zuvor protokolliert und wie vereinbart vergütet?",
            en="Was each use logged beforehand, and booked as royalty as agreed?",
        ),
        Text("Nutzungen und Buchungen", "uses and bookings"),
    ),
    Check.RELEASES: Question(
        Text(
            de="Beruhen veröffentlichte Zahlen auf genügend großen Gruppen?",
            en="Do released figures rest on groups that are large enough?",
        ),
        Text("Veröffentlichungen", "releases"),
    ),
    Check.ACCESS: Question(
        Text(
            de="Hat nur eingesehen, wer nach der Vereinbarung einsehen darf?",
            en="Did only those look who may look under the agreement?",
        ),
        Text("Einsichten", "views"),
    ),
}
