"""A person's own file of prices and limits, laid over the shipped facts of the platform.

Owns which facts may be changed that way, and the line for each mistake. Never where X is: a file of
prices must not lead keys elsewhere.
"""

from __future__ import annotations

import math
import tomllib
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

from followertui import private_files
from followertui.domain.errors import BadInput

VARIABLE = "FOLLOWERTUI_PRICES"
"""Names the file in the environment."""

_MOST_BYTES = 1_000_000
_MONEY = ("usd", "owned_usd")
_CAPS = ("api_per_day", "hand_per_day", "api_per_window", "hand_per_window")
_COUNTS = ("window", "user_day", "app_day", *_CAPS)
_MAY_CHANGE = {
    "endpoint": ("usd", "owned_usd", "window", "user_day", "app_day"),
    "action": ("pay_per_use", "enterprise", "reason", *_CAPS),
}


def laid_over(shipped: dict[str, Any], path: Path) -> dict[str, Any]:
    """The shipped facts with those of a file instead.

    Args:
        shipped: content of the platform file.
        path: TOML with ``as_of``, ``[endpoint.NAME]`` and ``[action.NAME]``; what it leaves out stays.

    Raises:
        BadInput: it cannot be read, or names or says what there is not.
    """
    own = _read(path)
    found = deepcopy(shipped)
    for head, content in own.items():
        if head == "as_of":
            if type(content) is not date:
                raise _wrong(path, "as_of is a day, such as 2026-12-01")
            found["as_of"] = content
        elif head in _MAY_CHANGE and isinstance(content, dict):
            for name, facts in content.items():
                if name not in shipped[head] or not isinstance(facts, dict):
                    raise _wrong(path, f"there is no {head} {name!r}; {head}s: {', '.join(sorted(shipped[head]))}")
                found[head][name].update(_checked(path, head, name, facts))
        else:
            raise _wrong(path, f"{head!r} cannot be changed; only as_of, endpoint and action can")
    return found


def _checked(path: Path, head: str, name: str, facts: dict[str, Any]) -> dict[str, Any]:
    for key, value in facts.items():
        where = f"{head}.{name}.{key}"
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
        if key not in _MAY_CHANGE[head]:
            raise _wrong(path, f"{where} cannot be changed; {', '.join(_MAY_CHANGE[head])} can")
        if key in _MONEY and not (is_number and 0 <= value < 1000):
            raise _wrong(path, f"{where} is a price in dollars, such as 0.005")
        if key in _COUNTS and not (isinstance(value, int) and is_number and 0 < value < 10**9):
            raise _wrong(path, f"{where} is a number of calls, such as 300")
        if key in ("pay_per_use", "enterprise") and value not in ("yes", "no", "unknown"):
            raise _wrong(path, f"{where} is yes, no or unknown")
        if key == "reason" and not isinstance(value, str):
            raise _wrong(path, f"{where} is a clause in quotes")
    return facts


def _read(path: Path) -> dict[str, Any]:
    try:
        with private_files.open_own(path) as file:
            return tomllib.loads(file.read(_MOST_BYTES).decode())
    except OSError as error:
        raise _wrong(path, f"cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError):
        raise _wrong(path, "is no TOML; followertui help x-sync shows one") from None


def _wrong(path: Path, text: str) -> BadInput:
    return BadInput(f"{path}: {text} ({VARIABLE} names this file)")
