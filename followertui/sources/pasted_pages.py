"""A page of followers copied off the screen: name, @handle, buttons and bio, one account below the other.

Owns telling such text by its lines and parting it into accounts; the words on X's buttons, in the languages
it is used in most. Imported by ``line_lists``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from followertui.text.folding import fold

PAGE_COLUMNS = ("handle", "name", "bio", "follows you")

_HANDLE = re.compile(r"@[A-Za-z0-9_]{1,15}")
_FOLLOWS_US = frozenset(
    {
        *("follows you", "folgt dir", "te sigue", "vous suit", "segue voce", "segue-te", "ti segue", "volgt jou"),
        *("フォローされています", "关注了你", "sizi takip ediyor", "подписан на вас", "śledzi cię"),
    }
)
_BUTTONS = frozenset(
    {
        *(
            "follow",
            "following",
            "follow back",
            "pending",
            "unfollow",
            "subscribe",
            "requested",
            "more",
            "verified account",
        ),
        *("folgen", "folge ich", "zurückfolgen", "seguir", "siguiendo", "seguir tambien", "suivre", "abonne", "abonné"),
        *("suivre en retour", "seguindo", "seguir de volta", "segui", "segui già", "volgen", "volgend", "フォロー"),
        *("フォロー中", "フォローバックする", "关注", "正在关注", "takip et", "takip ediliyor", "читать", "obserwuj"),
    }
)
_SPOKEN = re.compile(r"(?:click to )?(?:un)?follow(?:ing)? @?\w{1,15}", re.IGNORECASE)
_LEAST = 2


def is_page(lines: Sequence[str]) -> bool:
    """Whether lines are accounts as the page shows them: a name, its @handle below it, and buttons.

    Args:
        lines: some of the text, without blank lines.
    """
    places = [at for at, line in enumerate(lines) if _HANDLE.fullmatch(line)]
    if len(places) < _LEAST:
        return False
    named = [at for at in places if at and not _HANDLE.fullmatch(lines[at - 1]) and not _is_button(lines[at - 1])]
    buttons = sum(_is_button(line) for line in lines)
    return len(named) == len(places) and buttons * 2 >= len(places)


def accounts_of(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, list[str]]]:
    """The accounts of a page, in order.

    Args:
        lines: line number and text, without blank lines.

    Yields:
        Line of the handle; handle, name, bio and whether it says that they follow us, as ``PAGE_COLUMNS``.
    """
    line, handle, name, said = 0, "", "", list[str]()
    before = ""
    for number, text in lines:
        if _HANDLE.fullmatch(text):
            if handle:
                yield line, _row(handle, name, said[:-1])
            line, handle, name, said = number, text, before, []
        else:
            said.append(text)
            before = text
    if handle:
        yield line, _row(handle, name, said)


def _row(handle: str, name: str, said: Sequence[str]) -> list[str]:
    follows = any(fold(one) in _follows_us() for one in said)
    bio = " ".join(one for one in said if not _is_button(one))
    return [handle, name, bio, "yes" if follows else ""]


@cache
def _follows_us() -> frozenset[str]:
    return frozenset(map(fold, _FOLLOWS_US))


@cache
def _buttons() -> frozenset[str]:
    return frozenset(map(fold, _BUTTONS)) | _follows_us()


def _is_button(line: str) -> bool:
    return fold(line) in _buttons() or bool(_SPOKEN.fullmatch(line))
