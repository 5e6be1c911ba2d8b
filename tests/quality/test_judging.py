from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_audience import NOW, columns_of, genuine

from followertui.domain.account import ProfileColumns
from followertui.domain.judgement import AccountType
from followertui.quality.brand import OwnBrand
from followertui.quality.explaining import explain
from followertui.quality.handles import handle_measures
from followertui.quality.judging import CHUNK, judge, points_for
from followertui.quality.market import MarketWords
from followertui.quality.signals import SIGNALS
from followertui.quality.weights import load_weights

NOON = datetime.fromtimestamp(NOW, tz=UTC)
DAY = 86_400
WEIGHTS = load_weights()
BOT = WEIGHTS.scores["bot"].threshold

BOUGHT = {
    "handle": "xqkzjwvb84731",
    "name": "xqkzjwvb84731",
    "bio": "hi",
    "location": "x",
    "url": "https://t.co/a",
    "followers": 3,
    "following": 2100,
    "posts": 4,
    "listed": 0,
    "created_at": NOW - 200 * DAY,
    "verified": "",
    "default_image": 1,
}
EDITOR = {
    "handle": "dana_ortiz",
    "name": "Dana Ortiz",
    "bio": "Managing editor at Globex Review. Former VP Sales. I write about supply chains.",
    "location": "Lisbon",
    "url": "https://globex.example/dana",
    "followers": 4200,
    "following": 900,
    "posts": 8100,
    "listed": 130,
    "created_at": NOW - 4000 * DAY,
    "last_post_at": NOW - 3 * DAY,
    "verified": "legacy",
}


def one(**fields: object) -> ProfileColumns:
    return columns_of([dict(fields)])


def test_a_bought_account_is_a_bot_and_an_editor_is_not() -> None:
    bought, editor = judge(columns_of([BOUGHT, EDITOR]), WEIGHTS, NOON)
    assert bought.bot is not None
    assert bought.bot >= BOT
    assert {"few-followers", "follows-far-more", "never-listed"} <= set(bought.reasons)
    assert editor.bot == 0
    assert (editor.type, editor.role, editor.seniority) == (AccountType.PERSON, "press", "manager")


def test_scores_are_kept_apart() -> None:
    spam = {**EDITOR, "verified": "", "listed": 0, "bio": "Guaranteed returns with crypto signals, WhatsApp me now"}
    fan = {**EDITOR, "listed": 0, "bio": "bts army, stan account, she/her, anime and memes"}
    harmful, off = judge(columns_of([spam, fan]), WEIGHTS, NOON)
    assert harmful.harmful is not None
    assert off.offtopic is not None
    assert harmful.harmful > WEIGHTS.scores["harmful"].threshold
    assert off.offtopic > WEIGHTS.scores["offtopic"].threshold
    assert (harmful.bot or 0) < BOT
    assert (off.bot or 0) < BOT
    assert off.harmful == 0


def test_nothing_known_is_no_score() -> None:
    (empty,) = judge(one(handle="nobody"), WEIGHTS, NOON)
    assert (empty.bot, empty.harmful, empty.offtopic, empty.relevance) == (None, None, None, None)
    assert empty.reasons == ()
    assert empty.type is AccountType.UNKNOWN


@pytest.mark.parametrize("field", ["followers", "following", "posts", "created_at"])
def test_without_a_count_nobody_is_called_a_bot(field: str) -> None:
    (judged,) = judge(columns_of([{**BOUGHT, field: None}]), WEIGHTS, NOON)
    assert judged.bot is not None
    assert judged.bot < BOT


def test_facts_stand_beside_the_scores() -> None:
    quiet = {**EDITOR, "last_post_at": NOW - 900 * DAY, "protected": 1, "parody": 1}
    loud, silent = judge(columns_of([EDITOR, quiet]), WEIGHTS, NOON)
    assert {"silent", "locked", "parody"} <= set(silent.reasons)
    assert loud.bot == silent.bot
    assert "silent" not in loud.reasons


def test_a_declared_bot_is_a_feed() -> None:
    feed = {**EDITOR, "handle": "tide_bot", "bio": "Posts the tide every hour. A bot by @dana", "verified": ""}
    (judged,) = judge(columns_of([feed]), WEIGHTS, NOON)
    assert judged.type is AccountType.FEED
    assert {"says-bot", "feed"} <= set(judged.reasons)


