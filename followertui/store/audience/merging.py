"""Merging two rows of one account: the older survives, and it can be undone.

Owns which of two profiles, words and plans stand when rows are united. Only
``store.accounts`` and ``store.imports`` import it.
"""

from __future__ import annotations

import json
import sqlite3
from operator import itemgetter
from typing import Any

from followertui.domain.account import ABOUT_FIELDS, COUNT_FIELDS, FLAG_FIELDS, IDENTITY_FIELDS
from followertui.domain.decision import ActionKind
from followertui.domain.guards import guards_from, signs_of
from followertui.domain.kind import GUARDED_KINDS
from followertui.store.audience.row_facts import row_facts
from followertui.store.file.connection import Store

GROUPS = (IDENTITY_FIELDS, ABOUT_FIELDS, COUNT_FIELDS, FLAG_FIELDS)
"""Fields taken from one source together, in the order of ``ORIGINS``."""

ORIGINS = ("identity_from", "about_from", "counts_from", "flags_from")
"""Columns with the import that last set each group."""

BY_ROW = (
    *("decision", "kind_word", "note", "release", "score", "tagged", "plan_item", "match", "interaction"),
    *("interaction_again", "handle_history", "call", "own_relation", "look", "blind_look", "x_seen", "own_mark"),
    "difference",
    *("due", "sent", "no_contact"),
)
"""Tables that say something of one account."""

_NARROWEST = ("tagged", "x_seen")
"""Those with two columns."""

_GUARDED = frozenset(kind.value for kind in GUARDED_KINDS)
_OPEN = ("planned", "held", "attempting", "later")

Line = dict[str, Any]
Belongings = dict[str, list[Line]]


def unite(store: Store, con: sqlite3.Connection, import_id: int, survivor: int, gone: int) -> None:
    """Make one account of two rows, inside the caller's transaction.

    Decisions unite: keep over any other, a kind that guards over one that does not, else the
    newer; a match confirmed on one and
    rejected on the other is asked again; tags, notes and interactions add up.

    Args:
        store: its change counters are bumped.
        con: the connection of the open transaction.
        import_id: the import that showed it; its undo parts the rows again.
        survivor: row number of the older one.
        gone: row number of the other.
    """
    accounts = {row: _account(con, row) for row in (survivor, gone)}
    before = _belongings(con, survivor, gone)
    held = _held(store, survivor, gone)
    united = _united_profile(con, accounts[survivor], accounts[gone])
    _write_account(con, {**accounts[gone], "x_id": None, "handle": None, "merged_into": survivor})
    _write_account(con, united)
    _replace(con, survivor, gone, _united(before, survivor, held))
    for table in ("compare_pending", "judge_pending"):
        con.execute(f"DELETE FROM {table} WHERE row = ?", [gone])
        con.execute(f"INSERT OR IGNORE INTO {table} VALUES (?)", [survivor])
    merge = {
        "survivor": survivor,
        "accounts": [accounts[survivor], accounts[gone]],
        "before": before,
        "after": _belongings(con, survivor, gone),
    }
    found = con.execute(
        "SELECT before FROM import_change WHERE import_id = ? AND row = ?", [import_id, gone]
    ).fetchone()
    change = json.loads(found[0]) if found else {}
    con.execute(
        "INSERT OR REPLACE INTO import_change VALUES (?, ?, ?)",
        [import_id, gone, json.dumps({**change, "merge": merge}, ensure_ascii=False)],
    )
    _bump(store, survivor, gone)


def part(store: Store, con: sqlite3.Connection, gone: int, merge: dict[str, Any]) -> bool:
    """Undo a merge, unless a person or a later source changed the account since.

    Args:
        store: its change counters are bumped.
        con: the connection of the open transaction.
        gone: the row that was merged away.
        merge: what ``unite`` kept in import_change under "merge".

    Returns:
        Whether the rows are two again.
    """
    survivor = int(merge["survivor"])
    present = _belongings(con, survivor, gone)
    # A merge of an earlier version kept fewer tables.
    if {table: present[table] for table in merge["after"]} != merge["after"]:
        return False
    former = {line["row"]: line for line in merge["accounts"]}
    _write_account(con, {**_account(con, survivor), "x_id": None})
    _write_account(con, former[gone])
    _write_account(con, former[survivor])
    _replace(con, survivor, gone, merge["before"])
    _bump(store, survivor, gone)
    return True


