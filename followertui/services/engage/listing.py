"""How playbooks stand, and what one would propose today.

Owns the list of playbooks and the trial. Reads only.
"""

from __future__ import annotations

from followertui.domain.errors import BadInput, BadQuery
from followertui.engage import contact_rules
from followertui.engage.playbook import Playbook
from followertui.services import books
from followertui.services.engage import looking, playbooks
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
        look = looking.Look(session, session.now)
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


def _people(look: looking.Look, book: Playbook) -> tuple[int, str]:
    """How many a playbook is for, and what is wrong with a query of it."""
    try:
        for query in book.queries():
            look.mask(query)
    except BadQuery as error:
        return 0, str(error)
    return int(look.mask(book.who).sum()), ""


def trial(session: Session, name: str) -> Trial:
    """Who gets what today from one playbook: what it has in Today, and what it would add; writes nothing.

    What it proposed today already counts towards its day; how much may wait in Today at once does not.

    Raises:
        BadInput: there is no such playbook, or it cannot be used.
    """
    known = books.books(session)
    if name not in known.good:
        raise BadInput(known.problems.get(name) or f'no playbook is named "{name}"; there are {", ".join(known.good)}')
    book = known.good[name]
    held: dict[str, int] = {}
    begun = looking.start_of_today(session)
    with session.evaluator.columns.hold():
        look = looking.Look(session, session.now)
        waiting = due.waiting_items(session.store)
        own = [item for item in due.open_items(session.store, session.now) if item.playbook == name]
        busy = {item.row for item in waiting} | due.answered_rows(session.store, begun)
        proposed = due.proposed_since(session.store, name, begun)
        try:
            everybody = looking.candidates(look, book, held).rows.tolist()
            chosen = looking.within_day(look, book, max(0, book.a_day - proposed), busy)
        except BadQuery as error:
            raise BadInput(f"playbook {name}: {error}") from None
        outs = contact_facts.no_contact_rows(session.store)
        held[contact_rules.NO_CONTACT] = int(sum(1 for row in outs if row < look.size and look.mask(book.who)[row]))
    held[looking.NOT_THERE] -= held[contact_rules.NO_CONTACT]
    others = busy - {item.row for item in own}
    held["something else is due for them or was done today"] = sum(row in others for row in everybody)
    so_far = f", {proposed:,} of them so far" if proposed else ""
    free = sum(row not in busy for row in everybody)
    held[f"more than {book.a_day} a day{so_far}"] = max(0, free - len(chosen))
    lines = [(item.row, item.step, item.action.value, item.worth) for item in own]
    lines += [(one.row, book.steps[one.step].name, book.steps[one.step].action.value, one.worth) for one in chosen]
    shown = {cell.row: cell for cell in cells(session, [line[0] for line in lines])}
    return Trial(
        tuple((shown[row], step, action, points) for row, step, action, points in lines if row in shown),
        tuple((why, count) for why, count in held.items() if count > 0),
    )
