"""What our own actions, and X's answers to them, tell of an account before a reading does.

Owns the table own_relation while we write it. Only ``services`` imports it.
"""

from __future__ import annotations

from followertui.store.file.connection import Store


def note_own_action(store: Store, row: int, direction: str, is_on: bool | None, at: int) -> None:
    """Note that our own action began or ended a relation; None forgets it.

    The next reading that comes later decides again. What was read before the action is older than
    it, whatever the clock says: it may have been set back since, or a file may name a later day.
    """
    with store.write() as con:
        if is_on is None:
            con.execute("DELETE FROM own_relation WHERE row = ? AND direction = ?", [row, direction])
        else:
            con.execute(
                "INSERT OR REPLACE INTO own_relation SELECT :row, :direction, :is_on, max(:at, 1 + coalesce(("
                "SELECT max(s.as_of) FROM snapshot s JOIN import_run i ON i.id = s.import_id "
                "WHERE s.direction = :direction AND i.state = 'done'), 0))",
                {"row": row, "direction": direction, "is_on": int(is_on), "at": at},
            )
        store.bump("relation", [row])


def ended(store: Store, direction: str, as_of: int) -> set[int]:
    """Rows whose relation we ended ourselves after the newest complete reading: no later reading has to hold them.

    Args:
        store: the open store.
        direction: one of ``relations.DIRECTIONS``.
        as_of: the latest moment that reading may be of, epoch seconds UTC.
    """
    found = store.con.execute(
        "SELECT row FROM own_relation WHERE direction = :direction AND NOT is_on AND at > coalesce(("
        "SELECT max(s.as_of) FROM snapshot s JOIN import_run i ON i.id = s.import_id WHERE s.direction = :direction "
        "AND s.completeness = 'complete' AND i.state = 'done' AND s.as_of <= :as_of), 0)",
        {"direction": direction, "as_of": as_of},
    )
    return {row for (row,) in found}


def set_status(store: Store, row: int, status: int) -> None:
    """Note that an account exists (0), is gone (1) or suspended (2)."""
    with store.write() as con:
        con.execute("UPDATE account SET status = ? WHERE row = ?", [status, row])
        store.bump("profile", [row])
