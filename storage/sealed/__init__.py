"""Sealed data: closed shifts as Parquet, durations without clock time."""
