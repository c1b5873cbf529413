"""What an agreement is judged by: one file per subject, and one table of all rules."""
