"""Whom an auditor trusts: the keys of log and witnesses, the quorum, and the keys of both parties.

Source: C2SP tlog-policy (https://c2sp.org/tlog-policy), a file of lines:

    log VKEY [URL]
    witness NAME VKEY [URL]
    group NAME all|any|K MEMBER...
    quorum NAME|none

Two kinds of lines are ours; whoever feeds the file to another tool takes them out:

    employer VKEY
    works-council VKEY

They pin the keys that founded the log. A line may stand several times if a party's key was replaced.
Pure: bytes in, a value out, `BadInput` names the line.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from types import MappingProxyType

from consent.agreement.vocabulary import Party
from consent.notes import KeyType, Verifier, parse_verifier
from productivity.errors import BadInput

MAX_POLICY_BYTES = 1 << 20
"""C2SP asks for 32 logs, witnesses and groups at least; this holds thousands."""

_BLANK = re.compile("[ \t]+")
_NONE = "none"
_PARTIES = {"employer": Party.EMPLOYER, "works-council": Party.COUNCIL}


@dataclass(frozen=True, slots=True)
class Group:
    """Witnesses of whom at least `threshold` must have co-signed; members may be groups themselves."""

    threshold: int
    members: tuple["Verifier | Group", ...]

    def met(self, signed: AbstractSet[Verifier]) -> bool:
        """Tell whether enough members are among the keys that signed."""
        return sum(_met(member, signed) for member in self.members) >= self.threshold


@dataclass(frozen=True, slots=True)
class Policy:
    """What stands in the file. `quorum` is None if no co-signature is asked for."""

    logs: tuple[Verifier, ...]
    witnesses: Mapping[str, Verifier]
    quorum: Verifier | Group | None
    parties: Mapping[Party, tuple[Verifier, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def enough(self, signed: AbstractSet[Verifier]) -> bool:
        """Tell whether these keys make the quorum; always true where none is asked for."""
        return self.quorum is None or _met(self.quorum, signed)


def parse_policy(content: bytes, where: str) -> Policy:
    """Read a policy; `BadInput` names the line that cannot be used."""
    if len(content) > MAX_POLICY_BYTES:
        raise BadInput("policy is too long", where=where, expected=f"at most {MAX_POLICY_BYTES} bytes")
    draft = _Draft()
    for number, line in enumerate(content.split(b"\n"), start=1):
        place = f"{where}, line {number}"
        if any((octet < 0x20 and octet != 0x09) or octet == 0x7F for octet in line):
            raise BadInput("control character", where=place, expected="text, spaces and tabs")
        # Octets beyond ASCII are opaque to the format; escaped, different ones stay different.
        text = line.decode("utf-8", "surrogateescape").strip(" \t")
        if text and not text.startswith("#"):
            keyword, *items = _BLANK.split(text)
            try:
                draft.add(keyword, items)
            except BadInput as error:
                raise BadInput(str(error), where=place) from None
    if not draft.has_quorum:
        raise BadInput(
            "policy has no quorum", where=where, expected="one line 'quorum NAME' or 'quorum none'"
        )
    return draft.policy()


def _met(member: Verifier | Group, signed: AbstractSet[Verifier]) -> bool:
    return member.met(signed) if isinstance(member, Group) else member in signed


class _Draft:
    """A policy while its lines are read."""

    def __init__(self) -> None:
        self.logs: list[Verifier] = []
        self.witnesses: dict[str, Verifier] = {}
        self.named: dict[str, Verifier | Group] = {}
        self.members: set[str] = set()
        self.parties: dict[Party, list[Verifier]] = {}
        self.quorum: Verifier | Group | None = None
        self.has_quorum = False

    def add(self, keyword: str, items: list[str]) -> None:
        kinds: dict[str, Callable[[list[str]], None]] = {
            "log": self._log,
            "witness": self._witness,
            "group": self._group,
            "quorum": self._quorum,
        }
        if keyword in _PARTIES:
            self._party(_PARTIES[keyword], items)
        elif keyword in kinds:
            kinds[keyword](items)
        else:
            expected = ", ".join((*kinds, *_PARTIES))
            raise BadInput("unknown kind of line", expected=f"one of {expected}, or a comment with #")

    def policy(self) -> Policy:
        parties = {party: tuple(keys) for party, keys in self.parties.items()}
        return Policy(
            tuple(self.logs), MappingProxyType(self.witnesses), self.quorum, MappingProxyType(parties)
        )

    def _log(self, items: list[str]) -> None:
        _require(1 <= len(items) <= 2, "log VKEY [URL]")
        self.logs.append(_key(items[0], KeyType.ED25519, self.logs))

    def _witness(self, items: list[str]) -> None:
        _require(2 <= len(items) <= 3, "witness NAME VKEY [URL]")
        name = self._new_name(items[0])
        key = _key(items[1], KeyType.COSIGNATURE, self.witnesses.values())
        self.named[name] = self.witnesses[name] = key

    def _group(self, items: list[str]) -> None:
        _require(len(items) >= 3, "group NAME all|any|K MEMBER...")
        name, threshold, *members = items
        self._new_name(name)
        known: list[Verifier | Group] = []
        for member in members:
            if member in self.members:
                raise BadInput("member of a group already", expected="each name in one group at most")
            known.append(self._known(member))
            self.members.add(member)
        self.named[name] = Group(_threshold(threshold, len(known)), tuple(known))

    def _quorum(self, items: list[str]) -> None:
        _require(len(items) == 1, "quorum NAME or quorum none")
        if self.has_quorum:
            raise BadInput("second quorum", expected="one line with a quorum")
        self.has_quorum = True
        self.quorum = None if items[0] == _NONE else self._known(items[0])

    def _party(self, party: Party, items: list[str]) -> None:
        _require(len(items) == 1, "employer VKEY or works-council VKEY")
        others = [key for keys in self.parties.values() for key in keys]
        self.parties.setdefault(party, []).append(_key(items[0], KeyType.ED25519, others))

    def _new_name(self, name: str) -> str:
        if name == _NONE or name in self.named:
            raise BadInput("name cannot be used", expected="a new name other than 'none'")
        return name

    def _known(self, name: str) -> Verifier | Group:
        if name not in self.named:
            raise BadInput("unknown name", expected="a witness or group of a line above")
        return self.named[name]


def _key(text: str, kind: KeyType, others: Iterable[Verifier]) -> Verifier:
    key = parse_verifier(text)
    if key.type is not kind:
        raise BadInput("key of another type", where=f"key {key.name!r}", expected=kind.name.lower())
    if any(key.public == other.public for other in others):
        raise BadInput("key stands here a second time", where=f"key {key.name!r}", expected="each key once")
    return key


def _threshold(text: str, members: int) -> int:
    if text in ("all", "any"):
        return members if text == "all" else 1
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 0
    if not 1 <= number <= members:
        raise BadInput("threshold cannot be used", expected=f"all, any or a number from 1 to {members}")
    return number


def _require(fits: object, expected: str) -> None:
    if not fits:
        raise BadInput("line has a wrong number of items", expected=expected)
