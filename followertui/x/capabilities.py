"""What this X account may do through the API: as published, corrected by X's answers.

Owns the value that apply checks before each action and updates after each call; the store
keeps it as JSON. It knows nothing of waiting or money.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from followertui.domain.decision import ActionKind
from followertui.domain.errors import BadInput
from followertui.x.platform import Access, Can, Capability, Endpoint, Platform
from followertui.x.protocol import Outcome, OutcomeType

_PROVEN_REFUSALS = 2
"""Refusals in a row that make an action unavailable after it worked: a single one may be the target's doing."""


class Lesson(NamedTuple):
    """What X's answers showed about one action.

    Attributes:
        can: yes or no.
        as_of: ISO time of the answer, UTC; of answers that say the same, the first of a day.
        refusals: refusals in a row since it last worked.
    """

    can: Can
    as_of: str
    refusals: int


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Published capabilities of an access level, overlaid by lessons.

    Attributes:
        access: access level of the account, as far as known.
        lessons: action -> what X's answers showed.
        scopes: what the OAuth2 sign-in covers; None where it covers all, as OAuth1 keys do.
        reads: endpoint of a read -> what X's answers showed.
        platform: published facts.
    """

    access: Access = Access.UNKNOWN
    lessons: dict[ActionKind, Lesson] = field(default_factory=dict, hash=False)
    scopes: tuple[str, ...] | None = None
    reads: dict[str, Lesson] = field(default_factory=dict, hash=False)
    platform: Platform = field(default_factory=Platform.load, compare=False, repr=False)

    def of(self, action: ActionKind) -> Capability:
        """Whether an action can go through the API now; a lesson outranks what is published."""
        lesson = self.lessons.get(action)
        endpoint = self.platform.endpoint_of(action)
        if endpoint is not None and not self.covers(endpoint):
            reason = f"the sign-in does not cover it: followertui auth login --for {action}"
            return Capability(Can.NO, reason, self.platform.as_of.isoformat())
        if lesson is None or endpoint is None:
            return self.platform.capability(action, self.access)
        reason = "X refused it for this account" if lesson.can is Can.NO else "it worked for this account"
        return Capability(lesson.can, reason, lesson.as_of)

    def covers(self, endpoint: Endpoint) -> bool:
        """Whether the sign-in was given what an endpoint asks for."""
        return self.scopes is None or set(endpoint.scopes) <= set(self.scopes)

    def may_be_tried(self, action: ActionKind) -> bool:
        """Whether X has a call for an action and has not refused it to this account yet."""
        endpoint = self.platform.endpoint_of(action)
        if endpoint is None or not self.covers(endpoint):
            return False
        lesson = self.lessons.get(action)
        return lesson is None or lesson.can is not Can.NO

    def of_read(self, endpoint: str) -> Capability:
        """Whether the account may read something; unknown until X has answered."""
        entry = self.platform.endpoints[endpoint]
        as_of = self.platform.as_of.isoformat()
        if not self.covers(entry):
            return Capability(Can.NO, "the sign-in does not cover it: followertui auth login", as_of)
        lesson = self.reads.get(endpoint)
        if lesson is None:
            return Capability(Can.UNKNOWN, "not tried yet", as_of)
        reason = "X refused it for this account" if lesson.can is Can.NO else "it worked for this account"
        return Capability(lesson.can, reason, lesson.as_of)

    def learn(self, action: ActionKind, outcome: Outcome, at: datetime) -> Capabilities:
        """The capabilities after an answer; the same object where it showed nothing new.

        Args:
            action: what was tried.
            outcome: what came of it.
            at: aware UTC.
        """
        before = self.lessons.get(action)
        after = _after(before, outcome, at)
        return self if after is None or after is before else replace(self, lessons={**self.lessons, action: after})

    def learn_read(self, endpoint: str, outcome: Outcome, at: datetime) -> Capabilities:
        """As ``learn``, for a read."""
        before = self.reads.get(endpoint)
        after = _after(before, outcome, at)
        return self if after is None or after is before else replace(self, reads={**self.reads, endpoint: after})

    def forget(self, action: ActionKind) -> Capabilities:
        """The capabilities without the lesson about an action, so that it is tried again."""
        return replace(self, lessons={kind: known for kind, known in self.lessons.items() if kind is not action})

    def to_json(self) -> str:
        """The capabilities as one line of JSON, for the store."""
        lessons = {str(action): list(lesson) for action, lesson in sorted(self.lessons.items())}
        scopes = {} if self.scopes is None else {"scopes": list(self.scopes)}
        reads = {"reads": {name: list(lesson) for name, lesson in sorted(self.reads.items())}} if self.reads else {}
        return json.dumps({"access": str(self.access), "lessons": lessons, **scopes, **reads})

    @staticmethod
    def from_json(text: str, platform: Platform | None = None) -> Capabilities:
        """Read what ``to_json`` wrote.

        Raises:
            BadInput: when the text is something else.
        """
        try:
            data = json.loads(text)
            lessons = {ActionKind(name): _lesson(line) for name, line in data["lessons"].items()}
            scopes = tuple(map(str, data["scopes"])) if data.get("scopes") is not None else None
            reads = {str(name): _lesson(line) for name, line in data.get("reads", {}).items()}
            return Capabilities(Access(data["access"]), lessons, scopes, reads, platform or Platform.load())
        except (ValueError, KeyError, TypeError, AttributeError):
            raise BadInput("what was learned about the X account cannot be read; sign in again to start over") from None


def _lesson(line: list[object]) -> Lesson:
    can, as_of, refusals = line
    return Lesson(Can(can), str(as_of), int(str(refusals)))


def _after(before: Lesson | None, outcome: Outcome, at: datetime) -> Lesson | None:
    """What is known after an answer; the same object where it showed nothing new."""
    as_of = at.isoformat(timespec="seconds")
    if outcome.type in (OutcomeType.DONE, OutcomeType.PENDING):
        # Once a day is enough: a run of thousands would write the same again after every call.
        is_known = before is not None and before[:1] + before[2:] == (Can.YES, 0) and before.as_of[:10] == as_of[:10]
        return before if is_known else Lesson(Can.YES, as_of, 0)
    if outcome.type is not OutcomeType.REFUSED_CAPABILITY:
        return before
    refusals = 1 + (before.refusals if before else 0)
    has_worked = before is not None and before.can is Can.YES
    return Lesson(Can.YES if has_worked and refusals < _PROVEN_REFUSALS else Can.NO, as_of, refusals)
