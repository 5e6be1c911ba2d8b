"""Files as public exporters of followers and following write them, with people who do not exist.

Each line: the tool whose code was read, the file it names and writes, what is known of each person from
it, and the direction. Tools with the same columns as one that is here are left out.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from followertui.domain.account import AccountRecord
from followertui.domain.errors import BadInput
from followertui.sources import keyed_objects
from followertui.sources.account_exports import read_account_batches
from followertui.sources.account_objects import is_account
from followertui.sources.json_files import Item
from followertui.sources.recognising import recognise

PEOPLE: list[dict[str, Any]] = [
    {"x_id": 2973406683, "handle": "lena_brandt", "name": "Lena Brandt", "bio": 'Rail "fan", Nordkai', "followers": 812,
     "following": 430, "posts": 1200},
    {"x_id": 1180023456789012345, "handle": "omar_fitouri", "name": "Omar Fitouri", "bio": "Founder", "followers": 90,
     "following": 300, "posts": 12},
    {"x_id": 44196398, "handle": "Ana_Ruiz9", "name": "Ana Ruiz 🚀", "bio": "Analyst", "followers": 5, "following": 9,
     "posts": 3},
]  # fmt: skip
COUNTS = ("followers", "following", "posts")
JOINED = "2012-03-06T10:00:00.000Z"


class Export(NamedTuple):
    """A file of a tool, what it tells of everybody, and the direction it states."""

    file: str
    text: str
    fields: tuple[str, ...]
    relation: str | None = None


def table(head: Sequence[str], rows: Sequence[Sequence[Any]], bom: str = "") -> str:
    """A CSV."""
    text = io.StringIO()
    writer = csv.writer(text)
    if head:
        writer.writerow(head)
    writer.writerows(rows)
    return bom + text.getvalue()


def columns(names: dict[str, str], more: dict[str, Any] | None = None, bom: str = "") -> str:
    """A CSV with a column for each name, and columns that are the same for everybody."""
    more = more or {}
    return table([*names, *more], [[*(one[key] for key in names.values()), *more.values()] for one in PEOPLE], bom)


def objects(names: dict[str, str], more: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """JSON objects with a value for each name."""
    return [{**{name: one[key] for name, key in names.items()}, **(more or {})} for one in PEOPLE]


def users() -> list[dict[str, Any]]:
    """Users as X's site gave them, which some tools keep as they are."""
    return [
        {"__typename": "User", "id": "VXNlcjo=", "rest_id": str(one["x_id"]), "legacy": {
            "screen_name": one["handle"], "name": one["name"], "description": one["bio"], "following": True,
            "followers_count": one["followers"], "friends_count": one["following"], "statuses_count": one["posts"],
            "followed_by": False, "created_at": "Tue Mar 06 10:00:00 +0000 2012"}}
        for one in PEOPLE
    ]  # fmt: skip


ALL = ("x_id", "handle", "name", "bio", *COUNTS)
SHOWN = ("handle", "name", "bio")


