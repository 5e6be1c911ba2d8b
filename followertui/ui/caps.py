"""Caps Lock noticed before it does anything: a capital that is no verb, or two different capital verbs in a row.

Owns what counts as that. Free of Textual.
"""

from __future__ import annotations


class CapsWatch:
    """Looks at the letters pressed, one after the other."""

    def __init__(self) -> None:
        self._last = ""

    def question(self, letter: str, title: str, small_title: str) -> str:
        """What to ask before a letter does anything, "" where it may.

        Args:
            letter: the key's character, "" for other keys.
            title: the verb it is at this place, "" for none.
            small_title: the verb the small letter is, "" for none.

        Returns:
            One line. Pressing the same letter again then does it.
        """
        last, self._last = self._last, ""
        if not (len(letter) == 1 and letter.isupper()):
            return ""
        if not title:
            return f"Caps Lock? {letter} is no verb here; {letter.lower()} is {small_title}" if small_title else ""
        self._last = letter
        if last and last != letter:
            return f"Caps Lock? {letter} is {title}: press it again to do that"
        return ""
