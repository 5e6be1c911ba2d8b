"""Readings on the command line: complete, partial or doubted; several archives in a folder; sentinels."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from command_line import Call, rows, write_rows


def test_a_later_word_on_completeness_makes_and_unmakes_leavers(call: Call, store: Path, tmp_path: Path) -> None:
    path = write_rows(tmp_path / "later.csv", ("id", "username", "followers_count"), (("1001", "globex", "5"),))
    done = call("import", "accounts", str(path), "--relation", "follower", "--partial", "--as-of", "2026-11-21")
    assert "left" not in done.err.replace("leavers", "")
    number = str(call("import", "log", "--json").json[0]["id"])
    left = "SELECT count(*) FROM relation WHERE direction = 'follower' AND missed_at IS NOT NULL"
    said = call("import", "complete", number)
    assert said.code == 0
    assert "4 left" in said.err
    assert rows(store, left) == [(4,)]
    assert call("import", "complete", number).code == 4
    call("undo")
    assert rows(store, left) == [(0,)]
    call("redo")
    assert rows(store, left) == [(4,)]
    call("import", "partial", number)
    assert rows(store, left) == [(0,)]
    assert call("import", "complete", "99").code == 1


def test_the_share_of_the_profile_s_count_decides(call: Call, store: Path, tmp_path: Path) -> None:
    con = sqlite3.connect(store)
    with con:
        at = con.execute("SELECT strftime('%s', '2026-11-21')").fetchone()[0]
        con.executemany(
            "INSERT OR REPLACE INTO meta VALUES (?, ?)", [("profile_counts_at", at), ("profile_count_follower", "9")]
        )
    con.close()
    path = write_rows(tmp_path / "some.csv", ("id", "username", "followers_count"), (("1001", "globex", "5"),))
    done = call("import", "accounts", str(path), "--relation", "follower", "--as-of", "2026-11-21")
    assert "partial: 1 of 9; creates no leavers" in done.err


def archive_of(
    folder: Path, owner: str, day: str, ids: range, stated: int | None = None, direction: str = "follower"
) -> None:
    (folder / "data").mkdir(parents=True)
    entries = [{direction: {"accountId": str(one)}} for one in ids]
    (folder / "data" / f"{direction}.js").write_text(f"window.YTD.{direction}.part0 = {json.dumps(entries)}")
    about = {
        "userInfo": {"accountId": owner, "userName": f"owner_{owner}"},
        "archiveInfo": {"generationDate": f"{day}T00:00:00.000Z"},
        "dataTypes": {direction: {"files": [{"count": str(len(ids) if stated is None else stated)}]}},
    }
    (folder / "data" / "manifest.js").write_text(f"window.__THAR_CONFIG = {json.dumps(about)}")


def test_two_archives_of_one_account_are_two_readings(call: Call, tmp_path: Path) -> None:
    fresh = ("--store", str(tmp_path / "fresh.db"))
    archive_of(tmp_path / "all" / "new", "7", "2026-10-01", range(1000, 1005))
    archive_of(tmp_path / "all" / "old", "7", "2022-05-01", range(1000, 1020))
    said = call(*fresh, "import", "archive", str(tmp_path / "all"))
    assert said.code == 0, said.err
    assert "holds 2 archives of one account, read from the oldest on" in said.err
    assert "15 left" in said.err
    readings = rows(tmp_path / "fresh.db", "SELECT read, completeness FROM snapshot ORDER BY as_of")
    assert readings == [(20, "complete"), (5, "complete")]


def test_archives_of_two_accounts_never_come_into_one_store(call: Call, tmp_path: Path) -> None:
    fresh = ("--store", str(tmp_path / "fresh.db"))
    archive_of(tmp_path / "all" / "a", "7", "2026-10-01", range(1000, 1005))
    archive_of(tmp_path / "all" / "b", "8", "2026-10-01", range(2000, 2005))
    said = call(*fresh, "import", "archive", str(tmp_path / "all"))
    assert said.code == 1
    assert "holds 2 archives: a of @owner_7, 2026-10-01; b of @owner_8, 2026-10-01; name the folder of one" in said.err
    assert rows(tmp_path / "fresh.db", "SELECT count(*) FROM account") == [(0,)]


def test_more_than_an_archive_states_is_not_complete(call: Call, tmp_path: Path) -> None:
    fresh = ("--store", str(tmp_path / "fresh.db"))
    archive_of(tmp_path / "a", "7", "2026-10-01", range(1000, 1025), stated=20)
    said = call(*fresh, "import", "archive", str(tmp_path / "a"))
    assert "25 followers, more than the 20 stated: treated as partial" in said.err
    assert rows(tmp_path / "fresh.db", "SELECT completeness FROM snapshot") == [("partial",)]


def following(path: Path, ids: range) -> str:
    write_rows(path, ("id", "screen_name"), [(str(one), f"person_{one}") for one in ids])
    return str(path)


@pytest.fixture
def followed(call: Call, tmp_path: Path) -> tuple[str, ...]:
    """A store that knows whom we follow: 40 accounts, two of which we clicked away by hand or may have."""
    fresh = ("--store", str(tmp_path / "fresh.db"))
    path = following(tmp_path / "first.csv", range(2000, 2040))
    said = call(*fresh, "import", "accounts", path, "--relation", "following", "--as-of", "2026-10-01", "--complete")
    assert said.code == 0, said.err
    return fresh


def bring_following(call: Call, fresh: tuple[str, ...], path: str, *more: str) -> str:
    said = call(*fresh, "import", "accounts", path, "--relation", "following", "--as-of", "2026-10-08", *more)
    assert said.code == 0, said.err
    return said.err


def test_a_list_of_who_we_follow_without_a_sentinel_is_partial(
    call: Call, tmp_path: Path, followed: tuple[str, ...]
) -> None:
    named = call(*followed, "sentinels", "@person_2001", "2005", "@person_2039")
    assert "partial unless @person_2001, @person_2005, @person_2039 are in it" in named.err
    assert call(*followed, "sentinels").out.split()[-3:] == ["@person_2001", "@person_2005", "@person_2039"]
    said = bring_following(call, followed, following(tmp_path / "cut.csv", range(2000, 2038)), "--complete")
    assert "partial: @person_2039, whom you surely follow, is not in it; creates no leavers" in said
    assert " left" not in said.splitlines()[1]
    assert call(*followed, "accounts", "is:following", "--count").out.strip() == "40"
    kept = bring_following(call, followed, following(tmp_path / "whole.csv", range(2001, 2040)), "--complete")
    assert "1 left" in kept


def test_a_list_without_half_of_the_last_one_is_partial(call: Call, tmp_path: Path, followed: tuple[str, ...]) -> None:
    said = bring_following(call, followed, following(tmp_path / "other.csv", range(2030, 2100)), "--complete")
    assert "partial: 30 of the 40 accounts of the last complete one are not in it" in said
    assert rows(tmp_path / "fresh.db", "SELECT completeness FROM snapshot ORDER BY id") == [("complete",), ("partial",)]
    assert call(*followed, "import", "complete", "2").code == 0
    assert call(*followed, "accounts", "is:following", "--count").out.strip() == "70"


def test_half_of_the_last_one_is_enough(call: Call, tmp_path: Path, followed: tuple[str, ...]) -> None:
    assert "20 left" in bring_following(call, followed, following(tmp_path / "b.csv", range(2020, 2040)), "--complete")


@pytest.mark.parametrize("names", [["@person_2001"], [f"@person_{2000 + n}" for n in range(6)]])
def test_sentinels_are_three_to_five(call: Call, followed: tuple[str, ...], names: list[str]) -> None:
    refused = call(*followed, "sentinels", *names)
    assert refused.code == 1
    assert "name 3 to 5 accounts you surely follow" in refused.err
    assert "none are set" in call(*followed, "sentinels").err


def test_sentinels_are_proposed_from_those_that_are_kept(call: Call, followed: tuple[str, ...]) -> None:
    call(*followed, "decide", "handle:person_2003 OR handle:person_2004", "keep")
    assert "for instance: followertui sentinels @person_2003 @person_2004" in call(*followed, "sentinels").err


def test_the_same_file_again_with_complete_does_not_overrule_the_sentinels(
    call: Call, tmp_path: Path, followed: tuple[str, ...]
) -> None:
    call(*followed, "sentinels", "@person_2001", "2005", "@person_2039")
    cut = following(tmp_path / "cut.csv", range(2000, 2038))
    bring_following(call, followed, cut, "--complete")
    again = bring_following(call, followed, cut, "--complete")
    assert "stays partial: @person_2039, whom you surely follow, is not in it; `import complete 2` overrules" in again
    assert call(*followed, "accounts", "is:following", "--count").out.strip() == "40"
    assert call(*followed, "import", "complete", "2").code == 0
    assert call(*followed, "accounts", "is:following", "--count").out.strip() == "38"


def test_a_partial_list_that_no_sentinel_doubts_may_be_called_complete_later(
    call: Call, tmp_path: Path, followed: tuple[str, ...]
) -> None:
    call(*followed, "sentinels", "@person_2001", "2005", "@person_2030")
    less = following(tmp_path / "less.csv", range(2000, 2035))
    bring_following(call, followed, less, "--partial")
    assert "only that it is complete is new" in bring_following(call, followed, less, "--complete")
    assert call(*followed, "accounts", "is:following", "--count").out.strip() == "35"


SENTINELS = ("@person_2001", "2005", "@person_2039")


def test_a_doubted_list_feeds_no_plan_until_it_is_said_to_be_ours(
    call: Call, tmp_path: Path, followed: tuple[str, ...]
) -> None:
    call(*followed, "sentinels", *SENTINELS)
    other = following(tmp_path / "other.csv", range(2030, 2060))
    said = bring_following(call, followed, other)
    assert "partial: @person_2001, @person_2005, whom you surely follow, are not in it" in said
    assert "nobody counts as followed because of it until `import partial 2` or `import complete 2` says it is" in said
    assert call(*followed, "accounts", "is:following", "--count").out.strip() == "40"
    assert call(*followed, "accounts", "is:left", "--count").out.strip() == "0"
    call(*followed, "decide", "handle:person_2050 OR handle:person_2010", "out")
    planned = call(*followed, "plan", "--json").json
    assert sum(action["ready"] + action["held"] for action in planned["actions"]) == 1, planned
    assert [one["completeness"] for one in call(*followed, "import", "log", "--json").json] == ["doubtful", "complete"]
    assert call(*followed, "import", "partial", "2").code == 0
    assert call(*followed, "accounts", "is:following", "--count").out.strip() == "60"
    assert call(*followed, "undo").code == 0
    assert call(*followed, "accounts", "is:following", "--count").out.strip() == "40"
    assert call(*followed, "import", "log", "--json").json[0]["completeness"] == "doubtful"


def done_by_hand(call: Call, followed: tuple[str, ...], sheet: Path, count: int) -> None:
    """Hand the plan out and take it back as done."""
    call(*followed, "worksheet", str(sheet))
    done = sheet.read_text(encoding="utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(done)))
    assert len(lines) == count, done
    result = next(name for name in lines[0] if name.lower() in ("result", "done", "outcome"))
    write_rows(sheet, tuple(lines[0]), [tuple({**line, result: "done"}.values()) for line in lines])
    call(*followed, "worksheet", "import", str(sheet))


def test_whom_we_unfollowed_ourselves_need_not_be_in_the_next_list(
    call: Call, tmp_path: Path, followed: tuple[str, ...]
) -> None:
    """Neither a sentinel nor half of the last complete one: the list that confirms our own work is not doubted."""
    call(*followed, "sentinels", *SENTINELS)
    call(*followed, "decide", "is:following", "out")
    call(*followed, "decide", " OR ".join(f"handle:person_{n}" for n in range(2032, 2040)), "none")
    done_by_hand(call, followed, tmp_path / "sheet.csv", 32)
    others = ("import", "accounts", following(tmp_path / "others.csv", range(2037, 2090)), "--relation", "following")
    doubted = call(*followed, *others, "--dry-run", "--complete").err
    assert "partial: 5 of the 8 accounts of the last complete one, those you unfollowed since aside," in doubted
    said = bring_following(call, followed, following(tmp_path / "now.csv", range(2032, 2040)), "--complete")
    assert "partial" not in said
    assert "32 left" in said
    assert call(*followed, "accounts", "is:following", "--count").out.strip() == "8"


def test_a_doubted_list_confirms_no_click_and_opens_none(call: Call, tmp_path: Path, followed: tuple[str, ...]) -> None:
    """What a list of strangers lacks was not unfollowed, and what it holds was not followed again."""
    call(*followed, "sentinels", *SENTINELS)
    call(*followed, "decide", "handle:person_2010 OR handle:person_2035", "out")
    done_by_hand(call, followed, tmp_path / "sheet.csv", 2)
    said = bring_following(call, followed, following(tmp_path / "other.csv", range(2030, 2060)))
    assert "confirmed by" not in said
    assert "back in the plan" not in said


def test_what_will_be_doubted_is_said_before_anything_is_written(
    call: Call, tmp_path: Path, followed: tuple[str, ...]
) -> None:
    call(*followed, "sentinels", *SENTINELS)
    other = following(tmp_path / "other.csv", range(2030, 2060))
    look = ("import", "accounts", other, "--relation", "following", "--as-of", "2026-10-08", "--dry-run")
    missing = "partial: @person_2001, @person_2005, whom you surely follow, are not in it"
    assert missing in call(*followed, *look).err
    assert missing in call(*followed, *look, "--complete").err
    assert "surely follow" not in call(*followed, *look, "--partial").err
    whole = following(tmp_path / "whole.csv", range(2000, 2060))
    assert "surely follow" not in call(*followed, *look[:2], whole, *look[3:]).err


def test_an_archive_of_another_is_doubted_too(call: Call, tmp_path: Path, followed: tuple[str, ...]) -> None:
    archive_of(tmp_path / "a", "7", "2026-10-08", range(3000, 3010), direction="following")
    look = call(*followed, "import", "archive", str(tmp_path / "a"), "--dry-run")
    assert "partial: 40 of the 40 accounts of the last complete one are not in it" in look.err
    said = call(*followed, "import", "archive", str(tmp_path / "a"))
    assert "partial: 40 of the 40 accounts of the last complete one are not in it" in said.err
    assert call(*followed, "accounts", "is:following", "--count").out.strip() == "40"


def three_archives(folder: Path) -> None:
    archive_of(folder / "a old", "7", "2022-05-01", range(1000, 1020))
    archive_of(folder / "a new", "7", "2026-10-01", range(1000, 1005))
    archive_of(folder / "b", "8", "2026-10-01", range(2000, 2005))


@pytest.mark.parametrize("owner", ["@owner_7", "OWNER_7", "7"])
@pytest.mark.parametrize("command", [("archive",), ()])
def test_of_archives_of_two_accounts_those_of_the_one_said_are_read(
    call: Call, tmp_path: Path, owner: str, command: tuple[str, ...]
) -> None:
    fresh = ("--store", str(tmp_path / "fresh.db"))
    three_archives(tmp_path / "all")
    said = call(*fresh, "import", *command, str(tmp_path / "all"), "--owner", owner)
    assert said.code == 0, said.err
    assert "holds 2 archives of one account, read from the oldest on" in said.err
    assert "left alone: 1 of @owner_8" in said.err
    readings = rows(tmp_path / "fresh.db", "SELECT read, completeness FROM snapshot ORDER BY as_of")
    assert readings == [(20, "complete"), (5, "complete")]
    assert rows(tmp_path / "fresh.db", "SELECT count(*) FROM account WHERE x_id >= 2000") == [(0,)]


def test_of_archives_of_two_accounts_a_store_reads_its_own(call: Call, tmp_path: Path) -> None:
    fresh = ("--store", str(tmp_path / "fresh.db"))
    archive_of(tmp_path / "first", "8", "2025-01-01", range(2000, 2010))
    assert call(*fresh, "import", "archive", str(tmp_path / "first")).code == 0
    three_archives(tmp_path / "all")
    said = call(*fresh, "import", str(tmp_path / "all"))
    assert said.code == 0, said.err
    assert "left alone: 2 of @owner_7" in said.err
    assert "5 left" in said.err


def test_of_archives_of_two_accounts_a_person_is_asked(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = ("--store", str(tmp_path / "fresh.db"))
    three_archives(tmp_path / "all")
    monkeypatch.setattr("followertui.cli.asking.is_interactive", lambda: True)
    monkeypatch.setattr("followertui.cli.asking.ask", lambda *_, **__: 2)
    said = call(*fresh, "import", "archive", str(tmp_path / "all"))
    assert said.code == 0, said.err
    assert "1  @owner_7 (2022-05-01, 2026-10-01)" in said.err
    assert rows(tmp_path / "fresh.db", "SELECT read FROM snapshot") == [(5,)]
    assert rows(tmp_path / "fresh.db", "SELECT count(*) FROM account WHERE x_id < 2000") == [(0,)]


def test_nobody_s_archive_is_read_for_another(call: Call, tmp_path: Path) -> None:
    fresh = ("--store", str(tmp_path / "fresh.db"))
    three_archives(tmp_path / "all")
    refused = call(*fresh, "import", str(tmp_path / "all"), "--owner", "owner_9")
    assert refused.code == 1
    assert "there is no archive of it here, only of @owner_7, @owner_8" in refused.err
    one = call(*fresh, "import", str(tmp_path / "all" / "b"), "--owner", "owner_7")
    assert one.code == 1
    assert "is of @owner_8" in one.err
    assert rows(tmp_path / "fresh.db", "SELECT count(*) FROM account") == [(0,)]


def test_archives_that_lie_zipped_in_a_folder_are_told_apart_too(call: Call, tmp_path: Path) -> None:
    fresh = ("--store", str(tmp_path / "fresh.db"))
    three_archives(tmp_path / "made")
    (tmp_path / "all").mkdir()
    for number, made in enumerate(sorted((tmp_path / "made").iterdir())):
        shutil.make_archive(str(tmp_path / "all" / f"twitter-{number}"), "zip", made)
    (tmp_path / "all" / "photos.zip").write_bytes(b"PK\x05\x06" + bytes(18))
    assert "say --owner" in call(*fresh, "import", str(tmp_path / "all")).err
    said = call(*fresh, "import", str(tmp_path / "all"), "--owner", "owner_7")
    assert said.code == 0, said.err
    readings = rows(tmp_path / "fresh.db", "SELECT read, completeness FROM snapshot ORDER BY as_of")
    assert readings == [(20, "complete"), (5, "complete")]


def test_archives_without_a_manifest_are_told_apart_by_account_and_folder(call: Call, tmp_path: Path) -> None:
    """Archives before 2020 say whose they are in account.js, and their day in the name of the folder."""
    fresh = ("--store", str(tmp_path / "fresh.db"))
    for owner, day, ids in (("7", "2018-03-04", range(1000, 1010)), ("7", "2019-03-04", range(1000, 1008)),
                            ("8", "2019-05-05", range(2000, 2003))):  # fmt: skip
        folder = tmp_path / "all" / f"twitter-{day}-{owner}"
        archive_of(folder, owner, day, ids)
        (folder / "data" / "manifest.js").unlink()
        account = [{"account": {"accountId": owner, "username": f"owner_{owner}"}}]
        (folder / "data" / "account.js").write_text(f"window.YTD.account.part0 = {json.dumps(account)}")
    said = call(*fresh, "import", str(tmp_path / "all"), "--owner", "@owner_7")
    assert said.code == 0, said.err
    assert "left alone: 1 of @owner_8" in said.err
    readings = rows(tmp_path / "fresh.db", "SELECT read, date(as_of, 'unixepoch') FROM snapshot ORDER BY as_of")
    assert readings == [(10, "2018-03-04"), (8, "2019-03-04")]
