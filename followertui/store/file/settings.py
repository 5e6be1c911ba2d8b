"""Settings, saved views, tags and where a person left off.

Owns the tables setting, saved_view and tag. Values of settings are JSON. Only ``services``
imports it.
"""

from __future__ import annotations

import json
from typing import Any

from followertui.domain.errors import BadInput
from followertui.store.file.connection import Store


def setting(store: Store, name: str, default: Any = None) -> Any:
    """A setting's value, or the default."""
    found = store.con.execute("SELECT value FROM setting WHERE name = ?", [name]).fetchone()
    return default if found is None else json.loads(found[0])


def set_setting(store: Store, name: str, value: Any) -> None:
    """Write a setting; None removes it."""
    with store.write() as con:
        if value is None:
            con.execute("DELETE FROM setting WHERE name = ?", [name])
        else:
            con.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", [name, json.dumps(value, ensure_ascii=False)])


def our_names(store: Store) -> frozenset[str]:
    """Names and handles of our own company, without @ and case-folded."""
    about: dict[str, list[str]] = setting(store, "about", {})
    return frozenset(folded_name(word) for word in [*about.get("names", []), *about.get("handles", [])])


def folded_name(name: str) -> str:
    """The form in which names of companies and handles are compared for being ours."""
    return name.lstrip("@").casefold()


def views(store: Store) -> list[tuple[str, str]]:
    """Saved views: (name, query text), by name."""
    return store.con.execute("SELECT name, query FROM saved_view ORDER BY name").fetchall()


def save_view(store: Store, name: str, query: str) -> None:
    """Save a query under a name, over an older one of that name."""
    if not name.strip():
        raise BadInput("a view needs a name")
    with store.write() as con:
        con.execute("INSERT OR REPLACE INTO saved_view VALUES (?, ?)", [name.strip(), query])


def drop_view(store: Store, name: str) -> None:
    """Forget a saved view.

    Raises:
        BadInput: there is none of that name.
    """
    with store.write() as con:
        if not con.execute("DELETE FROM saved_view WHERE name = ?", [name]).rowcount:
            raise BadInput(f'no view is named "{name}"; `followertui views` lists them')


def tags(store: Store) -> list[tuple[str, int, str | None]]:
    """Tags: (name, accounts that carry it, digit bound to it), by name."""
    return store.con.execute(
        "SELECT name, (SELECT count(*) FROM tagged WHERE tag_id = id), key FROM tag ORDER BY name"
    ).fetchall()


def tag_id(store: Store, name: str, is_made: bool) -> int | None:
    """Number of a tag; made on demand.

    Args:
        store: the open store.
        name: as typed.
        is_made: whether to make it where it does not exist.

    Returns:
        Its number, or None where it does not exist and is not made.

    Raises:
        BadInput: the name is empty.
    """
    clean = " ".join(name.split())
    if not clean:
        raise BadInput("a tag needs a name")
    found = store.con.execute("SELECT id FROM tag WHERE name = ?", [clean]).fetchone()
    if found is not None or not is_made:
        return None if found is None else int(found[0])
    with store.write() as con:
        return int(con.execute("INSERT INTO tag(name) VALUES (?)", [clean]).lastrowid or 0)


def bind_tag(store: Store, key: str, name: str) -> None:
    """Bind a digit to a tag, taking it from the tag that had it."""
    number = tag_id(store, name, is_made=True)
    with store.write() as con:
        con.execute("UPDATE tag SET key = NULL WHERE key = ?", [key])
        con.execute("UPDATE tag SET key = ? WHERE id = ?", [key, number])
