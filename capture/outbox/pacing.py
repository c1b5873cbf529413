"""What to do after an answer of the server: a pure function, so a week of bad network takes milliseconds.

| answer | the batch | the next attempt |
|---|---|---|
| 200 for exactly this batch | is deleted | at once, with the next batch |
| 409, and the batch was purged | is settled: the server holds the original | at once |
| 400, 409, 413, 415, 422 | stays, set aside: what follows is not held up | this one in an hour |
| 401, with the server's clock far from ours | stays: *clock in doubt* | after the longest wait |
| 401, 403, 404, 405, a redirection, and all else | stays | after the longest wait |
| 429, 503 | stays | what Retry-After asks, at least the backoff |
| 408, 425, 5xx, a wrong 200, no answer | stays | backoff |

The backoff doubles from one second to five minutes, and each wait is drawn from its upper half, so that
devices that lost the same server do not come back in the same second. No answer deletes a batch but 200, and
409 for a purged one.
"""

from dataclasses import dataclass
from enum import StrEnum

FIRST_S = 1.0
LONGEST_S = 300.0
"""A device that lost its network is back within five minutes of it."""
ASIDE_S = 3600.0
MOST_ASKED_S = 3600.0
"""The longest Retry-After that is honoured: a server's typing error must not silence a device for days."""
CLOCK_S = 300
"""The server takes signatures that are at most this old (the batch format)."""


class Verdict(StrEnum):
    """What becomes of the batch."""

    DELETE = "delete"
    SETTLE = "settle"
    KEEP = "keep"
    SET_ASIDE = "set aside"


class Condition(StrEnum):
    """How sending goes, in the words that the operator reads."""

    FINE = "the server takes what is sent"
    UNREACHABLE = "the server does not answer"
    BUSY = "the server is busy and asks to wait"
    FAILING = "the server answers with an error of its own"
    WRONG_ANSWER = "the server acknowledged something else than what was sent"
    CLOCK = "the clock is in doubt: the server's differs by more than five minutes"
    NOT_ACCEPTED = "the server does not accept this device's signature"
    FORBIDDEN = "the server does not let this device send"
    REFUSED = "the server refuses a batch; it is kept"
    NOT_A_SERVER = "no plant server answers at this address"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `status` None: nothing. `same`: a 200 that names exactly the batch that was sent.

    `retry_after_s`: what Retry-After asks for. `server_s`: the server's clock, POSIX seconds.
    """

    status: int | None
    same: bool = False
    retry_after_s: float | None = None
    server_s: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What follows: `wait_s` until the next attempt, `failures` in a row until now."""

    verdict: Verdict
    condition: Condition
    wait_s: float
    failures: int


def next_step(answer: Answer, *, purged: bool, failures: int, now_s: int, draw: float) -> Step:
    """Decide by the table of the module; `draw` is uniform in [0, 1), `now_s` this device's POSIX seconds."""
    longer = failures + 1
    backoff_s = min(LONGEST_S, FIRST_S * 2.0 ** min(failures, 30)) * (1 + draw) / 2

    def keep(condition: Condition, wait_s: float = backoff_s) -> Step:
        return Step(Verdict.KEEP, condition, wait_s, longer)

    match answer.status:
        case None:
            return keep(Condition.UNREACHABLE)
        case 200 if answer.same:
            return Step(Verdict.DELETE, Condition.FINE, 0.0, 0)
        case 200:
            return keep(Condition.WRONG_ANSWER)
        case 409 if purged:
            return Step(Verdict.SETTLE, Condition.FINE, 0.0, 0)
        case 400 | 409 | 413 | 415 | 422:
            return Step(Verdict.SET_ASIDE, Condition.REFUSED, FIRST_S, 0)
        case 429 | 503:
            asked_s = min(answer.retry_after_s or 0.0, MOST_ASKED_S)
            return keep(Condition.BUSY, max(asked_s, backoff_s))
        case 401 if answer.server_s is not None and abs(answer.server_s - now_s) > CLOCK_S:
            return keep(Condition.CLOCK, LONGEST_S)
        case 401:
            return keep(Condition.NOT_ACCEPTED, LONGEST_S)
        case 403:
            return keep(Condition.FORBIDDEN, LONGEST_S)
        case 408 | 425:
            return keep(Condition.FAILING)
        case status if status >= 500:
            return keep(Condition.FAILING)
        case _:
            return keep(Condition.NOT_A_SERVER, LONGEST_S)
