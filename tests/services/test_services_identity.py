"""A rename loses no match, no keep and no word; what was said of a handle follows to its id."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from filling import NOW

from followertui.domain.account import AccountRecord
from followertui.domain.clock import DAY
from followertui.domain.decision import ActionKind, Decision
from followertui.domain.guards import Guard, guard_of
from followertui.domain.kind import Kind
from followertui.domain.progress import NeverCancelled, drained
from followertui.services.intake import importing
from followertui.services.intake.sources import Source
from followertui.services.intake.values import ImportChoices
from followertui.services.plan import planning
from followertui.services.review import deciding, kept_handles, undoing
from followertui.services.scoring import matching
from followertui.services.scoring.incremental import Compared, ListsNow
from followertui.services.session import Session
from followertui.services.values import Word
from followertui.services.workbench import Workbench
from followertui.store.audience import pages
from followertui.store.audience.row_facts import row_facts
from followertui.store.file.connection import Store


class Said(NamedTuple):
    """One record of a reading."""

    x_id: int | None
    handle: str


def read(session: Session, day: int, said: Iterable[Said], completeness: str = "partial") -> None:
    """Import a reading of whom we follow, made on a day."""
    at = NOW + day * DAY
    source = Source(what="accounts", name=f"day {day}", rank=4, as_of=at, sha256=f"{day}{random.random()}",
                    completeness=completeness)  # fmt: skip
    records = [AccountRecord(x_id=each.x_id, handle=each.handle, name=f"N {each.x_id}") for each in said]
    for _ in importing.import_records(
        session.store, session.journal, session.clock, source, [records], "following", NeverCancelled()
    ):
        pass


def row_of_id(session: Session, x_id: int) -> int:
    found = session.store.con.execute(
        "SELECT row FROM account WHERE x_id = ? AND merged_into IS NULL", [x_id]
    ).fetchone()
    return int(found[0])


def guard(session: Session, x_id: int) -> Guard | None:
    row = row_of_id(session, x_id)
    return guard_of(ActionKind.UNFOLLOW, row_facts(session.store, [row])[row], session.now)


def compare(session: Session) -> None:
    for _ in matching.match(session, NeverCancelled()):
        pass


def import_customers(session: Session, path: Path, *lines: str) -> None:
    path.write_text("\n".join(("Company,Twitter", *lines)) + "\n", encoding="utf-8")
    choices = ImportChoices(what="list", kind="customer", name=path.stem, basis="own-records")
    for _ in Workbench(session).import_file(str(path), choices):
        pass


def signals(session: Session, x_id: int) -> set[str]:
    found = session.store.con.execute(
        "SELECT m.evidence FROM match m JOIN account a ON a.row = m.row WHERE a.x_id = ? AND NOT m.is_stale", [x_id]
    )
    return {piece[0] for (text,) in found for piece in json.loads(text)}


# --- lists --------------------------------------------------------------------------------------


def test_a_renamed_customer_stays_matched_and_guarded(session: Session, tmp_path: Path) -> None:
    """Finding 5: the list names the handle of before, and the customer was unfollowed."""
    read(session, 1, [Said(5, "old_name"), Said(6, "someone")])
    import_customers(session, tmp_path / "Customers.csv", "Quite Another Ltd,@old_name")
    compare(session)
    assert guard(session, 5) is Guard.MATCHED
    read(session, 2, [Said(5, "new_name"), Said(6, "someone")])
    compare(session)
    assert signals(session, 5) == {"handle_former"}
    assert guard(session, 5) is Guard.MATCHED
    assert guard(session, 6) is None


def test_a_list_that_comes_after_the_rename_finds_the_customer(session: Session, tmp_path: Path) -> None:
    read(session, 1, [Said(5, "old_name")])
    read(session, 2, [Said(5, "new_name")])
    import_customers(session, tmp_path / "Customers.csv", "Quite Another Ltd,@old_name")
    compare(session)
    assert guard(session, 5) is Guard.MATCHED


def test_an_older_reading_that_comes_late_tells_of_a_handle_on_the_list(session: Session, tmp_path: Path) -> None:
    read(session, 2, [Said(5, "new_name")])
    import_customers(session, tmp_path / "Customers.csv", "Quite Another Ltd,@old_name")
    compare(session)
    assert guard(session, 5) is None
    read(session, 1, [Said(5, "old_name")])
    compare(session)
    assert guard(session, 5) is Guard.MATCHED
    undo_import(session)
    compare(session)
    assert guard(session, 5) is None


def undo_import(session: Session) -> None:
    for _ in undoing.reverse_import(session, False, NeverCancelled()):
        pass


def test_a_person_stays_matched_by_the_handle_of_before(session: Session, tmp_path: Path) -> None:
    read(session, 1, [Said(5, "old_name")])
    path = tmp_path / "People.csv"
    path.write_text("First Name,Last Name,Twitter\nWilhelmina,Okonkwo,old_name\n", encoding="utf-8")
    choices = ImportChoices(what="list", kind="customer", name="People", basis="own-records")
    for _ in Workbench(session).import_file(str(path), choices):
        pass
    read(session, 2, [Said(5, "new_name")])
    compare(session)
    assert "handle_former" in signals(session, 5)
    assert guard(session, 5) is Guard.MATCHED


# --- profiles that change while they are compared -----------------------------------------------


Meanwhile = Callable[[Session], None]


def bring_new_name(other: Session) -> None:
    read(other, 3, [Said(5, "brindle_freight")])


def bring_former_name(other: Session) -> None:
    read(other, -3, [Said(5, "brindle_freight")])


def redo_rename(other: Session) -> None:
    for _ in undoing.reverse_import(other, True, NeverCancelled()):
        pass


@pytest.mark.parametrize("is_full", [True, False])
@pytest.mark.parametrize("meanwhile", [bring_new_name, bring_former_name, redo_rename])
def test_an_account_whose_profile_changes_while_it_is_compared_stays_to_be_compared(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, meanwhile: Meanwhile, is_full: bool
) -> None:
    import_customers(session, tmp_path / "Customers.csv", "Quite Another Ltd,@brindle_freight")
    read(session, 1, [Said(5, "plain"), Said(6, "someone")])
    if meanwhile is redo_rename:
        bring_new_name(session)
        undo_import(session)
    compared = ListsNow.compare
    waiting = [meanwhile]

    def slowly(lists: ListsNow, rows: Sequence[int]) -> Compared:
        """The answer for profiles as they were before another process wrote."""
        answer = compared(lists, rows)
        if waiting and any(row_of_id(session, 5) == row for row in rows):
            other = Session(Store(session.store.path), session.clock)
            waiting.pop()(other)
            other.close()
        return answer

    monkeypatch.setattr(ListsNow, "compare", slowly)
    report = drained(matching.match(session, NeverCancelled(), is_full=is_full))
    assert guard(session, 5) is Guard.NOT_COMPARED
    assert guard(session, 6) is None
    assert "1 account changed meanwhile: match again" in report.text
    assert matching.is_behind(session)
    compare(session)
    assert guard(session, 5) is Guard.MATCHED
    assert not matching.is_behind(session)


def test_an_account_of_id_zero_is_an_account(session: Session) -> None:
    """Finding 17: X's local simulator has one."""
    read(session, 1, [Said(0, "first"), Said(5, "other")])
    read(session, 2, [Said(0, "renamed")])
    assert session.store.con.execute("SELECT x_id, handle FROM account ORDER BY row").fetchall() == [
        (0, "renamed"),
        (5, "other"),
    ]


