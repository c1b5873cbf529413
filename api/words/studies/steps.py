"""Words of the eight steps."""

from collections.abc import Mapping
from types import MappingProxyType

from consent.agreement.language import Text

WORDS: Mapping[str, Text] = MappingProxyType(
    {
        "step": Text("Schritt {n}", "Step {n}"),
        "step_done": Text("erledigt", "done"),
        "step_next": Text("als Nächstes", "next"),
        "step_open": Text("offen", "open"),
        "open_step": Text("Zu Schritt {n}", "Go to step {n}"),
        "previous_step": Text("Vorheriger Schritt", "Previous step"),
        "next_step": Text("Nächster Schritt", "Next step"),
        "missing": Text("Es fehlt noch", "Still missing"),
        "all_done": Text(
            "Alle acht Schritte sind erledigt. Die Ergebnisse warten.",
            "All eight steps are done. The results are waiting.",
        ),
        "about_1": Text(
            "Welche Arbeitssysteme gibt es, und welches davon wird untersucht?",
            "Which work systems are there, and which of them is analysed?",
        ),
        "about_2": Text(
            "Welche Produkte lohnen die Aufnahme? Die ABC-Analyse teilt sie ein.",
            "Which products are worth recording? The ABC analysis classes them.",
        ),
        "about_3": Text(
            "Welche Produktgruppe oder Varianten werden aufgenommen?",
            "Which product group or variants are recorded?",
        ),
        "about_4": Text(
            "Welche Erfassungsart gilt für welche Kategorie von Zuständen?",
            "Which recording mode holds for which category of states?",
        ),
        "about_5": Text(
            "Wie viele Stichproben braucht jede Station, und ab wann ist es genug?",
            "How many samples does each station need, and when is it enough?",
        ),
        "about_6": Text(
            "Kamera, Stoppuhr oder beschriftetes Video: wie lange dauert jeder Zustand je Stück?",
            "Camera, stopwatch or labelled video: how long does each state last per piece?",
        ),
        "about_7": Text(
            "Was haben die Beschäftigten selbst festgehalten?", "What did the workers note themselves?"
        ),
        "about_8": Text(
            "Ausbringung, bezahlte Zeit, Abwesenheit, Störungen.",
            "Output, paid time, absence, breakdowns.",
        ),
        # 1 area
        "systems": Text("Arbeitssysteme", "Work systems"),
        "systems_lead": Text(
            "Von oben nach unten: Werk, Bereich, Zelle oder Linie, Arbeitsplatz. Daten dürfen erst ab einer Ebene "
            "vorliegen.",
            "From the top down: plant, area, cell or line, workplace. Data may exist only from some level upward.",
        ),
        "level": Text("Ebene", "Level"),
        "part_of": Text("Teil von", "Part of"),
        "level_plant": Text("Werk", "plant"),
        "level_area": Text("Bereich", "area"),
        "level_cell": Text("Zelle oder Linie", "cell or line"),
        "level_workplace": Text("Arbeitsplatz", "workplace"),
        "from_plant": Text(
            "Aus der Gliederung dieses Werks übernehmen", "Take over how this plant is divided"
        ),
        "from_plant_note": Text(
            "Ersetzt die Tabelle; gespeichert wird erst auf Knopfdruck.",
            "Replaces the table; it is saved only when you press the button.",
        ),
        "no_area": Text("noch keiner", "none yet"),
        "periods": Text("Zeiträume", "Periods"),
        "periods_hint": Text(
            "Einer je Zeile, mit den Namen, die in den Daten stehen, zum Beispiel 2026-11.",
            "One in each line, by the names that the data use, for example 2026-11.",
        ),
        "confidence": Text("Vertrauensniveau in %", "Confidence in %"),
        "confidence_hint": Text(
            "100 % minus Irrtumswahrscheinlichkeit aller Grenzen.",
            "100 % minus the error probability of all limits.",
        ),
        # 2 portfolio
        "portfolio": Text("Produktprogramm", "Product portfolio"),
        "product": Text("Produkt", "Product"),
        "pieces": Text("Stück", "Pieces"),
        "sales": Text("Umsatz", "Sales"),
        "profit": Text("Ergebnis", "Profit"),
        "criterion": Text("Eingeteilt nach", "Classed by"),
        "abc_output": Text("Stückzahl", "output"),
        "abc_sales": Text("Umsatz", "sales volume"),
        "abc_margin": Text("geringer Marge", "low margin"),
        "abc_result": Text("ABC-Analyse", "ABC analysis"),
        "abc_note": Text(
            "A: die wenigen, auf die es ankommt; B: die mittleren; C: die vielen.",
            "A: the vital few; B: the middle; C: the many.",
        ),
        # 3 variants
        "variants_lead": Text(
            "Wählen Sie, was aufgenommen wird. Die Zeit der übrigen Varianten wird daraus geschätzt und als "
            "geschätzt ausgewiesen.",
            "Choose what is recorded. The time of other variants is estimated from it, and shown as estimated.",
        ),
        "no_portfolio": Text(
            "Erst das Produktprogramm: Schritt 2.", "The product portfolio comes first: step 2."
        ),
        "class": Text("Klasse", "Class"),
        # 4 modes, states
        "modes_lead": Text(
            "Wo sich zwei Erfassungsarten überschneiden, gilt die erste.",
            "Where two recording modes overlap, the first one counts.",
        ),
        "mode_none": Text("keine", "none"),
        "mode_RTS": Text("Zeitaufnahme mit kleiner Stichprobe (Stoppuhr)", "reduced time study (stopwatch)"),
        "mode_CV": Text("Kamera", "camera"),
        "mode_SR": Text("Selbstaufschreibung", "self-recording"),
        "mode_OMD": Text("Betriebs- und Maschinendaten", "operating and machine data"),
        "category_about_cycle-bound": Text("innerhalb eines Arbeitszyklus", "within one working cycle"),
        "category_about_batch-bound": Text("einmal je Los", "once for each batch"),
        "category_about_periodical": Text(
            "regelmäßig, zum Beispiel je Schicht", "periodically, for example once a shift"
        ),
        "category_about_irregular": Text("unregelmäßig", "irregularly"),
        "states": Text("Mitarbeiterzustände", "Worker states"),
        "states_lead": Text(
            "Jeder Zustand gehört zu einer Kategorie und kann einen anderen verfeinern. Regeln für Verluste, deren "
            "Zustand Sie entfernen, verschwinden mit ihm.",
            "Each state belongs to a category and may refine another one. Rules for losses whose state you remove "
            "go with it.",
        ),
        "value_adding": Text("Wertschöpfend", "Value-adding"),
        "edit_states": Text("Zustände ändern", "Change the states"),
        "iso": Text("Kennzahl nach ISO 22400-2", "ISO 22400-2 figure"),
        "iso_lead": Text(
            "„Worker efficiency“ (APWT / APAT) wird nur berechnet, wenn gesagt ist, aus welchen Zuständen sie "
            "besteht. Ein Zustand steht für alle, die ihn verfeinern.",
            "Worker efficiency (APWT / APAT) is worked out only if you say of which states it consists. A state "
            "stands for all that refine it.",
        ),
        "iso_absent": Text("bezahlt, aber nicht anwesend", "paid, but not attending"),
        "iso_breaks": Text("genehmigte Pausen", "authorised breaks"),
        "iso_orders": Text("Arbeit an Aufträgen", "work on orders"),
        "one_each_line": Text("Einer je Zeile.", "One in each line."),
        # 5 plan
        "plan_settings": Text("Wie genau es werden soll", "How exact it is to be"),
        "samples_before": Text(
            "Stichproben je Station, solange nichts bekannt ist",
            "Samples per station before anything is known",
        ),
        "half_width": Text(
            "Halbe Breite der Grenzen in % der Stückzeit",
            "Half-width of the limits in % of the time per piece",
        ),
        "half_width_hint": Text(
            "Ein Zustand, auf den es kaum ankommt, muss nicht genau bekannt sein.",
            "A state that hardly matters need not be known well.",
        ),
        "make_plan": Text("Aufnahmeplan erstellen", "Make the recording plan"),
        "make_plan_again": Text("Aufnahmeplan neu erstellen", "Make the recording plan anew"),
        "make_plan_note": Text(
            "Wo es Stichproben gibt, plant er so viele, wie die gewünschte Genauigkeit braucht (Stein 1945).",
            "Where there are samples, it plans as many as the wanted exactness needs (Stein 1945).",
        ),
        "plan": Text("Aufnahmeplan", "Recording plan"),
        "no_plan": Text("Es gibt noch keinen Aufnahmeplan.", "There is no recording plan yet."),
        "variant": Text("Variante", "Variant"),
        "all_variants": Text("alle Varianten", "all variants"),
        "mode": Text("Erfassungsart", "Mode"),
        "unit": Text("je", "per"),
        "samples": Text("Stichproben", "Samples"),
        "sessions": Text("Sitzungen", "Sessions"),
        "change_plan": Text("Plan von Hand ändern", "Change the plan by hand"),
        # 6 time studies
        "progress": Text("Fortschritt je Station", "Progress at each station"),
        "progress_of": Text("{found} von {planned} Stichproben", "{found} of {planned} samples"),
        "sessions_of": Text("{found} von {planned} Sitzungen", "{found} of {planned} sessions"),
        "sessions_seen": Text("{found} Sitzungen", "{found} sessions"),
        "enough": Text("genug", "enough"),
        "enough_about": Text(
            "Die Grenzen aller Zustände sind eng genug: hier braucht nichts mehr aufgenommen zu werden.",
            "The limits of all states are narrow enough: nothing more needs to be recorded here.",
        ),
        "plan_reached": Text("Plan erfüllt", "plan met"),
        "not_enough": Text("noch nicht genug", "not enough yet"),
        "cannot_tell": Text("nicht feststellbar", "cannot be told"),
        "cannot_tell_about": Text(
            "Ob es genug ist, lässt sich erst sagen, wenn die Stichproben ihre Sitzungen nennen.",
            "Whether it is enough can be told only if samples name their sessions.",
        ),
        "stop_note": Text(
            "Genug ist genug: Eine Aufnahme endet, sobald die halbe Breite der Grenzen jedes Zustands in zwei "
            "Blicken nacheinander unter {percent} % der Stückzeit liegt, frühestens nach {minimum} Sitzungen.",
            "Enough is enough: recording ends as soon as the half-width of every state's limits is below {percent} % "
            "of the time per piece at two looks in a row, after {minimum} sessions at the earliest.",
        ),
        "state_by_state": Text("Zustand für Zustand", "State by state"),
        "half_width_now": Text("Halbe Breite jetzt", "Half-width now"),
        "half_width_wanted": Text("Gewünscht", "Wanted"),
        "verdict": Text("Urteil", "Verdict"),
        "reason_too few units": Text("zu wenige Sitzungen", "too few sessions"),
        "reason_too wide": Text("noch zu breit", "too wide yet"),
        "reason_narrow enough once": Text("eng genug, noch ein Blick", "narrow enough, one more look"),
        "reason_narrow enough": Text("eng genug", "narrow enough"),
        "reason_time box is full": Text("Zeitrahmen ausgeschöpft", "time box is full"),
        "bring_in": Text("Daten hereinholen", "Bring data in"),
        "no_data_yet": Text("Noch keine Daten.", "No data yet."),
        "rows_in_period": Text("Zeilen im Zeitraum", "Rows in the period"),
        "documented": Text("Festgehaltene Zeiten", "Documented times"),
        "hours_total": Text("Summe", "Total"),
        "output": Text("Ausbringung", "Output"),
        "paid": Text("Bezahlte Zeit", "Paid time"),
        "batches": Text("Lose", "Batches"),
        "shifts": Text("Schichten", "Shifts"),
        "covers_category": Text(
            "{mode} ist für die Kategorie „{category}“ festgelegt.",
            "{mode} is assigned to {category} states.",
        ),
        "nothing_occurred": Text(
            "Kam nichts vor, halten Sie eine Zeile mit 0 Stunden fest: Dann weiß die Studie, dass nichts fehlt.",
            "If nothing occurred, note a row of 0 hours: then the study knows that nothing is missing.",
        ),
    }
)
