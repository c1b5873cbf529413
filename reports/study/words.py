"""Every word that the report of a study prints, in English and German."""

from dataclasses import dataclass

from productivity.agreement.verdict import Outcome
from productivity.levels import Level
from productivity.records import Finding, Severity, Unit
from productivity.sessions import IndependentUnit
from productivity.study.study import Step
from reports import numbers
from reports.study.findings import GERMAN_FINDINGS, sentence
from reports.study.titles import ENGLISH_TITLES, GERMAN_TITLES
from reports.words import ENGLISH, GERMAN, Words, words_for


@dataclass(frozen=True, slots=True)
class StudyWords:
    """One language. `titles` are those of tables and columns by their keys; `{...}` are filled in."""

    words: Words
    subtitle: str
    agreement_subtitle: str
    period: str
    paid: str
    recorded: str
    not_recorded: str
    non_value_adding: str
    irregular_per_piece: str
    pieces: str
    worker_efficiency: str
    paid_derived: str
    ranking: str
    ranking_note: str
    portion: str
    further: str
    circle: str
    circle_centre: str
    balance: str
    balance_note: str
    timeline: str
    timeline_note: str
    stable: str
    unstable: str
    unknown_stability: str
    certain: str
    may_swap: str
    limits: str
    page: str
    nothing: str
    levels: dict[Level, str]
    severities: dict[Severity, str]
    outcomes: dict[Outcome, str]
    fixed_unknown: str
    fixed_beforehand: str
    fixed_late: str
    all_stations: str
    and_more: str
    all_done: str
    next_step: str
    written: str
    drawing: str
    imported: str
    more_in_export: str
    steps: dict[Step, str]
    names: dict[str, str]
    titles: dict[str, str]
    findings: dict[str, tuple[str, ...]]

    def name(self, text: str) -> str:
        """Return a category, unit or reserved state in this language; anything else as it stands."""
        return self.names.get(text, self.words.name(text))

    def finding(self, finding: Finding) -> str:
        """Return a finding's sentence in this language; the English one where it has no other."""
        facts = {name: self._fact(name, value) for name, value in finding.facts}
        return sentence(finding, self.findings, facts)

    def _fact(self, name: str, value: str | int) -> str:
        if name.endswith("_ns") and isinstance(value, int):
            sign = "-" if value < 0 else ""
            return sign + numbers.time(abs(value), self.words)
        return self.name(str(value))


ENGLISH_STUDY = StudyWords(
    words=ENGLISH,
    subtitle="Integral analysis of labour productivity",
    agreement_subtitle="Agreement with a manual study",
    period="Period",
    paid="Paid time",
    recorded="Recorded",
    not_recorded="Not recorded",
    non_value_adding="Non-value-adding",
    irregular_per_piece="Irregular time per piece",
    pieces="Pieces",
    worker_efficiency="Worker efficiency (ISO 22400-2: APWT / APAT)",
    paid_derived="sum of the parts",
    ranking="Ranking of states",
    ranking_note="Whiskers show the {confidence} limits of states whose samples tell their spread.",
    portion="Portion of paid time",
    further="further states ({number})",
    circle="Circle diagram",
    circle_centre="paid time",
    balance="Balance of paid time",
    balance_note="Cycle-bound, batch-bound, periodical, irregular and not recorded time add up to paid time.",
    timeline="Timeline",
    timeline_note="State intervals of one recording or observation. Numbered bars are complete cycles.",
    stable="Ranks 1 to {rank} are certain at an error probability of {probability}.",
    unstable="No rank is certain at an error probability of {probability}.",
    unknown_stability="How certain the ranking is cannot be told: some totals have no known spread.",
    certain="certain",
    may_swap="may swap",
    limits="Limits",
    page="Page",
    nothing="No work system has paid time, so there are no portions yet.",
    levels={Level.WORKPLACE: "workplace", Level.CELL: "cell", Level.AREA: "area", Level.PLANT: "plant"},
    severities={severity: severity.value for severity in Severity},
    outcomes={
        Outcome.MET: "All bars are met.",
        Outcome.MISSED: "Not all bars are met.",
        Outcome.UNDETERMINED: "Whether all bars are met cannot be told from these data.",
    },
    fixed_unknown="Whether the bars were fixed beforehand is not known: a date is missing.",
    fixed_beforehand="The bars were fixed before the data were recorded.",
    fixed_late="The bars were not fixed before the data were recorded.",
    all_stations="all stations",
    and_more="and {number} more",
    all_done="All eight steps are done.",
    next_step="Next: step {number}, {step}.",
    written="Written: {path}",
    drawing="drawing charts",
    imported="{file}: {read} rows read, {used} used, {passed_over} passed over, {refused} refused",
    more_in_export="{number} more work systems: --system NAME, or --all",
    steps={
        Step.AREA: "Select the area",
        Step.PORTFOLIO: "Analyse the product portfolio (ABC)",
        Step.VARIANTS: "Select product group or variants",
        Step.MODES: "Assign recording modes to categories",
        Step.PLAN: "Plan sample sizes per station",
        Step.TIME_STUDIES: "Conduct the time studies",
        Step.SELF_RECORDING: "Document self-recording",
        Step.OPERATING_DATA: "Document operating and machine data",
    },
    names={},
    titles=ENGLISH_TITLES,
    findings={},
)

