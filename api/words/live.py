"""Words of the live wall."""

from collections.abc import Mapping
from types import MappingProxyType

from api.live.lights import AGAINST_LOG, ENDED, NO_DEVICE, NOT_HEARD
from consent.agreement.language import Text
from consent.audit.names import NAMES
from consent.entries.vocabulary import Reason

WORDS: Mapping[str, Text] = MappingProxyType(
    {
        "title": Text("Übersicht", "Live wall"),
        "light_recording": Text("Aufzeichnung läuft", "Recording"),
        "light_paused": Text("Angehalten", "Paused"),
        "light_finished": Text("Kampagne beendet", "Campaign finished"),
        "light_lost": Text("Gerät nicht erreichbar", "Device lost"),
        "light_dark": Text("Keine Aufzeichnung", "Not recording"),
        "light_contradiction": Text("Widerspruch zum Protokoll", "Contradicts the log"),
        "agreement_active": Text(
            "Die Betriebsvereinbarung ist in Kraft.", "The works agreement is in force."
        ),
        "agreement_suspended": Text(
            "Die Betriebsvereinbarung ist ausgesetzt: keine Aufzeichnung, bis beide Seiten fortsetzen.",
            "The works agreement is suspended: nothing is recorded until both sides resume it.",
        ),
        "agreement_": Text("Keine Betriebsvereinbarung ist in Kraft.", "No works agreement is in force."),
        "log_trouble": Text(
            "Das Protokoll des Betriebs kann nicht geglaubt oder gelesen werden.",
            "The site's log cannot be believed or read.",
        ),
        "show_states": Text("Zustände zeigen", "Show states"),
        "hide_states": Text("Zustände ausblenden", "Hide states"),
        "states_note": Text(
            "Wer Zustände ansieht, steht im Protokoll, bevor sie gezeigt werden.",
            "Whoever looks at states stands in the log before they are shown.",
        ),
        "no_state": Text("Zustand nicht mitgeteilt", "state not told"),
        "heard_now": Text("eben gehört", "heard just now"),
        "heard": Text("zuletzt gehört vor {time}", "last heard {time} ago"),
        "seconds": Text("{n} s", "{n} s"),
        "minutes": Text("{n} min", "{n} min"),
        "hours": Text("{n} h", "{n} h"),
        "days": Text("{n} Tagen", "{n} days"),
        "without_area": Text("Ohne Bereich", "In no area"),
        "no_stations": Text(
            "Noch keine Stationen. Die Systemverwaltung legt sie an, oder das erste Gerät meldet sich.",
            "There are no stations yet. The administrator makes them, or the first device reports.",
        ),
        "summary": Text("{n} von {all} Stationen werden aufgezeichnet", "{n} of {all} stations are recorded"),
        "connection_lost": Text(
            "Die Verbindung zum Server ist unterbrochen; was hier steht, ist veraltet.",
            "The connection to the server is interrupted; what stands here is out of date.",
        ),
        "legend": Text("Was die Lichter bedeuten", "What the lights mean"),
        "about_recording": Text(
            "Bilder dieser Station werden gerade angesehen und sofort vergessen.",
            "Pictures of this station are being looked at, and forgotten at once.",
        ),
        "about_paused": Text(
            "Eine Seite hat die Vereinbarung ausgesetzt.", "One party has suspended the agreement."
        ),
        "about_finished": Text(
            "Die Kampagne hat genug gesehen und von selbst geendet.",
            "The campaign has seen enough and ended by itself.",
        ),
        "about_lost": Text(
            "Das Gerät meldet sich nicht; es sendet später, was es aufgezeichnet hat.",
            "The device does not report; it sends later what it recorded.",
        ),
        "about_dark": Text("Nichts wird angesehen.", "Nothing is looked at."),
        "about_contradiction": Text(
            "Das Gerät meldet eine Aufzeichnung, die das Protokoll nicht erlaubt. Bitte sofort klären.",
            "The device reports a recording that the log does not permit. Look into it at once.",
        ),
    }
)

REASONS: Mapping[str, Text] = MappingProxyType(
    {
        **{reason.value: NAMES[reason] for reason in Reason},
        NO_DEVICE: Text("noch kein Gerät hat sich gemeldet", NO_DEVICE),
        NOT_HEARD: Text("das Gerät hat sich länger nicht gemeldet", NOT_HEARD),
        AGAINST_LOG: Text("das Gerät meldet eine Aufzeichnung, die das Protokoll nicht erlaubt", AGAINST_LOG),
        ENDED: Text("die Aufzeichnung ist beendet", ENDED),
    }
)
"""Reasons of devices and log; one that is not listed is shown as it came."""
