import json
import zipfile
from collections import Counter

import pytest
from one_by_one import read_archive

from followertui.domain.account import AccountRecord
from followertui.domain.errors import BadInput
from followertui.sources import archive_parts
from followertui.sources.archive_neighbours import archives_in
from followertui.sources.archives import Partner, inspect_archive, is_possibly_capped, read_partners
from followertui.sources.recognising import describe, recognise
from followertui.sources.sniffing import folder_hash


def script(name, values):
    return f"window.YTD.{name}.part0 = {json.dumps(values, indent=2)}"


def people(name, ids):
    return script(name, [{name: {"accountId": str(one), "userLink": "x"}} for one in ids])


POSTS = [
    {
        "tweet": {
            "id_str": "1050118621198921728",
            "full_text": "secret",
            "created_at": "Wed Oct 10 20:19:24 +0000 2018",
            "in_reply_to_user_id_str": "2",
            "in_reply_to_screen_name": "bert",
            "entities": {"user_mentions": [{"id_str": "2", "screen_name": "bert", "name": "Bert"}, {"id_str": "9"}]},
        }
    },
    {
        "tweet": {
            "id_str": "1",
            "created_at": "Wed Oct 10 20:19:24 +0000 2012",
            "entities": {"user_mentions": [{"id_str": "2", "screen_name": "old_bert", "name": "Old"}]},
        }
    },
]
MANIFEST = "window.__THAR_CONFIG = " + json.dumps(
    {
        "userInfo": {"accountId": "7", "userName": "acme", "displayName": "Acme"},
        "archiveInfo": {"generationDate": "2024-05-01T00:00:00.000Z", "isPartialArchive": False},
        "dataTypes": {"follower": {"files": [{"fileName": "data/follower.js", "count": "9999"}]}},
    }
)


@pytest.fixture
def archive(tmp_path):
    path = tmp_path / "twitter-2024.zip"
    with zipfile.ZipFile(path, "w") as zipped:
        zipped.writestr("data/follower.js", people("follower", [1, 2, 2, 3]))
        zipped.writestr("data/following.js", people("following", [2]))
        zipped.writestr("data/tweets.js", script("tweets", POSTS))
        zipped.writestr("data/manifest.js", MANIFEST)
        zipped.writestr("../../evil.js", "window.YTD.evil.part0 = []")
    return path


def test_an_archive_says_whose_and_when_and_that_it_may_be_capped(archive):
    found = inspect_archive(archive)
    assert (found.own_id, found.own_handle, found.as_of, found.followers) == (7, "acme", 1714521600, 9999)
    assert any("near 10,000" in note for note in found.notes)
    assert describe(recognise(archive)) == "X archive of @acme, 2024-05-01, 9,999 followers, 1 following"
    assert [is_possibly_capped(count) for count in (9989, 9990, 9999, 10000, 10001)] == [False, True, True, True, False]


