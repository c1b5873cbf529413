"""Words that every study page has, and those of the list of studies and of its files."""

from collections.abc import Mapping
from types import MappingProxyType

from consent.agreement.language import Text

WORDS: Mapping[str, Text] = MappingProxyType(
    {
        "study": Text("Studie", "Study"),
        "study_parts": Text("Teile der Studie", "Parts of the study"),
        "tab_steps": Text("Acht Schritte", "Eight steps"),
        "tab_data": Text("Daten", "Data"),
        "tab_results": Text("Ergebnisse", "Results"),
        "tab_comparison": Text("Vergleich", "Comparison"),
        "tab_agreement": Text("Kamera und Stoppuhr", "Camera and stopwatch"),
        "tab_files": Text("Dateien", "Files"),
        "period": Text("Zeitraum", "Period"),
        "show": Text("Anzeigen", "Show"),
        "back": Text("Zurück", "Back"),
        "name": Text("Name", "Name"),
        "title": Text("Titel", "Title"),
        "system": Text("Arbeitssystem", "Work system"),
        "area_of_study": Text("Untersuchter Bereich", "Area under study"),
        "data": Text("Daten", "Data"),
        "file": Text("Datei", "File"),
        "delete": Text("Löschen", "Delete"),
        "add_row": Text("Zeile hinzufügen", "Add a row"),
        "remove_row": Text("Zeile {n} entfernen", "Remove row {n}"),
        "row": Text("Zeile {n}", "Row {n}"),
        "saved": Text("Gespeichert.", "Saved."),
        "unsaved": Text("Noch nicht gespeichert.", "Not saved yet."),
        "too_many_rows": Text(
            "Diese Tabelle hat mehr als {n} Zeilen; ändern Sie sie als Datei oder durch einen neuen Import.",
            "This table has more than {n} rows; change it as a file, or by a new import.",
        ),
        "nothing_missing": Text("Hier fehlt nichts.", "Nothing is missing here."),
        "english_detail": Text("Im Einzelnen (auf Englisch)", "In detail"),
        "no_data_dir": Text(
            "Dieser Server hat kein Verzeichnis für Daten, deshalb kann er keine Studien aufbewahren. Starten Sie "
            "ihn mit --data.",
            "This server has no directory for data, so it cannot keep studies. Start it with --data.",
        ),
        "list_lead": Text(
            "Eine Studie führt in acht Schritten von Dauern zu Prioritäten. Sie ist ein Ordner mit lesbaren "
            "Dateien, den auch der Befehl fairtakt study versteht.",
            "A study leads from durations to priorities in eight steps. It is a folder of readable files that "
            "the command fairtakt study understands too.",
        ),
        "no_studies": Text("Es gibt noch keine Studie.", "There is no study yet."),
        "new_study": Text("Neue Studie", "New study"),
        "new_name": Text("Kurzname für die Adresse", "Short name for the address"),
        "new_name_hint": Text(
            "Buchstaben ohne Umlaute, Ziffern, - und _; lässt sich später nicht ändern.",
            "Letters, digits, - and _; it cannot be changed later.",
        ),
        "new_title": Text("Worum es geht", "What it is about"),
        "template_language": Text("Sprache der Vorlage", "Language of the template"),
        "create": Text("Anlegen", "Create"),
        "steps_done": Text("{n} von 8 Schritten erledigt", "{n} of 8 steps done"),
        "cannot_be_read": Text("Die Studie lässt sich nicht lesen", "The study cannot be read"),
        "broken_lead": Text(
            "Eine ihrer Dateien enthält etwas, das niemand verstehen kann. Sie können es bei den Dateien "
            "berichtigen; bis dahin bleibt alles, wie es ist.",
            "One of its files holds something that nobody can understand. You can correct it among the files; "
            "until then everything stays as it is.",
        ),
        "to_files": Text("Zu den Dateien", "To the files"),
        "delete_study": Text("Studie löschen", "Delete the study"),
        "delete_study_confirm": Text(
            "Die Studie „{title}“ mit allen ihren Daten endgültig löschen?",
            "Delete the study “{title}” with all its data for good?",
        ),
        "files_lead": Text(
            "Alles, was Sie auf den anderen Seiten entscheiden, steht in diesen Dateien, mit Kommentaren. Wer mag, "
            "ändert sie hier als Text. Was sich nicht lesen lässt, wird nicht gespeichert.",
            "Everything that you decide on the other pages stands in these files, with comments. Whoever likes to "
            "may change them here as text. What cannot be read is not saved.",
        ),
        "about_study_yaml": Text(
            "Titel, Arbeitssysteme, Zeiträume, Entscheidungen", "title, work systems, periods, decisions"
        ),
        "about_states_yaml": Text("die Mitarbeiterzustände", "the worker states"),
        "about_portfolio_csv": Text("Produkte für die ABC-Analyse", "products for the ABC analysis"),
        "about_plan_csv": Text("der Aufnahmeplan", "the recording plan"),
        "about_matching_yaml": Text(
            "welche Methode zu welchem Verlust passt", "which remedy addresses which loss"
        ),
        "about_protocol_yaml": Text("Schwellen für Kamera und Stoppuhr", "bars for camera and stopwatch"),
        "file_absent": Text("noch nicht vorhanden", "not there yet"),
        "refused_title": Text("Das wird nicht gezeigt", "This is not shown"),
        "look_note": Text(
            "Ergebnisse beruhen auf Daten von Stationen dieses Werks. Sie anzusehen ist ein Eintrag im Protokoll, "
            "den der Betriebsrat sieht.",
            "Results rest on data of this plant's stations. To look at them is an entry in the log, which the "
            "works council sees.",
        ),
    }
)
