"""Results as charts and documents; no data access of its own."""
