"""JSON read piece by piece: arrays, one object a line, envelopes, and X's JavaScript wrapper.

Owns the streaming of values out of a file of any size with flat memory. Does not own what
the values mean. Imported by the readers of this room.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from followertui.domain.errors import BadInput
from followertui.sources.problems import Problem, row_problem
from followertui.sources.text_files import Encoding, FirstLook, open_text, shown_name

_BLOCK = 1 << 18
_MAX_VALUE = 64 << 20
_WHOLE_OBJECT = 4 << 20
_BLANKS = " \t\r\n,;\ufeff\x00"


class Item(NamedTuple):
    """One value of a stream.

    Attributes:
        line: one-based line it starts at.
        path: where it stood: keys of the objects around it from the outermost on, "[]" for an array.
        value: the decoded value.
    """

    line: int
    path: tuple[str, ...]
    value: Any


class JsonStream:
    """Values of a JSON text in file order.

    An array gives its elements; objects one after another give themselves; one object too
    large to hold gives the elements of its arrays and its other members, each at its path.

    Args:
        file: the text, at its start.
        name: the file's name for messages.
    """

    def __init__(self, file: TextIO, name: str) -> None:
        self._file = file
        self._name = name
        self._decoder = json.JSONDecoder()
        self._buffer = ""
        self._at = 0
        self._line = 1
        self._counted = 0
        self._is_ended = False
        self._is_block_new = False

    def __iter__(self) -> Iterator[Item | Problem]:
        self._skip_wrapper()
        while self._skip_blanks():
            char = self._buffer[self._at]
            if char == "[":
                self._at += 1
                yield from self._elements(())
            elif char == "{":
                yield from self._lines() or self._object_or_walk()
            else:
                yield self._skip_line("no JSON value")

    def _fill(self) -> bool:
        """Read another block; False at the end of the file."""
        if self._is_ended:
            return False
        block = self._file.read(max(_BLOCK, len(self._buffer) - self._at))
        if not block:
            self._is_ended = True
            return False
        self._here()
        self._buffer = self._buffer[self._at :] + block
        self._at = self._counted = 0
        self._is_block_new = True
        return True

    def _here(self) -> int:
        """The present line; counts on from where it counted last."""
        self._line += self._buffer.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def _skip_wrapper(self) -> None:
        """Step over ``window.YTD.follower.part0 =`` where the text starts with it."""
        self._fill()
        start = self._buffer[:300].lstrip(_BLANKS)
        if start.startswith(("window.", "YTD.", "var ", "const ")) and "=" in start:
            self._at = self._buffer.index("=") + 1

    def _skip_blanks(self) -> bool:
        """Step over white space and commas; False at the end of the file."""
        while True:
            buffer, at, size = self._buffer, self._at, len(self._buffer)
            while at < size and buffer[at] in _BLANKS:
                at += 1
            self._at = at
            if at < size:
                return True
            if not self._fill():
                return False

    def _decode(self, most: int = _MAX_VALUE) -> Any:
        """The value at the present place.

        Raises:
            ValueError: when it is broken, cut off, or longer than ``most``.
        """
        while True:
            try:
                value, end = self._decoder.raw_decode(self._buffer, self._at)
            except (json.JSONDecodeError, RecursionError) as error:
                waiting = len(self._buffer) - self._at
                is_early = isinstance(error, json.JSONDecodeError) and not self._may_be_cut(error, waiting)
                if is_early or waiting > most or not self._fill():
                    raise ValueError("broken JSON") from None
                continue
            # A number at the end of the buffer may go on in the next block.
            if end == len(self._buffer) and not isinstance(value, (dict, list, str)) and self._fill():
                continue
            self._at = end
            return value

    def _may_be_cut(self, error: json.JSONDecodeError, waiting: int) -> bool:
        """Whether more text could fix the error: it is near the end, or a string is unterminated."""
        return "Unterminated" in error.msg or len(self._buffer) - error.pos < 64 or waiting < 64

    def _elements(self, path: tuple[str, ...]) -> Iterator[Item | Problem]:
        """Elements of the array whose bracket was just read."""
        while self._skip_blanks():
            if self._buffer[self._at] == "]":
                self._at += 1
                return
            line = self._here()
            try:
                value = self._decode()
            except ValueError:
                if self._is_ended:
                    break
                yield self._skip_line("broken JSON")
                continue
            yield Item(line, (*path, "[]"), value)
        raise self._cut_off()

    def _lines(self) -> list[Item]:
        """Objects that stand one a line, all of the block at once; none where any line is something else."""
        if not self._is_block_new:
            return []
        self._is_block_new = False
        end = self._buffer.rfind("\n", self._at)
        lines = self._buffer[self._at : end].replace("\r\n", "\n").split("\n") if end >= 0 else []
        if not all(line[:1] == "{" and line[-1:] == "}" for line in lines):
            return []
        try:
            values = json.loads(f"[{','.join(lines)}]")
        except (ValueError, RecursionError):
            return []
        if len(values) != len(lines):
            return []
        first, self._at = self._here(), end + 1
        return [Item(line, (), value) for line, value in enumerate(values, start=first)]

    def _object_or_walk(self) -> Iterator[Item | Problem]:
        line = self._here()
        try:
            value = self._decode(_WHOLE_OBJECT)
        except ValueError:
            if self._is_ended and "\n" not in self._buffer[self._at :].strip():
                raise self._cut_off() from None
            if len(self._buffer) - self._at > _WHOLE_OBJECT:
                self._at += 1
                yield from self._walk(())
            else:
                yield self._skip_line("broken JSON")
            return
        yield Item(line, (), value)

    def _walk(self, path: tuple[str, ...]) -> Iterator[Item | Problem]:
        """Members of the object whose brace was just read: elements of arrays, each at its path."""
        while self._skip_blanks():
            if self._buffer[self._at] == "}":
                self._at += 1
                return
            try:
                key = self._decode()
            except ValueError:
                break
            if not self._skip_blanks() or self._buffer[self._at] != ":" or not isinstance(key, str):
                break
            self._at += 1
            if not self._skip_blanks():
                break
            if self._buffer[self._at] == "[":
                self._at += 1
                yield from self._elements((*path, key))
            elif self._buffer[self._at] == "{" and self._is_large_object():
                self._at += 1
                yield from self._walk((*path, key))
            else:
                try:
                    yield Item(self._here(), path, {key: self._decode()})
                except ValueError:
                    break
        raise self._cut_off()

    def _is_large_object(self) -> bool:
        while len(self._buffer) - self._at <= _WHOLE_OBJECT and self._fill():
            pass
        return len(self._buffer) - self._at > _WHOLE_OBJECT

    def _skip_line(self, reason: str) -> Problem:
        line, start = self._here(), self._at
        while (end := self._buffer.find("\n", self._at)) < 0:
            if len(self._buffer) - self._at > _MAX_VALUE or not self._fill():
                end = len(self._buffer) - 1
                break
            start = self._at
        text = self._buffer[start : start + 80]
        self._at = end + 1
        return row_problem(line, text, reason)

    def _cut_off(self) -> BadInput:
        return BadInput(f"{self._name}: the JSON breaks off at line {self._here():,}; save or download the file again.")


def refuse_cut_off(first: FirstLook) -> None:
    """Refuse a JSON file whose last character closes nothing, before any row is read.

    Raises:
        BadInput: when the end of the file is missing.
    """
    tail = first.tail.replace(b"\0", b"").rstrip(b" \t\r\n,;")
    if not tail.endswith((b"]", b"}", b'"')):
        raise BadInput(f"{shown_name(first.path)}: the JSON breaks off at its end; save or download the file again.")


def read_json(path: Path, encoding: Encoding) -> Iterator[Item | Problem]:
    """Values of a JSON file in file order, with the lines that are broken.

    Args:
        path: the file.
        encoding: how it is written.

    Raises:
        BadInput: when the file is cut off.
    """
    with open_text(path, encoding) as file:
        yield from JsonStream(file, shown_name(path))
