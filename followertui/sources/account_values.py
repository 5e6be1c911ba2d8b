"""Columns of raw cells to account records: value repair, a batch at a time.

Owns the repair of ids, handles, counts, dates, flags and links of an account. Looks at a
whole column first and at single cells only where the column is not in order: that is what
keeps a million rows quick. Does not know file formats. Imported by ``account_exports``.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from followertui.domain.account import RecordColumns
from followertui.sources.account_columns import MARKED_ID
from followertui.sources.problems import Problem, row_problem, value_problem
from followertui.text.cleaning import RESERVED_PATHS, clean_column, clean_handle, clean_text
from followertui.text.quantities import (
    MAX_ID,
    SPREADSHEET_ERRORS,
    is_nothing,
    looks_rounded,
    parse_count,
    parse_flag,
    parse_id,
    parse_moment,
    snowflake_time,
)

_HANDLES = re.compile(r"(?:[A-Za-z0-9_]{1,20}\n)*")
_ID_LINK = re.compile(r"(?:/i/user/|[?&]user_id=)([0-9]{1,19})\b")
_LINK = re.compile(r"(?:https?://)?[^\s/:@.]+(?:\.[^\s/:@.]+)+(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE)
_PLAIN_LINKS = re.compile(r"(?:(?:https?://[\w-]+(?:\.[\w-]+)+(?:/[\w./~%?=&#-]*)?)?(?:\n|$))*")
_FIRST_DAY_OF_X = 1_141_171_200  # 2006-03-01; X says 1970 for what it does not know.
_PADDING_HANDLES = frozenset({"mock_tweet"})
_INTACT_PER_ROUNDED = 50
_VERIFIED = {
    "": "",
    "none": "",
    "false": "",
    "blue": "blue",
    "business": "business",
    "government": "government",
    "legacy": "legacy",
    "gold": "business",
    "grey": "government",
    "gray": "government",
}
_TEXT_FIELDS = ("name", "bio", "location", "affiliation", "lang")
_COUNT_FIELDS = ("followers", "following", "posts", "listed", "likes")
_FLAG_FIELDS = ("protected", "default_image", "parody", "can_dm", "follows_us", "we_follow")
_FOLLOWS_US = frozenset({"follower", "followers", "both", "mutual"})
_WE_FOLLOW = frozenset({"following", "followings", "both", "mutual", "friend", "friends"})

Column = list[Any]


class RecordBuilder:
    """Turns batches of columns into records, remembering what a column has shown so far.

    Args:
        columns: field -> header, for messages.
        samples: field -> some of its cells, to see how ids are written.
        day_first: how ``03/04/2024`` is read; None leaves it out, as it may be either.
    """

    def __init__(self, columns: dict[str, str], samples: dict[str, list[str]], day_first: bool | None = None) -> None:
        self._columns = columns
        self._intact = self._rounded = 0
        self._is_ruined = False
        self._look_at_ids(samples.get("x_id", []))
        self._day_first = day_first
        self._flags: dict[str, int | None] = {}

    def _look_at_ids(self, cells: list[str]) -> None:
        long_ids = [int(cell) for cell in cells if cell.isascii() and cell.isdigit() and 16 <= len(cell) <= 19]
        self._rounded = sum(map(looks_rounded, long_ids))
        self._intact = len(long_ids) - self._rounded
        # A number that passed through a double keeps 17 digits at most: tails of zeros all the way down.
        self._is_ruined = len(long_ids) >= 10 and all(one % 10 ** max(1, len(str(one)) - 17) == 0 for one in long_ids)

    def build(self, lines: Sequence[int], cells: dict[str, list[str]]) -> tuple[RecordColumns, list[Problem]]:
        """Records of one batch.

        Args:
            lines: one-based line of each row.
            cells: field -> raw cells, one a row.

        Returns:
            Records in row order, and the problems; rows without id and handle are left out.
        """
        problems: list[Problem] = []
        count = len(lines)
        values: dict[str, Column] = {}
        values["x_id"] = self._ids(lines, cells["x_id"], problems) if "x_id" in cells else [None] * count
        values["handle"] = self._handles(lines, cells, values, problems)
        for field in _TEXT_FIELDS:
            if field in cells:
                values[field] = _texts(field, cells[field])
        for field in _COUNT_FIELDS:
            if field in cells:
                values[field] = self._each(field, lines, cells[field], problems, _counts, parse_count)
        for field in ("created_at", "last_post_at"):
            if field in cells:
                values[field] = self._moments(field, lines, cells[field], problems)
        for field in _FLAG_FIELDS:
            if field in cells:
                values[field] = self._flag_column(cells[field])
        self._links(cells, values)
        self._derived(cells, values)
        return self._records(lines, values, problems)

    def _records(
        self, lines: Sequence[int], values: dict[str, Column], problems: list[Problem]
    ) -> tuple[RecordColumns, list[Problem]]:
        stated = {name: column for name, column in values.items() if column.count(None) < len(column)}
        records = RecordColumns(len(lines), stated)
        ids, handles = values["x_id"], values["handle"]
        if not (None in ids and None in handles):
            return records, problems
        kept = []
        known = {problem.line for problem in problems}
        for place, line in enumerate(lines):
            if ids[place] is not None or handles[place] is not None:
                kept.append(place)
            elif line in known:
                at = next(index for index, problem in enumerate(problems) if problem.line == line)
                problems[at] = problems[at]._replace(is_refused=True)
            else:
                problems.append(row_problem(line, records[place].name or "", "no id and no handle"))
        return records.only(kept), problems

    def _ids(self, lines: Sequence[int], cells: list[str], problems: list[Problem]) -> Column:
        if "".join(cells).isdigit() and "" not in cells and not self._is_ruined:
            whole = _counts(cells)
            if whole is not None and 0 not in whole and not any(one % 10 == 0 and looks_rounded(one) for one in whole):
                self._intact += sum(1 for one in whole if one >= 10**15)
                return whole
        ids: list[int | None] = []
        for line, cell in zip(lines, cells, strict=True):
            marked = MARKED_ID.fullmatch(cell.strip())
            try:
                ids.append(None if is_nothing(cell) else self._checked(parse_id(marked.group(2) if marked else cell)))
            except ValueError as error:
                ids.append(None)
                problems.append(value_problem(line, self._columns.get("x_id", "id"), cell, str(error)))
        return ids

    def _checked(self, x_id: int) -> int:
        """The id, unless its tail of zeros is more than chance beside its neighbours."""
        if x_id < 10**15:
            return x_id
        if self._is_ruined:
            raise ValueError("id damaged by a spreadsheet (rounded, as the others of this column)")
        if not looks_rounded(x_id):
            self._intact += 1
            return x_id
        self._rounded += 1
        if self._intact < self._rounded * _INTACT_PER_ROUNDED:
            raise ValueError("id damaged by a spreadsheet (ends in zeros)")
        return x_id

    def _handles(
        self, lines: Sequence[int], cells: dict[str, list[str]], values: dict[str, Column], problems: list[Problem]
    ) -> Column:
        raw = cells.get("handle")
        if raw is None:
            return [None] * len(lines)
        joined = "\n".join(raw) + "\n"
        lowered = set(joined.lower().split("\n"))
        header = self._columns.get("handle", "handle")
        if (
            _HANDLES.fullmatch(joined)
            and RESERVED_PATHS.isdisjoint(lowered)
            and _PADDING_HANDLES.isdisjoint(lowered)
            and header.lower() not in lowered
            and "null" not in lowered
            and "nan" not in lowered
        ):
            return list(raw)
        handles: list[str | None] = []
        for at, (line, cell) in enumerate(zip(lines, raw, strict=True)):
            handle = None if is_nothing(cell) else clean_handle(cell)
            if handle is not None and (handle in _PADDING_HANDLES or cell == header):
                handle, values["x_id"][at] = None, None
                problems.append(row_problem(line, cell, "a line of the tool itself, not an account"))
            elif handle is None and not is_nothing(cell):
                linked = _ID_LINK.search(cell)
                if linked is not None and values["x_id"][at] is None:
                    values["x_id"][at] = int(linked.group(1))
                    # A name may stand before the link, as an archive's parser writes it.
                    named = cell.split()[0]
                    handle = clean_handle(named) if "/" not in named else None
                elif linked is None:
                    problems.append(value_problem(line, header, cell, "no handle"))
            handles.append(handle)
        return handles

    def _each(
        self,
        field: str,
        lines: Sequence[int],
        cells: list[str],
        problems: list[Problem],
        whole: Callable[[list[str]], list[int] | None],
        parse: Callable[[object], int],
    ) -> Column:
        """A column read at once where that works, else cell by cell."""
        read = whole(cells)
        if read is not None:
            return read
        values: Column = []
        for line, cell in zip(lines, cells, strict=True):
            try:
                values.append(None if is_nothing(cell) else parse(cell))
            except ValueError as error:
                values.append(None)
                problems.append(value_problem(line, self._columns.get(field, field), cell, str(error)))
        return values

    def _moments(self, field: str, lines: Sequence[int], cells: list[str], problems: list[Problem]) -> Column:
        def parse(cell: object) -> int:
            """A moment as this file writes its days."""
            return parse_moment(cell, day_first=self._day_first)

        moments = self._each(field, lines, cells, problems, _whole_moments, parse)
        return [None if moment is None or moment < _FIRST_DAY_OF_X else moment for moment in moments]

    def _flag_column(self, cells: list[str]) -> Column:
        known = self._flags
        new = set(cells).difference(known)
        if new:
            # Bounded: a column that is no flag must not fill memory with its values.
            known = self._flags if len(self._flags) < 1000 else dict(self._flags)
            known.update((cell, parse_flag(cell)) for cell in new)
        return [known[cell] for cell in cells]

    def _links(self, cells: dict[str, list[str]], values: dict[str, Column]) -> None:
        for field in ("url", "site", "image_url"):
            if field in cells:
                values[field] = _links(cells[field])
        if "url" in values:
            sites = values.get("site") or [None] * len(values["url"])
            values["site"] = [
                site or (url if url and "//t.co/" not in url and not url.startswith("t.co/") else None)
                for site, url in zip(sites, values["url"], strict=True)
            ]

    def _derived(self, cells: dict[str, list[str]], values: dict[str, Column]) -> None:
        """Fields that follow from others: last post, picture, kind of verification, relation."""
        if "last_post_id" in cells:
            known = values.get("last_post_at") or [None] * len(cells["last_post_id"])
            values["last_post_at"] = [
                moment or (snowflake_time(int(cell)) if cell.isascii() and cell.isdigit() and len(cell) < 20 else None)
                for moment, cell in zip(known, cells["last_post_id"], strict=True)
            ]
        if "image_url" in values and "default_image" not in values and not any(map(_is_default, values["image_url"])):
            values["default_image"] = [0 if link else None for link in values["image_url"]]
        elif "image_url" in values:
            known = values.get("default_image") or [None] * len(values["image_url"])
            values["default_image"] = [
                flag if flag is not None or not link else int(_is_default(link))
                for flag, link in zip(known, values["image_url"], strict=True)
            ]
        if "verified" in cells or "blue" in cells:
            some = cells.get("verified") or cells["blue"]
            words = {cell: _verified(cell) for cell in set(some)}
            kinds = [words[cell] for cell in some] if "verified" in cells else [None] * len(some)
            blues = self._flag_column(cells["blue"]) if "blue" in cells else [None] * len(some)
            values["verified"] = [_united(kind, blue) for kind, blue in zip(kinds, blues, strict=True)]
        if "relation" in cells:
            said = [cell.strip().lower() for cell in cells["relation"]]
            for field, meant in (("follows_us", _FOLLOWS_US), ("we_follow", _WE_FOLLOW)):
                known = values.get(field) or [None] * len(said)
                values[field] = [1 if word in meant else flag for word, flag in zip(said, known, strict=True)]


def _united(kind: str | None, blue: int | None) -> str | None:
    if blue and kind in (None, "", "legacy"):
        return "blue"
    return "" if kind is None and blue == 0 else kind


def _verified(cell: str) -> str | None:
    word = cell.strip().lower()
    if word in _VERIFIED:
        return _VERIFIED[word] if word else None
    flag = parse_flag(word)
    return None if flag is None else ("legacy" if flag else "")


def _texts(field: str, cells: list[str]) -> Column:
    joined = "\n".join(cells)
    if "&" in joined:
        cells = [html.unescape(cell) if "&" in cell else cell for cell in cells]
    if "#" in joined or "Err:" in joined:
        cells = ["" if cell.strip().lower() in SPREADSHEET_ERRORS else cell for cell in cells]
    # Some exporters write line ends as a backslash and an n.
    if field == "bio" and "\\n" in joined:
        cells = [cell.replace("\\r", "").replace("\\n", "\n") for cell in cells]
    if "'" in joined:
        cells = [cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@") else cell for cell in cells]
    if field == "name":
        # People are called Nan and None; nobody's place is.
        return [cell or None for cell in clean_column(cells)]
    return [None if cell in _NO_TEXT else cell for cell in clean_column(cells)]


_NO_TEXT = frozenset({"", "nan", "NaN", "null", "NULL", "None", "undefined"})


def _counts(cells: list[str]) -> list[int] | None:
    try:
        counts = list(map(int, cells))
    except ValueError:
        return None
    return counts if not counts or (min(counts) >= 0 and max(counts) <= MAX_ID) else None


def _whole_moments(cells: list[str]) -> list[int] | None:
    """Moments of a column that is all ISO 8601 or all X's own form, else None."""
    if not cells:
        return []
    try:
        if cells[0][:1].isalpha():
            cells = [f"{c[26:]}-{_MONTHS[c[4:7]]}-{c[8:10]}T{c[11:19]}{c[20:25]}" for c in cells]
        elif " +" in cells[0]:
            cells = [cell.replace(" +", "+") for cell in cells]
        moments = [datetime.fromisoformat(cell) for cell in cells]
    except (ValueError, KeyError):
        return None
    if any(moment.tzinfo is None for moment in moments):
        moments = [moment if moment.tzinfo else moment.replace(tzinfo=UTC) for moment in moments]
    return [int(moment.timestamp()) for moment in moments]


_MONTHS = {
    "Jan": "01",
    "Feb": "02",
    "Mar": "03",
    "Apr": "04",
    "May": "05",
    "Jun": "06",
    "Jul": "07",
    "Aug": "08",
    "Sep": "09",
    "Oct": "10",
    "Nov": "11",
    "Dec": "12",
}


def _is_default(link: str | None) -> bool:
    return link is not None and "default_profile" in link


def _links(cells: list[str]) -> Column:
    """Links of a column, all at once where they are plain and in order."""
    joined = "\n".join(cells)
    if joined.isascii() and len(joined) < 500 * len(cells) and _PLAIN_LINKS.fullmatch(joined):
        return [cell or None for cell in cells]
    return [_link(cell) if cell else None for cell in cells]


def _link(cell: str) -> str | None:
    """A web address as it stands, the first of several, or None for what is none."""
    text = cell if cell.isascii() and cell.isprintable() and len(cell) < 500 else clean_text(cell, limit=500)
    if " " in text or ";" in text or "," in text:
        text = re.split(r"[\s;,]+", text.strip("[]'\" "))[0].strip("'\"")
    return text if _LINK.fullmatch(text) else None
