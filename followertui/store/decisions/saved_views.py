"""Saved views: queries under a name.

Owns the table saved_view. Only ``services`` imports it.
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


def views(store: Store) -> list[tuple[str, str]]:
    """Saved views: (name, query text), by name."""
    return store.con.execute("SELECT name, query FROM saved_view ORDER BY name").fetchall()


def save_view(store: Store, name: str, query: str) -> None:
    """Save a query under a name, over an older one of that name.

    Raises:
        BadInput: the name is empty.
    """
    if not name.strip():
        raise BadInput("a view needs a name")
    with tables.writing(store, "saved_view") as table:
        table.insert({"name": name.strip(), "query": query}, replace=True)


def drop_view(store: Store, name: str) -> None:
    """Forget a saved view.

    Raises:
        BadInput: there is none of that name.
    """
    with tables.writing(store, "saved_view") as table:
        if not table.count_where("name = ?", [name]):
            raise BadInput(f'no view is named "{name}"; `followertui views` lists them')
        table.delete(name)
