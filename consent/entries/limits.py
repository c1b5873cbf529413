"""How late is late: limits that recorder, operator and auditor are held to alike. All in milliseconds.

None has a legal source; each says why it is what it is.
"""

STOP_WITHIN_MS = 1_000
"""From a suspension to the last picture that a recorder looks at, while it can read the log."""

PERMISSION_MS = 5 * 60_000
"""How long a recorder goes on from what it last read of the log; long enough for a restart of the network."""

SKEW_MS = 1_000
"""How far clocks of the log and of its devices may differ; machines that keep time by NTP stay well below."""

WITNESS_GRACE_MS = 60_000
"""Age of a co-signature up to which its witness counts as present; what is agreed comes on top."""

SET_UP_MINUTES = 15
"""Longest set-up session. Zones are drawn in less, or afterwards on a still that the browser keeps."""

SET_UP_CLOSED_WITHIN_MS = 30_000
"""From a suspension or the end of a session's minutes to the entry that it was closed."""

SHRED_WITHIN_MS = 60 * 60_000
"""From a withdrawal to the destruction of the keys of everything that was kept under the grant."""
