"""A worker's own consent to motion: the secret, the record, the receipt, and how consent ends."""
