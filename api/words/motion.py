"""Words of the page about uses of motion."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from consent.agreement.language import Text
from consent.vault.trained import Standing
from storage.exports.motion.export import Format
from storage.sql.uses import UseState

WORDS: Mapping[str, Text] = MappingProxyType(
    {
        "title": Text("Bewegungsdaten", "Motion"),
        "lead_licensee": Text(
            "Bewegung von Menschen, die darin eingewilligt haben. Sie sehen Stunden je Station und niemals, um wen "
            "es geht. Jede Nutzung steht im Protokoll, bevor etwas herausgegeben wird, und wird vergütet.",
            "Motion of people who have consented to it. You see hours of stations, and never whose they are. Each "
            "use stands in the log before anything is handed out, and is paid.",
        ),
        "lead_engineer": Text(
            "Bewegung von Menschen, die eingewilligt haben, dass das Werk damit Modelle trainiert. Jede Nutzung "
            "steht vorher im Protokoll und wird vergütet.",
            "Motion of people who have consented that the plant trains models with it. Each use stands in the log "
            "beforehand and is paid.",
        ),
        "lead_manager": Text(
            "Wer Bewegung nutzen will, fragt hier. Sie geben frei oder lehnen ab; was freigegeben ist, steht im "
            "Protokoll, wird vergütet und lässt sich nicht zurücknehmen.",
            "Whoever wants to use motion asks here. You approve or refuse; what is approved stands in the log, is "
            "paid, and cannot be taken back.",
        ),
        "lead_council": Text(
            "Jede Nutzung durch das Werk oder einen Lizenznehmer, mit ihrer Nummer im Protokoll. Wessen Bewegung "
            "es ist, steht hier nicht. Wer die eigene Bewegung ansieht, steht damit nur im Protokoll.",
            "Every use by the plant or a licensee, with its number in the log. Whose motion it is does not stand "
            "here. A worker's look at their own motion stands in the log alone.",
        ),
        "no_vault": Text(
            "Dieser Server bewahrt keine Bewegung auf; hier gibt es nichts zu nutzen.",
            "This server keeps no motion; there is nothing to use here.",
        ),
        "trouble": Text("Das Protokoll lässt sich gerade nicht lesen", "The log cannot be read now"),
        "trouble_note": Text(
            "Ohne Protokoll wird keine Bewegung genutzt. Was hier steht, kann veraltet sein.",
            "Without the log no motion is used. What stands here may be out of date.",
        ),
        "offer": Text("Was es gibt", "What there is"),
        "offer_note": Text(
            "Summen von allem, worin jetzt eingewilligt ist. Mit einem Widerruf wird es sofort weniger.",
            "Totals of all that is consented to now. A withdrawal makes it less at once.",
        ),
        "offer_empty": Text(
            "Zurzeit gibt es keine Bewegung, in deren Nutzung jemand eingewilligt hat.",
            "At present there is no motion whose use anybody has consented to.",
        ),
        "hours": Text("Stunden", "Hours"),
        "ask_title": Text("Nutzung anfragen", "Ask for a use"),
        "which_stations": Text("Welche Stationen?", "Which stations?"),
        "format": Text("Dateiformat", "Format"),
        "format_hint": Text(
            "LeRobot für das Training von Robotern, MCAP für Aufzeichnungen, C3D für die Biomechanik",
            "LeRobot to train robots, MCAP for recordings, C3D for biomechanics",
        ),
        "unit": Text("Bezahlt wird", "Paid"),
        "quantity": Text("Menge", "Quantity"),
        "quantity_hint": Text(
            "Bei Stunden Bewegung leer lassen, sie werden hier gezählt. Sonst: Zahl der Modelle, "
            "Betriebsstunden oder Umsatz in {currency}.",
            "Leave it empty for hours of motion, they are counted here. Else: number of models, hours of "
            "deployment, or revenue in {currency}.",
        ),
        "model_hash": Text("SHA-256 des Modells", "SHA-256 of the model"),
        "model_hint": Text(
            "Falls es schon bekannt ist; sonst später unter „Modell melden“.",
            "If it is known already; else later, under “Report a model”.",
        ),
        "see_price": Text("Preis und Bedingungen ansehen", "See price and terms"),
        "no_rates": Text(
            "Für diesen Zweck ist kein Preis vereinbart. Was keinen vereinbarten Preis hat, kann niemand nutzen.",
            "No price is agreed for this purpose. What has no agreed price cannot be used.",
        ),
        "invalid": Text("Eine Angabe fehlt oder passt nicht:", "Something is missing or does not fit:"),
        "refused_quote": Text("So geht es nicht", "It cannot be like this"),
        "quote": Text("Preis und Bedingungen", "Price and terms"),
        "quote_note": Text(
            "Noch ist nichts angefragt. Der Preis gilt für das, was jetzt da ist; ändert er sich vor Ihrer "
            "Anfrage, wird sie nicht angenommen.",
            "Nothing is asked for yet. The price is for what there is now; if it changes before you ask, the "
            "request is not taken.",
        ),
        "price": Text("Preis", "Price"),
        "worked_out": Text("So gerechnet", "Worked out"),
        "purpose": Text("Zweck", "Purpose"),
        "stations": Text("Stationen", "Stations"),
        "segments": Text("Abschnitte", "Segments"),
        "motion_time": Text("Bewegung", "Motion"),
        "agreement_hash": Text("Betriebsvereinbarung", "Works agreement"),
        "terms": Text("Bedingungen", "Terms"),
        "whole_terms": Text("Ganzer Wortlaut", "Whole text"),
        "ask": Text("Zu diesem Preis anfragen", "Ask at this price"),
        "ask_confirm": Text(
            "Diese Nutzung zu {price} anfragen? Wird sie freigegeben, ist der Preis geschuldet.",
            "Ask for this use at {price}? Once it is approved, the price is owed.",
        ),
        "change": Text("Anders wählen", "Choose otherwise"),
        "waiting": Text("Anfragen, die warten", "Requests that wait"),
        "none_waiting": Text("Keine Anfrage wartet auf Sie.", "No request waits for you."),
        "approve": Text("Freigeben", "Approve"),
        "refuse": Text("Ablehnen", "Refuse"),
        "approve_confirm": Text(
            "Freigeben? Die Nutzung steht dann im Protokoll und wird vergütet; das lässt sich nicht "
            "zurücknehmen.",
            "Approve? The use then stands in the log and is paid; that cannot be taken back.",
        ),
        "refuse_confirm": Text("Diese Anfrage ablehnen?", "Refuse this request?"),
        "uses": Text("Nutzungen", "Uses"),
        "own_uses": Text("Ihre Anfragen", "Your requests"),
        "no_uses": Text("Noch wurde keine Nutzung angefragt.", "No use was asked for yet."),
        "asked_at": Text("angefragt", "asked"),
        "licensee": Text("Nutzer", "Licensee"),
        "the_plant": Text("das Werk selbst", "the plant itself"),
        "entry": Text("Protokoll-Nr.", "Log entry"),
        "download": Text("Abholung", "Download"),
        "fetch": Text("Abholen (ZIP)", "Fetch (ZIP)"),
        "until": Text("bis {day}", "until {day}"),
        "gone": Text("nicht mehr da", "not there any more"),
        "gone_note": Text(
            "Eine Abholung endet mit ihrer Frist oder sobald jemand widerruft, dessen Bewegung darin ist.",
            "A download ends with its time, or as soon as anybody withdraws whose motion is in it.",
        ),
        "details": Text("Einzelheiten", "Details"),
        "use": Text("Nutzung", "Use"),
        "content": Text("Prüfsumme des Exports", "Checksum of the export"),
        "models": Text("Modelle", "Models"),
        "models_note": Text(
            "Ein Widerruf beendet jede weitere Nutzung. Ein Training, das vorher war, macht er nicht ungeschehen; "
            "das Modell wird hier als solches geführt.",
            "A withdrawal ends all further use. It does not untrain a model that was trained before; it is listed "
            "here as such.",
        ),
        "no_models": Text("Noch ist kein Modell gemeldet.", "No model was reported yet."),
        "registered": Text("gemeldet", "reported"),
        "standing": Text("Stand", "Standing"),
        "not_touched": Text("kein Widerruf", "no withdrawal"),
        "touched_uses": Text("betroffene Nutzungen: {n}", "uses concerned: {n}"),
        "bom": Text("Stückliste (CycloneDX)", "Bill of materials (CycloneDX)"),
        "report_title": Text("Modell melden", "Report a model"),
        "report_note": Text(
            "Wer ein Modell mit Bewegung trainiert, meldet es mit den Nutzungen, aus denen sie stammt. Eine "
            "Meldung bleibt stehen.",
            "Whoever trains a model with motion reports it with the uses that it came from. A report stays.",
        ),
        "model_name": Text("Name des Modells", "Name of the model"),
        "from_uses": Text("Trainiert mit", "Trained on"),
        "report": Text("Melden", "Report"),
        "no_exports": Text(
            "Erst wenn eine Nutzung im Protokoll steht, lässt sich ein Modell dazu melden.",
            "Once a use stands in the log, a model can be reported for it.",
        ),
    }
)

STATES: Mapping[StrEnum, Text] = MappingProxyType(
    {
        UseState.REQUESTED: Text("wartet auf Freigabe", "waits for approval"),
        UseState.APPROVED: Text("freigegeben", "approved"),
        UseState.LOGGED: Text("im Protokoll, wird exportiert", "logged, being exported"),
        UseState.EXPORTED: Text("exportiert, wird gebucht", "exported, being booked"),
        UseState.BOOKED: Text("gebucht", "booked"),
        UseState.REFUSED: Text("abgelehnt", "refused"),
        UseState.ROLLED_BACK: Text("nicht zustande gekommen", "came to nothing"),
    }
)
TONES: Mapping[StrEnum, str] = MappingProxyType(
    {
        UseState.REQUESTED: "warn",
        UseState.APPROVED: "warn",
        UseState.LOGGED: "warn",
        UseState.EXPORTED: "warn",
        UseState.BOOKED: "good",
        UseState.REFUSED: "bad",
        UseState.ROLLED_BACK: "bad",
    }
)
STANDINGS: Mapping[StrEnum, Text] = MappingProxyType(
    {
        Standing.TRAINED_BEFORE: Text("vor dem Widerruf trainiert", "trained before withdrawal"),
        Standing.REGISTERED_AFTER: Text("nach dem Widerruf gemeldet", "registered after withdrawal"),
    }
)
FORMATS: Mapping[Format, str] = MappingProxyType(
    {Format.LEROBOT: "LeRobot 3.0", Format.MCAP: "MCAP", Format.C3D: "C3D"}
)
