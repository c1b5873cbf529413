"""The auditor: an independent judge of a consent log, on the council's own machine, offline."""
