"""Every word that a statement of royalties prints, in German and English side by side."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from consent.agreement.language import Text
from consent.agreement.vocabulary import RoyaltyUnit
from consent.royalties.disputes import DisputeReason, Outcome, RejectionReason
from consent.royalties.journal import State

TITLE = Text("Vergütung für Bewegungsdaten", "Royalties for motion")
SUBTITLE = Text("Abrechnung vom {first} bis {last}", "Statement from {first} to {last}")
PAGE = Text("Seite", "Page")

PSEUDONYM = Text("Pseudonym", "Pseudonym")
SITE = Text("Werk", "Plant")
CURRENCY = Text("Währung", "Currency")
TIMES = Text("Zeiten in", "Times in")

BALANCE = Text("Kontostand", "Balance")
OPENING = Text("Stand zu Beginn", "Opening balance")
EARNED = Text("+ aus Nutzungen", "+ from uses")
CORRECTED = Text("− Stornos", "− corrections")
PAID = Text("− ausgezahlt", "− paid")
CLOSING = Text("= Stand am Ende", "= closing balance")
OUTSTANDING = Text("Noch auszuzahlen", "Still to be paid")
OVERPAID = Text(
    "Es wurde schon mehr ausgezahlt, als richtig war: {amount}. Das wird mit der nächsten Auszahlung "
    "verrechnet.",
    "More was paid before than was right: {amount}. It counts towards the next payout.",
)
CARRIED = Text(
    "Nicht ausgezahlt und vorgetragen am {days}: weniger als der vereinbarte Mindestbetrag, oder es ist kein "
    "Bankkonto bekannt. Der Anspruch bleibt.",
    "Not paid and carried over on {days}: less than the agreed threshold, or no bank account is known. "
    "It stays owed.",
)

NOTHING_TITLE = Text("Nichts zu berichten", "Nothing to report")
NOTHING = Text(
    "In diesem Zeitraum wurde keine Bewegung von Ihnen genutzt, nichts storniert und nichts ausgezahlt. "
    "Es ist nichts offen.",
    "In this period none of your motion was used, nothing was corrected and nothing was paid. "
    "Nothing is owed.",
)
NO_USE = Text("In diesem Zeitraum wurde keine Bewegung von Ihnen genutzt.", "None of your motion was used.")

USES = Text("Nutzungen", "Uses")
USE_OF = Text("Nutzung, gebucht am {time}", "Use, booked on {time}")
YOUR_PART = Text("Ihr Anteil", "Your part")
HOW = Text("So gerechnet", "How it was computed")
LICENSEE = Text("Lizenznehmer", "Licensee")
THE_PLANT = Text("das Werk selbst", "the plant itself")
PURPOSE = Text("Zweck", "Purpose")
UNITS = Text("Menge", "Units")
RATE = Text("Satz", "Rate")
GROSS = Text("Brutto", "Gross")
DEDUCTION = Text("− Abzug: {name}", "− deduction: {name}")
NET = Text("Netto", "Net")
ALL_WORKERS = Text("Davon alle Beschäftigten", "Of it, all workers")
MODEL = Text("Modell (Prüfsumme)", "Model (hash)")
NO_MODEL = Text("keines genannt", "none named")
SEGMENTS = Text("Ihre Abschnitte", "Your segments")
CARD = Text("Satzblatt (Vereinbarung)", "Rate card (agreement)")
USE_ID = Text("Nutzung", "Use")
LOG_INDEX = Text("Nummer im Protokoll", "Log index")
BOOKING = Text("Buchung", "Booking")
STATE = Text("Stand", "State")
PROOF = Text("Nachweis", "Proof file")
DISPUTE = Text("Einwand", "Dispute")
ANSWER = Text("Antwort", "Answer")
NO_ANSWER = Text("noch keine", "none yet")

CORRECTIONS = Text("Stornos", "Corrections")
PAYMENTS = Text("Auszahlungen", "Payments")
DISPUTES = Text("Einwände", "Disputes")
DATE = Text("Datum", "Date")
AMOUNT = Text("Betrag", "Amount")
REFERENCE = Text("Kennung", "Reference")
BOOKINGS = Text("Buchungen", "Bookings")
REASON = Text("Grund", "Reason")

CHECK = Text("Nachrechnen und prüfen", "Check it yourself")
WEIGHTS = Text(
    "Ihr Anteil ist Ihre Zeit, geteilt durch die Zeit aller. Steht hinter einem Abschnitt ein Gewicht, so "
    "zählt er Zeit mal Gewicht; ohne Angabe ist es 1.",
    "Your part is your time, divided by the time of all. Where a weight stands behind a segment, it counts "
    "time times weight; without one it is 1.",
)
ROUNDING = Text(
    "Beträge werden auf die kleinste Münze gerundet, und zwar so, dass alle Anteile einer Nutzung zusammen "
    "genau den Nettobetrag ergeben. Ein Anteil weicht dadurch nie um eine ganze Münze ab.",
    "Amounts are rounded to the smallest coin so that all parts of a use add up to the net amount exactly. "
    "So no part is off by a whole coin.",
)
PROOFS = Text(
    "Zu jeder Nutzung und Auszahlung gehört eine Nachweisdatei. Sie zeigt ohne Netz, dass sie im Protokoll "
    "des Werks steht und der Zeuge des Betriebsrats sie dort gesehen hat: fairtakt log check. Von einer "
    "Auszahlung nennt das Protokoll nur eine Prüfsumme; was dahinter steht, enthält die Abrechnung als JSON.",
    "A proof file belongs to each use and each payment. It shows offline that it stands in the plant's log, "
    "and that the works council's witness saw it there: fairtakt log check. Of a payment the log names a "
    "checksum alone; what is behind it stands in the statement as JSON.",
)
HOW_TO_DISPUTE = Text("Wenn etwas nicht stimmt", "If something is wrong")
DISPUTING = Text(
    "Sie können jeder Buchung widersprechen: mit Ihrem Token auf der Seite „Meine Vergütung“, oder über den "
    "Betriebsrat. Nennen Sie die Buchung und den Grund. Sie bekommen eine Antwort: eine Ablehnung mit Grund, "
    "oder die Buchung wird im Ganzen storniert und richtig neu gebucht. Der Rechtsweg bleibt offen.",
    "You can dispute each booking: with your token on the page “My royalties”, or through the works council. "
    "Name the booking and the reason. You get an answer: a rejection with a reason, or the booking is "
    "reversed as a whole and booked anew as it is right. You can still go to court.",
)
WITHDRAWAL = Text(
    "Was vor einem Widerruf verdient wurde, bleibt geschuldet und wird ausgezahlt.",
    "What was earned before a withdrawal stays owed and is paid.",
)

NAMES: Mapping[StrEnum, Text] = MappingProxyType(
    {
        RoyaltyUnit.MOTION_HOUR: Text("{quantity} Bewegung", "{quantity} of motion"),
        RoyaltyUnit.MODEL: Text("Modelle: {quantity}", "models: {quantity}"),
        RoyaltyUnit.DEPLOYMENT_HOUR: Text("{quantity} Betrieb", "{quantity} of deployment"),
        RoyaltyUnit.REVENUE_SHARE: Text("{quantity} Umsatz", "{quantity} of revenue"),
        State.ACCRUED: Text("gebucht, noch nicht ausgezahlt", "booked, not yet paid"),
        State.CARRIED: Text("vorgetragen, noch nicht ausgezahlt", "carried over, not yet paid"),
        State.PAID: Text("ausgezahlt", "paid"),
        State.CORRECTED: Text("storniert", "corrected"),
        State.OVERPAID: Text("ausgezahlt und danach storniert", "paid, then corrected"),
        State.SETTLED: Text("storniert und verrechnet", "corrected and settled"),
        DisputeReason.AMOUNT: Text(
            "Der Betrag ist nicht der vereinbarte", "The amount is not what was agreed"
        ),
        DisputeReason.TIME: Text("Die Zeit stimmt nicht", "The time is not right"),
        DisputeReason.WEIGHT: Text(
            "Das Gewicht ist nicht das angegebene", "The weight is not what was declared"
        ),
        DisputeReason.NOT_MINE: Text("Es ist nicht meine Bewegung", "It is not my motion"),
        DisputeReason.NOT_PERMITTED: Text(
            "In diese Nutzung habe ich nicht eingewilligt", "I did not consent to this use"
        ),
        DisputeReason.AFTER_WITHDRAWAL: Text("Ich hatte vorher widerrufen", "I had withdrawn before"),
        Outcome.REJECTED: Text("abgelehnt", "rejected"),
        Outcome.CORRECTED: Text("storniert", "corrected"),
        RejectionReason.AS_AGREED: Text(
            "gebucht, wie die Betriebsvereinbarung es sagt", "booked as the works agreement says"
        ),
        RejectionReason.AS_LOGGED: Text(
            "Zeit und Nutzung sind, wie das Protokoll es sagt", "time and use are as the log says"
        ),
        RejectionReason.AS_GRANTED: Text(
            "die Einwilligung im Protokoll erlaubt es", "the consent in the log permits it"
        ),
        RejectionReason.CORRECTED_BEFORE: Text("schon storniert", "corrected already"),
    }
)