@given(st.integers(0, 10**6), st.booleans())
@settings(max_examples=60, deadline=None)
def test_explained_points_add_up_to_the_scores(seed: int, with_market: bool) -> None:
    profile = _damaged(genuine(1, seed)[0], seed)
    market = MarketWords.of(topics=["energy", "house"], titles=["founder"], places=["Lisbon"]) if with_market else None
    columns = columns_of([profile])
    (judged,) = judge(columns, WEIGHTS, NOON, market)
    (reasons,) = explain(columns, WEIGHTS, NOON, market)
    for score in ("bot", "harmful", "offtopic"):
        total = getattr(judged, score)
        lines = [r for r in reasons if r.score == score]
        assert (sum(r.points for r in lines) if lines else None) == total
    fired = {r.code for r in reasons} - {"start", "cut", "little-known"}
    assert fired == set(judged.reasons)


def _damaged(profile: dict[str, object], seed: int) -> dict[str, object]:
    rnd = np.random.default_rng(seed)
    return {k: None if k != "handle" and rnd.random() < 0.3 else v for k, v in profile.items()}


FIELDS = sorted(set(ProfileColumns.__dataclass_fields__) - {"rows", "handle"} - {"verified", "affiliation"})


@given(st.integers(0, 10**6), st.sets(st.sampled_from(FIELDS)))
@settings(max_examples=120, deadline=None)
def test_blanking_fields_never_makes_a_bot(seed: int, blanked: set[str]) -> None:
    profile = genuine(1, seed)[0]
    profile |= {"followers": seed % 60, "following": seed % 900, "listed": seed % 3}
    full, less = judge(columns_of([profile, {**profile, **dict.fromkeys(blanked)}]), WEIGHTS, NOON)
    assert (full.bot or 0) >= BOT or (less.bot or 0) < BOT


def test_a_batch_is_judged_as_its_members_alone() -> None:
    profiles = [*genuine(40, 7), BOUGHT, EDITOR]
    together = judge(columns_of(profiles), WEIGHTS, NOON)
    alone = [judge(columns_of([p]), WEIGHTS, NOON)[0]._replace(row=n) for n, p in enumerate(profiles)]
    assert together == alone


def test_chunks_keep_order(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = columns_of(genuine(50, 3))
    whole = judge(columns, WEIGHTS, NOON)
    monkeypatch.setattr("followertui.quality.judging.CHUNK", 7)
    assert judge(columns, WEIGHTS, NOON) == whole
    assert CHUNK > 7


def test_relevance_speaks_against_offtopic() -> None:
    gamer = {**EDITOR, "bio": "Gamer and streamer, also logistics nerd", "verified": ""}
    market = MarketWords.of(topics=["logistics"], places=["Lisbon"])
    (far,) = judge(columns_of([gamer]), WEIGHTS, NOON, MarketWords.of(topics=["dentistry"]))
    (near,) = judge(columns_of([gamer]), WEIGHTS, NOON, market)
    assert near.relevance == 45
    assert far.relevance == 0
    assert near.offtopic is not None
    assert far.offtopic is not None
    assert near.offtopic < far.offtopic


def test_points_for_knows_no_unknown() -> None:
    points = points_for(np.array([np.nan, -1.0, 0.0, 29.0, 30.0, 1e9]), ((0.0, 8), (30.0, 2)))
    assert points.tolist() == [0, 0, 8, 8, 2, 2]


def test_every_weight_has_a_registered_signal_with_words_and_source() -> None:
    weighed = {code for score in WEIGHTS.scores.values() for code in score.points}
    facts = {code for code, signal in SIGNALS.items() if signal.score == "fact"}
    assert weighed | facts == set(SIGNALS)
    assert all(signal.text and signal.source for signal in SIGNALS.values())


@given(st.lists(st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=40)), max_size=8))
def test_any_handle_is_measured(handles: list[str | None]) -> None:
    measures = handle_measures(handles)
    assert all(len(column) == len(handles) for column in measures.values())
    for handle, digits in zip(handles, measures["handle_digits"].tolist(), strict=True):
        assert np.isnan(digits) if not handle else digits >= 0


@given(st.text(max_size=200), st.text(max_size=60))
@settings(deadline=None)
def test_hostile_text_is_judged(bio: str, name: str) -> None:
    (judged,) = judge(one(handle="a", bio=bio, name=name, site=bio, url=name), WEIGHTS, NOON)
    assert all(s is None or 0 <= s <= 100 for s in (judged.bot, judged.harmful, judged.offtopic))


def test_letters_in_no_order_are_less_likely_than_a_name() -> None:
    likely, random = handle_measures(["dana_martinez", "xqkzjwvbpt"])["handle_surprise"].tolist()
    assert likely < 4 < 5 < random


