"""A column of owners beside profile columns: whose list each row is in, and what is no such column."""

from __future__ import annotations

from pathlib import Path

import pytest
from one_by_one import read_accounts

from followertui.domain.account import AccountRecord
from followertui.sources.account_exports import read_account_batches
from followertui.sources.formats import inspect_table
from followertui.sources.recognising import recognise
from followertui.sources.text_files import look_at

PEOPLE = (
    ("dana", "100", "hello"),
    ("joe", "101", "hi"),
    ("kim", "102", "ho"),
    ("lee", "103", "ha"),
    ("max", "104", ""),
)
OF = ("acme", "acme", "acme", "beta", "beta")


def written(path: Path, header: str, owners: tuple[str, ...], first: bool = True) -> Path:
    names = [header, "screen_name", "id", "description"] if first else ["screen_name", "id", "description", header]
    rows = [[owner, *one] if first else [*one, owner] for owner, one in zip(owners, PEOPLE, strict=True)]
    path.write_text("\n".join(",".join(row) for row in [names, *rows]) + "\n")
    return path


WAYS = {
    "owner": ("owner", OF),
    "handles with an @": ("source", tuple(f"@{one}" for one in OF)),
    "links": ("query", tuple(f"https://x.com/{one}" for one in OF)),
    "ids": ("target", tuple("44196397" if one == "acme" else "783214" for one in OF)),
    "two words": ("Source User", OF),
    "its direction": ("follower_of", OF),
    "the other direction": ("followed by", OF),
    "of a scraper": ("inputUrl", tuple(f"https://twitter.com/{one.title()}?lang=en" for one in OF)),
}


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("way", WAYS)
def test_the_lists_of_two_owners_are_told_apart(tmp_path: Path, way: str, first: bool) -> None:
    header, owners = WAYS[way]
    path = written(tmp_path / "people.csv", header, owners, first)
    seen = recognise(path)
    assert (seen.what, len(seen.owners), seen.own_names) == ("accounts", 2, ())
    assert seen.relation == {"follower_of": "follower", "followed by": "following"}.get(header)
    shape = inspect_table(look_at(path))
    read = {
        owner: [r.handle for batch in read_account_batches(shape, owner=owner) for r in batch.records]
        for owner in seen.owners
    }
    assert list(read.values()) == [["dana", "joe", "kim"], ["lee", "max"]]


@pytest.mark.parametrize("way", WAYS)
def test_one_owner_is_named_and_nobody_is_left_out(tmp_path: Path, way: str) -> None:
    header, owners = WAYS[way]
    path = written(tmp_path / "people.csv", header, (owners[0],) * 5)
    seen = recognise(path)
    assert (len(seen.own_names), seen.owners) == (1, ())
    found = list(read_accounts(path))
    assert [one.handle for one in found if isinstance(one, AccountRecord)] == ["dana", "joe", "kim", "lee", "max"]


NO_OWNERS = {
    "where a row came from": ("source", ("web", "web", "web", "app", "app")),
    "who looks after them": ("Owner", ("Jane", "Jane", "Jane", "Tom", "Tom")),
    "a language": ("lang", ("en", "en", "en", "de", "de")),
    "a place": ("location", ("berlin", "berlin", "berlin", "ulm", "ulm")),
    "one each": ("source", ("@a1", "@b1", "@c1", "@d1", "@e1")),
    "a word": ("target", ("yes", "yes", "yes", "no", "no")),
}


@pytest.mark.parametrize("way", NO_OWNERS)
def test_other_columns_that_repeat_are_no_owners(tmp_path: Path, way: str) -> None:
    path = written(tmp_path / "people.csv", *NO_OWNERS[way])
    seen = recognise(path)
    assert (seen.owners, seen.own_names) == ((), ())
    assert len([one for one in read_accounts(path) if isinstance(one, AccountRecord)]) == 5


def test_who_looks_after_a_customer_is_no_owner_of_a_list(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    rows = [("jane", "dana", "Acme", "keep"), ("jane", "joe", "Beta", ""), ("tom", "kim", "Beta", "out")]
    lines = [("owner", "handle", "company", "decision"), *rows, ("tom", "lee", "Beta", "")]
    path.write_text("\n".join(",".join(line) for line in lines) + "\n")
    seen = recognise(path)
    assert (seen.owners, seen.own_names) == ((), ())
