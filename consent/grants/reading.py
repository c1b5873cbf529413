"""The three pages that a worker gets: when asked, after a yes, and as a receipt."""

from collections.abc import Iterable

from consent.agreement.amounts import money, percent
from consent.agreement.calendar import local_day
from consent.agreement.language import Language, Text, day_text
from consent.agreement.names import NAMES
from consent.agreement.schema import Agreement
from consent.agreement.vocabulary import RoyaltyUnit
from consent.entries.times import utc_ms
from consent.grants import words
from consent.grants.page import Page
from consent.grants.receipt import Checked
from consent.grants.record import ConsentRecord, Royalty
from consent.grants.words import Part
from consent.notes import Verifier

RECEIPT_FILE, PROOF_FILE = "receipt.jsonld", "receipt.tlog-proof"


def asked_page(agreement: Agreement, language: Language, record: str, pseudonym: str) -> Page:
    """Return what a worker gets together with the token, before answering."""
    how = Part(
        Text("So antworten Sie", "How to answer").in_(language),
        (
            Text(
                "Mit dem Geheimwort am Gerät, wann Sie wollen: Ja mit den Zwecken und Arbeitsplätzen, die "
                "Sie wählen, oder Nein. Solange Sie nicht antworten, wird nichts aufbewahrt.",
                "With the secret at the device, whenever you like: yes with the purposes and stations that "
                "you choose, or no. As long as you do not answer, nothing is kept.",
            ).in_(language),
        ),
        facts=(_record_fact(record, language), _pseudonym_fact(pseudonym, language)),
    )
    return Page(
        language,
        Text("Dürfen Ihre Bewegungen aufbewahrt werden?", "May your motion be kept?").in_(language),
        f"{agreement.parties.employer.name}, {agreement.site}",
        (*words.notice(agreement, language), how),
    )


def given_page(record: ConsentRecord, language: Language) -> Page:
    """Return what a worker gets after a yes; the receipt follows once the log has taken it in."""
    return Page(
        language,
        Text("Ihre Einwilligung", "Your consent").in_(language),
        _office(record),
        (_agreed(record, language), words.withdrawing(language), words.rights(language)),
    )


def receipt_page(checked: Checked, log: Verifier, witnesses: Iterable[Verifier], language: Language) -> Page:
    """Return the receipt as a page: what was agreed, where it stands, and how anybody can check it."""
    record = checked.receipt.record
    return Page(
        language,
        Text("Quittung über Ihre Einwilligung", "Receipt for your consent").in_(language),
        _office(record),
        (
            _agreed(record, language),
            words.withdrawing(language),
            words.rights(language),
            _checking(checked, log, tuple(witnesses), language),
        ),
    )


def _agreed(record: ConsentRecord, language: Language) -> Part:
    def label(de: str, en: str) -> str:
        return Text(de, en).in_(language)

    agreed = record.works_agreement
    last = day_text(local_day(utc_ms(record.until) - 1, agreed.time_zone), language)
    days = int(record.retention_period.duration[1:-1])
    facts = [
        (
            label("Zwecke", "Purposes"),
            ", ".join(NAMES[one.identifier].in_(language) for one in record.purposes),
        ),
        (label("Arbeitsplätze", "Stations"), ", ".join(record.stations)),
        (label("Gilt bis einschließlich", "Holds to the end of"), last),
        (label("Aufbewahrung", "Retention"), words.retention_text(days, last).in_(language)),
    ]
    if record.royalty is not None:
        facts.append((label("Vergütung", "Royalties"), _royalty(record.royalty, language)))
    facts += [
        (label("Betriebsvereinbarung", "Works agreement"), f"{agreed.identifier}, {agreed.version}"),
        (label("Betriebsrat", "Works council"), agreed.works_council.party_name),
        _record_fact(record.record_id, language),
        _pseudonym_fact(record.pii_principal_id.identifier, language),
    ]
    sentence = label(
        "Sie erlauben, dass Ihre Bewegungen aufbewahrt werden: nur für diese Zwecke, nur an diesen "
        "Arbeitsplätzen, nur so lange. Das ist freiwillig und ändert nichts an Ihrer Arbeit.",
        "You allow your motion to be kept: for these purposes alone, at these stations alone, only so long. "
        "This is voluntary and changes nothing at work.",
    )
    return Part(label("Was Sie erlauben", "What you allow"), (sentence,), facts=tuple(facts))


def _checking(checked: Checked, log: Verifier, witnesses: tuple[Verifier, ...], language: Language) -> Part:
    witness = " ".join(f"--witness witness{number}.vkey" for number, _ in enumerate(witnesses, 1))
    command = f"fairtakt grant check {RECEIPT_FILE} {PROOF_FILE} --log-key log.vkey {witness}"
    facts = [
        (Text("Im Protokoll", "In the log").in_(language), f"{checked.log}, {checked.index}"),
        (Text("Aufgenommen", "Taken in").in_(language), checked.receipt.created),
        ("log.vkey", str(log)),
        *((f"witness{number}.vkey", str(key)) for number, key in enumerate(witnesses, 1)),
        (Text("Befehl", "Command").in_(language), command),
    ]
    sentence = Text(
        f"Die Dateien {RECEIPT_FILE} und {PROOF_FILE} beweisen jedem, dass Ihre Einwilligung genau so im "
        "Protokoll steht und dass der Betriebsrat das Protokoll gegengezeichnet hat. Geprüft wird ohne Netz "
        "und ohne das Werk. Vergleichen Sie die Schlüssel mit denen, die der Betriebsrat aushängt.",
        f"The files {RECEIPT_FILE} and {PROOF_FILE} prove to anybody that your consent stands in the log "
        "exactly like this, and that the works council has co-signed the log. Checking needs no network "
        "and not the plant. Compare the keys with those that the works council has posted.",
    )
    title = Text("So prüfen Sie die Quittung", "How to check this receipt")
    return Part(title.in_(language), (sentence.in_(language),), facts=tuple(facts))


def _royalty(royalty: Royalty, language: Language) -> str:
    lines = [
        f"{NAMES[rate.purpose].in_(language)}: "
        + (
            percent(rate.amount, language)
            if rate.unit is RoyaltyUnit.REVENUE_SHARE
            else money(rate.amount, royalty.currency, language)
        )
        + f" {NAMES[rate.unit].in_(language)}"
        for rate in royalty.rates
    ]
    share = Text(
        f"davon {royalty.worker_share_percent} % für die, deren Bewegungen es sind",
        f"{royalty.worker_share_percent} % of it for those whose motion it is",
    )
    none = Text("keine für diese Zwecke", "none for these purposes")
    return "; ".join([*lines, share.in_(language)]) if lines else none.in_(language)


def _office(record: ConsentRecord) -> str:
    office = record.pii_controllers[0]
    return f"{office.party_name}, {office.party_address}"


def _record_fact(record: str, language: Language) -> tuple[str, str]:
    return Text("Nummer der Einwilligung", "Number of the consent").in_(language), record


def _pseudonym_fact(pseudonym: str, language: Language) -> tuple[str, str]:
    return Text("Ihr Pseudonym im Protokoll", "Your pseudonym in the log").in_(language), pseudonym
