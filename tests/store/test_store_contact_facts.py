"""What addressing someone depends on, as the tables say it: opt-in, opt-out, who wrote, when they were addressed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from filling import DAY, NOW, add_accounts, add_list, add_match, new_store

from followertui.store.audience import contact_facts
from followertui.store.audience.contact_facts import Contact
from followertui.store.file.connection import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = new_store(tmp_path / "store.db")
    yield made
    made.close()


def said(store: Store, what: str, band: str = "certain", relation: str = "is", word: str = "confirmed") -> int:
    """An account and its match with an entry that says something; returns the account's row."""
    [row] = add_accounts(store, {})
    entity = add_list(store, "CRM", "customer", ["Globex"])["Globex"]
    match = add_match(store, row, entity, band, 90, relation)
    with store.write() as con:
        con.execute("UPDATE entry SET data = ?", [json.dumps({what: True})])
        if word:
            con.execute("INSERT INTO match_word VALUES (?, ?, 'b1', '', 'me', 5)", [match, word])
    return row


def facts(store: Store, row: int) -> Contact:
    return contact_facts.contact_facts(store, [row])[row]


@pytest.mark.parametrize(
    ("relation", "word", "is_opted_in"),
    [
        ("is", "confirmed", True),
        ("is", "", False),
        ("is", "rejected", False),
        ("works_at", "confirmed", False),
        ("brand_of", "confirmed", False),
    ],
)
def test_only_a_confirmed_entry_of_the_very_person_opts_in(
    store: Store, relation: str, word: str, is_opted_in: bool
) -> None:
    row = said(store, "opted_in", relation=relation, word=word)
    assert facts(store, row).is_opted_in is is_opted_in


@pytest.mark.parametrize("change", ["UPDATE entry SET left_at = 9", "UPDATE list SET dropped_at = 9"])
def test_who_is_on_no_list_any_more_is_opted_in_no_longer(store: Store, change: str) -> None:
    row = said(store, "opted_in")
    with store.write() as con:
        con.execute(change)
    assert not facts(store, row).is_opted_in


@pytest.mark.parametrize(
    ("band", "relation", "word", "is_out", "is_kept"),
    [
        ("certain", "is", "", True, True),
        ("possible", "is", "confirmed", True, True),
        ("possible", "is", "", True, False),
        ("certain", "works_at", "confirmed", True, False),
        ("certain", "is", "rejected", False, False),
    ],
)
def test_an_opt_out_of_a_list_holds_whoever_matches_and_is_kept_for_who_it_surely_is(
    store: Store, band: str, relation: str, word: str, is_out: bool, is_kept: bool
) -> None:
    row = said(store, "do_not_contact", band, relation, word)
    assert facts(store, row).is_no_contact is is_out
    assert contact_facts.no_contact_rows(store) == ({row} if is_out else set())
    with store.write() as con:
        assert contact_facts.keep_opt_outs(store, 9) == is_kept
        con.execute("UPDATE list SET dropped_at = 9")
        con.execute("DELETE FROM match_word")
        con.execute("DELETE FROM match")
    assert facts(store, row).is_no_contact is is_kept, "for ever"
    assert contact_facts.said_no_contact(store, [row]) == ({row} if is_kept else set())


def test_an_opt_out_of_a_dropped_list_or_an_older_file_holds_as_long_as_the_match(store: Store) -> None:
    row = said(store, "do_not_contact", "possible", word="")
    with store.write() as con:
        con.execute("UPDATE list SET dropped_at = 9")
        con.execute("UPDATE entry SET left_at = 9")
    assert facts(store, row).is_no_contact


def test_they_were_addressed_when_something_was_sent_or_they_talked_with_us_whichever_is_later(store: Store) -> None:
    rows = add_accounts(store, {}, {}, {}, {})
    sent_only, met_only, both, visited = rows
    with store.write() as con:
        for row, at in ((sent_only, NOW), (both, NOW - DAY)):
            con.execute("INSERT INTO sent VALUES (?, ?, 'reply', 'x', 'k', NULL, '', '', 'me')", [row, at])
        for row, kind, at in ((met_only, "inbound", NOW), (both, "reply", NOW - 2 * DAY), (visited, "visit", NOW)):
            con.execute("INSERT INTO interaction VALUES (?, ?, ?, '', 'made', NULL)", [row, at, kind])
    found = contact_facts.contact_facts(store, rows)
    assert [found[row].touched_at for row in rows] == [NOW, NOW, NOW - DAY, None], "a visit is no talk"
    assert sorted(contact_facts.last_touched(store)) == [(sent_only, NOW), (met_only, NOW), (both, NOW - DAY)]
    assert [found[row].has_written for row in rows] == [False, True, False, False], "only who wrote first"
    assert [found[row].thanked_at for row in rows] == [None] * 4


@pytest.mark.parametrize(("stored", "takes"), [(None, None), (0, False), (1, True)])
def test_whether_x_says_they_take_messages(store: Store, stored: int | None, takes: bool | None) -> None:
    [row] = add_accounts(store, {})
    with store.write() as con:
        con.execute("UPDATE account SET can_dm = ? WHERE row = ?", [stored, row])
    assert facts(store, row).takes_messages is takes
