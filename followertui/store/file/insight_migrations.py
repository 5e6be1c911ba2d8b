"""The way to days of account analytics, and to draws that can be undone.

A migration is never edited after a release: it names the tables as they were. Only
``store.file.migrations`` imports it.
"""

from __future__ import annotations

from sqlite_utils import Database

from followertui.store.file.new_file import version_of

_ANALYTICS = """
CREATE TABLE account_day (
    day INTEGER NOT NULL,
    import_id INTEGER NOT NULL REFERENCES import_run(id),
    new_follows INTEGER,
    unfollows INTEGER,
    profile_visits INTEGER,
    impressions INTEGER,
    posts INTEGER,
    PRIMARY KEY (day, import_id)
) STRICT, WITHOUT ROWID;
ALTER TABLE draw ADD COLUMN undone_at INTEGER;
"""


def m014_analytics(db: Database) -> None:
    """Days of X's account analytics. Draws of before count, as none could be undone."""
    if version_of(db.conn) >= 14:
        return
    db.executescript(_ANALYTICS)
    db.execute("PRAGMA user_version = 14")
