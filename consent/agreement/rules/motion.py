"""Motion of workers who opt in: kept with a limit, and paid for."""

from consent.agreement import sources
from consent.agreement.language import Text
from consent.agreement.rules.rule import Places, Rule, Severity, when
from consent.agreement.schema import Agreement
from consent.agreement.vocabulary import MotionPurpose

LONG_MOTION_DAYS = 365
"""Chosen so that a usual study passes in silence; it only warns."""


def _without_rate(agreement: Agreement) -> Places:
    if agreement.royalties is None:
        return
    paid = {rate.purpose for rate in agreement.royalties.rate_card}
    for purpose in agreement.motion.purposes:
        if purpose is not MotionPurpose.OWN_REVIEW and purpose not in paid:
            yield f"royalties.rate_card: {purpose}"


MOTION_KEPT_WITHOUT_LIMIT = Rule(
    "motion kept without limit",
    Severity.REFUSAL,
    sources.STORAGE_LIMITATION,
    Text(
        de="Bewegungsdaten brauchen eine höchste Aufbewahrungsdauer.",
        en="Motion needs a maximum retention.",
    ),
    when(
        lambda agreement: (
            "motion.retention_days"
            if agreement.motion.permitted and agreement.motion.retention_days is None
            else None
        )
    ),
)

MOTION_WITHOUT_ROYALTIES = Rule(
    "motion without royalties",
    Severity.REFUSAL,
    sources.PAID_USE,
    Text(
        de="Bewegungsdaten sind erlaubt, aber nicht, was für ihre Nutzung gezahlt wird.",
        en="Motion is permitted, but not what is paid for its use.",
    ),
    when(
        lambda agreement: "royalties" if agreement.motion.permitted and agreement.royalties is None else None
    ),
)

PURPOSE_WITHOUT_RATE = Rule(
    "purpose without rate",
    Severity.REFUSAL,
    sources.PAID_USE,
    Text(
        de="Für diesen erlaubten Zweck steht kein Satz in der Vergütungstabelle.",
        en="The rate card has no rate for this permitted purpose.",
    ),
    _without_rate,
)

MOTION_KEPT_LONG = Rule(
    "motion kept long",
    Severity.WARNING,
    sources.STORAGE_LIMITATION,
    Text(
        de="Bewegungsdaten, an denen man Personen erkennt, werden länger als ein Jahr aufbewahrt: Wofür?",
        en="Motion, by which people can be recognised, is kept for more than a year: what for?",
    ),
    when(
        lambda agreement: (
            f"motion.retention_days = {agreement.motion.retention_days}"
            if (agreement.motion.retention_days or 0) > LONG_MOTION_DAYS
            else None
        )
    ),
)
