"""Care of the store: checks, backups, exports, removing people permanently."""
