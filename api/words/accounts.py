"""Words of the pages for signing in, for invitations, and of the own account."""

from collections.abc import Mapping
from types import MappingProxyType

from consent.agreement.language import Text

_SIGN_IN = {
    "name": Text("Name des Kontos", "Name of the account"),
    "password": Text("Passwort", "Password"),
    "with_password": Text("Mit Passwort", "With a password"),
    "with_passkey": Text("Mit Passkey anmelden", "Sign in with a passkey"),
    "about_passkeys": Text(
        "Fingerabdruck, Gesicht oder PIN Ihres Geräts oder Sicherheitsschlüssels; ohne Name und Passwort.",
        "Fingerprint, face or PIN of your device or security key; without name and password.",
    ),
    "with_provider": Text("Mit dem Konto des Betriebs anmelden", "Sign in with the plant's account"),
    "second_factor": Text("Zweiter Faktor", "Second factor"),
    "half_way": Text(
        "Das Passwort stimmt. Jetzt noch der zweite Faktor; Sie haben fünf Minuten.",
        "The password is right. Now the second factor; you have five minutes.",
    ),
    "code_of_app": Text("Code aus der Authenticator-App", "Code of the authenticator app"),
    "six_digits": Text("Sechs Ziffern, alle 30 Sekunden neue.", "Six digits, new ones every 30 seconds."),
    "has_invitation": Text("Ich habe einen Einladungscode", "I have an invitation code"),
    "forgotten": Text(
        "Passwort vergessen oder zweiten Faktor verloren? Die Systemverwaltung setzt das Konto zurück und"
        " gibt Ihnen einen neuen Einladungscode. Nach mehreren Fehlversuchen muss ein Name warten.",
        "Password forgotten, or second factor lost? The administrator resets the account and gives you a"
        " new invitation code. After several failures a name has to wait.",
    ),
    "signed_in_as": Text("Angemeldet als", "Signed in as"),
    "trouble_away": Text(
        "Der Anmeldedienst des Betriebs antwortet nicht, wie er soll. Die Systemverwaltung findet den Grund"
        " im Protokoll des Servers.",
        "The plant's identity provider does not answer as it should. The administrator finds the reason in"
        " the log of the server.",
    ),
    "trouble_refused": Text(
        "Mit dem Konto des Betriebs wurde niemand angemeldet. Versuchen Sie es noch einmal; wenn es dabei"
        " bleibt, findet die Systemverwaltung den Grund im Protokoll des Servers.",
        "Nobody was signed in with the plant's account. Try again; if it stays so, the administrator finds"
        " the reason in the log of the server.",
    ),
    "arrived": Text("Angemeldet", "Signed in"),
    "go_on": Text("Weiter", "Go on"),
    "passkey_failed": Text(
        "Der Browser hat keinen Passkey verwendet. Nichts wurde geändert.",
        "The browser used no passkey. Nothing was changed.",
    ),
    "no_passkeys_here": Text(
        "Dieser Browser kennt keine Passkeys, oder die Adresse des Servers ist eine Nummer statt eines"
        " Namens.",
        "This browser knows no passkeys, or the server's address is a number instead of a name.",
    ),
}
_INVITATION = {
    "invitation": Text("Einladung", "Invitation"),
    "invitation_lead": Text(
        "Mit dem Code, den Sie bekommen haben, geben Sie Ihrem Konto ein Passwort. Der Code gilt einmal.",
        "With the code that you were given you give your account its password. The code is good once.",
    ),
    "code": Text("Einladungscode", "Invitation code"),
    "new_password": Text("Neues Passwort", "New password"),
    "password_rules": Text(
        "Mindestens {n} Zeichen. Ein Satz aus vier oder fünf Wörtern, den niemand errät, ist gut;"
        " Sonderzeichen müssen nicht sein. Abgelehnt werden geläufige Wörter mit angehängten Ziffern und der"
        " Name des Kontos.",
        "At least {n} characters. A sentence of four or five words that nobody guesses is good; there need"
        " be no special characters. Refused are common words with digits added, and the name of the account.",
    ),
    "show": Text("Passwort anzeigen", "Show the password"),
    "set_password": Text("Passwort festlegen und anmelden", "Set the password and sign in"),
}
_ACCOUNT = {
    "account_lead": Text(
        "Wie Sie sich anmelden, und wo Sie angemeldet sind.", "How you sign in, and where you are signed in."
    ),
    "role": Text("Rolle", "Role"),
    "must_set_up": Text(
        "Ihre Rolle braucht einen zweiten Faktor. Richten Sie einen Passkey oder eine Authenticator-App"
        " ein; bis dahin bleibt alles andere geschlossen.",
        "Your role needs a second factor. Set up a passkey or an authenticator app; until then everything"
        " else stays closed.",
    ),
    "recent": Text(
        "Änderungen brauchen eine Anmeldung aus den letzten 15 Minuten. Jede Änderung beendet Ihre anderen"
        " Anmeldungen.",
        "Changes need a sign-in of the last 15 minutes. Each change ends your other sign-ins.",
    ),
    "sign_in_again": Text("Neu anmelden", "Sign in again"),
    "passkeys": Text("Passkeys", "Passkeys"),
    "passkeys_lead": Text(
        "Ein Passkey meldet ohne Passwort an und zählt als zweiter Faktor. Fehlversuche anderer mit Ihrem"
        " Namen halten ihn nicht auf. Richten Sie zwei ein, falls einer verloren geht.",
        "A passkey signs in without a password and counts as second factor. Other people's failures with"
        " your name do not hold it up. Set up two, in case one is lost.",
    ),
    "label": Text("Bezeichnung", "Label"),
    "label_hint": Text("Zum Beispiel: Schlüssel im Büro.", "For example: key in the office."),
    "add_passkey": Text("Passkey hinzufügen", "Add a passkey"),
    "added": Text("Hinzugefügt", "Added"),
    "used": Text("Zuletzt benutzt", "Last used"),
    "never": Text("nie", "never"),
    "remove_passkey": Text("Passkey entfernen: {label}?", "Remove the passkey: {label}?"),
    "app": Text("Authenticator-App", "Authenticator app"),
    "app_lead": Text(
        "Eine App auf dem Telefon zeigt alle 30 Sekunden einen neuen Code.",
        "An app on your telephone shows a new code every 30 seconds.",
    ),
    "app_is_set_up": Text("Eine App ist eingerichtet.", "An app is set up."),
    "app_set_up": Text("App einrichten", "Set up an app"),
    "app_replace": Text("Andere App einrichten", "Set up another app"),
    "app_remove": Text("App entfernen", "Remove the app"),
    "app_remove_sure": Text(
        "Danach zeigt die App keine gültigen Codes mehr. Entfernen?",
        "Afterwards the app shows no valid codes any more. Remove it?",
    ),
    "app_scan": Text("Lesen Sie den Code mit der App ein.", "Scan the code with the app."),
    "app_type": Text("Oder tippen Sie das Geheimnis ab:", "Or type the secret:"),
    "app_picture": Text("QR-Code für die Authenticator-App", "QR code for the authenticator app"),
    "app_confirm": Text("Code der App", "Code of the app"),
    "change_password": Text("Passwort ändern", "Change the password"),
    "current_password": Text("Aktuelles Passwort", "Current password"),
    "no_password": Text(
        "Dieses Konto meldet sich beim Anmeldedienst des Betriebs an und hat hier kein Passwort.",
        "This account signs in at the plant's identity provider and has no password here.",
    ),
    "sign_ins": Text("Anmeldungen", "Sign-ins"),
    "sign_ins_lead": Text(
        "Eine Anmeldung endet nach 30 Minuten ohne Benutzung und nach zwölf Stunden; die eines Terminals"
        " nach 30 Tagen ohne Benutzung und nach einem Jahr.",
        "A sign-in ends after 30 minutes without use and after twelve hours; that of a terminal after 30"
        " days without use and after a year.",
    ),
    "since": Text("Seit", "Since"),
    "seen": Text("Zuletzt", "Last seen"),
    "this_one": Text("diese hier", "this one"),
    "end": Text("Beenden", "End"),
    "end_others": Text("Alle anderen beenden", "End all others"),
    "factors": Text("Faktoren", "Factors"),
}
WORDS: Mapping[str, Text] = MappingProxyType({**_SIGN_IN, **_INVITATION, **_ACCOUNT})
