"""X's "download your data" archives: zip, folder, nested folder or loose files.

Owns what is read out of an archive and in which parts. Reads in memory and never extracts
to disk; posts' texts and private messages are not kept. Does not know the store. Imported by
``recognising`` and services.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from followertui.domain.account import AccountRecord
from followertui.domain.clock import DAY
from followertui.domain.errors import BadInput
from followertui.sources.archive_neighbours import several_in
from followertui.sources.archive_parts import ArchiveFiles, as_object, object_in, open_archive
from followertui.sources.column_names import ColumnGuess
from followertui.sources.json_files import Item, JsonStream
from followertui.sources.kinds import ARCHIVE, Answers, Archive, Recognised, SourceKind, date_of_file
from followertui.sources.problems import Problem, row_problem, value_problem
from followertui.sources.sniffing import Sniffed
from followertui.sources.tables import BATCH_ROWS
from followertui.sources.text_files import shown_name
from followertui.text.cleaning import clean_handle, clean_text
from followertui.text.quantities import parse_id, parse_moment

_PART = r"(?:[-_.]part[-_]?(\d+))?(?: ?\(\d+\))?\.js$"
_FILES = {
    "follower": re.compile("(?:follower|followers)" + _PART, re.I),
    "following": re.compile("following" + _PART, re.I),
    "tweets": re.compile("(?:tweets|tweet)" + _PART, re.I),
    "block": re.compile("block" + _PART, re.I),
    "mute": re.compile("mute" + _PART, re.I),
}
_CAP_RANGE = range(9_990, 10_001)
_ID_LINK = re.compile(r"user_id=(\d{1,19})")


class Partner(NamedTuple):
    """One contact with someone, read from the archive owner's own posts.

    Attributes:
        x_id: who.
        handle: their handle then, or None.
        at: epoch seconds UTC of the post, or None.
        kind: "reply" or "mention".
        post_id: the post, for the reference.
    """

    x_id: int
    handle: str | None
    at: int | None
    kind: str
    post_id: int | None


def is_possibly_capped(count: int) -> bool:
    """Whether a list of this length may have been cut off by X near 10,000."""
    return count in _CAP_RANGE


def inspect_archive(path: Path) -> Archive:
    """Whose archive it is, from when, and what it holds.

    Raises:
        BadInput: when it is no archive, is encrypted or too large, or holds neither list.
    """
    problems: list[Problem] = []
    with closing(open_archive(path)) as files:
        several = several_in(files)
        if several:
            which = "; ".join(f"{clean_text(inside.root, limit=80)}{inside.whose}, {inside.day}" for inside in several)
            raise BadInput(
                f"{shown_name(path)}: holds {len(several)} archives: {which}; name the folder of one, or say --owner."
            )
        manifest = _manifest(files, problems)
        account = _first_object(files, "account.js", "account", problems)
        present = {name: _parts(files, name) for name in _FILES}
        counts = {name: _stated_count(manifest, name) for name in ("follower", "following")}
        for name in counts:
            if counts[name] is None and present[name]:
                counts[name] = sum(isinstance(item, Item) for part in present[name] for item in _items(files, part))
    if not present["follower"] and not present["following"]:
        raise BadInput(
            f"{shown_name(path)}: no follower.js or following.js in it; "
            "is this the archive from Settings, Download an archive of your data?"
        )
    user, info = as_object(manifest.get("userInfo")), as_object(manifest.get("archiveInfo"))
    return Archive(
        path=path,
        own_id=_id(user.get("accountId") or account.get("accountId")),
        own_handle=clean_handle(str(user.get("userName") or account.get("username") or "")),
        own_name=clean_text(str(user.get("displayName") or account.get("accountDisplayName") or ""), limit=200),
        as_of=_moment(info.get("generationDate")),
        followers=counts["follower"],
        following=counts["following"],
        has_followers=bool(present["follower"]),
        has_following=bool(present["following"]),
        has_posts=bool(present["tweets"]),
        is_partial=info.get("isPartialArchive") is True,
        notes=tuple(_notes(counts, present, info)),
        problems=tuple(problems),
    )


def _notes(counts: dict[str, int | None], present: dict[str, list[str]], info: dict[str, Any]) -> Iterator[str]:
    for name, word in (("follower", "followers"), ("following", "following")):
        count = counts[name]
        if not present[name]:
            yield f"The archive has no {word} list."
        elif count is not None and is_possibly_capped(count):
            yield (
                f"{count:,} {word}: X seems to cut lists off near 10,000, so the list may be incomplete; "
                "no one counts as having left."
            )
        elif count == 0:
            yield f"The {word} list is empty."
    if info.get("isPartialArchive") is True:
        yield "X calls this archive partial; import its other parts too."


class ArchiveBatch(NamedTuple):
    """Some accounts of one direction, in file order.

    Attributes:
        direction: "follower", "following", "block" or "mute".
        records: at most 500, ids only, with handles and names where own posts give them.
        problems: entries that could not be read.
    """

    direction: str
    records: list[AccountRecord]
    problems: list[Problem]


def read_directions(path: Path, directions: Sequence[str]) -> Iterator[ArchiveBatch]:
    """Accounts of some directions, one direction after the other.

    Args:
        path: zip, folder or loose file.
        directions: "follower" or "following" (also "block", "mute"), in the order wanted.

    Raises:
        BadInput: when the archive cannot be opened.
    """
    with closing(open_archive(path)) as files:
        names = archive_names(files)
        for direction in directions:
            flags = _FLAGS.get(direction, {})
            seen: set[int] = set()
            found = (_account_id(item) for part in _parts(files, direction) for item in _items(files, part))
            while some := list(islice(found, BATCH_ROWS)):
                batch = ArchiveBatch(direction, [], [])
                for one in some:
                    if isinstance(one, Problem):
                        batch.problems.append(one)
                    elif one not in seen:
                        seen.add(one)
                        handle, name = names.get(one, (None, None))
                        batch.records.append(AccountRecord(x_id=one, handle=handle, name=name)._replace(**flags))
                yield batch


_FLAGS: dict[str, dict[str, Any]] = {"follower": {"follows_us": 1}, "following": {"we_follow": 1}}


def _account_id(item: Item | Problem) -> int | Problem:
    if isinstance(item, Problem):
        return item
    value = item.value
    inner = next(iter(value.values())) if isinstance(value, dict) and len(value) == 1 else value
    if not isinstance(inner, dict):
        return row_problem(item.line, value, "no account in this entry")
    link = _ID_LINK.search(str(inner.get("userLink", "")))
    try:
        return parse_id(inner.get("accountId") or (link.group(1) if link else None))
    except ValueError as error:
        return row_problem(item.line, inner.get("accountId", ""), str(error), "accountId")


def archive_names(files: ArchiveFiles) -> dict[int, tuple[str | None, str | None]]:
    """Id -> handle and name of everyone the owner's own posts mention, the latest post winning."""
    names: dict[int, tuple[str | None, str | None]] = {}
    newest: dict[int, int] = {}
    for post in _posts(files):
        at = _moment(post.get("created_at")) or 0
        for x_id, handle, name in _mentioned(post):
            if handle is not None and at >= newest.get(x_id, -1):
                newest[x_id] = at
                names[x_id] = (handle, name or names.get(x_id, (None, None))[1])
    return names