def browser_scripts() -> Iterator[tuple[str, Export]]:
    """Scripts and extensions."""
    extra = [[str(at), one["name"], one["handle"], "x.jpg", "true", "false", one["bio"], json.dumps(user)]
             for at, (one, user) in enumerate(zip(PEOPLE, users(), strict=True))]  # fmt: skip
    head = ["number", "name", "screen_name", "profile_image", "following", "followed_by", "description", "extra"]
    yield "prinsss CSV", Export("twitter-acme-following-1719000000000.csv", table(head, extra), SHOWN, "following")
    cells = "".join(f'<tr><td>{at}</td><td>{one["name"]}</td><td>\n<a href="https://twitter.com/{one["handle"]}">\n'
                    f'{one["handle"]}\n</a></td><td><img src="x"></td><td>true</td><td>false</td></tr>'
                    for at, one in enumerate(PEOPLE))  # fmt: skip
    top = "".join(f"<th>{name}</th>" for name in ["#", *head[1:6]])
    page = f"<table><thead><tr>{top}</tr></thead><tbody>{cells}</tbody></table>"
    yield "prinsss HTML", Export("twitter-acme-followers-1719000000000.html", page, ("handle", "name"), "follower")
    dump = {user["rest_id"]: user for user in users()}
    dump[str(PEOPLE[0]["x_id"])]["legacy"] |= {"following": False, "followed_by": True}
    name = "export-twitter-following-list-database-dump-1719000000000.json"
    yield "prinsss database, both directions", Export(name, json.dumps(dump), ALL)
    names = {"username": "handle", "display_name": "name"}
    text = table([*names, "profile_url"], [[one["handle"], one["name"], f"https://x.com/{one['handle']}"]
                                           for one in PEOPLE], "\ufeff")  # fmt: skip
    yield "huyixi", Export("twitter-following-acme-2026-05-29.csv", text, ("handle", "name"), "following")
    at_names = [[one["name"], f"@{one['handle']}", one["bio"]] for one in PEOPLE]
    text = table(["Name", "Username", "Bio"], at_names, "\ufeff")
    yield "wrlm", Export("twitter_following.csv", text, SHOWN, "following")
    seen = {"display_name": "name", "username": "handle", "user_id": "x_id", "following_count": "following",
            "followers_count": "followers", "bio": "bio"}  # fmt: skip
    observed = {"sources": "following|import", "first_seen_at": JOINED, "last_seen_at": JOINED,
                "latest_post_kind": "post", "latest_post_text": "hello @nobody",
                "latest_post_url": "https://x.com/a/status/1", "observed_posts_count": 3}  # fmt: skip
    yield "Liu-Bot24", Export("x-users-2026-05-01.csv", columns(seen, observed, "\ufeff"), (*ALL[:4], *COUNTS[:2]))
    follows = [[f"@{one['handle']}", one["name"], one["bio"], str(one is PEOPLE[0]).lower()] for one in PEOPLE]
    text = table(["Handle", "DisplayName", "Bio", "FollowsYou"], follows)
    yield "XActions", Export("acme_followers_1719000000000.csv", text, SHOWN, "follower")


def programs() -> Iterator[tuple[str, Export]]:
    """Programs and libraries."""
    v2 = {"id": "x_id", "username": "handle", "name": "name", "description": "bio"}
    listed = {
        "users": objects({**v2, "followersCount": "followers", "followingCount": "following"}),
        "nextCursor": None,
    }
    yield "bird", Export("followers.json", json.dumps(listed), (*ALL[:4], *COUNTS[:2]), "follower")
    full = {"id": "x_id", "name": "name", "username": "handle", "bio": "bio", "tweets": "posts",
            "following": "following", "followers": "followers"}  # fmt: skip
    rest = {"join_date": "2012-03-06", "join_time": "10:00:00 UTC", "likes": 5, "media": 2, "private": 0,
            "verified": False, "profile_image_url": "https://x", "background_image": ""}  # fmt: skip
    yield "twint CSV", Export("followers.csv", columns(full, rest), ALL, "follower")
    lines = "".join(json.dumps(one) + "\n" for one in objects(full, rest))
    yield "twint JSON", Export("following.json", lines, ALL, "following")
    yield "twint names", Export("usernames.json", "".join(json.dumps({"username": one["handle"]}) + "\n"
                                                          for one in PEOPLE), ("handle",))  # fmt: skip
    nick = {"id": "x_id", "name": "handle", "nick": "name", "description": "bio", "followers_count": "followers",
            "friends_count": "following", "statuses_count": "posts"}  # fmt: skip
    links = [f"https://x.com/i/user/{one['x_id']}" for one in PEOPLE]
    rows = [[link, *(one[key] for key in nick.values())] for link, one in zip(links, PEOPLE, strict=True)]
    text = table(["Permanent_Profile_Link", *nick], rows)
    yield "royspace, by gallery-dl", Export("twitter_following_list_data.csv", text, ALL, "following")
    yield "dump-twitter-followers", Export("followers.txt", "".join(
        f"https://twitter.com/{one['handle']}\n" for one in PEOPLE), ("handle",), "follower")  # fmt: skip
    bare = [[one["x_id"], one["handle"], one["name"]] for one in PEOPLE]
    yield "twitter-follower-list", Export("follower_list_1719000000000.csv", table([], bare), ALL[:2], "follower")
    metrics = [{**one, "public_metrics": {"followers_count": person["followers"], "tweet_count": person["posts"],
                                          "following_count": person["following"]}}
               for one, person in zip(objects(v2), PEOPLE, strict=True)]  # fmt: skip
    kept = {"followings": metrics, "urls": {"https://t.co/a": "https://acme.com", "https://t.co/b": "https://b.com"}}
    yield "twitter-followings-export", Export("data.json", json.dumps(kept), ALL, "following")
    handles = json.dumps([one["handle"] for one in PEOPLE], indent=4)
    yield "export-twitter-following", Export("following.json", handles, ("handle",), "following")
    rettiwt = {"id": "x_id", "userName": "handle", "fullName": "name", "description": "bio",
               "followersCount": "followers", "followingsCount": "following", "statusesCount": "posts"}  # fmt: skip
    text = json.dumps({"list": objects(rettiwt, {"createdAt": JOINED}), "next": {"value": "18|19"}})
    yield "Rettiwt", Export("followers.json", text, ALL, "follower")
    agent = {"userId": "x_id", "username": "handle", "name": "name", "biography": "bio", "followersCount": "followers",
             "followingCount": "following", "tweetsCount": "posts"}  # fmt: skip
    more = {"friendsCount": 7, "isPrivate": False, "pinnedTweetIds": [], "joined": JOINED, "website": "https://a.com"}
    yield "twitter-scraper", Export("profiles.json", json.dumps(objects(agent, more)), ALL)
    pages = [{"data": some, "includes": {"tweets": [{"id": "1", "author_id": "3", "text": "hi"}]},
              "__twarc": {"url": "https://api.twitter.com/2/users/99/followers?max_results=1000"}}
             for some in (metrics[:2], metrics[2:])]  # fmt: skip
    yield "twarc2", Export("out.jsonl", "".join(json.dumps(page) + "\n" for page in pages), ALL, "follower")
    v2_columns = {**v2, "public_metrics.followers_count": "followers", "public_metrics.following_count": "following",
                  "public_metrics.tweet_count": "posts"}  # fmt: skip
    yield "twarc-csv", Export("users.csv", columns(v2_columns, {"__twarc.version": "2.1", "protected": "False"}), ALL)
    old = {"ID": "x_id", "NAME": "name", "USER": "handle", "FOLLOWERS": "followers", "FOLLOWING": "following",
           "STATUSES": "posts"}  # fmt: skip
    fields = ("x_id", "handle", "name", *COUNTS)
    yield "followers2csv", Export("out.csv", columns(old, {"FOLLOWED": "false", "FAVOURITES": 3}), fields)
    yield "Scweet", Export("followers.json", json.dumps(targeted("acme")), (*ALL[:4], *COUNTS[:2]), "follower")
    yield "Scweet CSV", Export("followers.csv", as_csv(targeted("acme")), (*ALL[:4], *COUNTS[:2]), "follower")


