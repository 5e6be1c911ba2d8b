"""Events X's activity stream told, each once, and the times in which nothing could be seen.

Owns the tables live_event and live_gap. Only ``services`` imports it.
"""

from __future__ import annotations

from followertui.domain.clock import DAY
from followertui.store.file.connection import Store


def add(store: Store, uuid: str, at: int, type: str, x_id: int | None, usd: float) -> bool:
    """Keep an event; returns whether it is a new one.

    Args:
        store: the open store.
        uuid: X's name of it.
        at: when it arrived, epoch seconds UTC.
        type: as X calls it.
        x_id: whom it is about.
        usd: dollars X charges.
    """
    with store.write() as con:
        return (
            con.execute("INSERT OR IGNORE INTO live_event VALUES (?, ?, ?, ?, ?)", [uuid, at, type, x_id, usd]).rowcount
            == 1
        )


def charge_again(store: Store, uuid: str, at: int, usd: float) -> bool:
    """Note that X charges for a known event a second time, which it does on another UTC day; whether it does.

    Args:
        store: the open store.
        uuid: X's name of it.
        at: when it was told again, epoch seconds UTC.
        usd: dollars X charges for one.
    """
    with store.write() as con:
        return (
            con.execute(
                "UPDATE live_event SET usd = usd + ? WHERE uuid = ? AND at / ? <> ? AND usd < ?",
                [usd, uuid, DAY, at // DAY, 1.5 * usd],
            ).rowcount
            == 1
        )


def add_gap(store: Store, since: int, until: int) -> None:
    """Keep that nothing could be seen for some time, epoch seconds UTC."""
    with store.write() as con:
        con.execute("INSERT OR REPLACE INTO live_gap VALUES (?, ?)", [since, until])


def gaps(store: Store, since: int = 0) -> list[tuple[int, int]]:
    """Times in which nothing could be seen, oldest first, as (since, until)."""
    found = store.con.execute("SELECT since, until FROM live_gap WHERE until >= ? ORDER BY since", [since])
    return [(begins, ends) for begins, ends in found]


def unfollowed_since(store: Store, moment: int) -> dict[int, int]:
    """Rows the stream told have left since a moment and that did not come back since -> when."""
    found = store.con.execute(
        "SELECT coalesce(a.merged_into, a.row), max(e.at) FROM live_event e JOIN account a ON a.x_id = e.x_id "
        "WHERE e.type = 'follow.unfollow' AND e.at >= ? AND NOT EXISTS (SELECT 1 FROM live_event f "
        "WHERE f.x_id = e.x_id AND f.type = 'follow.follow' AND f.at > e.at) GROUP BY 1",
        [moment],
    )
    return dict(found.fetchall())
