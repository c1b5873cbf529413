"""What stands in the log: one entry per act, in one spelling, without personal data."""
