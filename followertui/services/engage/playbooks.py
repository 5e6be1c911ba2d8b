"""Playbooks in force: those that come with the program, as a person changed them in this store.

Owns which there are, editing one as a text that is checked before it is kept, and how each stands.
"""

from __future__ import annotations

from followertui.domain.errors import BadInput, BadQuery
from followertui.engage import playbook as rules
from followertui.engage.playbook import Playbook
from followertui.services import books
from followertui.services.phrases import counted
from followertui.services.session import Session
from followertui.store.file import settings
from followertui.text.cleaning import clean_text

MOST_CHARACTERS = 20_000
"""The longest playbook kept."""


def names(session: Session) -> list[str]:
    """Names of every playbook."""
    return sorted({*rules.shipped_names(), *settings.PLAYBOOKS.read(session.store)})


def text(session: Session, name: str) -> str:
    """The file of a playbook.

    Raises:
        BadInput: there is none of that name.
    """
    found = books.text_of(settings.PLAYBOOKS.read(session.store), name)
    if not found:
        raise BadInput(f'no playbook is named "{name}"; there are {", ".join(names(session))}')
    return found


def is_own(session: Session, name: str) -> bool:
    """Whether a playbook was changed in this store."""
    return name in settings.PLAYBOOKS.read(session.store)


def check(session: Session, name: str, changed: str) -> Playbook:
    """A playbook from a changed text, with every query in it read once.

    Raises:
        BadInput: it cannot be used.
    """
    if len(changed) > MOST_CHARACTERS:
        raise BadInput(f"playbook {name}: is longer than {MOST_CHARACTERS:,} characters")
    found = rules.parse(name, changed)
    for query in found.queries():
        try:
            session.parse(query)
        except BadQuery as error:
            is_said = "did you mean" in str(error)
            near = f"; did you mean {error.suggestion}?" if error.suggestion and not is_said else ""
            raise BadInput(f'playbook {name}: query "{query}": {error}{near}') from None
    return found


def save(session: Session, name: str, changed: str, was: str | None = None) -> str:
    """Keep a changed playbook, or a new one; returns one line.

    Args:
        session: the open store.
        name: of the playbook.
        changed: its text; "" returns to the one that comes with the program, or removes one of your own.
        was: the text that was edited. Where another stands there by now, nothing is written.

    Raises:
        BadInput: it cannot be used, or it was changed meanwhile; nothing is written.
    """
    plain = "\n".join(clean_text(line, limit=1_000) if "\x1b" in line else line for line in changed.split("\n"))
    with session.store.write():
        own = settings.PLAYBOOKS.read(session.store)
        if was is not None and books.text_of(own, name) != was:
            raise BadInput(f"playbook {name}: was changed meanwhile; look at it again before you change it")
        if not plain.strip() or plain == rules.shipped_text(name):
            if name not in own:
                return f"playbook {name}: nothing to change"
            settings.PLAYBOOKS.write(session.store, {key: kept for key, kept in own.items() if key != name})
            return f"playbook {name}: {'as it comes with the program' if rules.shipped_text(name) else 'removed'}"
        found = check(session, name, plain)
        settings.PLAYBOOKS.write(session.store, {**own, name: plain})
    state = "" if found.is_on else "; it is off (is_on = false)"
    return f"playbook {name}: kept, {counted(len(found.steps), 'step')}{state}"


def turned(session: Session, name: str, is_on: bool | None = None) -> str:
    """Turn a playbook on or off, or over where it is not said; returns one line.

    Raises:
        BadInput: there is none of that name, or it cannot be used.
    """
    present = text(session, name)
    found = rules.parse(name, present)
    wanted = "true" if (not found.is_on if is_on is None else is_on) else "false"
    lines = present.split("\n")
    at = next((place for place, line in enumerate(lines) if line.replace(" ", "").startswith("is_on=")), None)
    if at is None:
        first = next((place for place, line in enumerate(lines) if line.startswith("who")), 0)
        lines.insert(first, f"is_on = {wanted}")
    else:
        lines[at] = f"is_on = {wanted}"
    save(session, name, "\n".join(lines), was=present)
    return f"playbook {name}: {'on' if wanted == 'true' else 'off'}"
