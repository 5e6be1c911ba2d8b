"""The plan from a script: pace, checks, batches and the way back, who stays, a random look, what changed."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from command_line import Call, rows

UNFOLLOWS = "handle:oldfriend OR handle:freightnews OR handle:x8271628192"


def test_the_pace_is_shown_and_set(call: Call) -> None:
    shown = call("plan", "pace")
    assert shown.code == 0
    assert "by hand 150 a day, 45 in 15 minutes · API 200 a day, 40 in 15 minutes" in shown.out
    assert ["quiet", "hours", "none"] in [line.split() for line in shown.out.splitlines()]
    done = call("plan", "pace", "--quiet", "22:00-07:00", "--cap", "unfollow=100/20", "--watch", "on")
    assert done.code == 0
    assert done.err.splitlines() == [
        "quiet hours: nothing is carried out from 22:00 to 07:00",
        "unfollow: at most 100 a day, 20 within 15 minutes, through the API and by hand together",
        "going on over days by itself: on",
    ]
    found = call("plan", "pace", "--json").json
    assert (found["quiet_hours"], found["caps"]["unfollow"]["hand"], found["watch"]) == (
        "22:00-07:00", {"per_day": 100, "per_window": 20}, True,
    )  # fmt: skip
    for wrong in (("--quiet", "late"), ("--cap", "unfollow=9999"), ("--cap", "unfollow"), ("--cap", "like=3")):
        refused = call("plan", "pace", *wrong)
        assert (refused.code, len(refused.err.splitlines())) == (1, 1), wrong
    assert call("plan", "pace", "--json").json == found


def test_checks_are_added_shown_run_and_dropped(call: Call, tmp_path: Path) -> None:
    assert "No house checks yet" in call("checks").err
    added = call("checks", "add", "must_keep @oldfriend", "must_be customer @nobody_here")
    assert (added.code, added.err) == (0, "house checks: 2 lines added; not known here yet: @nobody_here\n")
    assert call("checks", "run").code == 0
    assert call("decide", "handle:oldfriend", "out").code == 0
    failing = call("checks", "run", "--json")
    assert failing.code == 1
    assert failing.json == [
        {"check": "must_keep @oldfriend", "holds": False, "why": "@oldfriend must be kept, and unfollow is planned"},
        {"check": "must_be customer @nobody_here", "holds": True, "why": "not known here"},
    ]
    for command in (("apply", "--via", "hand"), ("worksheet", str(tmp_path / "plan.csv"))):
        refused = call(*command)
        assert (refused.code, "1 house check fails, so nothing is carried out" in refused.err) == (1, True), refused.err
    assert "! check" in call("doctor").out
    matched = call("match")
    assert "! 1 house check fails: @oldfriend must be kept" in matched.err
    assert call("checks", "drop", "must_keep @oldfriend").code == 0
    assert call("worksheet", str(tmp_path / "plan.csv")).code == 0
    path = tmp_path / "mine.txt"
    path.write_text("must_be bot @oldfriend\n")
    assert call("checks", "run", str(path)).code == 1
    assert call("undo", "--yes").code == 0
    assert call("checks", "--json").json[0]["check"] == "must_keep @oldfriend"


def test_what_was_done_is_taken_back(call: Call, tmp_path: Path, store: Path) -> None:
    call("decide", UNFOLLOWS, "out")
    sheet = tmp_path / "plan.csv"
    call("worksheet", str(sheet))
    text = sheet.read_text(encoding="utf-8").splitlines()
    sheet.write_text("\n".join([text[0], *(line + "done" for line in text[1:])]), encoding="utf-8")
    assert call("worksheet", "import", str(sheet)).code == 0
    [batch] = call("plan", "batches", "--json").json
    assert (batch["by"], batch["done"], batch["who"], batch["taking_back"]) == ("hand", "3 unfollow", "mk", 0)
    back = call("plan", "reverse", str(batch["batch"]))
    assert back.code == 0
    assert back.err.startswith(f"batch {batch['batch']} taken back")
    assert "follow: 3 accounts, by hand" in back.err
    planned = {a["action"]: a["ready"] for a in call("plan", "--json").json["actions"]}
    assert planned["follow"] == 3
    again = call("plan", "reverse", str(batch["batch"]))
    assert (again.code, "3 planned already" in again.err) == (4, True)
    assert "there is no batch 99" in call("plan", "reverse", "99").err
    assert rows(store, "SELECT count(*) FROM release WHERE guard = 'unfollowed'") == [(3,)]


def test_why_the_others_stay(call: Call) -> None:
    call("decide", "handle:oldfriend", "out")
    lines = call("plan", "stays", "--json").json
    assert sum(line["count"] for line in lines) == 3
    for line in lines:
        if line["query"]:
            assert int(call("accounts", line["query"], "--count").out) == line["count"]
    assert "matches a list entry" in call("plan", "stays").out


def test_a_random_look_and_what_is_brought_back(call: Call, store: Path) -> None:
    assert call("plan", "look").code == 4
    call("decide", UNFOLLOWS, "out")
    assert call("plan", "look", "--count", "2").out.count("unfollow") == 2
    with sqlite3.connect(store) as con:
        con.execute("UPDATE account SET bio = 'now a customer' WHERE handle = 'oldfriend'")
        con.execute("UPDATE plan_item SET basis = basis")
    listed = call("apply", "--dry-run").out
    assert "oldfriend" not in listed
    assert "freightnews" in listed
    shown = call("plan").out
    assert "set aside       1  changed since it was planned: has a new bio; bring it back to carry it out" in shown
    assert "note      unfollow: to follow again later tells them" in shown
    assert "back in the plan: 1 action" in call("plan", "back", "handle:oldfriend").err
    assert "oldfriend" in call("apply", "--dry-run").out


def test_going_on_over_days_asks_for_the_switch_and_the_number(call: Call) -> None:
    call("decide", UNFOLLOWS, "out")
    refused = call("apply", "--watch", "5", "--yes", "5")
    assert (refused.code, "switched off" in refused.err) == (1, True)
    call("plan", "pace", "--watch", "on")
    nothing = call("apply", "--watch", "5", "--yes", "5")
    assert (nothing.code, "only unfollow and unmute through the API" in nothing.err) == (4, True)


def test_the_journal_keeps_the_words_of_a_drop(call: Call) -> None:
    call("decide", UNFOLLOWS, "out")
    assert call("plan", "drop", "handle:oldfriend").code == 0
    entry = call("journal", "--json").json[0]
    assert (entry["command"], entry["query"]) == ("plan.drop", "handle:oldfriend")
    assert call("undo", "--yes").err.startswith("undo: dropped from the plan: @oldfriend")
    assert call("plan", "--json").json["actions"][0]["ready"] == 3
