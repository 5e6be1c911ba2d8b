"""Slots: the narrow tables a person's word lives in, each read and written for many keys at once.

Owns how a value of one key is read, set and deleted, and which keys no gesture may touch; the
journal owns what changed. ``services`` and ``store.decisions.journal`` import it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from followertui.store.decisions import plan_bases
from followertui.store.decisions.calls import carried_out
from followertui.store.decisions.plans import OPEN_ITEM

Value = tuple[object, ...] | None


@dataclass(frozen=True, slots=True)
class Slot:
    """A narrow table in which one key has at most one value.

    Attributes:
        name: stable name written into the journal; "tag:3" carries its fixed part.
        table, key: where it lives.
        columns: value columns, in order.
        domain: change domain to bump, "" for none.
        fixed: columns with a constant value, such as a tag's id.
        key_is_row: whether keys are row numbers.
    """

    name: str
    table: str
    columns: tuple[str, ...]
    domain: str
    key: str = "row"
    fixed: tuple[tuple[str, object], ...] = ()
    key_is_row: bool = True

    @property
    def telling(self) -> tuple[int, ...]:
        """Positions of the columns that make two values differ; who and when do not."""
        return tuple(i for i, name in enumerate(self.columns) if name not in ("reviewer", "at"))

    def read(self, con: sqlite3.Connection, keys: Sequence[int]) -> dict[int, Value]:
        """Present values of the keys that have one."""
        columns = ", ".join(self.columns) if self.columns else "1"
        where = "".join(f" AND {name} = ?" for name, _ in self.fixed)
        found = con.execute(
            f"SELECT {self.key}, {columns} FROM {self.table} "
            f"WHERE {self.key} IN (SELECT value FROM json_each(?)){where}{self.open_only}",
            [as_json(keys), *(value for _, value in self.fixed)],
        )
        return {line[0]: tuple(line[1:]) if self.columns else () for line in found}

    @property
    def open_only(self) -> str:
        """Extra condition for tables that also keep what is over."""
        return ""

    def rows_behind(self, con: sqlite3.Connection, keys: Sequence[int]) -> list[int]:
        """Accounts whose derived arrays a change of some keys makes stale."""
        return list(keys) if self.key_is_row else []

    def out_of_reach(self, con: sqlite3.Connection, keys: Sequence[int]) -> set[int]:
        """Keys no gesture may touch now."""
        return set()

    def reached_since(self, con: sqlite3.Connection, keys: Sequence[int], at: int) -> set[int]:
        """Keys that need no value any more: what it asks for was reached since a moment."""
        return set()

    def write(self, con: sqlite3.Connection, keys: Sequence[int], value: Value) -> None:
        """Set the value of every key; None deletes it."""
        where = "".join(f" AND {name} = ?" for name, _ in self.fixed)
        constants = [value_ for _, value_ in self.fixed]
        if value is None:
            con.execute(
                f"DELETE FROM {self.table} WHERE {self.key} IN (SELECT value FROM json_each(?)){where}{self.open_only}",
                [as_json(keys), *constants],
            )
            return
        names = ", ".join([self.key, *(name for name, _ in self.fixed), *self.columns])
        marks = ", ".join("?" * (len(self.fixed) + len(self.columns)))
        con.execute(
            f"INSERT OR REPLACE INTO {self.table}({names}) "
            f"SELECT value{', ' + marks if marks else ''} FROM json_each(?) WHERE true",
            [*constants, *value, as_json(keys)],
        )


_UNTOUCHED = f" AND {OPEN_ITEM} AND state <> 'attempting'"


class PlanSlot(Slot):
    """Open plan items of one action; what was attempted is out of a gesture's reach."""

    @property
    def telling(self) -> tuple[int, ...]:
        """None: an open item is the same item whether a guard holds it or not."""
        return ()

    @property
    def open_only(self) -> str:
        """Only items nothing was done about yet."""
        return _UNTOUCHED

    def out_of_reach(self, con: sqlite3.Connection, keys: Sequence[int]) -> set[int]:
        """Rows X is being asked about at this moment."""
        found = con.execute(
            f"SELECT row FROM plan_item WHERE {OPEN_ITEM} AND state = 'attempting' AND action = ? AND object = ? "
            "AND row IN (SELECT value FROM json_each(?))",
            [*(value for _, value in self.fixed), as_json(keys)],
        )
        return {line[0] for line in found}

    def write(self, con: sqlite3.Connection, keys: Sequence[int], value: Value) -> None:
        """Set the value of every key and what it is planned on; calls made for an item that goes stay, without it."""
        if value is None:
            con.execute(
                "UPDATE call SET item_id = NULL WHERE item_id IN (SELECT id FROM plan_item WHERE action = ? "
                f"AND object = ? AND row IN (SELECT value FROM json_each(?)){self.open_only})",
                [*(constant for _, constant in self.fixed), as_json(keys)],
            )
            super().write(con, keys, value)
            return
        # Entries of an earlier version know of no reversals.
        super().write(con, keys, (*value, None)[: len(self.columns)])
        action, object_ = (str(constant) for _, constant in self.fixed)
        plan_bases.note(con, keys, action, object_)

    def reached_since(self, con: sqlite3.Connection, keys: Sequence[int], at: int) -> set[int]:
        """Rows for which X was asked since, or which a reading shows so: planned again it would be done twice."""
        action, object_ = (str(value) for _, value in self.fixed)
        return carried_out(con, keys, action, object_, at)


