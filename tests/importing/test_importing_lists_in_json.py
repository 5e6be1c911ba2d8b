"""Lists of accounts inside JSON: readings by direction, the owner's counts, and whose lists are taken in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from importing_bench import Bench

from followertui.domain.errors import BadInput
from followertui.store.file import watermarks

LENA = {"id": "2973406683", "screen_name": "lena_b", "name": "Lena"}
OMAR = {"id": "1180023456789012345", "screen_name": "omar_f", "name": "Omar"}
PRIYA = {"id": "990000111", "screen_name": "priya_n", "name": "Priya"}


def save(bench: Bench, content: object) -> Path:
    path = bench.write("saved.csv", "id", [])
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def related(bench: Bench, direction: str) -> set[str]:
    rows = bench.store.con.execute(
        "SELECT handle FROM account JOIN relation USING (row) WHERE direction = ?", [direction]
    )
    return {handle for (handle,) in rows}


def test_both_lists_of_a_file_are_a_reading_each(bench: Bench) -> None:
    path = save(bench, {"followers": [LENA, OMAR], "following": [LENA, PRIYA]})
    report = bench.bring(path, completeness="partial")
    assert (report.read, report.added) == (4, 3)
    assert related(bench, "follower") == {"lena_b", "omar_f"}
    assert related(bench, "following") == {"lena_b", "priya_n"}
    assert bench.one("SELECT count(*) FROM snapshot") == 2


def test_the_list_of_another_account_is_refused(bench: Bench) -> None:
    watermarks.PROFILE_HANDLE.write(bench.store, "acme_ops")
    path = save(bench, {"profile": {"id": "33", "username": "beta_shop"}, "followers": [LENA]})
    with pytest.raises(BadInput, match="list of @beta_shop, this store is of @acme_ops"):
        bench.bring(path)
    assert bench.one("SELECT count(*) FROM account") == 0
    assert bench.bring(path, relation="none").added == 1


def test_of_lists_of_several_owners_ones_own_is_read_or_it_is_asked(bench: Bench) -> None:
    owners = [{"screen_name": "acme", "followers": [LENA]}, {"screen_name": "beta", "followers": [OMAR]}]
    path = save(bench, owners)
    with pytest.raises(BadInput, match="--owner HANDLE"):
        bench.bring(path)
    assert bench.bring(path, owner="@beta").added == 1
    assert related(bench, "follower") == {"omar_f"}
    watermarks.PROFILE_HANDLE.write(bench.store, "beta")
    with pytest.raises(BadInput, match="list of @acme, this store is of @beta"):
        bench.bring(path, owner="acme")
    assert bench.bring(path, owner="acme", relation="none").added == 1