def targeted(*owners: str) -> list[dict[str, Any]]:
    """Followers of some accounts as Scweet writes them: each says of itself whose list it was found in."""
    names = {"user_id": "x_id", "username": "handle", "name": "name", "description": "bio",
             "followers_count": "followers", "following_count": "following"}  # fmt: skip
    found = []
    for owner, some in zip(owners, (PEOPLE, PEOPLE[:1]), strict=False):
        target = {"raw": owner, "source": "username", "user_id": "99" + "0" * len(owner), "username": owner,
                  "profile_url": f"https://x.com/{owner}"}  # fmt: skip
        found += [{"type": "followers", "target": target, **one} for one in objects(names)[: len(some)]]
    return found


def as_csv(rows: list[dict[str, Any]]) -> str:
    """The same as a CSV, objects in it as JSON."""
    return table(list(rows[0]), [[json.dumps(v) if isinstance(v, dict) else v for v in row.values()] for row in rows])


def keyed() -> Iterator[tuple[str, Export]]:
    """Accounts under their handles or ids."""
    about = {"name": "name", "bio": "bio", "followers": "followers"}
    people = list(zip(objects(about), PEOPLE, strict=True))
    fields = ("handle", *about)
    yield "by handle", Export("a.json", json.dumps({who["handle"]: one for one, who in people}), fields)
    yield "by @handle", Export("a.json", json.dumps({"@" + who["handle"]: one for one, who in people}), fields)
    with_id = {who["handle"]: {"id": str(who["x_id"]), **one} for one, who in people}
    yield "by handle, with an id", Export("followers.json", json.dumps(with_id), ("x_id", *fields), "follower")
    ids = {str(who["x_id"]): one for one, who in people}
    yield "by id", Export("a.json", json.dumps(ids), ("x_id", *about))
    plain = {who["handle"]: {"id": str(who["x_id"]), "name": who["name"]} for who in PEOPLE}
    held = json.dumps({"exported": JOINED, "followers": plain})
    yield "under followers", Export("acme.json", held, ("x_id", "handle", "name"), "follower")
    pairs = {one["handle"]: str(one["x_id"]) for one in PEOPLE}
    yield "handle to id", Export("ids.json", json.dumps(pairs), ("x_id", "handle"))
    yield "id to handle", Export("ids.json", json.dumps({id_: name for name, id_ in pairs.items()}), ("x_id", "handle"))


