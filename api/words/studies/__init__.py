"""Words of the study pages."""
