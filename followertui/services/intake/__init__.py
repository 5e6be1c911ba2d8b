"""Bringing files and readings in: recognise, read, store, complete, amend, undo."""
