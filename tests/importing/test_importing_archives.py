"""Archives: both directions, whose it is, the possible cap, conversations."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from importing_bench import Bench

from followertui.domain.account import AccountRecord
from followertui.domain.errors import BadInput
from followertui.domain.progress import drained
from followertui.services.intake import reversing
from followertui.services.intake.completeness import judge_reading
from followertui.store.audience import imports
from followertui.store.file import watermarks

REAL = Path(__file__).parents[3] / "shared" / "data" / "x-archives"


def archive(bench: Bench, follower: list[int], following: list[int], day: int = 1, own: int = 99) -> Path:
    folder = bench.folder / f"archive-{day}"
    data = folder / "data"
    data.mkdir(parents=True)
    for name, ids in (("follower", follower), ("following", following)):
        items = [{name: {"accountId": str(x_id)}} for x_id in ids]
        (data / f"{name}.js").write_text(f"window.YTD.{name}.part0 = {json.dumps(items)}")
    manifest = {
        "userInfo": {"accountId": str(own), "userName": "acme"},
        "archiveInfo": {"generationDate": f"2026-01-{day:02}T00:00:00.000Z"},
        "dataTypes": {
            name: {
                "files": [{"fileName": f"data/{name}.js", "globalName": f"YTD.{name}.part0", "count": str(len(ids))}]
            }
            for name, ids in (("follower", follower), ("following", following))
        },
    }
    (data / "manifest.js").write_text(f"window.__THAR_CONFIG = {json.dumps(manifest)}")
    post = {
        "id_str": "1700000000000000000",
        "created_at": "Sat Dec 18 12:33:11 +0000 2025",
        "full_text": "@bob hello",
        "in_reply_to_user_id_str": "2",
        "in_reply_to_screen_name": "bob",
        "entities": {"user_mentions": [{"id_str": "2", "screen_name": "bob", "name": "Bob"}]},
    }
    (data / "tweets.js").write_text(f"window.YTD.tweets.part0 = {json.dumps([{'tweet': post}])}")
    return folder


def test_an_archive_brings_both_directions(bench: Bench) -> None:
    report = bench.bring(archive(bench, [1, 2, 3, 99], [2, 4]))
    assert bench.follows("follower") == {"1", "bob", "3"}
    assert bench.follows("following") == {"bob", "4"}
    assert watermarks.PROFILE_HANDLE.read(bench.store) == "acme"
    assert watermarks.PROFILE_ID.read(bench.store) == 99
    assert (report.added, report.new, report.left) == (4, 0, 0)
    assert bench.store.con.execute("SELECT kind FROM interaction").fetchall() == [("reply",)]
    assert any("nameless" in note for note in report.notes)


def test_a_second_archive_tells_who_left(bench: Bench) -> None:
    bench.bring(archive(bench, [1, 2, 3], [4], day=1))
    report = bench.bring(archive(bench, [1, 2, 5], [4], day=9))
    assert (report.new, report.left) == (1, 1)
    assert (bench.new(), bench.left()) == ({"5"}, {"3"})


def test_an_older_archive_after_a_newer_one_makes_nobody_gone(bench: Bench) -> None:
    bench.bring(archive(bench, [1, 2, 5], [4], day=9))
    bench.bring(archive(bench, [1, 2, 3], [4], day=1))
    assert (bench.follows(), bench.new(), bench.left()) == ({"1", "bob", "5"}, {"5"}, {"3"})


def test_an_empty_list_ends_nobody(bench: Bench) -> None:
    bench.bring(archive(bench, [1, 2], [4], day=1))
    bench.bring(archive(bench, [], [4], day=2))
    assert bench.follows() == {"1", "bob"}


@pytest.mark.parametrize("rest", ["\x00garbage{{{", None])
def test_a_damaged_list_ends_nobody(bench: Bench, rest: str | None) -> None:
    bench.bring(archive(bench, [1, 2, 3], [4], day=1))
    path = archive(bench, [1, 2], [4], day=2)
    file = path / "data" / "follower.js"
    file.write_text(file.read_text()[:-20] if rest is None else rest)
    report = bench.bring(path)
    assert any("creates no leavers" in note for note in report.notes)
    assert bench.left() == set()


def test_another_profiles_archive_is_refused(bench: Bench) -> None:
    bench.bring(archive(bench, [1], [4], day=1))
    with pytest.raises(BadInput, match="--profile"):
        bench.bring(archive(bench, [1], [4], day=2, own=98))
    assert bench.one("SELECT count(*) FROM import_run") == 1


def test_names_come_later_by_id(bench: Bench) -> None:
    bench.bring(archive(bench, [1, 3], []))
    report = bench.records([AccountRecord(1, "ann"), AccountRecord(3, "cat")], 1_800_000_000, completeness="complete")
    assert (report.added, report.updated, report.new, report.left) == (0, 2, 0, 0)
    assert bench.follows() == {"ann", "cat"}


@pytest.mark.parametrize(
    ("read", "expected", "word", "is_archive", "verdict"),
    [
        (9_999, 9_999, None, True, "partial"),
        (9_999, 9_999, "complete", True, "complete"),
        (500, 500, None, True, "complete"),
        (98, 100, None, False, "complete"),
        (97, 100, None, False, "partial"),
        (97, None, None, False, "unknown"),
        (97, 97, "partial", False, "partial"),
    ],
)
def test_when_a_reading_is_everybody(
    read: int, expected: int | None, word: str | None, is_archive: bool, verdict: str
) -> None:
    judged = judge_reading(
        direction="follower", read=read, expected=expected, word=word, is_main=True, is_archive=is_archive,
        has_one_identity=True,
    )  # fmt: skip
    assert judged.completeness == verdict


@pytest.mark.skipif(not REAL.exists(), reason="real archives are not here")
def test_real_archives(bench: Bench) -> None:
    report = bench.bring(REAL / "organisation-2021")
    counts = [
        len(json.loads((REAL / "organisation-2021" / "data" / f"{name}.js").read_text().split("=", 1)[1]))
        for name in ("follower", "following")
    ]
    assert report.read == sum(counts)
    assert (len(bench.follows("follower")), len(bench.follows("following"))) == tuple(counts)


def test_undo_forgets_whose_archive_it_was(bench: Bench) -> None:
    bench.bring(archive(bench, [1], [4], day=1))
    bench.undo()
    assert (watermarks.PROFILE_ID.read(bench.store), watermarks.PROFILE_HANDLE.read(bench.store)) == (None, "")
    bench.redo()
    assert watermarks.PROFILE_ID.read(bench.store) == 99
    bench.undo()
    assert bench.bring(archive(bench, [1], [4], day=2, own=98)).read == 2
    assert watermarks.PROFILE_ID.read(bench.store) == 98


def test_whose_store_it_is_stays_while_another_archive_says_so(bench: Bench) -> None:
    bench.bring(archive(bench, [1], [4], day=1))
    bench.bring(archive(bench, [1, 2], [4], day=2))
    bench.undo()
    assert watermarks.PROFILE_ID.read(bench.store) == 99


def test_an_archive_that_is_discarded_leaves_no_owner(bench: Bench) -> None:
    work = bench.begin(archive(bench, [1], [4]))
    next(work)
    work.close()
    (run,) = imports.unfinished(bench.store)
    drained(reversing.discard_import(bench.store, run.id))
    assert watermarks.PROFILE_ID.read(bench.store) is None
