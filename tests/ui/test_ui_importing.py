"""Bringing files in: looked at, asked about, imported, and where Enter leads afterwards."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from screen_support import Recorder, opened, press, review, rows_of, screen_text, settle, tagged, type_text, until
from textual.pilot import Pilot

from followertui.domain.clock import SystemClock
from followertui.domain.progress import Progress
from followertui.services.intake import sentinels
from followertui.services.session import Session
from followertui.services.workbench import Workbench
from followertui.sources import text_files
from followertui.store.file.connection import Store
from followertui.ui.screens.import_files import ImportScreen
from followertui.ui.screens.review.frame import ReviewScreen
from followertui.ui.widgets.files import LIKELY, folder_entries


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Workbench]:
    """A store of nobody's yet."""
    bench = Workbench(Session(Store(tmp_path / "empty.db"), SystemClock(), "tester"))
    yield bench
    bench.close()


@pytest.fixture
def customers(tmp_path: Path) -> Path:
    path = tmp_path / "list of customers.csv"
    path.write_text("Account Name,Website\nGlobex,globex.example\nFreshly Founded,freshly.example\n")
    return path


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """An export that does not say who follows whom."""
    path = tmp_path / "people.csv"
    path.write_text("id,screen_name,bio\n" + "".join(f"{10**9 + n},person_{n},hello {n}\n" for n in range(3)))
    return path


async def look_at(pilot: Pilot[None], path: Path | str) -> None:
    await press(pilot, "I")
    await type_text(pilot, str(path))
    await press(pilot, "enter")


async def test_a_list_is_looked_at_asked_about_imported_and_leads_on(bench: Workbench, customers: Path) -> None:
    before, journal = bench.lists(), len(bench.journal())
    async with opened(bench) as pilot:
        await look_at(pilot, customers)
        assert "Who is on this list?" in screen_text(pilot)
        await press(pilot, "c")
        assert "How did you get these people?" in screen_text(pilot)
        await press(pilot, "4")
        shown = screen_text(pilot)
        assert "Salesforce CSV list, 2 companies" in shown
        assert "import 2 rows" in shown
        assert "name: list of customers" in shown
        assert (bench.lists(), len(bench.journal())) == (before, journal), "nothing is written before it is asked for"
        await press(pilot, "enter")
        await settle(pilot)
        assert ("list of customers", "customer", 2) in bench.lists()
        shown = screen_text(pilot)
        assert "2 read" in shown
        assert f"{len(rows_of(bench, 'confirm'))} matches to confirm" in shown
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, ReviewScreen)
        assert review(pilot).queue_id == "confirm"
        assert rows_of(bench, "everyone", 'list:"list of customers"')


async def test_a_list_is_given_another_name_before_it_is_imported(bench: Workbench, customers: Path) -> None:
    async with opened(bench) as pilot:
        await look_at(pilot, customers)
        await press(pilot, "c", "1", "n")
        assert "What is this list called?" in screen_text(pilot)
        await press(pilot, "ctrl+u")
        await type_text(pilot, "Key accounts")
        await press(pilot, "enter")
        assert "name: Key accounts" in screen_text(pilot)
        await press(pilot, "enter")
        await settle(pilot)
    assert ("Key accounts", "customer", 2) in bench.lists()


async def test_without_a_list_enter_leads_to_the_next_file(empty: Workbench, people: Path) -> None:
    async with opened(empty) as pilot:
        await look_at(pilot, people)
        await press(pilot, "3", "enter")
        await settle(pilot)
        assert len(rows_of(empty, "", "is:follower")) == 3
        assert "bring a customer list" in screen_text(pilot)
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, ImportScreen)
        assert pilot.app.screen.stage == "picking"


async def test_without_accounts_enter_leads_to_the_next_file(empty: Workbench, customers: Path) -> None:
    async with opened(empty) as pilot:
        await look_at(pilot, customers)
        await press(pilot, "c", "1", "enter")
        await settle(pilot)
        assert "bring followers or following" in screen_text(pilot)
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, ImportScreen)


async def test_with_nothing_to_confirm_enter_leads_to_the_review(
    empty: Workbench, people: Path, customers: Path
) -> None:
    async with opened(empty) as pilot:
        await look_at(pilot, customers)
        await press(pilot, "c", "1", "enter")
        await settle(pilot)
        await press(pilot, "enter")
        await type_text(pilot, str(people))
        await press(pilot, "enter", "2", "enter")
        await settle(pilot)
        assert "To review: 3" in screen_text(pilot)
        await press(pilot, "enter")
        assert pilot.app.screen is review(pilot)
        assert review(pilot).queue_id == "to-review"
        assert sorted(review(pilot).table.keys) == sorted(rows_of(empty, "", "is:following"))


