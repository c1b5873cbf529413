"""Words of results, comparison and agreement."""

from collections.abc import Mapping
from types import MappingProxyType

from consent.agreement.language import Text

WORDS: Mapping[str, Text] = MappingProxyType(
    {
        "not_released": Text(
            "Das sind Ergebnisse einer Studie, keine veröffentlichten Zahlen. Weitergegeben wird erst, was unter "
            "„Veröffentlichungen“ geprüft und freigegeben ist.",
            "These are results of a study, not released figures. What is passed on must be checked and released "
            "under “Releases” first.",
        ),
        "to_releases": Text("Zu den Veröffentlichungen", "To the releases"),
        "nothing_paid": Text(
            "Für dieses Arbeitssystem ist in diesem Zeitraum keine bezahlte Zeit bekannt, also gibt es keine Anteile.",
            "No paid time is known of this work system in this period, so there are no portions.",
        ),
        "to_step_8": Text("Bezahlte Zeit eintragen (Schritt 8)", "Enter paid time (step 8)"),
        "no_periods": Text(
            "Die Studie nennt noch keinen Zeitraum und hat keine Daten.",
            "The study names no period yet, and has no data.",
        ),
        "where": Text("Wo in der Gliederung", "Where in the hierarchy"),
        "parts": Text("Was dazugehört", "What it consists of"),
        "no_parts": Text("Das ist die unterste Ebene.", "This is the lowest level."),
        "without_paid": Text(
            "ohne bezahlte Zeit: nur Zeiten, keine Anteile", "without paid time: times, no portions"
        ),
        "recorded_share": Text("Erfasst", "Recorded"),
        "largest": Text("Größter Zustand", "Largest state"),
        "key_figures": Text("Kennzahlen", "Key figures"),
        "ranking": Text("Rangfolge", "Ranking"),
        "circle": Text("Kreisdiagramm", "Circle diagram"),
        "balance": Text("Bilanz der bezahlten Zeit", "Balance of paid time"),
        "balance_sum": Text(
            "Zyklusgebunden, losgebunden, periodisch, unregelmäßig und nicht erfasst ergeben zusammen genau die "
            "bezahlte Zeit.",
            "Cycle-bound, batch-bound, periodical, irregular and not recorded add up to paid time exactly.",
        ),
        "how_sure": Text("Wie sicher die Rangfolge ist", "How certain the ranking is"),
        "swaps": Text("Nachbarn, die vertauscht sein könnten", "Neighbours that may be the other way round"),
        "matching": Text("Was gegen welchen Verlust hilft", "What helps against which loss"),
        "findings": Text("Befunde", "Findings"),
        "downloads": Text("Herunterladen", "Download"),
        "download_form": Text("Form", "Form"),
        "form_xlsx": Text("Excel", "Excel"),
        "form_csv": Text("CSV (international, gezippt)", "CSV (international, zipped)"),
        "form_csv-de": Text("CSV für deutsches Excel (gezippt)", "CSV for a German Excel (zipped)"),
        "form_json": Text("JSON", "JSON"),
        "form_html": Text("Bericht als Seite (HTML)", "Report as a page (HTML)"),
        "form_pdf": Text("Bericht als PDF", "Report as PDF"),
        "download_language": Text("Sprache", "Language"),
        "download_scope": Text("Umfang", "Scope"),
        "scope_shown": Text("nur {system}", "{system} only"),
        "scope_all": Text("alle Arbeitssysteme und Zeiträume", "all work systems and periods"),
        "download": Text("Herunterladen", "Download"),
        "downloading": Text("Wird zusammengestellt …", "Being put together …"),
        # comparison
        "compare_lead": Text(
            "Zwei Zeiträume eines Arbeitssystems, oder zwei Arbeitssysteme, mit Grenzen der Unterschiede.",
            "Two periods of a work system, or two work systems, with limits of the differences.",
        ),
        "before": Text("Vorher", "Before"),
        "after": Text("Nachher", "After"),
        "other_system": Text("verglichen mit", "compared with"),
        "same_system": Text("dasselbe", "the same"),
        "compare": Text("Vergleichen", "Compare"),
        "certain_note": Text(
            "Sicher heißt: Die Grenzen des Unterschieds schließen 0 aus.",
            "Certain means: the limits of the difference exclude 0.",
        ),
        "one_period": Text(
            "Für einen Vergleich braucht es zwei Zeiträume oder zwei Arbeitssysteme mit bezahlter Zeit.",
            "A comparison needs two periods, or two work systems with paid time.",
        ),
        # agreement
        "agree_lead": Text(
            "Ersetzt die Kamera die Stoppuhr? Dieselben Sitzungen, von Hand und gemessen, werden Sekunde für Sekunde "
            "verglichen und an Schwellen gemessen, die vorher festgelegt sind.",
            "Does the camera replace the stopwatch? The same sessions, by hand and measured, are compared second by "
            "second and held to bars that were fixed beforehand.",
        ),
        "bars": Text("Schwellen", "Bars"),
        "bars_lead": Text(
            "Legen Sie sie fest, bevor Sie vergleichen. Leer: wird berichtet, aber nicht beurteilt.",
            "Fix them before you compare. Empty: reported, not judged.",
        ),
        "fixed_on": Text("Festgelegt am", "Fixed on"),
        "cycle_margin": Text(
            "Mittlere Zykluszeit gleich innerhalb von %", "Mean cycle time equivalent within %"
        ),
        "kappa": Text("Kappa mindestens (untere Grenze)", "Kappa at least (lower limit)"),
        "human_kappa": Text("Kappa zweier Menschen", "Kappa of two people"),
        "share_error": Text(
            "Anteilsfehler höchstens, Prozentpunkte", "Share error at most, percentage points"
        ),
        "concordance": Text("Konkordanz mindestens", "Concordance at least"),
        "mape": Text("Mittlerer Fehler der Zykluszeit höchstens %", "Mean error of cycle times at most %"),
        "smallest_difference": Text(
            "Kleinster Unterschied, auf den es ankommt, in s", "Smallest difference that matters, in s"
        ),
        "clustering": Text("Unabhängig ist", "Independent is"),
        "clustering_session": Text("jede Sitzung", "each session"),
        "clustering_station": Text("jede Station", "each station"),
        "pairs": Text("Sitzungen", "Sessions"),
        "pairs_lead": Text(
            "Wählen Sie zu jeder Sitzung von Hand ihr gemessenes Gegenstück. Beide müssen zur selben Zeit beginnen.",
            "Choose for each session by hand its measured counterpart. Both must begin at the same time.",
        ),
        "manual": Text("Von Hand", "By hand"),
        "measured": Text("Gemessen", "Measured"),
        "no_pair": Text("nicht verglichen", "not compared"),
        "no_courses": Text(
            "Dafür braucht es mindestens zwei Quellen mit Verlauf in der Zeit: ein beschriftetes Video und eine "
            "Kameraaufnahme derselben Sitzung.",
            "This needs at least two sources with their course in time: a labelled video and a camera recording of "
            "the same session.",
        ),
        "recorded_from": Text("Erster Tag der Daten", "First day of the data"),
        "judge": Text("Vergleichen", "Compare"),
        "all_met": Text("Alle Schwellen sind eingehalten", "All bars are met"),
        "some_missed": Text("Nicht alle Schwellen sind eingehalten", "Not all bars are met"),
        "undetermined": Text("Das lässt sich nicht sagen", "This cannot be told"),
    }
)
