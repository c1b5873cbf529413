"""Entries that change nothing at the site: the log's own word about releases, royalties and who looked."""

from consent.agreement.schema import Strict
from consent.entries.bodies import ReleasePublished
from consent.site.agreements import LIVE, line_of
from consent.site.state import SiteState
from consent.site.step import Step
from productivity.errors import BadInput


def own_word(state: SiteState, step: Step, body: Strict) -> SiteState:
    """Accept whatever it says, if nobody but the log says it."""
    del body
    step.require_own_word()
    return state


def released(state: SiteState, step: Step, body: ReleasePublished) -> SiteState:
    """Let a table leave if each of its figures rests on enough people."""
    step.require_own_word()
    line = line_of(state, body.agreement)
    if line.activated_ms is None:
        raise BadInput("agreement was never in force", expected="one that permits what is released")
    if body.suppressed > body.cells:
        raise BadInput("more suppressed cells than cells", expected=f"at most {body.cells}")
    # A newer version that asks for larger groups counts at once, also for what is older.
    same = [
        other.agreement.minimum_group
        for other in state.agreements.values()
        if other.state in LIVE and other.agreement.id == line.agreement.id
    ]
    least = max([line.agreement.minimum_group, *same])
    if body.suppressed < body.cells and body.smallest_group < least:
        raise BadInput("group is too small to be released", expected=f"{least} or more")
    return state
