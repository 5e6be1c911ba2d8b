"""Saved views: queries under a name, in a person's order, shown as queues or hidden, with or without a tag rule.

Owns the table saved_view. Whom a rule tags is decided in ``services``, which alone import it.
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from followertui.domain.errors import BadInput
from followertui.late import late
from followertui.store.file.connection import Store, packed, unpacked

if TYPE_CHECKING:
    from followertui.store.file import tables
else:
    tables = late("followertui.store.file.tables")


class SavedView(NamedTuple):
    """One view.

    Attributes:
        name, query: as saved.
        is_hidden: it is no queue, but its name still opens it.
        tag: what everyone who enters it is tagged with, "" for nothing.
    """

    name: str
    query: str
    is_hidden: bool
    tag: str


def views(store: Store) -> list[tuple[str, str]]:
    """Saved views: (name, query text), in order."""
    return [(view.name, view.query) for view in every(store)]


def every(store: Store) -> list[SavedView]:
    """Saved views with all that is set of them, in order."""
    found = store.con.execute(
        "SELECT v.name, v.query, v.is_hidden, coalesce(t.name, '') FROM saved_view v "
        "LEFT JOIN tag t ON t.id = v.tag_id ORDER BY v.position, v.name"
    )
    return [SavedView(name, query, bool(is_hidden), tag) for name, query, is_hidden, tag in found]


def named(store: Store, name: str) -> SavedView:
    """One view.

    Raises:
        BadInput: there is none of that name.
    """
    for view in every(store):
        if view.name.casefold() == name.strip().casefold():
            return view
    raise BadInput(f'no view is named "{name}"; `followertui views` lists them')


def save_view(store: Store, name: str, query: str) -> None:
    """Save a query under a name, over an older one of that name, whose place and rule stay.

    Raises:
        BadInput: the name is empty.
    """
    clean = name.strip()
    if not clean:
        raise BadInput("a view needs a name")
    with tables.writing(store, "saved_view") as table:
        if table.count_where("name = ?", [clean]):
            store.con.execute("UPDATE saved_view SET name = ?, query = ? WHERE name = ?", [clean, query, clean])
        else:
            # In an order of one's own a new view comes last; without one they stand by name.
            [last] = store.con.execute("SELECT coalesce(max(position), 0) FROM saved_view").fetchone()
            table.insert({"name": clean, "query": query, "position": last + 1 if last else 0})


def rename_view(store: Store, name: str, new_name: str) -> None:
    """Give a view another name; place and rule stay.

    Raises:
        BadInput: there is none of that name, the new one is empty or another view's.
    """
    view, clean = named(store, name), new_name.strip()
    if not clean:
        raise BadInput("a view needs a name")
    if clean.casefold() != view.name.casefold() and any(
        other.name.casefold() == clean.casefold() for other in every(store)
    ):
        raise BadInput(f'a view named "{clean}" is there already')
    with store.write() as con:
        con.execute("UPDATE saved_view SET name = ? WHERE name = ?", [clean, view.name])


def move_view(store: Store, name: str, place: int) -> None:
    """Put a view at a place among the others.

    Args:
        store: the open store.
        name: of the view.
        place: from 1 on; beyond the ends it stops there.

    Raises:
        BadInput: there is none of that name.
    """
    view = named(store, name)
    order = [other.name for other in every(store) if other.name != view.name]
    order.insert(max(0, min(place - 1, len(order))), view.name)
    with store.write() as con:
        con.executemany("UPDATE saved_view SET position = ? WHERE name = ?", list(enumerate(order, start=1)))


def set_hidden(store: Store, name: str, is_hidden: bool) -> None:
    """Hide a view from the queues, or show it again.

    Raises:
        BadInput: there is none of that name.
    """
    view = named(store, name)
    with store.write() as con:
        con.execute("UPDATE saved_view SET is_hidden = ? WHERE name = ?", [is_hidden, view.name])


def set_rule(store: Store, name: str, tag_id: int | None, members: Sequence[int]) -> None:
    """Set what everyone who enters a view is tagged with, and who is in it already; None ends the rule."""
    blob = None if tag_id is None else zlib.compress(packed(members))
    with store.write() as con:
        con.execute("UPDATE saved_view SET tag_id = ?, members = ? WHERE name = ?", [tag_id, blob, name])


def has_rules(store: Store) -> bool:
    """Whether any view has a rule."""
    return store.con.execute("SELECT 1 FROM saved_view WHERE tag_id IS NOT NULL").fetchone() is not None


def rules(store: Store) -> list[tuple[str, str, int, array[int]]]:
    """Views with a rule: name, query, number of the tag, and rows that were in it when the rule last ran."""
    found = store.con.execute(
        "SELECT name, query, tag_id, members FROM saved_view WHERE tag_id IS NOT NULL ORDER BY position, name"
    ).fetchall()
    return [
        (name, query, tag_id, unpacked(zlib.decompress(members)) if members else array("I"))
        for name, query, tag_id, members in found
    ]


def drop_view(store: Store, name: str) -> None:
    """Forget a saved view.

    Raises:
        BadInput: there is none of that name.
    """
    with tables.writing(store, "saved_view") as table:
        if not table.count_where("name = ?", [name]):
            raise BadInput(f'no view is named "{name}"; `followertui views` lists them')
        table.delete(name)
