"""All rules that an agreement is judged by, each with its source and what it says in both languages.

Not legal advice. A refusal names law or a decision that such an agreement contradicts, or a promise of
fairtakt that it breaks; a warning is something that both sides should have talked about.
"""

from consent.agreement.rules import duration, figures, motion, notice, parties, purpose
from consent.agreement.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    duration.PERMANENT,
    duration.SLICED,
    duration.WHOLE_SHIFT,
    figures.GROUP_BELOW_FIVE,
    notice.NO_NOTICE,
    notice.LATE_NOTICE,
    purpose.PERFORMANCE_EVALUATION,
    purpose.NO_NECESSITY,
    figures.INTERVALS_KEPT_TOO_LONG,
    motion.MOTION_KEPT_WITHOUT_LIMIT,
    motion.MOTION_WITHOUT_ROYALTIES,
    motion.PURPOSE_WITHOUT_RATE,
    parties.KEY_MISSING,
    duration.LONG_CAMPAIGN,
    duration.MORE_THAN_HALF_A_SHIFT,
    duration.NO_END_WHEN_ENOUGH,
    figures.SMALL_GROUP,
    notice.SHORT_NOTICE,
    purpose.IDLE_ALARMS,
    purpose.EMOTION_INFERENCE,
    figures.INTERVALS_KEPT_LONG,
    figures.AGGREGATES_KEPT_LONG,
    motion.MOTION_KEPT_LONG,
    duration.FINE_TIMES,
    parties.SUPERVISOR_SEES_TIMELINES,
    parties.COUNCIL_DOES_NOT_SEE_THE_LOG,
)
"""In the order in which findings are told."""
