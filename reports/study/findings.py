"""What findings say in German, by their codes; the facts of a finding fill in `{...}`.

A code may have several sentences, because different places find the same thing with different facts: the
first whose facts are all there is used. The reasons of "row-refused", "file-refused", "time-refused" and of
a single refused event are those of the file's reader and stay English.
"""

from productivity.records import Finding

GERMAN_FINDINGS: dict[str, tuple[str, ...]] = {
    # the balance
    "more-recorded-than-paid": ("In „{system}“ sind {recorded_ns} erfasst, aber nur {paid_ns} bezahlt.",),
    "not-recorded-disagrees": (
        "Für „{system}“ sind {given_ns} als nicht erfasst angegeben, die Bilanz lässt aber {left_ns} übrig; "
        "die Bilanz zählt.",
    ),
    "parts-paid-more": (
        "Die Teile von „{system}“ haben {below_ns} bezahlte Zeit, das Ganze nur {paid_ns}; das Ganze zählt.",
    ),
    "paid-time-incomplete": (
        "„{system}“ hat keine bezahlte Zeit: Sie ist weder dafür angegeben noch für die Teile {missing}.",
    ),
    "nothing-paid": ("Kein Arbeitssystem hat im Zeitraum {period} bezahlte Zeit: Anteile gibt es nicht.",),
    # records and their places
    "period-not-in-study": (
        "{rows} Zeilen gehören zum Zeitraum {period}, den study.yaml nicht nennt; sie zählen nicht.",
    ),
    "system-unknown": ("„{system}“ ist kein Arbeitssystem der Studie; die Zeile bleibt weg.",),
    "state-unknown": ("„{state}“ steht nicht in der Zustandshierarchie; die Zeile bleibt weg.",),
    "rest-left-out": ("„{state}“ ist kein Mitarbeiterzustand; die Zeit bleibt im Rest der Bilanz.",),
    "modes-overlap": (
        "„{state}“ liegt mehrfach vor: {winner} in „{winner_system}“, {loser} in „{loser_system}“; "
        "es zählt das Erste.",
    ),
    "output-missing": (
        "„{state}“ in „{system}“ wurde je {unit} aufgenommen, doch dafür ist keine Menge gezählt; die Zeit "
        "bleibt im Rest der Bilanz.",
        "Im Zeitraum {period} ist keine Ausbringung festgehalten.",
        "Es ist keine Ausbringung festgehalten.",
    ),
    "output-of-above": (
        "{systems}: keine eigene Zählung ({unit}); es gilt die von „{lender}“, als liefe alles durch jedes.",
    ),
    "output-parts-exceed-whole": (
        "Die Varianten von „{system}“ haben zusammen {parts} ({unit}), für alle sind aber {whole} angegeben; "
        "{parts} werden verwendet.",
    ),
    "variants-estimated": (
        "„{state}“ in „{system}“ wurde für die Varianten {variants} nicht aufgenommen; die Zeit ist aus den "
        "aufgenommenen geschätzt.",
    ),
    # the acquisition procedure
    "area-missing": ("Es ist kein Bereich ausgewählt, oder er ist kein Arbeitssystem der Studie.",),
    "portfolio-missing": ("Das Produktprogramm ist nicht untersucht.",),
    "variants-missing": ("Es sind keine Produktgruppe und keine Varianten ausgewählt.",),
    "variant-not-in-portfolio": ("Die Variante „{variant}“ ist kein Produkt des Produktprogramms.",),
    "mode-missing": ("Für die Kategorie „{category}“ ist keine Erfassungsart festgelegt.",),
    "modes-missing": ("Für keine Kategorie ist eine Erfassungsart festgelegt.",),
    "plan-missing": ("Es gibt keinen Aufnahmeplan.",),
    "station-not-planned": ("Die Station „{station}“ steht nicht im Aufnahmeplan.",),
    "samples-missing": ("Station „{station}“ {variant}: {found} von {planned} Stichproben ({unit}).",),
    "documents-missing": (
        "{mode} ist für die Kategorie „{category}“ festgelegt, hat aber nichts festgehalten.",
    ),
    "paid-time-missing": ("Es ist keine bezahlte Zeit festgehalten.",),
    # what importers found
    "crosses-period": ("Die Zeile reicht in den nächsten Zeitraum und zählt in ihrem ersten.",),
    "duration-contradicts": ("Die Dauer {duration_ns} widerspricht Beginn und Ende ({start_to_end_ns}).",),
    "negative-duration": ("Die Dauer ist negativ oder läuft rückwärts: {duration_ns}.",),
    "overlap": ("Die Zeile überschneidet sich um {overlap_ns} mit einer anderen, die verwendet wird.",),
    "past-midnight": ("Das Ende wird am nächsten Tag angenommen.",),
    "rolled-over": (
        "Die Dauer {duration_ns} war bei 24 Stunden umgelaufen; es gilt Beginn bis Ende ({start_to_end_ns}).",
        "Die Arbeitsmappe zeigt diese Dauer ohne ihre Tage; sie wird ganz verwendet.",
    ),
    "period-unknown": ("Der Zeitraum der Zeile ist unbekannt: Es fehlt ein Zeitraum, Datum oder Beginn.",),
    "state-not-mapped": ("Der Zustand „{state}“ fehlt in der Zuordnungsdatei.",),
    "state-not-in-session": ("Der Zustand „{state}“ kommt in der Sitzung „{session}“ nicht vor.",),
    "shifts-of-a-variant": ("Schichten gehören zu keiner Variante: Sie brauchen eine eigene Zeile.",),
    "several-connections": (
        "Das Protokoll enthält {connections} Verbindungen; die Zeit dazwischen zählt nicht.",
    ),
    "piece-left-out": ("Eine andere Zeile desselben Stücks ist abgewiesen, deshalb bleibt das Stück weg.",),
    "rating-not-read": ("Ein Leistungsgrad wird nicht gelesen: Er beurteilt einen Menschen.",),
    "no-cycles": ("Kein vollständiger Zyklus, also keine Stichproben.",),
    "outside-cycles": ("{outside_ns} liegen außerhalb vollständiger Zyklen und zählen nicht.",),
    # what importers of a plant found
    "station-unknown": ("Die Station „{station}“ ist an diesem Standort nicht bekannt.",),
    "day-unknown": ("Der Zeitraum ist kein Tag wie 2026-11-28.",),
    "category-unknown": ("Der Zustand „{state}“ hat keine Kategorie.",),
    "day-stands-twice": ("Eine andere Zeile nennt dieselbe Station und denselben Tag.",),
    "event-refused": ("{more} weitere Termine sind abgewiesen.",),
    "shifts-overlap": ("„{event}“ beginnt, bevor die vorige Schicht endet.",),
}


def sentence(finding: Finding, sentences: dict[str, tuple[str, ...]], facts: dict[str, str]) -> str:
    """Return the first sentence for a finding whose facts are all there, and its own text without one."""
    for template in sentences.get(finding.code, ()):
        try:
            return template.format(**facts).replace("“ :", "“:")  # a fact may be empty
        except KeyError:
            continue
    return finding.text
