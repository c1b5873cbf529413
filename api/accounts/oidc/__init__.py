"""Signing in at the plant's own identity provider: OpenID Connect Core 1.0, authorization code flow, PKCE.

`settings.py` is what an administrator configures, `requests.py` the only place that talks to the provider,
`token.py` what is believed of an ID token, `roles.py` which role follows, `provider.py` the flow.
"""
