"""One word on a clause instead of many on matches: "Summit" in a bio is not our Summit Inc.

Owns how many matches rest on a clause, and the word that refuses it: one journal entry, undone
as one. Matches that rest on it are compared again. ``Workbench`` and the command line call it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from followertui.domain.errors import BadInput, NothingToDo
from followertui.domain.match import ClauseWord
from followertui.late import late
from followertui.services.intake import amending
from followertui.services.phrases import counted, one_line
from followertui.services.session import Session
from followertui.services.values import Gesture
from followertui.store.file import watermarks
from followertui.store.lists import matches

if TYPE_CHECKING:
    from followertui.matching import clauses
else:
    clauses = late("followertui.matching.clauses")


class Clause(NamedTuple):
    """A clause of a match, and what rests on it.

    Attributes:
        word: the words that would be refused.
        text: what refusing says: "summit" in a bio is not Summit Inc.
        rows: accounts with a match of the entity that rests on it, ascending.
        alone: how many open matches rest on it alone, and would go.
        beside: how many have other evidence beside it.
    """

    word: ClauseWord
    text: str
    rows: tuple[int, ...]
    alone: int
    beside: int

    @property
    def counts(self) -> str:
        """How many matches it touches, in words."""
        rest = f", {counted(self.beside, 'match has', 'matches have')} more beside it" if self.beside else ""
        return f"{counted(self.alone, 'match rests', 'matches rest')} on it alone{rest}"


def clause(session: Session, match_id: int) -> Clause:
    """The strongest clause of a match, and how many matches rest on it.

    Raises:
        BadInput: there is no such match, or nothing in it can be refused.
    """
    found = next(iter(matches.matches_with_ids(session.store, [match_id])), None)
    if found is None:
        raise BadInput(f"no match has the id {match_id}; `followertui matches --json` lists them")
    own = (clauses.clause_of(found.entity_id, piece) for piece in found.evidence)
    word = next((one for one in own if one is not None), None)
    if word is None:
        raise BadInput(f"match {match_id} rests on no words of the account; reject it instead")
    touched = [
        match
        for match in matches.of_entity(session.store, found.entity_id)
        if match.state.value == "unreviewed"
        and any(clauses.clause_of(found.entity_id, piece) == word for piece in match.evidence)
    ]
    alone = sum(clauses.rests_alone(match.evidence, word) for match in touched)
    text = f'"{one_line(word.text, 40)}" in the {word.field} is not {one_line(found.entity, 40)}'
    return Clause(word, text, tuple(sorted({match.row for match in touched})), alone, len(touched) - alone)


def refuse(session: Session, match_id: int) -> Gesture:
    """Say that the strongest clause of a match is not its entity, for every account; one word, undone as one.

    What a person confirmed or rejected stays. The accounts it touches are to be compared again.

    Raises:
        BadInput: see ``clause``.
        NothingToDo: it was said before.
    """
    with session.store.write():
        found = clause(session, match_id)
        if found.word in watermarks.CLAUSE_WORDS.read(session.store):
            raise NothingToDo(f"{found.text}: was said already")
        amending.set_clause(session.store, found.word, found.rows, is_refused=True)
        line = f"{found.text}: {found.counts}"
        body = {"clause": list(found.word), "rows": list(found.rows)}
        number = session.journal.record(amending.CLAUSE, session.now, line, len(found.rows), body)
    return Gesture(number, len(found.rows), 0, 0, (), line)
