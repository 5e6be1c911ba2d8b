"""Ways to get the names of accounts known by id only, and their cost.

Owns the three ways and their words. Reads nothing of the store. Cards, queues and the words
after an import use it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from followertui.late import late
from followertui.services.phrases import counted

if TYPE_CHECKING:
    from followertui.x import platform as x_platform
else:
    x_platform = late("followertui.x.platform")

BRING_NAMES = "bring a browser exporter's file, which names them"
"""The way that costs nothing, as a next step."""


def ways_to_names(count: int) -> tuple[str, ...]:
    """The three ways to get the names of a number of accounts, cheapest first, at X's list prices.

    Args:
        count: accounts known by id only.
    """
    platform = x_platform.Platform.load()
    read = platform.reading("followers", count, owned=True).usd
    looked_up = platform.reading("users_by_ids", count).usd
    return (
        "a browser exporter's file, imported here: free",
        f"reading our own lists through X's API (:sync): about ${read:,.2f}",
        f"looking {counted(count, 'id', 'ids')} up through X's API (:names): about ${looked_up:,.2f}",
    )


def nameless_line(count: int) -> str:
    """What stands where a queue is empty because accounts have no names."""
    are = "account is" if count == 1 else "accounts are"
    return f"{count:,} {are} known by id only; their queue is Nameless.\n:import: {BRING_NAMES}."
