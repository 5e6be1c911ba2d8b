"""The way to version 5: every table, foreign keys, releases, interactions, room for reasons.

A migration is never edited after a release: it names the tables as they were. Only
``store.file.migrations`` imports it.
"""

from __future__ import annotations

import json
import zlib
from operator import itemgetter
from typing import Any, NamedTuple

from sqlite_utils import Database

from followertui.store.file import new_file
from followertui.store.file.new_file import version_of


def m001_first(db: Database) -> None:
    """Every table, as ``schema.sql`` has it today, in an empty file; the migrations that follow find nothing to do."""
    if version_of(db.conn) >= 1:
        return
    new_file.make_tables(db.conn)


# --- 2: foreign keys, the field's words, imports known by their number -------------------------

_RENAMED_2 = {
    "entity": {"sort": "type"},
    "alias": {"sort": "type"},
    "list": {"basis": "consent_basis"},
    "match": {"basis": "evidence_hash"},
    "match_word": {"basis": "evidence_hash", "basis_text": "profile_text"},
}
_ACCOUNT, _RUN, _SNAPSHOT = ("account", "row"), ("import_run", "id"), ("snapshot", "id")
_ENTITY, _MATCH = ("entity", "id"), ("match", "id")
_TRANSFORMED_2 = {
    "refused_row": {"import_id": _RUN},
    "snapshot": {"import_id": _RUN},
    "entity": {},
    "entry": {"list_id": ("list", "id"), "entity_id": _ENTITY, "import_id": _RUN},
    "match": {"row": _ACCOUNT, "entity_id": _ENTITY, "entry_id": ("entry", "id")},
    "match_word": {"match_id": _MATCH},
    **{
        table: {"row": _ACCOUNT}
        for table in ("compare_pending", "judge_pending", "score", "kind_word", "decision", "note", "release")
    },
    "plan_item": {"row": _ACCOUNT},
    "call": {"item_id": ("plan_item", "id"), "row": _ACCOUNT},
    "journal": {"inverse_of": ("journal", "id"), "undone_by": ("journal", "id")},
}
"""Tables ``Table.transform`` can rebuild: column -> what it refers to."""

_NUMBERS_2: dict[str, dict[str, int]] = {
    "snapshot": {"read": 0, "newest_first": 0, "is_main": 1},
    "match": {"is_stale": 0},
}
"""Defaults that are numbers: ``Table.transform`` would write them as text."""

_REBUILT_2 = {
    "account": dict.fromkeys(
        ("identity_from", "about_from", "counts_from", "flags_from", "first_import", "hidden_by"), _RUN
    ),
    "import_change": {"import_id": _RUN, "row": _ACCOUNT},
    "snapshot_part": {"snapshot_id": _SNAPSHOT},
    "relation": {"row": _ACCOUNT},
    "own_relation": {"row": _ACCOUNT},
    "list": {"import_id": _RUN},
    "entity_key": {"entity_id": _ENTITY},
    "alias": {"entity_id": _ENTITY, "match_id": _MATCH},
    "tagged": {"tag_id": ("tag", "id"), "row": _ACCOUNT},
}  # fmt: skip
"""Tables with a collation or without a rowid: ``Table.transform`` keeps neither."""

