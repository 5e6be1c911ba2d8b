from __future__ import annotations

import csv
import json
import os
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click
import pytest
from command_line import Call

from followertui.domain.clock import SystemClock
from followertui.domain.decision import Decision
from followertui.services.review import deciding
from followertui.services.session import Session
from followertui.store.file.connection import Store
from followertui.x.platform import Access
from followertui.x.sandbox.made import FIRST_ID, made_state
from followertui.x.sandbox.server import serve
from followertui.x.sandbox.state import ListState, SandboxState


def test_decide_out_plans_an_unfollow_and_undo_takes_it_back(call: Call) -> None:
    result = call("decide", "handle:oldfriend", "out")
    assert (result.code, result.out) == (0, "")
    account = call("show", "oldfriend", "--json").json
    assert (account["decision"], account["plan"]) == ("out", "unfollow")
    assert call("undo").code == 0
    assert call("show", "oldfriend", "--json").json["decision"] == "none"
    assert call("redo").code == 0
    assert call("show", "oldfriend", "--json").json["plan"] == "unfollow"
    assert call("redo").code == 4


@pytest.mark.parametrize("verb", ["undo", "redo"])
def test_another_reviewers_gesture_is_not_reversed_unasked(call: Call, verb: str) -> None:
    """Finding 7: the command line crossed reviewers without a word."""
    call("decide", "handle:oldfriend", "out")
    if verb == "redo":
        call("undo")
    before = call("show", "oldfriend", "--json").json["decision"]
    refused = call(verb, before=("--reviewer", "dana"))
    assert (refused.code, refused.err.count("\n")) == (1, 1)
    asked = f"this would {verb} “out: @oldfriend · 1 action planned” by mk"
    assert refused.err == f"followertui: {asked}: add --yes, or run it in a terminal\n"
    assert call("show", "oldfriend", "--json").json["decision"] == before
    assert call(verb, "--yes", before=("--reviewer", "dana")).code == 0
    assert call("show", "oldfriend", "--json").json["decision"] != before


def test_what_the_review_did_is_not_undone_unasked(call: Call, store: Path) -> None:
    opened = Store(store)
    session = Session(opened, reviewer="mk")
    deciding.decide(session, [1], Decision.KEEP)
    opened.close()
    assert "by an earlier session" in call("undo").err
    assert call("undo", "--yes").code == 0


def test_undo_without_a_gesture_is_exit_4(tmp_path: Path, call: Call) -> None:
    for _ in range(10):
        if call("undo", "5").code == 4:
            break
    assert call("undo").code == 4


def test_a_query_that_finds_nobody_is_exit_4(call: Call) -> None:
    for arguments in (("decide", "handle:zzz", "out"), ("kind", "handle:zzz", "bot"), ("plan", "drop", "handle:zzz")):
        result = call(*arguments)
        assert (result.code, result.err.count("\n")) == (4, 1)


def test_kind_tag_and_note(call: Call) -> None:
    assert call("kind", "-is:follower -kind:press", "vendor").code == 0
    assert call("show", "oldfriend", "--json").json["kind"] == "vendor"
    assert call("kind", "oldfriend", "auto").code == 0
    assert call("show", "oldfriend", "--json").json["kind"] != "vendor"
    assert call("tag", "oldfriend", "--add", "school", "--add", "old").code == 0
    assert call("tag", "tag:old", "--remove", "old").code == 0
    assert call("show", "oldfriend", "--json").json["tags"] == ["school"]
    assert call("note", "oldfriend", "ask\x1b[31m Kim").code == 0
    assert call("show", "oldfriend", "--json").json["note"] == "ask Kim"


def test_plan_json_and_words(call: Call) -> None:
    call("decide", "is:following", "out")
    plan = call("plan", "--json").json
    assert list(plan) == ["profile", "open", "warnings", "actions", "notes"]
    [action] = plan["actions"]
    assert (action["action"], action["via"], action["price_usd"]) == ("unfollow", "hand", None)
    assert action["ready"] + action["held"] == plan["open"]
    assert sum(line["count"] for line in action["by_reason"]) == action["ready"]
    assert sum(line["count"] for line in action["held_by"]) == action["held"] > 0
    words = call("plan").out
    assert "held back" in words
    assert "clicks by hand" in words


