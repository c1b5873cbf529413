"""The only place that talks to the identity provider: to the hosts that are configured, and to no other."""

import base64
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from api.accounts.address import is_loopback
from api.accounts.oidc.errors import ProviderAway
from api.accounts.oidc.settings import Provider

_LARGEST = 256 * 1024
_SECONDS, _CONNECT_SECONDS = 10.0, 5.0
_JSON = {"Accept": "application/json"}


class Requests:
    """Asks one identity provider. No redirect is followed, no proxy of the environment is taken."""

    def __init__(self, provider: Provider, steady_s: Callable[[], float] = time.monotonic) -> None:
        self._provider, self._steady_s = provider, steady_s
        self._client = httpx.Client(
            verify=provider.trust(),
            timeout=httpx.Timeout(_SECONDS, connect=_CONNECT_SECONDS),
            follow_redirects=False,
            trust_env=False,
        )

    def check(self, address: object) -> str:
        """Return an address that the provider named, if requests may go there. Raises `ProviderAway`."""
        if not isinstance(address, str):
            raise ProviderAway("description of the identity provider lacks an address")
        try:
            parts = urlsplit(address)
        except ValueError:
            parts = urlsplit("")
        trusted = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
        if not trusted or parts.netloc not in self._provider.hosts:
            raise ProviderAway("identity provider points to a host that is not configured")
        return address

    def get(self, address: str) -> dict[str, Any]:
        """Return the JSON object at an address. Raises `ProviderAway`."""
        return self._ask(self._client.build_request("GET", self.check(address), headers=_JSON))

    def post(self, address: str, form: Mapping[str, str], *, basic: bool) -> dict[str, Any]:
        """Send a form as this client; return the JSON object of the answer. Raises `ProviderAway`."""
        client_id, secret = self._provider.file.client_id, self._provider.secret
        headers, content = dict(_JSON), dict(form)
        if secret is None:
            content["client_id"] = client_id
        elif basic:  # RFC 6749 section 2.3.1: both are form-encoded first
            pair = ":".join(quote(each, safe="") for each in (client_id, secret.get_secret_value()))
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode('ascii')}"
        else:
            content |= {"client_id": client_id, "client_secret": secret.get_secret_value()}
        return self._ask(
            self._client.build_request("POST", self.check(address), data=content, headers=headers)
        )

    def _ask(self, request: httpx.Request) -> dict[str, Any]:
        until = self._steady_s() + _SECONDS
        content = bytearray()
        try:
            answer = self._client.send(request, stream=True)
            try:
                for chunk in answer.iter_bytes():
                    content += chunk
                    if len(content) > _LARGEST or self._steady_s() > until:
                        raise ProviderAway("identity provider's answer is too long")
            finally:
                answer.close()
        except httpx.HTTPError:
            raise ProviderAway("identity provider does not answer") from None
        if answer.status_code != httpx.codes.OK:
            raise ProviderAway(f"identity provider answers with status {answer.status_code}")
        try:
            value = httpx.Response(200, content=bytes(content)).json()
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise ProviderAway("identity provider's answer is no JSON object")
        return value