def read_partners(path: Path, days: Counter[int] | None = None) -> Iterator[list[Partner]]:
    """Whom the archive's owner replied to or mentioned, post by post, at most 500 at a time.

    Args:
        path: zip, folder or loose file.
        days: gets how many posts there are of each UTC midnight, replies too, reposts not.

    Raises:
        BadInput: when the archive cannot be opened.
    """
    with closing(open_archive(path)) as files:
        found = (partner for post in _posts(files) for partner in _partners(_counted(post, days)))
        while some := list(islice(found, BATCH_ROWS)):
            yield some


def _counted(post: dict[str, Any], days: Counter[int] | None) -> dict[str, Any]:
    """The same post; its day counts, unless it passes on another's."""
    at = _moment(post.get("created_at"))
    text = str(post.get("full_text") or post.get("text") or "")
    if days is not None and at is not None and not (text.startswith("RT @") or "retweeted_status" in post):
        days[at - at % DAY] += 1
    return post


def _partners(post: dict[str, Any]) -> Iterator[Partner]:
    at = _moment(post.get("created_at"))
    post_id = _id(post.get("id_str") or post.get("id"))
    replied = _id(post.get("in_reply_to_user_id_str") or post.get("in_reply_to_user_id"))
    for x_id, handle, _ in _mentioned(post):
        yield Partner(x_id, handle, at, "reply" if x_id == replied else "mention", post_id)


def _mentioned(post: dict[str, Any]) -> Iterator[tuple[int, str | None, str | None]]:
    """Id, handle and name of everyone a post replies to or names, each once."""
    seen: set[int] = set()
    mentions = as_object(post.get("entities")).get("user_mentions")
    for mention in mentions if isinstance(mentions, list) else ():
        x_id = _id(as_object(mention).get("id_str") or as_object(mention).get("id"))
        if x_id is not None and x_id not in seen:
            seen.add(x_id)
            name = clean_text(str(mention.get("name") or ""), limit=200) or None
            yield x_id, clean_handle(str(mention.get("screen_name") or "")), name
    replied = _id(post.get("in_reply_to_user_id_str") or post.get("in_reply_to_user_id"))
    if replied is not None and replied not in seen:
        yield replied, clean_handle(str(post.get("in_reply_to_screen_name") or "")), None