def test_plan_add_and_drop(call: Call) -> None:
    assert call("plan", "add", "list-add", "freightnews").code == 1
    assert call("plan", "add", "list-add", "freightnews", "--list", "Press").code == 0
    assert call("plan", "add", "repost", "freightnews", "--post", "abc").code == 1
    assert call("plan", "add", "dance", "freightnews").code == 2
    assert call("show", "freightnews", "--json").json["plan"] == "list-add"
    assert call("plan", "drop", "freightnews").code == 0
    assert call("show", "freightnews", "--json").json["plan"] is None
    assert call("plan", "drop", "freightnews").code == 4


def test_apply_with_nothing_planned_is_exit_4(call: Call) -> None:
    assert call("apply", "--via", "hand").code == 4
    assert call("apply", "--dry-run").code == 4
    assert call("worksheet", "none.csv").code == 4


def test_dry_run_shows_pages_and_does_nothing(call: Call) -> None:
    call("decide", "handle:oldfriend", "out")
    result = call("apply", "--dry-run")
    assert result.code == 0
    assert "https://x.com/oldfriend" in result.out
    assert call("plan", "--json").json["actions"][0]["ready"] == 1


def test_by_hand_needs_a_terminal(call: Call) -> None:
    call("decide", "handle:oldfriend", "out")
    result = call("apply")
    assert (result.code, "worksheet" in result.err) == (1, True)


def test_a_worksheet_goes_out_and_comes_back(call: Call, tmp_path: Path) -> None:
    call("decide", "handle:oldfriend OR handle:x8271628192 OR handle:freightnews", "out")
    sheet = tmp_path / "plan.csv"
    assert call("worksheet", str(sheet)).code == 0
    assert call("worksheet", str(sheet)).code == 1, "a sheet somebody filled in is not overwritten"
    with sheet.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["name"][:2] for row in rows if row["handle"].startswith("x8")] == ["'="]
    answers = {"oldfriend": "done", "x8271628192": "Later", "freightnews": "perhaps"}
    for row in rows:
        row["done"] = answers[row["handle"]]
    assert call("worksheet", "import", str(sheet)).code == 4
    with sheet.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    result = call("worksheet", "import", str(sheet))
    assert result.code == 0
    assert "1 done, 1 later, 0 missing" in result.err
    assert "perhaps" in result.err
    [action] = call("plan", "--json").json["actions"]
    assert (action["done_by_hand"], action["later"], action["ready"]) == (1, 1, 1)
    assert "was recorded before" in call("worksheet", "import", str(sheet)).err


def test_keep_changes_for_a_handle_and_for_no_query(call: Call) -> None:
    """reliability.md 4: keep fell to a query that found exactly one account."""
    assert call("decide", "@oldfriend", "keep").code == 0
    result = call("--reviewer", "ana", "decide", "handle:oldfriend", "out")
    assert "Held back: 1 kept" in result.err
    assert call("show", "oldfriend", "--json").json["decision"] == "keep"
    result = call("--reviewer", "ana", "decide", "@oldfriend", "out")
    assert "over keep by mk of" in result.err
    assert call("show", "oldfriend", "--json").json["decision"] == "out"
    assert call("decide", "@nobody_here", "out").code == 1


def test_a_release_of_nothing_is_refused_and_one_of_something_is_named(call: Call) -> None:
    """reliability.md 3: a release was for ever and in advance."""
    result = call("release", "oldfriend")
    assert (result.code, "nothing to release from" in result.err) == (1, True)
    call("kind", "@oldfriend", "customer")
    assert "released from: is a customer" in call("release", "oldfriend").err
    call("kind", "@oldfriend", "partner")
    call("decide", "@oldfriend", "out")
    assert call("plan", "--json").json["actions"][0]["held"] == 1