_NEW_2 = """
CREATE TABLE new_handle_history (
    row INTEGER NOT NULL REFERENCES account(row),
    until INTEGER NOT NULL,
    handle TEXT NOT NULL COLLATE NOCASE,
    import_id INTEGER NOT NULL REFERENCES import_run(id),
    PRIMARY KEY (row, until, handle)
) STRICT, WITHOUT ROWID;
INSERT INTO new_handle_history SELECT row, until, handle, import_id FROM handle_history;
DROP TABLE handle_history;
ALTER TABLE new_handle_history RENAME TO handle_history;
CREATE INDEX handle_history_handle ON handle_history(handle);

CREATE TABLE new_interaction (
    row INTEGER NOT NULL REFERENCES account(row),
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    reference TEXT NOT NULL,
    source TEXT NOT NULL,
    import_id INTEGER REFERENCES import_run(id),
    PRIMARY KEY (row, at, kind, reference)
) STRICT, WITHOUT ROWID;
INSERT INTO new_interaction SELECT row, at, kind, reference, source, NULL FROM interaction;
UPDATE new_interaction SET import_id = CAST(substr(source, instr(source, ', import ') + 9) AS INTEGER),
    source = substr(source, 1, instr(source, ', import ') - 1) WHERE instr(source, ', import ');
DROP TABLE interaction;
ALTER TABLE new_interaction RENAME TO interaction;

CREATE TABLE list_change (
    import_id INTEGER NOT NULL REFERENCES import_run(id),
    list_id INTEGER NOT NULL REFERENCES list(id),
    change TEXT NOT NULL,
    PRIMARY KEY (import_id, list_id)
) STRICT, WITHOUT ROWID;
INSERT INTO list_change SELECT import_id, -entry_id, replace(change, '"basis":', '"consent_basis":')
    FROM entry_change WHERE entry_id < 0;
CREATE TABLE new_entry_change (
    import_id INTEGER NOT NULL REFERENCES import_run(id),
    entry_id INTEGER NOT NULL REFERENCES entry(id),
    change TEXT NOT NULL,
    PRIMARY KEY (import_id, entry_id)
) STRICT, WITHOUT ROWID;
INSERT INTO new_entry_change SELECT import_id, entry_id, change FROM entry_change WHERE entry_id > 0;
DROP TABLE entry_change;
ALTER TABLE new_entry_change RENAME TO entry_change;

DROP TABLE lease;
CREATE TABLE lease (
    name TEXT PRIMARY KEY,
    pid INTEGER NOT NULL,
    host TEXT NOT NULL,
    started TEXT NOT NULL,
    heartbeat INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE new_change (
    domain TEXT PRIMARY KEY,
    counter INTEGER NOT NULL,
    stamp BLOB NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO new_change SELECT domain, counter, randomblob(8) FROM change;
DROP TABLE change;
ALTER TABLE new_change RENAME TO change;

DROP TABLE change_log;
CREATE TABLE change_log (
    domain TEXT NOT NULL,
    counter INTEGER NOT NULL,
    stamp BLOB NOT NULL,
    rows BLOB NOT NULL,
    PRIMARY KEY (domain, counter)
) STRICT, WITHOUT ROWID;

CREATE INDEX alias_match ON alias(match_id);
UPDATE meta SET name = 'scoring_version' WHERE name = 'judged_basis';
UPDATE call SET item_id = NULL WHERE item_id NOT IN (SELECT id FROM plan_item);
UPDATE OR IGNORE reason_code SET code = 'impersonates-name' WHERE code = 'bears-our-name';
UPDATE saved_view SET query = replace(query, 'bears-our-name', 'impersonates-name');
"""


def m002_foreign_keys(db: Database) -> None:
    """Foreign keys; ``interaction.import_id``; ``import_run.plan``; key columns first in every table of that shape."""
    if version_of(db.conn) >= 2:
        return
    view = db.execute("SELECT sql FROM sqlite_master WHERE name = 'relation_now'").fetchone()[0]
    db.execute("DROP VIEW relation_now")
    db.table("import_run").add_column("plan", str, not_null_default="{}")
    for table, names in _RENAMED_2.items():
        for old, new in names.items():
            db.execute(f'ALTER TABLE "{table}" RENAME COLUMN {old} TO {new}')
    for table, references in _REBUILT_2.items():
        _rebuild(db, table, references)
    for table, references in _TRANSFORMED_2.items():
        db.table(table).transform(
            foreign_keys=[(column, *target) for column, target in references.items()],
            not_null={"item_id": False} if table == "call" else None,
            defaults=_NUMBERS_2.get(table),
        )
    db.executescript(_NEW_2)
    db.execute(view)
    _rename_in_merges(db)
    db.execute("PRAGMA user_version = 2")


