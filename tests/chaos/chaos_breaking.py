"""The program broken on purpose, so that what watches over it can be seen to see."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from followertui.services import guarding
from followertui.services.plan import applying
from followertui.store.file.connection import Store
from followertui.store.index import guards


def _no_guards() -> None:
    """Nobody is guarded, neither by derived arrays nor at the last look."""
    guards.guard_codes = lambda columns, *rest, **more: np.zeros(columns.size(), np.uint8)
    guarding.guards_on = lambda session, rows, action: dict.fromkeys(rows)


def _no_last_look() -> None:
    """Derived arrays alone say who is guarded: a word given while X is called is not heard."""
    guarding.guards_on = lambda session, rows, action: dict.fromkeys(rows)


def _no_looking_up() -> None:
    """What came of a call whose answer was lost is not looked up."""

    def look(session: Any, caller: Any, item: Any, run: Any) -> None:
        run.doubts.pop(item.id, None)

    applying._look = look


def _half_written() -> None:
    """Every statement is a transaction of its own."""

    @contextlib.contextmanager
    def write(self: Store) -> Iterator[Any]:
        self._changed = {}
        yield self.con
        self._own_changes += self._log_changes(self.con)

    Store.write = write  # type: ignore[method-assign]


def _written_late() -> None:
    """A call is written down once X has answered, not before."""
    begin, asked = applying._begin, applying.Caller.perform

    def perform(self: Any, *arguments: Any) -> Any:
        outcome = asked(self, *arguments)
        self.late()
        return outcome

    def beginning(session: Any, item: Any, *rest: Any) -> tuple[int, str]:
        found = begin(session, item, *rest)
        con = session.store.con
        con.execute("DELETE FROM call WHERE id = ?", [found[0]])
        applying.Caller.late = lambda self: con.execute(
            "INSERT INTO call(id, item_id, row, action, object, executor, state, price_usd, at, reviewer) "
            "VALUES (?, ?, ?, 'unfollow', '', 'api', 'ATTEMPTING', 0, 0, 'ann')", [found[0], item.id, item.row]
        )  # fmt: skip
        return found

    applying._begin, applying.Caller.perform = beginning, perform


BREAKS: dict[str, tuple[Callable[[], None], str]] = {
    "guards": (_no_guards, "was unfollowed, guarded as"),
    "last-look": (_no_last_look, "was unfollowed, guarded as"),
    "looking-up": (_no_looking_up, "was unfollowed twice"),
    "transactions": (_half_written, "WRONG: "),
    "calls": (_written_late, "the store knows of 0"),
}
"""What is broken -> how, and what a life says of it."""
