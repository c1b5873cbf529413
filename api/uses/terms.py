"""What both sides agree on before motion is used: the facts of one use, and the standard terms.

The log's entry `motion.used` names the hash of the whole text. Nothing of any worker stands in it.
"""

import hashlib
from dataclasses import dataclass

from consent.agreement.amounts import money
from consent.agreement.language import Language
from consent.agreement.names import NAMES
from consent.agreement.vocabulary import MotionPurpose
from storage.exports.motion.terms import standard_terms

MS_PER_HOUR = 3_600_000


@dataclass(frozen=True, slots=True)
class UseFacts:
    """One use, as those who agree on it read it. `licensee` is None for the plant's own use."""

    use: str
    site: str
    agreement: str
    """Hash of the works agreement, whose rate card holds."""
    purpose: MotionPurpose
    licensee: str | None
    format: str
    stations: tuple[str, ...]
    segments: int
    span_ms: int
    formula: str
    """How the price comes about, in figures."""
    gross: int
    """Minor units of `currency`."""
    currency: str
    download_days: int


def terms_text(facts: UseFacts) -> str:
    """Return the text in both languages; it ends with a line feed."""
    lines = (
        ("Nutzung / use", facts.use),
        ("Betrieb / plant", facts.site),
        ("Betriebsvereinbarung / works agreement (SHA-256)", facts.agreement),
        ("Nutzer / licensee", facts.licensee or "der Betrieb selbst / the plant itself"),
        ("Zweck / purpose", f"{NAMES[facts.purpose].de} / {NAMES[facts.purpose].en}"),
        ("Format", facts.format),
        ("Stationen / stations", ", ".join(facts.stations)),
        ("Abschnitte / segments", str(facts.segments)),
        ("Stunden Bewegung / hours of motion", f"{facts.span_ms / MS_PER_HOUR:.4f}"),
        ("Rechnung / formula", facts.formula),
        ("Preis / price", money(facts.gross, facts.currency, Language.EN)),
        ("Tage zum Abholen / days to fetch it", str(facts.download_days)),
    )
    table = "\n".join(f"{name}: {value}" for name, value in lines)
    return f"{table}\n\n{standard_terms(Language.DE)}\n{standard_terms(Language.EN)}"


def terms_hash(text: str) -> str:
    """Return the SHA-256 of the text in UTF-8: 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()
