"""What a file is: archive, accounts, list, handles, outcomes or contact log, and how it is read.

Owns the belief told before anything is imported: kind of file, tool, direction, date, rows,
columns. Does not import anything itself. Imported by services.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from followertui.domain.errors import BadInput
from followertui.sources.account_columns import guess_account_columns
from followertui.sources.account_exports import sample_accounts
from followertui.sources.archives import Archive, inspect_archive
from followertui.sources.column_names import SUFFIX_RANK, ColumnGuess, field_of, fold_header, shape_of
from followertui.sources.contact_logs import event_columns, outcome_of
from followertui.sources.fingerprints import fingerprint
from followertui.sources.json_tables import flat_cells, json_header
from followertui.sources.list_columns import NAME_WORDS, guess_list_columns
from followertui.sources.lists import kind_columns, list_columns
from followertui.sources.problems import Problem
from followertui.sources.tables import TableShape, inspect_table
from followertui.sources.text_files import FirstLook, look_at, shown_name
from followertui.text.quantities import parse_flag, parse_moment

ARCHIVE, ACCOUNTS, LIST, HANDLES = "archive", "accounts", "list", "handles"
OUTCOMES, CONTACT_LOG, UNKNOWN = "outcomes", "contact-log", "unknown"

_SAMPLES_SHOWN = 20
_COUNT_FIELDS = frozenset({"followers", "following", "posts", "listed"})
_NAMING = frozenset({"company", "email", "first_name", "last_name", "title"})
_RECORD_FIELDS = frozenset({"crm_id", "owner", "first_name", "last_name", "title"})


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a file is believed to be.

    Attributes:
        path: file or folder.
        what: "archive", "accounts", "list", "handles", "outcomes", "contact-log" or "unknown".
        format: "CSV", "TSV", "XLSX", "JSON", "JSONL", "zip", "folder" or "js".
        tool: which tool wrote it, or empty.
        relation: "follower", "following", "both" or None where the file does not say.
        relation_why: where that was read, or empty.
        as_of: epoch seconds UTC of the reading.
        as_of_from: "manifest", "file name" or "file time".
        rows: how many rows, entries or accounts (followers of an archive).
        is_exact: whether ``rows`` was counted and not estimated.
        columns: what each column is taken for, in file order.
        kind_columns: columns that may say each row's kind.
        samples: the first rows, cells in column order.
        shape: hash of the columns, under which a mapping is remembered.
        sheet, sheets: worksheet read and all of them.
        sha256: of the bytes; of a folder, by the names and contents of its files.
        size, modified_ns: bytes, and when it was changed (nanoseconds); 0 for a folder.
        archive: whose archive and what it holds, for archives.
        table: the inspected table, for everything else.
        notes: sentences to say aloud.
        problems: what was noticed of the whole file.
    """

    path: Path
    what: str
    format: str
    tool: str = ""
    relation: str | None = None
    relation_why: str = ""
    as_of: int = 0
    as_of_from: str = "file time"
    rows: int = 0
    is_exact: bool = False
    columns: tuple[ColumnGuess, ...] = ()
    kind_columns: tuple[str, ...] = ()
    samples: tuple[tuple[str, ...], ...] = field(default=(), repr=False)
    shape: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    sha256: str = ""
    size: int = 0
    modified_ns: int = 0
    archive: Archive | None = None
    table: TableShape | None = field(default=None, repr=False)
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def recognise(path: Path, sheet: str | None = None) -> Recognised:
    """Say what a file is, from its content first and its name last.

    Args:
        path: file or folder.
        sheet: worksheet of a workbook.

    Raises:
        BadInput: when it is nothing that can be imported.
    """
    if path.is_dir():
        return replace(_archive(path, "folder"), sha256=fingerprint(path))
    first = look_at(path)
    return replace(_recognise_file(first, sheet), sha256=first.sha256, size=first.size, modified_ns=first.modified_ns)


