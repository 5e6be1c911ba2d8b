"""Our own posting rhythm, and whom the rule of influencers finds."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from filling import DAY, NOW, add_accounts

from followertui.domain import reach
from followertui.domain.kind import KIND_ORDER, Kind
from followertui.domain.progress import NeverCancelled, drained
from followertui.services.insight import composing, posting, report_text, reporting
from followertui.services.intake.values import ImportChoices
from followertui.services.review import undoing
from followertui.services.session import Session
from followertui.services.workbench import Workbench

MONDAY = 1_704_067_200
"""1 January 2024."""


def test_weeks_without_a_post_are_silent_and_weeks_nothing_is_told_of_are_not() -> None:
    told = {MONDAY: 2, MONDAY + DAY: 1, **{MONDAY + n * DAY: 0 for n in range(7, 21)}, MONDAY + 28 * DAY: 3}
    week = (MONDAY // DAY + 3) // 7
    found = posting.of_days(told, {week: 5, week + 4: 1}, {week: 2})
    assert [(one.monday, one.posts, one.gained, one.qualified) for one in found.weeks] == [
        ("2024-01-01", 3, 5, 2), ("2024-01-08", 0, 0, 0), ("2024-01-15", 0, 0, 0), ("2024-01-22", None, 0, 0),
        ("2024-01-29", 3, 1, 0),
    ]  # fmt: skip
    assert (found.a_week, found.silent, found.longest_silence) == (1.5, 2, 2)


def script(name: str, items: list[object]) -> str:
    return f"window.YTD.{name}.part0 = {json.dumps(items)}"


def test_an_archive_tells_the_rhythm_and_its_undo_takes_it_back(session: Session, tmp_path: Path) -> None:
    folder = tmp_path / "twitter-2024" / "data"
    folder.mkdir(parents=True)
    moments = [datetime(2024, 1, day, 9, tzinfo=UTC) for day in (1, 2, 24)]
    posts = [
        {"tweet": {"id_str": str(n), "created_at": f"{at:%a %b %d %H:%M:%S} +0000 {at:%Y}", "full_text": "hello"}}
        for n, at in enumerate(moments, start=1)
    ]
    (folder / "tweets.js").write_text(script("tweets", posts))
    (folder / "follower.js").write_text(script("follower", [{"follower": {"accountId": "5"}}]))
    (folder / "following.js").write_text(script("following", [{"following": {"accountId": "5"}}]))
    manifest = {"userInfo": {"accountId": "7", "userName": "acme"}, "archiveInfo": {"generationDate": "2024-02-04"}}
    (folder / "manifest.js").write_text(f"window.__THAR_CONFIG = {json.dumps(manifest)}")
    bench = Workbench(session)
    drained(bench.import_file(str(folder.parent), ImportChoices(what="archive", as_of="2024-02-04"), NeverCancelled()))
    found = posting.rhythm(session)
    assert found is not None
    assert [one.posts for one in found.weeks] == [2, 0, 0, 1, 0]
    made = reporting.report(session)
    assert made.growth is None, "posts alone make no curve of followers"
    assert "your posts: 0.6 a week over 5 weeks, 3 silent weeks (the longest silence 2)" in "\n".join(
        report_text.lines(made, session.zone)
    )
    drained(undoing.reverse_import(session, False, NeverCancelled()))
    assert posting.rhythm(session) is None


REAL = {"followers": 9_000, "following": 300, "listed": 40, "last_post_at": NOW - DAY}


@pytest.mark.parametrize(
    ("changed", "is_found"),
    [
        ({}, True),
        ({"followers": reach.FOLLOWERS - 1}, False),
        ({"following": 4_501}, False),
        ({"listed": 17}, False),
        ({"listed": 0, "verified": "blue"}, True),
        ({"last_post_at": NOW - 400 * DAY}, False),
        ({"followers": None}, False),
        ({"relevance": reach.RELEVANCE - 1}, False),
        ({"bot": reach.BOT}, False),
        ({"bot": None, "relevance": None}, False),
        ({"kind": "vendor"}, False),
        ({"followers": 3, "kind": "influencer"}, True),
    ],
)
def test_influencers_are_found_by_the_rule_that_is_shown(
    session: Session, changed: dict[str, object], is_found: bool
) -> None:
    given = REAL | {"bot": 5, "relevance": 60, "kind": ""} | changed
    bot, relevance, kind = (given.pop(name) for name in ("bot", "relevance", "kind"))
    [row] = add_accounts(session.store, given)
    with session.store.write() as con:
        if bot is not None:
            con.execute(
                "INSERT INTO score VALUES (?, ?, NULL, NULL, ?, 0, 0, 0, ?, 0, '', 0)",
                [row, bot, relevance, KIND_ORDER.index(Kind.UNCLEAR)],
            )
        if kind:
            con.execute("INSERT INTO kind_word VALUES (?, ?, 'me', 1)", [row, kind])
        con.execute("INSERT INTO relation VALUES (?, 'follower', 1, 1, NULL, 1, ?, ?, NULL)", [row, NOW, NOW])
        for domain in ("score", "decision", "relation"):
            session.store.bump(domain, [row])
    figures = composing.influencers(session)
    assert [one.count for one in figures] == [int(is_found), 0, 0]
    assert list(session.evaluator.rows(session.parse(figures[0].query), session.now)) == [row] * is_found
