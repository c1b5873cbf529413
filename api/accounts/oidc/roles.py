"""What follows from the claims of an ID token."""

from collections.abc import Mapping, Sequence
from typing import Any

from api.accounts.oidc.settings import ProviderFile
from api.policy import Role


def roles_of(file: ProviderFile, claims: Mapping[str, Any]) -> frozenset[Role]:
    """Return the roles that the provider names. An account has one: roles are no ranks."""
    return frozenset(file.roles[name] for name in _names(claims, file.role_claim) if name in file.roles)


def has_second_factor(file: ProviderFile, claims: Mapping[str, Any]) -> bool:
    """Tell whether the provider says that it asked for two factors (RFC 8176)."""
    said = {*_texts(claims.get("amr")), *_texts(claims.get("acr"))}
    return not said.isdisjoint(file.second_factor)


def _names(claims: Mapping[str, Any], path: Sequence[str]) -> list[str]:
    found: object = claims
    for part in path:
        found = found.get(part) if isinstance(found, Mapping) else None
    return _texts(found) if path else []


def _texts(found: object) -> list[str]:
    if isinstance(found, str):
        return [found]
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []
