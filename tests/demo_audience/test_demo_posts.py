"""The demo's accounts have posts: a paid look shows them, and Today answers or passes one on."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest
from demo_stores import DemoStores, open_copy

from followertui.demo import outreach
from followertui.demo.audience import Audience
from followertui.demo.building import BEGIN, WEEK, Recipe
from followertui.domain.clock import FixedClock
from followertui.domain.engagement import StepAction
from followertui.domain.errors import NothingToDo
from followertui.domain.progress import drained
from followertui.services.engage.values import Wording
from followertui.services.sync import costs
from followertui.x.sandbox import written
from followertui.x.sandbox.made import FIRST_ID, made_state
from followertui.x.sandbox.transport import Sandbox, client_for

RECIPE = Recipe(1000)


@pytest.mark.parametrize("action", [StepAction.REPOST, StepAction.REPLY])
def test_a_look_from_today_shows_posts_to_pass_on(demo_stores: DemoStores, tmp_path: Path, action: StepAction) -> None:
    bench = open_copy(demo_stores.copy(tmp_path / "demo.db", RECIPE))
    costs.set_budget(bench.session, None, 5.0)
    item = next(one for one in bench.engagement.lines(bench.engagement.today().ids) if one.action is action)
    report = drained(bench.x_account.peek(item.cells.row, Event()))
    assert len(report.posts) == 5
    assert report.usd == pytest.approx(0.025)
    assert all(post.at is not None and post.at <= bench.session.now for post in report.posts)
    assert [post.at for post in report.posts] == sorted((post.at for post in report.posts), reverse=True)
    assert len({post.text for post in report.posts}) == 5
    trade = [text.split("{n}")[0] for text in written.TRADE]
    assert sum(any(post.text.startswith(text) for text in trade) for post in report.posts) >= 4
    again = drained(bench.x_account.peek(item.cells.row, Event()))
    assert again.posts == report.posts, "who writes wrote the same"
    post = report.posts[0]
    assert post.url.rsplit("/", 1)[1] in bench.engagement.compose(item.id, Wording(post=post.url)).url
    bench.engagement.done(item.id, Wording(post=post.url))
    told = bench.engagement.timeline(item.cells.row)[0]
    assert told.what == action.value
    assert (told.text == post.url) == (action is StepAction.REPOST), "a repost has no words of its own"
    bench.close()


def test_those_who_do_not_matter_write_of_other_things(demo_stores: DemoStores, tmp_path: Path) -> None:
    bench = open_copy(demo_stores.copy(tmp_path / "demo.db", RECIPE))
    costs.set_budget(bench.session, None, 5.0)
    [row, *_] = bench.open_view("", "kind:offtopic -is:silent -is:locked").rows
    report = drained(bench.x_account.peek(row, Event()))
    other = [text.split("{n}")[0] for text in written.OTHER]
    assert report.posts
    assert all(any(post.text.startswith(text) for text in other) for post in report.posts)
    [locked, *_] = bench.open_view("", "is:locked").rows
    with pytest.raises(NothingToDo, match="protected"):
        drained(bench.x_account.peek(locked, Event()))
    bench.close()


def test_what_was_passed_on_before_is_so_on_the_demos_x(demo_stores: DemoStores, tmp_path: Path) -> None:
    bench = open_copy(demo_stores.copy(tmp_path / "demo.db", RECIPE))
    posts = [post for one in outreach.contacts(Audience(1000, 1, BEGIN - WEEK)) if (post := outreach.post_of(one))]
    kept = {line[0] for line in bench.session.store.con.execute("SELECT post FROM sent WHERE post <> ''")}
    assert {str(post) for post in posts} == kept
    assert posts
    text = (tmp_path / "demo.db.sandbox.json").read_text(encoding="utf-8")
    assert all(f'"{post}"' in text for post in posts)
    bench.close()


def test_accounts_of_a_sandbox_have_posts_too() -> None:
    state = made_state(20)
    x = client_for(Sandbox(state, FixedClock(BEGIN)))
    for number in (0, 1):
        posts = x.posts_of(FIRST_ID + number)
        assert len(posts) == 5
        assert posts[0].at == written.moment(int(state.profile(FIRST_ID + number)["most_recent_tweet_id"]))
        assert posts == x.posts_of(FIRST_ID + number)
    assert x.posts_of(FIRST_ID) != x.posts_of(FIRST_ID + 1)
