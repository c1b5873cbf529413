"""The words of log entries: closed lists, so that nobody can write a name or a story into the log."""

from enum import StrEnum


class Reason(StrEnum):
    """Why a station is not recorded, or a recording ended. Stands in results and entries word for word."""

    # Refused by the gate.
    NO_AGREEMENT = "no works agreement is active for this station"
    SUSPENDED = "the works agreement is suspended"
    PURPOSE = "the purpose is not permitted"
    STATE = "the station records a state that is not permitted"
    NO_CAMPAIGN = "no campaign runs at this station today"
    COMPLETED = "the campaign has seen enough"
    MINUTES_USED = "the minutes of this day are used up"
    DEVICE = "the device is not enrolled"
    NO_GRANT = "no grant permits motion here"
    # The gate cannot know, and so refuses.
    LOG_UNREACHABLE = "the log is out of reach"
    LOG_UNWRITABLE = "the log did not take the entry in"
    LOG_DAMAGED = "the log does not verify"
    WITNESS_AWAY = "the works council's witness is away"
    CLOCK = "the clock is in doubt"
    # Nobody refused.
    END_OF_SOURCE = "the source ended"
    OPERATOR = "stopped at the device"
    INTERRUPTED = "the device stopped without saying so"


class SuspendedBecause(StrEnum):
    """Why an agreement was suspended: a party decided, or one of the agreed triggers."""

    DECISION = "decision of a party"
    LOG_DAMAGED = "log does not verify"
    OUTSIDE_SCOPE = "recording outside the agreement"
    DATA_BREACH = "personal data breach"


class Criterion(StrEnum):
    """Which target of a campaign was reached."""

    CYCLES = "cycles"
    ACCURACY = "accuracy"


class ShreddedBecause(StrEnum):
    """Why the key of motion was destroyed."""

    WITHDRAWN = "consent withdrawn"
    EXPIRED = "consent expired"
    RETENTION = "retention over"
    ENDED = "agreement ended"


class Account(StrEnum):
    """Whom a royalty is booked to."""

    WORKER = "worker"
    COLLECTIVE = "collective"
    PLANT = "plant"


class SetUpClosedBecause(StrEnum):
    """Why a set-up session was closed."""

    DONE = "closed by hand"
    TIME = "the time is over"
    LEFT = "the page was left"
    NOT_PERMITTED = "not permitted any more"


class GapReason(StrEnum):
    """Why a device was not heard of."""

    NO_CONTACT = "no contact"
    RESTARTED = "restarted"
    BUFFER_FULL = "buffer full"
    UNSANDBOXED = "runs without a sandbox"
