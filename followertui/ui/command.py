"""What a command is: a verb with its keys, where it applies and what it needs.

Owns the shapes; the verbs themselves are in ``commands``. Free of Textual.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Place(str, Enum):
    """Where a command applies."""

    REVIEW = "review"
    CONFIRM = "confirm"
    PLAN = "plan"
    HAND = "by hand"
    TODAY = "today"

    def __str__(self) -> str:
        return self.value


class Need(str, Enum):
    """What must be there for a command to run."""

    ROW = "row"
    MARKS = "marks"
    WRITE = "write"
    MATCH = "match"
    READY = "ready"
    REPEAT = "repeat"
    DEMO = "demo"
    IDLE = "idle"
    JOB = "job"


WHY_NOT: dict[Need, str] = {
    Need.ROW: "no account under the cursor: ] goes to the next queue, / filters",
    Need.MARKS: "nothing is marked: space marks a row, * all in view",
    Need.WRITE: "opened read-only: start without --read-only to decide",
    Need.MATCH: "no match on this account to answer",
    Need.READY: "nothing in the plan is ready: decide out or follow in the review first",
    Need.REPEAT: "nothing to repeat yet",
    Need.DEMO: "only in the demo can a week pass at once",
    Need.IDLE: "a job is running: F6 stops it",
    Need.JOB: "nothing is running",
}
"""What is said when something a command needs is missing."""


@dataclass(frozen=True, slots=True)
class Command:
    """One verb.

    Attributes:
        id: stable name, also what a keymap overrides by.
        title: two or three words, for the palette and the footer.
        help: one sentence.
        keys: as people write them; twins for keys that are hard to type.
        group: heading in the help.
        where: places it applies.
        needs: what must be there.
        footer: rank in the footer, lowest first, 0 for not in it.
        words: more names the palette takes.
    """

    id: str
    title: str
    help: str
    keys: tuple[str, ...]
    group: str
    where: frozenset[Place]
    needs: tuple[Need, ...] = ()
    footer: int = 0
    words: tuple[str, ...] = ()
