"""Scripted faults: what goes wrong, at which call of which path.

Owns the format of the fault file. ``answering`` applies a fault to an answer; one that is no
answer at all is raised here and becomes a broken connection in the transport.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from followertui.domain.errors import BadInput

KINDS: dict[str, str] = {
    "status": "answer with `status` (and `body`, JSON) instead",
    "html": "answer 503 (or `status`) with an HTML page",
    "empty": "answer 200 with an empty body",
    "cut": "answer with half of the body",
    "timeout": "never answer",
    "reset": "close the connection without an answer",
    "lost": "carry the call out, then close the connection without an answer",
    "no-headers": "answer 429 without any rate header",
    "repeat-token": "return the page token of the request",
    "short-page": "half of the page, and no next token though there is more",
    "day-exhausted": "answer 429 with the 24-hour calls used up",
    "spend-cap": "answer 403 SpendCapReached",
    "credits": "answer 402 credits depleted",
}
"""Value of ``do`` -> what happens."""


class Dropped(Exception):
    """The connection broke before an answer; handled by the transport, never shown."""


class TimedOut(Dropped):
    """There was no answer in time."""


@dataclass(slots=True)
class Fault:
    """One scripted fault.

    Attributes:
        do: a key of ``KINDS``.
        path: which paths, with * and ?; without a query.
        method: GET, POST, DELETE or * for any.
        calls: which of the matching calls, counted from 1; empty for every one.
        status: HTTP status for ``status`` and ``html``.
        body: JSON body for ``status``.
        seen: matching calls so far.
    """

    do: str
    path: str = "*"
    method: str = "*"
    calls: tuple[int, ...] = ()
    status: int = 503
    body: Any = None
    seen: int = 0

    def strikes(self, method: str, path: str) -> bool:
        """Count a call; returns whether the fault applies to it."""
        if self.method not in ("*", method) or not fnmatchcase(path, self.path):
            return False
        self.seen += 1
        return not self.calls or self.seen in self.calls


def read_faults(path: Path) -> list[Fault]:
    """Faults from a JSON file: a list of objects with the attributes of ``Fault``.

    Args:
        path: the file; ``{"do": "status", "status": 503, "path": "/2/users/*/followers", "calls": [2]}``.

    Raises:
        BadInput: the file is missing or malformed.
    """
    try:
        return [_fault(entry) for entry in json.loads(path.read_text(encoding="utf-8"))]
    except OSError as problem:
        raise BadInput(f"fault file {path.name}: cannot be read ({problem.strerror}); check its name") from None
    except (ValueError, TypeError, KeyError) as problem:
        raise BadInput(f"fault file {path.name}: not valid ({problem}); give a JSON list of faults") from None


def _fault(entry: dict[str, Any]) -> Fault:
    do = str(entry["do"])
    if do not in KINDS:
        raise ValueError(f"unknown fault {do!r}; there are {', '.join(KINDS)}")
    calls = entry.get("calls", [])
    return Fault(
        do=do,
        path=str(entry.get("path", "*")),
        method=str(entry.get("method", "*")).upper(),
        calls=tuple(int(call) for call in ([calls] if isinstance(calls, int) else calls)),
        status=int(entry.get("status", 503)),
        body=entry.get("body"),
    )
