"""The tables of an empty file, from ``schema.sql``: what a store is made of when it begins.

Owns no way from an older version: that is ``store.file.migrations``, which needs sqlite-utils,
and a first import should not wait for it. Only ``store.file`` imports it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from importlib import resources

from followertui.store.file.schema import APPLICATION_ID, CHANGE_DOMAINS, SCHEMA_VERSION


def version_of(con: sqlite3.Connection) -> int:
    """Schema version of a file, 0 for an empty one."""
    return int(con.execute("PRAGMA user_version").fetchone()[0])


def make_tables(con: sqlite3.Connection) -> None:
    """Every table, view and trigger of ``SCHEMA_VERSION``, and the rows that every store has.

    No migration is noted in the file: each of them asks for the version first and finds nothing to do.

    Args:
        con: of an empty file, inside the caller's transaction.
    """
    script = resources.files("followertui.store.file").joinpath("schema.sql").read_text(encoding="utf-8")
    for statement in _statements(script):
        con.execute(statement)
    con.execute("INSERT INTO meta(name, value) VALUES ('text_upto', '0')")
    con.execute("INSERT INTO meta(name, value) VALUES ('store_id', lower(hex(randomblob(16))))")
    for domain in CHANGE_DOMAINS:
        con.execute("INSERT INTO change(domain, counter, stamp) VALUES (?, 0, randomblob(8))", [domain])
    con.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    con.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _statements(script: str) -> Iterator[str]:
    """The statements of a script whose statements end with a line."""
    lines: list[str] = []
    for line in script.splitlines():
        lines.append(line)
        if line.endswith(";") and sqlite3.complete_statement(text := "\n".join(lines)):
            yield text
            lines.clear()