EXPORTS = {name: export for some in (browser_scripts, programs, keyed) for name, export in some()}


def read(path: Path, owner: str | None = None) -> list[AccountRecord]:
    """The accounts of a file, of which nothing is refused."""
    seen = recognise(path)
    assert seen.table is not None
    found: list[AccountRecord] = []
    for batch in read_account_batches(seen.table, lists=seen.lists, owner=owner):
        assert [problem for problem in batch.problems if problem.is_refused] == []
        found.extend(batch.records)
    return found


@pytest.mark.parametrize("name", EXPORTS)
def test_everybody_is_read_with_what_the_tool_knows(tmp_path: Path, name: str) -> None:
    export = EXPORTS[name]
    path = tmp_path / export.file
    path.write_text(export.text, encoding="utf-8")
    told = [{field: getattr(record, field) for field in export.fields} for record in read(path)]
    wanted = [{field: one[field] for field in export.fields} for one in PEOPLE]
    assert [{**one, "handle": (one.get("handle") or "").lower()} for one in told] == [
        {**one, "handle": one.get("handle", "").lower()} for one in wanted
    ]
    assert recognise(path).relation == export.relation


@pytest.mark.parametrize("form", ["json", "csv"])
def test_lists_of_two_targets_are_told_apart(tmp_path: Path, form: str) -> None:
    rows = targeted("acme", "globex")
    path = tmp_path / f"followers.{form}"
    path.write_text(json.dumps(rows) if form == "json" else as_csv(rows), encoding="utf-8")
    assert set(recognise(path).owners) == {"@acme", "@globex"}
    assert [record.handle for record in read(path, "globex")] == ["lena_brandt"]
    path.write_text(json.dumps(rows[:3]) if form == "json" else as_csv(rows[:3]), encoding="utf-8")
    assert recognise(path).own_names[-1] == "acme"


def test_a_large_file_keyed_by_handle_is_read_member_by_member(tmp_path: Path) -> None:
    path = tmp_path / "followers.json"
    people = {f"person_{n}": {"name": f"Person {n}", "bio": "x" * 900, "followers": n} for n in range(5000)}
    path.write_text(json.dumps(people), encoding="utf-8")
    found = read(path)
    assert [(one.handle, one.followers) for one in found] == [(f"person_{n}", n) for n in range(5000)]


OTHERS: dict[str, dict[str, Any]] = {
    "parts of one user": users()[0],
    "counts": {"followers_count": 81200345, "friends_count": 43000123, "statuses_count": 90000012},
    "figures": {"impressions": 81200, "likes": 43000, "replies": 9000},
    "companies": {"acme": {"name": "Acme", "domain": "acme.com"}, "globex": {"name": "Globex", "domain": "globex.com"}},
    "two lists": {"followers": {"lena": {"bio": "a"}}, "following": {"omar": {"bio": "b"}}},
    "settings": {"theme": {"verified": True}, "meta": {"verified": False}},
    "one": {"lena": {"bio": "a"}},
}


@pytest.mark.parametrize("name", OTHERS)
def test_objects_whose_keys_are_fields_are_not_opened(name: str) -> None:
    assert not keyed_objects.is_keyed(OTHERS[name])


def test_users_that_say_who_they_are_stay_as_they_are() -> None:
    people = {str(one["rest_id"]): one for one in users()}
    assert all(map(is_account, people.values()))
    assert list(keyed_objects.spread(iter([Item(1, (), people)]))) == [Item(1, (), people)]


YAML = {
    "names.yaml": "- lena_brandt\n- omar_fitouri\n",
    "users.yml": "# exported\n---\n- id: 297\n  username: lena_brandt\n",
    "renamed.txt": "followers:\n  - lena_brandt\n  - omar_fitouri\n",
}


@pytest.mark.parametrize("name", YAML)
def test_yaml_is_refused_with_what_to_do(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(YAML[name], encoding="utf-8")
    with pytest.raises(BadInput, match=f"{name}: this is YAML; turn it into JSON first, as with: yq -o json {name}"):
        recognise(path)
