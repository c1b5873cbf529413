"""The menu: each page, what it needs, and what it is called (`api/words/common.py`)."""

from api.policy import Action

MENU: tuple[tuple[Action, str, str], ...] = (
    (Action.LIGHTS, "live", "/live"),
    (Action.TIMELINES, "timelines", "/timelines"),
    (Action.STUDY, "studies", "/studies"),
    (Action.SET_UP, "set_up", "/set-up"),
    (Action.RELEASED, "releases", "/releases"),
    (Action.USES, "motion", "/motion"),
    (Action.SELF_RECORD, "self_recording", "/terminal"),
    (Action.GRANT, "worker", "/worker"),
    (Action.LOG, "council", "/council"),
    (Action.AGREEMENT, "agreement", "/agreement"),
    (Action.ADMINISTER, "administration", "/administration"),
)
"""Action, word, address; in the order in which they stand in the menu."""