def _rebuild(db: Database, table: str, references: dict[str, tuple[str, str]]) -> None:
    """Make a table again with foreign keys, its rows, indexes and triggers as they were."""
    sql = db.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", [table]).fetchone()[0]
    rest = db.execute(
        "SELECT sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND tbl_name = ? AND sql IS NOT NULL", [table]
    ).fetchall()
    keys = "".join(f",\n    FOREIGN KEY ({column}) REFERENCES {t}({c})" for column, (t, c) in references.items())
    start, end = sql.index("("), sql.rindex(")")
    db.execute(f'CREATE TABLE "new_{table}" {sql[start:end].rstrip()}\n{keys}\n{sql[end:]}')
    db.execute(f'INSERT INTO "new_{table}" SELECT * FROM "{table}"')
    db.execute(f'DROP TABLE "{table}"')
    db.execute(f'ALTER TABLE "new_{table}" RENAME TO "{table}"')
    for (statement,) in rest:
        db.execute(statement)


class _Lines(NamedTuple):
    """How lines of a table kept in JSON read now: names that changed, and what they are sorted by."""

    renamed: dict[str, str]
    order: tuple[str, ...]


_KEPT_LINES_2 = {
    "match": _Lines(_RENAMED_2["match"], ("id",)),
    "match_word": _Lines(_RENAMED_2["match_word"], ("match_id",)),
    "handle_history": _Lines({}, ("row", "until", "handle")),
    "interaction": _Lines({}, ("row", "at", "kind", "reference")),
}


def _rename_in_merges(db: Database) -> None:
    """Rewrite what a merge of two accounts kept for its undo: it is compared with the tables of today."""
    found = db.execute(
        "SELECT import_id, row, before FROM import_change WHERE json_type(before, '$.merge') IS NOT NULL"
    ).fetchall()
    for import_id, row, text in found:
        body = json.loads(text)
        for side in ("before", "after"):
            for table, kept in _KEPT_LINES_2.items():
                lines = [_renamed(table, line, kept.renamed) for line in body["merge"][side][table]]
                body["merge"][side][table] = sorted(lines, key=itemgetter(*kept.order))
        db.execute(
            "UPDATE import_change SET before = ? WHERE import_id = ? AND row = ?",
            [json.dumps(body, ensure_ascii=False), import_id, row],
        )


