"""The report of a study: tables, charts and documents of one analysis, in English or German."""
