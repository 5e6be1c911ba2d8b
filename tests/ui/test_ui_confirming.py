"""Answering matches: yes, no, not sure, the next one, and many at once."""

from __future__ import annotations

from screen_support import (
    decisions,
    match_words,
    opened,
    press,
    review,
    rows_of,
    said,
    screen_text,
    written,
)

from followertui.matching.explaining import words_for
from followertui.services.review import cards
from followertui.services.values import MatchCard
from followertui.services.workbench import Workbench
from followertui.ui.card_text import evidence_lines, others_tied
from followertui.ui.dialogs.looking import BulkLook


def matches(bench: Workbench) -> list[tuple[int, tuple[MatchCard, ...]]]:
    """Row and matches of every account in the queue, in its order."""
    return [(row, cards.match_cards(bench.session, row)) for row in rows_of(bench, "confirm")]


async def test_yes_no_and_not_sure_answer_the_match_in_sight(bench: Workbench) -> None:
    waiting = matches(bench)
    at = next(at for at, (_, cards) in enumerate(waiting) if at and len(cards) == 2 and len(waiting[at - 1][1]) == 1)
    (_, first), (second_row, second), (third_row, _) = waiting[at - 1 : at + 2]
    async with opened(bench, queue_id="confirm") as pilot:
        await press(pilot, *("j" * (at - 1)), "y")
        assert match_words(bench) == {first[0].id: "confirmed"}
        assert review(pilot).table.key == second_row
        await press(pilot, "n")
        assert match_words(bench) == {first[0].id: "confirmed", second[0].id: "rejected"}
        assert review(pilot).table.key == second_row, "its second match is asked before going on"
        assert bench.card(second_row).note == ""
        await press(pilot, "s")
        assert second[1].id not in match_words(bench)
        assert review(pilot).table.key == third_row
        assert decisions(bench) == {}


async def test_an_account_without_matches_is_said_to_have_none(bench: Workbench) -> None:
    row, _ = matches(bench)[0]
    async with opened(bench, queue_id="confirm") as pilot:
        with bench.session.store.write() as con:
            con.execute("DELETE FROM match WHERE row = ?", [row])
        await press(pilot, "j", "k", "y")
        assert "no match on this account" in said(pilot)
        assert match_words(bench) == {}


async def test_tab_looks_at_the_next_match(bench: Workbench) -> None:
    row, (first, second, *_) = next((row, found) for row, found in matches(bench) if len(found) > 1)
    bench.looks.remember_place({"queue": "confirm", "filter": "", "row": row})
    async with opened(bench) as pilot:
        assert first.entity in screen_text(pilot)
        await press(pilot, "tab")
        assert second.entity in screen_text(pilot)
        await press(pilot, "y")
        assert match_words(bench) == {second.id: "confirmed"}


async def test_both_sides_of_the_evidence_are_set_off(bench: Workbench) -> None:
    row, found = next((row, found) for row, found in matches(bench) if found[0].siblings)
    bench.looks.remember_place({"queue": "confirm", "filter": "", "row": row})
    place = next(evidence for evidence in found[0].evidence if evidence.signal == "place_agree")
    async with opened(bench, (200, 48)) as pilot:
        shown = screen_text(pilot)
        assert place.account_text in shown
        assert others_tied(found[0]) in shown
        set_off = [
            segment.text
            for strip in pilot.app.screen._compositor.render_strips()
            for segment in strip
            if segment.style and segment.style.bold and segment.style.bgcolor
        ]
        assert place.account_span is not None
        assert set_off.count(place.account_text[slice(*place.account_span)]) >= 2
        assert bench.page([row])[0].name in set_off


def test_others_of_an_entity_are_counted_in_a_sentence(bench: Workbench) -> None:
    card = matches(bench)[0][1][0]
    assert others_tied(card._replace(siblings=1)) == f"1 other account ties to {card.entity}"
    assert others_tied(card._replace(siblings=1200)) == f"1,200 other accounts tie to {card.entity}"


async def test_what_speaks_against_a_match_is_shown(bench: Workbench) -> None:
    row, against = next(
        (row, evidence)
        for row, found in matches(bench)
        for evidence in found[0].evidence
        if evidence.signal.startswith("place") and evidence.weight < 0
    )
    bench.looks.remember_place({"queue": "confirm", "filter": "", "row": row})
    async with opened(bench, (200, 48)) as pilot:
        assert f"{against.account_text} ≠ {against.entry_text}" in screen_text(pilot)


def test_what_was_inferred_looks_so_and_what_one_side_says_is_a_sentence(bench: Workbench) -> None:
    card, piece = next(
        (found[0], piece)
        for _, found in matches(bench)
        for piece, said in zip(found[0].evidence, found[0].clauses, strict=True)
        if piece.signal == "company_like" and said
    )
    lines = [str(one) for one in evidence_lines(card)]
    assert any(words_for(piece) in one and "↔" not in one for one in lines)
    assert f"{piece.weight:+d} " in "".join(lines)
    guessed = card._replace(inferred=tuple(True for _ in card.inferred))
    assert sum("≈" in str(one) for one in evidence_lines(guessed)) > sum("≈" in one for one in lines)


async def test_marked_matches_are_rejected_in_bulk_after_a_look(bench: Workbench) -> None:
    asked = [found[0].id for _, found in matches(bench)]
    async with opened(bench, queue_id="confirm") as pilot:
        await press(pilot, "asterisk", "n")
        assert isinstance(pilot.app.screen, BulkLook)
        assert match_words(bench) == {}
        await press(pilot, "enter")
        assert match_words(bench) == dict.fromkeys(asked, "rejected")
        assert len(written(bench)) == 1


async def test_each_answer_has_its_own_sign_and_undo_takes_the_signs_off(bench: Workbench) -> None:
    single = [row for row, found in matches(bench) if len(found) == 1][:3]
    async with opened(bench, queue_id="confirm") as pilot:
        table = review(pilot).table
        for row, key in zip(single, "yns", strict=True):
            review(pilot).go_to_row(row)
            await press(pilot, key)
        drawn = {row.row: table.sign(row) for row in bench.page(single)}
        assert drawn == dict(zip(single, "✓✗?", strict=True))
        await press(pilot, "g", "u", "u")
        assert [table.sign(row) for row in bench.page(single)] == [" ", " ", "?"]
        assert table.key == single[0]
        await press(pilot, "asterisk", "n", "enter", "u")
        assert [table.sign(row) for row in bench.page(single)][:2] == [" ", " "], "of a bulk answer too"


async def test_possible_matches_are_answered_by_the_same_keys(bench: Workbench) -> None:
    rows = rows_of(bench, "possible")
    async with opened(bench, queue_id="possible") as pilot:
        await press(pilot, "n")
        assert match_words(bench) == {cards.match_cards(bench.session, rows[0])[0].id: "rejected"}
        assert decisions(bench) == {}


async def test_refusing_the_words_of_a_match_says_how_many_first(bench: Workbench) -> None:
    row, (first, *_) = matches(bench)[0]
    clause = bench.clause(first.id)
    async with opened(bench, queue_id="confirm") as pilot:
        await press(pilot, "N")
        assert clause.counts in screen_text(pilot)
        await press(pilot, "escape")
        assert "clause" not in [entry.command for entry in bench.session.journal.entries()]
        await press(pilot, "N", "y")
        entry = bench.session.journal.to_undo()
        assert entry is not None
        assert entry.text.startswith(clause.text)
        assert row in clause.rows
