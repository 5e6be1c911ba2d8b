"""What X asks of those who pass accounts on: how many people may go to one recipient in a day.

Owns the note only; the number is a fact of the platform. The command line says it after an export.
"""

from __future__ import annotations

from collections.abc import Collection

from followertui.x.platform import Platform

_IDS_ONLY = frozenset({"id"})


def note(count: int, keys: Collection[str]) -> str:
    """What to say after this many people left the program, "" where X asks nothing.

    Args:
        count: accounts.
        keys: what is told of each; ids alone are counted otherwise, and not held back here.
    """
    most = Platform.load().people_per_recipient_day
    if count <= most or set(keys) <= _IDS_ONLY:
        return ""
    return (
        f"{count:,} people are more than the {most:,} a day X lets one recipient have: fine for yourself, "
        "to pass them on split them by day"
    )
