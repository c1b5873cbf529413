"""Accounts of the plant server: who somebody is, and how that is proved.

Passwords, authenticator apps, passkeys and an identity provider are modules without a database; `accounts.py`
joins them to the tables.
"""