def _bump(store: Store, survivor: int, gone: int) -> None:
    for domain in ("profile", "decision", "match", "score"):
        store.bump(domain, [survivor, gone])


def _lines(con: sqlite3.Connection, sql: str, parameters: list[int]) -> list[Line]:
    cursor = con.execute(sql, parameters)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, line, strict=True)) for line in cursor]


def _account(con: sqlite3.Connection, row: int) -> Line:
    return _lines(con, "SELECT * FROM account WHERE row = ?", [row])[0]


def _write_account(con: sqlite3.Connection, line: Line) -> None:
    names = [name for name in line if name != "row"]
    con.execute(
        f"UPDATE account SET {', '.join(f'{name} = ?' for name in names)} WHERE row = ?",
        [*(line[name] for name in names), line["row"]],
    )


def _united_profile(con: sqlite3.Connection, one: Line, other: Line) -> Line:
    """The fields of two rows as one, group by group: the newer source first, the other where it is silent."""
    moments = {
        line[0]: (line[1], line[2], line[0]) for line in con.execute("SELECT id, as_of, source_rank FROM import_run")
    }
    united = {**one, "x_id": one["x_id"] if one["x_id"] is not None else other["x_id"], "hidden_by": None}
    for origin, names in zip(ORIGINS, GROUPS, strict=True):
        order = [one, other]
        if moments.get(other[origin], (0, 0, 0)) > moments.get(one[origin], (0, 0, 0)):
            order.reverse()
        if origin == "identity_from" and order[0]["x_id"] is None:
            order.reverse()
        for name in names:
            united[name] = order[0][name] if order[0][name] is not None else order[1][name]
        united[origin] = order[0][origin]
        if "site" in names:
            united["domain"] = order[0]["domain"] or order[1]["domain"]
    return united


def _belongings(con: sqlite3.Connection, survivor: int, gone: int) -> Belongings:
    """All lines of two rows in the narrow tables."""
    found = {
        table: _lines(
            con,
            f"SELECT * FROM {table} WHERE row IN (?, ?) ORDER BY 1, 2{'' if table in _NARROWEST else ', 3'}",
            [survivor, gone],
        )
        for table in BY_ROW
    }
    found["match_word"] = _lines(
        con,
        "SELECT * FROM match_word WHERE match_id IN (SELECT id FROM match WHERE row IN (?, ?)) ORDER BY match_id",
        [survivor, gone],
    )
    found["handed_out"] = _lines(
        con,
        "SELECT * FROM handed_out WHERE item_id IN (SELECT id FROM plan_item WHERE row IN (?, ?)) ORDER BY item_id",
        [survivor, gone],
    )
    return found


def _replace(con: sqlite3.Connection, survivor: int, gone: int, lines: Belongings) -> None:
    con.execute("DELETE FROM match_word WHERE match_id IN (SELECT id FROM match WHERE row IN (?, ?))", [survivor, gone])
    for table in BY_ROW:
        con.execute(f"DELETE FROM {table} WHERE row IN (?, ?)", [survivor, gone])
    for table, values in lines.items():
        for line in values:
            con.execute(
                f"INSERT OR IGNORE INTO {table}({', '.join(line)}) VALUES ({', '.join('?' * len(line))})",
                list(line.values()),
            )


def _held(store: Store, *rows: int) -> dict[int, frozenset[str]]:
    """Guards that hold each of two rows back from pruning, whenever they last talked with us or were followed."""
    found = row_facts(store, rows)
    return {
        row: frozenset(guard.value for guard in guards_from(ActionKind.UNFOLLOW, signs_of(facts, now=0)))
        for row, facts in found.items()
    }


