"""Tags and the digits bound to them.

Owns the table tag; which accounts carry one is a slot of the journal. Only ``services``
imports it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from followertui.domain.errors import BadInput
from followertui.late import late
from followertui.store.file.connection import Store

if TYPE_CHECKING:
    from followertui.store.file import tables
else:
    tables = late("followertui.store.file.tables")


def tags(store: Store) -> list[tuple[str, int, str | None]]:
    """Tags: (name, accounts that carry it, digit bound to it), by name."""
    return store.con.execute(
        "SELECT name, (SELECT count(*) FROM tagged WHERE tag_id = id), key FROM tag ORDER BY name"
    ).fetchall()


def tag_named(store: Store, name: str) -> int | None:
    """Number of a tag, None where there is none of that name.

    Raises:
        BadInput: the name is empty.
    """
    found = store.con.execute("SELECT id FROM tag WHERE name = ?", [_clean(name)]).fetchone()
    return None if found is None else int(found[0])


def name_of(store: Store, number: int) -> str:
    """Name of a tag by its number."""
    return str(store.con.execute("SELECT name FROM tag WHERE id = ?", [number]).fetchone()[0])


def make_tag(store: Store, name: str) -> int:
    """Number of a tag, made where there is none of that name.

    Raises:
        BadInput: the name is empty.
    """
    known = tag_named(store, name)
    if known is not None:
        return known
    with tables.writing(store, "tag") as table:
        return int(table.lookup({"name": _clean(name)}))


def bind_tag(store: Store, key: str, name: str) -> None:
    """Bind a digit to a tag, taking it from the tag that had it."""
    with tables.writing(store, "tag") as table:
        for bound in table.rows_where("key = ?", [key]):
            table.update(bound["id"], {"key": None})
        table.update(make_tag(store, name), {"key": key})


def _clean(name: str) -> str:
    clean = " ".join(name.split())
    if not clean:
        raise BadInput("a tag needs a name")
    return clean


def names_on(store: Store, row: int, beginning: str) -> list[str]:
    """Names of the tags of one account that begin so, in any case."""
    lines = store.con.execute(
        "SELECT t.name FROM tagged g JOIN tag t ON t.id = g.tag_id WHERE g.row = ? AND t.name LIKE ? || '%'",
        [row, beginning],
    )
    return [line[0] for line in lines]


def rows_by_tag(store: Store, beginning: str) -> list[tuple[str, int]]:
    """Name of a tag and row of an account that has it, for every tag that begins so, in any case."""
    return store.con.execute(
        "SELECT t.name, g.row FROM tag t JOIN tagged g ON g.tag_id = t.id WHERE t.name LIKE ? || '%'", [beginning]
    ).fetchall()
