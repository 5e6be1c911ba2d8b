"""Made-up posts of generated accounts: the same account always wrote the same.

Owns the texts and when they were written. Nothing of them is stored: they are made again for every call.
"""

from __future__ import annotations

from random import Random
from typing import Any

from followertui.domain.clock import iso
from followertui.x.users import SNOWFLAKE_EPOCH_MS

KEPT = 7
"""Number of posts an account has."""

_DAY = 86_400
_ID_BITS = 22

TRADE = (
    "We cut empty miles by {n}% this quarter. Not with new software: with one phone call every morning.",
    "Three carriers, one invoice format. It took us {n} months and it was worth every meeting.",
    "Unpopular opinion: most warehouses do not need robots, they need better labels.",
    "What is your rule for safety stock when lead times double? Ours stopped working in spring.",
    "Our detention costs, {n} lanes, one chart. The pattern surprised me.",
    "Looking for a good read on dock scheduling. What did you learn the most from?",
    "Forecast error was {n}% last month. We wrote down why, all of it, and shared it with the buyers.",
    "A driver told me today what is wrong with our yard in two minutes. Nobody had asked before.",
    "If your dashboard has {n} tiles, nobody looks at it. Ours has four now.",
    "Peak season plan is done. Last year we were late by {n} weeks, so this feels good.",
    "Hiring: a planner who likes spreadsheets less than people. Tell your friends.",
    "How do you measure on-time when the customer moves the date twice?",
    "We moved {n} routes to rail. What nobody tells you: the paperwork is the hard part.",
    "Slides of my talk on freight benchmarks are up. Questions welcome.",
)
"""What people of the trade write about; {n} is a number."""

OTHER = (
    "Finally fixed my bike. It took {n} evenings.",
    "Best soup in town, no discussion.",
    "Who else is watching tonight?",
    "Day {n} of learning to bake bread. It is getting better.",
    "Rain again. The garden is happy, I am not.",
    "Someone tell me this season was a joke.",
    "Old photos found in the attic, {n} of them. What a day.",
    "New lens, same cat.",
    "Train late by {n} minutes, a good book in the bag. Could be worse.",
)
"""What the others write about."""


def number(at: int, salt: int = 0) -> int:
    """The number of a post written at a moment, as X counts: it tells the moment.

    Args:
        at: epoch seconds UTC.
        salt: tells posts of one second apart.
    """
    return (at * 1000 - SNOWFLAKE_EPOCH_MS << _ID_BITS) + salt % (1 << _ID_BITS)


def moment(post: int) -> int:
    """When a post with a number was written, epoch seconds UTC."""
    return ((post >> _ID_BITS) + SNOWFLAKE_EPOCH_MS) // 1000


def posts(x_id: int, last_at: int | None, *, is_trade: bool) -> list[dict[str, Any]]:
    """The last posts of an account as X answers them, newest first.

    Args:
        x_id: of the account.
        last_at: when the newest was written, epoch seconds UTC; None for an account that never wrote.
        is_trade: whether it writes about the trade, now and then about other things too.
    """
    if last_at is None:
        return []
    rnd = Random(x_id)
    texts = rnd.sample(TRADE, KEPT - 1) + rnd.sample(OTHER, 1) if is_trade else rnd.sample(OTHER, KEPT)
    rnd.shuffle(texts)
    found, at = [], last_at
    for text in texts:
        found.append(
            {
                "id": str(number(at, x_id)),
                "author_id": str(x_id),
                "created_at": iso(at),
                "text": text.format(n=rnd.randrange(3, 40)),
            }
        )
        at -= rnd.randrange(1, 9) * _DAY // 2 + rnd.randrange(3600)
    return found
