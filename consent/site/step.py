"""An entry on its way into the log, and who stands behind it.

Whose act an entry must be is decided with the keys that speak *now*: an act that was signed with a key that
has been retired since does not count.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from consent.agreement.vocabulary import Party
from consent.entries.form import Act
from consent.keys import Role
from consent.notes import Verifier
from consent.site.state import SiteState
from productivity.errors import BadInput

ROLES = {Party.EMPLOYER: Role.EMPLOYER, Party.COUNCIL: Role.WORKS_COUNCIL}


@dataclass(frozen=True, slots=True)
class Step:
    """The next entry: its number, when the log takes it in, and the act, if it is one."""

    index: int
    at_ms: int
    act: Act | None

    @property
    def signed_ms(self) -> int:
        """When it was signed; the log signs as it writes."""
        return self.at_ms if self.act is None else self.act.at_ms

    def require_own_word(self) -> None:
        """Raise `BadInput` if somebody else says what only the log says."""
        if self.act is not None:
            raise BadInput("this is not for anybody to sign", expected="the log's own word")

    def signers(self, keys: Iterable[Verifier]) -> frozenset[Verifier]:
        """Return which of these keys signed; `BadInput` if one of them signed wrongly."""
        return frozenset() if self.act is None else self.act.signed_by(keys)

    def require_key(self, keys: Iterable[Verifier], whose: str) -> Verifier:
        """Return one of these keys that signed; `BadInput` if none did."""
        signed = self.signers(keys)
        if not signed:
            raise BadInput("signature is missing", expected=f"one of {whose}")
        return min(signed, key=str)

    def parties(self, state: SiteState) -> frozenset[Party]:
        """Return the parties whose present keys signed; `BadInput` if one signed wrongly."""
        keys = state.parties()
        signed = self.signers(key for of_party in keys.values() for key in of_party)
        return frozenset(party for party, of_party in keys.items() if signed & set(of_party))

    def require_party(self, state: SiteState, *parties: Party) -> frozenset[Party]:
        """Return the parties that signed; `BadInput` unless one of those named did (all of them: any)."""
        able = self.parties(state) & frozenset(parties or Party)
        if not able:
            names = " or ".join(party.value.replace("_", " ") for party in parties or Party)
            raise BadInput("signature is missing", expected=f"one of the {names}")
        return able

    @property
    def digest(self) -> str:
        """SHA-256 of what was signed: the same act with other signatures is the same act."""
        text = "" if self.act is None else self.act.note.text
        return hashlib.sha256(text.encode()).hexdigest()
