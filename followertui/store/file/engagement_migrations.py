"""The way to the tables of engagement: what is due, what was sent, the shelf, whom not to contact.

A migration is never edited after a release: it names the tables as they were. Only
``store.file.migrations`` imports it.
"""

from __future__ import annotations

from sqlite_utils import Database

from followertui.store.file.new_file import version_of

_NEW_17 = """
CREATE TABLE due (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    row INTEGER NOT NULL REFERENCES account(row),
    playbook TEXT NOT NULL,
    step TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL DEFAULT '',
    worth INTEGER NOT NULL,
    since INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'done', 'skipped', 'snoozed', 'lapsed')),
    until INTEGER,
    reviewer TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX due_state ON due(state);
CREATE INDEX due_row ON due(row);
CREATE TABLE sent (
    row INTEGER NOT NULL REFERENCES account(row),
    at INTEGER NOT NULL,
    action TEXT NOT NULL,
    text TEXT NOT NULL,
    text_key TEXT NOT NULL,
    shelf_id INTEGER REFERENCES shelf(id),
    post TEXT NOT NULL DEFAULT '',
    playbook TEXT NOT NULL DEFAULT '',
    reviewer TEXT NOT NULL,
    PRIMARY KEY (row, at, action)
) STRICT, WITHOUT ROWID;
CREATE INDEX sent_text ON sent(text_key) WHERE text_key <> '';
CREATE INDEX sent_shelf ON sent(shelf_id) WHERE shelf_id IS NOT NULL;
CREATE INDEX sent_post ON sent(post) WHERE post <> '';
CREATE TABLE shelf (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    url TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    topics TEXT NOT NULL,
    kinds TEXT NOT NULL,
    lang TEXT NOT NULL,
    from_at INTEGER,
    until_at INTEGER,
    source TEXT NOT NULL,
    added_at INTEGER NOT NULL,
    dropped_at INTEGER
) STRICT;
CREATE TABLE no_contact (
    row INTEGER PRIMARY KEY REFERENCES account(row),
    reviewer TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX entry_no_contact ON entry(entity_id) WHERE instr(data, '"do_not_contact"') > 0;
UPDATE import_change SET before = json_set(before,
    '$.merge.before.due', json('[]'), '$.merge.after.due', json('[]'),
    '$.merge.before.sent', json('[]'), '$.merge.after.sent', json('[]'),
    '$.merge.before.no_contact', json('[]'), '$.merge.after.no_contact', json('[]'))
    WHERE json_type(before, '$.merge') IS NOT NULL;
"""


def m017_engagement(db: Database) -> None:
    """Playbooks, what was sent, the shelf and whom not to contact. Earlier versions knew none of it."""
    if version_of(db.conn) >= 17:
        return
    db.executescript(_NEW_17)
    db.execute("PRAGMA user_version = 17")


_NEW_18 = """
CREATE TABLE shelf_result (
    shelf_id INTEGER NOT NULL REFERENCES shelf(id),
    kind TEXT NOT NULL,
    outcome TEXT NOT NULL,
    at INTEGER NOT NULL,
    import_id INTEGER NOT NULL REFERENCES import_run(id),
    count INTEGER NOT NULL,
    PRIMARY KEY (shelf_id, kind, outcome, at, import_id)
) STRICT, WITHOUT ROWID;
"""


def m018_link_results(db: Database) -> None:
    """What analytics tell of links of the shelf. Outcome files of before were joined to people only."""
    if version_of(db.conn) >= 18:
        return
    db.executescript(_NEW_18)
    db.execute("PRAGMA user_version = 18")
