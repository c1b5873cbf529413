"""The site's works agreements as pages show them: newest first, what is in force before what is over."""

from dataclasses import dataclass

from api.clock import instant_text
from consent.agreement.language import Language
from consent.agreement.reading import Reading, read_out
from consent.agreement.vocabulary import Party
from consent.audit.names import name
from consent.site.agreements import LIVE
from consent.site.state import AgreementLine, SiteState


@dataclass(frozen=True, slots=True)
class Shown:
    """An agreement, where it stands, and its text in one language."""

    line: AgreementLine
    standing: str
    since: str
    signed_by: tuple[str, ...]
    reading: Reading

    @property
    def live(self) -> bool:
        """Whether it is in force or suspended."""
        return self.line.state in LIVE


def shown(state: SiteState, language: Language) -> list[Shown]:
    """Return every agreement that the log knows."""
    lines = sorted(state.agreements.values(), key=lambda line: (line.state not in LIVE, -line.since_ms))
    return [_shown(line, language) for line in lines]


def _shown(line: AgreementLine, language: Language) -> Shown:
    return Shown(
        line=line,
        standing=name(line.state, language),
        since=instant_text(line.since_ms, line.agreement.time_zone, language),
        signed_by=tuple(name(party, language) for party in Party if party in line.signed_by),
        reading=read_out(line.agreement, language, line.signed_by),
    )
