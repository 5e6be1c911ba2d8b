"""Playbooks: what is done, step by step, with people of a kind.

Owns the file format (TOML, documented by ``followertui help playbooks``), its checks and the playbooks
that come with the program. Queries in it are kept as text: who asks for them parses them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from followertui.domain.engagement import MOST_DAYS, SILENT_STEPS, WRITING, Start, StepAction
from followertui.domain.errors import BadInput
from followertui.text import templates

VARIABLES = frozenset({"name", "first_name", "handle", "company", "role", "place", "kind", "title", "link", "us"})
"""Names a template may use."""

_NAME = re.compile(r"[a-z][a-z0-9-]{0,29}")
_GOAL = re.compile(r"engage (\d{1,6}) per (week|month|quarter|year)")
_PLAYBOOK_KEYS = ("title", "who", "starts", "within", "stop", "goal", "a_day", "is_on", "cool_down", "step")
_STEP_KEYS = ("do", "name", "after", "every", "only", "to", "texts")
_MOST_STEPS, _MOST_A_DAY = 30, 500


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Attributes:
        name: stable within the playbook.
        action: what is done.
        after_days: days after the step before, or after the start.
        every_days: repeats after this many days, 0 for once; the last step only.
        only: query of whom it is for, "" for all; the others pass it by.
        to: a list on X, or the colleague it is handed to.
        texts: templates of drafts, each a variant.
    """

    name: str
    action: StepAction
    after_days: int = 0
    every_days: int = 0
    only: str = ""
    to: str = ""
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Goal:
    """How many people are to be engaged in a stretch of the calendar: week, month, quarter or year."""

    count: int
    per: str

    def __str__(self) -> str:
        return f"engage {self.count} per {self.per}"


@dataclass(frozen=True, slots=True)
class Playbook:
    """One playbook.

    Attributes:
        name: stable, as the store keeps it.
        title: for people.
        who: query of whom it is for.
        starts: when it begins for a person.
        within_days: someone who followed up to this many days ago is still a new follower.
        stop: query of who is out of it, "" for nobody.
        goal: what is aimed at, None without one.
        a_day: most it proposes on one day.
        is_on: whether it proposes anything.
        cool_down_days: least days between two times a person is addressed, by whatever playbook.
        steps: in order.
    """

    name: str
    title: str
    who: str
    starts: Start
    within_days: int
    stop: str
    goal: Goal | None
    a_day: int
    is_on: bool
    cool_down_days: int
    steps: tuple[Step, ...]

    def queries(self) -> list[str]:
        """Every query in it, each once."""
        found = [self.who, self.stop, *(step.only for step in self.steps)]
        return [text for text in dict.fromkeys(found) if text]


def shipped_names() -> list[str]:
    """Names of the playbooks that come with the program, in the order they are listed."""
    return list(_shipped())


def shipped_text(name: str) -> str:
    """The file of a playbook that comes with the program, "" where there is none of that name."""
    return _shipped().get(name, "")


@cache
def _shipped() -> dict[str, str]:
    """Name -> file of every playbook that comes with the program, in alphabetical order."""
    folder = resources.files("followertui.engage") / "playbooks"
    found = sorted((one for one in folder.iterdir() if one.name.endswith(".toml")), key=lambda one: one.name)
    return {one.name.removesuffix(".toml"): one.read_text(encoding="utf-8") for one in found}


@lru_cache(maxsize=128)
def parse(name: str, text: str) -> Playbook:
    """A playbook from its file.

    Args:
        name: of the playbook.
        text: TOML.

    Raises:
        BadInput: it cannot be used; the message says where and offers the nearest word.
    """
    if not _NAME.fullmatch(name):
        raise BadInput(f'playbook "{name}": a name is small letters, digits and -, 30 at most')
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"playbook {name}: is not valid TOML: {error}") from None
    except RecursionError:
        raise BadInput(f"playbook {name}: is nested too deeply") from None
    _know(name, "", table, _PLAYBOOK_KEYS)
    raw = table.get("step", [])
    if not isinstance(raw, list) or not raw or not all(isinstance(one, dict) for one in raw):
        raise BadInput(f"playbook {name}: needs at least one [[step]]")
    if len(raw) > _MOST_STEPS:
        raise BadInput(f"playbook {name}: has {len(raw)} steps; {_MOST_STEPS} at most")
    steps: list[Step] = []
    for number, one in enumerate(raw, start=1):
        steps.append(_step(name, number, one, [step.name for step in steps], is_last=number == len(raw)))
    who = _text(name, "", table, "who")
    if not who:
        raise BadInput(f'playbook {name}: who is it for? For example who = "kind:prospect is:follower"')
    return Playbook(
        name=name,
        title=_text(name, "", table, "title") or name,
        who=who,
        starts=Start(_choice(name, "", table, "starts", [one.value for one in Start], Start.FIRST_SIGHT.value)),
        within_days=_number(name, "", table, "within", 30, 1, MOST_DAYS),
        stop=_text(name, "", table, "stop"),
        goal=_goal(name, _text(name, "", table, "goal")),
        a_day=_number(name, "", table, "a_day", 5, 1, _MOST_A_DAY),
        is_on=_flag(name, table, "is_on"),
        cool_down_days=_number(name, "", table, "cool_down", 3, 1, MOST_DAYS),
        steps=tuple(steps),
    )


