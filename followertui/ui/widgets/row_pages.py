"""Rows of a table as they were read, a page at a time.

Owns which pages are kept and which rows are read again. How rows are read is handed in; ``widgets.table`` draws them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

PAGE_ROWS = 64
KEPT_PAGES = 64

RowT = TypeVar("RowT")


class RowPages(Generic[RowT]):
    """The rows of a view.

    Args:
        keys: row keys in order.
        fetch: reads rows of at most 64 keys, in the same order.
    """

    def __init__(self, keys: Sequence[int], fetch: Callable[[Sequence[int]], Sequence[RowT]]) -> None:
        self._keys = keys
        self._fetch = fetch
        self._pages: OrderedDict[int, list[RowT]] = OrderedDict()

    def forget(self) -> None:
        """Read everything again."""
        self._pages.clear()

    def row_at(self, index: int) -> RowT:
        """The row at a position of the view."""
        number = index // PAGE_ROWS
        page = self._pages.get(number)
        if page is None:
            page = self._pages[number] = list(self._fetch(self._keys_of(number)))
            if len(self._pages) > KEPT_PAGES:
                self._pages.popitem(last=False)
        else:
            self._pages.move_to_end(number)
        return page[index % PAGE_ROWS]

    def drawn(self, index: int) -> RowT | None:
        """The row at a position where it was read since the last change, else None."""
        page = self._pages.get(index // PAGE_ROWS)
        return None if page is None else page[index % PAGE_ROWS]

    def renew(self, keys: Sequence[int]) -> dict[int, int] | None:
        """Read some rows again, those that were read before.

        Args:
            keys: in any order.

        Returns:
            Key -> position in the view; None where they are many or some are gone: then everything is to be read.
        """
        if len(keys) > PAGE_ROWS:
            return None
        wanted = {int(key) for key in keys}
        places = {
            key: number * PAGE_ROWS + at
            for number in self._pages
            for at, key in enumerate(self._keys_of(number))
            if key in wanted
        }
        rows = self._fetch(list(places)) if places else ()
        if len(rows) != len(places):
            return None
        for index, row in zip(places.values(), rows, strict=True):
            self._pages[index // PAGE_ROWS][index % PAGE_ROWS] = row
        return places

    def _keys_of(self, number: int) -> list[int]:
        return [int(key) for key in self._keys[number * PAGE_ROWS : (number + 1) * PAGE_ROWS]]
