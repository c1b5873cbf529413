"""What the demonstration's log tells: agreed, recorded, suspended, resumed, completed, looked at, consented.

A list of steps with their times, for `cli.demo.ledger`. Pure, but for the signatures under the agreement.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time

from cli.demo.calendar import DAY, at
from cli.demo.dates import Dates
from cli.demo.layout import TIME_ZONE
from cli.demo.ledger import Act, Note, Step
from cli.demo.sessions import Course, Recording, suspension
from consent.agreement.form import agreement_hash
from consent.agreement.schema import Agreement, Strict
from consent.agreement.signing import countersign, sign_agreement
from consent.agreement.vocabulary import Purpose
from consent.entries.bodies import (
    AgreementActivated,
    AgreementResumed,
    AgreementSuspended,
    DeviceEnrolled,
    RecordingCompleted,
    RecordingStarted,
    RecordingStopped,
)
from consent.notes import Signer
from consent.site.state import SiteState

_TOGETHER_MS = 1_500
"""Steps within so much of each other are one moment: one batch, and one co-signature."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who acts: both parties, and each recorder by its name."""

    employer: Signer
    council: Signer
    devices: Mapping[str, Signer]


def agreed(agreement: Agreement, days: Dates, cast: Cast) -> list[Step]:
    """Return how the agreement came about, and how the recorders were let in."""
    proposed = sign_agreement(agreement, cast.employer)
    signed = countersign(proposed, cast.council)
    one = agreement_hash(agreement)
    next_day = days.founded + DAY
    steps: list[Step] = [
        Note(at(days.founded, time(10), TIME_ZONE), str(proposed.note).encode()),
        Note(at(next_day, time(11), TIME_ZONE), str(signed.note).encode()),
        act(at(next_day, time(11, 5), TIME_ZONE), AgreementActivated(agreement=one), cast.employer),
    ]
    enrolled_ms = at(next_day, time(11, 20), TIME_ZONE)
    for name, device in cast.devices.items():
        enrolled = DeviceEnrolled(device=name, key=str(device.verifier))
        steps.append(act(enrolled_ms, enrolled, cast.employer))
    return steps


def recorded(
    agreement: Agreement, courses: Iterable[Course], configurations: Mapping[str, str], cast: Cast
) -> Iterator[Step]:
    """Yield starts and stops of all sessions, and the ends of campaigns; `configurations` by station."""
    one = agreement_hash(agreement)
    for course in courses:
        for recording in course.recordings:
            device = cast.devices[recording.device]
            started = RecordingStarted(
                session=recording.id,
                device=recording.device,
                station=recording.plan.name,
                agreement=one,
                campaign=recording.campaign,
                purpose=Purpose.STATE_DURATIONS,
                configuration=configurations[recording.plan.name],
            )
            yield act(recording.started_ms, started, device)
            yield from _over(recording, one, device)


def suspended(agreement: Agreement, days: Dates, cast: Cast) -> list[Step]:
    """Return how the council suspended the agreement, and how both resumed it; nothing if that is to come."""
    paused = suspension(days)
    if paused is None:
        return []
    one = agreement_hash(agreement)

    def resumed(state: SiteState) -> AgreementResumed:
        lifts = state.agreements[one].suspended_at
        assert lifts is not None  # noqa: S101  # for the type checker; it was suspended before
        return AgreementResumed(agreement=one, lifts=lifts)

    return [
        act(paused.start_ms, AgreementSuspended(agreement=one), cast.council),
        Act(paused.end_ms, resumed, (cast.employer, cast.council)),
    ]


def moments(steps: Iterable[Step]) -> Iterator[Sequence[Step]]:
    """Yield the steps in order of time, those of one moment together."""
    moment: list[Step] = []
    for step in sorted(steps, key=lambda step: step.at_ms):
        if moment and step.at_ms - moment[0].at_ms > _TOGETHER_MS:
            yield moment
            moment = []
        moment.append(step)
    if moment:
        yield moment


def _over(recording: Recording, agreement: str, device: Signer) -> Iterator[Step]:
    stopped = RecordingStopped(
        session=recording.id, reason=recording.reason, recorded_ms=recording.recorded_ms
    )
    yield act(recording.stopped_ms, stopped, device)
    if recording.completed is not None:
        completed = RecordingCompleted(
            agreement=agreement,
            campaign=recording.campaign,
            station=recording.plan.name,
            criterion=recording.completed,
        )
        yield act(recording.stopped_ms + 1, completed, device)


def act(at_ms: int, body: Strict, *signers: Signer) -> Act:
    """Return an act that says the same whatever stands at the site."""
    return Act(at_ms, lambda _: body, signers)
