from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from followertui.domain.clock import FixedClock
from followertui.domain.decision import HAND_ONLY, ActionKind
from followertui.domain.errors import BadInput, LimitReached
from followertui.services.plan.unknown_outcomes import SIGNS
from followertui.x.client import TweepyClient
from followertui.x.platform import Access
from followertui.x.protocol import OutcomeType, XFailed, XLimited
from followertui.x.sandbox.faults import Fault
from followertui.x.sandbox.made import FIRST_ID, made_state
from followertui.x.sandbox.server import serve
from followertui.x.sandbox.state import ListState, SandboxState
from followertui.x.sandbox.transport import IN_PROCESS_URL, Sandbox, SandboxAdapter
from followertui.x.settings import XSettings

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def state() -> SandboxState:
    return made_state(2600, Access.ENTERPRISE)


@pytest.fixture(params=["in process", "loopback", "OAuth2"])
def client(request: pytest.FixtureRequest, state: SandboxState, clock: FixedClock) -> Iterator[TweepyClient]:
    if request.param == "loopback":
        with serve(state, 0, clock) as server:
            made = TweepyClient(XSettings.from_env(state.keys.environ(state.own_id, server.address)), clock)
            yield made
            made.close()
        return
    environ = state.keys.environ(state.own_id, IN_PROCESS_URL)
    if request.param == "OAuth2":
        environ = {"FOLLOWERTUI_X_BASE_URL": IN_PROCESS_URL, "FOLLOWERTUI_X_BEARER": state.keys.bearer}
    made = TweepyClient(XSettings.from_env(environ), clock, adapter=SandboxAdapter(Sandbox(state, clock)))
    yield made
    made.close()


@pytest.fixture
def local(state: SandboxState, clock: FixedClock) -> Iterator[TweepyClient]:
    settings = XSettings.from_env(state.keys.environ(state.own_id, IN_PROCESS_URL))
    made = TweepyClient(settings, clock, adapter=SandboxAdapter(Sandbox(state, clock)))
    yield made
    made.close()


def test_me_is_the_signed_in_account(client: TweepyClient, state: SandboxState) -> None:
    me = client.me()
    assert (me.x_id, me.handle) == (state.own_id, "sandbox_co")


def test_every_follower_comes_once_over_all_pages(client: TweepyClient, state: SandboxState) -> None:
    token, seen = None, []
    while True:
        page = client.followers(state.own_id, token)
        seen += [record.x_id for record in page.records]
        token = page.next_token
        if token is None:
            break
    assert seen == list(state.followers)


def test_following_comes_newest_first(client: TweepyClient, state: SandboxState) -> None:
    page = client.following(state.own_id, size=5)
    assert [record.x_id for record in page.records] == list(state.following)[:-6:-1]
    assert all(record.we_follow == 1 for record in page.records)


def test_unfollow_changes_exactly_one(client: TweepyClient, state: SandboxState) -> None:
    before = set(state.following)
    outcome = client.perform(ActionKind.UNFOLLOW, FIRST_ID)
    assert outcome.ok
    assert before - set(state.following) == {FIRST_ID}


def test_pay_per_use_is_refused_with_the_capability(client: TweepyClient, state: SandboxState) -> None:
    state.access = Access.PAY_PER_USE
    outcome = client.perform(ActionKind.UNFOLLOW, FIRST_ID)
    assert (outcome.type, outcome.status) == (OutcomeType.REFUSED_CAPABILITY, 403)
    assert FIRST_ID in state.following


@pytest.mark.parametrize(
    ("action", "object", "holds"),
    [
        (ActionKind.FOLLOW, "", lambda state, x: x in state.following or x in state.pending),
        (ActionKind.MUTE, "", lambda state, x: x in state.muted),
        (ActionKind.UNMUTE, "", lambda state, x: x not in state.muted),
        (ActionKind.LIST_ADD, "77", lambda state, x: x in state.lists[77].members),
        (ActionKind.LIST_REMOVE, "77", lambda state, x: x not in state.lists[77].members),
        (ActionKind.REPOST, "1790000000000000000", lambda state, x: 1790000000000000000 in state.reposted),
        (ActionKind.BLOCK, "", lambda state, x: x in state.blocked),
    ],
)
def test_every_action_with_an_endpoint_takes_effect(
    client: TweepyClient,
    state: SandboxState,
    action: ActionKind,
    object: str,
    holds: Callable[[SandboxState, int], bool],
) -> None:
    target = FIRST_ID + 2
    state.lists[77] = ListState(77, "press", {FIRST_ID: None})
    assert client.perform(action, target, object).ok
    assert holds(state, target)


