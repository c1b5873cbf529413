"""Statements of royalties as a page, a PDF and JSON, in English and German. No data access of its own."""
