from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from command_line import Call

from followertui.x.platform import Platform

ACCOUNT_KEYS = [
    "id", "handle", "name", "bio", "location", "url", "followers", "following", "posts", "listed", "created_at",
    "last_post_at", "relation", "first_seen", "left_at", "kind", "type", "role", "seniority", "company", "verified",
    "locked", "bot", "relevance", "reasons", "matches", "tags", "note", "decision", "plan", "status", "likes",
]  # fmt: skip
ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def test_accounts_json_has_the_documented_shape(call: Call) -> None:
    accounts = call("accounts", "--json").json
    assert len(accounts) == 7
    assert all(list(account) == ACCOUNT_KEYS for account in accounts)
    by_handle = {account["handle"]: account for account in accounts}
    initech = by_handle["initech_hq"]
    assert initech["id"] == "9007199254740993", "an id above 2**53 survives as a string"
    assert ISO.fullmatch(initech["created_at"])
    assert ISO.fullmatch(initech["first_seen"])
    assert initech["left_at"] is None
    assert by_handle["globex"]["relation"] == "mutual"
    assert by_handle["oldfriend"]["relation"] == "following"
    assert by_handle["globex"]["company"] == "Globex GmbH"
    assert all(isinstance(tie["id"], str) for account in accounts for tie in account["matches"])


@pytest.mark.parametrize("key", ["relation", "status", "url"])
def test_what_the_json_says_is_asked_for_by_its_name(call: Call, key: str) -> None:
    values = {account["handle"]: account[key] for account in call("accounts", "--json").json}
    for value in {value for value in values.values() if value}:
        asked = call("accounts", f'{key}:"{value}"', "--json").json
        assert {one["handle"] for one in asked} == {handle for handle, held in values.items() if held == value}


def test_a_name_that_finds_nobody_is_said_beside_the_result(call: Call) -> None:
    done = call("accounts", "-list:Custmers", "--count")
    assert done.code == 0
    assert done.out == "7\n"
    assert 'list: "Custmers" finds nobody' in done.err
    assert "finds nobody" in call("decide", "tag:nope OR is:following", "later").err


def test_jsonl_is_one_object_a_line_and_csv_has_a_header(call: Call) -> None:
    lines = call("accounts", "is:follower", "--jsonl").out.splitlines()
    assert len([json.loads(line) for line in lines]) == 5
    rows = list(csv.reader(io.StringIO(call("accounts", "is:follower", "--csv").out)))
    assert rows[0] == ACCOUNT_KEYS
    assert len(rows) == 6


def test_empty_json_is_an_empty_list(call: Call) -> None:
    result = call("accounts", "handle:nobodyatall", "--json")
    assert (result.code, result.json) == (0, [])


def test_csv_cells_are_no_formulas(call: Call) -> None:
    text = call("accounts", "x8271628192", "--csv", "--fields", "name,handle").out
    assert text.splitlines()[1].startswith("'=cmd|")


def test_fields_choose_and_order_keys(call: Call) -> None:
    found = call("accounts", "globex", "--json", "--fields", "followers,handle").json
    assert list(found[0]) == ["followers", "handle"]
    wrong = call("accounts", "--json", "--fields", "folowers")
    assert (wrong.code, wrong.err.count("\n")) == (1, 1)


def test_a_query_that_begins_with_a_dash_is_no_option(call: Call) -> None:
    assert call("accounts", "-is:follower", "--count").out == "2\n"
    assert call("accounts", "--count", "-is:follower").out == "2\n"


def test_limit_and_count(call: Call) -> None:
    assert len(call("accounts", "--json", "--limit", "2").json) == 2
    assert call("accounts", "is:fan", "--count").out == "3\n"


def test_a_bad_query_is_one_line_and_exit_1(call: Call) -> None:
    result = call("accounts", "folowers:10..", "--count")
    assert result.code == 1
    assert result.out == ""
    assert result.err.count("\n") == 1
    assert "followers" in result.err
    assert "Traceback" not in result.err


@pytest.mark.parametrize("arguments", [("show", "nobody_here"), ("note", "nobody_here", "hi"), ("release", "@none")])
def test_an_unknown_handle_is_exit_1(call: Call, arguments: tuple[str, ...]) -> None:
    result = call(*arguments)
    assert (result.code, result.err.count("\n")) == (1, 1)


