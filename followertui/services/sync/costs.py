"""What X has cost: today, this month, in all, by kind of call, against the budgets.

Owns the record the command line prints. X's days and months are UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from followertui.domain.clock import epoch
from followertui.domain.errors import BadInput
from followertui.services.phrases import counted
from followertui.services.session import Session
from followertui.services.sync import limits
from followertui.store.decisions import requests
from followertui.store.file import settings
from followertui.x.platform import Platform


def record(session: Session) -> dict[str, Any]:
    """What X has cost, as JSON values: dollars; ``unknown_usd`` is the most that answers never read may have cost."""
    now = session.clock.now().astimezone(UTC)
    day = datetime(now.year, now.month, now.day, tzinfo=UTC)
    spans = {"today": epoch(day), "month": epoch(day.replace(day=1)), "all": 0}
    spent = {name: requests.spent(session.store, since)._asdict() for name, since in spans.items()}
    return {
        **spent,
        "calls": [line._asdict() for line in requests.lines(session.store)],
        "budget": {
            "day_usd": settings.BUDGET_DAY.read(session.store) or None,
            "month_usd": settings.BUDGET_MONTH.read(session.store) or None,
        },
        "limits": limits.records(session),
        "owns_app": settings.OWNS_APP.read(session.store) or None,
        "prices_of": Platform.load().as_of.isoformat(),
    }


def text(session: Session) -> list[str]:
    """What X has cost, in lines."""
    found = record(session)
    lines = []
    for name, words, budget in (
        ("today", "today", "day_usd"),
        ("month", "this month", "month_usd"),
        ("all", "in all", ""),
    ):
        limit = found["budget"].get(budget)
        of = f" of ${limit:,.2f}" if limit else ""
        unknown = found[name]["unknown_usd"]
        maybe = f", and at most ${unknown:,.2f} for answers that never came" if unknown else ""
        lines.append(f"{words}: ${found[name]['usd']:,.2f}{of}{maybe}")
    for call in found["calls"]:
        lines.append(
            f"  {call['what']}: ${call['usd']:,.3f}, {counted(call['requests'], 'call')}, {call['units']:,} charged"
        )
    lines += limits.lines(session)
    lines.append(f"at X's prices of {found['prices_of']}; days and months are UTC")
    return lines


def set_budget(session: Session, day_usd: float | None, month_usd: float | None) -> None:
    """Set the most X may cost on one day and in one month, dollars; 0 lifts a limit, None leaves it.

    Raises:
        BadInput: an amount is negative or no number.
    """
    for setting, usd in ((settings.BUDGET_DAY, day_usd), (settings.BUDGET_MONTH, month_usd)):
        if usd is None:
            continue
        if not 0 <= usd < 1e9:
            raise BadInput("a budget is an amount in dollars, such as 5 or 0.50; 0 for no limit")
        setting.write(session.store, float(usd))


def set_owner(session: Session, owns_app: bool) -> None:
    """Say whether the account owns the app whose keys it uses, which sets the price of its lists.

    What was booked while that was not known, at the dearer price, is booked again.
    """
    with session.store.write():
        if owns_app and not settings.OWNS_APP.read(session.store):
            prices = {
                name: entry.owned_usd
                for name, entry in Platform.load().endpoints.items()
                if entry.owned_usd < entry.usd
            }
            requests.book_anew(session.store, prices)
        settings.OWNS_APP.write(session.store, "yes" if owns_app else "no")
