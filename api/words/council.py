"""Words of the works council's page."""

from collections.abc import Mapping
from types import MappingProxyType

from consent.agreement.language import Text

WORDS: Mapping[str, Text] = MappingProxyType(
    {
        "title": Text("Betriebsrat", "Works council"),
        "lead": Text(
            "Alles über die Verarbeitung, nichts über eine Person.",
            "Everything about the processing, nothing about a person.",
        ),
        "trouble": Text(
            "Das Protokoll kann gerade nicht geglaubt oder gelesen werden. Im Zweifel zeichnet kein Gerät auf.",
            "The log cannot be believed or read now. In doubt no device records.",
        ),
        "suspend_title": Text("Aufzeichnung anhalten", "Suspend recording"),
        "suspend": Text("Jetzt anhalten", "Suspend now"),
        "in_force": Text("in Kraft", "in force"),
        "suspended": Text("ausgesetzt", "suspended"),
        "suspend_note": Text(
            "Wirkt sofort: innerhalb einer Sekunde wird kein Bild mehr angesehen. Fortsetzen können nur beide "
            "Seiten gemeinsam.",
            "Takes effect at once: within a second no picture is looked at. Only both sides together can resume.",
        ),
        "suspended_note": Text(
            "Nichts wird aufgezeichnet. Fortsetzen: beide Seiten unterschreiben, jede auf ihrer eigenen "
            "Maschine.",
            "Nothing is recorded. To resume, both sides sign, each on its own machine.",
        ),
        "orders_left": Text("Hinterlegte Haltebefehle: {n}", "Stop orders deposited: {n}"),
        "no_orders": Text(
            "Kein Haltebefehl ist hinterlegt: der Knopf kann nicht wirken. Auf der Maschine des Betriebsrats "
            "geht es immer:",
            "No stop order is deposited: the button cannot work. On the council's own machine it always works:",
        ),
        "deposit": Text("Haltebefehle hinterlegen", "Deposit stop orders"),
        "deposit_note": Text(
            "Der private Schlüssel des Betriebsrats bleibt auf seiner Maschine. Dort werden Haltebefehle im "
            "Voraus unterschrieben; jeder gilt einmal und kann nichts als anhalten.",
            "The council's private key stays on its own machine. Stop orders are signed there in advance; each "
            "is good once and can do nothing but stop.",
        ),
        "deposit_file": Text("Datei mit Haltebefehlen", "File of stop orders"),
        "deposit_button": Text("Hinterlegen", "Deposit"),
        "deposited": Text("{n} neue Haltebefehle hinterlegt.", "{n} new stop orders deposited."),
        "choose_file": Text("Bitte eine Datei wählen.", "Please choose a file."),
        "none_live": Text(
            "Keine Vereinbarung ist in Kraft; es gibt nichts anzuhalten.",
            "No agreement is in force; there is nothing to suspend.",
        ),
        "agreement_title": Text("Vereinbarung und Unterschriften", "Agreement and signatures"),
        "read_agreement": Text("Die Vereinbarung lesen", "Read the agreement"),
        "version": Text("Fassung", "version"),
        "signed": Text("hat unterschrieben", "has signed"),
        "not_signed": Text("hat nicht unterschrieben", "has not signed"),
        "key": Text("Schlüssel", "Key"),
        "campaigns": Text("Kampagnen", "Campaigns"),
        "campaign": Text("Kampagne", "Campaign"),
        "days": Text("Tage", "Days"),
        "minutes": Text("Minuten je Tag", "Minutes a day"),
        "target": Text("Genug ist", "Enough is"),
        "cycles": Text("{n} Zyklen", "{n} cycles"),
        "accuracy": Text("± {n} % vom Mittelwert", "± {n} % of the mean"),
        "no_target": Text("ohne Ziel", "no target"),
        "standing": Text("Stand", "Standing"),
        "is_recording": Text("zeichnet auf", "recording"),
        "is_completed": Text("beendet, genug gesehen", "finished, has seen enough"),
        "is_today": Text("läuft heute", "runs today"),
        "is_other_day": Text("nicht heute", "not today"),
        "accesses": Text("Wer hat was angesehen", "Who looked at what"),
        "accesses_note": Text(
            "Jeder Blick auf Zeitverläufe oder Ausgaben steht im Protokoll, bevor etwas gezeigt wird: Rolle, "
            "Sicht und Station, kein Name.",
            "Each look at timelines or exports stands in the log before anything is shown: role, view and station, "
            "no name.",
        ),
        "no_accesses": Text("Noch niemand hat etwas angesehen.", "Nobody has looked at anything yet."),
        "when": Text("Wann", "When"),
        "role": Text("Rolle", "Role"),
        "view": Text("Sicht", "View"),
        "entry": Text("Eintrag", "Entry"),
        "whole_site": Text("ganzer Standort", "whole site"),
        "more": Text("Frühere zeigen", "Show earlier ones"),
        "newest": Text("Zu den neuesten", "To the newest"),
        "releases_title": Text("Veröffentlichte Tabellen", "Released tables"),
        "no_releases": Text("Noch nichts wurde veröffentlicht.", "Nothing was released yet."),
        "cells": Text("Zahlen", "Figures"),
        "hidden": Text("davon unterdrückt", "of these suppressed"),
        "group": Text("kleinste Gruppe", "smallest group"),
        "deletions": Text("Löschungen", "Deletions"),
        "no_deletions": Text("Noch nichts war zu löschen.", "Nothing had to be deleted yet."),
        "what": Text("Was", "What"),
        "rows": Text("Zeilen", "Rows"),
        "log": Text("Protokoll", "Log"),
        "entries": Text("Einträge", "Entries"),
        "root": Text("Wurzel", "Root"),
        "cosigned": Text("Zuletzt mitunterschrieben", "Last co-signed"),
        "never_cosigned": Text("noch nie", "never"),
        "takes_in": Text("nimmt Einträge an", "takes entries in"),
        "takes_nothing": Text("nimmt nichts an", "takes nothing in"),
        "log_ok": Text("Das Protokoll ist in Ordnung.", "The log is in order."),
        "verify": Text("Hier prüfen", "Verify here"),
        "verify_note": Text(
            "Diese Prüfung rechnet Ihr Browser: Er lädt alle Einträge, berechnet die Wurzel neu und prüft beide "
            "Unterschriften mit den Schlüsseln, die Sie eintragen. Die Schlüssel dürfen nicht von dieser Seite "
            "stammen; der Betriebsrat hat sie auf Papier oder als Datei.",
            "Your browser does this check: it loads every entry, works the root out anew and checks both "
            "signatures with the keys that you enter. Do not take the keys from this page: the council has them "
            "on paper or as files.",
        ),
        "log_key": Text("Schlüssel des Protokolls (.vkey)", "Key of the log (.vkey)"),
        "witness_key": Text("Schlüssel des Zeugen (.vkey)", "Key of the witness (.vkey)"),
        "earlier": Text(
            "Frühere Wurzel: Größe und Wurzel (wahlweise)", "An earlier root: size and root (optional)"
        ),
        "earlier_hint": Text(
            "Größe, ein Leerzeichen, Wurzel; wie sie eine frühere Prüfung ausgab.",
            "Size, a space, root; as an earlier check printed them.",
        ),
        "start": Text("Prüfen", "Verify"),
        "progress": Text("{n} von {all} Einträgen gelesen", "{n} of {all} entries read"),
        "ok_log": Text("Das Protokoll hat diese Fassung unterschrieben.", "The log has signed this state."),
        "ok_root": Text(
            "Alle {n} Einträge ergeben genau die unterschriebene Wurzel.",
            "All {n} entries make exactly the signed root.",
        ),
        "ok_witness": Text(
            "Der Zeuge hat die ersten {n} Einträge mitunterschrieben, zuletzt {at}.",
            "The witness has co-signed the first {n} entries, last {at}.",
        ),
        "ok_earlier": Text(
            "Die ersten {n} Einträge ergeben die frühere Wurzel: nichts davon wurde geändert.",
            "The first {n} entries make the earlier root: nothing of them was changed.",
        ),
        "keep": Text(
            "Zum Aufheben, für die nächste Prüfung: {size} {root}",
            "To keep, for the next check: {size} {root}",
        ),
        "bad_key": Text("Das ist kein solcher Schlüssel: {what}", "This is no such key: {what}"),
        "bad_log": Text(
            "Die Unterschrift des Protokolls fehlt oder ist falsch.",
            "The log's signature is missing or wrong.",
        ),
        "bad_witness": Text(
            "Die Unterschrift des Zeugen fehlt oder ist falsch.",
            "The witness's signature is missing or wrong.",
        ),
        "bad_root": Text(
            "Die Einträge ergeben eine andere Wurzel als die unterschriebene. Bewahren Sie eine Kopie auf.",
            "The entries make another root than the signed one. Keep a copy.",
        ),
        "bad_earlier": Text(
            "Die ersten Einträge ergeben nicht die frühere Wurzel: die Vergangenheit wurde geändert.",
            "The first entries do not make the earlier root: the past was changed.",
        ),
        "bad_earlier_text": Text("Die frühere Wurzel ist nicht lesbar.", "The earlier root cannot be read."),
        "too_old": Text(
            "Dieser Browser kann Ed25519 nicht prüfen; bitte den Befehl unten verwenden.",
            "This browser cannot check Ed25519; please use the command below.",
        ),
        "limits": Text(
            "Was hier nicht geprüft wird: ob jeder Eintrag erlaubt war. Das tun die fünfzehn Prüfungen auf der "
            "Maschine des Betriebsrats, mit einem Programm, das er selbst installiert hat:",
            "What is not checked here: whether each entry was permitted. The fifteen checks do that, on the council's "
            "own machine, with a program that it installed itself:",
        ),
        "page_note": Text(
            "Auch diese Seite kommt vom Server des Arbeitgebers. Wer ihm nicht trauen will, prüft mit dem Befehl.",
            "This page, too, comes from the employer's server. Whoever will not trust it checks with the command.",
        ),
    }
)

DELETED: Mapping[str, Text] = MappingProxyType(
    {
        "intervals": Text("Intervalle", "intervals"),
        "revisions": Text("Korrekturen", "corrections"),
        "documented times": Text(
            "selbst aufgeschriebene und Maschinenzeiten", "self-recorded and machine times"
        ),
        "intervals of a batch taken back": Text("zurückgenommene Intervalle", "intervals taken back"),
        "salts of accesses": Text("Schlüssel zu Zugriffen", "what opens entries about accesses"),
        "sealed intervals": Text("versiegelte Dauern", "sealed durations"),
    }
)
"""What was deleted (`storage.sql.retention`); what is not listed is shown as it is called there."""
