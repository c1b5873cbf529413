"""The bytes of an entry, and the acts that people and devices sign.

An entry is canonical JSON (RFC 8785) of one of two shapes:

    {"at":…,"body":{…},"type":…}     the log's own word
    {"act":…,"at":…,"type":…}        somebody's act, with its signatures

`at` is when the log took it in. An act is a C2SP signed note of its own; its text is canonical JSON and a
line feed:

    {"at":…,"body":{…},"log":…,"type":…}

`at` is when it was signed, `log` the one log that it is meant for. So whoever signed can be held to the act
by software that knows nothing of fairtakt, and the log's operator can neither invent an act nor carry it
elsewhere.

Pure. What an entry *means*, and whether it may stand where it stands, is `consent.site` and `consent.audit`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import ValidationError

from consent.agreement.schema import Strict
from consent.canonical import canonical_json, parse_canonical
from consent.entries.bodies import NAMES, TYPES
from consent.entries.times import utc_ms, utc_text
from consent.log.tiles import MAX_ENTRY_BYTES
from consent.notes import Note, Signer, Verifier, open_note, parse_note, sign
from productivity.errors import BadInput


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody signed, taken apart; `signed_by` believes its signatures only when it is given keys."""

    body: Strict
    at_ms: int
    log: str
    note: Note

    @property
    def type(self) -> str:
        """Name and version of what the act says."""
        return NAMES[type(self.body)]

    def signed_by(self, verifiers: Iterable[Verifier]) -> frozenset[Verifier]:
        """Return which of these keys signed; none if none did. `BadInput` if one of them signed wrongly."""
        verifiers = tuple(verifiers)
        known = {(verifier.name, verifier.key_id) for verifier in verifiers}
        if not any((line.name, line.key_id) in known for line in self.note.signatures):
            return frozenset()
        return frozenset(line.verifier for line in open_note(self.note, verifiers).signatures)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the log, taken apart; `act` is None where the log speaks for itself."""

    at_ms: int
    body: Strict
    act: Act | None = None

    @property
    def type(self) -> str:
        """Name and version of what the entry says."""
        return NAMES[type(self.body)]

    def __bytes__(self) -> bytes:
        """Return the entry as it stands in the log; `BadInput` if it is longer than an entry may be."""
        content: dict[str, object] = {"at": utc_text(self.at_ms), "type": self.type}
        if self.act is None:
            content["body"] = self.body.model_dump(mode="json")
        else:
            content["act"] = str(self.act.note)
        encoded = canonical_json(content).encode()
        if len(encoded) > MAX_ENTRY_BYTES:
            raise BadInput(
                "entry is too long", expected=f"at most {MAX_ENTRY_BYTES} bytes", found=str(len(encoded))
            )
        return encoded


def sign_act(body: Strict, log: str, at_ms: int, *signers: Signer) -> Act:
    """Sign an act for the log of that name. It becomes an entry when the log takes it in."""
    text = canonical_json(
        {"at": utc_text(at_ms), "body": body.model_dump(mode="json"), "log": log, "type": NAMES[type(body)]}
    )
    return Act(body, at_ms, log, sign(text + "\n", *signers))


def parse_act(content: str | bytes, where: str) -> Act:
    """Take an act apart without believing its signatures; `BadInput` in any spelling but ours."""
    note = parse_note(content)
    if not note.text.endswith("}\n"):
        raise BadInput("not an act", where=where, expected="canonical JSON and a line feed")
    value = _object(note.text.removesuffix("\n"), {"at", "body", "log", "type"}, where)
    log = value["log"]
    if not isinstance(log, str) or not log:
        raise BadInput("act names no log", where=where)
    return Act(_body(value, where), _instant(value["at"], where), log, note)


def parse_entry(content: bytes, where: str) -> Entry:
    """Take an entry apart without believing its signatures; `BadInput` if it fits no schema exactly."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise BadInput("not an entry", where=where, expected="UTF-8 text") from None
    value = _object(text, {"at", "type"}, where, one_of={"act", "body"})
    at_ms = _instant(value["at"], where)
    if "body" in value:
        return Entry(at_ms, _body(value, where))
    if not isinstance(value["act"], str):
        raise BadInput("act is no text", where=where, expected="a signed note")
    act = parse_act(value["act"], where)
    if act.type != value["type"]:
        raise BadInput("entry and act differ", where=where, expected=str(value["type"]), found=act.type)
    if str(act.note) != value["act"]:
        raise BadInput("act is not spelled as a signed note", where=where)
    return Entry(at_ms, act.body, act)


def _object(
    text: str, keys: set[str], where: str, one_of: frozenset[str] | set[str] = frozenset()
) -> dict[str, object]:
    value = parse_canonical(text, where)
    if not isinstance(value, dict):
        raise BadInput("not an object", where=where, expected="a JSON object")
    rest = set(value) - keys
    wanted = f"the keys {', '.join(sorted(keys))}" + (f" and {' or '.join(sorted(one_of))}" if one_of else "")
    if keys - set(value) or (rest and not one_of) or (one_of and (len(rest) != 1 or not rest <= one_of)):
        raise BadInput("object has other keys", where=where, expected=wanted)
    return value


def _body(value: dict[str, object], where: str) -> Strict:
    name = value["type"]
    model = TYPES.get(name) if isinstance(name, str) else None
    if model is None:
        raise BadInput("unknown type of entry", where=where, expected="a type of consent/entries/bodies.py")
    try:
        body = model.model_validate(value["body"])
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise BadInput(f"{name} {place}: {first['msg'].removeprefix('Value error, ')}", where=where) from None
    # Defaults are written out, tuples are lists: one spelling for each body.
    if canonical_json(body.model_dump(mode="json")) != canonical_json(value["body"]):
        raise BadInput(f"{name} is not written out", where=where, expected="every key with its value")
    return body


def _instant(value: object, where: str) -> int:
    if not isinstance(value, str):
        raise BadInput("not an instant", where=where, expected="text")
    try:
        return utc_ms(value)
    except BadInput as error:
        raise BadInput(str(error), where=where) from None
