"""X through tweepy: one call, one plain value.

Owns everything that touches tweepy and requests, both imported when the first client is
made. Every call goes through ``tweepy.Client.request``: with an OAuth2 token the named methods
look up the signed-in account before each action, which X charges for. Never waits, never
retries an action; one thread at a time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from followertui.domain.account import AccountRecord
from followertui.domain.clock import Clock, SystemClock
from followertui.domain.decision import ActionKind
from followertui.domain.errors import BadInput
from followertui.late import late
from followertui.x.oauth2 import SignInRefused
from followertui.x.outcomes import no_answer, outcome_of, problems_of
from followertui.x.platform import Access, Endpoint, Platform
from followertui.x.protocol import (
    Connections,
    Events,
    Outcome,
    OutcomeType,
    OwnList,
    Page,
    Post,
    Watch,
    XClient,
    XFailed,
    XLimited,
)
from followertui.x.settings import XSettings
from followertui.x.users import connection_of, list_of, posts_in, record_of

if TYPE_CHECKING:
    import requests
    import tweepy
    from requests.adapters import BaseAdapter

    from followertui.x import session, streaming
    from followertui.x.tokens import TokenKeeper
else:
    requests = late("requests")
    tweepy = late("tweepy")
    session = late("followertui.x.session")
    streaming = late("followertui.x.streaming")

SEARCH_WORDS = re.compile(r"[A-Za-z0-9_' ]{1,50}")
"""What X searches people by. Source: OpenAPI 2.167, users/search."""

_HANDLE = re.compile(r"[A-Za-z0-9_]{1,50}")
_DIGITS = re.compile(r"[0-9]{1,19}")
_UNUSUAL = "X gave an answer X's documents do not describe; try again later"
_ABSENT = (OutcomeType.GONE, OutcomeType.SUSPENDED)
_MOST_LIST_PAGES = 10
"""An account has at most 1,000 lists."""


class _Answer(NamedTuple):
    outcome: Outcome
    body: Any


class TweepyClient(XClient):
    """An ``XClient`` over tweepy, with OAuth1 keys or an OAuth2 user token.

    Args:
        settings: address and keys.
        clock: for the time at which a refused call may be tried again.
        platform: facts of the platform.
        adapter: carries requests instead of the network; the demo's sandbox.
        tokens: renews the token of an OAuth2 sign-in; None where it lasts or there are OAuth1 keys.

    Raises:
        BadInput: there are no keys.
    """

    def __init__(
        self,
        settings: XSettings,
        clock: Clock | None = None,
        platform: Platform | None = None,
        adapter: BaseAdapter | None = None,
        tokens: TokenKeeper | None = None,
    ) -> None:
        if not settings.is_signed_in:
            raise BadInput("Not signed in to X; run: followertui auth login (or set the FOLLOWERTUI_X_ variables)")
        session.keep_logs_clean()
        self._settings = settings
        self._clock = clock or SystemClock()
        self._platform = platform or Platform.load()
        self._session = session.XSession(settings.base_url, settings.is_sandbox)
        if adapter is not None:
            self._session.mount(settings.base_url, adapter)
        self._tweepy = tweepy.Client(
            bearer_token=settings.bearer or None,
            consumer_key=settings.consumer_key or None,
            consumer_secret=settings.consumer_secret or None,
            access_token=settings.access_token or None,
            access_token_secret=settings.access_token_secret or None,
            return_type=requests.Response,
            wait_on_rate_limit=False,
        )
        # tweepy created a session of its own, which would stay open.
        self._tweepy.session.close()
        self._tweepy.session = self._session
        self._tokens = None if settings.has_oauth1 else tokens
        self._adapter = adapter
        self._app: streaming.AppClient | None = None
        self._own_id = settings.own_id
        self._dialect: int | None = None

    def __repr__(self) -> str:
        return f"TweepyClient({self._settings!r})"

    def close(self) -> None:
        """Close the connections to X."""
        self._session.close()
        if self._app is not None:
            self._app.close()

    def me(self) -> AccountRecord:
        """Profile of the signed-in account.

        Raises:
            XFailed: X did not say.
        """
        answer = self._read(self._platform.endpoints["me"], "/2/users/me", {})
        record = record_of(answer.body.get("data"))
        if record is None or record.x_id is None:
            raise XFailed(Outcome(OutcomeType.SERVER, "X did not say who is signed in; try again"))
        self._own_id = record.x_id
        return record

    def credits(self) -> float:
        """Dollars of credit left; see ``XClient.credits``."""
        endpoint = self._platform.endpoints["credits"]
        answer = self._send(endpoint.method, endpoint.path)
        if answer.outcome.status == 404:
            raise XFailed(Outcome(OutcomeType.UNKNOWN, "X does not say how many credits are left", 404))
        data = _required(answer).body.get("data")
        total = data.get("total_balance") if isinstance(data, dict) else None
        if not isinstance(total, (int, float)) or isinstance(total, bool):
            raise XFailed(Outcome(OutcomeType.UNKNOWN, "X does not say how many credits are left"))
        return float(total)

    def users_by_ids(self, ids: Sequence[int]) -> Page:
        """Profiles of at most 100 accounts by id; missing ones are in ``problems``.

        Raises:
            XFailed: X did not answer.
            BadInput: no id or too many.
        """
        endpoint = self._platform.endpoints["users_by_ids"]
        _check_batch(len(ids), endpoint.page)
        return self._page(endpoint, endpoint.path, {"ids": ",".join(str(int(x_id)) for x_id in ids)})

    def users_by_names(self, handles: Sequence[str]) -> Page:
        """Profiles of at most 100 accounts by handle; missing ones are in ``problems``.

        Raises:
            XFailed: X did not answer.
            BadInput: no handle, too many, or one X does not allow.
        """
        endpoint = self._platform.endpoints["users_by_names"]
        _check_batch(len(handles), endpoint.page)
        if not all(_HANDLE.fullmatch(handle) for handle in handles):
            raise BadInput("a handle has characters X does not allow; only a-z, 0-9 and _ can be looked up")
        return self._page(endpoint, endpoint.path, {"usernames": ",".join(handles)})

    def connections(self, ids: Sequence[int]) -> Connections:
        """How we are connected with at most 100 accounts; see ``XClient.connections``."""
        endpoint = self._platform.endpoints["users_by_ids"]
        _check_batch(len(ids), endpoint.page)
        params = {"ids": ",".join(str(int(x_id)) for x_id in ids), "user.fields": "connection_status"}
        answer = _required(self._send(endpoint.method, endpoint.path, params=params))
        data = answer.body.get("data")
        found = (connection_of(user) for user in data) if isinstance(data, list) else ()
        return Connections(dict(each for each in found if each is not None), problems_of(answer.body))

    def followers(self, x_id: int, token: str | None = None, size: int = 1000) -> Page:
        """One page of the followers of an account; see ``XClient.followers``."""
        return self._listing("followers", x_id, token, size)

    def following(self, x_id: int, token: str | None = None, size: int = 1000) -> Page:
        """One page of the accounts an account follows; see ``XClient.followers``."""
        return self._listing("following", x_id, token, size)

    def search(self, words: str, size: int = 10) -> Page:
        """Accounts X finds for some words; see ``XClient.search``."""
        if not SEARCH_WORDS.fullmatch(words):
            raise BadInput(f'"{words}": X searches for at most 50 letters a-z, digits, spaces, _ and \' only')
        endpoint = self._platform.endpoints["users_search"]
        params = {"query": words, "max_results": str(max(1, min(size, endpoint.page)))}
        return self._page(endpoint, endpoint.path, params, is_list=True)

    def posts_of(self, x_id: int, size: int = 5) -> tuple[Post, ...]:
        """The last posts of an account; see ``XClient.posts_of``."""
        endpoint = self._platform.endpoints["timeline"]
        params = {"max_results": str(size), "exclude": "retweets,replies", "tweet.fields": "created_at"}
        path = endpoint.path.replace("{id}", str(int(x_id)))
        data = _required(self._send(endpoint.method, path, params=params)).body.get("data")
        return posts_in(data)

    def muted(self, token: str | None = None, size: int = 1000) -> Page:
        """One page of the accounts we muted; see ``XClient.followers``."""
        return self._listing("muting", self._own(), token, size)

    def blocked(self, token: str | None = None, size: int = 1000) -> Page:
        """One page of the accounts we blocked; see ``XClient.followers``."""
        return self._listing("blocking", self._own(), token, size)

    def list_members(self, list_id: int, token: str | None = None, size: int = 100) -> Page:
        """One page of the members of a list; see ``XClient.followers``."""
        return self._listing("list_members", list_id, token, size)

    def watched(self) -> dict[Watch, str]:
        """What the stream tells of now; see ``XClient.watched``."""
        endpoint = self._platform.endpoints["activity_subscriptions"]
        params = {"max_results": str(endpoint.page)}
        body = _required(self._send(endpoint.method, endpoint.path, params=params)).body
        return streaming.watches_of(body.get("data"))

    def watch(self, watch: Watch) -> str:
        """Ask the stream to tell of something; see ``XClient.watch``."""
        endpoint = self._platform.endpoints["activity_subscribe"]
        answer = _required(self._send(endpoint.method, endpoint.path, body=streaming.body_of(watch)))
        return streaming.number_of(answer.body.get("data"))

    def unwatch(self, ids: Sequence[str]) -> None:
        """Take back subscriptions; see ``XClient.unwatch``."""
        self._app_client().unwatch(ids)

    def events(self, backfill_minutes: int) -> Events:
        """Open the activity stream; see ``XClient.events``."""
        return self._app_client().events(backfill_minutes)

    def _app_client(self) -> streaming.AppClient:
        if self._app is None:
            self._app = streaming.AppClient(self._settings, self._clock, self._platform, self._adapter)
        return self._app

    def own_lists(self) -> tuple[OwnList, ...]:
        """The lists of the signed-in account; see ``XClient.own_lists``."""
        endpoint = self._platform.endpoints["owned_lists"]
        path = endpoint.path.format(id=self._own())
        found: list[OwnList] = []
        token: object = None
        for _ in range(_MOST_LIST_PAGES):
            params = {"max_results": str(endpoint.page)}
            if isinstance(token, str):
                params["pagination_token"] = token
            body = _required(self._send(endpoint.method, path, params=params)).body
            data, meta = body.get("data"), body.get("meta")
            found += filter(None, map(list_of, data if isinstance(data, list) else ()))
            following = meta.get("next_token") if isinstance(meta, dict) else None
            if not following or following == token:
                break
            token = following
        return tuple(found)

    def make_list(self, name: str) -> OwnList:
        """Make a private list; see ``XClient.make_list``."""
        endpoint = self._platform.endpoints["list_create"]
        answer = _required(self._send(endpoint.method, endpoint.path, body={"name": name, "private": True}))
        made = list_of({"name": name, **_as_dict(answer.body.get("data"))})
        if made is None:
            raise XFailed(Outcome(OutcomeType.UNKNOWN, "X does not say whether the list was made; look at x.com first"))
        return made

    def _own(self) -> int:
        """Id of the signed-in account; X is asked once.

        Raises:
            XFailed: X did not say.
        """
        return int(self._own_id if self._own_id is not None else self.me().x_id or 0)

    def perform(self, action: ActionKind, target_x_id: int, object: str = "") -> Outcome:
        """Carry out one action in exactly one call; see ``XClient.perform``.

        Raises:
            BadInput: the action needs an id in ``object`` and it is not one.
        """
        endpoint = self._platform.endpoint_of(action)
        if endpoint is None:
            reason = self._platform.capability(action, Access.UNKNOWN).reason
            return Outcome(OutcomeType.REFUSED_CAPABILITY, f"{reason}; do it by hand")
        if "{list}" in endpoint.path or action is ActionKind.REPOST:
            _check_object(action, object)
        own_id = ""
        if "{id}" in endpoint.path:
            try:
                own_id = str(self._own())
            except XFailed as failure:
                return failure.outcome
        path = endpoint.path.format(id=own_id, target=int(target_x_id), list=object)
        return self._send(
            endpoint.method, path, body=_body(action, endpoint, target_x_id, object), action=action
        ).outcome

    def _listing(self, name: str, x_id: int, token: str | None, size: int) -> Page:
        """A page of whom an account or a list has."""
        endpoint = self._platform.endpoints[name]
        params = {"max_results": str(max(1, min(size, endpoint.page)))}
        if token is not None:
            params["pagination_token"] = token
        return self._page(endpoint, endpoint.path.format(id=int(x_id), list=int(x_id)), params, is_list=True)

    def _page(self, endpoint: Endpoint, path: str, params: dict[str, str], *, is_list: bool = False) -> Page:
        answer = self._read(endpoint, path, params)
        data, meta = answer.body.get("data"), answer.body.get("meta")
        problems = problems_of(answer.body)
        if is_list and not data:
            refusal = next((one for one in problems if meta is None or one.type not in _ABSENT), None)
            if refusal is not None:
                # Taken for an empty list, everyone on it would have left.
                raise XFailed(Outcome(refusal.type, refusal.message, answer.outcome.status))
        next_token = _token_of(meta)
        is_empty = data is None and (isinstance(meta, dict) or bool(problems))
        if next_token is None or not (isinstance(data, list) or is_empty):
            raise XFailed(Outcome(OutcomeType.SERVER, _UNUSUAL, answer.outcome.status))
        entries = data if isinstance(data, list) else []
        records = tuple(one for one in map(record_of, entries) if one is not None and one.x_id is not None)
        return Page(
            records=records,
            next_token=next_token or None,
            problems=problems,
            token=params.get("pagination_token"),
            buckets=answer.outcome.buckets,
            unreadable=len(entries) - len(records),
        )

    def _read(self, endpoint: Endpoint, path: str, params: dict[str, str]) -> _Answer:
        """Read with the field names that work; X has two sets and answers 400 to the wrong one."""
        dialects = self._platform.dialects
        tries = range(len(dialects)) if self._dialect is None else (self._dialect,)
        for number in tries:
            fields = ",".join(dialects[number].user_fields)
            answer = self._send(endpoint.method, path, params={**params, "user.fields": fields})
            if answer.outcome.status != 400:
                break
        self._dialect = number if answer.outcome.ok else self._dialect
        return _required(answer)

    def _send(
        self,
        method: str,
        path: str,
        params: dict[str, str] | None = None,
        body: dict[str, Any] | None = None,
        action: ActionKind | None = None,
    ) -> _Answer:
        """Send one call; once more with another token where X refuses the one it was sent with."""
        if self._tokens is None:
            return self._send_once(method, path, params, body, action)
        try:
            self._tweepy.bearer_token = bearer = self._tokens.bearer()
            answer = self._send_once(method, path, params, body, action)
            if answer.outcome.status != 401:
                return answer
            self._tweepy.bearer_token = self._tokens.renewed(bearer)
        except SignInRefused as refusal:
            return _Answer(refusal.outcome, None)
        return self._send_once(method, path, params, body, action)

    def _send_once(
        self,
        method: str,
        path: str,
        params: dict[str, str] | None,
        body: dict[str, Any] | None,
        action: ActionKind | None,
    ) -> _Answer:
        is_timeout = False
        try:
            self._tweepy.request(method, path, params=params, json=body, user_auth=self._settings.has_oauth1)
        except requests.Timeout:
            is_timeout = True
        # tweepy's own error classes crash on error bodies that are a list or contain null
        # (AttributeError, TypeError); the session keeps the answer itself.
        except (tweepy.TweepyException, requests.RequestException, OSError, AttributeError, TypeError, ValueError):
            pass
        # Nothing is raised inside the handlers: a chained exception would carry the request
        # and its keys.
        response = self._session.last
        if response is None:
            return _Answer(no_answer(is_timeout), None)
        content = _parsed(response)
        now = self._clock.now()
        return _Answer(
            outcome_of(response.status_code, response.headers, content, now, self._platform, action), content
        )


def _required(answer: _Answer) -> _Answer:
    """An answer X gave.

    Raises:
        XFailed: it is none; ``XLimited`` where money or time would help.
    """
    if answer.outcome.ok:
        return answer
    is_limit = answer.outcome.type in (OutcomeType.RATE_LIMITED, OutcomeType.CREDITS)
    raise XLimited(answer.outcome) if is_limit else XFailed(answer.outcome)


def _parsed(response: Any) -> Any:
    try:
        return json.loads(response.content)
    except (ValueError, RecursionError):
        return None


def _token_of(meta: Any) -> str | None:
    """The token of the next page, "" after the last, None where there is one that cannot be understood."""
    token = meta.get("next_token") if isinstance(meta, dict) else None
    if token is None:
        return ""
    return str(token) if isinstance(token, (int, str)) else None


def _as_dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _check_batch(count: int, most: int) -> None:
    if not 1 <= count <= most:
        raise BadInput(f"X looks up 1 to {most} accounts at once, not {count}")


def _check_object(action: ActionKind, object: str) -> None:
    if not _DIGITS.fullmatch(object):
        what = "post" if action is ActionKind.REPOST else "list"
        raise BadInput(f"{action} needs the id of the {what}, such as 1790000000000000000")


def _body(action: ActionKind, endpoint: Endpoint, target_x_id: int, object: str) -> dict[str, str] | None:
    if endpoint.method != "POST":
        return None
    if action is ActionKind.REPOST:
        return {"tweet_id": object}
    if action is ActionKind.LIST_ADD:
        return {"user_id": str(int(target_x_id))}
    return {"target_user_id": str(int(target_x_id))}
