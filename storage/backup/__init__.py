"""Copies of a whole plant server, and servers made from them. The same file fits SQLite and PostgreSQL."""
