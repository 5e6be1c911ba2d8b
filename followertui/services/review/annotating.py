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


def note(session: Session, row: int, text: str, was: str | None = None) -> Gesture:
    """Write a note on one account; an empty text removes it.

    Args:
        session: the open store.
        row: the account.
        text: the note.
        was: the note the writer saw. Where another stands there by now, neither is lost: both are kept,
            and the gesture says so. None writes over whatever stands there.

    Raises:
        BadInput: a note the writer did not see would be removed.
    """
    clean = cleaning.clean_text(text, limit=4000, keep_lines=True).strip()
    line = "note written" if clean else "note removed"
    with session.store.write():
        there = pages.notes(session.store, [row]).get(row, "") if was is not None else ""
        if was is not None and there and there != was:
            if not clean:
                raise BadInput("another note was written here meanwhile: look at it before you remove it")
            clean = clean if clean == there else f"{there}\n{clean}"
            line = "note written below one that was written meanwhile: both are kept"
        value = (clean, session.reviewer, session.now) if clean else None
        changes = [Change(NOTE, deciding.present(session, [row]).tolist(), value)]
        return deciding.write(session, "note", changes, [], "", line, NOTE)


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
