"""The way to the tables of what X answers when it is asked, and what its stream tells.

A migration is never edited after a release: it names the tables as they were. Only
``store.file.migrations`` imports it.
"""

from __future__ import annotations

from sqlite_utils import Database

from followertui.store.file.new_file import version_of

_NEW_15 = """
CREATE TABLE x_seen (
    row INTEGER PRIMARY KEY REFERENCES account(row),
    at INTEGER NOT NULL
) STRICT;
CREATE TABLE own_mark (
    row INTEGER NOT NULL REFERENCES account(row),
    mark TEXT NOT NULL CHECK (mark IN ('muted', 'blocked', 'listed')),
    list TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (row, mark, list)
) STRICT, WITHOUT ROWID;
CREATE TABLE live_event (
    uuid TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    type TEXT NOT NULL,
    x_id INTEGER,
    usd REAL NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX live_event_at ON live_event(at);
CREATE TABLE live_gap (
    since INTEGER PRIMARY KEY,
    until INTEGER NOT NULL
) STRICT;
"""


def m015_answers(db: Database) -> None:
    """Who was looked up, whom we muted, blocked and listed, live events. Nothing of it was kept before."""
    if version_of(db.conn) >= 15:
        return
    db.executescript(_NEW_15)
    db.execute("PRAGMA user_version = 15")