@pytest.mark.parametrize("action", [ActionKind.REMOVE_FOLLOWER, ActionKind.REPORT])
def test_what_has_no_endpoint_is_refused_without_a_call(
    local: TweepyClient, state: SandboxState, action: ActionKind
) -> None:
    assert local.perform(action, FIRST_ID).type is OutcomeType.REFUSED_CAPABILITY
    assert state.calls_made == 0


def test_an_own_id_of_zero_is_an_id(state: SandboxState) -> None:
    """Finding 17: X's local simulator numbers its first account 0, and nothing could be applied."""
    target = next(iter(state.following))
    state.known[0] = {**state.known.pop(state.own_id), "id": "0"}
    state.own_id = 0
    settings = XSettings.from_env({"FOLLOWERTUI_X_BASE_URL": IN_PROCESS_URL, "FOLLOWERTUI_X_BEARER": state.keys.bearer})
    with_bearer = TweepyClient(settings, FixedClock(NOW), adapter=SandboxAdapter(Sandbox(state, FixedClock(NOW))))
    for _ in range(2):
        assert with_bearer.perform(ActionKind.UNFOLLOW, target).ok
    assert [call[3] for call in state.calls] == ["/2/users/me", *[f"/2/users/0/following/{target}"] * 2]


def test_connections_say_how_we_are_related(client: TweepyClient, state: SandboxState) -> None:
    followed, stranger, gone = list(state.following)[1], FIRST_ID + 2, FIRST_ID + 3
    state.following.pop(stranger, None)
    state.muted[followed] = None
    state.gone.add(gone)
    found = client.connections([followed, stranger, gone])
    assert {"following", "muting"} <= found.words[followed]
    assert "following" not in found.words[stranger]
    assert [problem.x_id for problem in found.problems] == [gone]
    assert gone not in found.words
    assert state.ledger.units["users_by_ids"] == 2


def test_every_action_x_shows_a_sign_of_is_shown_by_the_sandbox(local: TweepyClient, state: SandboxState) -> None:
    known = [x for x in state.following if not (state.profile(x) or {})["protected"]]
    shown = {}
    for target, (action, (word, stands)) in zip(known, SIGNS.items(), strict=False):
        if action is ActionKind.FOLLOW:
            state.following.pop(target)
        elif not stands:
            local.perform(next(one for one, sign in SIGNS.items() if sign == (word, True)), target)
        assert (word in local.connections([target]).words[target]) is not stands, action
        assert local.perform(action, target).ok
        shown[action] = word in local.connections([target]).words[target]
    assert shown == {action: stands for action, (_, stands) in SIGNS.items()}, "x/sandbox/views.py shows it"


def test_an_action_x_shows_no_sign_of_is_known_as_one() -> None:
    without = {ActionKind.LIST_ADD, ActionKind.LIST_REMOVE, ActionKind.REPOST}
    assert set(ActionKind) - HAND_ONLY - without == set(SIGNS)


def test_oauth1_never_pays_to_learn_who_we_are(local: TweepyClient, state: SandboxState) -> None:
    local.perform(ActionKind.UNFOLLOW, FIRST_ID)
    assert [call[3] for call in state.calls] == [f"/2/users/{state.own_id}/following/{FIRST_ID}"]


def test_a_protected_account_has_to_accept(local: TweepyClient, state: SandboxState) -> None:
    target = next(x for x in state.followers if x not in state.following and (state.profile(x) or {})["protected"])
    assert local.perform(ActionKind.FOLLOW, target).type is OutcomeType.PENDING
    assert target in state.pending


def test_suspended_gone_and_blocking_targets_are_told_apart(local: TweepyClient, state: SandboxState) -> None:
    state.suspended.add(FIRST_ID + 2)
    state.gone.add(FIRST_ID + 3)
    state.blocks_us.add(FIRST_ID + 4)
    sorts = [local.perform(ActionKind.FOLLOW, FIRST_ID + n).type for n in (2, 3, 4)]
    assert sorts == [OutcomeType.SUSPENDED, OutcomeType.GONE, OutcomeType.REFUSED_TARGET]


