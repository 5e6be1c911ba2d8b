"""Whose handle it is: asked where it leads to two accounts, and followed where a person spoke of the handle alone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from test_services_identity import Said, compare, guard, import_customers, read, row_of_id

from followertui.domain.clock import FileClock
from followertui.domain.decision import ActionKind, Decision, Handing
from followertui.domain.errors import BadInput
from followertui.domain.guards import Guard, guard_of
from followertui.domain.kind import Kind
from followertui.services import naming
from followertui.services.care import maintenance
from followertui.services.plan import by_hand, planning
from followertui.services.review import deciding, kept_handles, releasing, sheets, undoing
from followertui.services.session import Session
from followertui.services.values import Word
from followertui.services.workbench import Workbench
from followertui.store.audience.row_facts import row_facts


def bare_row(session: Session, handle: str) -> int:
    found = session.store.con.execute(
        "SELECT row FROM account WHERE x_id IS NULL AND handle = ? AND merged_into IS NULL", [handle]
    ).fetchone()
    return int(found[0])


def decisions(session: Session) -> dict[int, str]:
    return dict(session.store.con.execute("SELECT row, decision FROM decision").fetchall())


# --- a handle as typed -------------------------------------------------------------------------


def test_a_handle_of_two_ids_is_refused_and_an_id_is_not(session: Session) -> None:
    read(session, 1, [Said(5, "same"), Said(7, "other")])
    read(session, 1, [Said(6, "same")])
    for ask in (Workbench(session).find, lambda text: maintenance.removal(session, [text], False)):
        with pytest.raises(BadInput, match=r"@same is the handle of 2 accounts here, with the ids 5 and 6") as caught:
            ask("@same")
        assert "\n" not in str(caught.value)
    assert naming.rows_named(session, "6") == [row_of_id(session, 6)]
    assert naming.rows_named(session, "@other") == [row_of_id(session, 7)]
    assert [naming.is_name(session, text) for text in ("6", "@same", "8", "same", "is:kept")] == [
        True, True, False, False, False,
    ]  # fmt: skip


def test_a_handle_of_before_names_what_its_account_is_called_now(session: Session) -> None:
    read(session, 1, [Said(5, "old_name")])
    read(session, 2, [Said(5, "new_name")])
    with pytest.raises(BadInput, match=r"^no account is called @old_name now; @new_name was until \d+ \w+ \d{4}:"):
        naming.rows_named(session, "@old_name")
    read(session, 3, [Said(6, "old_name")])
    assert naming.rows_named(session, "@OLD_name") == [row_of_id(session, 6)]
    assert naming.rows_named(session, "@never") == []


def test_a_word_on_a_handle_counts_for_both_that_may_be_meant(session: Session) -> None:
    """Else the one known by its handle alone would keep what was decided out by name."""
    read(session, 1, [Said(5, "before")])
    read(session, 2, [Said(None, "handle")])
    bare = bare_row(session, "handle")
    deciding.decide(session, [bare], Decision.KEEP)
    read(session, 3, [Said(5, "handle")])
    rows = naming.rows_named(session, "@handle")
    assert rows == [row_of_id(session, 5), bare]
    deciding.decide(session, rows, Decision.OUT, word=Word(is_by_name=True))
    assert [item.row for item in planning.ready(session)] == rows
    assert decisions(session) == dict.fromkeys(rows, "out")


# --- a list of handles -------------------------------------------------------------------------


def whitelist(session: Session, path: Path, *lines: str) -> sheets.SheetReport:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return sheets.bring_back(session, path, "keep")


def test_a_kept_list_follows_a_handle_to_the_account_that_had_it(session: Session, tmp_path: Path) -> None:
    read(session, 1, [Said(5, "old_name"), Said(6, "someone")])
    read(session, 2, [Said(5, "new_name")])
    report = whitelist(session, tmp_path / "keep.csv", "handle", "old_name")
    assert report.left_out == ()
    assert decisions(session) == {row_of_id(session, 5): "keep"}


@pytest.mark.parametrize("taker", [Said(6, "old_name"), Said(None, "old_name")])
def test_a_kept_list_asks_for_ids_where_a_handle_changed_hands(session: Session, tmp_path: Path, taker: Said) -> None:
    read(session, 1, [Said(5, "old_name"), Said(7, "sure")])
    read(session, 2, [Said(5, "new_name")])
    read(session, 3, [taker])
    report = whitelist(session, tmp_path / "keep.csv", "handle", "old_name", "sure")
    assert [line.reason for line in report.left_out] == [f"{naming.TWO_ACCOUNTS} (@old_name)"]
    assert decisions(session) == {row_of_id(session, 7): "keep"}
    again = whitelist(session, tmp_path / "ids.csv", "id,handle", "5,old_name")
    assert again.left_out == ()
    assert decisions(session) == {row_of_id(session, 7): "keep", row_of_id(session, 5): "keep"}


def test_a_customer_list_guards_both_accounts_a_handle_led_to(session: Session, tmp_path: Path) -> None:
    """Which of them the list means is asked in Confirm; until then neither is unfollowed."""
    read(session, 1, [Said(5, "old_name"), Said(7, "someone")])
    read(session, 2, [Said(5, "new_name")])
    read(session, 3, [Said(6, "old_name")])
    import_customers(session, tmp_path / "Customers.csv", "Quite Another Ltd,@old_name")
    compare(session)
    assert (guard(session, 5), guard(session, 6), guard(session, 7)) == (Guard.MATCHED, Guard.MATCHED, None)


def test_what_holds_an_account_holds_who_is_known_by_its_handle_alone(session: Session) -> None:
    """The link of either opens one page, and a click there unfollows the account that is kept."""
    read(session, 1, [Said(5, "before")])
    read(session, 2, [Said(None, "handle")])
    read(session, 3, [Said(5, "handle")])
    bare = bare_row(session, "handle")
    deciding.decide(session, [row_of_id(session, 5)], Decision.KEEP)
    deciding.decide(session, [bare], Decision.OUT)
    [item] = planning.ready(session)
    assert item.row == bare
    assert planning.hand_out(session, [item], Handing.SCREEN) == []
    assert by_hand.next_manual(session) is None
    deciding.decide(session, [row_of_id(session, 5)], Decision.OUT, word=Word(is_by_name=True))
    assert len(planning.ready(session)) == 2
    assert planning.hand_out(session, [item], Handing.SCREEN) == [item]


def test_a_release_of_one_row_lifts_no_guard_of_the_other_when_they_are_united(session: Session) -> None:
    read(session, 1, [Said(5, "")])
    read(session, 2, [Said(None, "handle")])
    bare = bare_row(session, "handle")
    deciding.say_kind(session, [bare, row_of_id(session, 5)], Kind.CUSTOMER)
    releasing.release(session, [bare])
    read(session, 3, [Said(5, "handle")])
    assert session.store.con.execute("SELECT count(*) FROM account WHERE merged_into IS NOT NULL").fetchone() == (1,)
    assert guard(session, 5) is Guard.CUSTOMER


# --- a release ---------------------------------------------------------------------------------


def released_handle(session: Session) -> int:
    """A customer known by the handle alone, released from being one."""
    read(session, 1, [Said(5, "before")])
    read(session, 2, [Said(None, "handle")])
    bare = bare_row(session, "handle")
    deciding.say_kind(session, [bare], Kind.CUSTOMER)
    releasing.release(session, [bare])
    assert guard_of(ActionKind.UNFOLLOW, row_facts(session.store, [bare])[bare], session.now) is None
    return bare


def test_a_release_follows_to_the_id_that_has_the_handle_later(session: Session) -> None:
    released_handle(session)
    read(session, 3, [Said(5, "handle")])
    assert kept_handles.follow(session)
    assert guard(session, 5) is None
    found = session.store.con.execute("SELECT guard, reviewer FROM release WHERE row = ?", [row_of_id(session, 5)])
    assert found.fetchall() == [("customer", session.reviewer)]
    undoing.undo(session)
    assert kept_handles.follow(session) == "", "what a person took back is not given again"


def test_a_release_does_not_follow_where_the_guard_rests_on_something_else(session: Session) -> None:
    released_handle(session)
    assert isinstance(session.clock, FileClock)
    session.clock.advance(timedelta(minutes=1))
    deciding.say_kind(session, [row_of_id(session, 5)], Kind.CUSTOMER)
    read(session, 3, [Said(5, "handle")])
    kept_handles.follow(session)
    assert guard(session, 5) is Guard.CUSTOMER


def test_a_keep_follows_with_the_name_of_who_said_it(session: Session) -> None:
    read(session, 1, [Said(5, "before")])
    read(session, 2, [Said(None, "handle")])
    ann = Session(session.store, session.clock, reviewer="ann")
    deciding.decide(ann, [bare_row(session, "handle")], Decision.KEEP)
    read(session, 3, [Said(5, "handle")])
    kept_handles.follow(session)
    found = session.store.con.execute(
        "SELECT decision, reviewer FROM decision WHERE row = ?", [row_of_id(session, 5)]
    ).fetchone()
    assert found == ("keep", "ann")
