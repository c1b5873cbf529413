"""The gate: what the log permits a recorder to look at, from moment to moment."""
