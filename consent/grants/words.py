"""What a worker is told, in plain words, German and English side by side.

The notice is what must be known before anybody says yes or no; its hash stands in the consent record, so that
nobody can claim later that something else was said. Wording that matters: refusing and withdrawing change
nothing at work (EDPB Guidelines 05/2020 no. 46 to 48; BDSG section 26(2)); what was done before a withdrawal
stays lawful (GDPR Art. 7(3)), and nothing more is promised about it.
"""

import hashlib
from dataclasses import asdict, dataclass

from consent.agreement.amounts import money, percent
from consent.agreement.language import Language, Text
from consent.agreement.names import NAMES
from consent.agreement.schema import Agreement, Rate, Royalties
from consent.agreement.vocabulary import MotionPurpose, RoyaltyUnit
from consent.canonical import canonical_json
from consent.grants.choice import retention_days

PURPOSES = {
    MotionPurpose.OWN_REVIEW: Text(
        "Sie sehen sich die eigenen Bewegungen selbst an.",
        "You look at your own motion yourself.",
    ),
    MotionPurpose.PLANT_TRAINING: Text(
        "Das Werk trainiert damit eigene Modelle. Jede Nutzung wird Ihnen vergütet.",
        "The plant trains its own models with it. Each use is paid to you.",
    ),
    MotionPurpose.LICENSING: Text(
        "Andere Firmen dürfen damit arbeiten, wenn sie dafür bezahlen. Jede Nutzung wird Ihnen vergütet.",
        "Other companies may work with it if they pay for it. Each use is paid to you.",
    ),
}

COLLECTION = Text(
    "Eine Kamera am Arbeitsplatz; das Bild wird sofort verworfen, aufbewahrt werden Punkte an Körper und "
    "Händen.",
    "A camera at the station; the picture is discarded at once, what is kept are points of body and hands.",
)
MOTION = Text("Bewegungen von Körper und Händen", "motion of body and hands")
STORAGE = Text("verschlüsselt am Standort", "encrypted, at the site")
RECIPIENTS = Text(
    "Lizenznehmer; jede Nutzung steht vorher im Protokoll.",
    "Licensees; each use stands in the log beforehand.",
)
WITHDRAWAL = Text(
    "Jederzeit, ohne Grund: mit dem Geheimwort am Gerät, oder über den Betriebsrat mit der Nummer der "
    "Einwilligung.",
    "At any time, without a reason: with the secret at the device, or through the works council with the "
    "number of the consent.",
)

