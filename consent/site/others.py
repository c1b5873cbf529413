"""Entries that change nothing at the site: the log's own word about releases, royalties and who looked."""

from consent.agreement.schema import Strict
from consent.entries.bodies import ReleasePublished
from consent.site.agreements import line_of
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
    least = line_of(state, body.agreement).agreement.minimum_group
    if body.smallest_group < least:
        raise BadInput("group is too small to be released", expected=f"{least} or more")
    return state