def test_problems_beside_data_are_seen(client: TweepyClient, state: SandboxState) -> None:
    state.suspended.add(FIRST_ID + 1)
    page = client.users_by_ids([FIRST_ID, FIRST_ID + 1, 12345])
    assert [record.x_id for record in page.records] == [FIRST_ID]
    assert [(p.type, p.x_id) for p in page.problems] == [
        (OutcomeType.SUSPENDED, FIRST_ID + 1),
        (OutcomeType.GONE, 12345),
    ]


def test_names_are_looked_up_and_missing_ones_named(local: TweepyClient) -> None:
    page = local.users_by_names(["MADE_7", "nobody_here"])
    assert [record.x_id for record in page.records] == [FIRST_ID + 7]
    assert [(p.type, p.x_id, p.handle) for p in page.problems] == [(OutcomeType.GONE, None, "nobody_here")]


def test_a_name_made_of_digits_is_not_taken_for_an_id(local: TweepyClient) -> None:
    assert [(p.x_id, p.handle) for p in local.users_by_names(["12345"]).problems] == [(None, "12345")]


@pytest.mark.parametrize("handles", [[], ["a"] * 101, ["a,b"], ["a b"], ["ä"]])
def test_names_x_would_not_take_are_not_sent(local: TweepyClient, state: SandboxState, handles: list[str]) -> None:
    with pytest.raises(BadInput):
        local.users_by_names(handles)
    assert state.calls_made == 0


@pytest.mark.parametrize("object", ["", "press", "1/../../2", "1" * 20])
def test_a_list_is_named_by_its_number(local: TweepyClient, state: SandboxState, object: str) -> None:
    with pytest.raises(BadInput):
        local.perform(ActionKind.LIST_ADD, FIRST_ID, object)
    assert state.calls_made == 0


def test_new_field_names_are_used_after_a_400(local: TweepyClient, state: SandboxState) -> None:
    state.dialect = "post"
    first = local.followers(state.own_id, size=3)
    local.followers(state.own_id, size=3)
    assert [call[4] for call in state.calls] == [400, 200, 200]
    assert all(record.posts is not None and record.last_post_at is not None for record in first.records)


def test_a_bad_page_token_does_not_change_the_dialect(local: TweepyClient, state: SandboxState) -> None:
    local.followers(state.own_id, size=3)
    with pytest.raises(XFailed, match="400"):
        local.followers(state.own_id, "no-token")
    assert [call[4] for call in state.calls] == [200, 400]


def test_wrong_keys_are_refused(state: SandboxState, clock: FixedClock) -> None:
    environ = state.keys.environ(state.own_id, IN_PROCESS_URL)
    for name in ("CONSUMER_KEY", "CONSUMER_SECRET", "ACCESS_TOKEN", "ACCESS_TOKEN_SECRET"):
        wrong = XSettings.from_env({**environ, f"FOLLOWERTUI_X_{name}": f"{state.own_id}-wrong"})
        client = TweepyClient(wrong, clock, adapter=SandboxAdapter(Sandbox(state, clock)))
        with pytest.raises(XFailed) as caught:
            client.me()
        assert caught.value.outcome.type is OutcomeType.AUTH
        assert client.perform(ActionKind.UNFOLLOW, FIRST_ID).type is OutcomeType.AUTH


def test_no_keys_no_client() -> None:
    with pytest.raises(BadInput, match="auth login"):
        TweepyClient(XSettings.from_env({}))


def test_the_window_ends_and_work_goes_on(local: TweepyClient, state: SandboxState, clock: FixedClock) -> None:
    targets = list(state.following)[:52]
    outcomes = [local.perform(ActionKind.UNFOLLOW, target) for target in targets[:51]]
    assert [outcome.type for outcome in outcomes] == [OutcomeType.DONE] * 50 + [OutcomeType.RATE_LIMITED]
    assert outcomes[-1].reset_at == NOW + timedelta(minutes=15)
    clock.advance(timedelta(minutes=15))
    assert local.perform(ActionKind.UNFOLLOW, targets[50]).ok


def test_the_day_wins_over_the_window(local: TweepyClient, state: SandboxState, clock: FixedClock) -> None:
    state.limits["unfollow"] = {"app_day": 2}
    targets = list(state.following)[:3]
    outcomes = [local.perform(ActionKind.UNFOLLOW, target) for target in targets]
    assert outcomes[-1].type is OutcomeType.RATE_LIMITED
    assert outcomes[-1].reset_at == NOW + timedelta(days=1)
    clock.advance(timedelta(days=1))
    assert local.perform(ActionKind.UNFOLLOW, targets[2]).ok


