"""What the plan learned to remember: batches, what an item was planned on, how the plan was last seen.

A migration is never edited after a release: it names the tables as they were. Only
``store.file.migrations`` imports it.
"""

from __future__ import annotations

import json

from sqlite_utils import Database

from followertui.store.file.new_file import version_of

_NEW_13 = """
CREATE TABLE batch (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    executor TEXT NOT NULL,
    reviewer TEXT NOT NULL
) STRICT;
CREATE TABLE plan_look (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    reviewer TEXT NOT NULL,
    state TEXT NOT NULL,
    items BLOB NOT NULL
) STRICT;
ALTER TABLE plan_item ADD COLUMN basis TEXT;
ALTER TABLE plan_item ADD COLUMN reverses INTEGER REFERENCES batch(id);
ALTER TABLE call ADD COLUMN batch_id INTEGER REFERENCES batch(id);
CREATE INDEX call_batch ON call(batch_id);
INSERT INTO batch(at, executor, reviewer)
    SELECT min(at), executor, reviewer FROM call GROUP BY at / 86400, executor, reviewer ORDER BY 1;
UPDATE call SET batch_id = (
    SELECT b.id FROM batch b
    WHERE b.at / 86400 = call.at / 86400 AND b.executor = call.executor AND b.reviewer = call.reviewer);
"""
_ADDED = {"plan_item": {"basis": None, "reverses": None}, "call": {"batch_id": None}}
"""Table -> columns that lines kept for the undo of a merge have to name too."""


def m013_batches(db: Database) -> None:
    """Batches of calls, one a day for those there are. What items were planned on before is not known."""
    if version_of(db.conn) >= 13:
        return
    db.executescript(_NEW_13)
    for import_id, row, text in db.execute(
        "SELECT import_id, row, before FROM import_change WHERE json_type(before, '$.merge') IS NOT NULL"
    ).fetchall():
        body = json.loads(text)
        for side in ("before", "after"):
            kept = body["merge"][side]
            for table, columns in _ADDED.items():
                kept[table] = [{**line, **columns} for line in kept.get(table, [])]
        db.execute(
            "UPDATE import_change SET before = ? WHERE import_id = ? AND row = ?",
            [json.dumps(body, ensure_ascii=False), import_id, row],
        )
    db.execute("PRAGMA user_version = 13")
