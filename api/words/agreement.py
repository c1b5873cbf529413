"""Words of the page about works agreements."""

from collections.abc import Mapping
from types import MappingProxyType

from consent.agreement.language import Text

WORDS: Mapping[str, Text] = MappingProxyType(
    {
        "title": Text("Betriebsvereinbarung", "Works agreement"),
        "lead": Text(
            "Was die Kamera darf, steht in dieser Vereinbarung. Beide Seiten haben sie unterschrieben; die "
            "Aufzeichnung prüft sie bei jedem Bild.",
            "What the camera may do stands in this agreement. Both sides have signed it; the recorder asks it "
            "for every picture.",
        ),
        "none_in_force": Text(
            "Keine Betriebsvereinbarung ist in Kraft: hier wird nichts aufgezeichnet.",
            "No works agreement is in force: nothing is recorded here.",
        ),
        "no_log": Text(
            "Das Protokoll ist nicht erreichbar; was vereinbart ist, kann gerade nicht gezeigt werden.",
            "The log is out of reach; what was agreed cannot be shown now.",
        ),
        "state": Text("Stand", "Standing"),
        "since": Text("seit", "since"),
        "fingerprint": Text("Fingerabdruck (SHA-256)", "Fingerprint (SHA-256)"),
        "signed_by": Text("Unterschrieben von", "Signed by"),
        "earlier": Text(
            "Frühere Fassungen und beendete Vereinbarungen", "Earlier versions and ended agreements"
        ),
        "version": Text("Fassung", "version"),
    }
)
