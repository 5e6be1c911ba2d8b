"""The list or post an action is about: checked with X when it is planned, not when it is carried out.

Owns what a person may write for it and which id of X a list's name stands for. Without a signed-in
account nothing can be asked: by hand the name is enough. The command line and ``applying`` ask it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from followertui.domain.decision import ActionKind
from followertui.domain.errors import BadInput
from followertui.services.session import Session
from followertui.store.decisions import requests
from followertui.store.file import settings
from followertui.text.cleaning import clean_text
from followertui.x.platform import Platform
from followertui.x.protocol import OwnList, XClient, XFailed

LIST_ACTIONS = frozenset({ActionKind.LIST_ADD, ActionKind.LIST_REMOVE})

_LONGEST_NAME = 25
"""Characters of a list's name on X."""
_LIST_ADDRESS = re.compile(r"(?:https?://)?(?:www\.|mobile\.)?(?:x|twitter)\.com/i/lists/(\d{1,19})(?:[/?#].*)?")
_POST_ADDRESS = re.compile(
    r"(?:https?://)?(?:www\.|mobile\.)?(?:x|twitter)\.com/\w{1,20}/status/(\d{1,19})(?:[/?#].*)?"
)
_DIGITS = re.compile(r"\d{1,19}", re.ASCII)

_Answer = TypeVar("_Answer")


def post_id(text: str) -> str:
    """The id of a post from its id or its address.

    Raises:
        BadInput: it is neither.
    """
    found = _POST_ADDRESS.fullmatch(text.strip())
    number = found[1] if found else text.strip()
    if not _DIGITS.fullmatch(number):
        raise BadInput(f'--post "{clean_text(text, limit=60)}": give the post\'s address or the number at its end')
    return number


def resolve_list(session: Session, text: str, *, is_made: bool = False) -> str:
    """The name of one of our lists on X, from its name, number or address.

    With an account signed in, X is asked for our lists, and the list's id is kept for carrying out.

    Args:
        session: the open store.
        text: as a person wrote it.
        is_made: make the list, private, where none has that name.

    Returns:
        Its name; its number where two lists have one name, or nothing can be asked.

    Raises:
        BadInput: there is no such list, or X does not say; nothing was planned.
    """
    wanted = clean_text(text, limit=100).strip()
    address = _LIST_ADDRESS.fullmatch(wanted)
    wanted = address[1] if address else wanted
    if session.open_x is None:
        return wanted
    client = session.open_x()
    lists = _asked(session, "owned_lists", 100, lambda: client.own_lists(), len)
    found = [each for each in lists if wanted in (str(each.id),) or each.name.casefold() == wanted.casefold()]
    if len(found) > 1 and str(found[0].id) != wanted:
        numbers = ", ".join(str(each.id) for each in found)
        raise BadInput(f'two of your lists on X are named "{wanted}": give the number of one ({numbers})')
    if not found and is_made and not _DIGITS.fullmatch(wanted):
        found = [_make(session, client, wanted)]
    if not found:
        names = ", ".join(f'"{each.name}"' for each in lists[:10]) or "none"
        raise BadInput(
            f'none of your lists on X is named or numbered "{wanted}" (you have: {names}); '
            "--make makes it; nothing was planned"
        )
    known = settings.X_LISTS.read(session.store)
    is_alone = sum(each.name.casefold() == found[0].name.casefold() for each in lists) < 2
    name = found[0].name if is_alone and found[0].name.strip() else str(found[0].id)
    settings.X_LISTS.write(session.store, {**known, name: str(found[0].id)})
    return name


def _make(session: Session, client: XClient, name: str) -> OwnList:
    if len(name) > _LONGEST_NAME:
        raise BadInput(f'"{name}": the name of a list on X has at most {_LONGEST_NAME} characters')
    return _asked(session, "list_create", 1, lambda: client.make_list(name), lambda _: 1)


def _asked(
    session: Session, endpoint: str, most: int, call: Callable[[], _Answer], units: Callable[[_Answer], int]
) -> _Answer:
    """Ask X, written into the ledger before and after.

    Raises:
        BadInput: X does not answer.
    """
    price = Platform.load().price(endpoint, owned=endpoint == "owned_lists")
    number = requests.begin(session.store, endpoint, None, most, round(price * most, 4), session.now)
    try:
        answer = call()
    except XFailed as failure:
        status = failure.outcome.status
        state = requests.UNKNOWN if status is None or 200 <= status < 300 else requests.REFUSED
        requests.finish(session.store, number, state, 0, 0.0, status, session.now)
        raise BadInput(f"X does not say which lists you have: {failure.outcome.message}; nothing was planned") from None
    count = units(answer)
    requests.finish(session.store, number, requests.ANSWERED, count, round(price * count, 4), 200, session.now)
    return answer


def id_of(session: Session, action: ActionKind, text: str) -> str | None:
    """What X is given for an item's list or post: digits, "" where none is needed, None where its id is not known."""
    if action is ActionKind.REPOST:
        return text if _DIGITS.fullmatch(text) else None
    if action not in LIST_ACTIONS:
        return ""
    if _DIGITS.fullmatch(text):
        return text
    found = settings.X_LISTS.read(session.store).get(text)
    return found if isinstance(found, str) and _DIGITS.fullmatch(found) else None