_RIGHTS = (
    Text("Widerruf jederzeit (DSGVO Art. 7 Abs. 3)", "withdrawal at any time (GDPR Art. 7(3))"),
    Text("Information (Art. 13, 14)", "information (Art. 13, 14)"),
    Text("Auskunft und Kopie (Art. 15)", "access and a copy (Art. 15)"),
    Text("Berichtigung (Art. 16)", "rectification (Art. 16)"),
    Text("Löschung (Art. 17)", "erasure (Art. 17)"),
    Text(
        "Einschränkung (Art. 18), Mitteilung darüber (Art. 19)",
        "restriction (Art. 18), notice of it (Art. 19)",
    ),
    Text("Mitnahme der eigenen Daten (Art. 20)", "taking your data with you (Art. 20)"),
    Text("Widerspruch (Art. 21)", "objection (Art. 21)"),
    Text("keine Entscheidung allein durch Maschinen (Art. 22)", "no decision by machines alone (Art. 22)"),
    Text("Beschwerde bei der Aufsichtsbehörde (Art. 77)", "complaint to the supervisory authority (Art. 77)"),
)


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and what stands under it."""

    title: str
    sentences: tuple[str, ...]
    points: tuple[str, ...] = ()
    """A list."""
    facts: tuple[tuple[str, str], ...] = ()
    """Labels and values."""


def notice(agreement: Agreement, language: Language) -> tuple[Part, ...]:
    """Return what a worker is told before answering; `BadInput` if the agreement permits no motion."""

    def say(de: str, en: str) -> str:
        return Text(de, en).in_(language)

    motion, days, employer = agreement.motion, retention_days(agreement), agreement.parties.employer.name
    stations = ", ".join(motion.stations)
    purposes = (f"{_purpose(one, language)}: {PURPOSES[one].in_(language)}" for one in motion.purposes)
    return (
        Part(
            say("Worum es geht", "What this is about"),
            (
                say(
                    f"{employer}, {agreement.site}, fragt, ob Ihre Bewegungen aufbewahrt werden dürfen.",
                    f"{employer}, {agreement.site}, asks whether your motion may be kept.",
                ),
                COLLECTION.in_(language),
                say(
                    "An Bewegungen kann man Menschen wiedererkennen. Darum werden sie verschlüsselt, und im "
                    "Protokoll steht statt Ihres Namens ein Pseudonym, das nur zu Ihrem Geheimwort passt.",
                    "People can be recognised by their motion. So it is encrypted, and the log holds no name "
                    "but a pseudonym that fits your secret alone.",
                ),
            ),
        ),
        Part(
            say("Sie entscheiden frei", "You decide freely"),
            (
                say(
                    "Ein Nein und ein Widerruf ändern nichts an Ihrer Arbeit, Ihrem Lohn und Ihrer "
                    "Beurteilung. Niemand muss einen Grund nennen.",
                    "A no and a withdrawal change nothing about your work, your pay and how you are "
                    "assessed. Nobody has to give a reason.",
                ),
                say("Sie wählen jeden Zweck einzeln:", "You choose each purpose singly:"),
            ),
            tuple(purposes),
        ),
        Part(
            say("Wo und wie lange", "Where, and for how long"),
            (
                say(
                    f"Nur an diesen Arbeitsplätzen und nur an denen, die Sie wählen: {stations}.",
                    f"Only at these stations, and only at those that you choose: {stations}.",
                ),
                say(
                    f"Höchstens {days} Tage, und nie länger, als Sie erlauben.",
                    f"For at most {days} days, and never longer than you allow.",
                ),
            ),
        ),
        *([_payment(agreement.royalties, language)] if agreement.royalties else []),
        withdrawing(language),
        rights(language),
    )


def withdrawing(language: Language) -> Part:
    """Return what withdrawing does."""
    de = (
        WITHDRAWAL.de,
        "Ab dann wird nichts mehr von Ihnen aufbewahrt. Die Schlüssel zu dem, was aufbewahrt wurde, werden "
        "innerhalb einer Stunde vernichtet; danach kann es niemand mehr öffnen, auch Sie nicht.",
        "Was vorher erlaubt genutzt wurde, bleibt erlaubt und wird Ihnen vergütet. Was andere daraus schon "
        "gemacht haben, lässt sich nicht zurückholen.",
        "Der Widerruf ändert nichts an Ihrer Arbeit.",
    )
    en = (
        WITHDRAWAL.en,
        "From then on nothing more of you is kept. The keys to what was kept are destroyed within an hour; "
        "after that nobody can open it, nor can you.",
        "What was used before, with your consent, stays lawful and is paid to you. What others have already "
        "made of it cannot be taken back.",
        "Withdrawing changes nothing at work.",
    )
    title = Text("Was ein Widerruf bewirkt", "What withdrawing does")
    return Part(title.in_(language), de if language is Language.DE else en)


def rights(language: Language) -> Part:
    """Return what anybody may ask of the employer."""
    title = Text("Ihre Rechte", "Your rights")
    return Part(title.in_(language), (), tuple(right.in_(language) for right in _RIGHTS))


def notice_hash(agreement: Agreement, language: Language) -> str:
    """Return SHA-256 of the notice, in lower-case hexadecimal: which words were said."""
    said = canonical_json([asdict(part) for part in notice(agreement, language)])
    return hashlib.sha256(said.encode()).hexdigest()


def retention_text(days: int, until: str) -> Text:
    """Return how long motion is kept; `until` is a day as text in the language that is wanted."""
    return Text(
        f"höchstens {days} Tage, längstens bis {until}",
        f"for at most {days} days, and until {until} at the latest",
    )


def _payment(terms: Royalties, language: Language) -> Part:
    title = Text("Was Sie dafür bekommen", "What you get for it")
    threshold = money(terms.payout_threshold, terms.currency, language)
    share, common = terms.worker_share_percent, terms.collective_share_percent
    sentences = (
        Text(
            f"Von jeder Vergütung erhalten die, deren Bewegungen es sind, {share} %, die "
            f"Gemeinschaft {common} %. Ausgezahlt wird ab {threshold}; weniger bleibt Ihnen gutgeschrieben.",
            f"Of each royalty, those whose motion it is get {share} %, the collective {common} %. "
            f"It is paid out from {threshold}; less stays to your credit.",
        ).in_(language),
    )
    return Part(
        title.in_(language), sentences, tuple(_rate(rate, terms, language) for rate in terms.rate_card)
    )


def _rate(rate: Rate, terms: Royalties, language: Language) -> str:
    is_share = rate.unit is RoyaltyUnit.REVENUE_SHARE
    amount = percent(rate.amount, language) if is_share else money(rate.amount, terms.currency, language)
    return f"{_purpose(rate.purpose, language)}: {amount} {NAMES[rate.unit].in_(language)}"


def _purpose(purpose: MotionPurpose, language: Language) -> str:
    return NAMES[purpose].in_(language)
