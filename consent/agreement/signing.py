"""Signing an agreement: a C2SP signed note over its canonical text, by the keys that it names itself.

A signature proves that the holder of a key named in the agreement signed exactly this text. Whose key it is
cannot be proved by the text that names it: a caller that knows the parties passes their keys as `trusted`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from consent.agreement.form import canonical_text, parse_agreement
from consent.agreement.lifecycle import Act, Standing, take
from consent.agreement.schema import Agreement
from consent.agreement.vocabulary import Party
from consent.notes import Note, Signer, Verifier, add_signature, open_note, parse_note, sign
from productivity.errors import BadInput


@dataclass(frozen=True, slots=True)
class SignedAgreement:
    """An agreement whose signatures have been verified."""

    agreement: Agreement
    signed_by: frozenset[Party]
    note: Note

    @property
    def standing(self) -> Standing:
        """Where it stands by its signatures alone; what happened later stands in the log."""
        return take(Standing(), Act.SIGN, self.signed_by)


def party_of(agreement: Agreement, key: Verifier) -> Party:
    """Return the party that the agreement gives this key; `BadInput` if none, or if a key is missing."""
    keys = _keys(agreement)
    if len(keys) < len(Party):
        raise BadInput("agreement cannot be signed", expected="a key of each party in it")
    # Names decide nothing: a key signs for the party that the agreement gives exactly this key.
    for party, verifier in keys.items():
        if verifier == key:
            return party
    raise BadInput("key is of neither party", expected=" or ".join(map(str, keys.values())), found=str(key))


def require_keys(agreement: Agreement, trusted: Mapping[Party, Verifier], where: str) -> None:
    """Raise `BadInput` unless the agreement, signed or not, gives these parties exactly these keys."""
    keys = _keys(agreement)
    for party, verifier in trusted.items():
        if keys.get(party) != verifier:
            raise BadInput(
                f"agreement names another key for the {_name(party)}",
                where=where,
                expected=str(verifier),
                found=str(keys.get(party, "none")),
            )


def sign_agreement(agreement: Agreement, signer: Signer) -> SignedAgreement:
    """Sign a draft. `BadInput` unless the key is one that the agreement names for a party."""
    party = party_of(agreement, signer.verifier)
    return SignedAgreement(agreement, frozenset({party}), sign(canonical_text(agreement), signer))


def countersign(signed: SignedAgreement, signer: Signer) -> SignedAgreement:
    """Add the other party's signature. `BadInput` if this party has signed already, or is none."""
    party = party_of(signed.agreement, signer.verifier)
    take(signed.standing, Act.SIGN, {party})  # refuses a second signature of the same party
    return SignedAgreement(signed.agreement, signed.signed_by | {party}, add_signature(signed.note, signer))


def open_agreement(
    content: str | bytes, where: str, *, trusted: Mapping[Party, Verifier] | None = None
) -> SignedAgreement:
    """Read and verify a signed agreement; raise `BadInput` unless at least one party has signed it.

    `trusted` are the parties' keys as the caller knows them; an agreement that names others is refused.
    """
    # (1) The text is read before it is verified, because only it says which keys may sign.
    note = parse_note(content)
    agreement = parse_agreement(note.text, where)
    # (2) The keys that it names are those that the caller knows.
    require_keys(agreement, trusted or {}, where)
    keys = _keys(agreement)
    # (3) Each signature by one of these keys is right, and there is one at least.
    opened = open_note(note, keys.values())
    verified = {signature.verifier for signature in opened.signatures}
    signed_by = frozenset(party for party, verifier in keys.items() if verifier in verified)
    return SignedAgreement(agreement, signed_by, note)


def _keys(agreement: Agreement) -> dict[Party, Verifier]:
    found = ((party, agreement.verifier(party)) for party in Party)
    return {party: verifier for party, verifier in found if verifier is not None}


def _name(party: Party) -> str:
    return party.value.replace("_", " ")
