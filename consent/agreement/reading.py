"""An agreement as a person reads it: sections of plain sentences, German or English, from the same data.

Every value that is signed appears in the reading, so that what is signed is what is read; a test changes
each value and looks for the difference.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from consent.agreement.amounts import hours, money, percent
from consent.agreement.form import agreement_hash
from consent.agreement.language import Language, day_text
from consent.agreement.lifecycle import Act, Standing, take
from consent.agreement.names import NAMES
from consent.agreement.schema import Agreement, Bilingual, Campaign, Period, Rate, Royalties, Target
from consent.agreement.vocabulary import Party, RoyaltyUnit


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what is agreed about it, one or several lines."""

    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part of the agreement."""

    title: str
    sentences: tuple[str, ...]
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """The whole document in one language."""

    language: Language
    title: str
    subtitle: str
    standing: str
    sections: tuple[Section, ...]
    fingerprint: str


def read_out(agreement: Agreement, language: Language, signed_by: frozenset[Party] = frozenset()) -> Reading:
    """Return the agreement in words. `signed_by` are parties whose signatures have been verified."""
    words = _Words(language)
    standing = take(Standing(), Act.SIGN, signed_by) if signed_by else Standing()
    signers = [words.name(party) for party in Party if party in signed_by]
    return Reading(
        language=language,
        title=words(
            "Betriebsvereinbarung: Erfassung von Mitarbeiterzuständen",
            "Works agreement: recording worker states",
        ),
        subtitle=words(
            f"{agreement.site} · {agreement.id}, Fassung {agreement.version}",
            f"{agreement.site} · {agreement.id}, version {agreement.version}",
        ),
        standing=words.name(standing.state) + (f" ({', '.join(signers)})" if signers else ""),
        sections=tuple(
            write(agreement, words)
            for write in (_parties, _extent, _limits, _time, _data, _motion, _payment, _stopping, _text)
        ),
        fingerprint=agreement_hash(agreement),
    )


class _Words:
    """Chooses between two wordings that stand side by side."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def __call__(self, de: str, en: str) -> str:
        return de if self.language is Language.DE else en

    def name(self, word: StrEnum) -> str:
        return NAMES[word].in_(self.language)

    def names(self, words: Iterable[StrEnum]) -> tuple[str, ...]:
        return tuple(map(self.name, words)) or (self("nichts", "nothing"),)

    def days(self, period: Period) -> str:
        first = day_text(period.first_day, self.language)
        if period.last_day is None:
            return self(f"ab {first}, ohne Ende", f"from {first}, without an end")
        last = day_text(period.last_day, self.language)
        return self(f"{first} bis einschließlich {last}", f"{first} to {last} inclusive")

    def count(self, number: int) -> str:
        return self(f"{number} Tage", f"{number} days") if number != 1 else self("1 Tag", "1 day")


def _parties(agreement: Agreement, words: _Words) -> Section:
    facts = [
        Fact(words("Standort", "Site"), (agreement.site,)),
        Fact(
            words("Zeitzone", "Time zone"),
            (
                words(
                    f"{agreement.time_zone}; alle Tage sind Kalendertage in ihr",
                    f"{agreement.time_zone}; all days are calendar days in it",
                ),
            ),
        ),
    ]
    for party in Party:
        side = agreement.parties.of(party)
        key = side.key or words("noch kein Schlüssel", "no key yet")
        facts.append(
            Fact(_capital(words.name(party)), (side.name, words(f"Schlüssel: {key}", f"key: {key}")))
        )
    facts.append(Fact(words("Geltung", "Validity"), (words.days(agreement.validity),)))
    return Section(
        words("Wer vereinbart", "Who agrees"),
        (
            words(
                "Ohne die Unterschriften beider Seiten darf die Anlage nichts erfassen.",
                "Without the signatures of both parties the system may not record anything.",
            ),
        ),
        tuple(facts),
    )


def _extent(agreement: Agreement, words: _Words) -> Section:
    return Section(
        words("Was erfasst werden darf", "What may be recorded"),
        (
            words(
                "Festgehalten wird, wie lange ein Zustand an einem Arbeitsplatz dauerte: Arbeitsplatz, "
                "Zustand, Beginn, Dauer. Kein Bild, kein Name.",
                "What is kept is how long a state lasted at a station: station, state, start, duration. "
                "No picture, no name.",
            ),
            words(
                "Was hier nicht steht, darf nicht erfasst werden. Immer möglich sind „unbekannt“ (jemand war "
                "da, der Zustand war nicht zu erkennen) und „nicht erfasst“.",
                "What is not listed here may not be recorded. Always possible are “unknown” (somebody was "
                "there, the state could not be told) and “not recorded”.",
            ),
        ),
        (
            Fact(words("Arbeitsplätze", "Stations"), agreement.stations),
            Fact(words("Zustände", "States"), agreement.states),
        ),
    )


