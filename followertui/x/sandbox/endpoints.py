"""The endpoints of the sandbox: what each does to the state and answers.

Owns routes, handlers and the shapes of their bodies. Shapes follow X's OpenAPI 2.167 and
the bodies seen on the live API. Imported by ``answering`` only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import islice
from typing import Any

from followertui.x.platform import Endpoint, Platform
from followertui.x.sandbox.calls import ID, Call, Refused, Reply, forbidden, invalid
from followertui.x.sandbox.state import ListState, SandboxState
from followertui.x.sandbox.subscribing import subscribe, subscriptions, unsubscribe
from followertui.x.sandbox.views import UnknownField, user_view

_PARTS = {"username": r"[A-Za-z0-9_]{1,50}"}
_MOST_SEARCHED = 5000
_TOKEN = re.compile(r"SANDBOX([0-9]{12})")


def route_of(method: str, path: str) -> tuple[Endpoint, dict[str, str]] | None:
    """The endpoint of a request and the placeholders of its path, None where there is none."""
    for endpoint, pattern in _routes():
        found = pattern.fullmatch(path) if endpoint.method == method else None
        if found and endpoint.name in _HANDLERS:
            return endpoint, found.groupdict()
    return None


def handler_of(name: str) -> Callable[[Call], Reply]:
    """The handler of an endpoint."""
    return _HANDLERS[name]


@lru_cache(maxsize=1)
def _routes() -> tuple[tuple[Endpoint, re.Pattern[str]], ...]:
    def pattern(path: str) -> re.Pattern[str]:
        """The regular expression of a path with {names}."""
        return re.compile(re.sub(r"\{(\w+)\}", lambda m: f"(?P<{m[1]}>{_PARTS.get(m[1], ID)})", path))

    return tuple((endpoint, pattern(endpoint.path)) for endpoint in Platform.load().endpoints.values())


def _shown(call: Call, x_id: int) -> dict[str, Any] | None:
    try:
        return user_view(call.state, x_id, call.params.get("user.fields", ""))
    except UnknownField as unknown:
        raise invalid("user.fields", [str(unknown)]) from None


def _problem(state: SandboxState, x_id: int, parameter: str, value: str) -> dict[str, Any]:
    # X reports suspended and missing accounts with one type; only the text differs.
    if x_id in state.suspended:
        title, detail = "Forbidden", f"User has been suspended: [{value}]."
    else:
        title, detail = "Not Found Error", f"Could not find user with {parameter}: [{value}]."
    return {
        "value": value,
        "detail": detail,
        "title": title,
        "resource_type": "user",
        "parameter": parameter,
        "resource_id": value,
        "type": "https://api.x.com/2/problems/resource-not-found",
    }


def _me(call: Call) -> Reply:
    return Reply({"data": _shown(call, call.state.own_id)}, (call.state.own_id,))


def _batch(call: Call, parameter: str, wanted: Iterable[tuple[str, int]]) -> Reply:
    users, problems, ids = [], [], []
    for value, x_id in wanted:
        user = _shown(call, x_id)
        if user is None:
            problems.append(_problem(call.state, x_id, parameter, value))
        else:
            users.append(user)
            ids.append(x_id)
    body: dict[str, Any] = {"data": users} if users else {}
    return Reply({**body, **({"errors": problems} if problems else {})}, ids)


def _values(call: Call, parameter: str, pattern: str) -> list[str]:
    values = call.params.get(parameter, "").split(",")
    if len(values) > 100 or not all(re.fullmatch(pattern, value) for value in values):
        raise invalid(parameter, values[:100])
    return values


def _users_by_ids(call: Call) -> Reply:
    return _batch(call, "ids", [(value, int(value)) for value in _values(call, "ids", ID)])


def _users_by_names(call: Call) -> Reply:
    names = _values(call, "usernames", r"[A-Za-z0-9_]{1,15}")
    return _batch(call, "usernames", [(name, call.state.id_of_name(name) or 0) for name in names])


def _user(call: Call) -> Reply:
    return _single(_batch(call, "id", [(call.parts["id"], int(call.parts["id"]))]))


def _user_by_name(call: Call) -> Reply:
    name = call.parts["username"]
    return _single(_batch(call, "username", [(name, call.state.id_of_name(name) or 0)]))


def _users_search(call: Call) -> Reply:
    words, wanted = call.params.get("query", ""), call.params.get("max_results", "100")
    if not re.fullmatch(r"[A-Za-z0-9_' ]{1,50}", words):
        raise invalid("query", [words])
    if not re.fullmatch(r"[0-9]{1,4}", wanted) or not 1 <= int(wanted) <= 1000:
        raise invalid("max_results", [wanted])
    users = (_shown(call, x_id) for x_id in _some_ids(call.state) if _is_called(call.state, x_id, words))
    found = list(islice((user for user in users if user is not None), int(wanted)))
    body: dict[str, Any] = {"meta": {"result_count": len(found)}}
    return Reply({**({"data": found} if found else {}), **body}, [int(user["id"]) for user in found])


def _some_ids(state: SandboxState) -> Iterable[int]:
    """Whom the sandbox searches: everyone it knows by name, and as many others as take no time."""
    return dict.fromkeys([*state.known, *state.followers[:_MOST_SEARCHED], *islice(state.following, _MOST_SEARCHED)])


def _is_called(state: SandboxState, x_id: int, words: str) -> bool:
    profile = state.shown(x_id) or {}
    text = f"{profile.get('name', '')} {profile.get('username', '')}".lower()
    return all(word in text for word in words.lower().split())


def _single(reply: Reply) -> Reply:
    users = reply.body.get("data")
    return reply._replace(body={**reply.body, "data": users[0]}) if users else reply


def _page(call: Call, count: int, slice_of: Callable[[int, int], Iterable[int]], most: int) -> Reply:
    size, offset = _page_bounds(call, most)
    users, ids = [], []
    for x_id in slice_of(offset, offset + size):
        user = _shown(call, x_id)
        if user is not None:
            users.append(user)
            ids.append(x_id)
    meta: dict[str, Any] = {"result_count": len(users)}
    if offset + size < count:
        meta["next_token"] = f"SANDBOX{offset + size:012d}"
    if offset:
        meta["previous_token"] = f"SANDBOX{max(0, offset - size):012d}"
    return Reply({**({"data": users} if users else {}), "meta": meta}, ids)


def _page_bounds(call: Call, most: int) -> tuple[int, int]:
    wanted = call.params.get("max_results", "100")
    if not re.fullmatch(r"[0-9]{1,4}", wanted) or not 1 <= int(wanted) <= most:
        raise invalid("max_results", [wanted])
    token = call.params.get("pagination_token")
    found = _TOKEN.fullmatch(token) if token is not None else None
    if token is not None and found is None:
        raise invalid("pagination_token", [token])
    return int(wanted), int(found[1]) if found else 0


def _newest_first(ids: dict[int, None]) -> Callable[[int, int], Iterable[int]]:
    return lambda start, stop: islice(reversed(ids), start, stop)


def _require_own(call: Call) -> SandboxState:
    # Only relations of the own account are kept; X would answer for others at another price.
    if call.parts["id"] != str(call.state.own_id):
        raise Refused(403, forbidden())
    return call.state


def _followers(call: Call) -> Reply:
    followers = _require_own(call).followers
    return _page(call, len(followers), lambda start, stop: followers[start:stop], 1000)


def _relation(name: str) -> Callable[[Call], Reply]:
    def handler(call: Call) -> Reply:
        """Answer with a page of the relation, newest first."""
        ids: dict[int, None] = getattr(_require_own(call), name)
        return _page(call, len(ids), _newest_first(ids), 1000)

    return handler


def _acting(call: Call, act: Callable[[SandboxState, int], dict[str, Any]]) -> Reply:
    state, target = _require_own(call), call.target
    if state.shown(target) is None:
        # X answers 200 with errors and no data here, not 404.
        return Reply({"errors": [_problem(state, target, "target_user_id", str(target))]})
    return Reply({"data": act(state, target)})


def _follow(call: Call) -> Reply:
    def act(state: SandboxState, target: int) -> dict[str, Any]:
        """Change the relation and answer as X does."""
        if target in state.blocks_us:
            raise Refused(
                403, forbidden("You have been blocked from following this account at the request of the user.")
            )
        if target in state.following:
            return {"following": True, "pending_follow": False}
        if (state.profile(target) or {}).get("protected"):
            state.pending[target] = None
            return {"following": False, "pending_follow": True}
        state.following[target] = None
        return {"following": True, "pending_follow": False}

    return _acting(call, act)


def _removing(name: str, flag: str) -> Callable[[Call], Reply]:
    def act(state: SandboxState, target: int) -> dict[str, Any]:
        """Change the relation and answer as X does."""
        getattr(state, name).pop(target, None)
        return {flag: False}

    return lambda call: _acting(call, act)


def _adding(name: str, flag: str) -> Callable[[Call], Reply]:
    def act(state: SandboxState, target: int) -> dict[str, Any]:
        """Change the relation and answer as X does."""
        getattr(state, name)[target] = None
        return {flag: True}

    return lambda call: _acting(call, act)


def _list(call: Call) -> ListState:
    found = call.state.lists.get(int(call.parts["list"]))
    if found is None:
        problem = _problem(call.state, 0, "id", call.parts["list"])
        problem |= {"resource_type": "list", "detail": f"Could not find list with id: [{call.parts['list']}]."}
        raise Refused(404, {**problem, "status": 404})
    return found


def _list_create(call: Call) -> Reply:
    name = call.body.get("name")
    if not isinstance(name, str) or not 1 <= len(name) <= 25:
        raise invalid("name", [str(name)])
    state = call.state
    new_id = max(state.lists, default=1_700_000_000_000_000_000) + 1
    state.lists[new_id] = ListState(new_id, name)
    return Reply({"data": {"id": str(new_id), "name": name}})


def _list_add(call: Call) -> Reply:
    each, target = _list(call), call.target
    if call.state.shown(target) is None:
        return Reply({"errors": [_problem(call.state, target, "user_id", str(target))]})
    each.members[target] = None
    return Reply({"data": {"is_member": True}})


def _list_remove(call: Call) -> Reply:
    _list(call).members.pop(call.target, None)
    return Reply({"data": {"is_member": False}})


def _list_members(call: Call) -> Reply:
    members = _list(call).members
    return _page(call, len(members), _newest_first(members), 100)


def _owned_lists(call: Call) -> Reply:
    lists = [
        {"id": str(each.id), "name": each.name, "member_count": len(each.members)}
        for each in _require_own(call).lists.values()
    ]
    body: dict[str, Any] = {"meta": {"result_count": len(lists)}}
    return Reply({"data": lists, **body} if lists else body, list(call.state.lists))


def _post_id(call: Call) -> int:
    text = call.body.get("tweet_id")
    if not isinstance(text, str) or not re.fullmatch(ID, text):
        raise invalid("tweet_id", [str(text)])
    return int(text)


def _repost(call: Call) -> Reply:
    state, post = _require_own(call), _post_id(call)
    if post in state.reposted:
        raise Refused(403, forbidden("You cannot retweet a Tweet that you have already retweeted."))
    state.reposted[post] = None
    return Reply({"data": {"retweeted": True, "rest_id": str(post)}})


def _like(call: Call) -> Reply:
    _require_own(call)
    _post_id(call)
    return Reply({"data": {"liked": True}})


def _posts(call: Call) -> Reply:
    wanted = [int(value) for value in _values(call, "ids", ID)]
    return _post_page([call.state.posts[post] for post in wanted if post in call.state.posts])


def _timeline(call: Call) -> Reply:
    size, _ = _page_bounds(call, 100)
    return _post_page(call.state.posts_of(int(call.parts["id"]))[: max(5, size)], has_meta=True)


def _mentions(call: Call) -> Reply:
    own = call.parts["id"]
    found = [p for p in call.state.posts.values() if p.get("in_reply_to_user_id") == own]
    return _post_page(found, has_meta=True)


def _post_page(posts: list[dict[str, Any]], has_meta: bool = False) -> Reply:
    newest = sorted(posts, key=lambda post: -int(post["id"]))
    body: dict[str, Any] = {"data": newest} if newest else {}
    if has_meta:
        body["meta"] = {"result_count": len(newest)}
    return Reply(body, [-int(post["id"]) for post in newest])


def _credits(call: Call) -> Reply:
    balance = (call.state.ledger.balance_mills or 0) / 1000
    return Reply({"data": {"free_balance": 0.0, "prepaid_balance": balance, "total_balance": balance}})


_HANDLERS: dict[str, Callable[[Call], Reply]] = {
    "me": _me,
    "users_by_ids": _users_by_ids,
    "users_by_names": _users_by_names,
    "users_search": _users_search,
    "user": _user,
    "user_by_name": _user_by_name,
    "followers": _followers,
    "following": _relation("following"),
    "follow": _follow,
    "unfollow": _removing("following", "following"),
    "muting": _relation("muted"),
    "mute": _adding("muted", "muting"),
    "unmute": _removing("muted", "muting"),
    "blocking": _relation("blocked"),
    "block": _adding("blocked", "blocking"),
    "list_create": _list_create,
    "list_add": _list_add,
    "list_remove": _list_remove,
    "list_members": _list_members,
    "owned_lists": _owned_lists,
    "repost": _repost,
    "like": _like,
    "posts": _posts,
    "timeline": _timeline,
    "mentions": _mentions,
    "activity_subscribe": subscribe,
    "activity_subscriptions": subscriptions,
    "activity_unsubscribe": unsubscribe,
    "credits": _credits,
}
