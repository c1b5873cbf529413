"""People at work, drawn from scenario files, with the exact truth of what they do."""