# --- words said of a handle ---------------------------------------------------------------------


def test_a_kept_handle_protects_the_id_that_has_it_later(session: Session) -> None:
    """Finding 5: the row known by its handle was kept, the id that took it was unfollowed."""
    read(session, 1, [Said(5, "before"), Said(6, "other")])
    read(session, 2, [Said(None, "handle")])
    bare = pages.find(session.store, "handle")
    assert bare is not None
    deciding.decide(session, [bare], Decision.KEEP)
    deciding.decide(session, [row_of_id(session, 5)], Decision.OUT)
    read(session, 3, [Said(5, "handle"), Said(6, "other")])
    assert planning.ready(session) == []
    assert guard(session, 5) is Guard.KEPT
    assert guard(session, 6) is None
    said = session.journal.entries(1)[0].text
    assert said == "1 account now known by id treated as its handle was: decide by name to change that"


def test_the_last_look_sees_a_handle_kept_a_moment_ago(session: Session) -> None:
    read(session, 1, [Said(5, "before")])
    read(session, 2, [Said(None, "handle")])
    bare = pages.find(session.store, "handle")
    assert bare is not None
    read(session, 3, [Said(5, "handle")])
    deciding.decide(session, [row_of_id(session, 5)], Decision.OUT)
    [item] = planning.ready(session)
    deciding.decide(session, [bare], Decision.KEEP)
    assert planning.hold_guarded(session, [item]) == []