def test_what_is_not_compared_is_held_counted_and_named(call: Call, store: Path) -> None:
    """reliability.md 2: customers of a list that was never compared were unfollowed; doctor did not mention it."""
    call("decide", "@oldfriend", "out")
    with sqlite3.connect(store) as con:
        con.execute("UPDATE meta SET value = value + 1 WHERE name = 'lists_version'")
    con.close()
    said = "not compared with your lists"
    assert said in call("doctor").out
    result = call("apply", "--via", "hand")
    assert (result.code, f"1 action held back: {said} yet; `followertui match` takes 1 s" in result.err) == (4, True)
    assert call("worksheet", "none.csv").code == 4
    assert call("match").code == 0
    assert said not in call("doctor").out
    assert call("plan", "--json").json["actions"][0]["ready"] == 1


def test_a_worksheet_hands_out_and_takes_what_no_guard_holds(call: Call, tmp_path: Path) -> None:
    """What was handed out and clicked is recorded, and named where a guard came since; what was not is refused."""
    call("decide", "@oldfriend", "out")
    call("kind", "@freightnews", "customer")
    call("decide", "@freightnews", "out")
    sheet = tmp_path / "plan.csv"
    call("worksheet", str(sheet))
    with sheet.open(encoding="utf-8", newline="") as file:
        [row] = csv.DictReader(file)
    assert row["handle"] == "oldfriend"
    plan = call("plan", "--json").json
    call("kind", "@oldfriend", "customer")
    number = int(row["code"].removeprefix("p")) + 1
    held = {**row, "code": f"p{number}", "handle": "freightnews", "done": "done"}
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(row))
        writer.writeheader()
        writer.writerows([{**row, "done": "done"}, held])
    result = call("worksheet", "import", str(sheet))
    assert "1 recorded though held back since the sheet was written: is a customer" in result.err
    assert "1 left alone: held back: is a customer (release to allow); its link was not handed out" in result.err
    assert plan["actions"][0]["held"] == 1


def test_a_worksheet_of_another_store_is_refused(call: Call, tmp_path: Path) -> None:
    call("decide", "handle:oldfriend", "out")
    sheet = tmp_path / "plan.csv"
    call("worksheet", str(sheet))
    text = sheet.read_text(encoding="utf-8").replace("oldfriend", "somebody").replace("2001", "77")
    sheet.write_text(text.rstrip() + "done\n", encoding="utf-8")
    result = call("worksheet", "import", str(sheet))
    assert (result.code, "another account" in result.err) == (4, True)
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert call("worksheet", "import", str(tmp_path / "other.csv")).code == 1


def test_an_html_worksheet_escapes_everything(call: Call, tmp_path: Path) -> None:
    call("decide", "handle:x8271628192", "out")
    call("note", "x8271628192", "<script>alert(1)</script>")
    page = tmp_path / "plan.html"
    assert call("worksheet", str(page)).code == 0
    text = page.read_text(encoding="utf-8")
    assert 'href="https://x.com/x8271628192"' in text
    assert "=cmd|&#x27; /C calc&#x27;!A0" in text
    assert "<script" not in text
    assert call("worksheet", str(tmp_path / "plan.txt")).code == 1


class SignedIn(NamedTuple):
    """Handles the store follows, and the truth of the sandbox it is signed in to."""

    handles: list[str]
    state: SandboxState


@pytest.fixture
def signed_in(fresh: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SignedIn]:
    """A sandbox X on loopback and a store that follows three of its accounts; gives their handles."""
    state = made_state(40, Access.PAY_PER_USE)
    made = [state.profile(x_id) for x_id in (FIRST_ID, FIRST_ID + 5, FIRST_ID + 10)]
    users = [user for user in made if user]
    export = [{"id": user["id"], "username": user["username"], "name": user["name"]} for user in users]
    (tmp_path / "made.json").write_text(json.dumps(export), encoding="utf-8")
    assert fresh("import", "accounts", str(tmp_path / "made.json"), "--relation", "following", "--complete").code == 0
    server = serve(state, 0, SystemClock())
    server.start()
    for name, value in state.keys.environ(state.own_id, server.address).items():
        monkeypatch.setenv(name, value)
    yield SignedIn([user["username"] for user in users], state)
    server.stop()


def _query(handles: list[str]) -> str:
    return " OR ".join(f"handle:{handle}" for handle in handles)


