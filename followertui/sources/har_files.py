"""Answers of X out of a HAR capture, as the network tab of a browser saves one.

Owns finding the answers; what is in them is read like any other JSON. Cookies, headers and pictures in the capture
are passed over. Imported by ``json_tables``.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import parse_qs, urlsplit

from followertui.sources.json_files import Item
from followertui.sources.problems import Problem

_OF_USER = re.compile(r"/users/(\d{1,19})/(?:followers|following)\b")
_ENTRIES = ("log", "entries", "[]")


def answers_in(items: Iterator[Item | Problem]) -> Iterator[Item | Problem]:
    """The values of a JSON file; of a HAR capture the answers in it, each below the name of what was asked."""
    first = next(items, None)
    if first is None:
        return
    together = chain((first,), items)
    yield from _opened(together) if isinstance(first, Item) and _is_capture(first) else together


def _is_capture(item: Item) -> bool:
    if item.path[:1] == ("log",):
        return True
    log = item.value.get("log") if item.path == () and isinstance(item.value, dict) else None
    return isinstance(log, dict) and isinstance(log.get("entries"), list)


def _opened(items: Iterator[Item | Problem]) -> Iterator[Item | Problem]:
    for item in items:
        if isinstance(item, Problem) or item.path[:1] not in ((), ("log",)):
            yield item
            continue
        entries = [item.value] if item.path == _ENTRIES else []
        if item.path == ():
            entries = item.value.get("log", {}).get("entries", []) if isinstance(item.value, dict) else []
        for entry in entries:
            answer = _answer(entry)
            if answer is not None:
                owner = _owner(entry)
                value = {"owner": owner, "answer": answer} if owner else answer
                yield Item(item.line, (_asked(entry),), value)


def _answer(entry: Any) -> Any:
    """The JSON that answered a request, None where it was something else."""
    content = _part(_part(entry, "response"), "content")
    text = content.get("text")
    if not isinstance(text, str):
        return None
    if content.get("encoding") == "base64":
        try:
            text = base64.b64decode(text, validate=False).decode("utf-8", "replace")
        except (binascii.Error, ValueError):
            return None
    if text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _asked(entry: Any) -> str:
    """What was asked: the last part of the address that is no file, such as ``Followers``."""
    try:
        path = PurePosixPath(urlsplit(str(_part(entry, "request").get("url"))).path)
    except ValueError:
        return ""
    # API v1.1 asks ``followers/list.json``.
    return path.parent.name if path.suffix == ".json" else path.name


def _owner(entry: Any) -> str:
    """The id or handle of the account whose list was asked for, "" where the address names none."""
    asked = str(_part(entry, "request").get("url"))
    try:
        url = urlsplit(asked)
        query = parse_qs(url.query)
    except ValueError:
        return ""
    try:
        variables = json.loads(query.get("variables", ["{}"])[0])
    except (ValueError, RecursionError):
        variables = {}
    named = [variables.get("userId")] if isinstance(variables, dict) else []
    named += [value for key in ("user_id", "screen_name") for value in query.get(key, [])]
    found = _OF_USER.search(url.path)
    return next((str(one) for one in named if one), found[1] if found else "")


def _part(value: Any, key: str) -> dict[str, Any]:
    part = value.get(key) if isinstance(value, dict) else None
    return part if isinstance(part, dict) else {}
