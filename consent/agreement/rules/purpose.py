"""What recording is for, and what it must never be used for."""

from collections.abc import Callable

from consent.agreement import sources
from consent.agreement.language import Text
from consent.agreement.rules.rule import Places, Rule, Severity, when
from consent.agreement.schema import Agreement
from consent.agreement.vocabulary import Prohibition


def _missing(prohibition: Prohibition) -> Callable[[Agreement], Places]:
    return when(
        lambda agreement: f"prohibited: {prohibition}" if prohibition not in agreement.prohibited else None
    )


PERFORMANCE_EVALUATION = Rule(
    "performance evaluation",
    Severity.REFUSAL,
    sources.PERFORMANCE,
    Text(
        de="Es fehlt das Verbot, die Leistung einzelner Personen zu bewerten.",
        en="The prohibition of evaluating the performance of persons is missing.",
    ),
    _missing(Prohibition.PERFORMANCE_EVALUATION),
)

NO_NECESSITY = Rule(
    "no necessity",
    Severity.REFUSAL,
    sources.NECESSITY,
    Text(
        de="Es fehlt, warum ein milderes Mittel den Zweck nicht erreicht.",
        en="It is not said why a milder means does not serve the purpose.",
    ),
    when(lambda agreement: "necessity" if agreement.necessity is None else None),
)

IDLE_ALARMS = Rule(
    "idle alarms",
    Severity.WARNING,
    sources.CNIL,
    Text(
        de="Meldungen über die Untätigkeit einzelner sind nicht ausdrücklich verboten.",
        en="Idle alarms per person are not prohibited in so many words.",
    ),
    _missing(Prohibition.IDLE_ALARMS),
)

EMOTION_INFERENCE = Rule(
    "emotion inference",
    Severity.WARNING,
    sources.EMOTION,
    Text(
        de="Gefühle am Arbeitsplatz abzuleiten ist ohnehin verboten; sagen Sie es auch hier.",
        en="Inferring emotions at work is forbidden anyway; say so here too.",
    ),
    _missing(Prohibition.EMOTION_INFERENCE),
)
