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
        platform: published facts.
    """

    access: Access = Access.UNKNOWN
    lessons: dict[ActionKind, Lesson] = field(default_factory=dict, hash=False)
    scopes: tuple[str, ...] | None = None
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

    def learn(self, action: ActionKind, outcome: Outcome, at: datetime) -> Capabilities:
        """The capabilities after an answer; the same object where it showed nothing new.

        Args:
            action: what was tried.
            outcome: what came of it.
            at: aware UTC.
        """
        before = self.lessons.get(action)
        as_of = at.isoformat(timespec="seconds")
        if outcome.type in (OutcomeType.DONE, OutcomeType.PENDING):
            # Once a day is enough: a run of thousands would write the same again after every call.
            is_known = (
                before is not None and before[:1] + before[2:] == (Can.YES, 0) and before.as_of[:10] == as_of[:10]
            )
            return self if is_known else self._with(action, Lesson(Can.YES, as_of, 0))
        if outcome.type is not OutcomeType.REFUSED_CAPABILITY:
            return self
        refusals = 1 + (before.refusals if before else 0)
        has_worked = before is not None and before.can is Can.YES
        can = Can.YES if has_worked and refusals < _PROVEN_REFUSALS else Can.NO
        return self._with(action, Lesson(can, as_of, refusals))

    def forget(self, action: ActionKind) -> Capabilities:
        """The capabilities without the lesson about an action, so that it is tried again."""
        return replace(self, lessons={kind: known for kind, known in self.lessons.items() if kind is not action})

    def to_json(self) -> str:
        """The capabilities as one line of JSON, for the store."""
        lessons = {str(action): list(lesson) for action, lesson in sorted(self.lessons.items())}
        scopes = {} if self.scopes is None else {"scopes": list(self.scopes)}
        return json.dumps({"access": str(self.access), "lessons": lessons, **scopes})

    @staticmethod
    def from_json(text: str, platform: Platform | None = None) -> Capabilities:
        """Read what ``to_json`` wrote.

        Raises:
            BadInput: when the text is something else.
        """
        try:
            data = json.loads(text)
            lessons = {
                ActionKind(name): Lesson(Can(can), str(as_of), int(refusals))
                for name, (can, as_of, refusals) in data["lessons"].items()
            }
            scopes = tuple(map(str, data["scopes"])) if data.get("scopes") is not None else None
            return Capabilities(Access(data["access"]), lessons, scopes, platform or Platform.load())
        except (ValueError, KeyError, TypeError, AttributeError):
            raise BadInput("what was learned about the X account cannot be read; sign in again to start over") from None

    def _with(self, action: ActionKind, lesson: Lesson) -> Capabilities:
        return replace(self, lessons={**self.lessons, action: lesson})
