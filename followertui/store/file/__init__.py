"""The SQLite file itself: connection, schema and migrations, copies, settings."""