def test_apply_asks_for_the_count_and_carries_out(fresh: Call, signed_in: SignedIn) -> None:
    assert fresh("plan", "add", "mute", _query(signed_in.handles)).code == 0
    asked = fresh("apply", "--via", "api")
    assert asked.code == 1
    assert "--yes 3" in asked.err
    assert "$0.03" in asked.err
    wrong = fresh("apply", "--yes", "7")
    assert (wrong.code, "not 7" in wrong.err) == (1, True)
    dry = fresh("apply", "--dry-run")
    assert dry.out.count("POST /2/users/{id}/muting") == 3
    done = fresh("apply", "--yes", "2", "--limit", "2")
    assert done.code == 0
    assert "2 actions done" in done.err
    [action] = fresh("plan", "--json").json["actions"]
    assert (action["done"], action["ready"]) == (2, 1)


def test_a_full_rate_window_is_exit_3_and_goes_on_later(fresh: Call, signed_in: SignedIn, tmp_path: Path) -> None:
    signed_in.state.limits["mute"] = {"window": 1}
    fresh("plan", "add", "mute", _query(signed_in.handles))
    stopped = fresh("apply", "--yes", "3")
    assert stopped.code == 3
    assert "the cap of 1 within 15 minutes is reached; run apply again from" in stopped.err, "as X's headers told"
    assert "2 left in the plan" in stopped.err
    signed_in.state.limits.clear()
    with sqlite3.connect(tmp_path / "fresh.db") as con:
        con.execute("UPDATE call SET at = at - 1000")
    assert fresh("apply", "--yes", "2").code == 0
    assert len(signed_in.state.muted) == 3


def test_what_x_refuses_goes_by_hand(fresh: Call, signed_in: SignedIn) -> None:
    fresh("decide", _query(signed_in.handles), "out")
    first = fresh("apply", "--via", "api", "--yes", "3")
    assert first.code == 0
    assert first.err.count("X refuses unfollow for this account") == 1
    assert "3 actions by hand" in first.err
    assert fresh("apply", "--via", "api", "--yes", "3").code == 4
    [action] = fresh("plan", "--json").json["actions"]
    assert (action["via"], action["ready"]) == ("hand", 3)


@pytest.mark.parametrize(("refusing", "code"), [(3, 1), (2, 1), (0, 0)], ids=["all", "all but one", "none"])
def test_an_apply_of_which_something_failed_is_exit_1(
    fresh: Call, signed_in: SignedIn, refusing: int, code: int, tmp_path: Path
) -> None:
    signed_in.state.access = Access.ENTERPRISE
    ids = [FIRST_ID + 1 + 5 * number for number in range(3)]
    signed_in.state.following.clear()
    signed_in.state.blocks_us = set(ids[:refusing])
    others = tmp_path / "others.csv"
    lines = [f"{x_id},made_{x_id - FIRST_ID}" for x_id in ids]
    others.write_text("\n".join(["id,screen_name", *lines]), encoding="utf-8")
    assert fresh("import", "accounts", str(others), "--relation", "follower", "--partial").code == 0
    assert fresh("plan", "add", "follow", _query([f"made_{x_id - FIRST_ID}" for x_id in ids])).code == 0
    done = fresh("apply", "--via", "api", "--yes", "3")
    assert done.code == code, done.err
    assert ("none of the actions was carried out: 3 failed; `plan` says why" in done.err) is (refusing == 3)
    assert ("2 of the actions failed, 1 are done; `plan` says why" in done.err) is (refusing == 2)
    assert len(signed_in.state.following) == 3 - refusing
    [action] = fresh("plan", "--json").json["actions"]
    assert (action["done"], action["failed"]) == (3 - refusing, refusing)