class PlanTimeSlot(Slot):
    """Whether an item of the plan was put off, and until when; nothing here makes an item or takes one out."""

    @property
    def telling(self) -> tuple[int, ...]:
        """State and date; a guard may have changed the reason since."""
        return (0, 2)

    @property
    def open_only(self) -> str:
        """Only items nothing was done about yet."""
        return _UNTOUCHED

    def read(self, con: sqlite3.Connection, keys: Sequence[int]) -> dict[int, Value]:
        """Present values; what a guard holds is planned, guards are looked at again by themselves."""
        found = super().read(con, keys)
        return {
            key: ("planned", *value[1:]) if value is not None and value[0] == "held" else value
            for key, value in found.items()
        }

    def rows_behind(self, con: sqlite3.Connection, keys: Sequence[int]) -> list[int]:
        """Accounts of the items."""
        found = con.execute("SELECT row FROM plan_item WHERE id IN (SELECT value FROM json_each(?))", [as_json(keys)])
        return [line[0] for line in found]

    def out_of_reach(self, con: sqlite3.Connection, keys: Sequence[int]) -> set[int]:
        """Items that left the plan, or were carried out."""
        return set(keys).difference(self.read(con, keys))

    def write(self, con: sqlite3.Connection, keys: Sequence[int], value: Value) -> None:
        """Put every item where the value says; without one there is nothing to say."""
        if value is not None:
            con.execute(
                "UPDATE plan_item SET state = ?, reason = ?, due_at = ? "
                f"WHERE id IN (SELECT value FROM json_each(?)){self.open_only}",
                [*value, as_json(keys)],
            )


class MatchSlot(Slot):
    """Decisions on matches: only a match that is still there can have one."""

    def rows_behind(self, con: sqlite3.Connection, keys: Sequence[int]) -> list[int]:
        """Accounts of the matches."""
        found = con.execute("SELECT row FROM match WHERE id IN (SELECT value FROM json_each(?))", [as_json(keys)])
        return [line[0] for line in found]

    def out_of_reach(self, con: sqlite3.Connection, keys: Sequence[int]) -> set[int]:
        """Matches that are no longer proposed and were deleted since."""
        found = con.execute("SELECT id FROM match WHERE id IN (SELECT value FROM json_each(?))", [as_json(keys)])
        return set(keys).difference(line[0] for line in found)


class LookSlot(Slot):
    """Who was answered on by name: the first time stays, as what was known before a draw must not move into it."""

    @property
    def telling(self) -> tuple[int, ...]:
        """None: a second look says nothing new."""
        return ()


class DueSlot(Slot):
    """What became of something due: its item stays, only its state is set."""

    def rows_behind(self, con: sqlite3.Connection, keys: Sequence[int]) -> list[int]:
        """Accounts something is due for."""
        found = con.execute("SELECT row FROM due WHERE id IN (SELECT value FROM json_each(?))", [as_json(keys)])
        return [line[0] for line in found]

    def write(self, con: sqlite3.Connection, keys: Sequence[int], value: Value) -> None:
        """Set the state of every item; without a value there is nothing to set."""
        if value is not None:
            names = ", ".join(f"{name} = ?" for name in self.columns)
            con.execute(f"UPDATE due SET {names} WHERE id IN (SELECT value FROM json_each(?))", [*value, as_json(keys)])