def _recognise_file(first: FirstLook, sheet: str | None) -> Recognised:
    if first.sample.lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"window.YTD", b"window.__THAR", b"YTD.")):
        return _archive(first.path, "js")
    if first.members is not None and not _is_workbook_zip(first.path, first.members):
        return _archive(first.path, "zip")
    shape = inspect_table(first, sheet)
    accounts = sample_accounts(shape) if shape.format in ("JSON", "JSONL") else []
    if accounts and not _is_list_json(shape):
        seen = _json_accounts(shape, [flag for flag, _ in accounts], [account for _, account in accounts])
    else:
        seen = _table(shape)
    return replace(seen, table=shape)


def describe(recognised: Recognised) -> str:
    """One sentence such as ``exporter JSON, followers, 12,388 people``."""
    count = f"{recognised.rows:,}" if recognised.is_exact else f"about {recognised.rows:,}"
    form = f"{recognised.tool} {recognised.format}".strip()
    archive = recognised.archive
    if archive is not None:
        whose = f" of @{archive.own_handle}" if archive.own_handle else ""
        day = datetime.fromtimestamp(recognised.as_of, UTC).strftime("%Y-%m-%d")
        parts = [
            f"{'?' if number is None else format(number, ',')} {word}"
            for number, has, word in (
                (archive.followers, archive.has_followers, "followers"),
                (archive.following, archive.has_following, "following"),
            )
            if has
        ]
        return f"X archive{whose}, {day}, {', '.join(parts)}"
    if recognised.what in (ACCOUNTS, HANDLES):
        word = {"follower": "followers", "following": "following", "both": "followers and following"}
        direction = word.get(recognised.relation or "", "direction not said")
        who = "person" if recognised.rows == 1 else "people"
        noun = "handles" if recognised.what == HANDLES else who
        return f"{form}, {direction}, {count} {noun}"
    if recognised.what == LIST:
        fields = {guess.field for guess in recognised.columns}
        people = bool(fields & {"person", "first_name", "last_name"})
        kind = "people and companies" if people and "company" in fields else "people" if people else "companies"
        return f"{form} list, {count} {kind}"
    names = {OUTCOMES: "outcomes", CONTACT_LOG: "contact log"}
    return f"{form}, {names.get(recognised.what, 'not recognised')}, {count} rows"


def _is_workbook_zip(path: Path, names: Sequence[str]) -> bool:
    if any(name.startswith("xl/") or name == "content.xml" for name in names):
        return True
    tables = [name for name in names if name.lower().endswith((".csv", ".xlsx", ".json")) and "/data/" not in name]
    if tables and not any(name.lower().endswith(".js") for name in names):
        inside = shown_name(Path(next((name for name in tables if "connections" in name.lower()), tables[0])))
        raise BadInput(f"{shown_name(path)}: a zip that is no X archive; unpack it and import {inside}.")
    return False


