"""The lines around the table: header, queues, status with the last decisions, footer.

Owns their text and what a click on each part means (see ``targets``). Values
are handed in; nothing here asks the workbench.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from followertui.ui.attempt import Guarded
from followertui.ui.cells import Part, counted, line
from followertui.ui.commands import Command, Place, footer_of
from followertui.ui.keymap import Keymap
from followertui.ui.targets import RunVerb, ToQuery, ToQueue, ToRow, target

if TYPE_CHECKING:
    from followertui.services.review.recent import LastDecision
    from followertui.services.values import Header, Queue

QUALIFIED_QUERY = "kind:customer OR kind:prospect OR kind:partner OR kind:influencer OR kind:press"
"""The rows behind "qualified" by default; the share counts followers among them."""


SHORT = frozenset({"palette", "help"})
"""Commands whose key alone stands at the end of the footer."""


def cut(parts: Sequence[Part], width: int, right: Content | None = None) -> Content:
    """Pieces in one line of ``width`` cells, ``right`` kept at the right edge."""
    tail = right or Content("")
    body = line(*parts).truncate(max(0, width - tail.cell_length), ellipsis=True)
    return body.pad_right(max(0, width - tail.cell_length - body.cell_length)) + tail


class HeaderBar(Guarded, Widget):
    """Profile, quality of the audience, how much is planned."""

    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._header: Header | None = None

    def show(self, header: Header) -> None:
        """Show figures, drawn again where they are others."""
        if header != self._header:
            self._header = header
            self.refresh()

    def render(self) -> Content:
        """One line."""
        header = self._header
        if header is None:
            return Content("followertui")
        parts: list[Part] = [(f" @{header.profile}" if header.profile else " followertui", "bold $primary")]
        if header.qualified_percent is not None:
            share = f"qualified {header.qualified_percent:.0f}%"
            if header.qualified_low is not None and header.qualified_high is not None:
                share += f" ({header.qualified_low:.0f}-{header.qualified_high:.0f})"
            if header.qualified_change is not None:
                share += f" {header.qualified_change:+,}/4wk"
            parts += [" · ", line((share, target(ToQuery(f"is:follower ({QUALIFIED_QUERY})"))))]
        parts += [" · ", line((f"{counted(header.followers)} followers", target(ToQuery("is:follower"))))]
        if self.size.width >= 110:
            parts += [" · ", line((f"{counted(header.following)} following", target(ToQuery("is:following"))))]
        parts += [" · ", line((f"plan {counted(header.planned)}", target(RunVerb("plan"))))]
        flags = ["DEMO"] if header.is_demo else []
        flags += ["READ-ONLY"] if header.is_read_only else []
        flags += [f"{header.hidden.upper()} HIDDEN"] if header.hidden else []
        right = line(*((f" {flag} ", "bold $background on $accent") for flag in flags))
        return cut(parts, self.size.width, right)


class QueueBar(Guarded, Widget):
    """The main queues with what is left in each."""

    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._queues: Sequence[Queue] = ()
        self._current = ""

    def show(self, queues: Sequence[Queue], current: str) -> None:
        """Show counts and the current queue, drawn again where they are others."""
        if (queues, current) != (self._queues, self._current):
            self._queues, self._current = queues, current
            self.refresh()

    def render(self) -> Content:
        """One line; what does not fit is behind "more", the current queue never is."""
        main = [queue for queue in self._queues if queue.is_main]
        current = next((queue for queue in self._queues if queue.id == self._current), None)
        if current is not None and not current.is_main:
            main.append(current)
        more = len(self._queues) - len(main)
        width = self.size.width
        while len(main) > 1 and self._length(main, more) > width:
            spare = next(queue for queue in reversed(main) if queue.id != self._current)
            main.remove(spare)
            more += 1
        parts: list[Part] = []
        for index, queue in enumerate(main):
            parts.append(("[ " if index == 0 else " │ ", "$foreground-muted"))
            parts.append(self._tab(queue))
        if more > 0:
            parts.append((" │ " if parts else "[ ", "$foreground-muted"))
            parts.append(line((f"' {more} more", target(RunVerb("queue.choose")))))
        parts.append((" ]", "$foreground-muted"))
        return cut(parts, width)

    def _tab(self, queue: Queue) -> Content:
        count = "…" if queue.count is None else counted(queue.count)
        if queue.id == self._current:
            tab = line((f"{queue.title} {count}", "bold $background on $primary"))
        else:
            tab = line(queue.title, " ", (count, "bold $accent" if queue.count else "$foreground-muted"))
        return tab.stylize(target(ToQueue(queue.id)))

    @staticmethod
    def _length(queues: Sequence[Queue], more: int) -> int:
        texts = [f"{queue.title} {'…' if queue.count is None else counted(queue.count)}" for queue in queues]
        texts += [f"' {more} more"] if more > 0 else []
        return len(" │ ".join(texts)) + 4


class StatusLine(Guarded, Widget):
    """What just happened, or the last decisions."""

    ALLOW_SELECT = False
    SHOWN_SECONDS = 8.0

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._said: tuple[str, str] | None = None
        self._last: Sequence[LastDecision] | None = None
        self._reviewer = ""
        self._spoken = 0

    @property
    def text(self) -> str:
        """What is said now, "" if nothing."""
        return self._said[0] if self._said else ""

    def say(self, text: str, style: str = "") -> None:
        """Say one line; it gives way to the last decisions after a while."""
        self._said = (text, style)
        self._spoken += 1
        number = self._spoken
        self.set_timer(self.SHOWN_SECONDS, lambda: self._quieten(number))
        self.refresh()

    def _quieten(self, number: int) -> None:
        if number == self._spoken:
            self._said = None
            self.refresh()

    def show_last(self, last: Sequence[LastDecision], reviewer: str) -> None:
        """Show the last decisions, newest first; who made one is named unless it was the reviewer."""
        if (last, reviewer) != (self._last, self._reviewer):
            self._last, self._reviewer = last, reviewer
            if self._said is None:
                self.refresh()

    def render(self) -> Content:
        """One line: what was said, else the last decisions."""
        width = self.size.width
        if self._said is not None:
            return cut([" ", (self._said[0], self._said[1])], width)
        if self._last is None:
            return Content("")
        if not self._last:
            return cut([(" last   nothing decided yet", "$foreground-muted")], width)
        parts: list[Part] = [line((" last   ", "$foreground-muted")).stylize(target(RunVerb("last")))]
        when = ""
        for index, one in enumerate(self._last):
            if index:
                parts.append((" · ", "$foreground-muted"))
            if one.when != when:
                when = one.when
                parts.append((f"{when} ", "$foreground-muted"))
            by = f" by {one.reviewer}" if one.reviewer != self._reviewer else ""
            shown = line((one.text, "strike" if one.is_withdrawn else ""), (f" {one.who}{by}", "$foreground-muted"))
            parts.append(shown.stylize(target(ToRow(one.row) if one.row else RunVerb("last"))))
        return cut(parts, width)


TYPING_KEYS = (("Enter", "to the rows"), ("Tab", "completes"), ("↑", "an earlier filter"), ("Esc", "leaves it"))
"""Keys of the filter while it is typed, and what they do."""


class KeyFooter(Guarded, Widget):
    """The keys most wanted here, from the registry."""

    ALLOW_SELECT = False

    def __init__(self, place: Place, keymap: Keymap, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._place = place
        self._keymap = keymap
        self._is_typing = False

    def show_typing(self, is_typing: bool) -> None:
        """Show the keys of the filter while letters go into it."""
        self._is_typing = is_typing
        self.refresh()

    def show(self, place: Place) -> None:
        """Show another place's keys."""
        if place != self._place:
            self._place = place
            self.refresh()

    def render(self) -> Content:
        """One line of keys; help stays at the end whatever the width."""
        width = self.size.width
        if self._is_typing:
            return cut([line((f" {key}", "bold $accent"), f" {title} ") for key, title in TYPING_KEYS], width)
        commands = [command for command in footer_of(self._place) if self._keymap.shown(command)]
        tail = line(*(self._key(command, "") for command in commands if command.id in SHORT), " ")
        body = [command for command in commands if command.id not in SHORT]
        roomy = sum(self._key(command, command.title).cell_length + 1 for command in body) + tail.cell_length <= width
        parts: list[Part] = []
        length = tail.cell_length
        for command in body:
            part = self._key(command, command.title + (" " if roomy else ""))
            if length + part.cell_length <= width:
                length += part.cell_length
                parts.append(part)
        return cut(parts, width, tail)

    def _key(self, command: Command, title: str) -> Content:
        shown = line((f" {self._keymap.shown(command)}", "bold $accent"), f" {title}" if title else "")
        return shown.stylize(target(RunVerb(command.id)))
