"""Files of accounts as other tools, versions and people write what one tool was seen to write.

Each line: what it is a variation of, the file, who is in it, in which direction, and whose list it says it is.
"""

from __future__ import annotations

import base64
import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from followertui.domain.account import AccountRecord
from followertui.sources.account_exports import read_account_batches
from followertui.sources.recognising import recognise

LENA = {"x_id": 2973406683, "handle": "lena_brandt", "name": "Lena Brandt", "bio": "Head of Logistics at Nordkai",
        "location": "Hamburg", "followers": 812, "following": 430}  # fmt: skip
OMAR = {"x_id": 1180023456789012345, "handle": "omar_fitouri", "name": "Omar Fitouri", "bio": "Founder",
        "location": "Tunis", "followers": 90, "following": 300}  # fmt: skip
PEOPLE = (LENA, OMAR)
IDS = [{"x_id": one["x_id"]} for one in PEOPLE]
NAMES = [{"handle": one["handle"]} for one in PEOPLE]
BOTH = [{"x_id": one["x_id"], "handle": one["handle"]} for one in PEOPLE]


class Way(NamedTuple):
    """A file and what is in it."""

    file: str
    text: str
    people: list[dict[str, Any]]
    relation: str | None = None
    owner: str = ""


def legacy(one: dict[str, Any]) -> dict[str, Any]:
    """A user as X's site gave it until 2025."""
    body = {"screen_name": one["handle"], "name": one["name"], "description": one["bio"], "location": one["location"],
            "followers_count": one["followers"], "friends_count": one["following"]}  # fmt: skip
    return {"__typename": "User", "id": "VXNlcjox", "rest_id": str(one["x_id"]), "legacy": body}


def core(one: dict[str, Any]) -> dict[str, Any]:
    """A user as X's site gives it since 2026."""
    return {"__typename": "User", "rest_id": str(one["x_id"]),
            "core": {"screen_name": one["handle"], "name": one["name"]}, "profile_bio": {"description": one["bio"]},
            "location": {"location": one["location"]},
            "relationship_counts": {"followers": one["followers"], "following": one["following"]}}  # fmt: skip


def v1(one: dict[str, Any]) -> dict[str, Any]:
    """A user as API v1.1 gives it."""
    return {"id": one["x_id"], "id_str": str(one["x_id"]), **legacy(one)["legacy"]}


def v2(one: dict[str, Any]) -> dict[str, Any]:
    """A user as API v2 gives it."""
    counts = {"followers_count": one["followers"], "following_count": one["following"]}
    return {"id": str(one["x_id"]), "username": one["handle"], "name": one["name"], "description": one["bio"],
            "location": one["location"], "public_metrics": counts}  # fmt: skip


def answer(shape: Callable[[dict[str, Any]], dict[str, Any]], *, below: str = "user", wrap: bool = False) -> Any:
    """X's own answer to the page of followers."""
    entries: list[dict[str, Any]] = []
    for one in PEOPLE:
        result = shape(one)
        if wrap:
            result = {"__typename": "UserWithVisibilityResults", "user": result}
        item = {"itemType": "TimelineUser", "user_results": {"result": result}}
        entries.append({"entryId": f"user-{one['x_id']}", "content": {"itemContent": item}})
    entries.append({"entryId": "cursor-bottom-0", "content": {"cursorType": "Bottom", "value": "0|1"}})
    steps = [{"type": "TimelineClearCache"}, {"type": "TimelineAddEntries", "entries": entries}]
    return {"data": {below: {"result": {"timeline": {"timeline": {"instructions": steps}}}}}}


def capture(*asked: tuple[str, Any, bool]) -> str:
    """A HAR capture of what was asked: address, answer, whether it is written in base64."""
    entries = []
    for address, value, is_packed in asked:
        text = value if isinstance(value, str) else json.dumps(value)
        content = {"mimeType": "application/json", "text": text}
        if is_packed:
            content |= {"text": base64.b64encode(text.encode()).decode(), "encoding": "base64"}
        entries.append({"request": {"url": f"https://x.com/i/api/{address}"}, "response": {"content": content}})
    return json.dumps({"log": {"version": "1.2", "creator": {"name": "a browser"}, "entries": entries}})