def test_show_by_handle_id_and_json(call: Call) -> None:
    assert "Globex GmbH" in call("show", "@GLOBEX").out
    assert call("show", "1002", "--json").json["handle"] == "dana_ortiz"


def test_no_escape_codes_reach_the_terminal(call: Call) -> None:
    for arguments in (("show", "evil_bio"), ("accounts", "evil_bio"), ("accounts", "evil_bio", "--json")):
        text = call(*arguments).out
        assert "\x1b" not in text
        assert "\u202e" not in text


def test_matches_json_has_the_documented_shape(call: Call) -> None:
    matches = call("matches", "--json").json
    assert {"globex", "initech_hq"} <= {match["handle"] for match in matches}
    keys = ["id", "account_id", "handle", "list", "entity", "relation", "band", "score", "state", "evidence", "entry"]
    assert all(list(match) == [*keys, "probability"] for match in matches)
    assert all(0 <= match["probability"] <= 1 for match in matches)
    first = next(match for match in matches if match["handle"] == "globex" and match["relation"] == "is")
    assert first["list"] == "Customers"
    assert (first["entity"]["name"], first["entity"]["type"]) == (first["entry"]["fields"]["Company"], "company")
    assert first["entry"]["line"] == 2
    assert first["entry"]["fields"]["Account ID"] == "0015000000AbCdE"
    assert (first["account_id"], first["state"]) == ("1001", "unreviewed")


def test_matches_csv_fits_back_into_the_crm(call: Call) -> None:
    rows = list(csv.DictReader(io.StringIO(call("matches", "--csv").out)))
    assert next(iter(rows[0])) == "Account ID"
    assert list(rows[0])[5:8] == ["X handle", "X id", "X profile URL"]
    assert rows[0]["X profile URL"] == "https://x.com/globex"
    assert rows[0]["X relation to us"] == "mutual"


def test_matches_csv_keeps_record_ids_and_runs_nothing(call: Call, tmp_path: Path) -> None:
    listed, audience = tmp_path / "crm.csv", tmp_path / "acc.csv"
    formula, more = '=HYPERLINK("http://evil","Quorvane")', "@SUM(A1)\ntwo lines"
    with listed.open("w", newline="", encoding="utf-8") as file:
        lines = [
            ["Record ID", "Company name", "Company Domain Name", "Notes"],
            ["00123", formula, "quorvane.com", more],
        ]
        csv.writer(file).writerows(lines)
    audience.write_text("id,screen_name,name,url\n990001,quorvane,Quorvane,https://quorvane.com\n", encoding="utf-8")
    call("import", "accounts", str(audience), "--relation", "follower", "--partial")
    call("import", "list", str(listed), "--kind", "customer", "--name", "Evil", "--basis", "own-records")
    call("match")
    (row,) = csv.DictReader(io.StringIO(call("matches", "quorvane", "--csv").out))
    assert (row["Record ID"], row["X handle"], row["X id"]) == ("00123", "quorvane", "990001")
    assert (row["Company name"], row["Notes"]) == (f"'{formula}", f"'{more}")


def test_every_reason_of_a_match_says_where_it_stands(call: Call) -> None:
    signals = [piece for match in call("matches", "--json").json for piece in match["evidence"]["signals"]]
    assert len(signals) > 5
    for piece in signals:
        assert list(piece) == ["signal", "text", "weight", "bits", "inferred", "field", "account", "account_span",
                               "column", "entry", "entry_span"]  # fmt: skip
        said, listed = piece["account"][slice(*piece["account_span"])], piece["entry"][slice(*piece["entry_span"])]
        assert said
        assert listed
        assert piece["inferred"] or "".join(said.split()).lower() == "".join(listed.split()).lower()
    assert {piece["column"] for piece in signals} >= {"city", "company"}


