"""Facts about the platform as data: prices, limits, page sizes, who may call what.

Owns reading ``platform.toml`` and estimating money and time of a step from it. Does not know
what was learned from X's answers (``capabilities``) nor any secret. Anyone above may import
it; stdlib and domain only.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from followertui.domain.decision import ActionKind, Executor
from followertui.domain.errors import BadInput
from followertui.x import own_prices


class Access(str, Enum):
    """Access level of an X account; ``UNKNOWN`` until it is set or learned."""

    PAY_PER_USE = "pay-per-use"
    ENTERPRISE = "enterprise"
    UNKNOWN = "unknown"

    def __str__(self) -> str:
        return self.value


class Can(str, Enum):
    """Whether X carries out an action for this account."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    def __str__(self) -> str:
        return self.value


class Capability(NamedTuple):
    """Whether the API carries out one action, and how we know.

    Attributes:
        can: yes, no or unknown.
        reason: one plain clause.
        as_of: ISO date or time of the statement.
    """

    can: Can
    reason: str
    as_of: str


class Endpoint(NamedTuple):
    """One endpoint of X: its price and limits.

    Attributes:
        name: our name for it.
        method, path: as X documents them; the path has placeholders in braces.
        unit: what is charged: account, post, list (per one returned) or request.
        usd: dollars per unit.
        owned_usd: dollars per unit where the account read is our own and owns the app.
        page: most resources per call, 1 where it is not paged.
        window: calls per 15 minutes.
        user_day, app_day: calls per 24 hours, None for no such limit.
        enterprise_only: whether every self-serve account is refused.
        scopes: what an OAuth2 sign-in needs for it besides ``Platform.base_scopes``.
    """

    name: str
    method: str
    path: str
    unit: str
    usd: float
    owned_usd: float
    page: int
    window: int
    user_day: int | None
    app_day: int | None
    enterprise_only: bool
    scopes: tuple[str, ...]


class Pace(NamedTuple):
    """Default caps of one action, a day and within 15 minutes; 0 where the executor cannot do it."""

    api_per_day: int
    hand_per_day: int
    api_per_window: int = 0
    hand_per_window: int = 0


class Estimate(NamedTuple):
    """Estimated cost of a step.

    Attributes:
        usd: dollars at list price.
        seconds: seconds from first to last call, rate windows and daily caps included.
        calls: calls to X, or pages opened by hand.
        work_seconds: seconds spent calling or clicking, waiting left out.
        days: calendar days it takes, at least 1 where there is work.
    """

    usd: float
    seconds: float
    calls: int
    work_seconds: float
    days: int


class Dialect(NamedTuple):
    """The names X uses for the fields of a user in one dialect."""

    name: str
    user_fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Action:
    endpoint: str
    by_access: dict[Access, Can]
    reason: str
    pace: Pace


