"""Charts of evaluations for pages: drawn once for the same figures, in colours of the page's theme."""

from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from productivity.evaluation import Evaluation
from reports.charts.canvas import BESIDE_CIRCLE, NARROW, WIDE, Canvas
from reports.markup import ours
from reports.palette import FAINT, PAPER, pattern_definitions
from reports.study.charts import draw_balance, draw_circle, draw_ranking
from reports.study.words import study_words_for
from reports.svg import for_page

_KEPT = 256
"""Charts that are kept; each is some 10 kB."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A chart for wide windows and one for phones."""

    wide: Markup
    narrow: Markup


@dataclass(frozen=True, slots=True)
class Drawn:
    """The charts of an evaluation."""

    ranking: Pair
    circle: Markup
    balance: Pair


def drawn(evaluation: Evaluation, language: str) -> Drawn:
    """Draw an evaluation; requires paid time."""
    return Drawn(
        Pair(_ranking(evaluation, language, BESIDE_CIRCLE), _ranking(evaluation, language, NARROW)),
        _circle(evaluation, language),
        Pair(_balance(evaluation, language, WIDE), _balance(evaluation, language, NARROW)),
    )


def patterns() -> Markup:
    """Return the patterns that charts refer to: hatched for *not recorded*."""
    return ours(pattern_definitions(f"var(--{PAPER.name})", f"var(--{FAINT.name})"))


@lru_cache(maxsize=_KEPT)
def _ranking(evaluation: Evaluation, language: str, canvas: Canvas) -> Markup:
    words = study_words_for(language)
    drawing = draw_ranking(evaluation, words, canvas)
    return ours(for_page(drawing.svg, f"{words.ranking}: {evaluation.system}"))


@lru_cache(maxsize=_KEPT)
def _circle(evaluation: Evaluation, language: str) -> Markup:
    words = study_words_for(language)
    return ours(for_page(draw_circle(evaluation, words), f"{words.circle}: {evaluation.system}"))


@lru_cache(maxsize=_KEPT)
def _balance(evaluation: Evaluation, language: str, canvas: Canvas) -> Markup:
    words = study_words_for(language)
    drawing = draw_balance(evaluation, words, canvas)
    return ours(for_page(drawing.svg, f"{words.balance}: {evaluation.system}"))
