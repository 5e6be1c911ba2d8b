"""What is said of how a file is read: its encoding, and its sheet.

Owns the sentences. Only ``inspecting`` imports it.
"""

from __future__ import annotations

from collections.abc import Iterator

from followertui.sources.kinds import Recognised
from followertui.text.cleaning import clean_text
from followertui.text.encodings import label_of

_NAMED = 3
"""Other sheets that are named."""


def encoding_lines(seen: Recognised) -> Iterator[str]:
    """What a text that is not Unicode is read as, or may be."""
    if seen.readings:
        yield "its encoding is not certain; it may be"
        for reading in seen.readings:
            yield f"{reading.name} ({reading.label}): {' · '.join(map(clean_text, reading.sample))}"
    elif seen.table is not None and not seen.table.encoding.name.startswith("utf-"):
        name = seen.table.encoding.name
        yield f"read as {label_of(name)} ({name})"


def sheet_lines(seen: Recognised) -> Iterator[str]:
    """Which sheet of several is read."""
    others = [sheet for sheet in seen.sheets if sheet != seen.sheet]
    if others and seen.sheet:
        named = ", ".join(repr(clean_text(sheet, limit=40)) for sheet in others[:_NAMED])
        more = f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
        read = clean_text(seen.sheet, limit=40)
        yield f"read of sheet {read!r}; left alone: {named}{more} (--sheet NAME reads another)"
