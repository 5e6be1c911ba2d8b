"""Accounts: whose word on a field stands, who is who, and the way back."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from importing_bench import Bench, accounts

from followertui.domain.account import AccountRecord
from followertui.domain.errors import BadInput, Cancelled
from followertui.domain.progress import drained
from followertui.services.intake import importing, inspecting, reversing
from followertui.services.intake.values import ImportChoices
from followertui.store.audience import imports, merging
from followertui.store.file import watermarks

sys.path.insert(0, str(Path(__file__).parents[1] / "sources"))

from workbook_files import write_workbook

HEADER = "id,screen_name,name,description,followers_count,followed_by"


def lines(count: int, start: int = 1) -> list[tuple[object, ...]]:
    return [(100 + n, f"user{n}", f"Name {n}", "coffee", n, "true") for n in range(start, start + count)]


def test_a_file_is_read_and_reported(bench: Bench) -> None:
    path = bench.write("followers.csv", HEADER, [*lines(700), ("1.2E+18", "", "broken", "", 1, "true"), lines(1)[0]])
    report = bench.bring(path, relation="follower", completeness="complete")
    assert (report.read, report.added, report.updated, report.merged, report.refused) == (702, 700, 0, 1, 1)
    assert report.refused_rows[0].line == 702
    assert bench.one("SELECT count(*) FROM relation WHERE direction = 'follower' AND NOT is_new") == 700
    assert bench.one("SELECT count(*) FROM snapshot_part") == 0
    assert report.new == report.left == 0


def test_the_same_file_again_changes_nothing(bench: Bench) -> None:
    path = bench.write("followers.csv", HEADER, lines(20))
    bench.bring(path, relation="follower")
    before = bench.everything()
    report = bench.bring(path, relation="follower")
    assert report.is_repeat
    assert (report.added, report.updated, report.unchanged) == (0, 0, 20)
    assert bench.everything() == before


def test_a_later_word_on_completeness_is_taken(bench: Bench) -> None:
    bench.records(accounts("ann", "bob"), 100, completeness="complete")
    path = bench.write("followers.csv", "screen_name,followers_count", [("ann", 5), ("eve", 6)])
    bench.bring(path, relation="follower")
    assert (bench.new(), bench.left()) == ({"eve"}, set())
    report = bench.bring(path, relation="follower", completeness="complete")
    assert report.is_repeat
    assert (bench.new(), bench.left()) == ({"eve"}, {"bob"})


def test_newer_wins_and_empty_never_does(bench: Bench) -> None:
    bench.records([AccountRecord(7, "ann", "Ann", bio="old", followers=5, location="Ulm")], 200)
    bench.records([AccountRecord(7, "ann", "Anna", bio="older", followers=1, lang="de")], 100)
    assert _ann(bench) == ("Ann", "old", 5, "Ulm", "de")
    bench.records([AccountRecord(7, "ann", None, bio="new", followers=None)], 300)
    assert _ann(bench) == ("Ann", "new", 5, "Ulm", "de")


def test_ties_go_to_the_better_source(bench: Bench) -> None:
    bench.records([AccountRecord(7, "ann", bio="api")], 200, rank=4)
    bench.records([AccountRecord(7, "ann", bio="file")], 200, rank=1)
    assert bench.one("SELECT bio FROM account") == "api"
    bench.records([AccountRecord(7, "ann", bio="api again")], 200, rank=4)
    assert bench.one("SELECT bio FROM account") == "api again"


def _ann(bench: Bench) -> tuple[object, ...]:
    found = bench.store.con.execute("SELECT name, bio, followers, location, lang FROM account WHERE x_id = 7")
    line: tuple[object, ...] = found.fetchone()
    return line


def test_a_handle_joins_the_id_that_held_it_then(bench: Bench) -> None:
    bench.records([AccountRecord(7, "ann")], 100)
    bench.records([AccountRecord(7, "ann_new")], 200)
    bench.records([AccountRecord(None, "ann", bio="then")], 150)
    assert bench.one("SELECT count(*) FROM account") == 1
    bench.records([AccountRecord(None, "ann", bio="somebody else")], 300)
    assert bench.one("SELECT count(*) FROM account") == 2
    assert bench.one("SELECT x_id FROM account WHERE bio = 'somebody else'") is None
    bench.records([AccountRecord(None, "ANN_new", name="Ann")], 400)
    assert bench.one("SELECT name FROM account WHERE x_id = 7") == "Ann"


def test_a_recycled_handle_leaves_its_former_owner(bench: Bench) -> None:
    bench.records([AccountRecord(7, "ann")], 100)
    bench.records([AccountRecord(8, "ann")], 200)
    assert bench.one("SELECT handle FROM account WHERE x_id = 7") is None
    assert bench.one("SELECT handle FROM handle_history WHERE until = 200") == "ann"
    bench.undo()
    assert bench.one("SELECT handle FROM account WHERE x_id = 7") == "ann"


def test_a_handle_gets_its_id_later(bench: Bench) -> None:
    bench.records([AccountRecord(None, "ann", bio="hi")], 100, completeness="complete")
    report = bench.records([AccountRecord(7, "Ann", bio=None)], 200, completeness="complete")
    assert (report.added, report.updated, report.left, report.new) == (0, 1, 0, 0)
    assert bench.store.con.execute("SELECT row, x_id, bio FROM account").fetchall() == [(1, 7, "hi")]


def test_two_rows_that_are_one_unite_and_part_again(bench: Bench) -> None:
    bench.records([AccountRecord(None, "ann", bio="by handle")], 100, completeness="complete")
    bench.records([AccountRecord(7, None, followers=9)], 110)
    con = bench.store.con
    con.execute("INSERT INTO decision VALUES (1, 'out', NULL, 'dana', 5), (2, 'keep', NULL, 'dana', 4)")
    con.execute("INSERT INTO tag VALUES (1, 'vip', NULL), (2, 'tech', NULL)")
    con.execute("INSERT INTO tagged VALUES (1, 1), (2, 2)")
    con.execute("INSERT INTO plan_item(id, row, action, state, reason, at) VALUES (1, 1, 'unfollow', 'planned', '', 5)")
    con.execute("INSERT INTO handed_out VALUES (1, 'worksheet', 'dana', 6)")
    con.execute("INSERT INTO note VALUES (1, 'met her', 'dana', 5), (2, 'blogs', 'dana', 5)")
    con.execute("INSERT INTO entity VALUES (5, 'company', 'Acme')")
    con.execute("INSERT INTO list VALUES (1, 'Customers', 'customer', 'own-records', 1, 5, NULL)")
    con.execute("INSERT INTO entry VALUES (5, 1, 5, 'id:1', 2, 'Acme', '', NULL, '{}', '{}', 1, NULL)")
    con.execute(
        "INSERT INTO match VALUES (1, 1, 5, 5, 'is', 90, 'likely', '[]', '', 0, 0.9), "
        "(2, 2, 5, 5, 'is', 80, 'likely', '[]', '', 0, 0.8)"
    )
    con.execute("INSERT INTO match_word VALUES (1, 'confirmed', '', '', 'd', 1), (2, 'rejected', '', '', 'd', 1)")
    before = bench.tables((*_WORDS, "account", "relation"))
    report = bench.records([AccountRecord(7, "ann", name="Ann")], 200)
    assert report.merged == 1
    assert con.execute("SELECT row, x_id, bio, followers, merged_into FROM account").fetchall() == [
        (1, 7, "by handle", 9, None),
        (2, None, None, 9, 1),
    ]
    assert con.execute("SELECT row, decision FROM decision").fetchall() == [(1, "keep")]
    assert con.execute("SELECT text FROM note").fetchall() == [("met her\nblogs",)]
    assert con.execute("SELECT count(*) FROM tagged WHERE row = 1").fetchone() == (2,)
    assert con.execute("SELECT count(*) FROM match_word").fetchone() == (0,)
    assert con.execute("SELECT item_id, via FROM handed_out").fetchall() == [(1, "worksheet")]
    assert bench.follows() == {"ann"}
    bench.undo()
    assert bench.tables((*_WORDS, "account", "relation")) == before
    bench.redo()
    assert con.execute("SELECT merged_into FROM account WHERE row = 2").fetchone() == (1,)


_WORDS = ("decision", "tagged", "note", "match", "match_word", "plan_item", "handed_out")


_UNITED_BY_OTHER_MEANS = {"account", "import_change", "relation", "compare_pending", "judge_pending"}


def test_every_table_of_accounts_is_thought_of_when_two_unite(bench: Bench) -> None:
    tables = bench.store.con.execute(
        "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c ON c.name = 'row' WHERE m.type = 'table'"
    )
    assert {line[0] for line in tables} == {*merging.BY_ROW} | _UNITED_BY_OTHER_MEANS


def test_a_union_decided_on_since_stays(bench: Bench) -> None:
    bench.records([AccountRecord(None, "ann")], 100)
    bench.records([AccountRecord(7, None)], 110)
    bench.records([AccountRecord(7, "ann")], 200)
    bench.store.con.execute("INSERT INTO decision VALUES (1, 'out', NULL, 'dana', 5)")
    assert "left alone" in bench.undo()
    assert bench.one("SELECT merged_into FROM account WHERE row = 2") == 1


def test_undo_restores_what_nobody_touched_since(bench: Bench) -> None:
    bench.records(accounts("ann", "bob", bio="old"), 100, completeness="complete")
    before = bench.tables(("account", "relation", "handle_history"))
    bench.records(accounts("ann", "cat", bio="new"), 200, completeness="complete")
    after = bench.tables(("account", "relation", "handle_history"))
    assert (bench.new(), bench.left()) == ({"cat"}, {"bob"})
    bench.undo()
    hidden = bench.tables(("account", "relation", "handle_history"))
    assert hidden["relation"] == before["relation"]
    assert [line for line in hidden["account"] if line[-3] is None] == before["account"]
    bench.redo()
    assert bench.tables(("account", "relation", "handle_history")) == after


def test_undo_leaves_what_a_later_source_touched(bench: Bench) -> None:
    bench.records(accounts("ann", bio="old", followers=1), 100)
    bench.records(accounts("ann", bio="new", followers=2), 200)
    entry = bench.journal.to_undo()
    bench.records(accounts("ann", bio="newest"), 300)
    assert entry is not None
    text = drained(bench.reversing(entry, is_redo=False))
    assert "1 left alone" in text
    assert bench.store.con.execute("SELECT bio, followers FROM account").fetchall() == [("newest", 1)]


def test_an_account_a_later_import_knows_is_not_hidden(bench: Bench) -> None:
    bench.records(accounts("ann", "bob"), 100)
    entry = bench.journal.to_undo()
    bench.records(accounts("ann"), 200)
    assert entry is not None
    drained(bench.reversing(entry, is_redo=False))
    assert bench.one("SELECT handle FROM account WHERE hidden_by IS NULL") == "ann"
    bench.records(accounts("bob"), 300)
    assert bench.one("SELECT count(*) FROM account WHERE hidden_by IS NULL") == 2


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_killed_import_is_read_again_as_if_nothing_happened(bench: Bench, steps: int) -> None:
    old = bench.write("old-followers.csv", HEADER, lines(300))
    path = bench.write("followers.csv", HEADER, [(n, h, f"{name}!", *rest) for n, h, name, *rest in lines(1400, 200)])
    other = Bench(bench.folder, "other.db")
    for one in (bench, other):
        one.bring(old, relation="follower", completeness="complete", as_of="2026-01-01")
    job = bench.begin(path, relation="follower", completeness="complete", as_of="2026-02-01")
    for _ in range(steps):
        next(job)
    job.close()
    bench.kill()
    assert [run.source for run in imports.unfinished(bench.store)] == ["followers.csv"]
    assert not bench.left()
    assert not bench.new()
    resumed = bench.bring(path, relation="follower", completeness="complete", as_of="2026-02-01")
    whole = other.bring(path, relation="follower", completeness="complete", as_of="2026-02-01")
    assert resumed == whole
    mine, theirs = bench.tables(), other.tables()
    snapshots = [table.pop("snapshot") for table in (mine, theirs)]
    assert [line[2:] for line in snapshots[0]] == [line[2:] for line in snapshots[1]]
    mine.pop("relation")
    theirs.pop("relation")
    assert mine == theirs
    for question in (Bench.follows, Bench.new, Bench.left):
        assert question(bench) == question(other)
    assert not imports.unfinished(bench.store)
    other.close()


def test_a_killed_import_can_be_taken_back(bench: Bench) -> None:
    bench.bring(bench.write("old.csv", HEADER, lines(10)), relation="follower", completeness="complete")
    before = bench.tables(("relation", "snapshot"))
    job = bench.begin(bench.write("new.csv", HEADER, lines(1000, 5)), relation="follower")
    next(job)
    job.close()
    bench.kill()
    run = imports.unfinished(bench.store)[0]
    drained(reversing.discard_import(bench.store, run.id))
    assert bench.tables(("relation", "snapshot")) == before
    assert bench.one("SELECT count(*) FROM account WHERE hidden_by IS NULL") == 10
    with pytest.raises(BadInput, match="nothing to discard"):
        drained(reversing.discard_import(bench.store, run.id))


def test_a_cancelled_import_makes_nobody_new(bench: Bench) -> None:
    class Stop:
        def is_set(self) -> bool:
            return True

        def wait(self, timeout: float | None = None) -> bool:
            return True

    path = bench.write("followers.csv", HEADER, lines(5))
    plan = inspecting.plan_import(bench.store, str(path), ImportChoices(relation="follower"))
    job = importing.import_file(bench.store, bench.journal, bench.clock, plan, Stop())
    with pytest.raises(Cancelled):
        drained(job)
    assert bench.one("SELECT count(*) FROM relation") == 0


def test_our_own_account_is_no_row(bench: Bench) -> None:
    watermarks.PROFILE_HANDLE.write(bench.store, "Acme")
    bench.records([AccountRecord(1, "acme"), AccountRecord(2, "ann")], 100)
    assert bench.follows() == {"ann"}
    assert bench.one("SELECT count(*) FROM account") == 1


def test_relation_must_be_said(bench: Bench) -> None:
    with pytest.raises(BadInput, match="--relation"):
        bench.bring(bench.write("people.csv", "screen_name,bio", [("ann", "hi"), ("bob", "ho")]))


def test_flags_extend_the_other_direction_and_end_nobody(bench: Bench) -> None:
    bench.records(accounts("ann", "bob"), 100, "following", completeness="complete")
    flagged = [*accounts("ann", we_follow=1), *accounts("cat", we_follow=0)]
    bench.records(flagged, 200, "follower", completeness="complete")
    assert bench.follows("following") == {"ann", "bob"}
    assert bench.follows("follower") == {"ann", "cat"}


def test_a_domain_comes_from_the_site_and_never_from_the_shortener(bench: Bench) -> None:
    bench.records(
        [
            AccountRecord(1, "ann", url="https://t.co/x", site="https://blog.globex.co.uk/a"),
            AccountRecord(2, "bob", url="https://t.co/x"),
        ],
        100,
    )
    assert bench.store.con.execute("SELECT domain FROM account ORDER BY row").fetchall() == [("globex.co.uk",), (None,)]


def test_both_directions_in_one_file(bench: Bench) -> None:
    rows = [("ann", "follower"), ("bob", "following"), ("cat", "both")]
    path = bench.write("people.csv", "screen_name,relation", rows)
    bench.bring(path, what="accounts", relation="both")
    assert (bench.follows("follower"), bench.follows("following")) == ({"ann", "cat"}, {"bob", "cat"})
    mutual = bench.write("mutual.csv", "screen_name,followers_count", [("dan", 5), ("eve", 6)])
    bench.bring(mutual, what="accounts", relation="both")
    assert bench.follows("follower") & bench.follows("following") == {"cat", "dan", "eve"}


def test_another_profiles_flags_are_not_ours(bench: Bench) -> None:
    path = bench.write(
        "likers.csv", "screen_name,followers_count,followed_by", [("ann", 5, "true"), ("bob", 7, "false")]
    )
    assert bench.bring(path, what="accounts", relation="none").added == 2
    assert bench.one("SELECT count(*) FROM relation") == 0


def test_a_cheap_weekly_look_says_what_it_cannot_know(bench: Bench) -> None:
    bench.records(accounts("bob", "cat"), 100, completeness="complete")
    report = bench.records(accounts("ann", "bob"), 200, completeness="partial", newest_first=True)
    assert (report.new, report.left) == (1, 0)
    assert any(note == "partial: 1 new; overlap reached; leavers unknown" for note in report.notes)


@pytest.mark.parametrize(("column", "first", "then"), [
    ("relation", "follower", "following"), ("type", "followers", "following"), ("follows_us", "true", "false"),
])  # fmt: skip
def test_rows_that_say_the_other_direction_further_down_stop_the_import_whole(
    bench: Bench, column: str, first: str, then: str
) -> None:
    rows = [(f"user{number}", 10**9 + number, first if number < 900 else then) for number in range(1200)]
    path = bench.write("people.csv", f"username,user_id,{column}", rows)
    why = r"@user900 is no follower by .*--relation both.*Nothing of it is kept"
    with pytest.raises(BadInput, match=why) as stop:
        bench.bring(path, completeness="partial")
    assert "\n" not in str(stop.value)
    assert bench.follows("follower") | bench.follows("following") == set()
    assert bench.one("SELECT count(*) FROM account WHERE hidden_by IS NULL") == 0
    bench.bring(path, completeness="partial", relation="both")
    assert len(bench.follows("follower")) == 900
    assert len(bench.follows("following")) == (300 if then == "following" else 0)


def test_a_person_may_overrule_a_flag_but_not_what_each_row_says_it_is(bench: Bench) -> None:
    rows = [(f"user{number}", 10**9 + number, "true" if number < 900 else "false") for number in range(1200)]
    path = bench.write("people.csv", "username,user_id,follows_us", rows)
    bench.bring(path, completeness="partial", relation="follower")
    assert len(bench.follows("follower")) == 1200


def test_the_sheets_that_are_not_read_are_named(bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "export.xlsx"
    people = [["handle", "name"], ["@dana_o", "Dana"], ["@omar", "Omar"]]
    write_workbook(path, {"Followers": people, "Following": people, "Lost": people})
    plan = inspecting.plan_import(bench.store, str(path), ImportChoices())
    said = "read of sheet 'Followers'; left alone: 'Following', 'Lost' (--sheet NAME reads another)"
    assert (plan.relation, said in plan.problems) == ("follower", True)
