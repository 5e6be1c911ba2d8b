"""The reasons of the card a review begins with, kept for the next start.

Owns one cache file beside the store, believed while nothing changed that reasons rest on. Reasons
are computed on arrays, which take longer to load than everything else a first card needs.
``ReviewSession`` uses it.
"""

from __future__ import annotations

import json
from pathlib import Path

import followertui
from followertui.domain.clock import day_of, from_epoch
from followertui.services.review.reasons import NO_REASONS, why
from followertui.services.session import Session
from followertui.services.values import ReasonLine, Why
from followertui.store.file import settings, watermarks
from followertui.store.index import cache_files

_FILE = "card.bin"
_DOMAINS = ("profile", "relation", "score")
"""Change domains of what reasons rest on."""


class KeptReasons:
    """The reasons of accounts, those of the first one kept from last time where they still hold.

    Args:
        session: the open store.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._is_first = True
        self._last: tuple[int, Why] | None = None

    def of(self, row: int) -> Why:
        """Why one account is judged as it is."""
        is_first, self._is_first = self._is_first, False
        found = self._read(row) if is_first else None
        if found is None:
            found = why(self._session, [row]).get(row, NO_REASONS)
            self._last = (row, found)
            if is_first:
                self.keep(row)
        return found

    def keep(self, row: int | None) -> None:
        """Keep the reasons of an account for the next start, where they are those said last."""
        if self._last is not None and self._last[0] == row:
            body = json.dumps(self._last[1]).encode()
            cache_files.write(
                self._session.store, _FILE, {"stamp": self._stamp(row), "size": len(body)}, memoryview(body)
            )

    def _read(self, row: int) -> Why | None:
        found = cache_files.read(self._session.store, _FILE)
        if found is None or found[0].get("stamp") != self._stamp(row):
            return None
        header, body = found
        try:
            kept = json.loads(body[: header["size"]])
            against, favouring, reasons = (
                tuple(ReasonLine(str(code), int(points), str(text)) for code, points, text in lines) for lines in kept
            )
        except (KeyError, TypeError, ValueError):
            return None
        return Why(against, favouring, reasons)

    def _stamp(self, row: int) -> str:
        """What the reasons of an account rest on: its data, who we are, the weights, this program, the day."""
        session, store = self._session, self._session.store
        lineage = store.lineage()
        weights = settings.WEIGHTS_FILE.read(store)
        edited = Path(weights).stat().st_mtime_ns if weights and Path(weights).exists() else 0
        said = [settings.ABOUT.read(store), settings.STANDARDS.read(store), weights, edited]
        day = day_of(from_epoch(session.now), session.zone).isoformat()
        version = watermarks.SCORING_VERSION.read(store)
        return json.dumps(
            [row, [lineage[domain] for domain in _DOMAINS], said, version, followertui.__version__, day], sort_keys=True
        )
