from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followertui.domain.decision import ActionKind
from followertui.x.outcomes import outcome_of, problems_of
from followertui.x.platform import Platform
from followertui.x.protocol import OutcomeType, Problem
from followertui.x.windows import buckets_of, reset_of

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PLATFORM = Platform.load()
S = OutcomeType


def kind(name: str, host: str = "api.x.com") -> str:
    return f"https://{host}/2/problems/{name}"


PLAIN_403 = {"detail": "You are not permitted to perform this action.", "type": "about:blank", "title": "Forbidden"}


@pytest.mark.parametrize(
    ("status", "body", "action", "type_"),
    [
        (200, {"data": {"following": False}}, ActionKind.UNFOLLOW, S.DONE),
        (200, {"data": {"following": True, "pending_follow": False}}, ActionKind.FOLLOW, S.DONE),
        (200, {"data": {"following": False, "pending_follow": True}}, ActionKind.FOLLOW, S.PENDING),
        (200, {"data": {"following": False, "pending_follow": False}}, ActionKind.FOLLOW, S.UNKNOWN),
        (200, {"data": {"following": True}}, ActionKind.UNFOLLOW, S.UNKNOWN),
        (200, {"errors": [{"title": "Not Found Error", "type": kind("resource-not-found")}]}, ActionKind.MUTE, S.GONE),
        (
            200,
            {
                "errors": [
                    {
                        "title": "Forbidden",
                        "detail": "User has been suspended: [5].",
                        "type": kind("resource-not-found"),
                    }
                ]
            },
            ActionKind.UNFOLLOW,
            S.SUSPENDED,
        ),
        (200, None, ActionKind.UNFOLLOW, S.SERVER),
        (200, [], None, S.SERVER),
        (400, {"title": "Invalid Request"}, ActionKind.MUTE, S.UNKNOWN),
        (401, {"title": "Unauthorized"}, None, S.AUTH),
        (402, {"title": "CreditsDepleted", "type": kind("credits", "api.twitter.com")}, None, S.CREDITS),
        (402, {"title": "Payment Required", "type": kind("credits-depleted")}, ActionKind.MUTE, S.CREDITS),
        (403, PLAIN_403, ActionKind.UNFOLLOW, S.REFUSED_CAPABILITY),
        (403, PLAIN_403, ActionKind.FOLLOW, S.REFUSED_CAPABILITY),
        (403, PLAIN_403, ActionKind.BLOCK, S.REFUSED_CAPABILITY),
        (403, PLAIN_403, ActionKind.MUTE, S.REFUSED_TARGET),
        (403, PLAIN_403, None, S.REFUSED_CAPABILITY),
        (403, None, ActionKind.UNFOLLOW, S.REFUSED_CAPABILITY),
        (403, {"title": "SpendCapReached"}, ActionKind.MUTE, S.CREDITS),
        (403, {"type": kind("client-forbidden"), "reason": "client-not-enrolled"}, None, S.AUTH),
        (403, {"type": kind("unsupported-authentication")}, None, S.AUTH),
        (403, {"type": kind("oauth1-permissions")}, ActionKind.MUTE, S.AUTH),
        (403, {"errors": [{"code": 326, "message": "locked"}]}, ActionKind.MUTE, S.AUTH),
        (403, {"errors": [{"code": 453, "message": "a subset of X API V2"}]}, ActionKind.MUTE, S.REFUSED_CAPABILITY),
        (403, {"errors": [{"code": 161, "message": "You are unable to follow"}]}, ActionKind.FOLLOW, S.RATE_LIMITED),
        (403, {"detail": "Your account is suspended and is not permitted"}, ActionKind.UNFOLLOW, S.AUTH),
        (403, {"detail": "To protect you, your account has been temporarily locked."}, ActionKind.MUTE, S.AUTH),
        (
            403,
            {"detail": "Your account is not permitted to access this feature."},
            ActionKind.MUTE,
            S.REFUSED_CAPABILITY,
        ),
        (403, {"detail": "You have been blocked from following this account"}, ActionKind.FOLLOW, S.REFUSED_TARGET),
        (403, {"detail": "You have already retweeted"}, ActionKind.REPOST, S.ALREADY),
        (403, {"detail": "The user has been suspended."}, ActionKind.FOLLOW, S.SUSPENDED),
        (403, {"type": kind("not-authorized-for-resource")}, ActionKind.UNFOLLOW, S.REFUSED_TARGET),
        (404, {"type": kind("resource-not-found"), "resource_type": "user"}, ActionKind.UNFOLLOW, S.GONE),
        (404, {"type": kind("resource-not-found"), "resource_type": "list"}, ActionKind.LIST_ADD, S.UNKNOWN),
        (404, None, None, S.UNKNOWN),
        (404, {"type": kind("resource-not-found"), "detail": "Endpoint not found: GET /2/x"}, None, S.UNKNOWN),
        (409, {"detail": "already so"}, ActionKind.MUTE, S.ALREADY),
        (429, {"type": kind("usage-capped"), "title": "UsageCapExceeded"}, None, S.CREDITS),
        (429, {"errors": [{"code": 88}]}, None, S.RATE_LIMITED),
        (301, None, None, S.SERVER),
        (503, None, ActionKind.UNFOLLOW, S.SERVER),
    ],
)
def test_every_answer_has_its_meaning(status: int, body: Any, action: ActionKind | None, type_: OutcomeType) -> None:
    outcome = outcome_of(status, {}, body, NOW, PLATFORM, action)
    assert (outcome.type, outcome.status) == (type_, status)
    assert (outcome.reset_at is not None) == (type_ is S.RATE_LIMITED)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30) | st.floats(allow_nan=False),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["data", "errors", "title", "detail", "type", "code", "value", "resource_id", "parameter", "following"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(
    st.integers(100, 599),
    JSON,
    st.sampled_from([None, *ActionKind]).filter(lambda a: a is None or PLATFORM.endpoint_of(a) is not None),
    st.dictionaries(
        st.sampled_from(["x-rate-limit-reset", "X-Rate-Limit-Remaining", "x-app-limit-24hour-reset"]),
        st.text(max_size=25),
    ),
)
def test_no_answer_can_break_the_reading(
    status: int, body: Any, action: ActionKind | None, headers: dict[str, str]
) -> None:
    outcome = outcome_of(status, headers, body, NOW, PLATFORM, action)
    assert outcome.message.isprintable()
    assert (outcome.type is S.RATE_LIMITED) <= (outcome.reset_at is not None and outcome.reset_at > NOW)


def test_problems_name_id_or_handle() -> None:
    body = {
        "errors": [
            {"value": "99", "title": "Not Found Error", "parameter": "ids", "resource_id": "99"},
            {"value": "77", "detail": "Could not find user with usernames: [77].", "parameter": "usernames"},
            {"detail": "Sorry, you are not authorized to see the user with id: [5].", "value": "5", "parameter": "id"},
            {
                "value": "[/x]\x1b[2J",
                "title": "Not Found Error",
                "detail": "Could not find user",
                "parameter": "usernames",
            },
            "nonsense",
        ]
    }
    assert [(p.type, p.x_id, p.handle) for p in problems_of(body)] == [
        (S.UNKNOWN, 99, None),
        (S.GONE, None, "77"),
        (S.REFUSED_TARGET, 5, None),
        (S.GONE, None, None),
    ]
    assert all(isinstance(problem, Problem) and problem.message for problem in problems_of(body))


def at(minutes: float) -> str:
    return str(int((NOW + timedelta(minutes=minutes)).timestamp()))


@pytest.mark.parametrize(
    ("headers", "minutes"),
    [
        ({}, 15),
        ({"x-rate-limit-reset": at(4)}, 4),
        ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": at(4)}, 4),
        (
            {
                "X-Rate-Limit-Remaining": "0",
                "X-Rate-Limit-Reset": at(4),
                "X-App-Limit-24Hour-Remaining": "0",
                "X-App-Limit-24Hour-Reset": at(700),
                "x-user-limit-24hour-remaining": "0",
                "x-user-limit-24hour-reset": at(300),
            },
            700,
        ),
        (
            {"x-rate-limit-reset": at(4), "x-user-limit-24hour-remaining": "0", "x-user-limit-24hour-reset": at(300)},
            300,
        ),
        ({"x-rate-limit-reset": at(4), "x-user-limit-24hour-remaining": "9", "x-user-limit-24hour-reset": at(300)}, 4),
        ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": at(-5)}, 15),
        ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": "9" * 17}, 15),
        ({"x-rate-limit-reset": "soon"}, 15),
        ({"x-rate-limit-reset": "²"}, 15),
    ],
)
def test_the_latest_exhausted_bucket_says_when(headers: dict[str, str], minutes: float) -> None:
    assert reset_of(buckets_of(headers), NOW, 900) == NOW + timedelta(minutes=minutes)


def test_all_nine_headers_are_read() -> None:
    stems = ("x-rate-limit", "x-user-limit-24hour", "x-app-limit-24hour")
    headers = {
        f"{stem}-{part}": str(number) for stem in stems for number, part in enumerate(("limit", "remaining", "reset"))
    }
    buckets = buckets_of(headers)
    assert [(b.name, b.limit, b.remaining) for b in buckets] == [
        ("window", 0, 1),
        ("user-day", 0, 1),
        ("app-day", 0, 1),
    ]
    assert all(b.reset_at == datetime(1970, 1, 1, 0, 0, 2, tzinfo=UTC) for b in buckets)
