"""Data sets and importers; implements what the rooms below ask for."""
