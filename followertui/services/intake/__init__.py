"""Importing files: recognise, read, store, complete, amend, undo."""
