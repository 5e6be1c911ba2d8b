"""What marks a file as one of our stores, and of which version it is.

Owns the numbers in the file's header and the names of the change counters. The tables stand
in ``schema.sql``; ``store.file.migrations`` runs it. Imports nothing, as the first paint
reads it.
"""

from __future__ import annotations

APPLICATION_ID = 0x66547569
"""Written into the file's header (``PRAGMA application_id``): this file is a followertui store."""

SCHEMA_VERSION = 18
"""``PRAGMA user_version``: the newest migration this program knows."""

CHANGE_DOMAINS = ("profile", "relation", "decision", "match", "score")
"""Each has a counter that every writing transaction bumps, so that derived arrays catch up."""