def test_a_list_is_looked_up_when_it_is_planned(fresh: Call, signed_in: SignedIn) -> None:
    """A name X does not know is refused at once; one that is ours becomes its id; the run goes on behind."""
    signed_in.state.lists = {77: ListState(77, "Prospects"), 78: ListState(78, "Press")}
    everyone = _query(signed_in.handles)
    unknown = fresh("plan", "add", "list-add", everyone, "--list", "Prospect")
    assert (unknown.code, 'named or numbered "Prospect"' in unknown.err) == (1, True)
    assert '"Prospects", "Press"' in unknown.err
    assert fresh("plan", "--json").json["actions"] == []
    assert fresh("plan", "add", "list-add", everyone, "--list", "prospects").code == 0
    assert fresh("plan", "add", "mute", everyone).code == 0
    done = fresh("apply", "--yes", "6")
    assert (done.code, len(signed_in.state.lists[77].members), len(signed_in.state.muted)) == (0, 3, 3), done.err
    [cost] = [line for line in fresh("costs", "--json").json["calls"] if line["what"] == "owned_lists"]
    assert (cost["requests"], cost["usd"]) == (2, 0.004)


def test_a_list_is_made_where_asked(fresh: Call, signed_in: SignedIn) -> None:
    everyone = _query(signed_in.handles)
    assert fresh("plan", "add", "list-add", everyone, "--list", "Sales", "--make").code == 0
    [made] = signed_in.state.lists.values()
    assert made.name == "Sales"
    assert fresh("plan", "add", "list-add", everyone, "--list", f"https://x.com/i/lists/{made.id}").code == 0
    assert fresh("apply", "--yes", "3").code == 0
    assert len(made.members) == 3


def test_a_list_planned_before_signing_in_stops_nothing_behind_it(
    fresh: Call, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    everyone = _query(signed_in.handles)
    with monkeypatch.context() as signed_out:
        for name in [name for name in os.environ if name.startswith("FOLLOWERTUI_X_")]:
            signed_out.delenv(name)
        assert fresh("plan", "add", "list-add", everyone, "--list", "Prospects").code == 0
        assert fresh("plan", "add", "unmute", everyone).code == 0
    done = fresh("apply", "--yes", "6")
    assert 'the id of "Prospects" is not known, do it by hand' in done.err
    assert (done.code, "3 actions done, 3 to do by hand" in done.err) == (0, True), done.err


def test_a_post_is_given_by_its_number_or_its_address(call: Call) -> None:
    wrong = call("plan", "add", "repost", "handle:oldfriend", "--post", "latest")
    assert (wrong.code, "give the post's address or the number" in wrong.err) == (1, True)
    assert call("plan", "add", "repost", "handle:oldfriend", "--post", "https://x.com/acme/status/1790?s=20").code == 0
    step = call("apply", "--dry-run")
    assert "tweet_id=1790" in step.out


def test_undoing_a_list_takes_its_matches_along(call: Call) -> None:
    assert call("matches", "--json").json
    assert call("undo").code == 0
    assert call("lists", "--json").json == []
    assert call("matches", "--json").json == []
    assert call("redo").code == 0
    assert {match["handle"] for match in call("matches", "--json").json} >= {"globex", "initech_hq"}


def test_undo_of_a_tag_offers_the_comparison_that_is_due_and_does_not_begin_it(call: Call, store: Path) -> None:
    """house.md 29: it compared a million accounts nobody had asked about."""
    assert call("tag", "is:follower", "--add", "x").code == 0
    with sqlite3.connect(store) as con:
        con.execute("INSERT OR IGNORE INTO compare_pending SELECT row FROM account")
        waiting = con.execute("SELECT count(*) FROM compare_pending").fetchone()[0]
    for verb in ("undo", "redo"):
        result = call(verb)
        assert f"{waiting} accounts are not compared yet: followertui match compares them" in result.err
    with sqlite3.connect(store) as con:
        assert con.execute("SELECT count(*) FROM compare_pending").fetchone()[0] == waiting
    assert call("match").code == 0
    assert "not compared" not in call("undo").err


def test_by_hand_in_a_terminal_goes_one_by_one(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    call("decide", "handle:oldfriend OR handle:freightnews OR handle:x8271628192", "out")
    keys = iter("dus?mq")
    monkeypatch.setattr(click, "getchar", lambda: next(keys))
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    result = call("apply")
    assert result.code == 0
    assert "Is x.com signed in as" in result.err
    assert result.out.count("https://x.com/") == 6
    assert "0 done, 1 later, 1 missing" in result.err
    [action] = call("plan", "--json").json["actions"]
    assert (action["done_by_hand"], action["later"], action["missing"], action["ready"]) == (0, 1, 1, 1)