def _posts(files: ArchiveFiles) -> Iterator[dict[str, Any]]:
    for part in _parts(files, "tweets"):
        for item in _items(files, part):
            if isinstance(item, Item) and isinstance(item.value, dict):
                yield as_object(item.value.get("tweet", item.value))


def _items(files: ArchiveFiles, name: str) -> Iterator[Item | Problem]:
    """Entries of one file; a damaged rest is one problem, the entries before it stand."""
    shown = clean_text(Path(name).name, limit=80)
    try:
        with files.open(name) as file:
            yield from JsonStream(file, shown)
    except BadInput as error:
        yield value_problem(0, shown, "", str(error))


def _parts(files: ArchiveFiles, name: str) -> list[str]:
    """Files of one kind, in order of their part number; the manifest's word or the exact name decides."""
    found: dict[tuple[int, str], str] = {}
    # A second download of a file is called "follower (1).js": it counts where there is no first.
    for path in sorted(files.names, key=lambda path: ("(" in Path(path).name, path)):
        match = _FILES[name].match(Path(path).name)
        if match is not None:
            found.setdefault((int(match.group(1) or 0), str(Path(path).parent)), path)
    return [path for _, path in sorted(found.items())]


def _manifest(files: ArchiveFiles, problems: list[Problem]) -> dict[str, Any]:
    return object_in(files, "manifest.js", problems)


def _first_object(files: ArchiveFiles, name: str, key: str, problems: list[Problem]) -> dict[str, Any]:
    return as_object(object_in(files, name, problems).get(key))


def _stated_count(manifest: dict[str, Any], name: str) -> int | None:
    parts = as_object(as_object(manifest.get("dataTypes")).get(name)).get("files")
    if not isinstance(parts, list):
        return None
    counts = [str(as_object(part).get("count", "")) for part in parts]
    return sum(map(int, counts)) if counts and all(count.isdecimal() and len(count) < 12 for count in counts) else None


def _id(value: object) -> int | None:
    try:
        return parse_id(value)
    except ValueError:
        return None


def _moment(value: object) -> int | None:
    try:
        return parse_moment(value)
    except ValueError:
        return None


class ArchiveKind(SourceKind):
    """An X archive: zip, folder or one of its files."""

    names = (ARCHIVE,)

    def claim(self, sniffed: Sniffed) -> Recognised | None:
        """Whatever is no table: a folder, a script or a zip of scripts."""
        if sniffed.table is not None:
            return None
        archive = inspect_archive(sniffed.path)
        as_of, source = (archive.as_of, "manifest") if archive.as_of is not None else date_of_file(sniffed.path)
        relation = "both" if archive.has_followers and archive.has_following else None
        if relation is None:
            relation = "follower" if archive.has_followers else "following"
        rows = (archive.followers or 0) if archive.has_followers else (archive.following or 0)
        return Recognised(
            path=sniffed.path,
            what=ARCHIVE,
            format=sniffed.form,
            tool="X archive",
            relation=relation,
            relation_why="the archive's own files",
            as_of=as_of,
            as_of_from=source,
            rows=rows,
            is_exact=archive.followers is not None,
            archive=archive,
            notes=archive.notes,
            problems=archive.problems,
        )

    def sentence(self, seen: Recognised) -> str:
        """Whose it is, from when, and how many are in it."""
        archive = seen.archive
        assert archive is not None
        whose = f" of @{archive.own_handle}" if archive.own_handle else ""
        day = datetime.fromtimestamp(seen.as_of, UTC).strftime("%Y-%m-%d")
        counts = {"follower": (archive.followers, "followers"), "following": (archive.following, "following")}
        parts = []
        for direction in archive.directions:
            number, word = counts[direction]
            parts.append(f"{'?' if number is None else format(number, ',')} {word}")
        return f"X archive{whose}, {day}, {', '.join(parts)}"

    def columns(self, seen: Recognised, answers: Answers) -> Sequence[ColumnGuess]:
        """None: an archive has no table."""
        return ()

    def problems(self, seen: Recognised, answers: Answers) -> Iterator[Problem]:
        """Entries that could not be read."""
        assert seen.archive is not None
        for batch in read_directions(seen.path, seen.archive.directions):
            yield from batch.problems
