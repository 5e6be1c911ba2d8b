from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followertui.domain.decision import HAND_ONLY, ActionKind, Executor
from followertui.domain.errors import BadInput
from followertui.x.capabilities import Capabilities
from followertui.x.platform import Access, Can, Platform
from followertui.x.protocol import Outcome, OutcomeType

PLATFORM = Platform.load()
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
REFUSED = Outcome(OutcomeType.REFUSED_CAPABILITY, "no", 403)
DONE = Outcome(OutcomeType.DONE, "done", 200)


def test_own_followers_cost_a_tenth() -> None:
    assert (PLATFORM.price("followers", owned=True), PLATFORM.price("followers")) == (0.001, 0.010)
    assert PLATFORM.reading("followers", 100_000, owned=True).usd == 100.0
    assert PLATFORM.reading("users_by_ids", 10_000).calls == 100


def test_a_million_followers_take_four_windows() -> None:
    estimate = PLATFORM.reading("followers", 1_000_000, owned=True)
    assert (estimate.usd, estimate.calls) == (1000.0, 1000)
    assert 3 * 900 < estimate.seconds <= 4 * 900


@pytest.mark.parametrize(
    ("access", "action", "can"),
    [
        (Access.PAY_PER_USE, ActionKind.UNFOLLOW, Can.NO),
        (Access.ENTERPRISE, ActionKind.UNFOLLOW, Can.YES),
        (Access.UNKNOWN, ActionKind.UNFOLLOW, Can.UNKNOWN),
        (Access.UNKNOWN, ActionKind.MUTE, Can.YES),
        (Access.ENTERPRISE, ActionKind.REMOVE_FOLLOWER, Can.NO),
        (Access.ENTERPRISE, ActionKind.REPORT, Can.NO),
    ],
)
def test_published_capabilities(access: Access, action: ActionKind, can: Can) -> None:
    said = PLATFORM.capability(action, access)
    assert said.can is can
    assert said.reason
    assert said.as_of == "2026-11-22"


def test_actions_and_endpoints_agree_on_who_may() -> None:
    for action in ActionKind:
        endpoint = PLATFORM.endpoint_of(action)
        if endpoint is not None:
            assert endpoint.enterprise_only is not PLATFORM.is_self_serve(action)


def test_unfollowing_thousands_by_hand_takes_weeks() -> None:
    estimate = PLATFORM.estimate(ActionKind.UNFOLLOW, 5000, Executor.HAND)
    assert (estimate.usd, estimate.work_seconds, estimate.days) == (0.0, 30_000.0, 34)


def test_unfollowing_through_the_api_waits_for_windows_and_days() -> None:
    assert PLATFORM.estimate(ActionKind.UNFOLLOW, 40).seconds == 40
    assert PLATFORM.estimate(ActionKind.UNFOLLOW, 41).seconds == 901
    assert PLATFORM.estimate(ActionKind.UNFOLLOW, 41, per_window=200).seconds == 41
    assert PLATFORM.estimate(ActionKind.UNFOLLOW, 51, per_window=200).seconds == 901, "X's own window stays"
    assert PLATFORM.estimate(ActionKind.UNFOLLOW, 46, Executor.HAND).seconds == 906
    several = PLATFORM.estimate(ActionKind.UNFOLLOW, 5000, per_day=500)
    assert (several.usd, several.days, several.calls) == (50.0, 10, 5000)
    assert PLATFORM.estimate(ActionKind.UNFOLLOW, 5000, per_day=100_000).days == 10


def test_what_has_no_endpoint_has_no_estimate() -> None:
    assert PLATFORM.estimate(ActionKind.REPORT, 10).calls == 0
    assert PLATFORM.estimate(ActionKind.REPORT, 10, Executor.HAND).calls == 10


@given(st.sampled_from(list(ActionKind)), st.sampled_from(list(Executor)), st.integers(0, 10_000))
def test_more_work_never_takes_less(action: ActionKind, via: Executor, count: int) -> None:
    less, more = PLATFORM.estimate(action, count, via), PLATFORM.estimate(action, count + 1, via)
    assert more.usd >= less.usd
    assert more.seconds >= less.seconds >= 0
    assert less.seconds + 1e-6 >= min(less.work_seconds, less.seconds)


@pytest.mark.parametrize("text", ["", "as_of = 2026-11-22", "not toml ["])
def test_a_broken_platform_file_is_one_line(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        Platform.parse(text)
    assert "\n" not in str(caught.value)


def test_a_refusal_is_learned_and_kept() -> None:
    before = Capabilities(Access.UNKNOWN)
    after = before.learn(ActionKind.UNFOLLOW, REFUSED, NOW)
    assert before.of(ActionKind.UNFOLLOW).can is Can.UNKNOWN
    assert after.of(ActionKind.UNFOLLOW).can is Can.NO
    assert after.of(ActionKind.FOLLOW).can is Can.UNKNOWN
    assert Capabilities.from_json(after.to_json()) == after
    assert after.forget(ActionKind.UNFOLLOW).of(ActionKind.UNFOLLOW).can is Can.UNKNOWN


def test_x_may_change_its_mind() -> None:
    known = Capabilities(Access.PAY_PER_USE).learn(ActionKind.UNFOLLOW, DONE, NOW)
    assert known.of(ActionKind.UNFOLLOW).can is Can.YES


def test_what_works_is_learned_once_a_day() -> None:
    known = Capabilities(Access.ENTERPRISE).learn(ActionKind.UNFOLLOW, DONE, NOW)
    assert known.learn(ActionKind.UNFOLLOW, DONE, NOW + timedelta(hours=1)) is known
    later = known.learn(ActionKind.UNFOLLOW, DONE, NOW + timedelta(days=1))
    assert later.of(ActionKind.UNFOLLOW).as_of > known.of(ActionKind.UNFOLLOW).as_of
    refused = known.learn(ActionKind.UNFOLLOW, REFUSED, NOW)
    assert refused.learn(ActionKind.UNFOLLOW, DONE, NOW) == known


def test_one_refusal_of_what_worked_may_be_the_target() -> None:
    known = Capabilities(Access.ENTERPRISE).learn(ActionKind.UNFOLLOW, DONE, NOW)
    once = known.learn(ActionKind.UNFOLLOW, REFUSED, NOW)
    assert once.of(ActionKind.UNFOLLOW).can is Can.YES
    assert (
        once.learn(ActionKind.UNFOLLOW, DONE, NOW).learn(ActionKind.UNFOLLOW, REFUSED, NOW).of(ActionKind.UNFOLLOW).can
        is Can.YES
    )
    assert once.learn(ActionKind.UNFOLLOW, REFUSED, NOW).of(ActionKind.UNFOLLOW).can is Can.NO


@pytest.mark.parametrize("type_", [s for s in OutcomeType if s not in ("done", "pending", "refused-capability")])
def test_other_answers_teach_nothing(type_: OutcomeType) -> None:
    known = Capabilities(Access.ENTERPRISE)
    assert known.learn(ActionKind.UNFOLLOW, Outcome(type_, "x"), NOW) is known


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"access": "x", "lessons": {}}', '{"access":"unknown","lessons":[]}']
)
def test_broken_lessons_are_one_line(text: str) -> None:
    with pytest.raises(BadInput):
        Capabilities.from_json(text)


def test_actions_x_has_no_call_for_are_named_as_such() -> None:
    assert {action for action in ActionKind if PLATFORM.endpoint_of(action) is None} == HAND_ONLY
