"""The SQLite file: schema, one module per table, derived arrays, Query -> row numbers."""
