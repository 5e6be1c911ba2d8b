"""Identities in tables as tools write them: marked ids, row numbers, names before links, pairs."""

from __future__ import annotations

from pathlib import Path

import pytest
from one_by_one import read_accounts

from followertui.domain.account import AccountRecord
from followertui.domain.errors import BadInput
from followertui.sources.recognising import recognise


def pairs_of(path: Path, **options: object) -> list[tuple[int | None, str | None]]:
    found = [one for one in read_accounts(path, **options) if isinstance(one, AccountRecord)]
    return [(one.x_id, one.handle) for one in found]


def saved(tmp_path: Path, text: str, name: str = "followers.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("mark", ["x", "id_", "ID:", "#"])
def test_an_id_behind_a_letter_is_an_id(mark: str, tmp_path: Path) -> None:
    text = f"user_id,screen_name\n{mark}2973406683,lena_b\n{mark}1180023456789012345,omar_f\n"
    assert pairs_of(saved(tmp_path, text)) == [(2973406683, "lena_b"), (1180023456789012345, "omar_f")]


@pytest.mark.parametrize("first", [0, 1])
def test_row_numbers_are_no_ids(first: int, tmp_path: Path) -> None:
    rows = "".join(f"{first + n},user_{n},{n * 7}\n" for n in range(5))
    path = saved(tmp_path, "id,username,followers\n" + rows)
    assert pairs_of(path) == [(None, f"user_{n}") for n in range(5)]
    assert next(guess for guess in recognise(path).columns if guess.column == "id").why.startswith("it counts")


def test_small_ids_that_count_nothing_stay_ids(tmp_path: Path) -> None:
    assert pairs_of(saved(tmp_path, "id,username\n12,jack\n13,biz\n20,ev\n")) == [(12, "jack"), (13, "biz"), (20, "ev")]


def test_a_name_before_the_link_of_an_id_is_the_handle(tmp_path: Path) -> None:
    lines = ("lena_b 2973406683", "071625348 142593777", "~unknown~handle~ 990000111")
    text = "".join(line.replace(" ", " https://twitter.com/i/user/") + "\n" for line in lines)
    assert pairs_of(saved(tmp_path, text, "followers.txt")) == [
        (2973406683, "lena_b"), (142593777, "071625348"), (990000111, None),
    ]  # fmt: skip


def test_a_table_of_pairs_is_not_read_by_its_owner(tmp_path: Path) -> None:
    rows = "".join(f"{'beta' if n == 4 else 'acme'},{990000111 + n}\n" for n in range(5))
    path = saved(tmp_path, "user,followerid\n" + rows)
    with pytest.raises(BadInput, match="holds the lists of @acme, @beta; say whose to read with --owner"):
        pairs_of(path)
    assert pairs_of(path, owner="acme") == [(990000111 + n, None) for n in range(4)]
    read = pairs_of(path, mapping={"user": "", "followerid": "x_id"})
    assert [x_id for x_id, _ in read] == [990000111 + n for n in range(5)]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (("990000111,ann_b,Ann Bee", "990000112,bo_c,Bo Cee"), [(990000111, "ann_b"), (990000112, "bo_c")]),
        (("Ann Bee,@ann_b", "Bo Cee,@bo_c"), [(None, "ann_b"), (None, "bo_c")]),
        (("1,https://x.com/ann_b", "2,https://x.com/bo_c"), [(None, "ann_b"), (None, "bo_c")]),
        (("ann_b;2973406683", "bo_c;1180023456789012345"), [(2973406683, "ann_b"), (1180023456789012345, "bo_c")]),
    ],
)
def test_columns_without_headers_are_told_by_their_values(
    tmp_path: Path, rows: tuple[str, ...], found: list[tuple[int | None, str]]
) -> None:
    path = saved(tmp_path, "\n".join(rows) + "\n")
    assert pairs_of(path) == found
    seen = recognise(path)
    assert {guess.field for guess in seen.columns} >= {"handle"}
    assert all("values" in guess.why for guess in seen.columns if guess.field)


def test_columns_without_headers_that_tell_nothing_are_not_guessed(tmp_path: Path) -> None:
    path = saved(tmp_path, "Berlin,Hamburg\nKiel,Bonn\n", "places.csv")
    assert recognise(path).what == "unknown"


def test_words_of_tools_for_the_first_day_and_for_who_follows_are_known(tmp_path: Path) -> None:
    head = "profileUrl,screenName,userId,isFollowing,isFollowedBy,Joined Twitter,followersCount"
    path = saved(tmp_path, f"{head}\nhttps://x.com/ann_b,ann_b,990000111,False,True,2011-01-10,8\n", "export.csv")
    record = next(one for one in read_accounts(path) if isinstance(one, AccountRecord))
    assert (record.follows_us, record.we_follow, record.created_at) == (1, 0, 1294617600)