def _limits(agreement: Agreement, words: _Words) -> Section:
    necessity = agreement.necessity
    missing = words("noch nicht begründet", "not yet given")
    return Section(
        words("Wozu, und wozu nicht", "What for, and what not for"),
        (),
        (
            Fact(words("Zwecke", "Purposes"), words.names(agreement.purposes)),
            Fact(words("Verboten", "Prohibited"), words.names(agreement.prohibited)),
            Fact(
                words("Warum nötig", "Why it is needed"),
                (_in(necessity, words.language) if necessity else missing,),
            ),
        ),
    )


def _time(agreement: Agreement, words: _Words) -> Section:
    notice = agreement.notice_on
    campaigns = (
        Fact(
            words(f"Erfassung „{campaign.name}“", f"Campaign “{campaign.name}”"),
            _campaign(campaign, words),
        )
        for campaign in agreement.campaigns
    )
    return Section(
        words("Wann", "When"),
        (
            words(
                "Außerhalb dieser Zeiten darf die Anlage nichts erfassen.",
                "Outside these times the system may not record anything.",
            ),
        ),
        (
            Fact(
                words("Unterrichtung der Beschäftigten", "Notice to the workers"),
                (day_text(notice, words.language) if notice else words("noch kein Tag", "no day yet"),),
            ),
            Fact(
                words("Bezahlte Zeit einer Schicht", "Paid time of a shift"),
                (hours(agreement.shift_minutes),),
            ),
            *campaigns,
        ),
    )


def _campaign(campaign: Campaign, words: _Words) -> tuple[str, ...]:
    stations, time = ", ".join(campaign.stations), hours(campaign.minutes_per_day)
    return (
        words.days(campaign),
        words(f"an: {stations}", f"at: {stations}"),
        words(f"höchstens {time} je Arbeitsplatz und Tag", f"at most {time} per station and day"),
        _enough(campaign.enough, words),
    )


def _enough(target: Target | None, words: _Words) -> str:
    if target is None:
        return words("endet erst am letzten Tag", "ends on its last day only")
    reached = []
    if target.accuracy_percent is not None:
        reached.append(
            words(
                f"die mittleren Dauern auf ±{target.accuracy_percent} % genau bekannt sind",
                f"mean durations are known to ±{target.accuracy_percent} %",
            )
        )
    if target.cycles is not None:
        reached.append(words(f"{target.cycles} Zyklen erfasst sind", f"{target.cycles} cycles are recorded"))
    when = words(" oder ", " or ").join(reached)
    return words(f"endet früher, sobald {when}", f"ends earlier, as soon as {when}")


def _data(agreement: Agreement, words: _Words) -> Section:
    kept = agreement.retention
    access = (
        Fact(
            words(f"{words.name(one.role)}: darf sehen", f"{_capital(words.name(one.role))} may see"),
            words.names(one.may_see),
        )
        for one in agreement.access
    )
    return Section(
        words("Was mit den Daten geschieht", "What happens to the data"),
        (
            words(
                "Wer hier nicht genannt ist, sieht nichts.",
                "Whoever is not named here sees nothing.",
            ),
        ),
        (
            Fact(
                words("Beginn eines Zeitabschnitts", "Start of an interval"),
                (
                    words(
                        f"auf {agreement.time_resolution_s} s gerundet, bevor er das Gerät verlässt",
                        f"rounded to {agreement.time_resolution_s} s before it leaves the device",
                    ),
                ),
            ),
            Fact(
                words("Kleinste Gruppe", "Smallest group"),
                (
                    words(
                        f"Veröffentlichte Zahlen beruhen auf mindestens {agreement.minimum_group} Personen",
                        f"Released figures rest on at least {agreement.minimum_group} people",
                    ),
                ),
            ),
            Fact(
                words("Aufbewahrung", "Retention"),
                (
                    words("Zeitabschnitte: ", "intervals: ") + words.count(kept.intervals_days),
                    words("Auswertungen: ", "aggregates: ") + words.count(kept.aggregates_days),
                ),
            ),
            *access,
        ),
    )


