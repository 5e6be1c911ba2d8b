"""Where an import comes from: the same value for a file, the API and the demo.

Owns the shape, and how an import of it begins. ``services`` and ``demo`` import it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from followertui.store.audience import imports
from followertui.store.file.connection import Store


@dataclass(frozen=True, slots=True)
class Source:
    """Where an import comes from.

    Attributes:
        what: archive, accounts, list, handles, sync, demo.
        name: file name, or "X API".
        rank: higher wins where two sources speak of the same moment.
        as_of: epoch seconds UTC.
        sha256: of the bytes, "" where there is no file.
        choices: how it is read, JSON.
        path: where the file is, "".
        plan: the whole plan of a file, JSON, "{}" where there is no file.
        total: rows expected, None where unknown.
        completeness: a person's word: "complete", "partial" or None.
        expected: direction -> the profile's own count.
        newest_first: the order is known to be newest first; None: judged by the rows.
        is_flag_reading: records belong to the directions their flags say, not to a chunk's.
        ignores_flags: the accounts' own flags are another profile's, not ours.
        notes: lines to say, from the look at the source.
        tag: what every account of it is tagged with, "" for nothing.
    """

    what: str
    name: str
    rank: int
    as_of: int
    sha256: str = ""
    choices: str = "{}"
    path: str = ""
    plan: str = "{}"
    total: int | None = None
    completeness: str | None = None
    expected: dict[str, int] = field(default_factory=dict)
    newest_first: bool | None = None
    is_flag_reading: bool = False
    ignores_flags: bool = False
    notes: tuple[str, ...] = ()
    tag: str = ""

    def start(self, store: Store, at: int) -> int:
        """Begin the import, or begin the same unfinished one again.

        Args:
            store: the open store.
            at: epoch seconds UTC.

        Returns:
            The import's id.
        """
        return imports.start(
            store, self.what, self.name, self.rank, self.sha256, self.choices, self.as_of, at, self.path, self.plan
        )  # fmt: skip
