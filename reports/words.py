"""Every word that a report prints, in English and German."""

from dataclasses import dataclass

from productivity.errors import BadInput
from productivity.states import NOBODY_PRESENT, NOT_RECORDED, UNKNOWN, StateCategory


@dataclass(frozen=True, slots=True)
class Words:
    """One language. Fields in the order in which a reader meets them; `{...}` are filled in."""

    language: str
    decimal_point: str
    date_format: str
    title: str
    subtitle: str
    source: str
    date: str
    recorded: str
    cycles: str
    cycle_time: str
    value_adding_share: str
    nothing: str
    timeline: str
    timeline_note: str
    ranking: str
    ranking_note: str
    share: str
    share_short: str
    cumulative: str
    circle: str
    circle_centre: str
    states: str
    state: str
    category: str
    value_adding: str
    value_adding_state: str
    yes: str
    no: str
    total: str
    number: str
    mean: str
    per_cycle: str
    per_occurrence: str
    mean_note: str
    reasons: str
    cycle: str
    start: str
    duration: str
    no_cycles: str
    kept: str
    kept_note: str
    not_kept: str
    not_kept_note: str
    unknown_note: str
    sum_note: str
    names: dict[str, str]
    """What categories, the two reserved states and known reasons are called."""

    def name(self, text: str) -> str:
        """Return a category, reserved state or reason in this language; anything else as it stands."""
        return self.names.get(text, text)


ENGLISH = Words(
    language="en",
    decimal_point=".",
    date_format="%Y-%m-%d",
    title="Worker states",
    subtitle="How long each worker state lasted",
    source="Source",
    date="Date",
    recorded="Recorded span",
    cycles="Cycles",
    cycle_time="Mean cycle time",
    value_adding_share="Value-adding",
    nothing="Nothing was recorded.",
    timeline="Timeline",
    timeline_note="Time since the start of the recording. Numbered bars are complete cycles.",
    ranking="Ranking",
    ranking_note="Whiskers show the 95 % limits of the mean (t-distribution) times the number of cycles "
    "or occurrences; they need at least two.",
    share="Share of the recorded span",
    share_short="Share",
    cumulative="Cumulative",
    circle="Circle diagram",
    circle_centre="in all",
    states="States",
    state="State",
    category="Category",
    value_adding="Value-adding",
    value_adding_state="value-adding",
    yes="yes",
    no="no",
    total="Total",
    number="Number",
    mean="Mean with 95 % limits",
    per_cycle="per cycle",
    per_occurrence="per occurrence",
    mean_note="Cycle-bound states: mean time per complete cycle. Others: mean time per occurrence.",
    reasons="Why time was not recorded",
    cycle="Cycle",
    start="Start",
    duration="Duration",
    no_cycles="No complete cycle was seen.",
    kept="What was kept",
    kept_note="For each interval: station, state, start, duration, how sure the recorder was, and the"
    " number of the cycle. Nothing else.",
    not_kept="What was not kept",
    not_kept_note="No picture, no pose, no sound, no name. Pictures and poses existed in memory only, and"
    " were forgotten at once. No rating of anybody's performance was computed.",
    unknown_note="“Unknown” is time in which somebody was there, but the camera could not tell the "
    "state. “Not recorded” is time that the camera did not see, was not allowed to see, or "
    "saw nobody in.",
    sum_note="All states, unknown and not recorded add up to the recorded span exactly.",
    names={},
)

GERMAN = Words(
    language="de",
    decimal_point=",",
    date_format="%d.%m.%Y",
    title="Mitarbeiterzustände",
    subtitle="Wie lange jeder Mitarbeiterzustand dauerte",
    source="Quelle",
    date="Datum",
    recorded="Aufnahmedauer",
    cycles="Zyklen",
    cycle_time="Mittlere Zykluszeit",
    value_adding_share="Wertschöpfend",
    nothing="Es wurde nichts erfasst.",
    timeline="Zeitverlauf",
    timeline_note="Zeit seit Beginn der Aufnahme. Nummerierte Balken sind vollständige Zyklen.",
    ranking="Rangfolge",
    ranking_note="Die Striche zeigen die 95-%-Grenzen des Mittelwerts (t-Verteilung) mal Anzahl der "
    "Zyklen oder Vorkommen; dafür braucht es mindestens zwei.",
    share="Anteil an der Aufnahmedauer",
    share_short="Anteil",
    cumulative="Aufsummiert",
    circle="Kreisdiagramm",
    circle_centre="insgesamt",
    states="Zustände",
    state="Zustand",
    category="Kategorie",
    value_adding="Wertschöpfend",
    value_adding_state="wertschöpfend",
    yes="ja",
    no="nein",
    total="Summe",
    number="Anzahl",
    mean="Mittelwert mit 95-%-Grenzen",
    per_cycle="je Zyklus",
    per_occurrence="je Vorkommen",
    mean_note="Zyklusgebundene Zustände: mittlere Zeit je vollständigem Zyklus. Andere: mittlere Zeit"
    " je Vorkommen.",
    reasons="Warum Zeit nicht erfasst wurde",
    cycle="Zyklus",
    start="Beginn",
    duration="Dauer",
    no_cycles="Es wurde kein vollständiger Zyklus gesehen.",
    kept="Was aufbewahrt wurde",
    kept_note="Zu jedem Zeitabschnitt: Arbeitsplatz, Zustand, Beginn, Dauer, wie sicher die Erkennung"
    " war, und die Nummer des Zyklus. Sonst nichts.",
    not_kept="Was nicht aufbewahrt wurde",
    not_kept_note="Kein Bild, keine Körperhaltung, kein Ton, kein Name. Bilder und Körperhaltungen gab es"
    " nur im Arbeitsspeicher, und sie wurden sofort vergessen. Ein Leistungsgrad wurde von "
    "niemandem berechnet.",
    unknown_note="„Unbekannt“ ist Zeit, in der jemand da war, die Kamera den Zustand aber nicht erkennen"
    " konnte. „Nicht erfasst“ ist Zeit, die die Kamera nicht sah, nicht sehen durfte oder "
    "in der niemand da war.",
    sum_note="Alle Zustände, unbekannte und nicht erfasste Zeit ergeben zusammen genau die Aufnahmedauer.",
    names={
        StateCategory.CYCLE_BOUND: "zyklusgebunden",
        StateCategory.BATCH_BOUND: "losgebunden",
        StateCategory.PERIODICAL: "periodisch",
        StateCategory.IRREGULAR: "unregelmäßig",
        UNKNOWN: "unbekannt",
        NOT_RECORDED: "nicht erfasst",
        NOBODY_PRESENT: "niemand anwesend",
        "no frames": "keine Bilder",
        "camera lost": "Kamera ausgefallen",
    },
)

_LANGUAGES = {words.language: words for words in (ENGLISH, GERMAN)}


def words_for(language: str) -> Words:
    """Return the words of a language; raises `BadInput` for one that the report does not speak."""
    if language not in _LANGUAGES:
        raise BadInput("language of the report", expected=" or ".join(_LANGUAGES), found=repr(language))
    return _LANGUAGES[language]
