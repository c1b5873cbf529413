/** Every word of the timelines, in English and German. `{...}` are filled in by `fill`. */

const ENGLISH = {
  language: "en", point: ".",
  title: "Timelines",
  keys: "Arrow keys move in time and between rows. Plus and minus zoom, 0 shows everything. Comma and full stop go from "
    + "interval to interval. Page up and down move by a screen, Home and End to either end. Shift with arrow keys "
    + "selects a range. Tab goes to the next row; Escape, then Tab leaves.",
  keysTitle: "Keys",
  zoomIn: "Zoom in", zoomOut: "Zoom out", all: "Show everything", select: "Select a range", link: "Link to this view",
  onlyShifts: "Shifts only", rows: "Rows", perStation: "one per station", perSession: "one per session",
  compare: "Compare with", nothing: "nothing", dayBefore: "the day before", weekBefore: "the week before",
  fourWeeksBefore: "four weeks before", otherPeriod: "the other period",
  legend: "Totals of what is shown", state: "State", total: "Total", portion: "Portion",
  limits: "95 % limits", number: "Number", sum: "Sum", earlier: "Earlier portion", station: "Station",
  session: "session {number}", lane: "{station} ({number})",
  valueAdding: "value-adding", missing: "no interval came",
  portionNote: "Portions are of the time for which intervals came, with unknown and not recorded; they add up to 100 %.",
  more: "There is more in this place than the state that is drawn",
  hidden: "{time} outside the shifts is not shown and not counted here.",
  resolution: "Starts are known to {time}; durations are exact.",
  at: "{row}, {time}: {state}, {duration}", noInterval: "{row}, {time}: no interval came",
  reason: "reason: {reason}", sure: "confidence {percent}", selectedFrom: "Selected from {from} to {to}, {rows}",
  oneRow: "1 row", manyRows: "{number} rows", cleared: "Selection cleared",
  perRow: "Portions per row", row: "Row", limitsWait: "Limits are being computed …",
  limitsFailed: "The limits could not be computed.",
  loading: "Loading …", empty: "No intervals in this period.", noShift: "No interval lies within a shift.",
  failed: "The timelines cannot be shown.", unreachable: "The data could not be loaded.",
  names: {},
};

const GERMAN = {
  language: "de", point: ",",
  title: "Zeitverläufe",
  keys: "Pfeiltasten gehen in der Zeit und zwischen den Zeilen. Plus und Minus ändern den Maßstab, 0 zeigt alles. Komma "
    + "und Punkt gehen von Zeitabschnitt zu Zeitabschnitt. Bild auf und ab gehen um einen Bildschirm, Pos1 und Ende an "
    + "Anfang und Ende. Umschalt mit Pfeiltasten wählt einen Bereich. Tab geht zur nächsten Zeile; Esc, dann Tab "
    + "verlässt die Zeitverläufe.",
  keysTitle: "Tasten",
  zoomIn: "Vergrößern", zoomOut: "Verkleinern", all: "Alles zeigen", select: "Bereich auswählen",
  link: "Verweis auf diese Ansicht",
  onlyShifts: "Nur Schichten", rows: "Zeilen", perStation: "eine je Arbeitsplatz", perSession: "eine je Aufnahme",
  compare: "Vergleichen mit", nothing: "nichts", dayBefore: "dem Tag davor", weekBefore: "der Woche davor",
  fourWeeksBefore: "vier Wochen davor", otherPeriod: "dem anderen Zeitraum",
  legend: "Summen des gezeigten Ausschnitts", state: "Zustand", total: "Summe",
  portion: "Anteil", limits: "95-%-Grenzen", number: "Anzahl", sum: "Gesamt", earlier: "Anteil davor",
  station: "Arbeitsplatz", session: "Aufnahme {number}", lane: "{station} ({number})",
  valueAdding: "wertschöpfend", missing: "kein Zeitabschnitt eingegangen",
  portionNote: "Anteile beziehen sich auf die Zeit, zu der Zeitabschnitte eingegangen sind, mit unbekannter und nicht "
    + "erfasster; zusammen ergeben sie 100 %.",
  more: "An dieser Stelle gibt es mehr als den gezeichneten Zustand",
  hidden: "{time} außerhalb der Schichten werden hier nicht gezeigt und nicht gezählt.",
  resolution: "Der Beginn ist auf {time} bekannt; die Dauer ist genau.",
  at: "{row}, {time}: {state}, {duration}", noInterval: "{row}, {time}: kein Zeitabschnitt eingegangen",
  reason: "Grund: {reason}", sure: "Sicherheit {percent}", selectedFrom: "Ausgewählt von {from} bis {to}, {rows}",
  oneRow: "1 Zeile", manyRows: "{number} Zeilen", cleared: "Auswahl aufgehoben",
  perRow: "Anteile je Zeile", row: "Zeile", limitsWait: "Die Grenzen werden berechnet …",
  limitsFailed: "Die Grenzen konnten nicht berechnet werden.",
  loading: "Wird geladen …", empty: "Keine Zeitabschnitte in diesem Zeitraum.",
  noShift: "Kein Zeitabschnitt liegt in einer Schicht.",
  failed: "Die Zeitverläufe können nicht gezeigt werden.", unreachable: "Die Daten konnten nicht geladen werden.",
  names: {
    "cycle-bound": "zyklusgebunden", "batch-bound": "losgebunden", periodical: "periodisch", irregular: "unregelmäßig",
    unknown: "unbekannt", "not recorded": "nicht erfasst", "nobody present": "niemand anwesend",
    "no frames": "keine Bilder", "camera lost": "Kamera ausgefallen", "buffer full": "Speicher voll",
    "erased at the plant server": "am Server gelöscht",
  },
};

/** Return the words of a language tag such as "de-AT"; English for any other than German. */
export function wordsFor(tag) {
  return /^de\b/i.test(tag ?? "") ? GERMAN : ENGLISH;
}

/** Return a sentence with its `{...}` filled in. */
export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** Return a category, reserved state or known reason in this language; anything else as it stands. */
export function nameOf(words, text) {
  return Object.hasOwn(words.names, text) ? words.names[text] : text;
}
