"""How many people stand behind a figure, and how long single intervals and figures are kept."""

from consent.agreement import sources
from consent.agreement.language import Text
from consent.agreement.rules.rule import Rule, Severity, when

SMALLEST_GROUP = 5
"""BAG 1 ABR 6/94: in a group of 5 to 6 people, pressure on the group still reached each member."""

DEFAULT_GROUP = 7
"""The first size above that group."""

LONG_INTERVALS_DAYS = 14
LONGEST_INTERVALS_DAYS = 30
"""CNIL found 31 days of all indicators unlawful; half of it is long enough to ask why."""

LONG_AGGREGATES_DAYS = 3 * 365
"""Chosen so that a usual study passes in silence; it only warns."""


GROUP_BELOW_FIVE = Rule(
    "group below five",
    Severity.REFUSAL,
    sources.GROUP,
    Text(
        de="Zahlen über weniger als fünf Personen sind Überwachung der einzelnen.",
        en="Figures about fewer than five people monitor each of them.",
    ),
    when(
        lambda agreement: (
            f"minimum_group = {agreement.minimum_group}" if agreement.minimum_group < SMALLEST_GROUP else None
        )
    ),
)

SMALL_GROUP = Rule(
    "small group",
    Severity.WARNING,
    sources.GROUP,
    Text(
        de="Auch in Gruppen von fünf und sechs Personen erreichte Druck die einzelnen; Vorgabe ist 7.",
        en="In groups of five and six people pressure still reached each of them; the default is 7.",
    ),
    when(
        lambda agreement: (
            f"minimum_group = {agreement.minimum_group}"
            if SMALLEST_GROUP <= agreement.minimum_group < DEFAULT_GROUP
            else None
        )
    ),
)

INTERVALS_KEPT_TOO_LONG = Rule(
    "intervals kept too long",
    Severity.REFUSAL,
    sources.CNIL,
    Text(
        de="Einzelne Zeitabschnitte 31 Tage oder länger aufzubewahren geht über den Bedarf hinaus.",
        en="Keeping single intervals for 31 days or more is beyond the need.",
    ),
    when(
        lambda agreement: (
            f"retention.intervals_days = {agreement.retention.intervals_days}"
            if agreement.retention.intervals_days > LONGEST_INTERVALS_DAYS
            else None
        )
    ),
)

INTERVALS_KEPT_LONG = Rule(
    "intervals kept long",
    Severity.WARNING,
    sources.CNIL,
    Text(
        de="Einzelne Zeitabschnitte werden länger als 14 Tage aufbewahrt: Reicht weniger?",
        en="Single intervals are kept for more than 14 days: would less do?",
    ),
    when(
        lambda agreement: (
            f"retention.intervals_days = {agreement.retention.intervals_days}"
            if LONG_INTERVALS_DAYS < agreement.retention.intervals_days <= LONGEST_INTERVALS_DAYS
            else None
        )
    ),
)

AGGREGATES_KEPT_LONG = Rule(
    "aggregates kept long",
    Severity.WARNING,
    sources.STORAGE_LIMITATION,
    Text(
        de="Auswertungen werden länger als drei Jahre aufbewahrt: Wofür?",
        en="Aggregates are kept for more than three years: what for?",
    ),
    when(
        lambda agreement: (
            f"retention.aggregates_days = {agreement.retention.aggregates_days}"
            if agreement.retention.aggregates_days > LONG_AGGREGATES_DAYS
            else None
        )
    ),
)