def test_a_decision_by_name_stands_over_the_handle_s(session: Session) -> None:
    read(session, 1, [Said(5, "before")])
    read(session, 2, [Said(None, "handle")])
    bare = pages.find(session.store, "handle")
    assert bare is not None
    deciding.decide(session, [bare], Decision.KEEP)
    read(session, 3, [Said(5, "handle")])
    assert kept_handles.follow(session) != ""
    deciding.decide(session, [row_of_id(session, 5)], Decision.OUT, word=Word(is_by_name=True))
    assert kept_handles.follow(session) == ""
    assert guard(session, 5) is None


def test_a_kind_said_of_a_handle_follows_where_none_was_said(session: Session) -> None:
    read(session, 1, [Said(5, "before"), Said(6, "b6")])
    read(session, 2, [Said(None, "handle"), Said(None, "h6")])
    for handle in ("handle", "h6"):
        row = pages.find(session.store, handle)
        assert row is not None
        deciding.say_kind(session, [row], Kind.CUSTOMER)
    deciding.say_kind(session, [row_of_id(session, 6)], Kind.VENDOR)
    read(session, 3, [Said(5, "handle"), Said(6, "h6")])
    kept_handles.follow(session)
    assert (guard(session, 5), guard(session, 6)) == (Guard.CUSTOMER, None)


# --- any history --------------------------------------------------------------------------------


class World:
    """A few accounts that rename themselves, what readings showed of them, and what was said of whom."""

    def __init__(self, session: Session, dice: random.Random) -> None:
        self.session, self.dice = session, dice
        handles = [f"h{number}" for number in range(6)]
        self.days = []
        for _ in range(12):
            if dice.random() < 0.4:
                one, other = dice.sample(range(6), 2)
                handles[one], handles[other] = handles[other], handles[one]
            self.days.append(list(handles))
        self.shown: dict[int, set[str]] = {}
        self.kept_ids: set[int] = set()
        self.kept_handles: set[str] = set()

    def read(self) -> None:
        """Some accounts, as they were on some day, with ids or without; readings come in no order."""
        day = self.dice.randrange(12)
        chosen = self.dice.sample(range(6), 3)
        has_ids = self.dice.random() < 0.45
        read(self.session, day - 20, [Said(n + 1 if has_ids else None, self.days[day][n]) for n in chosen])
        if has_ids:
            for n in chosen:
                self.shown.setdefault(n + 1, set()).add(self.days[day][n])

    def keep(self) -> None:
        """A person keeps one account by its handle."""
        row = pages.find(self.session.store, self.dice.choice(self.days[-1]))
        if row is None:
            return
        deciding.decide(self.session, [row], Decision.KEEP)
        x_id, handle = self.session.store.con.execute(
            "SELECT x_id, handle FROM account WHERE row = ?", [row]
        ).fetchone()
        if x_id is None:
            self.kept_handles.add(handle)
        else:
            self.kept_ids.add(x_id)

    def out(self) -> None:
        """A query decides out on whoever is followed."""
        rows = [line[0] for line in self.session.store.con.execute("SELECT row FROM account WHERE merged_into IS NULL")]
        if len(rows) > 1:
            deciding.decide(self.session, rows, Decision.OUT, "is:following")


@pytest.mark.parametrize("seed", range(20))
def test_no_history_of_renames_loses_a_match_or_a_keep(session: Session, tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    world = World(session, dice)
    import_customers(session, tmp_path / "Customers.csv", "Quite Another Ltd,@h0", "Anything Else Inc,@h1")
    for _ in range(14):
        dice.choice([world.read, world.read, world.keep, world.out])()
        planned = {item.row for item in planning.ready(session)}
        for x_id in world.kept_ids:
            assert row_of_id(session, x_id) not in planned
        for x_id in world.shown:
            row = row_of_id(session, x_id)
            handle = session.store.con.execute("SELECT handle FROM account WHERE row = ?", [row]).fetchone()[0]
            if handle in world.kept_handles:
                assert row not in planned, (seed, x_id, handle)
    compare(session)
    for x_id, handles in world.shown.items():
        if handles & {"h0", "h1"}:
            assert guard(session, x_id) in (Guard.MATCHED, Guard.KEPT), (seed, x_id)
