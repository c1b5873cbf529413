"""Check 5: times. A log orders its entries; co-signatures bind that order to a clock that is not the plant's.

An entry inside a co-signed checkpoint cannot be younger than the co-signature. An entry behind it was
appended later: the witness had been shown a log without it, so an older date was put on it afterwards. The
clocks of witness and plant may differ by a minute (the operator refuses to append beyond that), so what
lies within a minute is not faulted.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from consent.agreement.language import Text
from consent.audit.case import Case
from consent.audit.catalogue import Check
from consent.audit.findings import Book, plain
from consent.entries.bodies import RecordingStarted, RecordingStopped
from consent.entries.limits import PERMISSION_MS, SKEW_MS, WITNESS_GRACE_MS
from consent.entries.times import LATEST_MS, utc_text


@dataclass(frozen=True, slots=True, order=True)
class Seen:
    """The witness had seen the first `size` entries at `at_ms`."""

    size: int
    at_ms: int
    witness: str = ""
    """Name of its key."""


class Times:
    """Goes along with the entries, in order."""

    def __init__(self, cosigned: Sequence[Seen], now_ms: int | None) -> None:
        self._seen = sorted(cosigned)
        self._next = 0
        self._after_ms = 0
        """Entries from here on were appended after this time of the witness."""
        self._now_ms = now_ms

    def judge_witness(self, book: Book) -> None:
        """Judge that each witness signed no smaller log later than a larger one."""
        newest: dict[str, int] = {}
        for one in self._seen:
            book.looked(Check.TIMES)
            if one.at_ms < (newest_ms := newest.get(one.witness, 0)):
                book.find(
                    Check.TIMES,
                    None,
                    Text("kleineres Protokoll später mitunterschrieben", "smaller log co-signed later"),
                    _not_before(newest_ms),
                    plain(utc_text(one.at_ms)),
                )
            newest[one.witness] = max(newest_ms, one.at_ms)

    def judge(self, case: Case) -> None:
        """Judge when the entry was logged, and when its act was signed."""
        case.book.looked(Check.TIMES, 1 if case.entry.act is None else 2)
        while self._next < len(self._seen) and self._seen[self._next].size <= case.index:
            self._after_ms = max(self._after_ms, self._seen[self._next].at_ms)
            self._next += 1
        if not self._logged(case):
            self._signed(case)

    def _logged(self, case: Case) -> bool:
        at_ms, what = case.at_ms, Text("protokolliert", "logged")
        if at_ms < case.facts.latest_ms:
            expected = _not_before(case.facts.latest_ms)
            what = Text("die Zeit des Protokolls geht zurück", "the log's time goes back")
        elif at_ms < self._after_ms - WITNESS_GRACE_MS:
            expected = _not_before(self._after_ms)
            what = Text(
                "rückdatiert, der Zeuge kannte den Eintrag damals nicht",
                "back-dated, the witness had not seen it then",
            )
        elif at_ms > self._limit_ms():
            expected = _not_after(self._limit_ms())
            what = Text("vordatiert", "dated ahead")
        else:
            return False
        case.find(Check.TIMES, what, expected, plain(utc_text(at_ms)))
        return True

    def _limit_ms(self) -> int:
        limit = LATEST_MS if self._now_ms is None else self._now_ms + SKEW_MS
        if self._next < len(self._seen):
            # The witness's times are whole seconds, cut off.
            limit = min(limit, self._seen[self._next].at_ms + 999 + WITNESS_GRACE_MS)
        return limit

    def _signed(self, case: Case) -> None:
        late_ms = case.at_ms - case.acted_ms
        if late_ms < -SKEW_MS:
            case.find(
                Check.TIMES,
                Text("unterschrieben nach der Protokollierung", "signed after it was logged"),
                _not_after(case.at_ms),
                plain(utc_text(case.acted_ms)),
            )
        elif late_ms > PERMISSION_MS and isinstance(case.entry.body, RecordingStarted):
            case.find(
                Check.TIMES,
                Text("Beginn lange vor der Protokollierung", "start signed long before it was logged"),
                _not_before(case.at_ms - PERMISSION_MS),
                plain(utc_text(case.acted_ms)),
            )
        elif late_ms > PERMISSION_MS and isinstance(case.entry.body, RecordingStopped):
            case.warn(
                Check.TIMES,
                Text("das Gerät meldete das Ende erst spät", "the device told of the end late"),
                found=plain(f"{late_ms // 1000} s"),
            )


def _not_before(at_ms: int) -> Text:
    return Text(f"nicht vor {utc_text(at_ms)}", f"not before {utc_text(at_ms)}")


def _not_after(at_ms: int) -> Text:
    return Text(
        f"nicht nach {utc_text(min(at_ms, LATEST_MS))}", f"not after {utc_text(min(at_ms, LATEST_MS))}"
    )
