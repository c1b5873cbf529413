"""Accounts, invitations, sign-ins and second factors in the tables.

Nothing that somebody could sign in with is stored: of codes and tokens their SHA-256, of passwords the
argon2id hash, of authenticator apps' secrets what the server's own secret sealed.
"""