GERMAN_STUDY = StudyWords(
    words=GERMAN,
    subtitle="Ganzheitliche Analyse der Arbeitsproduktivität",
    agreement_subtitle="Übereinstimmung mit einer Studie von Hand",
    period="Zeitraum",
    paid="Bezahlte Zeit",
    recorded="Erfasst",
    not_recorded="Nicht erfasst",
    non_value_adding="Nicht wertschöpfend",
    irregular_per_piece="Unregelmäßige Zeit je Stück",
    pieces="Stück",
    worker_efficiency="Worker efficiency (ISO 22400-2: APWT / APAT)",
    paid_derived="Summe der Teile",
    ranking="Rangfolge der Zustände",
    ranking_note="Die Striche zeigen die {confidence}-Grenzen der Zustände, deren Stichproben ihre Streuung "
    "zeigen.",
    portion="Anteil an der bezahlten Zeit",
    further="weitere Zustände ({number})",
    circle="Kreisdiagramm",
    circle_centre="bezahlte Zeit",
    balance="Bilanz der bezahlten Zeit",
    balance_note="Zyklusgebundene, losgebundene, periodische, unregelmäßige und nicht erfasste Zeit ergeben "
    "zusammen die bezahlte Zeit.",
    timeline="Zeitverlauf",
    timeline_note="Zustandsabschnitte einer Aufnahme oder Beobachtung. Nummerierte Balken sind vollständige "
    "Zyklen.",
    stable="Die Ränge 1 bis {rank} sind sicher bei einer Irrtumswahrscheinlichkeit von {probability}.",
    unstable="Kein Rang ist sicher bei einer Irrtumswahrscheinlichkeit von {probability}.",
    unknown_stability="Wie sicher die Rangfolge ist, lässt sich nicht sagen: Die Streuung mancher Summen ist "
    "nicht bekannt.",
    certain="sicher",
    may_swap="vertauschbar",
    limits="Grenzen",
    page="Seite",
    nothing="Kein Arbeitssystem hat bezahlte Zeit, also gibt es noch keine Anteile.",
    levels={Level.WORKPLACE: "Arbeitsplatz", Level.CELL: "Zelle", Level.AREA: "Bereich", Level.PLANT: "Werk"},
    severities={Severity.ERROR: "Fehler", Severity.WARNING: "Warnung", Severity.NOTE: "Hinweis"},
    outcomes={
        Outcome.MET: "Alle Schwellen sind eingehalten.",
        Outcome.MISSED: "Nicht alle Schwellen sind eingehalten.",
        Outcome.UNDETERMINED: "Ob alle Schwellen eingehalten sind, lässt sich aus diesen Daten nicht sagen.",
    },
    fixed_unknown="Ob die Schwellen vorher festgelegt wurden, ist nicht bekannt: Ein Datum fehlt.",
    fixed_beforehand="Die Schwellen wurden vor der Aufnahme der Daten festgelegt.",
    fixed_late="Die Schwellen wurden nicht vor der Aufnahme der Daten festgelegt.",
    all_stations="alle Stationen",
    and_more="und {number} weitere",
    all_done="Alle acht Schritte sind erledigt.",
    next_step="Als Nächstes: Schritt {number}, {step}.",
    written="Geschrieben: {path}",
    drawing="Diagramme werden gezeichnet",
    imported="{file}: {read} Zeilen gelesen, {used} verwendet, {passed_over} übergangen, "
    "{refused} abgewiesen",
    more_in_export="{number} weitere Arbeitssysteme: --system NAME, oder --all",
    steps={
        Step.AREA: "Bereich auswählen",
        Step.PORTFOLIO: "Produktprogramm untersuchen (ABC)",
        Step.VARIANTS: "Produktgruppe oder Varianten auswählen",
        Step.MODES: "Erfassungsarten den Kategorien zuordnen",
        Step.PLAN: "Stichproben je Station planen",
        Step.TIME_STUDIES: "Zeitaufnahmen durchführen",
        Step.SELF_RECORDING: "Selbstaufschreibung festhalten",
        Step.OPERATING_DATA: "Betriebs- und Maschinendaten festhalten",
    },
    names={
        Unit.PIECE: "Stück",
        Unit.BATCH: "Los",
        Unit.SHIFT: "Schicht",
        IndependentUnit.SESSION: "Sitzung",
        IndependentUnit.SAMPLE: "Stichprobe",
        Outcome.MET: "eingehalten",
        Outcome.MISSED: "verfehlt",
        Outcome.UNDETERMINED: "nicht feststellbar",
        "p of equivalent cycle times (TOST)": "p gleicher Zykluszeiten (TOST)",
        "lower limit of kappa": "untere Grenze von Kappa",
        "kappa beside people": "Kappa neben dem zweier Menschen",
        "largest share error": "größter Anteilsfehler",
        "share error": "größter Anteilsfehler",
        "concordance": "Konkordanz",
        "mean absolute percentage error": "mittlerer absoluter prozentualer Fehler",
        "mape": "mittlerer absoluter prozentualer Fehler",
        "limits of agreement in s": "Übereinstimmungsgrenzen in s",
        "sessions": "Sitzungen",
        "cycles in both": "Zyklen in beiden",
        "cycles in one of them only": "Zyklen in nur einer",
        "bias of cycle time in s": "mittlere Abweichung der Zykluszeit in s",
        "lower limit of agreement in s": "untere Übereinstimmungsgrenze in s",
        "upper limit of agreement in s": "obere Übereinstimmungsgrenze in s",
        "ratio of mean cycle times": "Verhältnis der mittleren Zykluszeiten",
        "cycle ratio": "Verhältnis der mittleren Zykluszeiten",
        "kappa": "Kappa",
    },
    titles=GERMAN_TITLES,
    findings=GERMAN_FINDINGS,
)

_LANGUAGES = {"en": ENGLISH_STUDY, "de": GERMAN_STUDY}


def study_words_for(language: str) -> StudyWords:
    """Return the words of a language; raises `BadInput` for one that the report does not speak."""
    return _LANGUAGES[words_for(language).language]
