"""Tables of who follows whom: the sides, whose lists they hold, and that no other table is taken for one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from followertui.domain.errors import BadInput
from followertui.sources.account_exports import read_account_batches
from followertui.sources.account_pairs import find_pairs
from followertui.sources.formats import inspect_table
from followertui.sources.recognising import recognise
from followertui.sources.tables import TableShape
from followertui.sources.text_files import look_at

PEOPLE = ("ann_b", "bo_c", "cy_d", "di_e", "ed_f")
IDS = tuple(str(990000111 + n) for n in range(5))


def table(tmp_path: Path, *lines: str, name: str = "edges.csv") -> TableShape:
    path = tmp_path / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return inspect_table(look_at(path))


def read(shape: TableShape, **options: str) -> dict[str, list[object]]:
    found: dict[str, list[object]] = {}
    for batch in read_account_batches(shape, **options):  # type: ignore[arg-type]
        found.setdefault(batch.direction, []).extend(one.handle or one.x_id for one in batch.records)
    return found


@pytest.mark.parametrize(
    ("head", "is_owner_first", "direction"),
    [
        ("source,target", False, "follower"),
        ("Source,Target", True, "following"),
        ("from,to", False, "follower"),
        ("user,followerid", True, "follower"),
        ("user_id,friend_id", True, "following"),
        ("follower_id,followee_id", False, "follower"),
        ("followed,follower", True, "follower"),
    ],
)
def test_the_side_that_is_not_the_owner_is_read(
    tmp_path: Path, head: str, is_owner_first: bool, direction: str
) -> None:
    rows = [f"acme_ops,{who}" if is_owner_first else f"{who},acme_ops" for who in PEOPLE]
    shape = table(tmp_path, head, *rows)
    assert read(shape) == {direction: list(PEOPLE)}
    seen = recognise(shape.path)
    assert (seen.what, seen.relation, seen.own_names, seen.owners) == ("accounts", direction, ("acme_ops",), ())


@pytest.mark.parametrize("count", [2, 3])
def test_small_tables_too(tmp_path: Path, count: int) -> None:
    shape = table(tmp_path, "user,followerid", *(f"acme_ops,{one}" for one in IDS[:count]))
    assert read(shape) == {"follower": [int(one) for one in IDS[:count]]}


def test_both_lists_of_one_owner_are_told_apart(tmp_path: Path) -> None:
    rows = [*(f"{who},acme" for who in PEOPLE[:3]), *(f"acme,{who}" for who in PEOPLE[2:])]
    shape = table(tmp_path, "source,target", *rows)
    seen = recognise(shape.path)
    assert (seen.relation, seen.has_both_lists) == ("both", True)
    assert read(shape, owner="@acme") == {"follower": list(PEOPLE[:3]), "following": list(PEOPLE[2:])}
    assert read(shape, owner="acme", only="following") == {"following": list(PEOPLE[2:])}


def test_of_several_owners_one_is_asked_for(tmp_path: Path) -> None:
    rows = [f"{owner},{one}" for owner in ("Acme_Ops", "beta_shop") for one in IDS]
    shape = table(tmp_path, "user,followerid", *rows, "Acme_Ops,990000999")
    assert recognise(shape.path).owners == ("@acme_ops", "@beta_shop")
    with pytest.raises(BadInput, match="holds the lists of @acme_ops, @beta_shop; say whose"):
        read(shape)
    assert read(shape, owner="beta_shop") == {"follower": [int(one) for one in IDS]}


def test_links_are_compared_as_the_accounts_they_lead_to(tmp_path: Path) -> None:
    shape = table(tmp_path, "follower,following", *(f"https://x.com/{who},https://twitter.com/ACME" for who in PEOPLE))
    assert read(shape, owner="acme") == {"follower": list(PEOPLE)}


def test_where_no_header_tells_the_sides_the_direction_is_asked(tmp_path: Path) -> None:
    shape = table(tmp_path, *(f"33001122334,{one}" for one in IDS))
    seen = recognise(shape.path)
    assert (seen.relation, seen.own_names) == (None, ("33001122334",))
    assert read(shape) == {"": [int(one) for one in IDS]}


@pytest.mark.parametrize(
    "lines",
    [
        ("id,screen_name", "990000111,ann_b", "990000112,bo_c", "990000113,cy_d"),
        ("follower_id,follower_name", "990000111,ann_b", "990000112,bo_c"),
        ("source,username", "990000111,ann_b", "990000112,bo_c"),
        ("source,target,followers", "ann_b,acme,5", "bo_c,acme,6"),
        ("screen_name,followers", "ann_b,5", "bo_c,6"),
        ("follower,since", "ann_b,2020-01-01", "bo_c,2020-01-01"),
        ("username,following", "ann_b,120", "bo_c,340"),
    ],
)
def test_other_tables_are_no_pairs(tmp_path: Path, lines: Sequence[str]) -> None:
    assert find_pairs(table(tmp_path, *lines)) is None
