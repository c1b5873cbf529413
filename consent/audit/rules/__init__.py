"""The rules that entries are judged by, a file for each family; no rule knows the plant's own code."""