def test_the_words_of_a_match_are_refused_once_for_all(call: Call) -> None:
    (number,) = [m["id"] for m in call("matches", "globex", "--json").json if m["relation"] == "is"][:1]
    before = call("matches", "--json").json
    dry = call("matches", "refuse", number, "--dry-run")
    assert (dry.code, call("matches", "--json").json) == (0, before)
    assert " is not " in dry.err
    done = call("matches", "refuse", number)
    assert done.code == 0
    assert dry.err.strip() in done.err
    assert next(line["command"] for line in call("journal", "--json").json) == "clause"
    assert call("matches", "--json").json != before
    assert call("undo").code == 0
    call("match")
    after = call("matches", "--json").json
    assert [(m["handle"], m["score"]) for m in after] == [(m["handle"], m["score"]) for m in before]


def test_confirm_and_reject_by_id(call: Call) -> None:
    ids = [match["id"] for match in call("matches", "globex OR initech_hq", "--json").json]
    assert call("matches", "confirm", ids[0]).code == 0
    assert call("matches", "reject", ids[1]).code == 0
    assert [m["id"] for m in call("matches", "--state", "confirmed", "--json").json] == [ids[0]]
    assert [m["id"] for m in call("matches", "--state", "rejected", "--json").json] == [ids[1]]


def test_brief_is_a_page_and_offers_the_nearest_name(call: Call) -> None:
    page = call("brief", "globex")
    assert page.code == 0
    assert "Globex GmbH  customer" in page.out
    assert "@globex" in page.out
    assert "@dana_ortiz" in page.out
    wrong = call("brief", "Globbex")
    assert (wrong.code, wrong.err.count("\n")) == (1, 1)
    assert "Globex GmbH" in wrong.err


def test_brief_tells_of_what_was_decided(call: Call) -> None:
    call("decide", "handle:globex", "engage")
    call("note", "globex", "call them on Monday")
    page = call("brief", "Globex GmbH").out
    assert "decided engage" in page
    assert "call them on Monday" in page


def test_coverage_by_list_and_of_all(call: Call) -> None:
    entries = call("coverage", "customers", "--json").json
    assert [entry["company"] for entry in entries] == ["Globex GmbH", "Initech", "Nobody Knows Ltd"]
    assert entries[0]["on_x"] == ["globex"]
    assert entries[0]["people"] == ["dana_ortiz"]
    assert (entries[0]["follows_us"], entries[0]["we_follow"], entries[0]["engaged"]) == (True, True, False)
    assert (entries[2]["on_x"], entries[2]["band"]) == ([], None)
    [summary] = call("coverage", "--json").json
    assert (summary["list"], summary["entries"], summary["on_x"], summary["follows_us"]) == ("Customers", 3, 2, 2)
    assert call("coverage", "Custmers").code == 1


def test_views_and_journal(call: Call) -> None:
    assert call("views", "save", "worst", "-is:follower bot:20..").code == 0
    assert "-is:follower bot:20.." in call("views").out
    assert call("views", "save", "bad", "nofield:1").code == 1
    assert call("views", "drop", "worst").code == 0
    assert call("views", "drop", "worst").code == 1
    call("decide", "oldfriend", "out")
    newest = call("journal", "--json").json[0]
    assert (newest["reviewer"], newest["command"]) == ("mk", "decide")
    assert isinstance(newest["id"], str)


def test_lists_about_and_aliases(call: Call) -> None:
    [line] = call("lists", "--json").json
    assert list(line) == ["name", "kind", "basis", "entries", "left", "as_of"]
    assert ISO.fullmatch(line["as_of"])
    assert call("about", "--set", "names=Acme,Acme Inc", "--set", "domains=acme.example").code == 0
    assert call("about", "--json").json["names"] == ["Acme", "Acme Inc"]
    assert call("about", "--set", "nmes=Acme").code == 1
    assert call("aliases").code == 0
    assert call("aliases", "drop", "name", "Nothing").code == 1


def test_dropping_a_list_lets_its_matches_go(call: Call) -> None:
    assert call("lists", "drop", "Customers").code == 0
    assert call("matches", "--json").json == []
    assert call("lists", "drop", "Customers").code == 1


