"""What a file of accounts says of itself: followers or following, and which tool wrote it.

Owns the headers and names that tell. Imported by ``account_exports``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from followertui.sources.column_names import ColumnGuess, fold_header
from followertui.sources.tables import TableShape
from followertui.text.quantities import parse_flag

_TOOL_NAME = "export twitter following list"
"""The name of an exporter that stands in the name of its dump and says nothing of what is in it."""

_OF_OTHERS = re.compile(r"\bun ?follow|\b(?:non|not|lost|ex|former|removed|fake|inactive|ghost|do ?n t|doesn t)\b")
"""Names of lists that are no followers any more, or a choice of them."""

RELATION_COLUMN, FLAGS = "its relation column", "the flag of every row"
"""Why a file is taken for followers or following where its first rows say it, and not its name or a key."""


def relation_of(shape: TableShape, columns: Sequence[ColumnGuess]) -> tuple[str | None, str]:
    """The direction a file states: by its name, its relation column, or its flags."""
    name = re.sub(r"[\W_]+", " ", shape.path.stem.lower()).replace(_TOOL_NAME, "")
    for called, why in ((name, "the file's name"), (re.sub(r"[\W_]+", " ", shape.sheet.lower()), "the sheet's name")):
        is_follower = bool(re.search(r"followers?\b", called))
        is_following = bool(re.search(r"following|friends|followees", called))
        if is_follower != is_following and not _OF_OTHERS.search(called):
            return ("follower" if is_follower else "following"), why
    by_field = {guess.field: guess.position for guess in columns if guess.field}
    if "relation" in by_field:
        words = {row[by_field["relation"]].strip().lower().rstrip("s") for row in shape.samples} - {""}
        if words == {"follower"} or words == {"following"}:
            return words.pop(), RELATION_COLUMN
        if words and words <= {"follower", "following", "both"}:
            return "both", RELATION_COLUMN
    flags = {}
    for flag, relation in (("follows_us", "follower"), ("we_follow", "following")):
        if flag in by_field and shape.samples:
            flags[relation] = all(parse_flag(row[by_field[flag]]) == 1 for row in shape.samples)
    stated = [relation for relation, is_all in flags.items() if is_all]
    if len(stated) == 1:
        return stated[0], FLAGS
    return None, ""


def tool_of(shape: TableShape) -> str:
    """The tool that wrote a file of accounts, "" where nothing gives it away."""
    folded = {fold_header(column.rpartition(".")[2]) for column in shape.header}
    columns = set(shape.header)
    if {"isblueverified", "profilebannerurl"} <= folded or re.match(r"twitter-\w+-\d{13}", shape.path.name):
        return "exporter"
    if "restid" in folded:
        return "X GraphQL"
    if any(column.startswith("public_metrics.") for column in columns) or (
        shape.is_json and {"id", "username", "name"} <= columns
    ):
        return "X API v2"
    if {"screenname", "friendscount", "statusescount"} <= folded:
        return "X API v1.1"
    if {"screenName", "profileUrl", "timestamp"} <= columns:
        return "PhantomBuster"
    if {"ID", "NAME", "USER", "FOLLOWED"} <= columns:
        return "followers2csv"
    return ""
