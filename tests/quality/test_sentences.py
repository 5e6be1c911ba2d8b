"""Reasons as sentences: every code has one, figures are those measured, nothing is said twice."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_audience import NOW, columns_of

from followertui.domain.judgement import Reason
from followertui.quality.explaining import BOOKKEEPING, explain
from followertui.quality.judging import measure
from followertui.quality.market import MarketWords
from followertui.quality.sentences import MOST, filled, general, strongest
from followertui.quality.signals import SIGNALS
from followertui.quality.types import categories
from followertui.quality.weights import load_weights

NOON = datetime.fromtimestamp(NOW, tz=UTC)
DAY = 86_400
WEIGHTS = load_weights()
LURKER = {
    "handle": "qx81", "name": "qx81", "bio": "forex signals", "followers": 12, "following": 4991, "posts": 3,
    "listed": 0, "likes": 1, "created_at": NOW - 2200 * DAY, "last_post_at": NOW - 1200 * DAY, "default_image": 1,
}  # fmt: skip
PLAIN = re.compile(r"[a-zXN0-9][^{}<>\[\]_]*")


def test_every_signal_has_a_sentence_whose_figures_are_measured() -> None:
    measures = measure(columns_of([LURKER]), NOON).measures
    for code, signal in SIGNALS.items():
        assert PLAIN.fullmatch(general(signal.text)), code
        for name in re.findall(r"\{([\w-]+)", signal.text):
            assert name in measures or name in ("words", "role", "market"), f"{code}: {name} is no measure"
        if signal.measure.startswith("words_"):
            assert signal.measure.removeprefix("words_") in categories(), code
            assert "{words}" in signal.text, f"{code} does not say which words"


def test_sentences_hold_the_figures() -> None:
    (lines,) = explain(columns_of([LURKER]), WEIGHTS, NOON)
    said = {line.code: line.text for line in lines}
    assert said["follows-far-more"] == "follows 4,991 accounts, has 12 followers"
    assert said["few-posts"] == "only 3 posts"
    assert said["silent"] == "no post for 3 years"
    assert said["established"] == "on X for 6 years"
    assert said["scam-words"] == "uses words common in scams: “forex”, “forex signals”"


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("{a:few post}", {"a": 0}, "no posts"),
        ("{a:few post}", {"a": 1}, "only 1 post"),
        ("{a:count post}", {"a": 4210}, "4,210 posts"),
        ("{a}", {"a": 0.256}, "0.26"),
        ("{a}", {"a": float("nan")}, "?"),
        ("{a:days}", {"a": 0}, "0 days"),
        ("{a:days}", {"a": 1}, "1 day"),
        ("{a:days}", {"a": 59}, "59 days"),
        ("{a:days}", {"a": 364}, "11 months"),
        ("{a:days}", {"a": 366}, "12 months"),
        ("{a:days}", {"a": 731}, "2 years"),
        ("{a:years}", {"a": 3.9}, "3 years"),
        ("says: {words}", {}, "says"),
    ],
)
def test_figures_are_said_as_people_say_them(text: str, values: dict[str, float], expected: str) -> None:
    assert filled(text, lambda name: values[name], {}) == expected


def test_the_strongest_three_of_each_side_say_nothing_twice() -> None:
    (lines,) = explain(columns_of([LURKER]), WEIGHTS, NOON)
    against, favouring = strongest([line for line in lines if line.score in ("bot", "fact")])
    assert [line.text for line in against] == [
        "no post for 3 years",
        "follows 4,991 accounts, has 12 followers",
        "its name only repeats its handle",
    ]
    assert [line.code for line in favouring] == ["established", "bio"]
    assert strongest([Reason("start", 40, "bot", "every account starts here")]) == ([], [])


def test_market_words_and_roles_are_named() -> None:
    profile = {**LURKER, "bio": "Head of Sales, freight and logistics", "location": "Lisbon"}
    market = MarketWords.of(["logistics", "freight"], places=["Lisbon"])
    (lines,) = explain(columns_of([profile]), WEIGHTS, NOON, market)
    said = {line.code: line.text for line in lines}
    assert said["near-market"] == "close to your market: “freight”, “logistics” (relevance 75)"
    assert said["business-role"] == "says what it does for a living: sales"


@given(st.text(max_size=80), st.text(max_size=30), st.integers(0, 10**7), st.integers(0, 10**7))
@settings(deadline=None, max_examples=60)
def test_no_profile_gets_into_a_sentence_but_words_of_our_lists(bio: str, name: str, posts: int, likes: int) -> None:
    profile = {**LURKER, "bio": f"{bio} [bold]free money[/] {bio}", "name": name, "posts": posts, "likes": likes}
    (lines,) = explain(columns_of([profile]), WEIGHTS, NOON)
    for line in lines:
        quoted = re.findall("“([^”]*)”", line.text)
        assert line.code in BOOKKEEPING or PLAIN.fullmatch(line.text), line
        assert all(PLAIN.fullmatch(word) for word in quoted), line


def test_a_batch_is_explained_as_its_members_alone() -> None:
    other = {**LURKER, "bio": "Reporter @globex", "followers": 3000, "listed": 40}
    together = explain(columns_of([LURKER, other]), WEIGHTS, NOON)
    assert together == [explain(columns_of([profile]), WEIGHTS, NOON)[0] for profile in (LURKER, other)]
    assert len(strongest(together[0])[0]) <= MOST
