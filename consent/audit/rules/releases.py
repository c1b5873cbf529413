"""Check 14: no figure is released that rests on fewer people than agreed."""

from consent.agreement.language import Text
from consent.audit.case import Case
from consent.audit.catalogue import Check
from consent.audit.facts import Facts, Line
from consent.audit.findings import plain
from consent.entries.bodies import ReleasePublished


def published(case: Case, body: ReleasePublished) -> None:
    """Judge that a table or report leaves the circle of those who may see timelines."""
    case.book.looked(Check.RELEASES)
    line = case.facts.agreements.get(body.agreement)
    if line is None or line.activated_ms is None:
        what = Text("Veröffentlichung ohne Vereinbarung", "release without an agreement")
        case.find(Check.RELEASES, what)
        return
    if body.suppressed > body.cells:
        what = Text("mehr unterdrückte Zellen als Zellen", "more suppressed cells than cells")
        case.find(
            Check.RELEASES,
            what,
            Text(f"höchstens {body.cells}", f"at most {body.cells}"),
            plain(body.suppressed),
        )
        return
    least = _least(case.facts, line)
    if body.suppressed < body.cells and body.smallest_group < least:
        what = Text("Zahlen über eine zu kleine Gruppe", "figures about a group that is too small")
        case.find(
            Check.RELEASES, what, Text(f"mindestens {least}", f"at least {least}"), plain(body.smallest_group)
        )
    case.facts.releases.append((case.at_ms, body.smallest_group, body.cells, body.suppressed))


def _least(facts: Facts, line: Line) -> int:
    """Return the smallest group; a newer version that asks for larger ones counts at once."""
    live = (one.agreement for one in facts.live_lines())
    same = (one.minimum_group for one in live if one.id == line.agreement.id)
    return max(line.agreement.minimum_group, *same, 0)
