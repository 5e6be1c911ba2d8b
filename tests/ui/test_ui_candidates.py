"""Who of a list is missing: candidates accepted and rejected from the keyboard."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from screen_support import LINKS, opened, press, screen_text, type_text
from textual.pilot import Pilot
from textual.widgets import OptionList

from followertui.domain.match import MatchState
from followertui.domain.progress import drained
from followertui.services.intake.values import ImportChoices
from followertui.services.workbench import Workbench
from followertui.ui.dialogs.choosing import MENU_KEYS
from followertui.ui.screens.review.frame import ReviewScreen

LIST = "Prospects"


@pytest.fixture
def missing(bench: Workbench) -> Workbench:
    """A store with one more list: an entry whose family name three accounts have, and one nobody is like."""
    store = bench.session.store
    with store.write() as con:
        list_id = con.execute(
            "INSERT INTO list(name, kind, consent_basis, import_id, as_of) VALUES (?, 'prospect', 'own-records', 1, 1)",
            [LIST],
        ).lastrowid
        for line, name in ((2, "Quillfeather Works"), (3, "Zyzzyx Quarry")):
            entity = con.execute("INSERT INTO entity(type, name) VALUES ('company', ?)", [name]).lastrowid
            con.execute(
                "INSERT INTO entry(list_id, entity_id, key, line, company, person, data, fields, import_id) "
                "VALUES (?, ?, ?, ?, ?, '', ?, '{}', 1)",
                [list_id, entity, name, line, name, json.dumps({"company": name})],
            )
        for row, name in ((3, "Ida [red]Quillfeather[/]"), (4, "Ole Quillfeather"), (5, "Quillfeather Press")):
            con.execute("UPDATE account SET name = ? WHERE row = ?", [name, row])
    return bench


async def open_candidates(pilot: Pilot[None], bench: Workbench) -> None:
    await press(pilot, "colon")
    await type_text(pilot, "who is missing")
    await press(pilot, "enter")
    at = [name for name, _ in bench.insight.lists()].index(LIST)
    await press(pilot, MENU_KEYS[at])


async def test_a_candidate_is_accepted_the_others_of_its_entry_are_passed_and_undo_takes_it_back(
    missing: Workbench,
) -> None:
    async with opened(missing, (120, 36)) as pilot:
        await open_candidates(pilot, missing)
        assert "Prospects: 1 entry of 2 without an account has candidates" in screen_text(pilot)
        assert "Ida [red]Quillfeather[/]" in screen_text(pilot)
        first = missing.insight.candidate_answers(LIST)
        assert first == {}
        await press(pilot, "y")
        [(answered, state)] = missing.insight.candidate_answers(LIST).items()
        assert (answered[0], state) == (2, MatchState.CONFIRMED)
        assert "✓" in screen_text(pilot)
        assert "as Quillfeather Works" in screen_text(pilot)
        await press(pilot, "u")
        assert missing.insight.candidate_answers(LIST) == {}
        assert "✓" not in screen_text(pilot)
        await press(pilot, "U")
        assert list(missing.insight.candidate_answers(LIST).values()) == [MatchState.CONFIRMED]
        await press(pilot, "q")
        assert isinstance(pilot.app.screen, ReviewScreen)


async def test_no_profile_of_a_candidate_is_opened_while_names_are_masked(missing: Workbench) -> None:
    async with opened(missing, (120, 36), is_redacted=True) as pilot:
        await open_candidates(pilot, missing)
        assert "Quillfeather" not in screen_text(pilot)
        await press(pilot, "o")
        assert "names are masked" in screen_text(pilot)
        assert LINKS == []


async def test_a_candidate_is_rejected_and_the_next_one_is_asked(missing: Workbench) -> None:
    async with opened(missing, (80, 24)) as pilot:
        await open_candidates(pilot, missing)
        await press(pilot, "o", "n")
        assert pilot.app.screen.query_one(OptionList).highlighted == 1
        assert list(missing.insight.candidate_answers(LIST).values()) == [MatchState.REJECTED]
        assert len(LINKS) == 1


async def test_a_store_one_may_only_read_says_so(missing: Workbench) -> None:
    async with opened(missing, (80, 24)) as pilot:
        await open_candidates(pilot, missing)
        pilot.app.is_read_only = True
        await press(pilot, "y")
        assert "candidates: opened read-only" in screen_text(pilot)
        assert missing.insight.candidate_answers(LIST) == {}


async def test_who_is_not_here_is_looked_up_after_its_price(bench: Workbench, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("Company name,X handle\nZyzzyx Quarry,zyzzyx_quarry\n")
    choices = ImportChoices(what="list", kind="prospect", name="Prospects", basis="own-records")
    drained(bench.import_file(str(tmp_path / "list.csv"), choices))
    async with opened(bench, (120, 36)) as pilot:
        await open_candidates(pilot, bench)
        assert "1 handle that could be theirs can be looked up on X" in screen_text(pilot)
        await press(pilot, "y")
        assert "no candidate is here; L looks handles up on X" in screen_text(pilot)
        await press(pilot, "L")
        shown = screen_text(pilot)
        assert "Look 1 handles up on X" not in shown
        assert "Look 1 handle up on X for at most $0.01?" in shown
        assert "@zyzzyx_quarry: Zyzzyx Quarry, named in the file" in shown
        await press(pilot, "y")
        assert "1 account looked up" in screen_text(pilot)
