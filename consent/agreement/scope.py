"""What a new version of an agreement permits that the version before did not.

Nothing: it narrows, and one party is enough. Anything: it widens, and both must sign. One table says for
each key of the agreement when its new value permits no more; a key that is about something else than
permission (the parties, the terms of payment) counts as widening whenever it changes.
"""

from collections.abc import Callable
from itertools import chain

from consent.agreement.form import agreement_hash
from consent.agreement.schema import Access, Agreement, Campaign, Motion, Retention, Suspension, Target
from productivity.errors import BadInput


def widenings(old: Agreement, new: Agreement) -> list[str]:
    """Return the keys in which the new version permits more, in the order of the file; empty: it narrows.

    Requires that the new version follows the old one (same id, next number, its hash); else `BadInput`.
    """
    if new.id != old.id or new.version != old.version + 1 or new.supersedes != agreement_hash(old):
        raise BadInput(
            "not the next version of this agreement",
            expected=f"version {old.version + 1}, superseding its hash",
        )
    return [key for key, permits_no_more in RULES.items() if not permits_no_more(old, new)]


def _always(_old: Agreement, _new: Agreement) -> bool:
    return True  # what makes the new version the next one


def _same(key: str) -> Callable[[Agreement, Agreement], bool]:
    return lambda old, new: bool(getattr(old, key) == getattr(new, key))


def _fewer(key: str) -> Callable[[Agreement, Agreement], bool]:
    return lambda old, new: set(getattr(new, key)) <= set(getattr(old, key))


def _campaigns(old: Agreement, new: Agreement) -> bool:
    before = {campaign.name: campaign for campaign in old.campaigns}
    return all(
        campaign.name in before and _campaign(before[campaign.name], campaign) for campaign in new.campaigns
    )


def _campaign(old: Campaign, new: Campaign) -> bool:
    return (
        old.covers(new)
        and set(new.stations) <= set(old.stations)
        and new.minutes_per_day <= old.minutes_per_day
        and _target(old.enough, new.enough)
    )


def _target(old: Target | None, new: Target | None) -> bool:
    """Tell whether the new campaign ends no later: it keeps each criterion, none of them harder to reach."""
    if old is None:
        return True
    if new is None:
        return False
    return (old.cycles is None or (new.cycles is not None and new.cycles <= old.cycles)) and (
        old.accuracy_percent is None
        or (new.accuracy_percent is not None and new.accuracy_percent >= old.accuracy_percent)
    )


def _retention(old: Retention, new: Retention) -> bool:
    return new.intervals_days <= old.intervals_days and new.aggregates_days <= old.aggregates_days


def _motion(old: Motion, new: Motion) -> bool:
    if not new.permitted:
        return True
    shorter = old.retention_days is None or (
        new.retention_days is not None and new.retention_days <= old.retention_days
    )
    return (
        old.permitted
        and set(new.stations) <= set(old.stations)
        and set(new.purposes) <= set(old.purposes)
        and shorter
    )


def _access(old: tuple[Access, ...], new: tuple[Access, ...]) -> bool:
    return set(_views(new)) <= set(_views(old))


def _views(access: tuple[Access, ...]) -> chain[tuple[str, str]]:
    return chain.from_iterable(((one.role, view) for view in one.may_see) for one in access)


def _suspension(old: Suspension, new: Suspension) -> bool:
    return new.witness_away_minutes <= old.witness_away_minutes and set(old.triggers) <= set(new.triggers)


def _notice(old: Agreement, new: Agreement) -> bool:
    # Earlier notice helps the workers; a notice that is withdrawn or late does not.
    return old.notice_on is None or (new.notice_on is not None and new.notice_on <= old.notice_on)


RULES: dict[str, Callable[[Agreement, Agreement], bool]] = {
    "fairtakt": _same("fairtakt"),
    "id": _same("id"),
    "version": _always,
    "supersedes": _always,
    "site": _same("site"),
    "time_zone": _same("time_zone"),
    "parties": _same("parties"),
    "validity": lambda old, new: old.validity.covers(new.validity),
    "stations": _fewer("stations"),
    "states": _fewer("states"),
    "purposes": _fewer("purposes"),
    "prohibited": lambda old, new: set(old.prohibited) <= set(new.prohibited),
    "necessity": _same("necessity"),
    "notice_on": _notice,
    "shift_minutes": _same("shift_minutes"),
    "campaigns": _campaigns,
    "minimum_group": lambda old, new: new.minimum_group >= old.minimum_group,
    "time_resolution_s": lambda old, new: new.time_resolution_s >= old.time_resolution_s,
    "retention": lambda old, new: _retention(old.retention, new.retention),
    "motion": lambda old, new: _motion(old.motion, new.motion),
    "royalties": _same("royalties"),
    "access": lambda old, new: _access(old.access, new.access),
    "suspension": lambda old, new: _suspension(old.suspension, new.suspension),
}
"""For each key of the agreement, in its order: whether the new version permits no more than the old one."""
