"""The way from version 5 on: looks, likes, what reading from X costs, how likely a match is right.

A migration is never edited after a release: it names the tables as they were. Only
``store.file.migrations`` imports it.
"""

from __future__ import annotations

import json

from sqlite_utils import Database

from followertui.store.file.new_file import version_of

# --- 6: draws at random, and who was looked at ---------------------------------------------------

_NEW_6 = """
CREATE TABLE draw (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    reviewer TEXT NOT NULL,
    looks INTEGER NOT NULL,
    upto INTEGER NOT NULL
) STRICT;
CREATE TABLE look (
    row INTEGER PRIMARY KEY REFERENCES account(row),
    draw_id INTEGER REFERENCES draw(id),
    reviewer TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
UPDATE import_change SET before = json_set(before, '$.merge.before.look', json('[]'), '$.merge.after.look', json('[]'))
    WHERE json_type(before, '$.merge') IS NOT NULL;
"""


def m006_looks(db: Database) -> None:
    """Draws and looks. Who was looked at before is not known: nothing tells it from a bulk gesture."""
    if version_of(db.conn) >= 6:
        return
    db.executescript(_NEW_6)
    db.execute("PRAGMA user_version = 6")


# --- 7: likes ------------------------------------------------------------------------------------


def m007_likes(db: Database) -> None:
    """How many posts an account liked. What earlier imports read of it is not known: nothing kept it."""
    if version_of(db.conn) >= 7:
        return
    db.execute("ALTER TABLE account ADD COLUMN likes INTEGER")
    for import_id, row, text in db.execute(
        "SELECT import_id, row, before FROM import_change WHERE json_type(before, '$.merge') IS NOT NULL"
    ).fetchall():
        body = json.loads(text)
        body["merge"]["accounts"] = [{**line, "likes": None} for line in body["merge"]["accounts"]]
        db.execute(
            "UPDATE import_change SET before = ? WHERE import_id = ? AND row = ?",
            [json.dumps(body, ensure_ascii=False), import_id, row],
        )
    db.execute("PRAGMA user_version = 7")


# --- 9: what reading from X costs ----------------------------------------------------------------

_NEW_9 = """
CREATE TABLE x_request (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    endpoint TEXT NOT NULL,
    import_id INTEGER REFERENCES import_run(id),
    expected INTEGER NOT NULL,
    expected_usd REAL NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('asking', 'answered', 'refused', 'unknown')),
    units INTEGER NOT NULL DEFAULT 0,
    usd REAL NOT NULL DEFAULT 0,
    status INTEGER,
    finished_at INTEGER
) STRICT;
CREATE INDEX x_request_at ON x_request(at);
CREATE TABLE x_billed (
    x_id INTEGER PRIMARY KEY,
    day INTEGER NOT NULL
) STRICT;
"""


def m009_requests(db: Database) -> None:
    """The ledger of reads from X. What was read before was never charged: no version before could sync."""
    if version_of(db.conn) >= 9:
        return
    db.executescript(_NEW_9)
    db.execute("PRAGMA user_version = 9")


# --- 10: the probability of a match --------------------------------------------------------------


def m010_probability(db: Database) -> None:
    """How likely a match is right. Of those there are it is not known until they are compared again."""
    if version_of(db.conn) >= 10:
        return
    db.execute("ALTER TABLE match ADD COLUMN probability REAL")
    for import_id, row, text in db.execute(
        "SELECT import_id, row, before FROM import_change "
        "WHERE json_array_length(before, '$.merge.before.match') + json_array_length(before, '$.merge.after.match') > 0"
    ).fetchall():
        body = json.loads(text)
        for side in ("before", "after"):
            body["merge"][side]["match"] = [{**line, "probability": None} for line in body["merge"][side]["match"]]
        db.execute(
            "UPDATE import_change SET before = ? WHERE import_id = ? AND row = ?",
            [json.dumps(body, ensure_ascii=False), import_id, row],
        )
    db.execute("PRAGMA user_version = 10")


# --- 11: readings that are doubted ---------------------------------------------------------------


def m011_doubtful(db: Database) -> None:
    """Readings that count for nothing until a person says what they are. Those there are have counted, and go on."""
    if version_of(db.conn) >= 11:
        return
    db.execute("ALTER TABLE snapshot ADD COLUMN is_doubtful INTEGER NOT NULL DEFAULT 0")
    db.execute("PRAGMA user_version = 11")


# --- 12: blind looks, suggestions taken, views in order ------------------------------------------

_NEW_12 = """
CREATE TABLE blind_look (
    row INTEGER PRIMARY KEY REFERENCES account(row),
    hidden TEXT NOT NULL,
    reviewer TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
ALTER TABLE journal ADD COLUMN suggested INTEGER NOT NULL DEFAULT 0;
ALTER TABLE journal ADD COLUMN agreed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE saved_view ADD COLUMN position INTEGER NOT NULL DEFAULT 0;
ALTER TABLE saved_view ADD COLUMN is_hidden INTEGER NOT NULL DEFAULT 0;
ALTER TABLE saved_view ADD COLUMN tag_id INTEGER REFERENCES tag(id);
ALTER TABLE saved_view ADD COLUMN members BLOB;
UPDATE import_change
    SET before = json_set(before, '$.merge.before.blind_look', json('[]'), '$.merge.after.blind_look', json('[]'))
    WHERE json_type(before, '$.merge') IS NOT NULL;
"""


def m012_sessions(db: Database) -> None:
    """What was hidden while one looked, how often suggestions were taken, and views in an order of one's own."""
    if version_of(db.conn) >= 12:
        return
    db.executescript(_NEW_12)
    db.execute("PRAGMA user_version = 12")


# --- 16: what two people said differently ---------------------------------------------------------

_NEW_16 = """
CREATE TABLE difference (
    row INTEGER NOT NULL REFERENCES account(row),
    what TEXT NOT NULL,
    here TEXT NOT NULL,
    here_by TEXT NOT NULL,
    there TEXT NOT NULL,
    there_by TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (row, what)
) STRICT, WITHOUT ROWID;
UPDATE import_change
    SET before = json_set(before, '$.merge.before.difference', json('[]'), '$.merge.after.difference', json('[]'))
    WHERE json_type(before, '$.merge') IS NOT NULL;
"""


def m016_differences(db: Database) -> None:
    """Words of two people on one account, which a merge of two copies brings together. There are none yet."""
    if version_of(db.conn) >= 16:
        return
    db.executescript(_NEW_16)
    db.execute("PRAGMA user_version = 16")
