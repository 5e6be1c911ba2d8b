"""What a screen shows while it is shared: the same values with names, handles and bios masked.

Owns the masks and the stand-in for the workbench that applies them to every value a screen is given.
One text always gets the same mask, so that a person can be followed from list to list; letters
keep their places, so that offsets into a text stay true. Nothing in the store is masked. Verbs that
would write what they were shown, or lead to a page that shows it, wait until names are back.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

_HANDLE = re.compile(r"@\w{1,20}")
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")
_LINK = re.compile(r"\S*\.\w{2,}/\S+|\b[\w-]+\.(?:com|io|net|org|de|example|co|ai|dev)\b")
_AS_ENTITY = re.compile(r"(@\w{1,20} as |look at the match first: \w+ )(.+)")
_TIE = re.compile(r"^(certain|likely|possible|confirmed)( at)? (.+)$")
_LETTER = re.compile(r"\w")

_MASKED = frozenset(
    (
        "bio", "place", "location", "url", "site", "affiliation", "note", "entity", "sentence", "clauses",
        "entry_lines", "changed_from", "others", "account_text", "entry_text", "company", "person", "owner",
        "kind_conflict", "differences",
    )
)  # fmt: skip
"""Fields whose texts are foreign throughout."""
_EMPTIED = frozenset(("bio_links",))
"""Fields that name what a masked text links to."""

SHOWN_COUNTS = frozenset(
    ("kind", "basis", "type", "decision", "plan", "match", "reason", "role", "seniority", "status", "tag", "created")
)
"""Fields whose values name nobody: they are counted by as they are."""
_OPEN_FIELD = re.compile(r"(company|owner|clause|affiliation|list|domain|handle|name|bio|location|note|url):\S*$")

WITHHELD: Mapping[str, str] = {
    "note": "it shows the note as it is", "about": "it names our own people", "open": "the page shows who it is",
    "copy": "the link says who it is", "worksheet": "it names everyone", "export": "it names everyone",
    "handover": "it names everyone", "import": "files show names", "import.decisions": "files show names",
    "plan.hand": "the pages show who it is", "hand.five": "the pages show who it is", "merge": "it may name people",
    "today.do": "the page shows who it is", "today.text": "the masked text would be sent",
    "x.peek": "posts say whose they are",
}  # fmt: skip
"""Verbs that wait while names are masked -> why."""


def masked_handle(handle: str) -> str:
    """A handle's stand-in, without @; "" for none."""
    return f"user_{_code(handle)}" if handle else ""


def masked_name(name: str) -> str:
    """A display name's stand-in; "" for none."""
    return f"Name {_code(name)}" if name else ""


def masked(text: str) -> str:
    """A text whose letters and digits are hidden, each in its place."""
    return _LETTER.sub("x", text)


def _code(text: str) -> str:
    return hashlib.blake2b(text.strip().casefold().encode("utf-8", "replace"), digest_size=3).hexdigest()


def sentence(text: str) -> str:
    """A sentence of ours without the handles, quotes and links in it."""
    text = _AS_ENTITY.sub(lambda found: found[1] + masked(found[2]), text)
    text = _QUOTED.sub(lambda found: masked(found[0]), text)
    text = _LINK.sub(lambda found: masked(found[0]), text)
    return _HANDLE.sub(lambda found: f"@{masked_handle(found[0][1:])}", text)


def redacted(value: Any, field: str = "") -> Any:
    """A value of the workbench with every name, handle and foreign text in it masked.

    Args:
        value: plain values, nested as they are.
        field: the field the value stands in, "" for none.
    """
    if isinstance(value, str) and type(value) is str:
        return masked(value) if field in _MASKED else sentence(value)
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        pairs = {name: _part(value, name, part) for name, part in zip(value._fields, value, strict=True)}
        return type(value)(**pairs)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: _part(value, one.name, getattr(value, one.name)) for one in fields(value)})
    if isinstance(value, (list, tuple)):
        return type(value)(redacted(part, field) for part in value) if _has_texts(value) else value
    if isinstance(value, dict):
        return {key: redacted(part, field) for key, part in value.items()}
    return value


def _has_texts(values: Sequence[Any]) -> bool:
    """Whether there is anything to mask in a sequence; rows are numbers, however many."""
    return bool(values) and not isinstance(values[0], (int, float))


def _part(owner: Any, name: str, part: Any) -> Any:
    """One field of a value."""
    if name in _EMPTIED:
        return ()
    if name == "hidden":
        return "names"
    if name == "x_id":
        return part if getattr(owner, "handle", "") else None
    if name == "handle" and isinstance(part, str):
        return masked_handle(part)
    if name == "name" and isinstance(part, str) and hasattr(owner, "handle"):
        return masked_name(part)
    if name == "why" and isinstance(part, str):
        return _TIE.sub(lambda found: f"{found[1]}{found[2] or ''} {masked(found[3])}", sentence(part))
    return redacted(part, name)


class RedactedBench:
    """Stands in for a workbench, or for a part of it, and masks what it answers.

    Args:
        target: what does the work.
    """

    def __init__(self, target: Any) -> None:
        self._target = target

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._target, name)
        if name == "session":
            return found
        if callable(found):
            return self._masking(name, found)
        module = type(found).__module__
        if module.startswith("followertui.services") and not hasattr(found, "_fields") and not is_dataclass(found):
            return RedactedBench(found)
        return redacted(found)

    def _masking(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def masking(*arguments: Any, **named: Any) -> Any:
            """Call it and mask the answer."""
            if name == "complete" and _OPEN_FIELD.search(arguments[0][: arguments[1]]):
                return ()
            answer = call(*arguments, **named)
            if isinstance(answer, Generator):
                return _masked_work(answer)
            if name == "count_by" and arguments[1] not in SHOWN_COUNTS:
                return [replace(line, value=masked(line.value)) for line in answer]
            if name == "alike":
                return [replace(one, title=_after_colon(one.title)) for one in answer]
            return answer if name == "profile_url" else redacted(answer)

        return masking


def _after_colon(text: str) -> str:
    head, colon, rest = text.partition(": ")
    return f"{head}{colon}{masked(rest)}" if colon else sentence(text)


def _masked_work(work: Generator[Any, None, Any]) -> Generator[Any, None, Any]:
    """Long work whose progress and result are masked."""
    while True:
        try:
            value = next(work)
        except StopIteration as ended:
            return redacted(ended.value)
        yield redacted(value)