def _motion(agreement: Agreement, words: _Words) -> Section:
    motion, title = agreement.motion, words("Bewegungsdaten", "Motion")
    if not motion.permitted:
        return Section(title, (words("Bewegungsdaten werden nicht aufbewahrt.", "No motion is kept."),), ())
    limit = (
        words("höchstens ", "at most ") + words.count(motion.retention_days)
        if motion.retention_days is not None
        else words("noch nicht begrenzt", "not yet limited")
    )
    return Section(
        title,
        (
            words(
                "Nur wer selbst zustimmt, dessen Bewegungen dürfen aufbewahrt werden. Ablehnen und "
                "Widerrufen ändert nichts an der Arbeit.",
                "Motion may be kept only of those who opt in themselves. Refusing and withdrawing change "
                "nothing at work.",
            ),
            words(
                "An Bewegungen kann man Personen wiedererkennen.", "People can be recognised by their motion."
            ),
        ),
        (
            Fact(words("Arbeitsplätze", "Stations"), motion.stations),
            Fact(
                words("Zwecke, einzeln wählbar", "Purposes, each to be chosen"), words.names(motion.purposes)
            ),
            Fact(words("Aufbewahrung", "Retention"), (limit,)),
        ),
    )


def _payment(agreement: Agreement, words: _Words) -> Section:
    terms, title = agreement.royalties, words("Vergütung", "Royalties")
    if terms is None:
        return Section(title, (words("Es ist keine vereinbart.", "None are agreed."),), ())
    plant = 100 - terms.worker_share_percent - terms.collective_share_percent
    return Section(
        title,
        (
            words(
                "Jede Nutzung von Bewegungsdaten wird denen vergütet, deren Bewegungen es sind.",
                "Each use of motion is paid to those whose motion it is.",
            ),
        ),
        (
            Fact(words("Währung", "Currency"), (terms.currency,)),
            Fact(
                words("Sätze", "Rates"),
                tuple(
                    f"{words.name(rate.purpose)}: {_rate(rate, terms, words)} {words.name(rate.unit)}"
                    for rate in terms.rate_card
                ),
            ),
            Fact(
                words("Aufteilung", "Shares"),
                (
                    words("Beschäftigte: ", "workers: ") + f"{terms.worker_share_percent} %",
                    words("Gemeinschaft: ", "collective: ") + f"{terms.collective_share_percent} %",
                    words("Werk: ", "plant: ") + f"{plant} %",
                ),
            ),
            Fact(
                words("Auszahlung", "Payout"),
                (
                    words("ab ", "from ")
                    + money(terms.payout_threshold, terms.currency, words.language)
                    + words("; kleinere Beträge werden vorgetragen", "; less carries over"),
                ),
            ),
        ),
    )


def _rate(rate: Rate, terms: Royalties, words: _Words) -> str:
    if rate.unit is RoyaltyUnit.REVENUE_SHARE:
        return percent(rate.amount, words.language)
    return money(rate.amount, terms.currency, words.language)


def _stopping(agreement: Agreement, words: _Words) -> Section:
    away = hours(agreement.suspension.witness_away_minutes)
    return Section(
        words("Anhalten und beenden", "Stopping and ending"),
        (
            words(
                "Jede Seite kann die Erfassung jederzeit allein anhalten oder beenden. Fortsetzen oder "
                "erweitern können sie nur beide gemeinsam; eine Einschränkung gilt sofort.",
                "Either party can stop or end recording alone at any time. Only both together can resume or "
                "widen it; narrowing takes effect at once.",
            ),
        ),
        (
            Fact(
                words("Gegenzeichnung bleibt aus", "Co-signature stays away"),
                (
                    words(
                        f"Die Erfassung hält an, wenn der Betriebsrat das Protokoll {away} lang nicht "
                        "gegenzeichnet",
                        f"Recording stops when the council has not co-signed the log for {away}",
                    ),
                ),
            ),
            Fact(
                words("Von selbst hält an, wenn", "Stops by itself when"),
                words.names(agreement.suspension.triggers),
            ),
        ),
    )


def _text(agreement: Agreement, words: _Words) -> Section:
    before = agreement.supersedes or words("keine", "none")
    return Section(
        words("Welcher Text unterschrieben wird", "Which text is signed"),
        (
            words(
                "Unterschrieben wird die maschinenlesbare Fassung, aus der diese Seite entstand. Ihr "
                "Prüfwert (SHA-256) unten ändert sich mit jedem Zeichen.",
                "What is signed is the machine-readable form that this page was made from. Its hash "
                "(SHA-256) below changes with every character.",
            ),
        ),
        (
            Fact(words("Art des Textes", "Kind of text"), (agreement.fairtakt,)),
            Fact(words("Kennung und Fassung", "Name and version"), (f"{agreement.id}, {agreement.version}",)),
            Fact(words("Ersetzt die Fassung", "Replaces the version"), (before,)),
            Fact(words("Prüfwert", "Hash"), (agreement_hash(agreement),)),
        ),
    )


def _in(text: Bilingual, language: Language) -> str:
    return text.de if language is Language.DE else text.en


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
