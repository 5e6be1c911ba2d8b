"""Rules of views: everyone who enters a view gets its tag.

Owns when a rule may be set, whom it tags and what it says. A rule is a saved view with a tag, which
one can read and switch off; what it tagged is a gesture of the journal, which one can undo, and it
does not tag those accounts again while they stay in the view. ``Workbench`` calls it.
"""

from __future__ import annotations

from collections.abc import Sequence

from followertui.domain.errors import BadQuery
from followertui.services import querying
from followertui.services.phrases import counted
from followertui.services.review import deciding, sensitive
from followertui.services.session import Session
from followertui.services.values import Gesture
from followertui.store.decisions import saved_views, tags
from followertui.store.decisions.journal import Change
from followertui.store.decisions.slots import tag_slot

COMMAND = "view.tag"
"""Command of the journal's entries."""


def set_tag(session: Session, view_name: str, tag: str) -> str:
    """Tag everyone in a view now, and everyone who enters it from now on.

    Args:
        session: the open store.
        view_name: of a saved view.
        tag: the tag, made where it is not there; "" switches the rule off and leaves tags as they are.

    Returns:
        One line for the person.

    Raises:
        BadInput: there is no such view, or X forbids such a rule.
    """
    view = saved_views.named(session.store, view_name)
    if not tag.strip():
        saved_views.set_rule(session.store, view.name, None, ())
        return f"view {view.name} tags nobody any more; tags it gave stay"
    check(tag, view.name, view.query)
    rows = _rows(session, view.query)
    with session.store.write():
        number = tags.make_tag(session.store, tag)
        saved_views.set_rule(session.store, view.name, number, rows)
        done = _tag(session, view.name, tag.strip(), number, rows)
    return f"{done.text} · everyone who enters {view.name} is tagged {tag.strip()} from now on"


def check(tag: str, view_name: str, query: str) -> None:
    """Refuse a rule that X forbids.

    Raises:
        BadInput: its tag, the view's name or its query says it is about what X forbids.
    """
    sensitive.refuse(f"{tag} {view_name}", query)


def run(session: Session) -> list[str]:
    """Tag everyone who entered a view with a rule since it ran last.

    Returns:
        One line per rule that tagged someone.
    """
    told = []
    for name, query, tag_id, before in saved_views.rules(session.store):
        try:
            rows = _rows(session, query)
        except BadQuery:
            # It asks for what is no longer there, such as a wave: nobody enters it.
            continue
        known = set(before)
        entered = [row for row in rows if row not in known]
        if not entered and len(rows) == len(known):
            continue
        with session.store.write():
            saved_views.set_rule(session.store, name, tag_id, rows)
            if entered:
                done = _tag(session, name, tags.name_of(session.store, tag_id), tag_id, entered)
                if done.entry_id:
                    told.append(done.text)
    return told


def _rows(session: Session, query: str) -> list[int]:
    """Accounts a view holds; its order and what is decided by now play no part."""
    return [int(row) for row in querying.rows_of(session, query)]


def _tag(session: Session, view_name: str, tag: str, number: int, rows: Sequence[int]) -> Gesture:
    wanted = deciding.present(session, rows).tolist()
    words = f"view {view_name}: tag +{tag}"
    done = deciding.write(session, COMMAND, [Change(tag_slot(number), wanted, ())], [], "", words, None)
    return done if done.entry_id else done._replace(text=f"{words}: {counted(len(wanted), 'account')} had it already")
