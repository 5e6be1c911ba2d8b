"""Files of tools nobody thought of: each read as what it is, asked about, or refused with what to do."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from one_by_one import read_accounts, read_list
from workbook_files import write_workbook

from followertui.domain.account import AccountRecord
from followertui.domain.errors import BadInput
from followertui.domain.lists import ListEntry
from followertui.sources.problems import Problem
from followertui.sources.recognising import recognise


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return buffer.getvalue()


def lines(*values: Any) -> str:
    return "\n".join(map(json.dumps, values)) + "\n"


def person(number: int) -> dict[str, Any]:
    return {"id": 10**9 + number, "screen_name": f"user{number}"}


ACME, BETA = {"id": 7, "screen_name": "acme"}, {"id": 8, "screen_name": "beta"}
READ: dict[str, tuple[str, str, list[tuple[str, str]]]] = {
    "a table in a page of notes": (
        "speakers.md",
        "# Speakers\n\n| Handle | Name | At |\n|---|:--|--:|\n| @dana_o | Dana | Globex |\n"
        "| [@omar](https://x.com/omar) | **Omar** | [Sahara \\| Data](https://sahara.example) |\n\nThat is all.\n",
        [("dana_o", "Dana"), ("omar", "Omar")],
    ),
    "a table whose names are links": (
        "who.md",
        "Who | What\n--- | ---\n[Dana](https://x.com/dana_o) | CTO\n[Omar](https://twitter.com/omar?lang=en) | `x`\n",
        [("dana_o", ""), ("omar", "")],
    ),
    "a list of links under prose": (
        "list.md",
        "Accounts worth a look\n\n- [Dana Ortiz](https://x.com/dana_o) — CTO\n* [Omar](https://twitter.com/omar)\n"
        "1. **@lena_b**: logistics\n",
        [("dana_o", "Dana Ortiz"), ("omar", "Omar"), ("lena_b", "")],
    ),
    "handles of one account, as Scweet saved them": (
        "f.json", '{"acme": ["@dana_o", "@omar"]}', [("dana_o", ""), ("omar", "")],
    ),
    "pairs as lines": (
        "edges.jsonl", lines(*({"source": f"user{n}", "target": "acme"} for n in range(4))),
        [(f"user{n}", "") for n in range(4)],
    ),
    "pairs of objects": (
        "edges.jsonl", lines(*({"follower": person(n), "followed": ACME} for n in range(4))),
        [(f"user{n}", "") for n in range(4)],
    ),
    "pairs of objects the other way": (
        "edges.jsonl", lines(*({"follower": ACME, "followed": person(n)} for n in range(4))),
        [(f"user{n}", "") for n in range(4)],
    ),
    "links of X beside those of another network": (
        "t.csv", "username,profile,twitter url\ndana.o,https://www.instagram.com/dana.o,https://x.com/dana_o\n"
        "omar,https://www.instagram.com/omar,https://x.com/omar_f\n", [("dana_o", ""), ("omar_f", "")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", READ)
def test_everybody_in_it_is_read_and_nobody_else(tmp_path: Path, case: str) -> None:
    name, text, expected = READ[case]
    path = tmp_path / name
    path.write_text(text)
    recognise(path)
    found = [one for one in read_accounts(path) if isinstance(one, AccountRecord)]
    assert [(one.handle, one.name or "") for one in found] == expected


def test_which_side_of_a_pair_is_read_says_the_direction(tmp_path: Path) -> None:
    path = tmp_path / "edges.jsonl"
    for side, other, direction in (("follower", "followed", "follower"), ("followed", "follower", "following")):
        path.write_text(lines(*({side: person(n), other: ACME} for n in range(4))))
        seen = recognise(path)
        assert (seen.relation, set(seen.own_names)) == (direction, {"7", "acme"})


ASKED = {
    "handles of two accounts": ("f.json", '{"acme": ["dana_o", "omar"], "beta": ["kim"]}', "beta", ["kim"]),
    "lists below two accounts": (
        "f.json", '{"data": {"acme": {"followers": ["@dana_o"]}, "beta": {"followers": ["@kim", "@lee"]}}}', "beta",
        ["kim", "lee"],
    ),
    "pairs of objects of two accounts": (
        "f.jsonl", lines(*({"user": person(n), "followed_by": ACME if n < 3 else BETA} for n in range(8))), "acme",
        ["user0", "user1", "user2"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", ASKED)
def test_lists_of_two_accounts_are_asked_about(tmp_path: Path, case: str) -> None:
    name, text, owner, expected = ASKED[case]
    path = tmp_path / name
    path.write_text(text)
    assert set(recognise(path).owners) == {"@acme", "@beta"}
    found = [one.handle for one in read_accounts(path, owner=owner) if isinstance(one, AccountRecord)]
    assert found == expected


POSTS = """Tweet ID,Text,Screen Name,Name,Likes
1300000000000000001,hello,dana_o,Dana,2
1300000000000000002,hi,omar,Omar,2
"""
REFUSED: dict[str, tuple[str, str | bytes, str]] = {
    "Instagram": (
        "f.csv", "User ID,Username,Full Name,Profile Link\n1234567,dana_o,Dana,https://www.instagram.com/dana_o\n"
        "2234567,omar,Omar,https://www.instagram.com/omar\n", "its accounts are of Instagram, not of X; --map",
    ),
    "Threads": (
        "f.csv", "username,name,profile_url\ndana_o,Dana,https://www.threads.net/@dana_o\nomar,Omar,\n",
        "its accounts are of Threads, not of X",
    ),
    "Twitch": ("f.csv", "user_id,user_login,user_name\n12345678,dana_o,Dana_O\n", "its accounts are of Twitch"),
    "GitHub": (
        "f.json", json.dumps([
            {"login": name, "id": 583231 + len(name), "html_url": f"https://github.com/{name}", "type": "User"}
            for name in ("octocat", "mona")
        ]), "no accounts in this JSON",
    ),
    "names with dots": (
        "f.json", '{"Follower List": {"FansList": [{"UserName": "dana.o"}, {"UserName": "omar_f"}]}}',
        "no accounts in this JSON .* one @handle a line",
    ),
    "posts": ("f.csv", POSTS, "a table of posts: who wrote them is no list of followers; to take their authors"),
    "Scweet's posts": (
        "f.csv", "UserScreenName,UserName,Timestamp,Text,Embedded_text,Retweets,Tweet URL\n"
        "Dana,@dana_o,2021-01-01,Dana,hello,3,https://twitter.com/dana_o/status/1\n", "a table of posts",
    ),
    "two tables of notes": (
        "f.md", "| H | N |\n|-|-|\n| @dana | D |\n\nOthers\n\n| H | N |\n|-|-|\n| @omar | O |\n",
        "another table begins at line 7",
    ),
    "Python": ("f.txt", "['dana_o', 'omar']", "written as Python prints it, which is no JSON; save it with json.dump"),
    "Python's dicts": ("f.json", "[{'id': 1}]", "written as Python prints it"),
    "an address book": ("f.ldif", "version: 1\n\ndn: cn=Dana,mail=d@globex.example\n", "export .* as vCard or CSV"),
    "a zip with contacts": ("f.zip", zipped("Takeout/All.vcf", "Takeout/a.html"), "unpack it and import All.vcf[.]"),
    "a zip in a zip": ("f.zip", zipped("export.zip"), "unpack it and import export.zip[.]"),
    "a zip with two lists": (
        "f.zip", zipped("followers.csv", "following.csv", "README.txt"),
        "unpack it and import followers.csv, following.csv, each by itself",
    ),
    "a zip with many": ("f.zip", zipped(*(f"{n}.csv" for n in range(5))), "0.csv, 1.csv, 2.csv and 2 more, each"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_holds_no_accounts_of_x_is_refused_with_what_to_do(tmp_path: Path, case: str) -> None:
    name, content, why = REFUSED[case]
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(BadInput, match=why) as refusal:
        list(read_accounts(recognise(path).path))
    assert "\n" not in str(refusal.value)


def test_authors_of_posts_are_read_where_a_person_names_their_column(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_text(POSTS)
    seen = recognise(path)
    assert seen.what == "unknown"
    assert "a table of posts" in seen.notes[0]
    found = read_accounts(path, mapping={"Screen Name": "handle"}, relation="none")
    assert [(one.handle, one.x_id) for one in found if isinstance(one, AccountRecord)] == [
        ("dana_o", None),
        ("omar", None),
    ]


def test_accounts_with_their_last_post_are_accounts(tmp_path: Path) -> None:
    path = tmp_path / "users.csv"
    path.write_text("user_id,status_id,screen_name,text,retweet_count,description\n1000001,13,dana_o,hello,2,CTO\n")
    assert recognise(path).what != "unknown"
    assert [(one.handle, one.x_id) for one in read_accounts(path) if isinstance(one, AccountRecord)] == [
        ("dana_o", 1000001)
    ]


ENTRIES = {
    "Thunderbird": (
        "Vorname,Nachname,Primäre E-Mail-Adresse,Sekundäre E-Mail-Adresse,Dienstort,Arbeitstitel,Organisation\n"
        "Dana,Ortiz,d@globex.example,o@mail.example,Lissabon,CTO,Globex GmbH\n",
        {"city": "Lissabon", "title": "CTO", "emails": ("d@globex.example", "o@mail.example")},
    ),
    "Freshsales": (
        "First name,Last name,Emails,Sales account name,Twitter,Record ID\n"
        "Dana,Ortiz,d@globex.example,Globex GmbH,dana_o,12\n",
        {"company": "Globex GmbH", "handles": ("dana_o",), "emails": ("d@globex.example",)},
    ),
    "amoCRM": (
        '"ID";"Имя контакта";"Компания контакта";"Рабочий email"\n"11";"Дана Ортиз";"ООО Глобекс";"d@globex.example"\n',
        {"person": "Дана Ортиз", "company": "ООО Глобекс", "emails": ("d@globex.example",)},
    ),
    "kintone": (
        "レコード番号,会社名,担当者名,メールアドレス\n1001,株式会社グロベックス,山田太郎,y@globex.example\n",
        {"crm_id": "1001", "company": "株式会社グロベックス", "person": "山田太郎"},
    ),
    "Notion": (
        "Name,Company,Twitter\nDana Ortiz,Globex (https://www.notion.so/Globex-abc?pvs=21),https://x.com/dana_o\n",
        {"person": "Dana Ortiz", "company": "Globex", "handles": ("dana_o",)},
    ),
    "people of Instagram": (
        "Username,Full Name,Company,Profile Link\ndana_o,Dana Ortiz,Globex GmbH,https://www.instagram.com/dana_o\n",
        {"person": "Dana Ortiz", "company": "Globex GmbH", "handles": ()},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", ENTRIES)
def test_each_list_says_what_its_tool_means(tmp_path: Path, case: str) -> None:
    text, expected = ENTRIES[case]
    path = tmp_path / "list.csv"
    path.write_text(text)
    assert recognise(path).what == "list"
    (entry,) = (one for one in read_list(path) if not isinstance(one, Problem))
    assert isinstance(entry, ListEntry)
    assert {field: getattr(entry, field) for field in expected} == expected


def test_record_ids_of_freshsales_are_not_taken_for_hubspots(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(ENTRIES["Freshsales"][0])
    assert recognise(path).tool == "Freshsales"


@pytest.mark.parametrize(
    "name", ["unfollowers.csv", "lost_followers.csv", "not-following-back.csv", "ex followers.csv"]
)
def test_the_name_of_a_list_of_those_who_left_is_no_direction(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("username,id\ndana_o,1000001\nomar,1000002\n")
    assert recognise(path).relation is None


def test_two_lists_side_by_side_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "both.csv"
    rows = [[f"@a{n}", f"A{n}", "", f"@b{n}", f"B{n}"] for n in range(5)]
    head = [["Followers", "", "", "Following", ""], ["handle", "name", "", "handle", "name"]]
    path.write_text("\n".join(",".join(row) for row in [*head, *rows]) + "\n")
    with pytest.raises(BadInput, match=r"two lists stand side by side \('handle' is there twice\)"):
        list(read_accounts(path))


def test_the_sheet_that_is_read_says_the_direction(tmp_path: Path) -> None:
    path = tmp_path / "export.xlsx"
    people = [["handle", "name"], ["@dana_o", "Dana"], ["@omar", "Omar"]]
    write_workbook(path, {"Following": people, "Followers": people})
    assert [(recognise(path, sheet).relation, recognise(path, sheet).sheets) for sheet in (None, "Followers")] == [
        ("following", ("Following", "Followers")),
        ("follower", ("Following", "Followers")),
    ]
