"""What a person writes on accounts: tags and notes.

Owns their gestures; ``Workbench`` and the command line call them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from followertui.domain.errors import BadInput
from followertui.services.review import deciding
from followertui.services.session import Session
from followertui.services.values import Gesture
from followertui.store.audience import pages
from followertui.store.decisions import tags
from followertui.store.decisions.journal import Change
from followertui.store.decisions.slots import NOTE, tag_slot
from followertui.text import cleaning


def tag(
    session: Session, rows: Sequence[int], add: Iterable[str] = (), remove: Iterable[str] = (), query: str = ""
) -> Gesture:
    """Add and remove tags.

    Raises:
        BadInput: a tag to remove does not exist, or no tag is named.
    """
    wanted = deciding.present(session, rows).tolist()
    changes, words = [], []
    for name in add:
        changes.append(Change(tag_slot(tags.make_tag(session.store, name)), wanted, ()))
        words.append(f"+{name}")
    for name in remove:
        number = tags.tag_named(session.store, name)
        if number is None:
            raise BadInput(f'no tag is named "{name}"')
        changes.append(Change(tag_slot(number), wanted, None))
        words.append(f"-{name}")
    if not changes:
        raise BadInput("name a tag to add or remove")
    done = deciding.write(session, "tag", changes, [], query, f"tag {' '.join(words)}", None)
    return done if done.entry_id else done._replace(text=f"Nothing to change: tag {' '.join(words)} is so already.")


def note(session: Session, row: int, text: str) -> Gesture:
    """Write a note on one account; an empty text removes it."""
    clean = cleaning.clean_text(text, limit=4000, keep_lines=True).strip()
    value = (clean, session.reviewer, session.now) if clean else None
    line = "note written" if clean else "note removed"
    return deciding.write(
        session, "note", [Change(NOTE, deciding.present(session, [row]).tolist(), value)], [], "", line, NOTE
    )


def add_note(session: Session, rows: Sequence[int], text: str, query: str = "") -> Gesture:
    """Add a line to the notes of accounts; what stands there stays.

    Raises:
        BadInput: the text is empty.
    """
    clean = cleaning.clean_text(text, limit=1000).strip()
    if not clean:
        raise BadInput("a note needs a text")
    wanted = deciding.present(session, rows).tolist()
    known = pages.notes(session.store, wanted)
    by_text: dict[str, list[int]] = {}
    for row in wanted:
        before = known.get(row, "")
        by_text.setdefault(f"{before}\n{clean}" if before else clean, []).append(row)
    changes = [Change(NOTE, some, (full, session.reviewer, session.now)) for full, some in by_text.items()]
    return deciding.write(session, "note", changes, [], query, "note added", NOTE)