def test_ids_get_the_newest_handle_of_own_posts_and_come_once(archive, tmp_path):
    found = list(read_archive(archive, "follower"))
    assert found == [
        AccountRecord(x_id=1, follows_us=1),
        AccountRecord(x_id=2, handle="bert", name="Bert", follows_us=1),
        AccountRecord(x_id=3, follows_us=1),
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["twitter-2024.zip"]


def test_partners_are_read_from_own_posts_without_their_text(archive):
    found = [one for some in read_partners(archive) for one in some]
    assert found[0] == Partner(2, "bert", 1539202764, "reply", 1050118621198921728)
    assert [(one.x_id, one.kind) for one in found] == [(2, "reply"), (9, "mention"), (2, "mention")]
    assert "secret" not in repr(found)


def test_own_posts_are_counted_by_day_and_reposts_are_not(tmp_path):
    at = "Wed Oct 10 {}:19:24 +0000 2012"
    posts = [
        {"tweet": {"id_str": "1", "created_at": at.format("08"), "full_text": "ours"}},
        {"tweet": {"id_str": "2", "created_at": at.format("23"), "full_text": "@x an answer"}},
        {"tweet": {"id_str": "3", "created_at": at.format("09"), "full_text": "RT @x: theirs"}},
        {"tweet": {"id_str": "4", "created_at": "when?", "full_text": "no day"}},
    ]
    (tmp_path / "tweets.js").write_text(script("tweets", posts))
    (tmp_path / "follower.js").write_text(people("follower", [1]))
    days: Counter[int] = Counter()
    assert list(read_partners(tmp_path, days)) == []
    assert days == {1349827200: 2}


def test_a_nested_folder_and_loose_files_are_read_alike(archive, tmp_path):
    folder = tmp_path / "x" / "twitter-2024" / "data"
    folder.mkdir(parents=True)
    (folder / "follower.js").write_text(people("follower", [5, 6]))
    (folder / "follower-part1.js").write_text(people("follower", [8]))
    (folder / "following.js").write_text(people("following", [5])[:-30])
    assert [one.x_id for one in read_archive(tmp_path / "x", "follower")] == [5, 6, 8]
    (problem,) = read_archive(tmp_path / "x", "following")
    assert "breaks off" in problem.reason
    assert [one.x_id for one in read_archive(folder / "follower.js", "follower")] == [5, 6]


def test_an_encrypted_zip_is_refused(archive):
    data = bytearray(archive.read_bytes())
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    archive.write_bytes(data)
    with pytest.raises(BadInput, match="encrypted"):
        inspect_archive(archive)


def test_a_bomb_is_not_unpacked(tmp_path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("data/follower.js", "window.YTD.follower.part0 = [" + " " * (70 << 20) + "]")
    (problem,) = read_archive(path, "follower")
    assert "too much to be real" in problem.reason


def test_a_folder_without_lists_is_refused(tmp_path):
    with pytest.raises(BadInput, match=r"no follower\.js"):
        recognise(tmp_path)


def test_a_folder_is_walked_only_as_deep_as_an_archive_goes(tmp_path, monkeypatch):
    deep = tmp_path / "a" / "b" / "c" / "d"
    deep.mkdir(parents=True)
    for folder in (deep, deep / "e"):
        folder.mkdir(exist_ok=True)
        (folder / "follower.js").write_text(people("follower", [1]), encoding="utf-8")
    assert archive_parts.scripts_in(tmp_path) == [deep / "follower.js"]
    before = folder_hash(tmp_path)
    (tmp_path / "picture.png").write_bytes(b"x")
    assert folder_hash(tmp_path) == before
    monkeypatch.setattr(archive_parts, "_MOST_IN_FOLDER", 3)
    with pytest.raises(BadInput, match="name the folder of the archive"):
        recognise(tmp_path)


def unpacked(folder, owner, day, followers, *, place="data"):
    inside = folder / place
    inside.mkdir(parents=True)
    (inside / "follower.js").write_text(people("follower", followers))
    about = {
        "userInfo": {"accountId": owner, "userName": f"owner_{owner}"},
        "archiveInfo": {"generationDate": f"{day}T00:00:00.000Z"},
        "dataTypes": {"follower": {"files": [{"count": str(len(followers))}]}},
    }
    (inside / "manifest.js").write_text("window.__THAR_CONFIG = " + json.dumps(about))
    return folder


def test_a_zip_packed_by_windows_has_backslashes(tmp_path):
    path = tmp_path / "twitter.zip"
    with zipfile.ZipFile(path, "w") as zipped:
        for name, text in (("follower.js", people("follower", [1, 2, 3])), ("manifest.js", MANIFEST)):
            info = zipfile.ZipInfo("placeholder")
            info.filename = f"twitter-2024\\data\\{name}"
            zipped.writestr(info, text)
    assert (inspect_archive(path).own_handle, len(list(read_archive(path, "follower")))) == ("acme", 3)


@pytest.mark.parametrize("name", ["follower (1).js", "follower.js (1)", "follower.txt", "download", "list.js"])
def test_a_loose_list_is_known_by_its_first_line(name, tmp_path):
    path = tmp_path / name
    path.write_text(people("follower", [1, 2, 3]))
    assert recognise(path).what == "archive"
    assert len(list(read_archive(path, "follower"))) == 3


@pytest.mark.parametrize("name", ["twitter.zip (1)", "twitter (2).zip", "twitter", "twitter.js"])
def test_a_zip_is_known_by_its_first_bytes(name, archive, tmp_path):
    path = archive.rename(tmp_path / name)
    assert describe(recognise(path)).startswith("X archive of @acme")


def test_a_second_download_of_a_list_does_not_count_beside_the_first(tmp_path):
    folder = unpacked(tmp_path / "a", "7", "2024-01-01", [1, 2])
    (folder / "data" / "follower (1).js").write_text(people("follower", [8, 9]))
    assert len(list(read_archive(folder, "follower"))) == 2
    (folder / "data" / "follower.js").unlink()
    assert [one.x_id for one in read_archive(folder, "follower")] == [8, 9]


def test_archives_in_one_folder_are_told_apart_by_owner_and_date(tmp_path):
    unpacked(tmp_path / "all" / "new", "7", "2026-01-01", [1])
    unpacked(tmp_path / "all" / "old", "7", "2022-01-01", [1, 2])
    found = archives_in(tmp_path / "all")
    assert [(one.root, one.owner, one.day) for one in found] == [("old", "7", "2022-01-01"), ("new", "7", "2026-01-01")]
    with pytest.raises(BadInput, match="holds 2 archives: old of @owner_7, 2022-01-01; new of @owner_7, 2026-01-01"):
        inspect_archive(tmp_path / "all")
    assert archives_in(tmp_path / "all" / "old") == []


def test_archives_without_a_data_folder_are_told_apart_too(tmp_path):
    unpacked(tmp_path / "all", "7", "2026-01-01", [1], place="one")
    unpacked(tmp_path / "all", "8", "2026-01-01", [2], place="two")
    with pytest.raises(BadInput, match="holds 2 archives"):
        inspect_archive(tmp_path / "all")


def test_parts_of_one_archive_are_one(tmp_path):
    unpacked(tmp_path / "all" / "part1", "7", "2026-01-01", [1, 2])
    unpacked(tmp_path / "all" / "part2", "7", "2026-01-01", [3])
    assert archives_in(tmp_path / "all") == []
    assert len(list(read_archive(tmp_path / "all", "follower"))) == 3


def test_a_zip_of_two_archives_is_no_archive(tmp_path):
    path = tmp_path / "both.zip"
    with zipfile.ZipFile(path, "w") as zipped:
        zipped.writestr("a/data/follower.js", people("follower", [1]))
        zipped.writestr("b/data/follower.js", people("follower", [2]))
    with pytest.raises(BadInput, match="holds 2 archives: a, unknown date; b, unknown date"):
        inspect_archive(path)