class ShelfSlot(Slot):
    """Links of the shelf: one that someone was offered or came by never goes, it is only dropped."""

    def write(self, con: sqlite3.Connection, keys: Sequence[int], value: Value) -> None:
        """Set the value of every link; without one a link goes, or is dropped where it was offered."""
        if value is None:
            con.execute(
                "UPDATE shelf SET dropped_at = added_at WHERE id IN (SELECT value FROM json_each(?))", [as_json(keys)]
            )
            offered = con.execute(
                "SELECT shelf_id FROM sent WHERE shelf_id IS NOT NULL UNION SELECT shelf_id FROM shelf_result"
            ).fetchall()
            keys = sorted(set(keys).difference(line[0] for line in offered))
        super().write(con, keys, value)


DECISION = Slot("decision", "decision", ("decision", "due_at", "reviewer", "at"), "decision")
KIND = Slot("kind", "kind_word", ("kind", "reviewer", "at"), "decision")
NOTE = Slot("note", "note", ("text", "reviewer", "at"), "decision")
LOOK = LookSlot("look", "look", ("draw_id", "reviewer", "at"), "decision")
BLIND_LOOK = Slot("blind", "blind_look", ("hidden", "reviewer", "at"), "decision")
MATCH_WORD = MatchSlot(
    "match",
    "match_word",
    ("state", "evidence_hash", "profile_text", "reviewer", "at"),
    "match",
    "match_id",
    key_is_row=False,
)


PLAN_TIME = PlanTimeSlot("plan_time", "plan_item", ("state", "reason", "due_at"), "decision", "id", key_is_row=False)
NO_CONTACT = Slot("no_contact", "no_contact", ("reviewer", "at"), "decision")
DUE = DueSlot("due", "due", ("state", "until", "reviewer", "at"), "decision", "id", key_is_row=False)
SHELF = ShelfSlot(
    "shelf",
    "shelf",
    ("url", "title", "summary", "topics", "kinds", "lang", "from_at", "until_at", "source", "added_at", "dropped_at"),
    "",
    "id",
    key_is_row=False,
)


_NAMED = {
    slot.name: slot for slot in (DECISION, KIND, NOTE, LOOK, BLIND_LOOK, MATCH_WORD, PLAN_TIME, NO_CONTACT, DUE, SHELF)
}


def sent_slot(at: int, action: str) -> Slot:
    """The slot of what was sent, or done with a post, at one moment."""
    columns = ("text", "text_key", "shelf_id", "post", "playbook", "reviewer")
    return Slot(f"sent:{at}:{action}", "sent", columns, "", fixed=(("at", at), ("action", action)))


def interaction_slot(at: int, kind: str, reference: str = "") -> Slot:
    """The slot of an interaction that a person or a step brings; no import has it."""
    fixed = (("at", at), ("kind", kind), ("reference", reference))
    return Slot(f"interaction:{at}:{kind}:{reference}", "interaction", ("source",), "relation", fixed=fixed)


def tag_slot(tag_id: int) -> Slot:
    """The slot of one tag."""
    return Slot(f"tag:{tag_id}", "tagged", (), "decision", fixed=(("tag_id", tag_id),))


def release_slot(guard: str) -> Slot:
    """The slot of releases from one guard."""
    columns = ("evidence_hash", "reviewer", "at")
    return Slot(f"release:{guard}", "release", columns, "decision", fixed=(("guard", guard),))


def difference_slot(what: str) -> Slot:
    """The slot of what two people said differently of an account."""
    columns = ("here", "here_by", "there", "there_by", "at")
    return Slot(f"difference:{what}", "difference", columns, "decision", fixed=(("what", what),))


def plan_slot(action: str, object_: str = "") -> Slot:
    """The slot of open plan items of one action on one object."""
    return PlanSlot(
        f"plan:{action}:{object_}",
        "plan_item",
        ("state", "reason", "due_at", "at", "reverses"),
        "decision",
        fixed=(("action", action), ("object", object_)),
    )


def slot_named(name: str) -> Slot:
    """The slot behind a name in the journal."""
    if name.startswith("tag:"):
        return tag_slot(int(name[4:]))
    if name.startswith("release:"):
        return release_slot(name[8:])
    if name.startswith("difference:"):
        return difference_slot(name[11:])
    if name.startswith("plan:"):
        _, action, object_ = name.split(":", 2)
        return plan_slot(action, object_)
    if name.startswith("sent:"):
        _, at, action = name.split(":", 2)
        return sent_slot(int(at), action)
    if name.startswith("interaction:"):
        _, at, kind, reference = name.split(":", 3)
        return interaction_slot(int(at), kind, reference)
    return _NAMED[name]


def as_json(keys: Sequence[int]) -> str:
    """Keys as one parameter of a statement, for ``json_each``."""
    return json.dumps(list(keys))