async def test_an_unforeseen_error_is_one_line_without_its_text(bench: Workbench, people: Path) -> None:
    def breaking(real: Any, *_: Any) -> Any:
        yield Progress(1, 2, "reading rows")
        raise KeyError("token-of-a-person")

    async with opened(Recorder(bench, run_import=breaking), (120, 40)) as pilot:
        await look_at(pilot, people)
        await press(pilot, "3", "enter")
        shown = screen_text(pilot)
        assert "something went wrong (KeyError" in shown
        assert "followertui doctor" in shown
        assert "token-of-a-person" not in shown
        await press(pilot, "escape", "escape")
        assert pilot.app.screen is review(pilot)


async def test_a_column_is_mapped_to_another_field(bench: Workbench, people: Path) -> None:
    async with opened(bench) as pilot:
        await look_at(pilot, people)
        await press(pilot, "3", "down", "down", "down", "enter")
        await type_text(pilot, "location")
        await press(pilot, "enter")
        assert "location" in screen_text(pilot)
        await press(pilot, "enter")
        await settle(pilot)
        (row,) = rows_of(bench, "everyone", "@person_1")
        card = bench.card(row)
        assert (card.location, card.bio) == ("hello 1", "")


async def test_a_file_that_cannot_be_read_says_so_and_stays(bench: Workbench) -> None:
    async with opened(bench) as pilot:
        await look_at(pilot, "nothing-here.csv")
        assert "there is no such file" in screen_text(pilot)
        assert isinstance(pilot.app.screen, ImportScreen)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, ReviewScreen)


async def test_questions_left_open_are_asked_again_before_the_import(bench: Workbench, people: Path) -> None:
    before = bench.journal()
    async with opened(bench) as pilot:
        await look_at(pilot, people)
        await press(pilot, "escape")
        assert "answer 2 more" in screen_text(pilot)
        await press(pilot, "enter", "4")
        assert "import 3 rows" in screen_text(pilot)
        await press(pilot, "escape", "escape")
        assert isinstance(pilot.app.screen, ReviewScreen)
        assert bench.journal() == before


async def test_the_screen_says_where_files_come_from_until_one_is_chosen(bench: Workbench, people: Path) -> None:
    async with opened(bench) as pilot:
        await press(pilot, "I")
        shown = screen_text(pilot)
        assert "Download an archive: all, by id only" in shown
        assert "an exporter, twitter-web-exporter: a browser add-on" in shown
        assert "that saves the list you scroll through, as JSON" in shown
        assert "your CRM's or address book's Export button: CSV" in shown
        assert "followertui help files" in shown
        await type_text(pilot, str(people))
        await press(pilot, "enter", "3")
        assert "Download an archive" not in screen_text(pilot)


async def test_a_column_that_is_missing_where_it_hurts_is_said(bench: Workbench, tmp_path: Path) -> None:
    path = tmp_path / "followers.csv"
    path.write_text("id,screen_name,name,followers\n1000000007,person_7,Person,5\n1000000008,person_8,Other,6\n")
    async with opened(bench) as pilot:
        await look_at(pilot, path)
        await press(pilot, "n")
        assert "! no column holds the bio: matching and judging see names only" in screen_text(pilot)
        await press(pilot, "enter")
        await settle(pilot)
        assert "no column holds the bio" in screen_text(pilot)


async def test_accounts_that_are_nobody_of_ours_come_in_with_a_tag(bench: Workbench, people: Path) -> None:
    async with opened(bench) as pilot:
        await look_at(pilot, people)
        await press(pilot, "6")
        assert "A tag to find them by" in screen_text(pilot)
        await press(pilot, "enter")
        assert "tag: people" in screen_text(pilot)
        await press(pilot, "enter")
        await settle(pilot)
        assert "3 accounts tagged" in screen_text(pilot)
    assert len(tagged(bench, "people")) == 3
    assert not set(tagged(bench, "people")) & {*rows_of(bench, "everyone", "is:follower")}