def _archive(path: Path, form: str) -> Recognised:
    archive = inspect_archive(path)
    as_of, source = (archive.as_of, "manifest") if archive.as_of is not None else date_of_file(path)
    relation = "both" if archive.has_followers and archive.has_following else None
    if relation is None:
        relation = "follower" if archive.has_followers else "following"
    rows = (archive.followers or 0) if archive.has_followers else (archive.following or 0)
    return Recognised(
        path=path,
        what=ARCHIVE,
        format=form,
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


def date_of_file(path: Path) -> tuple[int, str]:
    """When a file was written, epoch seconds UTC, and whether its name or its time says so."""
    for found in re.finditer(r"(?<!\d)(?:(20\d\d)[-_.]?([01]\d)[-_.]?([0-3]\d)|(1\d{12})|(1\d{9}))(?!\d)", path.name):
        year, month, day, millis, seconds = found.groups()
        try:
            return parse_moment(f"{year}-{month}-{day}" if year else millis or seconds), "file name"
        except ValueError:
            continue
    return int(path.stat().st_mtime), "file time"


def _is_list_json(shape: TableShape) -> bool:
    """Whether JSON objects with a handle are companies or people of a list."""
    fields = {guess.field for guess in guess_list_columns(shape.header, shape.samples)}
    accounts = {guess.field for guess in guess_account_columns(shape.header, shape.samples)}
    return bool(fields & _NAMING - {"title"}) and not accounts & (_COUNT_FIELDS | {"bio"})


def _json_accounts(shape: TableShape, flags: list[str | None], accounts: list[dict[str, object]]) -> Recognised:
    header = json_header(accounts)
    samples = [flat_cells(account, header) for account in accounts]
    columns = guess_account_columns(header, samples)
    stated = {"follows_us": "follower", "we_follow": "following"}.get(next(filter(None, flags), ""))
    said = (stated, "the name of the list inside the file") if stated and len(set(flags)) == 1 else None
    seen = replace(shape, header=header, samples=samples)
    return _accounts(seen, columns, said)


def _accounts(shape: TableShape, columns: list[ColumnGuess], said: tuple[str, str] | None) -> Recognised:
    relation, why = said or _relation(shape, columns)
    fields = {guess.field for guess in columns if guess.field}
    what = HANDLES if fields <= {"handle", "x_id"} and len(shape.header) == 1 else ACCOUNTS
    base = _base(shape, what, columns)
    return replace(base, relation=relation, relation_why=why, tool=_account_tool(shape))


def _base(shape: TableShape, what: str, columns: Sequence[ColumnGuess]) -> Recognised:
    as_of, source = date_of_file(shape.path)
    return Recognised(
        path=shape.path,
        what=what,
        format=shape.format,
        as_of=as_of,
        as_of_from=source,
        rows=shape.row_estimate,
        is_exact=shape.is_counted,
        columns=tuple(columns),
        samples=tuple(tuple(row) for row in shape.samples[:_SAMPLES_SHOWN]),
        shape=shape_of(shape.header),
        sheet=shape.sheet,
        sheets=shape.sheets,
        problems=shape.problems,
    )


def _table(shape: TableShape) -> Recognised:
    accounts = guess_account_columns(shape.header, shape.samples)
    entries = list_columns(shape)
    what = _kind_of_table(shape, accounts, entries)
    if what in (ACCOUNTS, HANDLES):
        return _accounts(shape, accounts, None)
    if what in (OUTCOMES, CONTACT_LOG):
        entries = event_columns(shape)
    base = _base(shape, what, entries if what != UNKNOWN else ())
    return replace(base, tool=_list_tool(shape.header), kind_columns=tuple(kind_columns(shape)))


def _kind_of_table(shape: TableShape, accounts: list[ColumnGuess], entries: list[ColumnGuess]) -> str:
    account_fields = {guess.field for guess in accounts if guess.field}
    list_fields = {guess.field for guess in entries if guess.field}
    is_known = bool(account_fields & {"handle", "x_id"})
    words = {section: _words_of(section, shape.header) for section in ("outcomes", "contacts")}
    is_named = is_known or bool(list_fields & {"handle", "email"})
    event_fields = {guess.field for guess in event_columns(shape)} if words["contacts"] else set()
    is_dated = {"date", "kind"} <= event_fields or "contacted" in "".join(map(fold_header, shape.header))
    if words["contacts"] and is_named and is_dated and not account_fields & _COUNT_FIELDS:
        return CONTACT_LOG
    is_named = is_named or "domain" in list_fields
    is_record = account_fields & _COUNT_FIELDS or list_fields & _RECORD_FIELDS
    if is_named and not is_record and (words["outcomes"] or _tells_outcomes(shape)):
        return OUTCOMES
    # A bare "name" beside a handle speaks of accounts as much as of companies; a company column does not.
    own = {guess.field for guess in entries if fold_header(guess.column) not in NAME_WORDS}
    if is_known and not own & {"company", "email", "last_name"}:
        others = [guess for guess in accounts if not guess.field and not field_of("accounts_ignored", guess.column)]
        if account_fields & (_COUNT_FIELDS | {"follows_us", "we_follow", "protected", "relation"}):
            return ACCOUNTS
        if len(others) < 2 or (not own & {"domain", "title", "person"} and "bio" not in account_fields):
            return ACCOUNTS
    if list_fields & {"company", "person", "last_name", "first_name", "domain", "email", "handle"}:
        return LIST
    if is_known:
        return ACCOUNTS
    is_bare = len(shape.header) == 1 and shape.header_line == 0
    return HANDLES if is_bare and _is_handle_column(shape) else UNKNOWN


def _tells_outcomes(shape: TableShape) -> bool:
    """Whether a dated column says visit, download or registration on most lines."""
    at = {guess.field: guess.position for guess in event_columns(shape) if guess.field}
    if "date" not in at or "kind" not in at:
        return False
    said = [row[at["kind"]] for row in shape.samples if row[at["kind"]].strip()]
    return bool(said) and sum(outcome_of(word) is not None for word in said) > len(said) / 2


def _is_handle_column(shape: TableShape) -> bool:
    values = [[row[0]] for row in shape.samples if row[0].strip()]
    return guess_account_columns(("handle",), values)[0].field in ("handle", "x_id")


def _words_of(section: str, header: Sequence[str]) -> int:
    found = (field_of(section, column) for column in header)
    return sum(1 for match in found if match is not None and match[1] < SUFFIX_RANK)


def _relation(shape: TableShape, columns: list[ColumnGuess]) -> tuple[str | None, str]:
    """The direction a file states: by its name, its relation column, or its flags."""
    name = re.sub(r"[\W_]+", " ", shape.path.stem.lower())
    is_follower = bool(re.search(r"followers?\b", name))
    is_following = bool(re.search(r"following|friends|followees", name))
    if is_follower != is_following:
        return ("follower" if is_follower else "following"), "the file's name"
    by_field = {guess.field: guess.position for guess in columns if guess.field}
    if "relation" in by_field:
        words = {row[by_field["relation"]].strip().lower().rstrip("s") for row in shape.samples} - {""}
        if words == {"follower"} or words == {"following"}:
            return words.pop(), "its relation column"
        if words and words <= {"follower", "following", "both"}:
            return "both", "its relation column"
    flags = {}
    for flag, relation in (("follows_us", "follower"), ("we_follow", "following")):
        if flag in by_field and shape.samples:
            flags[relation] = all(parse_flag(row[by_field[flag]]) == 1 for row in shape.samples)
    stated = [relation for relation, is_all in flags.items() if is_all]
    if len(stated) == 1:
        return stated[0], "the flag of every row"
    return None, ""


def _account_tool(shape: TableShape) -> str:
    folded = {fold_header(column.rpartition(".")[2]) for column in shape.header}
    columns = set(shape.header)
    if {"isblueverified", "profilebannerurl"} <= folded or re.match(r"twitter-\w+-\d{13}", shape.path.name):
        return "exporter"
    if "restid" in folded:
        return "X GraphQL"
    if any(column.startswith("public_metrics.") for column in columns) or (
        shape.format in ("JSON", "JSONL") and {"id", "username", "name"} <= columns
    ):
        return "X API v2"
    if {"screenname", "friendscount", "statusescount"} <= folded:
        return "X API v1.1"
    if {"screenName", "profileUrl", "timestamp"} <= columns:
        return "PhantomBuster"
    if {"ID", "NAME", "USER", "FOLLOWED"} <= columns:
        return "followers2csv"
    return ""


def _list_tool(header: Sequence[str]) -> str:
    folded = {fold_header(column) for column in header}
    if any(word.startswith(("recordid", "datensatzid")) for word in folded):
        return "HubSpot"
    if "connectedon" in folded:
        return "LinkedIn"
    if any(re.match(r"(?:Organization|Organisation|Person|Deal) - ", column) for column in header):
        return "Pipedrive"
    if "Account Name" in header or folded & {"accountowner", "ownerid", "billingcountry"}:
        return "Salesforce"
    return ""
