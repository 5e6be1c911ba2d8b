"""The sandbox's meters: rate windows with their headers, and the ledger of charges.

Owns counting only; requests and answers belong to ``answering``. Imported inside ``x.sandbox``
only.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from followertui.x.platform import Endpoint, Platform
from followertui.x.sandbox.state import Ledger, SandboxState
from followertui.x.windows import HEADERS


class Metered(NamedTuple):
    """The rate limits applied to one call.

    Attributes:
        headers: rate headers of the answer.
        is_allowed: whether the call was within every limit and has been counted.
    """

    headers: dict[str, str]
    is_allowed: bool


def count_call(state: SandboxState, endpoint: Endpoint, platform: Platform, at: int) -> Metered:
    """Count one call against every limit of its endpoint, unless one is exhausted.

    Args:
        state: the sandbox.
        endpoint: the endpoint called.
        platform: published limits; ``state.limits`` overrides them.
        at: epoch seconds UTC.
    """
    own = state.limits.get(endpoint.name, {})
    limits = {
        "window": own.get("window", endpoint.window),
        "user-day": own.get("user_day", endpoint.user_day),
        "app-day": own.get("app_day", endpoint.app_day),
    }
    spans = {"window": platform.window_seconds, "user-day": platform.day_seconds, "app-day": platform.day_seconds}
    slots = {name: _slot(state, f"{name} {endpoint.name}", at, spans[name]) for name, n in limits.items() if n}
    is_allowed = all(slot[1] < (limits[name] or 0) for name, slot in slots.items())
    headers = {}
    for name, slot in slots.items():
        slot[1] += is_allowed
        limit = limits[name] or 0
        headers[f"{HEADERS[name]}-limit"] = str(limit)
        headers[f"{HEADERS[name]}-remaining"] = str(max(0, limit - slot[1]))
        headers[f"{HEADERS[name]}-reset"] = str(slot[0] + spans[name])
    return Metered(headers, is_allowed)


def charge(
    state: SandboxState, endpoint: Endpoint, platform: Platform, resources: Sequence[int], is_own: bool, at: int
) -> None:
    """Charge an answer: reads per account returned, each once a day; all else per request.

    Args:
        state: the sandbox.
        endpoint: the endpoint called.
        platform: prices.
        resources: ids returned; ids of posts are negated so that they cannot equal an account's.
        is_own: whether the path named the signed-in account.
        at: epoch seconds UTC.
    """
    ledger = state.ledger
    _renew(ledger, at)
    if endpoint.unit == "request":
        units = 1
    else:
        fresh = set(resources) - ledger.billed
        ledger.billed |= fresh
        units = len(fresh)
    mills = units * round(platform.price(endpoint.name, owned=is_own and state.owns_app) * 1000)
    ledger.units[endpoint.name] = ledger.units.get(endpoint.name, 0) + units
    ledger.mills[endpoint.name] = ledger.mills.get(endpoint.name, 0) + mills
    if ledger.balance_mills is not None:
        ledger.balance_mills -= mills


def charge_event(state: SandboxState, uuid: str, at: int) -> None:
    """Charge one event of the activity stream; like every resource once a UTC day, however often it is told."""
    mills = round(Platform.load().price("activity_stream") * 1000)
    ledger = state.ledger
    if not _is_first(ledger, int(uuid), at):
        return
    ledger.units["activity_stream"] = ledger.units.get("activity_stream", 0) + 1
    ledger.mills["activity_stream"] = ledger.mills.get("activity_stream", 0) + mills
    if ledger.balance_mills is not None:
        ledger.balance_mills -= mills


def _renew(ledger: Ledger, at: int) -> None:
    """Forget whom and what was charged on an earlier day."""
    day = datetime.fromtimestamp(at, UTC).date().isoformat()
    if ledger.day != day:
        ledger.day, ledger.billed = day, set()


def _is_first(ledger: Ledger, number: int, at: int) -> bool:
    """Whether something was not charged yet on that day; from now on it was."""
    _renew(ledger, at)
    is_first = number not in ledger.billed
    ledger.billed.add(number)
    return is_first


def _slot(state: SandboxState, key: str, at: int, span: int) -> list[int]:
    slot = state.windows.get(key)
    if slot is None or at >= slot[0] + span:
        slot = state.windows[key] = [at, 0]
    return slot
