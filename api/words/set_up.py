"""Words of the set-up pages."""

from collections.abc import Mapping
from types import MappingProxyType

from capture.clip.trial import Ending
from consent.agreement.language import Text

LIST_WORDS: Mapping[str, Text] = MappingProxyType(
    {
        "title": Text("Stationen einrichten", "Station set-up"),
        "lead": Text(
            "Eine Stationsdatei sagt, was an einem Arbeitsplatz erfasst wird: Zonen, Werkzeuge, Zustände und ihre"
            " Regeln. Hier wird sie gezeichnet, geprüft und für die Geräte veröffentlicht.",
            "A station file says what is recorded at a workplace: zones, tools, states and their rules. Here it"
            " is drawn, checked, and published to the devices.",
        ),
        "filter": Text("Stationen suchen", "Find stations"),
        "found": Text("{n} von {all} Stationen", "{n} of {all} stations"),
        "place": Text("Bereich oder Zelle", "Area or cell"),
        "file": Text("Stationsdatei", "Station file"),
        "nothing_written": Text("noch keine", "none yet"),
        "only_draft": Text("Entwurf {n}, nicht veröffentlicht", "draft {n}, not published"),
        "published": Text("Fassung {n} veröffentlicht", "revision {n} published"),
        "newer_draft": Text("Entwurf {n} ist neuer", "draft {n} is newer"),
        "who": Text("Von", "By"),
        "when": Text("Wann", "When"),
        "no_stations": Text(
            "Noch keine Stationen. Legen Sie unten die erste an.",
            "There are no stations yet. Make the first one below.",
        ),
        "new": Text("Neue Station", "New station"),
        "name": Text("Name", "Name"),
        "name_hint": Text(
            "So, wie die Betriebsvereinbarung die Station nennt; höchstens 80 Zeichen.",
            "As the works agreement calls the station; at most 80 characters.",
        ),
        "create": Text("Station anlegen", "Make the station"),
    }
)

