"""How playbooks stand, and what one would propose today.

Owns the list of playbooks and the trial. Reads only.
"""

from __future__ import annotations

from followertui.domain.errors import BadInput, BadQuery
from followertui.engage import contact_rules
from followertui.engage.playbook import Playbook
from followertui.services import books
from followertui.services.engage import playbooks, proposing
from followertui.services.engage.values import PlaybookLine, Trial
from followertui.services.row_cells import cells
from followertui.services.session import Session
from followertui.store.audience import contact_facts
from followertui.store.decisions import due


def lines(session: Session) -> list[PlaybookLine]:
    """Every playbook and how it stands, those that can be used first."""
    known = books.books(session)
    open_now = [item.playbook for item in due.open_items(session.store, session.now)]
    found = []
    with session.evaluator.columns.hold():
        look = proposing.Look(session, session.now)
        for name, book in known.good.items():
            people, problem = _people(look, book)
            since = books.since_of(book.goal, session.clock.now(), session.zone)
            engaged = due.tally(session.store, name, books.ENGAGING, since).engaged
            found.append(
                PlaybookLine(
                    name,
                    book.title,
                    book.who,
                    book.is_on and not problem,
                    playbooks.is_own(session, name),
                    people,
                    open_now.count(name),
                    str(book.goal or ""),
                    engaged,
                    problem,
                )
            )
    found += [
        PlaybookLine(name, name, "", False, True, 0, 0, "", 0, problem) for name, problem in known.problems.items()
    ]
    return found


def _people(look: proposing.Look, book: Playbook) -> tuple[int, str]:
    """How many a playbook is for, and what is wrong with a query of it."""
    try:
        for query in book.queries():
            look.mask(query)
    except BadQuery as error:
        return 0, str(error)
    return int(look.mask(book.who).sum()), ""


def trial(session: Session, name: str) -> Trial:
    """Who would get what today from one playbook, as if nothing else were due; writes nothing.

    Raises:
        BadInput: there is no such playbook, or it cannot be used.
    """
    known = books.books(session)
    if name not in known.good:
        raise BadInput(known.problems.get(name) or f'no playbook is named "{name}"; there are {", ".join(known.good)}')
    book = known.good[name]
    held: dict[str, int] = {}
    with session.evaluator.columns.hold():
        look = proposing.Look(session, session.now)
        try:
            everybody = proposing.candidates(look, book, held)
            waiting = {item.row for item in due.waiting_items(session.store)}
            chosen = proposing.within_day(look, book, book.a_day, waiting)
        except BadQuery as error:
            raise BadInput(f"playbook {name}: {error}") from None
        outs = contact_facts.no_contact_rows(session.store)
        held[contact_rules.NO_CONTACT] = int(sum(1 for row in outs if row < look.size and look.mask(book.who)[row]))
    held[proposing.NOT_THERE] -= held[contact_rules.NO_CONTACT]
    held["something else is due for them"] = sum(one.row in waiting for one in everybody)
    held[f"more than {book.a_day} a day"] = max(
        0, len(everybody) - held["something else is due for them"] - len(chosen)
    )
    shown = {cell.row: cell for cell in cells(session, [one.row for one in chosen])}
    return Trial(
        tuple(
            (shown[one.row], book.steps[one.step].name, book.steps[one.step].action.value, one.worth)
            for one in chosen
            if one.row in shown
        ),
        tuple((why, count) for why, count in held.items() if count > 0),
    )
