"""What the plant server says to the log in the log's own name: who looked, what was released, uses of motion.

Nobody signs these but the log, so they do not come as notes: whoever runs the operator hands them to it, in
the same process. They are admitted by the same rules as everything else (`consent.site.admission`). A look is
held against the agreements besides: it is said before it is taken, so what nobody agreed to is refused here
and does not happen. A log that *does* tell of such a look is no damaged log; the auditor names it.
"""

from dataclasses import dataclass

from consent.agreement.schema import Strict
from consent.entries.bodies import AccessViewed, MotionUsed
from consent.entries.form import Entry
from consent.site.access import require_agreed
from consent.site.state import SiteState

MOST_WORDS = 1024
"""Words taken in in one go; the rest follow in the next round."""


def can_wait(entry: Entry) -> bool:
    """Tell whether an entry may wait for the witness: own words may, but uses open nothing before it."""
    return entry.act is None and not isinstance(entry.body, MotionUsed)


@dataclass(frozen=True, slots=True)
class Said:
    """What came of one word: the number of its entry, or why it may not stand in the log."""

    index: int | None
    refused: str = ""


def require_sayable(state: SiteState, body: Strict) -> None:
    """Raise `BadInput` if the plant must not do what it is about to say; admission judges the rest."""
    if isinstance(body, AccessViewed):
        require_agreed(state, body)
