"""The agreement with a manual study as tables: the verdict bar by bar, the statistics, each station."""

from collections.abc import Iterator, Sequence

from productivity.agreement.assess import Statistics
from productivity.agreement.interval import Interval
from productivity.result_table import Kind, ResultTable, Value
from productivity.time import SECOND
from reports.study.results import Judged
from reports.study.tables import make_table
from reports.study.words import StudyWords

_IN_NS = " in ns"


def agreement_tables(judged: Judged, words: StudyWords) -> list[ResultTable]:
    """Return verdict, statistics over all stations, shares by state, and every station's own statistics."""
    return [
        _verdict(judged, words),
        _statistics(judged, words),
        _shares(judged.agreement.overall, words),
        _worst(judged, words),
    ]


def verdict_sentence(judged: Judged, words: StudyWords) -> str:
    """Return the verdict in one or two sentences."""
    fixed = judged.verdict.fixed_beforehand
    beforehand = {None: words.fixed_unknown, True: words.fixed_beforehand, False: words.fixed_late}[fixed]
    return f"{words.outcomes[judged.verdict.outcome]} {beforehand}"


def _verdict(judged: Judged, words: StudyWords) -> ResultTable:
    columns = (("measure", Kind.TEXT), ("value", Kind.NUMBER), ("bar", Kind.NUMBER), ("verdict", Kind.TEXT))
    rows = [
        (
            words.name(_in_seconds(one.statistic)),
            _scaled(one.found, one.statistic),
            round(_scaled(one.bar, one.statistic) or 0.0, 12),  # 1 - 0.95 is not quite 0.05
            words.name(one.outcome),
        )
        for one in judged.verdict.judgements
    ]
    return make_table("agreement", columns, rows, words)


def _statistics(judged: Judged, words: StudyWords) -> ResultTable:
    columns = (
        ("station", Kind.TEXT),
        ("measure", Kind.TEXT),
        ("value", Kind.NUMBER),
        ("low", Kind.NUMBER),
        ("high", Kind.NUMBER),
    )
    rows: list[Sequence[Value]] = []
    stations = judged.agreement.stations
    # One station's own statistics would be those over all stations once more.
    alone = stations if len(stations) > 1 else {}
    for name, found in {words.all_stations: judged.agreement.overall, **alone}.items():
        rows += [(name, words.name(measure), *numbers) for measure, *numbers in _measures(found)]
    return make_table("agreement_statistics", columns, rows, words)


def _measures(found: Statistics) -> Iterator[tuple[str, Value, Value, Value]]:
    yield "sessions", found.sessions, None, None
    yield "cycles in both", found.cycles, None, None
    yield "cycles in one of them only", found.unmatched_cycles, None, None
    if found.limits is not None:
        yield "bias of cycle time in s", *_seconds(found.limits.bias)
        yield "lower limit of agreement in s", *_seconds(found.limits.lower)
        yield "upper limit of agreement in s", *_seconds(found.limits.upper)
    if found.equivalence is not None:
        ratio = found.equivalence.ratio
        yield "ratio of mean cycle times", ratio.value, ratio.low, ratio.high
    for measure, one in (
        ("concordance", found.concordance),
        ("mean absolute percentage error", found.mape),
        ("kappa", found.kappa),
    ):
        yield measure, one.value, one.low, one.high
    yield "largest share error", found.share_error, None, None


def _shares(found: Statistics, words: StudyWords) -> ResultTable:
    columns = (
        ("state", Kind.TEXT),
        ("manual", Kind.SHARE),
        ("measured", Kind.SHARE),
        ("difference", Kind.SHARE),
        ("difference_low", Kind.SHARE),
        ("difference_high", Kind.SHARE),
    )
    rows = [
        (
            words.name(one.state),
            one.manual,
            one.measured,
            one.measured - one.manual,
            one.error.low,
            one.error.high,
        )
        for one in found.shares
    ]
    return make_table("agreement_shares", columns, rows, words)


def _worst(judged: Judged, words: StudyWords) -> ResultTable:
    columns = (("measure", Kind.TEXT), ("station", Kind.TEXT), ("value", Kind.NUMBER))
    rows = [(words.name(one.statistic), one.station, one.value) for one in judged.agreement.worst]
    return make_table("agreement_worst", columns, rows, words)


def _seconds(one: Interval) -> tuple[Value, Value, Value]:
    value, low, high = (
        None if number is None else number / SECOND for number in (one.value, one.low, one.high)
    )
    return value, low, high


def _in_seconds(statistic: str) -> str:
    return statistic.removesuffix(_IN_NS) + " in s" if statistic.endswith(_IN_NS) else statistic


def _scaled(number: float | None, statistic: str) -> float | None:
    return number / SECOND if number is not None and statistic.endswith(_IN_NS) else number