def test_a_learned_alias_goes_with_its_confirmation(call: Call) -> None:
    ids = [m["id"] for m in call("matches", "globex", "--json").json if m["relation"] == "is"]
    call("matches", "confirm", *ids)
    learned = call("aliases").out
    assert "globex" in learned
    assert call("undo").code == 0
    assert "globex" not in call("aliases").out


def test_judge_explains_the_sum(call: Call) -> None:
    text = call("judge", "--explain", "x8271628192").out
    assert re.search(r"[+-]\d", text)
    assert call("judge", "--full").code == 0
    assert call("match", "--full").code == 0


def test_import_says_what_is_missing(call: Call, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("id,username\n5,fresh_face\n", encoding="utf-8")
    result = call("import", str(tmp_path / "people.csv"))
    assert result.code == 1
    assert "--relation" in result.err
    assert call("import", str(tmp_path / "missing.csv")).code == 1
    dry = call("import", "accounts", str(tmp_path / "people.csv"), "--relation", "follower", "--dry-run")
    assert (dry.code, call("accounts", "--count").out) == (0, "7\n")


def test_people_given_by_the_parts_of_their_name_stand_for_themselves(call: Call, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text(
        "First Name,Last Name,Company,Title,Email\n"
        "Dana,Ortiz,Globex GmbH,VP Logistics,dana@globex.example\n"
        "Robin,Vale,Globex GmbH,Buyer,robin@globex.example\n",
        encoding="utf-8",
    )
    told = ("--kind", "prospect", "--name", "People", "--basis", "own-records")
    assert call("import", "list", str(people), *told).code == 0
    dana, robin = call("coverage", "People", "--json").json
    assert (dana["person"], dana["on_x"]) == ("Dana Ortiz", ["dana_ortiz"])
    assert (robin["person"], robin["on_x"], robin["people"]) == ("Robin Vale", [], [])
    page = call("brief", "Globex").out
    assert "Dana Ortiz of your list" in page
    assert "Not seen on X: Robin Vale" in page


def test_the_same_sentences_stand_in_show_json_and_explain(call: Call) -> None:
    why = call("show", "x8271628192", "--json").json["why"]
    assert why["against"]
    assert why["for"] == ["has a bio"]
    (record,) = call("accounts", "handle:@x8271628192", "--json", "--fields", "why").json
    assert record == {"why": why}
    shown, explained = (call(*words, "x8271628192").out for words in (("show",), ("judge", "--explain")))
    assert shown.index(f"against {why['against'][0]}") < shown.index("points +")
    for sentence in why["against"]:
        assert sentence in explained
    assert list(call("accounts", "--json", "--limit", "1").json[0]) == ACCOUNT_KEYS, (
        "looking at each costs, so it is asked for"
    )


def test_waves_are_listed_even_where_there_are_none(call: Call) -> None:
    result = call("judge", "--waves")
    assert result.code == 0
    assert call("accounts", "has:wave", "--count").out == "0\n"


def test_matches_costs_counts_the_open_matches_and_says_whose_pace(call: Call) -> None:
    open_ones = call("matches", "--state", "unreviewed", "--json").json
    one_each = {match["id"]: match["probability"] for match in open_ones}
    costs = call("matches", "costs", "--json").json
    assert costs["cuts"][-1]["pairs"] == len(one_each)
    assert costs["cuts"][-1]["expected_right"] == round(sum(one_each.values()), 1)
    assert costs["is_own_pace"] is False
    said = call("matches", "costs")
    assert said.out.splitlines()[0].split("  ")[0] == "from"
    assert "the usual pace" in said.err


def test_more_people_than_one_recipient_may_have_in_a_day_are_noted(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "recipient" not in call("accounts", "--csv").err
    facts = replace(Platform.load(), people_per_recipient_day=3)
    monkeypatch.setattr(Platform, "load", lambda: facts)
    noted = call("accounts", "is:follower", "--csv")
    assert "5 people are more than the 3 a day X lets one recipient have" in noted.err
    assert "recipient" not in noted.out
    for quiet in (("is:follower", "--limit", "3", "--csv"), ("is:follower", "--csv", "--fields", "id"), ("--count",)):
        assert "recipient" not in call("accounts", *quiet).err, quiet
    assert "3 a day X lets one recipient have" in call("export", str(tmp_path / "all.json")).err
