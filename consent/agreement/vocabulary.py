"""The words of a works agreement: what can be permitted, prohibited, seen and paid. Closed lists.

They are closed so that a machine can enforce them and a page can say them in any language.
"""

from enum import StrEnum


class Party(StrEnum):
    """Who signs."""

    EMPLOYER = "employer"
    COUNCIL = "works_council"


class Purpose(StrEnum):
    """What durations of worker states may be used for."""

    STATE_DURATIONS = "state durations"
    MANUAL_COMPARISON = "comparison with a manual time study"


class Prohibition(StrEnum):
    """What the data must never be used for."""

    PERFORMANCE_EVALUATION = "performance evaluation of persons"
    IDLE_ALARMS = "idle alarms per person"
    EMOTION_INFERENCE = "emotion inference"
    IDENTIFICATION = "identification of persons"
    DISCIPLINE = "disciplinary measures"


class MotionPurpose(StrEnum):
    """What motion of a worker who opts in may be used for; the purposes of a grant."""

    OWN_REVIEW = "retention for own review"
    PLANT_TRAINING = "training of the plant's models"
    LICENSING = "licensing to third parties"


class RoyaltyUnit(StrEnum):
    """What a rate is paid for."""

    MOTION_HOUR = "motion hour"
    MODEL = "model"
    DEPLOYMENT_HOUR = "deployment hour"
    REVENUE_SHARE = "share of revenue"


class Role(StrEnum):
    """Who may see something."""

    WORKER = "worker"
    COUNCIL = "works council"
    ENGINEER = "industrial engineer"
    SUPERVISOR = "supervisor"
    DATA_PROTECTION = "data protection officer"


class View(StrEnum):
    """What may be seen."""

    TIMELINES = "station timelines"
    TABLES = "released tables"
    LOG = "consent log"
    OWN_MOTION = "own motion"
    SET_UP_PICTURES = "set-up pictures"
    """Of a camera that is opened for minutes to draw a station's zones; none of them is kept."""


class Trigger(StrEnum):
    """What suspends the agreement without anybody deciding it."""

    LOG_DAMAGED = "log does not verify"
    OUTSIDE_SCOPE = "recording outside the agreement"
    DATA_BREACH = "personal data breach"