@pytest.mark.parametrize(
    ("fault", "type_"),
    [
        (Fault("status", status=500), OutcomeType.SERVER),
        (Fault("status", status=302), OutcomeType.SERVER),
        (Fault("status", status=418), OutcomeType.UNKNOWN),
        (Fault("status", status=403, body=[1, 2]), OutcomeType.REFUSED_CAPABILITY),
        (Fault("status", status=403, body={"errors": None}), OutcomeType.REFUSED_CAPABILITY),
        (Fault("status", status=200, body={"meta": {}}), OutcomeType.UNKNOWN),
        (Fault("html"), OutcomeType.SERVER),
        (Fault("html", status=200), OutcomeType.SERVER),
        (Fault("empty"), OutcomeType.SERVER),
        (Fault("cut"), OutcomeType.SERVER),
        (Fault("timeout"), OutcomeType.NETWORK),
        (Fault("reset"), OutcomeType.NETWORK),
        (Fault("lost"), OutcomeType.NETWORK),
        (Fault("no-headers"), OutcomeType.RATE_LIMITED),
        (Fault("day-exhausted"), OutcomeType.RATE_LIMITED),
        (Fault("spend-cap"), OutcomeType.CREDITS),
        (Fault("credits"), OutcomeType.CREDITS),
    ],
    ids=lambda value: f"{value.do}-{value.status}" if isinstance(value, Fault) else str(value),
)
def test_every_fault_becomes_an_outcome(
    client: TweepyClient, state: SandboxState, fault: Fault, type_: OutcomeType
) -> None:
    client.me()
    state.faults.append(fault)
    outcome = client.perform(ActionKind.UNFOLLOW, FIRST_ID)
    assert outcome.type is type_
    assert "\n" not in outcome.message


def test_a_refusal_for_rate_always_says_when(local: TweepyClient, state: SandboxState) -> None:
    state.faults = [Fault("no-headers", calls=(1,)), Fault("day-exhausted", calls=(2,))]
    first = local.perform(ActionKind.MUTE, FIRST_ID)
    second = local.perform(ActionKind.MUTE, FIRST_ID)
    assert first.reset_at == NOW + timedelta(minutes=15)
    assert second.reset_at == NOW + timedelta(days=1)


def test_a_lost_answer_leaves_the_deed_done_and_repeatable(local: TweepyClient, state: SandboxState) -> None:
    state.faults.append(Fault("lost", calls=(1,)))
    outcome = local.perform(ActionKind.UNFOLLOW, FIRST_ID)
    assert outcome.may_retry
    assert FIRST_ID not in state.following
    assert local.perform(ActionKind.UNFOLLOW, FIRST_ID).ok


def test_readings_raise_what_stops_them(local: TweepyClient, state: SandboxState) -> None:
    state.faults = [Fault("credits", calls=(1,)), Fault("no-headers", calls=(2,)), Fault("html", calls=(3,))]
    for expected in (XLimited, XLimited, XFailed):
        with pytest.raises(expected) as caught:
            local.followers(state.own_id)
        assert isinstance(caught.value, LimitReached) is (expected is XLimited)
        assert caught.value.exit_code == (3 if expected is XLimited else 1)


def test_a_token_that_comes_back_is_noticed(local: TweepyClient, state: SandboxState) -> None:
    first = local.followers(state.own_id)
    state.faults.append(Fault("repeat-token"))
    second = local.followers(state.own_id, first.next_token)
    assert not first.repeats
    assert second.repeats


def test_a_short_page_is_short(local: TweepyClient, state: SandboxState) -> None:
    state.faults.append(Fault("short-page"))
    page = local.followers(state.own_id)
    assert (len(page.records), page.next_token) == (500, None)


def test_who_does_not_say_how_many_credits_are_left_is_no_missing_account(
    local: TweepyClient, state: SandboxState
) -> None:
    body = {"title": "Not Found Error", "type": "https://api.twitter.com/2/problems/resource-not-found"}
    state.faults = [Fault("status", status=404, body=body)]
    with pytest.raises(XFailed, match="does not say how many credits are left"):
        local.credits()
