"""Queues, views, counts, likeness, the header, the card, undo across sessions."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from filling import DAY, NOW, add_accounts, add_list, add_match, add_score, relate

from followertui.domain.clock import FileClock
from followertui.domain.decision import ActionKind, Decision
from followertui.domain.errors import BadInput, BadQuery
from followertui.domain.fields import COUNT_FIELDS
from followertui.domain.kind import Kind
from followertui.domain.match import MatchState
from followertui.services import querying, row_cells
from followertui.services.intake.values import AboutUs
from followertui.services.review import annotating, cards, deciding, facets, header, queues, undoing, views
from followertui.services.scoring import about_us
from followertui.services.session import Session
from followertui.services.values import JournalState
from followertui.store.audience.pages import find
from followertui.store.decisions import saved_views, tags
from followertui.store.file import settings, watermarks
from followertui.store.file.connection import Store
from followertui.store.index import cache_files


def rows_of(session: Session, query: str) -> list[int]:
    return list(querying.rows_of(session, query))


# --- queues and views ------------------------------------------------------------------------


def test_every_queue_counts_the_rows_it_opens(full: Session) -> None:
    saved_views.save_view(full.store, "Berlin customers", "location:berlin kind:customer sort:-followers")
    counted = queues.counted_queues(full)
    for queue in counted:
        view = views.open_view(full, queue.id)
        assert (len(view.rows), view.of) == (queue.count, queue.count), queue
        assert set(view.rows) == set(rows_of(full, queue.query)), queue
    assert [queue.id for queue in counted if queue.is_main] == ["to-review", "confirm", "new", "today", "plan"]
    assert counted[-1].id == "view:Berlin customers"
    assert queues.cached_queues(full) == counted
    assert all(queue.empty_text for queue in counted)


def test_kinds_share_everyone_out(full: Session) -> None:
    counts = {queue.id: queue.count or 0 for queue in queues.counted_queues(full)}
    assert sum(count for name, count in counts.items() if name.startswith("kind:")) == counts["everyone"]


def test_a_filter_narrows_its_queue_and_its_order_wins(full: Session) -> None:
    view = views.open_view(full, "everyone", "has:followers sort:-followers")
    assert list(view.rows) == rows_of(full, "has:followers sort:-followers")
    assert (view.of, view.sort) == (len(rows_of(full, "")), "-followers")
    resorted = views.sort_view(full, view, "name", False)
    assert list(resorted.rows) == rows_of(full, "has:followers sort:name")
    assert (resorted.of, resorted.sort) == (view.of, "name")
    narrowed = querying.rows_matching(full, list(resorted.rows), "is:following")
    assert narrowed == [row for row in resorted.rows if row in set(rows_of(full, "is:following"))]
    with pytest.raises(BadQuery):
        views.open_view(full, "everyone", "folowers:3")
    with pytest.raises(BadInput):
        views.open_view(full, "no-such-queue")


def test_pages_come_in_order_with_unknown_rows_left_out(full: Session) -> None:
    assert [cell.row for cell in row_cells.cells(full, [9, 3, 999, 5])] == [9, 3, 5]
    assert row_cells.cells(full, []) == []


def test_the_table_says_what_queries_say(full: Session) -> None:
    for cell in row_cells.cells(full, rows_of(full, "")):
        assert cell.row in rows_of(full, f"kind:{cell.kind.value}")
        assert cell.row in rows_of(full, f"decision:{cell.decision.value}")
        assert (cell.relation in ("←", "↔")) == (cell.row in rows_of(full, "is:follower"))
        assert (cell.relation in ("→", "↔")) == (cell.row in rows_of(full, "is:following"))
        assert (cell.action is not None) == (cell.row in rows_of(full, "is:planned"))
        assert all(cell.row in rows_of(full, f'tag:"{name}"') for name in cell.tags)
        assert cell.has_note == (cell.row in rows_of(full, "has:note"))


def reopened(session: Session) -> Session:
    return Session(Store(session.store.path), session.clock)


def test_a_kept_view_is_used_only_while_it_holds(full: Session) -> None:
    view = views.open_view(full, "everyone")
    cold = reopened(full)
    kept = views.open_view(cold, "everyone")
    assert (list(kept.rows), kept.of, kept.sort, cold.is_warm) == (list(view.rows), view.of, "", False)
    cold.close()
    [file] = cache_files.folder_of(full.store.path).glob("view-*.bin")
    content = file.read_bytes()
    for broken in (b"", content[:-4], content[:9], content.replace(b'"', b"'")):
        file.write_bytes(broken)
        cold = reopened(full)
        assert list(views.open_view(cold, "everyone").rows) == list(view.rows)
        assert cold.is_warm
        cold.close()
    views.open_view(full, "kind:press")
    deciding.say_kind(full, [int(view.rows[0])], Kind.PRESS)
    cold = reopened(full)
    assert int(view.rows[0]) in views.open_view(cold, "kind:press").rows
    cold.close()


def test_samples_are_rows_in_their_order_without_repeats() -> None:
    session: Session = None  # type: ignore[assignment]
    rows = list(range(100, 0, -1))
    chosen = querying.sample(session, rows, 20)
    assert chosen == sorted(set(chosen), reverse=True)
    assert (len(chosen), set(chosen) <= set(rows)) == (20, True)
    assert querying.sample(session, rows[:3], 20) == rows[:3]
    assert len({tuple(querying.sample(session, rows, 20)) for _ in range(5)}) > 1


def test_handles_and_ids_find_their_row(session: Session) -> None:
    rows = add_accounts(session.store, {"x_id": 55, "handle": "Dana"}, {"x_id": 66, "handle": "55"}, {"handle": "gone"})
    with session.store.write() as con:
        con.execute("UPDATE account SET hidden_by = 1 WHERE row = ?", [rows[2]])
    assert [find(session.store, text) for text in ("55", "@55", " @dANA ", "dana", "66")] == [
        rows[0], rows[1], rows[0], rows[0], rows[1],
    ]  # fmt: skip
    for nobody in ("gone", "²", "99999999999999999999", "9223372036854775808", "", "@", "' OR 1=1"):
        assert find(session.store, nobody) is None


def test_a_place_is_kept_per_reviewer(session: Session) -> None:
    views.remember_place(session, {"queue": "new", "row": 3})
    other = Session(session.store, session.clock, reviewer="joe")
    assert views.place(session) == {"queue": "new", "row": 3}
    assert views.place(other) == {}


# --- counting ----------------------------------------------------------------------------------


@pytest.mark.parametrize("field", sorted({*COUNT_FIELDS} - {"like"}))
def test_every_count_opens_exactly_the_rows_it_counts(full: Session, field: str) -> None:
    rows = rows_of(full, "")
    some = rows[::2]
    lines = facets.count_by(full, some, field)
    for line in lines:
        assert len(querying.rows_matching(full, some, line.term)) == line.count, line
    assert lines, "the made-up store has something to count of every field"
    assert facets.count_by(full, [], field) == []


def test_shared_bios_are_counted_with_those_nearly_the_same(session: Session) -> None:
    bios = ["Daily signals, DM me to earn 300% a week"] * 2 + ["daily signals: DM me to earn 500% a week", "Trains", ""]
    rows = add_accounts(session.store, *({"handle": f"h{at}", "bio": bio} for at, bio in enumerate(bios)))
    [line] = facets.count_by(session, rows, "like")
    assert (line.value, line.term, line.count) == (bios[0], "like:@h0", 3)
    assert querying.rows_matching(session, rows, line.term) == rows[:3]
    ways = {like.query: like.count for like in facets.alike(session, rows, rows[2])}
    assert ways["like:@h2"] == 3


def test_counts_speak_in_words_and_not_in_codes(session: Session) -> None:
    rows = add_accounts(session.store, {"handle": "a"}, {"handle": "b"})
    relate(session.store, rows, "following")
    deciding.plan_add(session, ActionKind.LIST_ADD, rows, "Friends")
    add_score(session.store, rows[0])
    with session.store.write() as con:
        con.execute("INSERT OR REPLACE INTO reason_code VALUES (0, 'few-posts')")
        con.execute("UPDATE score SET reasons = 1")
        session.store.bump("score", rows)
    [reason] = facets.count_by(session, rows, "reason")
    assert (reason.value, reason.term, reason.count) == ("only N posts", "reason:few-posts", 1)
    assert "add to list" in [line.value for line in facets.count_by(session, rows, "plan")]


def test_values_with_quotes_and_colons_are_counted_too(session: Session) -> None:
    rows = add_accounts(
        session.store,
        *({"location": place} for place in ('the "Hub"', "a:b", "x OR y", "-minus", "back\\slash", "tab, comma")),
    )
    for line in facets.count_by(session, rows, "location"):
        assert querying.rows_matching(session, rows, line.term) != []
        assert line.count == 1


def test_one_cannot_count_by_what_is_no_field(session: Session) -> None:
    with pytest.raises(BadInput, match='cannot count by "bio"'):
        facets.count_by(session, [1], "bio")


def test_likeness_counts_what_its_query_marks(full: Session) -> None:
    rows = rows_of(full, "")
    offered = 0
    for row in rows[:25]:
        for like in facets.alike(full, rows, row):
            marked = querying.rows_matching(full, rows, like.query)
            assert len(marked) == like.count > 1
            assert row in marked, like
            offered += 1
    assert offered > 25
    assert facets.alike(full, rows, 999) == []


# --- the header ----------------------------------------------------------------------------------


def test_the_header_counts_what_queries_count(full: Session) -> None:
    settings.TALLY.write(full.store, {})
    with full.store.write():
        watermarks.JUDGED_UPTO.write(full.store, 60)
        watermarks.PROFILE_HANDLE.write(full.store, "acme")
    top = header.refresh_header(full)
    followers = rows_of(full, "is:follower")
    qualified = rows_of(full, "is:follower kind:customer,prospect,partner,influencer,press")
    assert (top.profile, top.followers, top.accounts) == ("acme", len(followers), len(rows_of(full, "")))
    assert top.following == len(rows_of(full, "is:following"))
    assert top.planned == len(rows_of(full, "is:planned"))
    assert top.qualified_percent == pytest.approx(100 * len(qualified) / len(followers))
    assert (top.qualified_low, top.qualified_high) == (None, None), "sixty accounts without a draw are no estimate"
    assert top.has_customer_list
    assert header.header(full) == top


def test_an_empty_store_has_a_header(session: Session) -> None:
    top = header.header(session)
    assert (top.followers, top.accounts, top.qualified_percent) == (0, 0, None)
    assert views.open_view(session, "to-review").of == 0
    assert all(queue.count == 0 for queue in queues.counted_queues(session))


def test_our_handle_heads_the_page_before_any_file_said_it(session: Session) -> None:
    about_us.set_about(session, AboutUs(handles=("@Acme",)))
    assert header.header(session).profile == "acme"
    watermarks.PROFILE_HANDLE.write(session.store, "acme_hq")
    assert header.header(session).profile == "acme_hq"


# --- the card ----------------------------------------------------------------------------------


HOSTILE = "[@click=app.quit]x[/] \x1b[31m =HYPERLINK(1) \u202e <b>&amp; https://t.co/a?b=[c]"


def test_a_card_holds_hostile_text_as_it_stands(session: Session) -> None:
    [row] = add_accounts(
        session.store,
        {"name": HOSTILE, "bio": HOSTILE, "location": HOSTILE, "affiliation": HOSTILE, "url": HOSTILE, "handle": "a[b"},
    )
    entity = add_list(session.store, HOSTILE, "customer", [HOSTILE])[HOSTILE]
    add_match(session.store, row, entity, "likely", 70)
    annotating.note(session, row, "note")
    card = cards.card(session, row)
    assert (card.bio, card.location, card.cells.name) == (HOSTILE, HOSTILE, HOSTILE)
    [(start, end, address)] = card.bio_links
    assert HOSTILE[start:end] == address == "https://t.co/a?b=[c"
    assert card.matches[0].entity == HOSTILE
    assert card.matches[0].lists == (HOSTILE,)
    assert card.guard == "matches a list entry (reject the match to allow)"
    assert card.note == "note"


def test_a_card_tells_what_is_known(session: Session) -> None:
    [row] = add_accounts(
        session.store,
        {"handle": "dana", "created_at": NOW - 4000 * DAY, "followers": 9, "identity_from": 1, "status": 1},
    )
    relate(session.store, [row], "follower")
    first = add_list(session.store, "Customers", "customer", ["Acme"])["Acme"]
    second = add_list(session.store, "Rivals", "competitor", ["Globex"])["Globex"]
    number = add_match(session.store, row, first, "certain", 95)
    add_match(session.store, row, second, "possible", 30)
    add_score(session.store, row, "bot", bot=80, relevance=5, type=1, role=2)
    card = cards.card(session, row)
    assert (card.cells.kind, card.cells.is_doubtful) == (Kind.CUSTOMER, True)
    assert card.kind_rule == "customer?: an unreviewed but certain match with your list"
    assert card.kind_conflict.startswith("lists disagree: ")
    assert "competitor (Rivals)" in card.kind_conflict
    assert "customer (Customers)" in card.kind_conflict
    assert card.status == "gone"
    assert card.created == "10 Dec 2015"
    assert card.followed_since == "followed before 3 Sep 2026"
    assert card.provenance == ("handle and name: made, 24 Aug 2026",)
    assert [match.score for match in card.matches] == [95, 30]
    deciding.say_match(session, [number], MatchState.CONFIRMED)
    deciding.decide(session, [row], Decision.ENGAGE)
    again = cards.card(session, row)
    assert again.kind_rule == "customer: a confirmed match with your list"
    assert {text for _, text in again.history} == {"me: confirmed Acme", "me: engage"}
    with pytest.raises(BadInput):
        cards.card(session, 999)


def test_a_card_names_the_guard_the_query_knows(full: Session) -> None:
    guarded = set(rows_of(full, "is:guarded"))
    for row in rows_of(full, "")[:20]:
        assert bool(cards.card(full, row).guard) == (row in guarded)


# --- undo ------------------------------------------------------------------------------------


def test_undo_asks_before_it_crosses_into_another_session_or_reviewer(session: Session) -> None:
    rows = add_accounts(session.store, {}, {})
    deciding.decide(session, rows, Decision.OUT)
    later = Session(session.store, session.clock)
    asked = undoing.undo(later)
    assert (asked.entry_id, asked.rows) == (0, ())
    said = "out: 2 accounts · 2 we do not follow: nothing to unfollow"
    assert asked.question == f"This would undo “{said}” by an earlier session. Go on?"
    joe = Session(session.store, session.clock, reviewer="joe")
    assert "by me." in undoing.undo(joe).question
    done = undoing.undo(later, force=True)
    assert (done.question, set(done.rows)) == ("", set(rows))
    assert rows_of(session, "decision:out") == []
    assert undoing.redo(session, force=True).entry_id > 0
    assert rows_of(session, "decision:out") == rows
    states = [line.state for line in undoing.lines(session)]
    assert states == [JournalState.INVERSE, JournalState.INVERSE, JournalState.DONE]


def test_undo_says_what_it_left_alone(session: Session) -> None:
    rows = add_accounts(session.store, {}, {})
    relate(session.store, rows, "following")
    deciding.decide(session, rows, Decision.OUT)
    with session.store.write() as con:
        con.execute("UPDATE plan_item SET state = 'done' WHERE row = ?", [rows[0]])
        con.execute("UPDATE decision SET decision = 'engage' WHERE row = ?", [rows[1]])
    done = undoing.undo(session)
    assert {held.reason: held.count for held in done.skipped} == {
        "changed since": 1,
        "already asked of X (`plan reverse` takes it back, B in the Plan)": 1,
    }
    assert "left alone" in done.text
    assert undoing.undo(session).text == "Nothing to undo."
    assert undoing.redo(Session(session.store, session.clock), force=True).entry_id > 0


def test_what_a_confirmed_match_taught_follows_undo_and_redo(session: Session) -> None:
    from followertui.services.scoring import matching
    from followertui.store.lists import listings

    [row] = add_accounts(session.store, {"handle": "acme_hq", "name": "Acme HQ", "domain": "acmehq.com"})
    entity = add_list(session.store, "Customers", "customer", ["Acme"])["Acme"]
    number = add_match(session.store, row, entity, "likely", 70)
    deciding.say_match(session, [number], MatchState.CONFIRMED)
    matching.learn_from_words(session, [number])
    learned = listings.aliases(session.store)
    assert learned
    undoing.undo(session)
    assert listings.aliases(session.store) == []
    undoing.redo(session)
    assert listings.aliases(session.store) == learned


def test_settings_and_saved_views_are_kept(session: Session, tmp_path: Path) -> None:
    settings.SILENT_DAYS.write(session.store, 90)
    saved_views.save_view(session.store, " Silent ", "is:silent")
    saved_views.save_view(session.store, "silent", "is:silent is:following")
    tags.bind_tag(session.store, "1", "hot")
    tags.bind_tag(session.store, "1", "cold")
    session.store.close()
    session.store = Store(tmp_path / "store.db")
    assert settings.SILENT_DAYS.read(session.store) == 90
    assert saved_views.views(session.store) == [("silent", "is:silent is:following")]
    assert tags.tags(session.store) == [("cold", 0, "1"), ("hot", 0, None)]
    settings.SILENT_DAYS.write(session.store, 180)
    assert settings.SILENT_DAYS.read(session.store) == 180
    saved_views.drop_view(session.store, "SILENT")
    for wrong in (
        lambda: saved_views.drop_view(session.store, "silent"),
        lambda: saved_views.save_view(session.store, " ", "x"),
    ):
        with pytest.raises(BadInput):
            wrong()
    assert json.dumps(saved_views.views(session.store)) == "[]"


def test_where_names_are_missing_the_first_queue_and_the_card_say_how_they_come(session: Session) -> None:
    rows = add_accounts(
        session.store, *({"x_id": 900 + n, "handle": None, "name": None, "bio": None} for n in range(300))
    )
    relate(session.store, rows, "follower")
    waiting = queues.counted_queues(session)
    assert waiting[0].count == 0
    assert "300 accounts are known by id only" in waiting[0].empty_text
    found = cards.card(session, rows[0])
    assert [way.rpartition(": ")[2] for way in found.names_by] == ["free", "about $0.30", "about $3.00"]
    named = add_accounts(session.store, {"x_id": 5, "handle": "dana"})
    assert cards.card(session, named[0]).names_by == ()


def test_the_card_tells_when_someone_came_left_and_changed(session: Session, clock: FileClock) -> None:
    con = session.store.con
    [row] = add_accounts(session.store, {"name": "Dana", "handle": "dana_new", "bio": "CTO at Globex"})
    relate(session.store, [row], "follower", is_new=True, first=NOW - 30 * DAY)
    with session.store.write():
        con.execute("UPDATE relation SET missed_at = ? WHERE row = ?", [NOW - 2 * DAY, row])
        con.execute("UPDATE import_run SET as_of = ? WHERE id = 1", [NOW - 5 * DAY])
        con.execute("INSERT INTO handle_history VALUES (?, ?, 'dana_old', 1)", [row, NOW - 9 * DAY])
        before = {"bio": ["Engineer at Initech", "CTO at Globex"], "name": [None, "Dana"], "followers": [1, 2]}
        con.execute("INSERT INTO import_change VALUES (1, ?, ?)", [row, json.dumps(before)])
    told = [what for _, what in cards.card(session, row).history]
    assert told == ["left", "new bio, was: Engineer at Initech", "renamed, was @dana_old", "followed us"]
    assert [when for when, _ in cards.card(session, row).history] == ["20 Nov", "17 Nov", "13 Nov", "23 Oct"]
    clock.advance(timedelta(days=60))
    assert [when for when, _ in cards.card(session, row).history[:1]] == ["20 Nov 2026"]
    with session.store.write():
        con.execute("UPDATE import_run SET state = 'undone' WHERE id = 1")
    assert "new bio, was: Engineer at Initech" not in [what for _, what in cards.card(session, row).history]


def test_a_match_names_others_of_its_company(session: Session) -> None:
    rows = add_accounts(session.store, *({"name": f"Person {number}", "followers": number} for number in range(1, 9)))
    globex = add_list(session.store, "crm", "customer", ["Globex"])["Globex"]
    for row in rows:
        add_match(session.store, row, globex, "likely", 80, "works_at")
    match = cards.card(session, rows[0]).matches[0]
    assert match.others == ("Person 8", "Person 7", "Person 6", "Person 5", "Person 4")
    assert match.siblings == 7, "the account itself is no other"
