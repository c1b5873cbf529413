"""The acquisition procedure: what is recorded where, and what is still missing."""
