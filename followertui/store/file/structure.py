"""The structure of a store file: its tables, views and triggers, compared with what this program makes.

Owns what counts as the same structure, however the CREATE text is written. Used before a file
that comes from elsewhere is believed; only ``store.file.checked_copies`` imports it.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
from functools import cache

from followertui.store.file import new_file

_TEXT_INDEX = "account_text_"
"""What names of the tables begin with in which SQLite keeps the full-text index."""

_LISTS_OF_SQLITE = ("sqlite_stat1", "sqlite_stat4", "_sqlite_migrations")
"""Tables a store may have or not: SQLite's statistics, and the migrations sqlite-utils noted."""

Structure = dict[tuple[str, str], tuple[object, ...]]
"""(type, name) -> what of a table, view or trigger must be the same."""


def difference(con: sqlite3.Connection) -> str | None:
    """The first thing in which a file differs from a store this program makes; None where nothing does.

    Reads the schema only, so nothing the file holds is executed.
    """
    found, expected = _structure(con), _expected()
    for kind, name in sorted(expected.keys() - found.keys()):
        return f"{kind} {name} is missing"
    for kind, name in sorted(found.keys() - expected.keys()):
        return f"{kind} {name} is not ours"
    for (kind, name), parts in sorted(expected.items(), key=lambda item: item[0]):
        if found[kind, name] != parts:
            return f"{kind} {name} is another one"
    return None


def programs_of(con: sqlite3.Connection) -> dict[str, str]:
    """Views and triggers by name: what SQLite executes by itself."""
    return {
        str(name): _bare(sql)
        for name, sql in con.execute("SELECT name, sql FROM sqlite_master WHERE type IN ('view', 'trigger')")
    }


@cache
def our_programs() -> dict[str, str]:
    """The views and triggers of a new store."""
    with contextlib.closing(_new_store()) as con:
        return programs_of(con)


@cache
def _expected() -> Structure:
    with contextlib.closing(_new_store()) as con:
        return _structure(con)


def _new_store() -> sqlite3.Connection:
    con = sqlite3.connect(":memory:", isolation_level=None)
    con.execute("BEGIN")
    new_file.make_tables(con)
    con.execute("COMMIT")
    return con


def _structure(con: sqlite3.Connection) -> Structure:
    found: Structure = {}
    for kind, name, sql in con.execute("SELECT type, CAST(name AS TEXT), sql FROM sqlite_master").fetchall():
        if kind in ("view", "trigger"):
            found[kind, name] = (_bare(sql),)
        elif kind == "table" and name.startswith(_TEXT_INDEX):
            found[kind, name] = ()
        elif kind == "table" and name not in _LISTS_OF_SQLITE:
            found[kind, name] = (_bare(sql),) if name == "account_text" else _table(con, name, _bare(sql))
    return found


def _table(con: sqlite3.Connection, name: str, sql: str) -> tuple[object, ...]:
    quoted = '"' + name.replace('"', '""') + '"'
    columns = sorted(line[1:] for line in con.execute(f"PRAGMA table_xinfo({quoted})"))
    keys = sorted(line[2:7] for line in con.execute(f"PRAGMA foreign_key_list({quoted})"))
    indexes = []
    for _, index, unique, origin, partial in con.execute(f"PRAGMA index_list({quoted})").fetchall():
        parts = [line[2:] for line in con.execute("SELECT * FROM pragma_index_xinfo(?)", [index])]
        text = con.execute("SELECT sql FROM sqlite_master WHERE type = 'index' AND name = ?", [index]).fetchone()
        condition = _bare(text[0]).partition(" where ")[2] if text and text[0] else ""
        indexes.append((unique, origin, partial, parts, condition))
    words = set(re.findall(r"\b(?:strict|without rowid|autoincrement)\b", sql))
    return repr(columns), repr(keys), repr(sorted(indexes, key=repr)), words, sorted(_checks(sql))


def _checks(sql: str) -> list[str]:
    """The CHECK conditions of a CREATE TABLE, without spaces."""
    found = []
    for start in re.finditer(r"\bcheck\s*\(", sql):
        depth, at = 1, start.end()
        while depth and at < len(sql):
            depth += {"(": 1, ")": -1}.get(sql[at], 0)
            at += 1
        found.append(re.sub(r"\s", "", sql[start.end() : at - 1]))
    return found


def _bare(sql: object) -> str:
    """A statement in lower case, without comments and with single spaces."""
    text = re.sub(r"--[^\n]*", "", str(sql or ""))
    return " ".join(text.replace('"', "").split()).lower()