def _united(before: Belongings, survivor: int, held: dict[int, frozenset[str]]) -> Belongings:
    after: Belongings = {}
    for table, lines in before.items():
        moved = [{**line, "row": survivor} if "row" in line else line for line in lines]
        own = [m for m, line in zip(moved, lines, strict=True) if line.get("row") == survivor]
        foreign = [m for m, line in zip(moved, lines, strict=True) if line.get("row") != survivor]
        after[table] = own + foreign
    after["decision"] = _strongest(after["decision"], lambda line: (line["decision"] == "keep", line["at"]))
    after["kind_word"] = _strongest(after["kind_word"], lambda line: (line["kind"] in _GUARDED, line["at"]))
    for table in ("look", "blind_look", "x_seen"):
        after[table] = _strongest(after[table], lambda line: line["at"])
    marks = sorted(after["own_mark"], key=itemgetter("at"))
    after["own_mark"] = list({(line["mark"], line["list"]): line for line in marks}.values())
    after["no_contact"] = after["no_contact"][:1]
    # A release from a guard of one row may not lift the same guard of the other.
    lifted = [
        {**line, "row": survivor}
        for line in before["release"]
        if not any(line["guard"] in guards for row, guards in held.items() if row != line["row"])
    ]
    after["release"] = list({line["guard"]: line for line in sorted(lifted, key=itemgetter("at"))}.values())
    after["own_relation"].sort(key=lambda line: -line["at"])
    after["score"] = after["score"][:1]
    if len(after["note"]) > 1:
        texts = dict.fromkeys(line["text"] for line in after["note"])
        after["note"] = [{**after["note"][0], "text": "\n".join(texts)}]
    after["plan_item"], items = _united_plan(after["plan_item"])
    after["handed_out"] = [
        {**line, "item_id": items.get(line["item_id"], line["item_id"])} for line in after["handed_out"]
    ]
    after["call"] = [{**line, "item_id": items.get(line["item_id"], line["item_id"])} for line in after["call"]]
    after["interaction"], again = _united_interactions(after["interaction"])
    after["interaction_again"] += again
    after["match"], after["match_word"] = _united_matches(after["match"], after["match_word"])
    return after


def _strongest(lines: list[Line], strength: Any) -> list[Line]:
    return [max(lines, key=strength)] if lines else []


def _united_plan(lines: list[Line]) -> tuple[list[Line], dict[int, int]]:
    """One open item per action and object, and which item stands for each that is left out."""
    kept: list[Line] = []
    taken: dict[tuple[str, str], int] = {}
    items: dict[int, int] = {}
    for line in lines:
        if line["state"] in _OPEN:
            first = taken.setdefault((line["action"], line["object"]), line["id"])
            if first != line["id"]:
                items[line["id"]] = first
                continue
        kept.append(line)
    return kept, items


def _united_interactions(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """Each interaction once, and what further imports brought of the same."""
    kept: dict[tuple[object, ...], Line] = {}
    again: list[Line] = []
    # Our own actions first: no undo of an import takes them.
    for line in sorted(lines, key=lambda line: line["import_id"] is not None):
        first = kept.setdefault((line["at"], line["kind"], line["reference"]), line)
        if line["import_id"] not in (None, first["import_id"]):
            again.append(line)
    return list(kept.values()), again


def _united_matches(matches: list[Line], words: list[Line]) -> tuple[list[Line], list[Line]]:
    """One match per entity and relation, with its decision; decisions that disagree are asked again."""
    said = {line["match_id"]: line for line in words}
    kept: dict[tuple[int, str], Line] = {}
    spoken: dict[tuple[int, str], list[Line]] = {}
    for line in matches:
        key = (line["entity_id"], line["relation"])
        kept.setdefault(key, line)
        if line["id"] in said:
            spoken.setdefault(key, []).append(said[line["id"]])
    agreed = [
        {**lines[0], "match_id": kept[key]["id"]}
        for key, lines in spoken.items()
        if len({line["state"] for line in lines}) == 1
    ]
    return list(kept.values()), agreed
