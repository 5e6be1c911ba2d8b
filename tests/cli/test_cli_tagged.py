"""Accounts that are nobody of ours: brought in with a tag, found where they overlap, taken away by one undo."""

from __future__ import annotations

from pathlib import Path

from command_line import FOLLOWERS, HEAD, Call, write_rows

RIVALS = (
    FOLLOWERS[0],
    FOLLOWERS[2],
    ("7001", "rival_fan", "Rival Fan", "likes the others", "", "", "10", "20", "30", "0", "2020-01-01T00:00:00Z", ""),
)


def handles(call: Call, query: str) -> set[str]:
    return {one["handle"] for one in call("accounts", query, "--json", "--fields", "handle").json}


def test_the_overlap_with_a_competitor_is_a_query_and_no_relation_is_made(call: Call, tmp_path: Path) -> None:
    path = write_rows(tmp_path / "rival_followers.csv", HEAD, RIVALS)
    before = handles(call, "is:follower"), handles(call, "is:following")
    done = call("import", "accounts", str(path), "--relation", "none", "--tag", "Rival  Inc")
    assert done.code == 0
    assert '3 accounts tagged "Rival Inc": tag:"Rival Inc" is:follower' in done.err
    assert handles(call, 'tag:"Rival Inc"') == {"globex", "initech_hq", "rival_fan"}
    assert handles(call, 'tag:"Rival Inc" is:follower') == {"globex", "initech_hq"}
    assert (handles(call, "is:follower"), handles(call, "is:following")) == before


def test_undo_takes_the_tag_off_and_leaves_what_was_tagged_before(call: Call, tmp_path: Path) -> None:
    path = write_rows(tmp_path / "speakers.csv", HEAD, RIVALS)
    assert call("tag", "@globex", "--add", "Conf").code == 0
    assert call("import", "accounts", str(path), "--relation", "none", "--tag", "Conf").code == 0
    assert len(handles(call, "tag:Conf")) == 3
    assert call("undo", "--yes").code == 0
    assert handles(call, "tag:Conf") == {"globex"}
    assert handles(call, "handle:rival_fan") == set()
    assert call("redo", "--yes").code == 0
    assert handles(call, "tag:Conf") == {"globex", "initech_hq", "rival_fan"}


def test_the_same_file_with_another_tag_is_another_import(call: Call, tmp_path: Path) -> None:
    path = write_rows(tmp_path / "people.csv", HEAD, RIVALS)
    plain = ("import", "accounts", str(path), "--relation", "none")
    assert call(*plain, "--tag", "One").code == 0
    assert "nothing changed" in call(*plain, "--tag", "One").err
    assert call(*plain, "--tag", "Two").code == 0
    assert handles(call, "tag:One tag:Two") == {"globex", "initech_hq", "rival_fan"}


def test_followers_may_be_tagged_too(call: Call, tmp_path: Path) -> None:
    path = write_rows(tmp_path / "event.csv", HEAD, RIVALS)
    assert call("import", "accounts", str(path), "--relation", "follower", "--partial", "--tag", "Fair").code == 0
    assert handles(call, "tag:Fair is:follower") == {"globex", "initech_hq", "rival_fan"}
