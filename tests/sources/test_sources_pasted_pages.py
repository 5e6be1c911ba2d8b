"""Pages copied off the screen, and cells that hold a name with its handle."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from one_by_one import read_accounts, read_list

from followertui.domain.account import AccountRecord
from followertui.domain.lists import ListEntry
from followertui.sources.named_handles import parted
from followertui.sources.pasted_pages import accounts_of, is_page
from followertui.sources.recognising import recognise

PAGES = {
    "English": (("Follows you", "Follow back"), ("Following",), ("Click to Follow omarh", "Follow")),
    "German": (("Folgt dir", "Folgen"), ("Folge ich",), ("Folgen",)),
    "Spanish": (("Te sigue", "Seguir"), ("Siguiendo",), ("Seguir",)),
    "Japanese": (("フォローされています", "フォロー"), ("フォロー中",), ("フォロー",)),
}
PEOPLE = (
    ("Dana Ortiz", "dana_ortiz", "VP Sales at Globex."),
    ("Lena 林", "lenaiv", ""),
    ("Omar", "omarh", "Growth | @hooli"),
)


def page(buttons: tuple[tuple[str, ...], ...]) -> str:
    lines = []
    for (name, handle, bio), said in zip(PEOPLE, buttons, strict=True):
        lines += [name, f"@{handle}", *said, *filter(None, [bio])]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("language", PAGES)
def test_a_page_copied_off_the_screen_is_its_accounts(language: str, tmp_path: Path) -> None:
    path = tmp_path / "followers.txt"
    path.write_text(page(PAGES[language]), encoding="utf-8")
    assert recognise(path).what == "accounts"
    found = list(read_accounts(path))
    assert all(isinstance(one, AccountRecord) for one in found)
    records = [one for one in found if isinstance(one, AccountRecord)]
    assert [(one.name, one.handle, one.bio or "") for one in records] == list(PEOPLE)
    assert [bool(one.follows_us) for one in records] == [True, False, False]


def test_a_list_of_handles_and_prose_are_no_pages() -> None:
    assert not is_page(["@dana", "@lena", "@omar"])
    assert not is_page(["My friends", "@dana", "who writes well", "@lena"])
    assert not is_page(["Follow", "@dana", "Follow", "@lena"])


WORDS = st.text("abcdefgh ", min_size=1, max_size=12).map(str.strip).filter(bool).map(lambda text: f"{text} x")
HANDLES = st.text("abcdefgh_0123", min_size=1, max_size=15)


@given(st.lists(st.tuples(WORDS, HANDLES, st.booleans(), st.lists(WORDS, max_size=2)), min_size=1, max_size=6))
def test_every_account_of_a_page_comes_once_and_nobody_else(people: list[tuple[str, str, bool, list[str]]]) -> None:
    lines = []
    for name, handle, follows, bio in people:
        lines += [name, f"@{handle}", *(["Follows you"] if follows else []), "Follow", *bio]
    found = [row for _, row in accounts_of(enumerate(lines, start=1))]
    assert found == [
        [f"@{handle}", name, " ".join(bio), "yes" if follows else ""] for name, handle, follows, bio in people
    ]


BRACKETS = ("Dana Ortiz (@dana_ortiz)", "Lena Iversen <@lenaiv>", "Omar Haddad [ @omarh ]")


def test_names_with_their_handles_are_names_and_handles_of_accounts(tmp_path: Path) -> None:
    plain, table = tmp_path / "plain.txt", tmp_path / "followers.csv"
    plain.write_text("\n".join(BRACKETS), encoding="utf-8")
    table.write_text("Follower,Place\n" + "".join(f"{cell},Lisbon\n" for cell in BRACKETS), encoding="utf-8")
    for path in (plain, table):
        records = [one for one in read_accounts(path) if isinstance(one, AccountRecord)]
        assert [(one.name, one.handle) for one in records] == [
            ("Dana Ortiz", "dana_ortiz"), ("Lena Iversen", "lenaiv"), ("Omar Haddad", "omarh"),
        ]  # fmt: skip


def test_names_with_their_handles_are_names_and_handles_of_a_list(tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_text("Person,Company\n" + "".join(f"{cell},Globex GmbH\n" for cell in BRACKETS), encoding="utf-8")
    entries = [one for one in read_list(path) if isinstance(one, ListEntry)]
    assert [(one.person, one.handles) for one in entries] == [
        ("Dana Ortiz", ("dana_ortiz",)), ("Lena Iversen", ("lenaiv",)), ("Omar Haddad", ("omarh",)),
    ]  # fmt: skip


def test_a_handle_at_the_end_of_a_bio_stays_there(tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text("Handle,Bio\ndana,VP at Globex (@globex)\nlena,CTO (@initech)\n", encoding="utf-8")
    records = [one for one in read_accounts(path) if isinstance(one, AccountRecord)]
    assert [(one.handle, one.bio) for one in records] == [
        ("dana", "VP at Globex (@globex)"),
        ("lena", "CTO (@initech)"),
    ]


@pytest.mark.parametrize(
    "cell", ["", "@dana", "Dana", "dana@globex.example", "Dana (dana)", "Dana (@a) (@b)", "x" * 200]
)
def test_other_cells_stay_whole(cell: str) -> None:
    assert parted(cell) is None