def table(header: list[str], rows: list[list[Any]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([header, *rows])
    return out.getvalue()


def lines(values: list[Any]) -> str:
    return "".join(json.dumps(value) + "\n" for value in values)


ACME = {"id": "5", "screen_name": "acme", "name": "Acme", "followers_count": 2}
FLAT = [v1(one) for one in PEOPLE]
HELD = [*PEOPLE]


def answers_of_x() -> Iterator[tuple[str, Way]]:
    """01 and 03: X's own answers."""
    owner = {"data": {"user": {"result": legacy({**LENA, "x_id": 5, "handle": "acme"})}}}
    yield "01 users of 2025", Way("followers.json", json.dumps(answer(legacy)), HELD, "follower")
    yield "01 users of 2026", Way("followers.json", json.dumps(answer(core)), HELD, "follower")
    yield "01 hidden behind visibility", Way("followers.json", json.dumps(answer(core, wrap=True)), HELD, "follower")
    yield "01 pages one a line", Way("followers.jsonl", lines([answer(legacy), answer(core)]), HELD * 2, "follower")
    yield "01 pages in an array", Way("followers.json", json.dumps([answer(legacy)]), HELD, "follower")
    yield "03 members of a list", Way("members.json", json.dumps(answer(core, below="list")), HELD)
    yield "03 members of a community", Way("m.json", json.dumps(answer(legacy, below="communityResults")), HELD)
    yield "03 as a script keeps them", Way("m.json", json.dumps({"members": [core(one) for one in PEOPLE]}), HELD)
    for name, asked, relation in (
        ("followers", [("graphql/a/Followers", answer(core), False)], "follower"),
        ("following, packed", [("graphql/a/Following?x=1", answer(legacy), True)], "following"),
        ("API v1.1", [("1.1/followers/list.json?c=-1", {"users": FLAT, "next_cursor": 0}, False)], "follower"),
        ("among others", [("graphql/b/UserByScreenName", owner, False), ("a.js", "var a = 1;", False),
                          ("graphql/a/Followers", answer(core), True)], "follower"),
    ):  # fmt: skip
        yield f"01 captured: {name}", Way("x.com.har", capture(*asked), HELD, relation)


def envelopes() -> Iterator[tuple[str, Way]]:
    """04, 06, 07, 09: who the owner is, and what is a list."""
    said = {"account": ACME, "direction": "followers", "items": FLAT}
    yield "04 direction said", Way("audience.json", json.dumps(said), HELD, "follower", "acme")
    yield "04 order of keys", Way("a.json", json.dumps(dict(reversed(said.items()))), HELD, "follower", "acme")
    deep = {"export": {"of": "followers", "result": {"target": ACME, "data": {"users": FLAT}}}}
    yield "04 deeper", Way("followers.json", json.dumps(deep), HELD, "follower")
    yield (
        "04 around each",
        Way("a.json", json.dumps([{"screen_name": "acme", "followers": FLAT}]), HELD, "follower", "acme"),
    )
    yield "06 profile beside", Way("a.json", json.dumps({"profile": ACME, "followers": FLAT}), HELD, "follower", "acme")
    yield "06 user beside", Way("a.json", json.dumps({"user": ACME, "following": FLAT}), HELD, "following", "acme")
    yield "06 me after", Way("a.json", json.dumps({"followers": FLAT, "me": ACME}), HELD, "follower", "acme")
    ids = [one["x_id"] for one in PEOPLE]
    yield "07 numbers", Way("f.json", json.dumps({"ids": ids, "next_cursor": 0, "previous_cursor": 0}), IDS)
    yield "07 texts", Way("f.json", json.dumps({"ids": [str(one) for one in ids], "next_cursor_str": "0"}), IDS)
    yield "07 a bare array", Way("followers.json", json.dumps(ids), IDS, "follower")
    yield "07 under followers", Way("acme.json", json.dumps({"followers": [str(one) for one in ids]}), IDS, "follower")
    yield "09 two keys", Way("acme.json", json.dumps({"followers": FLAT[:1], "following": FLAT[1:]}), HELD, "both")
    yield "09 singular keys", Way("a.json", json.dumps({"follower": FLAT[:1], "following": FLAT[1:]}), HELD, "both")
    yield (
        "09 below data",
        Way("a.json", json.dumps({"data": {"followers": FLAT[:1], "friends": FLAT[1:]}}), HELD, "both"),
    )


def scrapers() -> Iterator[tuple[str, Way]]:
    """11, 12: tools that read X without its API, and tables of command lines."""
    snscrape = [
        {"username": one["handle"], "id": one["x_id"], "displayname": one["name"], "rawDescription": one["bio"],
         "renderedDescription": one["bio"], "followersCount": one["followers"], "friendsCount": one["following"],
         "location": one["location"], "url": f"https://twitter.com/{one['handle']}"} for one in PEOPLE
    ]  # fmt: skip
    yield "11 snscrape", Way("f.jsonl", lines(snscrape), HELD)
    yield (
        "11 twscrape, an array",
        Way("f.json", json.dumps([{**one, "id_str": str(one["id"])} for one in snscrape]), HELD),
    )
    nicks = [
        [6, f"https://x.com/{one['handle']}/media",
         {"user": {"id": one["x_id"], "name": one["handle"], "nick": one["name"], "description": one["bio"],
                   "location": one["location"], "followers_count": one["followers"],
                   "friends_count": one["following"]}}] for one in PEOPLE
    ]  # fmt: skip
    yield "11 gallery-dl", Way("following.json", json.dumps(nicks), HELD, "following")
    yield "11 gallery-dl, users alone", Way("f.json", json.dumps([one[2]["user"] for one in nicks]), HELD)  # type: ignore[index]
    apify = [{"type": "follower", "target_username": "acme", **one} for one in FLAT]
    yield "11 an actor's users", Way("dataset.json", json.dumps(apify), HELD, "follower")
    old = [{"user_id": str(one["x_id"]), "username": one["handle"], "name": one["name"], "description": one["bio"],
            "location": one["location"], "follower_count": one["followers"], "following_count": one["following"]}
           for one in PEOPLE]  # fmt: skip
    yield "11 another actor's users", Way("dataset.json", json.dumps(old), HELD)
    cells = [
        [one[key] for key in ("x_id", "handle", "name", "bio", "location", "followers", "following")] for one in PEOPLE
    ]
    for tool, header in (
        ("12 twint", ["id", "username", "name", "bio", "location", "followers", "following"]),
        ("12 circleboom", ["Twitter ID", "Username", "Name", "Bio", "Location", "Followers Count", "Friends Count"]),
        ("12 followerwonk", ["twitter ID", "screen name", "name", "bio", "location", "followers", "following"]),
        ("12 t", ["ID", "Screen name", "Name", "Bio", "Location", "Followers", "Following"]),
    ):  # fmt: skip
        yield tool, Way("export.csv", table(header, cells), HELD)


def tables() -> Iterator[tuple[str, Way]]:
    """14, 15: ids that are none, and ids behind something."""
    rows = [(one["x_id"], one["handle"], one["name"]) for one in PEOPLE]
    known = [{key: one[key] for key in ("x_id", "handle", "name")} for one in PEOPLE]
    unknown = [{"x_id": None, **{key: one[key] for key in ("handle", "name")}} for one in PEOPLE]
    head = ["user_id", "screen_name", "name"]
    yield "14 behind x", Way("f.csv", table(head, [[f"x{id_}", *rest] for id_, *rest in rows]), known)
    yield "14 behind a word", Way("f.csv", table(head, [[f"id_{id_}", *rest] for id_, *rest in rows]), known)
    yield "14 behind a quote", Way("f.csv", table(head, [[f"'{id_}", *rest] for id_, *rest in rows]), known)
    more = [*rows, (55667788, "kim_lee", "Kim")]
    some = [*unknown, {"x_id": None, "handle": "kim_lee", "name": "Kim"}]
    for name, column, first in (
        ("15 from one", "id", 1),
        ("15 from nothing", "id", 0),
        ("15 called index", "index", 0),
    ):
        counted = [[at, *rest] for at, (_, *rest) in enumerate(more, first)]
        yield name, Way("f.csv", table([column, *head[1:]], counted), some)
    both = [[at, *row] for at, row in enumerate(rows, 1)]
    yield "15 beside true ids", Way("f.csv", table(["id", *head], both), known)


LANGUAGES = {
    "German": ("Benutzername", "Name", "Biografie", "Standort", "Follower", "Folge ich"),
    "French": ("Nom d'utilisateur", "Nom", "Biographie", "Lieu", "Abonnés", "Abonnements"),
    "Spanish": ("Usuario", "Nombre", "Biografía", "Ubicación", "Seguidores", "Siguiendo"),
    "Italian": ("Nome utente", "Nome", "Biografia", "Posizione", "Follower", "Seguiti"),
    "Portuguese": ("Nome de usuário", "Nome", "Biografia", "Localização", "Seguidores", "Seguindo"),
    "Dutch": ("Gebruikersnaam", "Naam", "Bio", "Locatie", "Volgers", "Volgend"),
    "Polish": ("Nazwa użytkownika", "Nazwa", "Opis", "Lokalizacja", "Obserwujący", "Obserwowani"),
    "Turkish": ("Kullanıcı adı", "Ad", "Biyografi", "Konum", "Takipçi", "Takip edilen"),
    "Russian": ("Имя пользователя", "Имя", "О себе", "Местоположение", "Подписчики", "Подписки"),
    "Japanese": ("ユーザー名", "名前", "自己紹介", "場所", "フォロワー数", "フォロー数"),
    "Korean": ("사용자 이름", "이름", "소개", "위치", "팔로워", "팔로잉"),
    "Chinese": ("用户名", "名称", "简介", "位置", "粉丝数", "关注数"),
}


def languages() -> Iterator[tuple[str, Way]]:
    """Profiles with headers in other languages, which are no list of companies."""
    keys = ("handle", "name", "bio", "location", "followers", "following")
    for language, header in LANGUAGES.items():
        text = table(list(header), [[one[key] for key in keys] for one in PEOPLE], ";")
        yield f"in {language}", Way("export.csv", text, [{key: one[key] for key in keys} for one in PEOPLE])


def texts() -> Iterator[tuple[str, Way]]:
    """17 and others: accounts named line by line."""
    pairs = [(one["handle"], one["x_id"]) for one in PEOPLE]
    link = "https://twitter.com/i/user/"
    yield "17 a name before the link", Way("f.txt", "".join(f"{h} {link}{i}\n" for h, i in pairs), BOTH)
    yield "17 links alone", Way("f.txt", "".join(f"{link}{i}\n" for _, i in pairs), IDS)
    yield "17 intent links", Way("f.txt", "".join(f"https://x.com/intent/user?user_id={i}\n" for _, i in pairs), IDS)
    yield "17 name => id", Way("ids.txt", "".join(f"@{h} => {i}\n" for h, i in pairs), BOTH)
    yield "17 id => name", Way("ids.txt", "".join(f"{i} => @{h}\n" for h, i in pairs), BOTH)
    yield "17 name: id", Way("ids.txt", "".join(f"{h}: {i}\n" for h, i in pairs), BOTH)
    yield "17 a table in text", Way("ids.txt", "".join(f"{h} | {i}\r\n" for h, i in pairs), BOTH)
    yield "17 numbered", Way("f.txt", "".join(f"{n}. @{h}\n" for n, (h, _) in enumerate(pairs, 1)), NAMES)
    yield "17 bullets with names", Way("f.md", "# Who\n\n" + "".join(f"- @{h} and more\n" for h, _ in pairs), NAMES)
    marked = "".join(f"* [@{h}](https://x.com/{h})\n" for h, _ in pairs)
    yield "17 bullets with links", Way("f.md", marked, NAMES)
    yield "17 in one line", Way("f.txt", ", ".join(f"@{h}" for h, _ in pairs), NAMES)
    yield "17 lines of several", Way("f.txt", "@a_1 @b_2\n@c_3\n", [{"handle": h} for h in ("a_1", "b_2", "c_3")])


def edges() -> Iterator[tuple[str, Way]]:
    """18: pairs of who follows whom."""
    people = [one["handle"] for one in PEOPLE]
    more = [*people, "kim_lee", "max_muster"]
    held = [{"handle": one} for one in more]
    follows = [[one, "acme"] for one in more]
    yield "18 source, target", Way("e.csv", table(["source", "target"], follows), held, "follower", "acme")
    followed = [["acme", one] for one in more]
    yield "18 follower, followed", Way("e.csv", table(["follower", "followed"], followed), held, "following", "acme")
    yield "18 with tabs", Way("e.tsv", table(["from", "to"], follows, "\t"), held, "follower", "acme")
    yield "18 user, followerid", Way("e.csv", table(["user", "followerid"], followed), held, "follower", "acme")


WAYS = {
    name: way for some in (answers_of_x, envelopes, scrapers, tables, languages, texts, edges) for name, way in some()
}  # fmt: skip


def test_each_kind_has_three_variations_at_least() -> None:
    kinds = [name.split()[0] for name in WAYS]
    assert {kind: kinds.count(kind) for kind in kinds if kinds.count(kind) < 3} == {}
    assert set(kinds) == {"01", "03", "04", "06", "07", "09", "11", "12", "14", "15", "17", "18", "in"}


@pytest.mark.parametrize("name", WAYS)
def test_everybody_in_it_is_read_and_nobody_else(tmp_path: Path, name: str) -> None:
    way = WAYS[name]
    path = tmp_path / way.file
    path.write_text(way.text, encoding="utf-8")
    seen = recognise(path)
    assert seen.table is not None
    found: list[AccountRecord] = []
    for batch in read_account_batches(seen.table, lists=seen.lists):
        assert [problem for problem in batch.problems if problem.is_refused] == []
        found.extend(batch.records)
    told = [{key: getattr(record, key) for key in one} for record, one in zip(found, way.people, strict=False)]
    assert (len(found), told) == (len(way.people), way.people)
    assert seen.relation == way.relation
    if way.owner:
        assert way.owner in seen.own_names
        assert way.owner not in [record.handle for record in found]
