"""What a backup holds of the tables, and what it never does: nothing that anybody could sign in with.

A restored server looks like the past, and in the past a password was not changed yet, an account not closed,
a code not used up. So none of that may come back to life: whoever had an account is invited anew.
"""

from collections.abc import Mapping
from types import MappingProxyType

KEPT = frozenset(
    {
        "access_view",
        "account",
        "batch",
        "deletion",
        "device",
        "documented",
        "headcount",
        "interval",
        "motion_use",
        "output",
        "paid",
        "place",
        "placement",
        "release",
        "restoration",
        "revision",
        "royalty_answer",
        "royalty_dispute",
        "royalty_entry",
        "royalty_logged",
        "royalty_payout",
        "royalty_post",
        "royalty_price",
        "trained_model",
        "seal",
        "shift",
        "site",
        "spent_key",
        "station",
        "station_file",
        "stop_order",
    }
)

LEFT_OUT: Mapping[str, str] = MappingProxyType(
    {
        "alembic_version": "the version of the tables stands in the manifest",
        "attempt": "failed sign-ins count for minutes",
        "device_report": "what devices do now, which is past when it is restored",
        "enrolment_code": "a used code would be good again",
        "invitation": "a used code would be good again",
        "login": "who has signed out would be signed in again",
        "passkey": "a removed passkey would open the account again",
    }
)

BLANKED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        # The password too: with it alone, and no second factor left, somebody else could set one up.
        "account": ("password", "totp", "totp_step"),
    }
)
"""Columns whose values are left out of tables that are kept."""
