"""The acquisition as tables: the eight steps, the product portfolio, the recording plan."""

from collections.abc import Sequence

from productivity.portfolio import Classified
from productivity.records import Sampled
from productivity.result_table import Kind, ResultTable
from productivity.study.plan import PlannedStudy, observed
from productivity.study.study import Progress
from reports.study.tables import make_table
from reports.study.words import StudyWords

_MOST_MISSING = 5
"""Gaps named for each step; a plant with a hundred stations would fill the screen otherwise."""


def procedure_table(progress: Sequence[Progress], words: StudyWords) -> ResultTable:
    """Return the eight steps, and what is missing for each."""
    columns = (("step", Kind.COUNT), ("task", Kind.TEXT), ("done", Kind.FLAG), ("missing", Kind.TEXT))
    rows = [(one.step.value, words.steps[one.step], one.done, _missing(one, words)) for one in progress]
    return make_table("procedure", columns, rows, words)


def portfolio_table(portfolio: Sequence[Classified], words: StudyWords) -> ResultTable:
    """Return the products by class; sales are in whole units of currency."""
    columns = (
        ("rank", Kind.COUNT),
        ("product", Kind.TEXT),
        ("abc", Kind.TEXT),
        ("pieces", Kind.COUNT),
        ("sales", Kind.NUMBER),
        ("margin", Kind.SHARE),
        ("weight", Kind.SHARE),
        ("cumulative", Kind.SHARE),
    )
    rows = [
        (
            one.rank,
            one.product.name,
            one.abc.value,
            one.product.pieces,
            one.product.sales / 100,
            one.margin,
            one.weight,
            one.cumulative,
        )
        for one in portfolio
    ]
    return make_table("portfolio", columns, rows, words)


def plan_table(plan: Sequence[PlannedStudy], samples: Sequence[Sampled], words: StudyWords) -> ResultTable:
    """Return the recording plan, and how much of it is done."""
    columns = (
        ("system", Kind.TEXT),
        ("variant", Kind.TEXT),
        ("mode", Kind.TEXT),
        ("counted", Kind.TEXT),
        ("samples", Kind.COUNT),
        ("observed", Kind.COUNT),
        ("sessions", Kind.COUNT),
    )
    rows = [
        (
            one.system,
            one.variant,
            one.mode.value,
            words.name(one.unit),
            one.samples,
            observed(one, samples),
            one.sessions,
        )
        for one in plan
    ]
    return make_table("plan", columns, rows, words)


def _missing(progress: Progress, words: StudyWords) -> str:
    texts = [words.finding(finding).rstrip(".") for finding in progress.missing]
    more = len(texts) - _MOST_MISSING
    return "; ".join([*texts[:_MOST_MISSING], *([words.and_more.format(number=more)] if more > 0 else [])])
