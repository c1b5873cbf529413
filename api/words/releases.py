"""Words of the pages of released tables."""

from collections.abc import Mapping
from types import MappingProxyType

from consent.agreement.language import Text

WORDS: Mapping[str, Text] = MappingProxyType(
    {
        "title": Text("Veröffentlichungen", "Releases"),
        "lead": Text(
            "Tabellen, die den Kreis derer verlassen haben, die Zeitverläufe sehen dürfen. Jede wurde vorher "
            "gegen alle früheren geprüft.",
            "Tables that left the circle of those who may see timelines. Each was checked against all earlier "
            "ones first.",
        ),
        "new": Text("Neue Tabelle", "New table"),
        "empty": Text("Noch nichts wurde veröffentlicht.", "Nothing was released yet."),
        "table": Text("Tabelle", "Table"),
        "period": Text("Zeitraum", "Period"),
        "released_at": Text("veröffentlicht", "released"),
        "cells": Text("Zellen", "Cells"),
        "hidden_cells": Text("davon verdeckt", "hidden"),
        "smallest": Text("kleinste Gruppe", "smallest group"),
        "required": Text("verlangte Gruppe", "required group"),
        "entry": Text("Eintrag im Protokoll", "log entry"),
        "retired": Text(
            "{n} ältere werden nach der Frist der Betriebsvereinbarung nicht mehr gezeigt. Für die Prüfung "
            "neuer Tabellen bleiben sie gespeichert.",
            "{n} older ones are not shown any more, as the works agreement says. They are kept for the check of "
            "new tables.",
        ),
        "damaged": Text(
            "{n} Veröffentlichungen sind beschädigt und werden nicht gezeigt. Bis eine Sicherung eingespielt "
            "ist, wird nichts Neues veröffentlicht.",
            "{n} releases are damaged and not shown. Until a backup is restored, nothing new is released.",
        ),
        "look_note": Text(
            "Wer eine Tabelle öffnet, steht als Rolle im Protokoll, bevor sie erscheint.",
            "Whoever opens a table stands in the log, as a role, before it appears.",
        ),
        "rules": Text("Nach welchen Regeln", "By which rules"),
        "statement": Text(
            "Veröffentlichte Tabellen halten Regeln ein: Jede gezeigte Zahl beruht nach Anwesenheitszählung auf "
            "mindestens {k} Personen. Wo Beiträge einzelner Personen bekannt sind, machen die zwei größten "
            "höchstens 90 % aus. Was verdeckt ist, lässt sich aus dieser und allen früheren Tabellen nicht "
            "errechnen. Über Wissen von anderswo wird nichts behauptet.",
            "Published tables meet rules: every figure that is shown rests on at least {k} people by attendance "
            "counts. Where contributions of single people are known, the two largest are at most 90 % of it. "
            "What is hidden cannot be worked out from this and all earlier tables. No claim is made against "
            "outside knowledge.",
        ),
        "statement_but": Text(
            "Ausnahme: Frühere Tabellen verraten bereits etwas über verdeckte Zahlen; der englische Wortlaut in "
            "der Datei nennt, wie viele es sind.",
            "Exception: earlier tables already give away something of hidden figures; the statement in the file "
            "says of how many.",
        ),
        "unjudged": Text("ohne bekannte Einzelbeiträge", "without known single contributions"),
        "unjudged_note": Text(
            "Ohne Identitäten kennt der Betrieb keine Beiträge einzelner Personen: dort schützt allein die "
            "Gruppengröße.",
            "A plant without identities knows no contributions of single people: there the size of the group is "
            "the only safeguard.",
        ),
        "counted_once": Text(
            "Gezählt wird jede Person einmal am Tag, an ihrer Station.",
            "Each person is counted once a day, at their station.",
        ),
        "counted_each": Text(
            "Wer an mehreren Stationen arbeitet, wird an jeder gezählt: für mehrere zusammen gilt die größte "
            "Zählung.",
            "Whoever works at several stations is counted at each: of several together the largest count holds.",
        ),
        "several_days": Text(
            "An mehreren Tagen können es dieselben Personen sein: es gilt der Tag mit den meisten.",
            "On several days it may be the same people: the day with the most holds.",
        ),
        "hidden": Text("verdeckt", "hidden"),
        "hidden_legend": Text(
            "▨ verdeckt: beruht auf zu wenigen Personen oder schützt eine andere Zahl.",
            "▨ hidden: rests on too few people or protects another figure.",
        ),
        "unit_hours": Text(
            "Stunden, von Kameras aufgezeichnet; in den Dateien ganze Sekunden",
            "Hours as recorded by cameras; whole seconds in the files",
        ),
        "chart": Text("Stunden nach Zustand", "Hours by state"),
        "chart_note": Text("Alle Stationen, ganzer Zeitraum.", "All stations, whole period."),
        "not_drawn": Text("Verdeckt und darum nicht gezeichnet:", "Hidden and therefore not drawn:"),
        "downloads": Text("Dateien", "Files"),
        "csv": Text("CSV für Tabellenprogramme", "CSV for spreadsheets"),
        "json": Text("JSON, wie im Protokoll belegt", "JSON, as the log proves it"),
        "json_note": Text(
            "SHA-256 der JSON-Datei; dieselbe Zahl steht im Protokoll, Eintrag {n}.",
            "SHA-256 of the JSON file; the log has the same number in entry {n}.",
        ),
        "group_all": Text("alle", "all"),
        "kind_area": Text("Bereich", "Area"),
        "kind_cell": Text("Zelle", "Cell"),
        "kind_station": Text("Station", "Station"),
        "kind_category": Text("Kategorie", "Category"),
        "kind_state": Text("Zustand", "State"),
        "back": Text("Alle Veröffentlichungen", "All releases"),
        "new_title": Text("Tabelle veröffentlichen", "Release a table"),
        "new_lead": Text(
            "Erst die Vorschau: Sie zeigt, welche Zellen verdeckt würden und warum, und keine einzige Zahl. "
            "Gezeigt wird eine Zahl erst, wenn die Veröffentlichung im Protokoll steht.",
            "First the preview: it shows which cells would be hidden and why, and not a single figure. A figure "
            "is shown only once the release stands in the log.",
        ),
        "name": Text("Name der Tabelle", "Name of the table"),
        "unit": Text("Zeitraum aus ganzen", "Period of whole"),
        "unit_week": Text("Wochen", "weeks"),
        "unit_month": Text("Monaten", "months"),
        "unit_hint": Text(
            "Bleiben Sie bei einem von beiden: Wochen und Monate überschneiden sich, und Überschneidungen kosten "
            "Zahlen.",
            "Keep to one of them: weeks and months overlap, and overlaps cost figures.",
        ),
        "first_day": Text("erster Tag", "first day"),
        "last_day": Text("letzter Tag", "last day"),
        "day_hint": Text(
            "irgendein Tag der ersten und der letzten Woche (oder des Monats)",
            "any day of the first and of the last week (or month)",
        ),
        "periods": Text("Wochen oder Monate", "Weeks or months"),
        "periods_together": Text("zusammen", "together"),
        "periods_each": Text("zusammen und jede für sich", "together and each by itself"),
        "place": Text("Bereich oder Zelle", "Area or cell"),
        "whole_plant": Text("ganzer Betrieb", "whole plant"),
        "stations": Text("Stationen bis hinunter zu", "Stations down to"),
        "stations_station": Text("Stationen", "stations"),
        "stations_cell": Text("Zellen", "cells"),
        "stations_area": Text("Bereichen", "areas"),
        "stations_all": Text("nur die Summe", "the total only"),
        "states": Text("Zustände bis hinunter zu", "States down to"),
        "states_state": Text("einzelnen Zuständen", "single states"),
        "states_category": Text("Kategorien", "categories"),
        "counted": Text("Wie zählt der Betrieb Anwesende?", "How does the plant count people present?"),
        "counted_hint": Text(
            "Davon hängt ab, wie viele Personen sicher hinter mehreren Stationen stehen. Im Zweifel: an jeder "
            "Station.",
            "It decides how many people are certain to be behind several stations. If in doubt: at each "
            "station.",
        ),
        "count_once": Text(
            "jede Person einmal am Tag, an ihrer Station", "each person once a day, at their station"
        ),
        "count_at_each": Text(
            "an jeder Station, an der sie gearbeitet hat", "at each station where they worked"
        ),
        "preview": Text("Vorschau", "Preview"),
        "preview_wait": Text(
            "Bei vielen Zahlen und früheren Tabellen kann das eine Minute dauern.",
            "With many figures and earlier tables this may take a minute.",
        ),
        "refused": Text("So lässt es sich nicht veröffentlichen", "It cannot be released like this"),
        "missing": Text("Eine Angabe fehlt oder passt nicht:", "Something is missing or does not fit:"),
        "would_show": Text("gezeigt", "shown"),
        "would_hide": Text("verdeckt", "hidden"),
        "too_few": Text("zu wenige Personen", "too few people"),
        "dominated": Text("von wenigen bestimmt", "dominated by few people"),
        "protecting": Text("schützt andere", "protects another"),
        "mark_too_few": Text("zu wenige", "too few"),
        "mark_dominated": Text("bestimmt", "dominated"),
        "mark_protecting": Text("schützt", "protects"),
        "mark_shown": Text("gezeigt", "shown"),
        "checked_against": Text("frühere Tabellen, die sich überschneiden", "earlier tables that overlap"),
        "exposed": Text(
            "Frühere Tabellen verraten schon etwas über diese Zellen, was immer hier verdeckt wird:",
            "Earlier tables already give away something of these cells, whatever is hidden here:",
        ),
        "not_sealed": Text(
            "Noch nicht alle Tage sind versiegelt. Wird später etwas berichtigt oder nachgeliefert, lassen sich "
            "überschneidende Tabellen nicht mehr veröffentlichen. Nicht versiegelte Tage:",
            "Not all days are sealed yet. If something is corrected or delivered later, overlapping tables "
            "cannot be released any more. Days that are not sealed:",
        ),
        "nothing_shown": Text(
            "Keine einzige Zahl dürfte gezeigt werden. Wählen Sie weniger Einzelheiten, einen größeren Bereich "
            "oder einen anderen Zeitraum.",
            "Not a single figure might be shown. Choose less detail, a larger place or another period.",
        ),
        "publish": Text("Veröffentlichen", "Release"),
        "publish_note": Text(
            "Das lässt sich nicht zurücknehmen. Der Eintrag im Protokoll kommt zuerst.",
            "This cannot be taken back. The entry in the log comes first.",
        ),
        "publish_confirm": Text(
            "Diese Tabelle veröffentlichen? Das lässt sich nicht zurücknehmen.",
            "Release this table? This cannot be taken back.",
        ),
    }
)
