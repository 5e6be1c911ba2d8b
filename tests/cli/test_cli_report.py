"""The report on the command line: every figure equals the query it names, in every form."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from command_line import FOLLOWERS, HEAD, Call, write_rows

from followertui.services.insight.report_text import FORMAT


def figures(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if {"count", "query"} <= value.keys():
            yield value
        for part in value.values():
            yield from figures(part)
    elif isinstance(value, list):
        for part in value:
            yield from figures(part)


def second_reading(call: Call, folder: Path) -> None:
    """A week later two have left and one came."""
    rows = [*FOLLOWERS[1:4], ("7001", "newcomer", "New Comer", "VP at Initech", *FOLLOWERS[0][4:])]
    path = write_rows(folder / "later.csv", HEAD, rows)
    options = ("--relation", "follower", "--complete", "--as-of", "2025-11-27")
    assert call("import", "accounts", str(path), *options).code == 0


def test_every_figure_equals_its_query(call: Call, tmp_path: Path) -> None:
    second_reading(call, tmp_path)
    body = call("report", "--json", "--since", "2025-11-20").json
    assert body["format"] == FORMAT
    found = [one for one in figures(body) if one["query"]]
    assert len(found) > 30
    for one in found:
        assert int(call("accounts", one["query"], "--count").out) == one["count"], one
    for point in body["history"]:
        assert int(call("accounts", point["query"], "--count").out) == point["followers"]
        for kind, count in point["kinds"].items():
            assert int(call("accounts", f"{point['query']} kind:{kind}", "--count").out) == count
    for line, stated in zip(call("coverage", "--json").json, body["coverage"], strict=True):
        assert line == stated


def test_what_analytics_add_up_to_is_listed_by_day(call: Call, tmp_path: Path) -> None:
    assert call("report", "days").code == 4
    path = tmp_path / "overview.csv"
    lines = ["Date,Impressions,New follows,Unfollows,Profile visits,Create Post"]
    lines += [f"2025-11-{day},900,{day},{day % 3},70,1" for day in range(10, 25) if day != 13]
    path.write_text("\n".join(lines) + "\n")
    assert call("import", str(path)).code == 0
    growth = call("report", "--json").json["growth"]
    days = call("report", "days", "--json").json
    assert days == growth["days"]
    assert len(days) == 14
    for name in ("new_follows", "unfollows", "profile_visits", "posts"):
        assert sum(one[name] for one in days) == growth[name] > 0
    assert growth["missing_days"] == 1
    text = call("report", "days").out
    assert "2025-11-24" in text
    assert f"{days[-1]['followers']:,}" in text.splitlines()[-1]


def test_goals_funnel_and_links_stand_in_every_form(call: Call, tmp_path: Path) -> None:
    page, folder = tmp_path / "report.html", tmp_path / "tables"
    assert call("report", "--html", str(page), "--csv", str(folder)).code == 0
    body = call("report", "--json").json
    with (folder / "goals.csv").open(newline="") as file:
        lines = list(csv.DictReader(file))
    assert [(line["name"], int(line["engaged"]), int(line["waiting"])) for line in lines] == [
        (one["name"], one["engaged"], one["waiting"]) for one in body["goals"]
    ]
    assert lines, "playbooks come with goals"
    shown, said = page.read_text("utf-8"), call("report", "--md").out
    for one in body["goals"]:
        assert one["title"] in shown
        assert f"| {one['name']} |" in said
    for name, key in (("funnel", "kind"), ("funnel-by-month", "month")):
        with (folder / f"{name}.csv").open(newline="") as file:
            told = [(line[key], int(line["follow"])) for line in csv.DictReader(file)]
        stated = body["funnel" if key == "kind" else "funnel_by_month"]
        assert told == [(one[key], one["steps"][0]["count"]) for one in stated]


def test_the_change_names_who_came_and_who_left(call: Call, tmp_path: Path) -> None:
    assert "first measurement" in call("report").out
    second_reading(call, tmp_path)
    change = call("report", "--json").json["change"]
    assert change["since"] == "2025-11-20"
    assert (change["before"]["count"], sum(one["count"] for one in change["gained"])) == (5, 1)
    gone = "-is:follower (at:2025-11-20 is:follower)"
    left = call("accounts", gone, "--json", "--fields", "handle").json
    assert sum(one["count"] for one in change["lost"]) == len(left) == 2
    assert {one["handle"] for one in left} == {"globex", "evil_bio"}
    assert "since 2025-11-20: +1 -2 followers" in call("report").out


def test_about_eight_plain_lines(call: Call) -> None:
    said = call("report")
    assert (said.code, said.err) == (0, "")
    assert 7 <= len(said.out.splitlines()) <= 9
    assert re.search(r"not an estimate yet: \d random looks?, about 1 min\b", said.out)
    assert "\x1b" not in said.out


def test_markdown_and_csv_say_the_same(call: Call, tmp_path: Path) -> None:
    text = call("report", "--md").out
    body = call("report", "--json").json
    assert text.startswith("# ")
    assert f"| followers | kinds | customer | {body['matters'][0]['count']} |" in text
    assert call("report", "--csv", str(tmp_path / "tables")).code == 0
    with (tmp_path / "tables" / "composition.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["name"]: row["count"] for row in rows if row["side"] == "followers" and row["group"] == "kinds"} == {
        one["name"]: str(one["count"]) for one in body["followers"]["kinds"]
    }
    (tmp_path / "file").write_text("")
    failed = call("report", "--csv", str(tmp_path / "file"))
    assert (failed.code, failed.err.count("\n")) == (1, 1)


def test_the_page_is_written_in_one_step(call: Call, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    said = call("report", "--html", str(page))
    assert (said.code, said.out) == (0, "")
    assert "it holds names" in said.err
    assert "globex" in page.read_text(encoding="utf-8")
    assert page.stat().st_mode & 0o077 == 0
    assert call("report", "--html", str(page), "--redact").code == 0
    assert "globex" not in page.read_text(encoding="utf-8")
    failed = call("report", "--html", str(tmp_path / "nowhere" / "report.html"))
    assert (failed.code, failed.err.count("\n")) == (1, 1)


def test_redacted_names_nobody(call: Call) -> None:
    assert "globex" in json.dumps(call("report", "--json").json["people"])
    for form in ("--json", "--md"):
        text = call("report", form, "--redact").out.lower()
        assert not any(word in text for word in ("globex", "initech", "dana", "followers.csv", "| customers |"))
    assert "customers" not in json.dumps(call("report", "--json", "--redact").json["coverage"]).lower()


def test_what_qualifies_can_be_chosen(call: Call) -> None:
    assert call("report", "--qualified", "customer,employee").code == 0
    assert [one["name"] for one in call("report", "--json").json["matters"]] == ["customer", "employee"]
    wrong = call("report", "--qualified", "customer,unseen")
    assert (wrong.code, wrong.err.count("\n")) == (1, 1)
    assert '"unseen" is no kind' in wrong.err


def test_a_day_that_is_none_or_too_early_is_one_line(call: Call) -> None:
    for word, said in (("soon", "takes a date"), ("2020-01-01", "the first reading is of 2025-11-20")):
        failed = call("report", "--since", word)
        assert (failed.code, failed.err.count("\n")) == (1, 1)
        assert said in failed.err
        assert "at:" not in failed.err


def test_draw_and_looks_make_an_estimate(call: Call) -> None:
    assert "5 followers drawn at random" in call("draw").err
    for line in call("accounts", "is:drawn -is:looked is:follower", "--json", "--fields", "handle").json:
        assert call("kind", f"@{line['handle']}", "offtopic").code == 0
    body = call("report", "--json").json["qualified"]
    assert body["estimate"] == {"low": 0, "point": 0, "high": 0, "exact": 5}
    assert call("draw").code == 4


def test_alerts_end_with_4_where_there_is_nothing_to_tell(call: Call, tmp_path: Path) -> None:
    alone = call("alerts")
    assert (alone.code, alone.err.count("\n")) == (1, 1)
    second_reading(call, tmp_path)
    told = call("alerts", "--json")
    assert told.code == 0
    [left] = [one for one in told.json if one["type"] == "left"]
    assert (left["handle"], left["owner"], left["day"]) == ("globex", "Kim", "2025-11-27")
    lines = call("alerts").out.splitlines()
    assert lines[:2] == ["Kim", "  27 Nov  customer? @globex Globex GmbH follows no longer"]
    silent = call("alerts", "--since", "2025-11-27", "--json")
    assert (silent.code, silent.json, silent.err.count("\n")) == (4, [], 1)


def test_two_saved_reports_are_compared(call: Call, tmp_path: Path) -> None:
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_text(call("report", "--json").out, encoding="utf-8")
    second_reading(call, tmp_path)
    new.write_text(call("report", "--json").out, encoding="utf-8")
    body = call("report", "diff", str(old), str(new), "--json").json
    total = next(one for one in body["figures"] if (one["side"], one["group"]) == ("followers", "total"))
    assert (total["old"], total["new"], total["change"], total["is_beyond_noise"]) == (5, 4, -1, False)
    assert body["qualified"] is None
    told = call("report", "diff", str(old), str(new)).out
    assert "from 2025-11-20 to 2025-11-27" in told
    assert "followers: 5 to 4 (-1)" in told
    assert "within the noise" in told
    same = call("report", "diff", str(old), str(old), "--json").json
    assert all(one["change"] == 0 for one in same["figures"])


def test_the_difference_says_what_was_lost_why_and_what_moves_by_itself(call: Call, tmp_path: Path) -> None:
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_text(call("report", "--json").out, encoding="utf-8")
    second_reading(call, tmp_path)
    assert call("kind", "handle:newcomer", "vendor").code == 0
    new.write_text(call("report", "--json").out, encoding="utf-8")
    body = call("report", "diff", str(old), str(new), "--json").json
    assert body["losses"] == [{"cause": "unknown", "count": 2}]
    assert body["by_itself"] == [
        "kinds set by a person are 1 more among followers, and the past is counted by them too"
    ]
    told = call("report", "diff", str(old), str(new)).out
    assert "lost: no longer there      +2" in told
    later = json.loads(new.read_text())
    pruned = {"begin": "2025-11-22", "end": "2025-11-25", "pruned": [{"name": "bot", "count": 7, "query": ""}]}
    new.write_text(json.dumps({**later, "rules": "others", "clean_up": pruned}), encoding="utf-8")
    said = call("report", "diff", str(old), str(new), "--json").json["by_itself"]
    assert "you pruned 7 accounts from 2025-11-22 to 2025-11-25" in said
    assert any(line.startswith("accounts were judged by other rules") for line in said)
    earlier = json.loads(old.read_text())
    for key in ("losses", "basis", "rules", "clean_up"):
        del earlier[key]
    old.write_text(json.dumps(earlier), encoding="utf-8")
    assert call("report", "diff", str(old), str(new), "--json").json["losses"] is None


def test_an_estimate_that_moved_is_told_from_one_that_did_not(tmp_path: Path, call: Call) -> None:
    body = call("report", "--json").json
    estimates = (
        {"low": 100, "point": 120, "high": 140, "exact": 0},
        {"low": 150, "point": 170, "high": 190, "exact": 0},
    )
    paths = []
    for place, estimate in enumerate(estimates):
        paths.append(tmp_path / f"{place}.json")
        qualified = {**body["qualified"], "of": 1000, "estimate": estimate}
        paths[-1].write_text(json.dumps({**body, "qualified": qualified}), encoding="utf-8")
    assert call("report", "diff", *map(str, paths), "--json").json["qualified"]["is_beyond_noise"] is True
    assert "qualified: 12% (10%-14%) to 17% (15%-19%)\n" in call("report", "diff", *map(str, paths)).out


def test_what_is_no_saved_report_is_one_line(call: Call, tmp_path: Path) -> None:
    good = tmp_path / "good.json"
    good.write_text(call("report", "--json").out, encoding="utf-8")
    body = json.loads(good.read_text())
    for text in ("no json", "[]", "{}", json.dumps({**body, "format": 99}), json.dumps({**body, "followers": 3}),
                 json.dumps({**body, "profile": "b"})):  # fmt: skip
        bad = tmp_path / "bad.json"
        bad.write_text(text, encoding="utf-8")
        good.write_text(json.dumps({**body, "profile": "a"}), encoding="utf-8")
        failed = call("report", "diff", str(good), str(bad))
        assert (failed.code, failed.err.count("\n"), failed.out) == (1, 1, ""), text[:20]
    assert call("report", "diff", str(good), str(tmp_path / "none.json")).code == 1


def test_alerts_since_the_reviewer_moved_on(call: Call, tmp_path: Path) -> None:
    second_reading(call, tmp_path)
    assert call("alerts", "--unseen", "--since", "1d").code == 2
    told = call("alerts", "--unseen", "--json")
    assert told.json == call("alerts", "--since", "2025-11-20", "--json").json
    assert call("alerts", "--unseen", "--move-on", "--json").json == told.json
    after = call("alerts", "--unseen", "--json")
    assert (after.code, after.json) == (4, [])
    assert call("--reviewer", "dana", "alerts", "--unseen", "--json").json == told.json