WORDS: Mapping[str, Text] = MappingProxyType(
    {
        "all_stations": Text("Alle Stationen", "All stations"),
        "title": Text("{station} einrichten", "Set up {station}"),
        # What stands at the top
        "is_new": Text("noch nichts gespeichert", "nothing saved yet"),
        "is_draft": Text("Entwurf {n}", "draft {n}"),
        "is_published": Text("veröffentlicht: Fassung {n}", "published: revision {n}"),
        "not_published": Text("nicht veröffentlicht", "not published"),
        "unsaved": Text("Änderungen nicht gespeichert", "unsaved changes"),
        "all_saved": Text("alles gespeichert", "everything saved"),
        "undo": Text("Rückgängig", "Undo"),
        "redo": Text("Wiederholen", "Redo"),
        "save_draft": Text("Entwurf speichern", "Save draft"),
        "saved": Text("Als Fassung {n} gespeichert.", "Saved as revision {n}."),
        "in_step": Text("Formular und Text stimmen überein.", "Form and text are in step."),
        "working_on_it": Text("Wird geprüft …", "Checking …"),
        "out_of_step": Text(
            "Der Server antwortet nicht; Formular und Text sind noch nicht abgeglichen.",
            "The server does not answer; form and text are not in step yet.",
        ),
        "keep_trying": Text("Erneut versuchen", "Try again"),
        # The picture
        "picture": Text("Bild und Zonen", "Picture and zones"),
        "open_picture": Text("Bild öffnen", "Open a picture"),
        "picture_stays": Text(
            "Das Bild öffnet nur Ihr Browser. Es wird nicht übertragen und ist fort, sobald Sie die Seite"
            " schließen.",
            "Only your browser opens the picture. It is not sent anywhere, and it is gone when you close the"
            " page.",
        ),
        "picture_bad": Text(
            "Dieses Bild kann der Browser nicht öffnen; JPEG, PNG und WebP gehen.",
            "The browser cannot open this picture; JPEG, PNG and WebP will do.",
        ),
        "picture_none": Text(
            "Noch kein Bild. Zonen lassen sich auch ohne zeichnen.",
            "No picture yet. Zones can be drawn without one, too.",
        ),
        "picture_alt": Text(
            "Bild der Station, nur in diesem Browser", "Picture of the station, in this browser only"
        ),
        "camera": Text("Kamera öffnen", "Open the camera"),
        "camera_about": Text(
            "Statt eines Bildes kann für {n} Minuten die Kamera dieses Geräts geöffnet werden, um die Zonen zu"
            " zeichnen. Zuerst steht das im Protokoll, dann erst kommt ein Bild. Kein Bild verlässt den Browser.",
            "Instead of a picture, the camera of this device can be opened for {n} minutes to draw the zones. First"
            " the log says so, only then a picture comes. No picture leaves the browser.",
        ),
        "camera_refused": Text(
            "Die Kamera bleibt hier zu. Die Betriebsvereinbarung muss dieser Rolle „Kamerabilder beim Einrichten“"
            " an dieser Station geben. Grund:",
            "The camera stays closed here. The works agreement must give this role “set-up pictures” at this"
            " station. Reason:",
        ),
        "camera_sure": Text(
            "Kamera für {n} Minuten öffnen? Das Protokoll sagt, dass jemand mit Ihrer Rolle diese Station mit einer"
            " Kamera einrichtet; der Betriebsrat liest es. Sagen Sie es denen, die zu sehen sein können.",
            "Open the camera for {n} minutes? The log says that somebody of your role sets this station up with a"
            " camera; the works council reads it. Tell those who can be seen.",
        ),
        "camera_on": Text(
            "Kamera offen: Station wird eingerichtet", "Camera open: the station is being set up"
        ),
        "camera_left": Text("noch {time}", "{time} left"),
        "camera_end": Text("Kamera schließen", "Close the camera"),
        "camera_still": Text("Standbild nehmen", "Take a still"),
        "camera_kept": Text(
            "Ein Standbild bleibt nur in diesem Browser, bis Sie die Seite schließen.",
            "A still stays in this browser only, until you close the page.",
        ),
        "camera_none": Text(
            "Der Browser gibt keine Kamera frei; die Sitzung ist beendet.",
            "The browser gives no camera; the session is over.",
        ),
        "camera_over_done": Text("Die Kamera ist geschlossen.", "The camera is closed."),
        "camera_over_time": Text(
            "Die Zeit ist um; die Kamera ist geschlossen.", "The time is over; the camera is closed."
        ),
        "camera_over_permission": Text(
            "Nicht mehr erlaubt; die Kamera ist geschlossen.", "Not permitted any more; the camera is closed."
        ),
        "camera_over_server": Text(
            "Der Server antwortet nicht; die Kamera ist geschlossen.",
            "The server does not answer; the camera is closed.",
        ),
        "camera_over_hidden": Text(
            "Die Seite war nicht zu sehen; die Kamera ist geschlossen.",
            "The page could not be seen; the camera is closed.",
        ),
        "camera_picture": Text("Kamerabild, nur in diesem Browser", "Camera picture, in this browser only"),
        "remove_picture": Text("Bild entfernen", "Remove the picture"),
        "grid": Text("Raster in Zehnteln", "Grid in tenths"),
        "zoom": Text("Vergrößerung", "Zoom"),
        "draw_zone": Text("Zone zeichnen", "Draw a zone"),
        "add_rectangle": Text("Rechteck", "Rectangle"),
        "crop": Text("Bildausschnitt", "Crop"),
        "crop_hint": Text(
            "Nur dieser Teil des Bildes wird angesehen.", "Only this part of the picture is looked at."
        ),
        "crop_show": Text("Ausschnitt ziehen", "Drag the crop"),
        "left": Text("links", "left"),
        "top": Text("oben", "top"),
        "right": Text("rechts", "right"),
        "bottom": Text("unten", "bottom"),
        "stage": Text("Zonen auf dem Bild", "Zones on the picture"),
        "keys": Text(
            "Tasten: Tab geht von Zone zu Zone, Eingabe wählt eine aus, Tab führt dann zu ihren Punkten."
            " Pfeiltasten verschieben um ein halbes Prozent, mit Umschalt um fünf, mit Strg um ein zehntel."
            " Plus fügt hinter einem Punkt einen neuen ein, Entf löscht Punkt oder Zone, Esc geht zurück.",
            "Keys: Tab goes from zone to zone, Enter selects one, then Tab leads to its points. Arrow keys move"
            " by half a per cent, with Shift by five, with Ctrl by a tenth. Plus adds a point after another,"
            " Delete removes a point or zone, Esc goes back.",
        ),
        "keys_title": Text("Tasten", "Keys"),
        "drawing": Text(
            "Zone zeichnen: Klicken oder tippen setzt Punkte, der erste Punkt schließt die Zone. Mit der Tastatur:"
            " Pfeiltasten bewegen das Fadenkreuz, Leertaste setzt, Eingabe schließt, Rücktaste nimmt zurück, Esc"
            " bricht ab.",
            "Drawing a zone: click or tap to set points, the first point closes the zone. With the keyboard: arrow"
            " keys move the cross-hair, Space sets, Enter closes, Backspace takes back, Esc cancels.",
        ),
        "finish": Text("Zone schließen", "Close the zone"),
        "take_back": Text("Punkt zurücknehmen", "Take a point back"),
        "crosshair": Text("Fadenkreuz bei {x}, {y}; {n} Punkte", "Cross-hair at {x}, {y}; {n} points"),
        "zone_label": Text("Zone {name}, {n} Punkte", "Zone {name}, {n} points"),
        "point_label": Text(
            "Punkt {i} von {n} der Zone {name}: {x}, {y}", "Point {i} of {n} of zone {name}: {x}, {y}"
        ),
        "side_label": Text("Ausschnitt {side}", "Crop {side}"),
        "moved": Text("{x}, {y}", "{x}, {y}"),
        "point_added": Text("Punkt eingefügt, jetzt {n}", "Point added, now {n}"),
        "point_removed": Text("Punkt gelöscht, noch {n}", "Point removed, {n} left"),
        "point_kept": Text("Eine Zone hat mindestens drei Punkte.", "A zone has at least three points."),
        "zone_removed": Text("Zone {name} gelöscht", "Zone {name} removed"),
        "zone_added": Text("Zone {name} angelegt", "Zone {name} added"),
        "too_few": Text(
            "Noch {n} Punkte, dann lässt sich die Zone schließen.",
            "{n} more points, then the zone can be closed.",
        ),
        "new_zone": Text("Zone", "zone"),
        "zones": Text("Zonen", "Zones"),
        "no_zones": Text("Noch keine Zonen.", "No zones yet."),
        "zone_name": Text("Name der Zone", "Name of the zone"),
        "points": Text("Punkte", "Points"),
        "points_hint": Text(
            "Anteile der Bildbreite (von links) und der Bildhöhe (von oben), 0 bis 1.",
            "Fractions of the picture's width (from the left) and height (from the top), 0 to 1.",
        ),
        "point": Text("Punkt {i}", "Point {i}"),
        "across": Text("waagerecht", "across"),
        "down": Text("senkrecht", "down"),
        "across_of": Text("Punkt {i} waagerecht", "Point {i} across"),
        "down_of": Text("Punkt {i} senkrecht", "Point {i} down"),
        "remove_point": Text("Punkt {i} löschen", "Remove point {i}"),
        "add_point": Text("Punkt nach {i} einfügen", "Add a point after {i}"),
        "remove_zone": Text("Zone löschen", "Remove the zone"),
        "used_by": Text("Verwendet von: {names}", "Used by: {names}"),
        "used_by_none": Text("Von keiner Regel verwendet.", "Not used by any rule."),
        "place": Text("Platz der arbeitenden Person", "The worker's place"),
        "place_hint": Text(
            "Wessen Hüfte in dieser Zone ist, gilt als arbeitende Person; alle anderen bleiben unbeachtet.",
            "Whose hips are in this zone counts as the worker; others are ignored.",
        ),
        "no_place": Text("überall im Ausschnitt", "anywhere in the crop"),
        # Tools
        "tools": Text("Werkzeuge", "Tools"),
        "tools_hint": Text(
            "Am Aussehen der Halterung wird erkannt, ob das Werkzeug dort ist oder benutzt wird.",
            "The look of the holder tells whether a tool is there or in use.",
        ),
        "no_tools": Text("Keine Werkzeuge.", "No tools."),
        "add_tool": Text("Werkzeug hinzufügen", "Add a tool"),
        "new_tool": Text("Werkzeug", "tool"),
        "tool_name": Text("Name des Werkzeugs", "Name of the tool"),
        "holder": Text("Halterung (Zone)", "Holder (zone)"),
        "draw_holder": Text("Halterung zeichnen", "Draw the holder"),
        "holder_of": Text("Halterung {name}", "holder of {name}"),
        "remove_tool": Text("Werkzeug {name} löschen", "Remove tool {name}"),
        "missing": Text("{name} (gibt es nicht)", "{name} (is not there)"),
        "choose": Text("bitte wählen", "please choose"),
        # States
        "states": Text("Zustände", "States"),
        "states_hint": Text(
            "Jeder Zustand hat eine Regel. Passt keine, ist die Zeit „unbekannt“; ist niemand da, „nicht erfasst“.",
            "Each state has a rule. Where none fits, time is “unknown”; where nobody is, “not recorded”.",
        ),
        "no_states": Text(
            "Noch keine Zustände. Mindestens einer ist nötig.", "No states yet. At least one is needed."
        ),
        "add_state": Text("Zustand hinzufügen", "Add a state"),
        "new_state": Text("Zustand", "state"),
        "state_name": Text("Name des Zustands", "Name of the state"),
        "value_adding": Text("wertschöpfend", "value-adding"),
        "rule": Text("Gilt, wenn", "Holds when"),
        "shortest": Text("Kürzeste plausible Dauer (s)", "Shortest plausible duration (s)"),
        "move_up": Text("{name} nach oben", "Move {name} up"),
        "move_down": Text("{name} nach unten", "Move {name} down"),
        "remove_state": Text("Zustand {name} löschen", "Remove state {name}"),
        "pose_rate": Text("Blicke je Sekunde", "Looks per second"),
        "settings": Text("Station", "Station"),
        "station_name": Text("Name der Station", "Name of the station"),
        "cycle": Text("Zyklus", "Cycle"),
        "cycle_hint": Text(
            "Ein Zyklus beginnt mit dem ersten und ist nach dem letzten dieser Zustände vollständig.",
            "A cycle begins with the first of these states and is complete after the last.",
        ),
        "has_cycle": Text("Zyklen zählen", "Count cycles"),
        "first": Text("beginnt mit", "begins with"),
        "last": Text("endet nach", "ends after"),
        # Rules
        "kind": Text("Was", "What"),
        "kind_hand": Text("Hand in einer Zone", "hand in a zone"),
        "kind_torso": Text("Hüfte in einer Zone", "hips in a zone"),
        "kind_holds": Text("Werkzeug genommen", "tool is taken"),
        "kind_still": Text("hält still", "keeps still"),
        "kind_walking": Text("geht", "walks"),
        "kind_present": Text("jemand ist da", "somebody is there"),
        "kind_absent": Text("niemand ist da", "nobody is there"),
        "kind_all": Text("alles davon", "all of these"),
        "kind_any": Text("mindestens eines davon", "at least one of these"),
        "kind_text": Text("als Text", "as text"),
        "kind_kept": Text("steht nur im Text", "stands in the text only"),
        "kept_note": Text(
            "Diese Regel lässt sich hier nicht zeigen; im Text bleibt sie, wie sie ist. Eine andere Auswahl"
            " ersetzt sie.",
            "This rule cannot be shown here; it stays in the text as it is. Choosing something else replaces"
            " it.",
        ),
        "negated": Text("nicht", "not"),
        "hands": Text("Hand", "Hand"),
        "hands_either": Text("eine Hand", "either hand"),
        "hands_left": Text("linke Hand", "left hand"),
        "hands_right": Text("rechte Hand", "right hand"),
        "hands_both": Text("beide Hände", "both hands"),
        "zone": Text("Zone", "Zone"),
        "tool": Text("Werkzeug", "Tool"),
        "seconds": Text("Sekunden", "Seconds"),
        "rule_text": Text("Satz", "Sentence"),
        "add_sentence": Text("Satz hinzufügen", "Add a sentence"),
        "remove_sentence": Text("Satz entfernen", "Remove the sentence"),
        # Text
        "text": Text("Text der Stationsdatei", "Text of the station file"),
        "text_hint": Text(
            "Formular und Text sind zwei Ansichten derselben Datei; Kommentare bleiben erhalten.",
            "Form and text are two views of the same file; comments are kept.",
        ),
        "line": Text("Zeile {n}", "line {n}"),
        "no_flaws": Text("Die Datei ist vollständig und fehlerfrei.", "The file is whole and without flaws."),
        "flaws": Text("Was noch nicht stimmt ({n})", "What is not right yet ({n})"),
        "unreadable": Text(
            "Der Text hat nicht die Form einer Stationsdatei; das Formular zeigt den Stand davor, bis der Text"
            " berichtigt ist.",
            "The text has not the shape of a station file; the form shows what stood before until the text is"
            " mended.",
        ),
        "explanation": Text("In einfachen Worten", "In plain words"),
        "explanation_hint": Text(
            "Dieser Text ist für alle, die zustimmen müssen; er entsteht aus der Datei selbst.",
            "This text is for those who have to agree; it is made from the file itself.",
        ),
        "no_explanation": Text(
            "Sobald die Datei fehlerfrei ist, steht hier, was erfasst wird.",
            "As soon as the file is without flaws, it says here what is recorded.",
        ),
        # The works agreement
        "agreement_fit": Text("Betriebsvereinbarung", "Works agreement"),
        "agreement_fits": Text(
            "Station und Zustände sind durch die Betriebsvereinbarung erlaubt.",
            "The works agreement permits the station and its states.",
        ),
        "agreement_open": Text(
            "Verglichen wird, sobald die Datei fehlerfrei ist.",
            "This is compared as soon as the file is without flaws.",
        ),
        "not_log": Text(
            "Das Protokoll lässt sich nicht lesen; was erlaubt ist, weiß gerade niemand.",
            "The log cannot be read; nobody can tell now what is permitted.",
        ),
        "not_agreement": Text(
            "Für diese Station gilt keine Betriebsvereinbarung: hier wird nichts erfasst.",
            "No works agreement is in force for this station: nothing is recorded here.",
        ),
        "not_state": Text(
            "Der Zustand „{name}“ steht nicht in der Betriebsvereinbarung.",
            "The state “{name}” is not in the works agreement.",
        ),
        "not_recorded_anyway": Text(
            "Das Aufnahmegerät weist zurück, was nicht erlaubt ist, auch wenn es veröffentlicht wird.",
            "The recorder refuses what is not permitted even if it is published.",
        ),
        # The clip
        "clip": Text("An einer Aufnahme erproben", "Try on a clip"),
        "clip_hint": Text(
            "Eine kurze Aufnahme (höchstens {mb} MB und {s} s) wird im Arbeitsspeicher des Servers angesehen, in"
            " einem Prozess ohne Schreibrecht und ohne Netz, und sofort vergessen.",
            "A short clip (at most {mb} MB and {s} s) is looked at in the server's memory, by a process that can"
            " neither write nor talk to anybody, and forgotten at once.",
        ),
        "clip_people": Text(
            "Nur Aufnahmen von Ihnen selbst oder von Menschen, die ausdrücklich zugestimmt haben. Nie Aufnahmen"
            " aus dem laufenden Betrieb.",
            "Only recordings of yourself, or of people who have expressly agreed. Never recordings of"
            " work as it goes on.",
        ),
        "clip_agreed": Text(
            "Wer zu sehen ist, bin ich, oder hat dem zugestimmt.",
            "Whoever can be seen is me, or has agreed to this.",
        ),
        "clip_file": Text("Aufnahme", "Clip"),
        "clip_try": Text("Erproben", "Try it"),
        "clip_cancel": Text("Abbrechen", "Cancel"),
        "clip_sending": Text("Wird zum Server gebracht …", "Being brought to the server …"),
        "clip_running": Text("Wird angesehen …", "Being watched …"),
        "clip_progress": Text("Fortschritt", "Progress"),
        "clip_failed": Text("Daraus wurde nichts", "Nothing came of it"),
        "clip_too_large": Text("Die Datei ist größer als {mb} MB.", "The file is larger than {mb} MB."),
        "clip_needs_file": Text("Die Stationsdatei hat noch Fehler.", "The station file still has flaws."),
        "clip_old": Text(
            "Die Stationsdatei wurde seither geändert; dieses Ergebnis gilt für den Stand davor.",
            "The station file was changed since; this result is of what stood before.",
        ),
        "clip_cannot_play": Text(
            "Ihr Browser kann diese Aufnahme nicht abspielen; das Ergebnis gilt trotzdem.",
            "Your browser cannot play this clip; the result stands all the same.",
        ),
        "clip_as_picture": Text("Dieses Bild zum Zeichnen verwenden", "Draw on this picture"),
        "clip_timeline": Text("Zustände der Aufnahme", "States of the clip"),
        "clip_timeline_hint": Text(
            "Oben die Zustände, darunter für jeden, wie gut seine Regel gerade passt. Klicken springt dorthin;"
            " Pfeiltasten gehen eine Sekunde weiter, Komma und Punkt von Abschnitt zu Abschnitt.",
            "On top the states, below for each how well its rule fits at the moment. A click goes there; arrow"
            " keys move by a second, comma and full stop go from interval to interval.",
        ),
        "clip_at": Text("{time}: {state}", "{time}: {state}"),
        "clip_cycles": Text("{n} vollständige Zyklen", "{n} complete cycles"),
        "clip_table": Text("Abschnitte", "Intervals"),
        "clip_from": Text("Beginn", "Start"),
        "clip_sure": Text("Sicherheit", "Confidence"),
        "clip_go": Text("Zu {time} springen", "Go to {time}"),
        "clip_fit": Text("Regel passt", "rule fits"),
        **{
            f"ending_{ending.name.lower()}": text
            for ending, text in {
                Ending.CLIP: Text(
                    "Die Aufnahme ist nicht, was sie sein muss.", "The clip is not what it must be."
                ),
                Ending.MISSING: Text(
                    "Auf dem Server fehlt, was zum Ansehen nötig ist.",
                    "The server lacks what it needs to watch clips.",
                ),
                Ending.CONFINEMENT: Text(
                    "Das System des Servers kann den Prozess nicht abschotten; die Aufnahme wurde nicht angesehen.",
                    "The server's system cannot confine the process; the clip was not looked at.",
                ),
                Ending.MEMORY: Text(
                    "Die Aufnahme braucht mehr Speicher, als sie darf.",
                    "The clip needs more memory than it may use.",
                ),
                Ending.CRASHED: Text(
                    "Der Decoder ist an dieser Datei abgestürzt; der Server läuft weiter.",
                    "The decoder crashed on this file; the server goes on.",
                ),
                Ending.TOO_SLOW: Text("Das Ansehen dauerte zu lange.", "Watching it took too long."),
                Ending.CANCELLED: Text("Abgebrochen.", "Cancelled."),
                Ending.FAULT: Text("Ein Fehler im Programm.", "A fault of the program."),
            }.items()
        },
        # Publishing
        "publish": Text("Veröffentlichen", "Publish"),
        "publish_hint": Text(
            "Geräte dieses Standorts holen sich, was zuletzt veröffentlicht wurde.",
            "Devices of this site fetch what was published last.",
        ),
        "publish_save": Text("Speichern und veröffentlichen", "Save and publish"),
        "publish_sure": Text(
            "Diese Fassung veröffentlichen? Die Geräte der Station holen sie sich und erfassen danach.",
            "Publish this revision? The station's devices fetch it and record by it.",
        ),
        "publish_despite": Text(
            "Nicht alles darin ist durch die Betriebsvereinbarung erlaubt. Trotzdem veröffentlichen? Das"
            " Aufnahmegerät erfasst nur, was erlaubt ist.",
            "Not all of it is permitted by the works agreement. Publish it all the same? The recorder records"
            " only what is permitted.",
        ),
        "publish_again": Text("Fassung {n} erneut veröffentlichen", "Publish revision {n} again"),
        "publish_flawed": Text(
            "Veröffentlicht werden kann nur eine fehlerfreie Datei.",
            "Only a file without flaws can be published.",
        ),
        "publish_current": Text("für Geräte", "for devices"),
        "now_published": Text("Als Fassung {n} veröffentlicht.", "Published as revision {n}."),
        "revisions": Text("Fassungen", "Revisions"),
        "no_revisions": Text("Noch keine Fassungen.", "No revisions yet."),
        "revision": Text("Fassung", "Revision"),
        "kind_of_revision": Text("Art", "Kind"),
        "a_draft": Text("Entwurf", "draft"),
        "a_publication": Text("Veröffentlichung", "publication"),
        "by": Text("Von", "By"),
        "when": Text("Wann", "When"),
        "digest": Text("Prüfsumme", "Digest"),
        "same_text": Text("gleicher Text wie {n}", "same text as {n}"),
        "actions": Text("Aktionen", "Actions"),
        "open_revision": Text("Fassung {n} öffnen", "Open revision {n}"),
        "open": Text("Öffnen", "Open"),
        "again": Text("Erneut veröffentlichen", "Publish again"),
        "open_sure": Text(
            "Ungespeicherte Änderungen durch Fassung {n} ersetzen? Rückgängig machen bleibt möglich.",
            "Replace unsaved changes by revision {n}? It can be undone.",
        ),
        "compare": Text("Vergleichen", "Compare"),
        "compare_from": Text("von Fassung", "from revision"),
        "compare_to": Text("zu Fassung", "to revision"),
        "compared": Text(
            "Änderungen von Fassung {a} zu Fassung {b}", "Changes from revision {a} to revision {b}"
        ),
        "no_changes": Text("Beide Fassungen haben denselben Text.", "Both revisions have the same text."),
        "was_removed": Text("entfernt", "removed"),
        "was_added": Text("neu", "added"),
        "devices": Text("Geräte", "Devices"),
        "no_devices": Text(
            "Nach dieser Station hat noch kein Gerät aufgezeichnet.",
            "No device has recorded at this station yet.",
        ),
        "devices_unknown": Text(
            "Das Protokoll lässt sich nicht lesen; womit Geräte aufzeichnen, ist nicht bekannt.",
            "The log cannot be read; what devices record with is not known.",
        ),
        "device": Text("Gerät", "Device"),
        "records_with": Text("Zeichnete zuletzt auf mit", "Recorded last with"),
        "device_current": Text("der veröffentlichten Fassung {n}", "the published revision {n}"),
        "device_older": Text(
            "Fassung {n}, nicht der veröffentlichten", "revision {n}, not the published one"
        ),
        "device_other": Text("einem Text, den es hier nicht gibt", "a text that is not here"),
        "since": Text("Seit", "Since"),
    }
)