@dataclass(frozen=True, slots=True)
class Platform:
    """The facts of ``platform.toml``.

    Attributes:
        as_of: the day the facts were checked.
        api_url, console_url: X's API and the page where money and keys are managed.
        authorize_url: the page on which X asks a person to sign in.
        base_scopes: what every OAuth2 sign-in asks for.
        endpoints: our name -> endpoint.
        dialects: field lists to ask for, in the order they are tried.
        people_per_recipient_day: profiles one recipient may be given in a day.
        default_wait_seconds: wait after a rate limit without a reset time.
    """

    as_of: date
    api_url: str
    console_url: str
    authorize_url: str
    base_scopes: tuple[str, ...]
    endpoints: dict[str, Endpoint]
    dialects: tuple[Dialect, ...]
    people_per_recipient_day: int
    default_wait_seconds: int
    window_seconds: int
    day_seconds: int
    seconds_per_call: float
    seconds_by_hand: float
    _actions: dict[ActionKind, _Action]

    @staticmethod
    def load() -> Platform:
        """The facts shipped with the program, with those of a person's own file instead; read once.

        Raises:
            BadInput: that file cannot be used.
        """
        return _loaded(os.environ.get(own_prices.VARIABLE, "").strip())

    @staticmethod
    def parse(text: str) -> Platform:
        """Read the facts from TOML text.

        Args:
            text: content of a platform file.

        Raises:
            BadInput: the text is not TOML, or a fact is missing.
        """
        try:
            return _build(tomllib.loads(text))
        except (tomllib.TOMLDecodeError, KeyError, ValueError, TypeError) as problem:
            raise BadInput(f"the platform file cannot be read: {problem}; reinstall followertui") from None

    def price(self, endpoint: str, owned: bool = False) -> float:
        """Dollars per unit of an endpoint.

        Args:
            endpoint: our name for it, such as ``followers``.
            owned: whether the account read is our own and owns the developer app.
        """
        entry = self.endpoints[endpoint]
        return entry.owned_usd if owned else entry.usd

    def endpoint_of(self, action: ActionKind) -> Endpoint | None:
        """The endpoint that carries out an action, None where X has none."""
        name = self._actions[action].endpoint
        return self.endpoints[name] if name else None

    def scopes_of(self, actions: Iterable[ActionKind] = (), reads: Iterable[str] = ()) -> tuple[str, ...]:
        """What an OAuth2 sign-in asks for to read one's lists.

        Args:
            actions: to be carried out besides.
            reads: endpoints to be read besides.
        """
        named = [self.endpoints[name] for name in ("followers", "following", *reads)]
        endpoints = [*named, *map(self.endpoint_of, actions)]
        wanted = [scope for endpoint in endpoints if endpoint is not None for scope in endpoint.scopes]
        return tuple(dict.fromkeys([*self.base_scopes, *wanted]))

    def capability(self, action: ActionKind, access: Access) -> Capability:
        """Whether an access level may do an action through the API, as published."""
        entry = self._actions[action]
        as_of = self.as_of.isoformat()
        if access is not Access.UNKNOWN:
            return Capability(entry.by_access[access], entry.reason, as_of)
        said = set(entry.by_access.values())
        if len(said) == 1:
            return Capability(said.pop(), entry.reason, as_of)
        return Capability(Can.UNKNOWN, f"{entry.reason}; the access level of this account is not known yet", as_of)

    def is_self_serve(self, action: ActionKind) -> bool:
        """Whether a pay-per-use account may do the action, so that a refusal is about the target."""
        return self._actions[action].by_access[Access.PAY_PER_USE] is Can.YES

    def pace(self, action: ActionKind) -> Pace:
        """Default caps of an action."""
        return self._actions[action].pace

    def estimate(
        self,
        action: ActionKind,
        count: int,
        via: Executor = Executor.API,
        per_day: int | None = None,
        per_window: int | None = None,
    ) -> Estimate:
        """Money and time of an action on many accounts.

        Args:
            action: the action.
            count: number of accounts.
            via: through the API or by hand.
            per_day: a daily cap instead of the default one.
            per_window: a cap within 15 minutes instead of the default one.

        Returns:
            The estimate; all 0 where the API has no such endpoint.
        """
        pace = self.pace(action)
        if via is Executor.HAND:
            window = per_window or pace.hand_per_window or None
            return self._spread(count, 0.0, self.seconds_by_hand, per_day or pace.hand_per_day, window)
        endpoint = self.endpoint_of(action)
        if endpoint is None:
            return Estimate(0.0, 0.0, 0, 0.0, 0)
        caps = [cap for cap in (per_day or pace.api_per_day, endpoint.user_day, endpoint.app_day) if cap]
        window = min(per_window or pace.api_per_window or endpoint.window, endpoint.window)
        return self._spread(count, endpoint.usd, self.seconds_per_call, min(caps, default=None), window)

    def reading(self, endpoint: str, count: int, owned: bool = False, window: int | None = None) -> Estimate:
        """Money and time of reading a number of accounts or posts.

        Args:
            endpoint: our name for it.
            count: number of resources expected.
            owned: as for ``price``.
            window: calls X answers in 15 minutes, None for as many as published.
        """
        entry = self.endpoints[endpoint]
        calls = -(-count // entry.page)
        time = self._spread(calls, 0.0, self.seconds_per_call, entry.user_day or entry.app_day, window or entry.window)
        units = calls if entry.unit == "request" else count
        return time._replace(usd=round(units * self.price(endpoint, owned), 4))

    def _spread(self, count: int, usd: float, each: float, per_day: int | None, window: int | None) -> Estimate:
        if count <= 0:
            return Estimate(0.0, 0.0, 0, 0.0, 0)
        full_days, last_day = divmod(count - 1, per_day) if per_day else (0, count - 1)
        last_day += 1
        seconds = last_day * each
        if window:
            seconds = max(
                seconds, (last_day - 1) // window * self.window_seconds + ((last_day - 1) % window + 1) * each
            )
        total = full_days * self.day_seconds + seconds
        return Estimate(round(count * usd, 4), total, count, count * each, int(total // self.day_seconds) + 1)


@lru_cache(maxsize=2)
def _loaded(own: str) -> Platform:
    text = files("followertui.x").joinpath("platform.toml").read_text(encoding="utf-8")
    return _build(own_prices.laid_over(tomllib.loads(text), Path(own).expanduser())) if own else Platform.parse(text)


def _build(data: dict[str, Any]) -> Platform:
    timing = data["timing"]
    return Platform(
        as_of=date.fromisoformat(str(data["as_of"])),
        api_url=str(data["hosts"]["api"]),
        console_url=str(data["hosts"]["console"]),
        authorize_url=str(data["hosts"]["authorize"]),
        base_scopes=tuple(data["sign_in"]["scopes"]),
        endpoints={name: _endpoint(name, entry) for name, entry in data["endpoint"].items()},
        dialects=tuple(Dialect(entry["name"], tuple(entry["user_fields"])) for entry in data["dialect"]),
        people_per_recipient_day=int(data["redistribution"]["people_per_recipient_day"]),
        default_wait_seconds=int(timing["default_wait_seconds"]),
        window_seconds=int(timing["window_seconds"]),
        day_seconds=int(timing["day_seconds"]),
        seconds_per_call=float(timing["seconds_per_call"]),
        seconds_by_hand=float(timing["seconds_by_hand"]),
        _actions={action: _action(data["action"][action.value]) for action in ActionKind},
    )


def _endpoint(name: str, entry: dict[str, Any]) -> Endpoint:
    usd = float(entry["usd"])
    return Endpoint(
        name=name,
        method=str(entry["method"]),
        path=str(entry["path"]),
        unit=str(entry["unit"]),
        usd=usd,
        owned_usd=float(entry.get("owned_usd", usd)),
        page=int(entry.get("page", 1)),
        window=int(entry["window"]),
        user_day=entry.get("user_day"),
        app_day=entry.get("app_day"),
        enterprise_only=bool(entry.get("enterprise_only", False)),
        scopes=tuple(entry.get("scopes", ())),
    )


def _action(entry: dict[str, Any]) -> _Action:
    return _Action(
        endpoint=str(entry["endpoint"]),
        by_access={
            Access.PAY_PER_USE: Can(entry["pay_per_use"]),
            Access.ENTERPRISE: Can(entry["enterprise"]),
        },
        reason=str(entry["reason"]),
        pace=Pace(*(int(entry[name]) for name in Pace._fields)),
    )
