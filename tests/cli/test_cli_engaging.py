"""Engagement from the command line: Today, playbooks, the shelf, contacts; everything without X."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import Call

from followertui.domain import reach
from followertui.x import web_pages

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>t</title><language>en</language>
<item><title>The &lt;b&gt;freight&lt;/b&gt; guide</title><link>https://acme.example/freight?utm_source=rss</link>
<category>Freight</category><pubDate>Mon, 16 Nov 2026 09:00:00 GMT</pubDate></item><item><title>no link</title></item>
</channel></rss>"""
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><id>i</id><updated>2026-11-16T09:00:00Z</updated>
<entry><title>Atom guide</title><id>1</id><link href="https://acme.example/atom"/><updated>2026-11-16T09:00:00Z</updated></entry></feed>"""
FEED = {
    "version": "https://jsonfeed.org/version/1.1", "title": "t",
    "items": [{"id": "1", "url": "https://acme.example/json", "title": "JSON guide", "tags": ["fleet"]}, {"id": "2"}],
}  # fmt: skip
CSV = (
    "Link;Title;Tags;Audience;Until\nhttps://acme.example/csv;CSV guide;freight, fleet;customer;2027-01-31\nnone;x;;;\n"
)


def due(call: Call) -> list[dict[str, object]]:
    return list(call("today", "--json").json["due"])


@pytest.fixture
def confirmed(call: Call) -> Call:
    """Everybody is a customer, so that something is due."""
    assert call("kind", "is:follower", "customer").code == 0
    return call


def test_today_is_listed_shown_done_and_undone(confirmed: Call) -> None:
    call = confirmed
    first = due(call)[0]
    shown = call("today", "show", str(first["id"]), "--json").json
    assert shown["url"].startswith("https://x.com/")
    assert call("today", "done", str(first["id"])).err.startswith("done, ")
    assert first["id"] not in [one["id"] for one in due(call)]
    assert call("undo", "--yes").code == 0
    assert first["id"] in [one["id"] for one in due(call)]
    assert call("today", "snooze", str(first["id"]), "--days", "3").code == 0
    assert call("today", "--json").json["snoozed"] == 1
    assert "nothing with the number 99999 is due" in call("today", "skip", "99999").err


def test_nobody_never_to_be_contacted_is_ever_due(confirmed: Call) -> None:
    call = confirmed
    handle = str(due(call)[0]["handle"])
    assert call("contact", f"@{handle}", "never").code == 0
    assert handle not in [one["handle"] for one in due(call)]
    assert "never to be contacted" in call("engage", f"@{handle}", "--done").err
    assert call("contact", f"@{handle}", "allowed").code == 0
    assert call("engage", f"@{handle}", "--note", "met at the fair", "--done").code == 0
    [met] = call("timeline", f"@{handle}", "--json").json
    assert (met["what"], met["source"]) == ("contact", "noted")


@pytest.mark.parametrize(
    ("name", "text", "titles"),
    [
        ("feed.xml", RSS, {"The freight guide"}),
        ("atom.xml", ATOM, {"Atom guide"}),
        ("feed.json", json.dumps(FEED), {"JSON guide"}),
        ("links.csv", CSV, {"CSV guide"}),
    ],
)
def test_links_come_from_files_of_every_kind(
    call: Call, tmp_path: Path, name: str, text: str, titles: set[str]
) -> None:
    (tmp_path / name).write_text(text)
    done = call("shelf", "import", str(tmp_path / name))
    assert "1 link added" in done.err
    shelf = call("shelf", "list", "--json").json
    assert {link["title"] for link in shelf} == titles
    assert "utm_" not in shelf[0]["url"]
    assert "on the shelf already" in call("shelf", "import", str(tmp_path / name)).err
    assert call("undo", "--yes").code == 0
    assert "The shelf is empty" in call("shelf", "list").err


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.xml", "<html><body>no feed</body></html>", "neither an RSS nor an Atom feed"),
        ("b.json", "{}", "no JSON Feed"),
        ("c.csv", "a,b\n1,2\n", "no column holds links"),
        (
            "d.xml",
            '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel/></rss>',
            "entities",
        ),
        ("e.json", "{", "no JSON"),
    ],
)
def test_what_holds_no_links_is_one_clear_line(call: Call, tmp_path: Path, name: str, text: str, words: str) -> None:
    (tmp_path / name).write_text(text)
    done = call("shelf", "import", str(tmp_path / name))
    assert done.code == 1
    assert words in done.err


def test_a_link_is_stored_offered_once_and_dropped(confirmed: Call) -> None:
    call = confirmed
    assert "stored, not fetched" in call("shelf", "add", "https://acme.example/a", "--title", "A", "--topics", "x").err
    assert call("shelf", "add", "https://acme.example/a").code == 4
    assert call("engage", "kind:customer", "--shelf", "1", "--done").code == 0
    assert "offered this link before" in call("engage", "kind:customer", "--shelf", "1", "--done").err
    offers = call("shelf", "offers", "--json").json
    assert len({one["handle"] for one in offers}) == len(offers) > 1
    assert call("shelf", "list", "--json").json[0]["offered"] == len(offers)
    assert call("shelf", "drop", "1").code == 0
    assert call("shelf", "list", "--json").json == []
    assert "no link with the number 1" in call("shelf", "drop", "1").err


def test_playbooks_are_listed_tried_edited_and_reset(confirmed: Call, tmp_path: Path) -> None:
    call = confirmed
    listed = {one["name"]: one for one in call("playbook", "list", "--json").json}
    assert listed["customer"]["is_on"]
    assert not listed["thanks"]["is_on"]
    trial = call("playbook", "try", "customer", "--json").json
    assert {one["kind"] for one in trial["due"]} == {"customer"}
    text = call("playbook", "show", "customer").out
    (tmp_path / "wrong.toml").write_text(text.replace("a_day", "a_dai"))
    wrong = call("playbook", "edit", "customer", "--from", str(tmp_path / "wrong.toml"))
    assert (wrong.code, "did you mean a_day" in wrong.err) == (1, True)
    (tmp_path / "mine.toml").write_text('who = "kind:customer"\n[[step]]\ndo = "follow"\n')
    assert "kept, 1 step" in call("playbook", "edit", "mine", "--from", str(tmp_path / "mine.toml")).err
    assert call("playbook", "edit", "customer", "--off").code == 0
    assert "false" in call("playbook", "show", "customer").out
    assert call("playbook", "edit", "customer", "--reset").code == 0
    assert call("playbook", "show", "customer").out == text
    assert "no playbook is named" in call("playbook", "try", "nobody").err


def test_a_list_says_do_not_contact_and_that_outlives_the_list(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "optouts.csv"
    path.write_text("Company,Website,Twitter,Do not contact\nGlobex,,@globex,yes\nInitech,,@initech_hq,no\n")
    options = ("--kind", "prospect", "--name", "Opt-outs", "--basis", "own-records")
    assert call("import", "list", str(path), *options).code == 0
    query = ("accounts", "is:do-not-contact", "--json", "--fields", "handle")
    before = {one["handle"] for one in call(*query).json}
    assert before == {"globex", "dana_ortiz"}, "the company, and who works there"
    assert "change it there" in call("contact", "@globex", "allowed").err
    assert {one["handle"] for one in call(*query).json} == before
    assert call("lists", "drop", "Opt-outs").code == 0
    assert [one["handle"] for one in call(*query).json] == ["globex"]


def test_the_words_of_decision_makers_can_be_ones_own(call: Call, store: Path, tmp_path: Path) -> None:
    asked = ("accounts", "bio:logistics seniority:chief", "--count", "--json")
    before = call(*asked).json
    weights = tmp_path / "weights.toml"
    call("judge", "--copy-weights", str(weights))
    weights.write_text(weights.read_text() + '[words."seniority:chief"]\nown = ["logistics"]\n')
    call("judge", "--weights", str(weights))
    assert call(*asked).json > before


def test_the_report_tells_of_ones_posts_where_there_are_any(call: Call) -> None:
    told = call("report", "posts")
    assert (told.code, told.out) == (4, "")
    assert "import an X archive" in told.err


def test_help_shows_the_rule_of_influencers(call: Call) -> None:
    text = " ".join(call("help", "influencers").out.split())
    assert reach.RULE in text
    counted = call("report", "--json").json["influencers"]
    assert counted["rule"] == reach.RULE
    assert [call("accounts", one["query"], "--count", "--json").json for one in counted["found"]] == [
        one["count"] for one in counted["found"]
    ]


def test_offers_left_out_are_said(confirmed: Call) -> None:
    call = confirmed
    assert call("shelf", "add", "https://acme.example/guide").code == 0
    assert call("engage", "is:follower sort:handle", "--shelf", "1", "--done").code == 0
    few = call("shelf", "offers", "--limit", "2", "--json")
    assert (len(few.json), "the newest 2 are shown" in few.err) == (2, True)
    assert "are shown" not in call("shelf", "offers", "--limit", "9999").err


def test_last_posts_cost_and_are_off_until_a_budget_is_set(call: Call) -> None:
    handle = call("accounts", "is:follower -is:locked -is:nameless has:posts sort:handle", "--json").json[0]["handle"]
    refused = call("peek", f"@{handle}", "--dry-run")
    assert (refused.code, "off until a budget is set" in refused.err) == (1, True)
    assert call("costs", "--month", "5").code == 0
    assert "at most $0.025" in call("peek", f"@{handle}", "--dry-run").out
    assert "no account is signed in to X" in call("peek", f"@{handle}", "--yes").err


def test_a_title_is_asked_for_only_on_purpose_and_undone(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def title_of(url: str) -> str:
        asked.append(url)
        return "The freight guide"

    monkeypatch.setattr(web_pages, "title_of", title_of)
    assert call("shelf", "add", "https://acme.example/guide").code == 0
    refused = call("shelf", "title", "1")
    assert (refused.code, asked) == (1, [])
    assert "this leaves your machine: acme.example" in refused.err
    assert 'called "The freight guide"' in call("shelf", "title", "1", "--yes").err
    assert asked == ["https://acme.example/guide"]
    assert call("shelf", "list", "--json").json[0]["title"] == "The freight guide"
    assert call("undo").code == 0
    assert call("shelf", "list", "--json").json[0]["title"] == ""


def test_an_item_whose_address_is_its_id_is_taken(call: Call, tmp_path: Path) -> None:
    items = [{"id": "https://acme.example/by-id", "title": "By id"}, {"id": "17", "title": "nowhere"}]
    (tmp_path / "feed.json").write_text(json.dumps({"version": "https://jsonfeed.org/version/1", "items": items}))
    assert "line 2: has no url" in call("shelf", "import", str(tmp_path / "feed.json")).err
    assert [one["title"] for one in call("shelf", "list", "--json").json] == ["By id"]


def test_a_wrong_word_of_a_playbook_is_answered_once(call: Call, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('who = "kind:custmer"\n[[step]]\ndo = "follow"\n')
    told = call("playbook", "edit", "mine", "--from", str(tmp_path / "mine.toml")).err
    assert told.count("did you mean") == 1
