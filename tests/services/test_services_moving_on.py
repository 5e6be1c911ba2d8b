"""New moves on per reviewer, and the opening page tells what happened since."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from reading_world import ReadingWorld

from followertui.domain.kind import Kind
from followertui.services import querying
from followertui.services.insight import since
from followertui.services.review import moving_on, queues
from followertui.services.session import Session
from followertui.store.file import settings


@pytest.fixture
def world(tmp_path: Path) -> ReadingWorld:
    """Four readings: 1 Jan 2024, then 7, 35 and 42 days later, ten newcomers in each."""
    made = ReadingWorld(tmp_path, range(1, 61))
    made.say([25, 35], Kind.CUSTOMER)
    made.say([3], Kind.PROSPECT)
    made.read(range(1, 11), 0)
    made.read(range(1, 21), 7)
    made.read(range(1, 31), 28)
    made.read(range(4, 41), 7)
    return made


def fresh(first: int, last: int) -> set[int]:
    """Ids of a range without those a kind was set for, who were reviewed by that."""
    return set(range(first, last + 1)) - {25, 35}


def new(world: ReadingWorld, session: Session | None = None) -> set[int]:
    """Ids in the queue New of a reviewer."""
    asked = session or world.session
    return world.found(queues.queue_named(asked, "new").query)


def other(world: ReadingWorld) -> Session:
    return Session(world.session.store, world.clock, "dana")


def test_new_begins_about_four_weeks_back_and_moves_on_for_one_reviewer_only(world: ReadingWorld) -> None:
    """Two readings are at least 28 days before the last; the later of them counts."""
    assert moving_on.seen_until(world.session) == date(2024, 1, 8)
    assert new(world) == fresh(21, 40)
    assert moving_on.move_on(world.session) == date(2024, 2, 12)
    assert new(world) == set()
    assert new(world, other(world)) == fresh(21, 40)
    world.read(range(4, 46), 7)
    assert new(world) == fresh(41, 45)
    assert new(world, other(world)) == fresh(21, 45)


def test_a_second_reading_of_the_day_is_not_lost(world: ReadingWorld) -> None:
    moving_on.move_on(world.session)
    world.read(range(4, 51), 0.1)
    assert new(world) == fresh(31, 50), "that whole day counts again"
    moving_on.move_on(world.session)
    assert new(world) == set()


def test_a_store_with_one_reading_or_none_has_no_day(tmp_path: Path) -> None:
    world = ReadingWorld(tmp_path, range(1, 11))
    assert (moving_on.seen_until(world.session), moving_on.move_on(world.session)) == (None, None)
    world.read(range(1, 6), 0)
    page = since.since(world.session)
    assert (page.day, page.newest, page.alerts, page.walk, page.change) == (None, date(2024, 1, 1), (), None, None)
    assert not page.is_through


def test_the_page_tells_who_matters_and_its_walk_finds_just_them(world: ReadingWorld) -> None:
    page = since.since(world.session)
    assert {(one.type.value, one.handle) for one in page.alerts} == {
        ("followed", "user25"), ("followed", "user35"), ("left", "user3"),
    }  # fmt: skip
    assert page.walk is not None
    assert world.found(page.walk.query) == {3, 25, 35}
    assert page.walk.count == 3
    assert page.change is not None
    assert sum(one.count for one in page.change.gained) == 20
    assert sum(one.count for one in page.change.lost) == 3
    for one in page.due:
        assert len(querying.rows_of(world.session, one.query)) == one.count, one.name


def test_the_session_opens_here_only_after_moving_on_and_a_newer_reading(world: ReadingWorld) -> None:
    assert not moving_on.opens_with_news(world.session), "never moved on"
    moving_on.move_on(world.session)
    assert not moving_on.opens_with_news(world.session)
    assert since.since(world.session).is_through
    world.read(range(4, 46), 7)
    assert moving_on.opens_with_news(world.session)
    assert not moving_on.opens_with_news(other(world))
    assert settings.SEEN_UPTO.of("tester").read(world.session.store) == int(
        datetime(2024, 2, 12, 9, tzinfo=UTC).timestamp()
    )


def test_an_old_list_is_told_with_what_to_do(world: ReadingWorld) -> None:
    world.follow([1, 2])
    assert since.ages(world.session) == {"follower": 0, "following": 0}
    assert since.age_lines({"follower": 30, "following": 30}) == []
    lines = since.age_lines({"follower": 3, "following": 34})
    assert len(lines) == 1
    assert "your following list is 34 days old" in lines[0]
    assert "followertui help report" in lines[0]
