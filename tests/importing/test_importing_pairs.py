"""Pairs of who follows whom: each side of our own account becomes a reading, nobody else's does."""

from __future__ import annotations

import pytest
from importing_bench import Bench

from followertui.domain.errors import BadInput
from followertui.store.file import watermarks

PAIRS = [("ann_b", "acme"), ("bo_c", "acme"), ("acme", "bo_c"), ("acme", "cy_d"), ("ann_b", "beta"), ("di_e", "beta")]


def related(bench: Bench, direction: str) -> set[str]:
    sql = "SELECT handle FROM relation_now JOIN account USING (row) WHERE direction = ?"
    return {handle for (handle,) in bench.store.con.execute(sql, [direction])}


def test_an_edge_list_gives_followers_and_following_of_one_owner(bench: Bench) -> None:
    path = bench.write("edges.csv", "source,target", PAIRS)
    with pytest.raises(BadInput, match="say whose to read with --owner"):
        bench.bring(path)
    assert bench.one("SELECT count(*) FROM account") == 0
    report = bench.bring(path, owner="@acme")
    assert (report.added, report.read) == (3, 4)
    assert related(bench, "follower") == {"ann_b", "bo_c"}
    assert related(bench, "following") == {"bo_c", "cy_d"}


def test_ones_own_lists_are_read_without_a_question_and_no_other_s_as_ours(bench: Bench) -> None:
    watermarks.PROFILE_HANDLE.write(bench.store, "beta")
    path = bench.write("edges.csv", "source,target", PAIRS)
    bench.bring(path)
    assert related(bench, "follower") == {"ann_b", "di_e"}
    assert related(bench, "following") == set()
    with pytest.raises(BadInput, match="list of @acme, this store is of @beta"):
        bench.bring(path, owner="acme")
    bench.bring(path, owner="acme", relation="none")
    assert related(bench, "follower") == {"ann_b", "di_e"}


def test_one_owner_s_followers_are_read_and_the_owner_is_none_of_them(bench: Bench) -> None:
    path = bench.write("f.csv", "user,followerid", [("acme", 990000111 + n) for n in range(5)])
    assert bench.bring(path).added == 5
    assert bench.one("SELECT count(*) FROM account WHERE handle = 'acme'") == 0
    assert bench.one("SELECT count(*) FROM relation_now WHERE direction = 'follower'") == 5
