"""The plant server's tables: SQLite in one file, or PostgreSQL."""
