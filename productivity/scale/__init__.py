"""Totals of millions of state intervals: one expression for every engine, integers from end to end."""
