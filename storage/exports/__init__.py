"""Results as files for other programs: Excel workbooks, CSV in two forms, JSON with its schema."""