def _step(name: str, number: int, table: Mapping[str, Any], taken: Sequence[str], *, is_last: bool) -> Step:
    where = f", step {number}"
    _know(name, where, table, _STEP_KEYS)
    action = StepAction(_choice(name, where, table, "do", [one.value for one in StepAction], ""))
    every = _number(name, where, table, "every", 0, 1, MOST_DAYS)
    if every and (not is_last or action in SILENT_STEPS):
        raise BadInput(f"playbook {name}{where}: only the last step can repeat (every = {every})")
    to = _text(name, where, table, "to")
    if action in (StepAction.LIST, StepAction.ASSIGN) and not to:
        wanted = "a list on X" if action is StepAction.LIST else "a colleague"
        raise BadInput(f'playbook {name}{where}: {action} needs to = "...", {wanted}')
    if action is StepAction.STOP and not _text(name, where, table, "only"):
        raise BadInput(f'playbook {name}{where}: stop needs only = "...", a query of whom it stops for')
    if action is StepAction.WAIT and "after" not in table:
        raise BadInput(f"playbook {name}{where}: wait needs after = ..., a number of days")
    given = _text(name, where, table, "name") or _free_name(action.value, taken)
    if given in taken:
        raise BadInput(f'playbook {name}{where}: a step before is called "{given}" too')
    return Step(
        name=given,
        action=action,
        after_days=_number(name, where, table, "after", 0, 0, MOST_DAYS),
        every_days=every,
        only=_text(name, where, table, "only"),
        to=to,
        texts=_texts(name, where, table, action),
    )


def _free_name(name: str, taken: Sequence[str]) -> str:
    return next(one for one in (name, *(f"{name}-{n}" for n in range(2, _MOST_STEPS + 2))) if one not in taken)


def _texts(name: str, where: str, table: Mapping[str, Any], action: StepAction) -> tuple[str, ...]:
    texts = table.get("texts", [])
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise BadInput(f"playbook {name}{where}: texts is a list of texts in quotes")
    if texts and action not in WRITING:
        raise BadInput(f"playbook {name}{where}: {action} sends no text; texts go with {_listed(WRITING)}")
    if action in WRITING and len(texts) < 2:
        raise BadInput(f"playbook {name}{where}: {action} needs at least two texts, so that no two people get the same")
    for number, text in enumerate(texts, start=1):
        if wrong := templates.check(text, VARIABLES):
            raise BadInput(f"playbook {name}{where}: text {number} {wrong}")
        if action is not StepAction.OFFER and re.search(r"\b(link|title)\b", text):
            raise BadInput(f"playbook {name}{where}: text {number} names a link; only an offer has one")
        if action is StepAction.OFFER and not re.search(r"\{\{[^}]*\blink\b", text):
            raise BadInput(f"playbook {name}{where}: text {number} offers no {{{{ link }}}}")
    return tuple(texts)


def _listed(actions: frozenset[StepAction]) -> str:
    return ", ".join(one.value for one in StepAction if one in actions)


def _goal(name: str, text: str) -> Goal | None:
    if not text:
        return None
    found = _GOAL.fullmatch(" ".join(text.lower().split()))
    if found is None:
        raise BadInput(f'playbook {name}: goal "{text}": write it as "engage 50 per quarter" (week, month, year)')
    return Goal(int(found[1]), found[2])


def _know(name: str, where: str, table: Mapping[str, Any], keys: Sequence[str]) -> None:
    for key in table:
        if key not in keys:
            raise BadInput(f'playbook {name}{where}: "{key}" is not known{_near(key, keys)}')


def _near(word: str, words: Sequence[str]) -> str:
    near = get_close_matches(word, words, 1)
    return f"; did you mean {near[0]}?" if near else f"; there are {', '.join(words)}"


def _text(name: str, where: str, table: Mapping[str, Any], key: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str) or len(value) > 500:
        raise BadInput(f"playbook {name}{where}: {key} is a text in quotes, 500 characters at most")
    return " ".join(value.split())


def _choice(name: str, where: str, table: Mapping[str, Any], key: str, words: Sequence[str], usual: str) -> str:
    value = table.get(key, usual)
    if value not in words:
        near = _near(value, words) if isinstance(value, str) and value else f"; one of {', '.join(words)}"
        raise BadInput(f'playbook {name}{where}: {key} = "{value}" is not known{near}')
    return str(value)


def _number(name: str, where: str, table: Mapping[str, Any], key: str, usual: int, least: int, most: int) -> int:
    value = table.get(key, usual)
    if key in table and (isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most):
        raise BadInput(f"playbook {name}{where}: {key} is a whole number from {least} to {most}")
    return int(value)


def _flag(name: str, table: Mapping[str, Any], key: str) -> bool:
    value = table.get(key, True)
    if not isinstance(value, bool):
        raise BadInput(f"playbook {name}: {key} is true or false")
    return value