@pytest.mark.parametrize(
    ("handle", "says"),
    [("tide_bot", 1.0), ("QuakeBot", 1.0), ("BotOfTides", 0.0), ("talbot", 0.0), ("bottega", 0.0), ("a_bot_now", 1.0)],
)
def test_handles_that_say_bot(handle: str, says: float) -> None:
    assert handle_measures([handle])["handle_says_bot"].tolist() == [says]


def test_being_new_is_not_being_fake() -> None:
    new = {"handle": "dana_ortiz", "name": "Dana Ortiz", "followers": 2, "following": 70, "posts": 1, "listed": 0}
    days_old, years_old = judge(
        columns_of([{**new, "created_at": NOW - 4 * DAY}, {**new, "created_at": NOW - 700 * DAY}]), WEIGHTS, NOON
    )
    assert (days_old.bot or 0) < BOT <= (years_old.bot or 0)
    (made_alike,) = judge(
        columns_of([{**BOUGHT, "created_at": NOW - 4 * DAY, "bio": "bot, posts every hour"}]), WEIGHTS, NOON
    )
    assert (made_alike.bot or 0) >= BOT


def test_an_account_that_has_done_nothing_is_no_bot() -> None:
    parked = {**BOUGHT, "followers": 1, "following": 0, "posts": 0, "bio": "Globex Pumps"}
    (judged,) = judge(columns_of([parked]), WEIGHTS, NOON)
    assert (judged.bot or 0) < BOT


def test_who_poses_as_support_and_asks_for_the_password_is_harmful() -> None:
    pose = {
        **EDITOR,
        "verified": "",
        "listed": 0,
        "bio": "Globex customer support. Send your password for verification",
    }
    (judged,) = judge(columns_of([pose]), WEIGHTS, NOON)
    assert (judged.harmful or 0) >= WEIGHTS.scores["harmful"].threshold


def test_who_takes_our_name_and_asks_for_the_password_is_harmful() -> None:
    ours = OwnBrand(("Globex",), ("globex",), ("globex.com",))
    pose = {
        **EDITOR,
        "name": "Globex Support",
        "verified": "",
        "listed": 0,
        "url": "",
        "bio": "Send your password here",
    }
    (judged,) = judge(columns_of([pose]), WEIGHTS, NOON, brand=ours)
    assert (judged.harmful or 0) >= WEIGHTS.scores["harmful"].threshold
    assert {"impersonates-name", "phishing-words"} <= set(judged.reasons)


def test_a_profile_is_judged_as_of_when_it_was_read() -> None:
    made = NOW - 1700 * DAY
    young = {**EDITOR, "created_at": made, "last_post_at": made + 3 * DAY, "read_at": made + 5 * DAY}
    (then,), (now,) = (explain(columns_of([p]), WEIGHTS, NOON) for p in (young, {**young, "read_at": None}))
    assert {r.text for r in then if r.code in ("young", "silent", "established")} == {"on X for only 5 days"}
    assert {r.text for r in now if r.code in ("young", "silent", "established")} == {
        "on X for 4 years",
        "no post for 4 years",
    }
    assert {r.text for r in then if r.code == "established"} == set()


def test_being_in_a_wave_weighs_and_is_said() -> None:
    profile = {**BOUGHT, "followers": 40, "following": 300, "posts": 60, "listed": 1, "default_image": 0}
    columns = columns_of([profile, EDITOR])
    alone, _ = judge(columns, WEIGHTS, NOON)
    together, other = judge(columns, WEIGHTS, NOON, waves={0: {"same-bio": 7, "arrival-burst": 8}})
    points = dict(WEIGHTS.scores["bot"].points["same-bio"])[1.0]
    assert (together.bot or 0) - (alone.bot or 0) == points > 0
    assert other == judge(columns, WEIGHTS, NOON)[1]
    said = {r.code: (r.points, r.text) for r in explain(columns, WEIGHTS, NOON, waves={0: {"same-bio": 7}})[0]}
    assert said["same-bio"] == (points, "one of many with nearly the same bio (wave 7)")


def test_who_writes_and_never_likes_is_told_from_who_does_and_from_the_unknown() -> None:
    codes = [
        "seldom-likes" in judged.reasons
        for judged in judge(columns_of([{**EDITOR, "likes": n} for n in (0, 80, 81, 9000, None)]), WEIGHTS, NOON)
    ]
    assert codes == [True, True, False, False, False]
