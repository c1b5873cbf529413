"""What a use of motion licenses: what an export is made from, and nothing that leads to a person.

A worker is a number within the set. `BadInput` refuses whatever could carry more: pseudonyms anywhere,
characters that a reader does not see, names of files that are paths.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from consent.agreement.language import Language
from consent.agreement.vocabulary import MotionPurpose
from consent.entries.bodies import MotionUsed
from consent.entries.form import parse_entry
from consent.entries.times import utc_text
from consent.log.proof import parse_proof
from models.motion import Motion
from productivity.errors import BadInput

MOST_SEGMENTS = 1024
"""As many as one entry `motion.used` can name."""
PROOF_ENDING, ENTRY_ENDING = ".tlog-proof", ".json"

_IDENTIFIER = re.compile(r"[0-9a-f]{32}", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_PSEUDONYM = re.compile(r"w-[0-9a-f]{32}", re.ASCII | re.IGNORECASE)
_LICENCE_NAME = re.compile(r"LicenseRef-[A-Za-z0-9.-]{1,80}", re.ASCII)  # SPDX 2.3, annex D
_FILE_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?(?:\.tlog-proof|\.json|\.txt|\.vkey)", re.ASCII)
_LONGEST_NAME = 80
"""As long as a name in a works agreement."""
_LONGEST_TEXT = 200_000
_NAME = f"one line of {_LONGEST_NAME} characters at most, single spaces, nothing hidden"


@dataclass(frozen=True, slots=True, eq=False, repr=False)  # no repr: it would print how somebody moved
class LicensedSegment:
    """Motion of one worker at one station, opened for this use."""

    segment: str
    """32 hexadecimal digits; `MotionSealed.segment`."""
    station: str
    worker: int
    """Number of the worker within this set, from 1. Drawn for each set anew; never a pseudonym."""
    motion: Motion
    grant_commitment: str
    """To the consent record under which it was kept, 64 hexadecimal digits; `ConsentGiven.commitment`."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LicensedSet:
    """All motion of one use, with what was agreed about it."""

    use: str
    """32 hexadecimal digits; `MotionUsed.use`."""
    purpose: MotionPurpose
    licensee: str | None
    """None = the plant itself."""
    site: str | None
    """None = not named to the licensee."""
    created_ms: int
    """UTC milliseconds; stands in the metadata, so that the same set makes the same bytes."""
    agreement: str
    """Hash of the works agreement."""
    terms: str
    """The terms of use, those after a withdrawal among them; every byte of `TERMS.txt`."""
    terms_hash: str
    """SHA-256 of `terms` in UTF-8; `MotionUsed.terms`."""
    licence: str
    """The licence's text, or its SPDX name `LicenseRef-...` if the text is agreed elsewhere."""
    segments: tuple[LicensedSegment, ...]
    """Kept in the order of their identifiers, which are random: theirs says nothing of when they happened."""
    proofs: Mapping[str, str]
    """By file name: `.tlog-proof` files, each beside the entry that it proves (`.json`), and whatever else.

    The entry `motion.used` of this very use must be among them: same licensee, purpose, terms and segments.
    Its proof is not believed here; the vault did not open anything without it (`consent.vault.release`).
    """
    language: Language = Language.EN
    """Of README.md."""

    def __post_init__(self) -> None:
        """Refuse what an export must not carry."""
        utc_text(self.created_ms)
        for name, text, form in (
            ("use", self.use, _IDENTIFIER),
            ("agreement", self.agreement, _HASH),
            ("terms_hash", self.terms_hash, _HASH),
        ):
            _require(form.fullmatch(text) is not None, name, "hexadecimal digits")
        require_words(self.licensee, self.site, self.stations, self.terms)
        _require(_is_text(self.licence), "licence", "a text without hidden characters")
        _require(
            hashlib.sha256(self.terms.encode()).hexdigest() == self.terms_hash,
            "terms_hash",
            "the SHA-256 of the terms",
        )
        self._check_segments()
        in_order = sorted(self.segments, key=lambda each: each.segment)
        object.__setattr__(self, "segments", tuple(in_order))
        self._check_proofs()
        _require(not any(map(_PSEUDONYM.search, self._texts())), "licensed set", "no pseudonym")
        _require(
            any(map(self._is_own_entry, self.proven)), "proofs", "the entry motion.used of this very use"
        )

    @property
    def licence_name(self) -> str:
        """The licence as an SPDX expression names it."""
        if _LICENCE_NAME.fullmatch(self.licence):
            return self.licence
        return f"LicenseRef-fairtakt-{hashlib.sha256(self.licence.encode()).hexdigest()[:16]}"

    @property
    def stations(self) -> tuple[str, ...]:
        """Each station once, in order of its name."""
        return tuple(sorted({segment.station for segment in self.segments}))

    @property
    def workers(self) -> int:
        """How many people moved."""
        return len({segment.worker for segment in self.segments})

    @property
    def span_ns(self) -> int:
        """Motion altogether, from each segment's first pose to its last."""
        return sum(segment.motion.span_ns for segment in self.segments)

    @property
    def proven(self) -> tuple[str, ...]:
        """Names, without ending, of the log entries that come with their proofs; sorted."""
        names = (name.removesuffix(ENTRY_ENDING) for name in self.proofs if name.endswith(ENTRY_ENDING))
        return tuple(sorted(name for name in names if f"{name}{PROOF_ENDING}" in self.proofs))

    def _check_segments(self) -> None:
        segments = self.segments
        _require(0 < len(segments) <= MOST_SEGMENTS, "segments", f"between 1 and {MOST_SEGMENTS}")
        _require(len({each.segment for each in segments}) == len(segments), "segments", "each once")
        numbers = {each.worker for each in segments}
        _require(numbers == set(range(1, len(numbers) + 1)), "workers", "numbers from 1 without gaps")
        for each in segments:
            _require(_IDENTIFIER.fullmatch(each.segment) is not None, "segment", "32 hexadecimal digits")
            _require(
                _HASH.fullmatch(each.grant_commitment) is not None,
                "grant commitment",
                "64 hexadecimal digits",
            )
            _require(not np.isinf(each.motion.joints).any(), "motion", "numbers or NaN, nothing infinite")

    def _check_proofs(self) -> None:
        for name, text in self.proofs.items():
            _require(_FILE_NAME.fullmatch(name) is not None, "proofs", "plain file names")
            _require(_is_text(text), "proofs", "texts without hidden characters")

    def _is_own_entry(self, name: str) -> bool:
        try:
            body = parse_entry(self.proofs[f"{name}{ENTRY_ENDING}"].encode(), "proofs").body
        except BadInput:
            return False
        return (
            isinstance(body, MotionUsed)
            and (body.use, body.purpose, body.licensee) == (self.use, self.purpose, self.licensee)
            and body.terms == self.terms_hash
            and set(body.segments) == {each.segment for each in self.segments}
        )

    def _texts(self) -> Iterator[str]:
        """Everything that somebody wrote, as it is read, and what base64 hides in a proof."""
        yield from (self.licensee or "", self.site or "", self.terms, self.licence)
        yield from (segment.station for segment in self.segments)
        for name, text in self.proofs.items():
            yield from (name, text)
            if name.endswith(PROOF_ENDING):
                yield parse_proof(text).extra.decode("utf-8", "replace")


def require_words(licensee: str | None, site: str | None, stations: Iterable[str], terms: str) -> None:
    """Refuse names and terms that no export carries, with `BadInput`; best before anybody agrees on them."""
    names = [("licensee", licensee), ("site", site), *(("station", one) for one in stations)]
    for what, name in names:
        _require(name is None or _is_name(name), what, _NAME)
    _require(_is_text(terms), "terms", "a text without hidden characters")
    carried = (terms, *(name or "" for _, name in names))
    _require(not any(map(_PSEUDONYM.search, carried)), "name or terms", "no pseudonym")


def _is_name(text: str) -> bool:
    return 0 < len(text) <= _LONGEST_NAME and text.isprintable() and text == " ".join(text.split())


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    # Spaces that do not break, as in amounts, hide nothing; Python calls them not printable.
    hidden = (letter for letter in text if not letter.isprintable() and letter != "\n")
    return 0 < len(text) <= _LONGEST_TEXT and all(unicodedata.category(letter) == "Zs" for letter in hidden)


def _require(fits: bool, what: str, expected: str) -> None:
    # Never what was found: it may be what must not be told.
    if not fits:
        raise BadInput(f"{what} cannot be exported", expected=expected)