async def test_a_file_imported_before_says_so_and_changes_nothing(bench: Workbench, people: Path) -> None:
    async with opened(bench) as pilot:
        for _ in range(2):
            await look_at(pilot, people)
            await press(pilot, "3")
            shown = screen_text(pilot)
            accounts = bench.header().accounts
            await press(pilot, "enter")
            await settle(pilot)
            await press(pilot, "q")
        assert "was imported before" in shown
        assert bench.header().accounts == accounts


async def test_while_it_compares_escape_goes_back_f6_stops_and_what_is_left_is_said(
    bench: Workbench, customers: Path
) -> None:
    stopped = threading.Event()

    def slow(real: Any, cancel: threading.Event) -> Any:
        """Waits to be stopped before the first chunk."""
        yield Progress(0, 500, "comparing names")
        if cancel.wait(10):
            stopped.set()
        return (yield from real(cancel))

    async with opened(Recorder(bench, catch_up=slow)) as pilot:
        await look_at(pilot, customers)
        await press(pilot, "c", "4")
        await pilot.press("enter")
        await until(pilot, lambda: "comparing names" in screen_text(pilot))
        await until(pilot, lambda: "back to the review" in screen_text(pilot))
        assert "F6 stops" in screen_text(pilot)
        assert "Esc stops" not in screen_text(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReviewScreen))
        assert "comparing names" in screen_text(pilot)
        assert not stopped.is_set(), "Esc stops nothing"
        await pilot.press("f6")
        await settle(pilot)
        assert stopped.is_set()
        assert "not compared with your lists yet" in screen_text(pilot)


def test_folders_come_first_then_files_that_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("a.pdf", "z.csv", ".hidden.csv", "list.xlsx"):
        (tmp_path / name).write_text("")
    found = [Path(path).name for path, _ in folder_entries(f"{tmp_path}/")]
    assert found == ["b", "list.xlsx", "z.csv"]
    assert [Path(path).name for path, _ in folder_entries(f"{tmp_path}/Z")] == ["z.csv"]
    assert folder_entries(f"{tmp_path}/no/such/") == []


async def test_a_doubtful_encoding_is_asked_first_by_how_names_would_read(bench: Workbench, tmp_path: Path) -> None:
    path = tmp_path / "list of firms.csv"
    path.write_bytes("Company,City\r\nAcme,Köln\r\n".encode("mac_roman"))
    async with opened(bench) as pilot:
        await look_at(pilot, path)
        shown = screen_text(pilot)
        assert "Which of these reads right?" in shown
        assert "Köln" in shown
        await press(pilot, "1")
        assert "Who is on this list?" in screen_text(pilot)
        await press(pilot, "c", "1", "enter")
        await settle(pilot)
        assert "1 read" in screen_text(pilot)


async def test_a_date_of_two_readings_is_asked_by_what_it_may_be(bench: Workbench, tmp_path: Path) -> None:
    path = tmp_path / "followers.csv"
    path.write_text("id,screen_name,bio,created_at\n1000000007,person_7,hi,03/04/2012\n1000000008,person_8,ho,\n")
    async with opened(bench) as pilot:
        await look_at(pilot, path)
        shown = screen_text(pilot)
        assert "What is '03/04/2012' in column 'created_at'?" in shown
        assert "3 April 2012" in shown
        assert "4 March 2012" in shown
        await press(pilot, "1", "n")
        assert "03/04/2012 is" not in screen_text(pilot)
        await press(pilot, "enter")
        await settle(pilot)
    (row,) = rows_of(bench, "everyone", "@person_7")
    assert rows_of(bench, "everyone", "created:2012-04-03..2012-04-03") == [row]


async def test_whose_list_is_read_is_asked(empty: Workbench, tmp_path: Path) -> None:
    path = tmp_path / "lists.json"
    person = {"id": "1000000007", "screen_name": "person_7", "description": "hi"}
    other = {"id": "1000000008", "screen_name": "person_8", "description": "ho"}
    path.write_text(
        json.dumps([{"screen_name": "acme", "followers": [person]}, {"screen_name": "beta", "followers": [other]}])
    )
    async with opened(empty) as pilot:
        await look_at(pilot, path)
        shown = screen_text(pilot)
        assert "Whose is read?" in shown
        assert "@acme" in shown
        await press(pilot, "2", "n", "enter")
        await settle(pilot)
    assert rows_of(empty, "everyone", "@person_8")
    assert not rows_of(empty, "everyone", "handle:person_7")