def _renamed(table: str, line: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    line = {names.get(name, name): value for name, value in line.items()}
    if table == "interaction":
        line["source"], _, number = line["source"].partition(", import ")
        line["import_id"] = int(number) if number else None
    return line


# --- 3: releases that name their guard, links handed out ----------------------------------------

_NEW_3 = """
DROP TABLE release;
CREATE TABLE release (
    row INTEGER NOT NULL REFERENCES account(row),
    guard TEXT NOT NULL,
    evidence_hash TEXT NOT NULL,
    reviewer TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (row, guard)
) STRICT, WITHOUT ROWID;
CREATE TABLE handed_out (
    item_id INTEGER PRIMARY KEY REFERENCES plan_item(id) ON DELETE CASCADE,
    via TEXT NOT NULL,
    reviewer TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
"""


def m003_releases(db: Database) -> None:
    """A release names its guard. Older ones named none and are dropped: ``meta.dropped_releases`` says how many."""
    if version_of(db.conn) >= 3:
        return
    dropped = db.execute("SELECT count(*) FROM release").fetchone()[0]
    db.executescript(_NEW_3)
    if dropped:
        db.execute("INSERT OR REPLACE INTO meta(name, value) VALUES ('dropped_releases', ?)", [str(dropped)])
    for number, payload in db.execute(
        "SELECT id, payload FROM journal WHERE command IN ('release', 'undo', 'redo')"
    ).fetchall():
        body = json.loads(zlib.decompress(payload))
        kept = [segment for segment in body if segment[0] != "release"] if isinstance(body, list) else body
        if kept != body:
            db.execute(
                "UPDATE journal SET payload = ? WHERE id = ?", [zlib.compress(json.dumps(kept).encode()), number]
            )
    db.execute(
        "UPDATE import_change SET before = json_set(before, '$.merge.before.release', json('[]'), "
        "'$.merge.after.release', json('[]')) WHERE json_type(before, '$.merge') IS NOT NULL"
    )
    db.execute("PRAGMA user_version = 3")


# --- 4: an interaction counts by the state of its import ----------------------------------------

_NEW_4 = """
CREATE VIEW interaction_now AS       -- what counts: all but what undone imports brought
    SELECT i.row, i.at, i.kind, i.reference, i.source, i.import_id FROM interaction i
    WHERE NOT EXISTS (SELECT 1 FROM import_run r WHERE r.id = i.import_id AND r.state = 'undone');
UPDATE OR IGNORE interaction SET kind = substr(kind, 8) WHERE kind LIKE 'undone:%';
DELETE FROM interaction WHERE kind LIKE 'undone:%';
"""


def m004_interactions(db: Database) -> None:
    """The kind of an interaction no longer says that its import was undone: ``interaction_now`` asks the import."""
    if version_of(db.conn) >= 4:
        return
    db.executescript(_NEW_4)
    for import_id, row, text in db.execute(
        "SELECT import_id, row, before FROM import_change WHERE json_type(before, '$.merge') IS NOT NULL"
    ).fetchall():
        body = json.loads(text)
        for side in ("before", "after"):
            lines = [
                {**line, "kind": line["kind"].removeprefix("undone:")} for line in body["merge"][side]["interaction"]
            ]
            by_key = {(line["row"], line["at"], line["kind"], line["reference"]): line for line in lines}
            body["merge"][side]["interaction"] = [by_key[key] for key in sorted(by_key)]
        db.execute(
            "UPDATE import_change SET before = ? WHERE import_id = ? AND row = ?",
            [json.dumps(body, ensure_ascii=False), import_id, row],
        )
    db.execute("PRAGMA user_version = 4")


# --- 5: room for more reasons, interactions that several imports brought -------------------------

_NEW_5 = """
ALTER TABLE score ADD COLUMN more_reasons INTEGER NOT NULL DEFAULT 0;
CREATE TABLE new_reason_code (
    bit INTEGER PRIMARY KEY CHECK (bit BETWEEN 0 AND 125),
    code TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO new_reason_code SELECT bit, code FROM reason_code;
DROP TABLE reason_code;
ALTER TABLE new_reason_code RENAME TO reason_code;

CREATE TABLE interaction_again (
    row INTEGER NOT NULL REFERENCES account(row),
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    reference TEXT NOT NULL,
    import_id INTEGER NOT NULL REFERENCES import_run(id),
    source TEXT NOT NULL,
    PRIMARY KEY (row, at, kind, reference, import_id)
) STRICT, WITHOUT ROWID;
DROP VIEW interaction_now;
CREATE VIEW interaction_now AS       -- what counts: all but what only undone imports brought
    SELECT i.row, i.at, i.kind, i.reference, i.source, i.import_id FROM interaction i
    WHERE NOT EXISTS (SELECT 1 FROM import_run r WHERE r.id = i.import_id AND r.state = 'undone')
    OR EXISTS (
        SELECT 1 FROM interaction_again a JOIN import_run r ON r.id = a.import_id
        WHERE a.row = i.row AND a.at = i.at AND a.kind = i.kind AND a.reference = i.reference
        AND r.state <> 'undone');
UPDATE import_change SET before = json_set(before,
    '$.merge.before.interaction_again', json('[]'), '$.merge.after.interaction_again', json('[]'))
    WHERE json_type(before, '$.merge') IS NOT NULL;
"""


def m005_more_reasons(db: Database) -> None:
    """A second word of reason bits; every import that brought an interaction is remembered, not the first alone."""
    if version_of(db.conn) >= 5:
        return
    db.executescript(_NEW_5)
    for import_id, row, text in db.execute(
        "SELECT import_id, row, before FROM import_change WHERE json_array_length(before, '$.merge.before.score') > 0"
    ).fetchall():
        body = json.loads(text)
        for side in ("before", "after"):
            body["merge"][side]["score"] = [{**line, "more_reasons": 0} for line in body["merge"][side]["score"]]
        db.execute(
            "UPDATE import_change SET before = ? WHERE import_id = ? AND row = ?",
            [json.dumps(body, ensure_ascii=False), import_id, row],
        )
    db.execute("PRAGMA user_version = 5")
