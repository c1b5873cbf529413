"""What a worker chooses, and whether the works agreement permits it. Pure; instants in UTC milliseconds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from consent.agreement.calendar import day_begins_ms, local_day
from consent.agreement.schema import Agreement
from consent.agreement.vocabulary import MotionPurpose
from consent.entries.times import utc_text
from productivity.errors import BadInput


@dataclass(frozen=True, slots=True)
class Choice:
    """Where, what for and until when a worker's motion may be kept. Nothing is chosen by default."""

    stations: tuple[str, ...]
    purposes: tuple[MotionPurpose, ...]
    until_ms: int


def end_after_days(agreement: Agreement, at_ms: int, days: int) -> int:
    """Return the end of the day at the site that is `days` after today: consent holds for whole days."""
    last = local_day(at_ms, agreement.time_zone) + timedelta(days=days)
    return day_begins_ms(last + timedelta(days=1), agreement.time_zone)


def retention_days(agreement: Agreement) -> int:
    """Return how long motion may be kept; `BadInput` if it may not be, or if the agreement does not say."""
    if not agreement.motion.permitted or agreement.motion.retention_days is None:
        raise BadInput("agreement permits no motion", expected="motion that is permitted, with a retention")
    return agreement.motion.retention_days


def latest_end_ms(agreement: Agreement, at_ms: int) -> int:
    """Return the last instant until which consent that is given now can hold; `BadInput` if none."""
    ends = [end_after_days(agreement, at_ms, retention_days(agreement))]
    if agreement.validity.last_day is not None:
        ends.append(day_begins_ms(agreement.validity.last_day + timedelta(days=1), agreement.time_zone))
    return min(ends)


def check_choice(agreement: Agreement, choice: Choice, at_ms: int) -> None:
    """Raise `BadInput` unless the agreement permits motion at these stations, for these purposes, so long."""
    latest_ms = latest_end_ms(agreement, at_ms)
    _require_each("station", choice.stations, agreement.motion.stations)
    _require_each("purpose", choice.purposes, agreement.motion.purposes)
    if not at_ms < choice.until_ms <= latest_ms:
        raise BadInput(
            "consent cannot hold until then",
            expected=f"an end after now, and by {utc_text(latest_ms)}",
            found=utc_text(choice.until_ms),
        )


def _require_each(what: str, chosen: Sequence[str], permitted: Sequence[str]) -> None:
    if not chosen or len(set(chosen)) < len(chosen):
        raise BadInput(f"choice of {what}", expected=f"at least one {what}, each once")
    for name in chosen:
        if name not in permitted:
            raise BadInput(
                f"agreement permits no motion for this {what}",
                expected=" or ".join(repr(str(one)) for one in permitted),
                found=repr(str(name)),
            )