def archive_of(folder: Path, owner: str, day: str, ids: range) -> None:
    (folder / "data").mkdir(parents=True)
    entries = [{"follower": {"accountId": str(one)}} for one in ids]
    (folder / "data" / "follower.js").write_text(f"window.YTD.follower.part0 = {json.dumps(entries)}")
    about = {
        "userInfo": {"accountId": owner, "userName": f"owner_{owner}"},
        "archiveInfo": {"generationDate": f"{day}T00:00:00.000Z"},
    }
    (folder / "data" / "manifest.js").write_text(f"window.__THAR_CONFIG = {json.dumps(about)}")


async def test_of_archives_of_two_accounts_in_a_folder_one_is_chosen(empty: Workbench, tmp_path: Path) -> None:
    archive_of(tmp_path / "all" / "a", "7", "2025-10-01", range(1000, 1005))
    archive_of(tmp_path / "all" / "b", "8", "2026-10-01", range(2000, 2007))
    async with opened(empty) as pilot:
        await look_at(pilot, f"{tmp_path}/all/")
        shown = screen_text(pilot)
        assert "2 archives lie here. Which is read?" in shown
        assert "@owner_8, 2026-10-01" in shown
        assert "all 2 of" not in shown
        await press(pilot, "2")
        assert "@owner_7" in screen_text(pilot)
        await press(pilot, "enter")
        await settle(pilot)
    assert len(rows_of(empty, "everyone", "is:follower")) == 5


async def test_all_archives_of_one_account_are_read_from_the_oldest_on(empty: Workbench, tmp_path: Path) -> None:
    archive_of(tmp_path / "all" / "new", "7", "2026-10-01", range(1000, 1005))
    archive_of(tmp_path / "all" / "old", "7", "2022-05-01", range(1000, 1020))
    async with opened(empty) as pilot:
        await look_at(pilot, f"{tmp_path}/all/")
        await press(pilot, "a", "enter")
        await settle(pilot)
        assert "15 left" in screen_text(pilot)
    assert len(rows_of(empty, "everyone", "is:follower")) == 5
    assert len(rows_of(empty, "everyone", "is:left")) == 15


async def test_a_list_of_who_we_follow_without_a_sentinel_says_so(empty: Workbench, tmp_path: Path) -> None:
    def followed(name: str, ids: range) -> Path:
        path = tmp_path / name
        path.write_text("id,screen_name,bio\n" + "".join(f"{10**9 + n},person_{n},hello {n}\n" for n in ids))
        return path

    async with opened(empty) as pilot:
        await look_at(pilot, followed("following.csv", range(20)))
        await press(pilot, "y", "enter")
        await settle(pilot)
        sentinels.choose(
            empty.session,
            [*rows_of(empty, "everyone", "@person_0"), *rows_of(empty, "everyone", "handle:person_1")[:2]],
        )
        await press(pilot, "q")
        await look_at(pilot, followed("following_later.csv", range(1, 20)))
        await press(pilot, "y", "enter")
        await settle(pilot)
        assert "partial: @person_0, whom you surely follow, is not in it" in screen_text(pilot)
    assert len(rows_of(empty, "everyone", "is:following")) == 20


async def test_a_asks_again_what_was_answered(bench: Workbench, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Company,Website\nGlobex,globex.com\n")
    async with opened(bench, (120, 36)) as pilot:
        await press(pilot, "I")
        await type_text(pilot, str(path))
        await press(pilot, "enter", "c")
        while type(pilot.app.screen).__name__ != "ImportScreen":
            await press(pilot, "enter")
        screen = pilot.app.screen
        assert not screen.plan.questions
        kind = screen.choices.kind
        await press(pilot, "a")
        assert type(pilot.app.screen).__name__ != "ImportScreen"
        assert kind is not None


def test_a_readme_is_offered_only_where_it_is_asked_for(tmp_path: Path) -> None:
    for name in ("README.md", "followers.csv", "notes.pdf"):
        (tmp_path / name).touch()
    (tmp_path / "more").mkdir()
    names = [Path(path).name for path, _ in folder_entries(f"{tmp_path}/")]
    assert names == ["more", "followers.csv"]
    assert [Path(path).name for path, _ in folder_entries(f"{tmp_path}/read")] == ["README.md"]
    (tmp_path / "followers.csv").unlink()
    assert [Path(path).name for path, _ in folder_entries(f"{tmp_path}/")] == ["more", "notes.pdf", "README.md"]


def test_what_is_read_is_offered() -> None:
    assert set(text_files._IN_ZIPS) - {".gz", ".md"} <= LIKELY
