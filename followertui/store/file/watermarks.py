"""Every value of the table meta, by name and type: how far the store has come, and whose it is.

Owns the names, what a value reads as where it was never written, and how it is kept as text.
Nothing else reads or writes the table, migrations and the trigger of the search index apart.
Only ``store``, ``services``, ``demo`` and ``cli`` import it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from followertui.domain.lists import EntityAlias
from followertui.domain.match import ClauseWord
from followertui.store.file.connection import Store

T = TypeVar("T")

PURGED = "(purged)"
"""Stands where the text of a purged person stood."""


@dataclass(frozen=True, slots=True)
class Watermark(Generic[T]):
    """One value of the table meta.

    Attributes:
        name: its key in the table.
        default: what it reads as where it was never written.
        parse: the value behind a text of the table.
        render: the text of a value.
    """

    name: str
    default: T
    parse: Callable[[str], T]
    render: Callable[[T], str]

    def read(self, store: Store) -> T:
        """The value as it stands."""
        found = store.con.execute("SELECT value FROM meta WHERE name = ?", [self.name]).fetchone()
        return self.default if found is None else self.parse(found[0])

    def write(self, store: Store, value: T) -> None:
        """Set the value, in the open transaction or in one of its own; the default removes it."""
        with store.write() as con:
            if value == self.default:
                con.execute("DELETE FROM meta WHERE name = ?", [self.name])
            else:
                con.execute("INSERT OR REPLACE INTO meta(name, value) VALUES (?, ?)", [self.name, self.render(value)])


class FullRun(NamedTuple):
    """How far a comparison of all accounts came: with which lists, up to which row."""

    lists_version: int
    reached: int


class FullJudgement(NamedTuple):
    """How far a judgement of all accounts came: by which scoring version, up to which row."""

    scoring_version: str
    reached: int


class ComparedLists(NamedTuple):
    """The lists accounts were compared with: highest entry id, digest of the entries, learned aliases."""

    upto: int
    digest: str
    aliases: tuple[EntityAlias, ...]


class CountedAudience(NamedTuple):
    """What was counted of all accounts when lists of a version were compared with them.

    Attributes:
        lists_version: of the lists whose words were counted.
        size: number of accounts counted.
        words: folded word of a company on a list -> accounts whose display name holds it.
        names: name of a company as one word -> accounts of that name.
        share: share of the companies whose own account is there, 0-1.
        plain: the same words -> accounts whose bio uses them in lower case, as any word.
        capital: the words of ``plain`` -> accounts whose bio writes them otherwise.
    """

    lists_version: int
    size: int
    words: dict[str, int]
    names: dict[str, int]
    share: float
    plain: dict[str, int]
    capital: dict[str, int]


class EarlyCalls(NamedTuple):
    """Calls that were made no earlier than a moment, whatever the clock said of them.

    Attributes:
        first, upto: their numbers in the table call, from the first to the last.
        at: epoch seconds UTC.
    """

    first: int
    upto: int
    at: int


class DemoState(NamedTuple):
    """Which demo a store holds: accounts, seed and access level it was built with, and its present week."""

    accounts: int
    seed: int
    access: str
    week: int


def _number(name: str) -> Watermark[int]:
    return Watermark(name, 0, int, str)


def _optional_number(name: str) -> Watermark[int | None]:
    return Watermark(name, None, lambda text: int(text) if text else None, str)


def _text(name: str) -> Watermark[str]:
    return Watermark(name, "", str, str)


def _parsed_run(text: str) -> FullRun | None:
    version, _, reached = text.partition(":")
    return FullRun(int(version), int(reached)) if reached else None


def _rendered_run(run: FullRun | None) -> str:
    return f"{run.lists_version}:{run.reached}" if run else ""


def _parsed_judgement(text: str) -> FullJudgement | None:
    return FullJudgement(*json.loads(text)) if text else None


def _parsed_audience(text: str) -> CountedAudience:
    """What was counted; stores of an earlier version counted no bios."""
    found = json.loads(text)
    return CountedAudience(*found, *({} for _ in CountedAudience._fields[len(found) :]))


def _parsed_aliases(lines: Sequence[Sequence[Any]]) -> tuple[EntityAlias, ...]:
    return tuple(EntityAlias(*line) for line in lines)


def _lines(aliases: Sequence[EntityAlias]) -> list[list[Any]]:
    return [[alias.entity_id, alias.type, alias.value] for alias in aliases]


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _lists(name: str) -> Watermark[ComparedLists | None]:
    def parsed(text: str) -> ComparedLists | None:
        """The lists behind a stored text."""
        if not text:
            return None
        upto, digest, aliases = json.loads(text)
        return ComparedLists(upto, digest, _parsed_aliases(aliases))

    def rendered(lists: ComparedLists | None) -> str:
        """The stored text of lists."""
        return _as_json([*lists[:2], _lines(lists.aliases)]) if lists else ""

    return Watermark(name, None, parsed, rendered)


def _parsed_demo(text: str) -> DemoState:
    kept = json.loads(text)
    accounts, seed, access = kept["recipe"]
    return DemoState(accounts, seed, access, kept["week"])


def _rendered_demo(demo: DemoState | None) -> str:
    return _as_json({"recipe": demo[:3], "week": demo.week}) if demo else ""


STORE_ID = _text("store_id")
"""Random name of this store: salt of purge marks, and the key of caches beside the file."""

TEXT_UPTO = _number("text_upto")
"""Highest row the full-text index holds."""

JUDGED_UPTO = _number("judged_upto")
"""Highest row that was judged; what changed since is in ``judge_pending``."""

SCORING_VERSION = _text("scoring_version")
"""What accounts were judged with: weights, market words and own brand."""

JUDGE_RUN: Watermark[FullJudgement | None] = Watermark("judge_run", None, _parsed_judgement, _as_json)
"""How far a judgement of all accounts came, None where none is unfinished."""

LISTS_VERSION = _number("lists_version")
"""Moves on whenever lists or learned aliases change."""

HAS_COMPANIES_BEHIND: Watermark[bool] = Watermark("companies_behind", False, bool, lambda has: str(int(has)))
"""Whether the companies of people on lists of earlier versions were added."""

COMPARED_LISTS = _optional_number("compared_lists")
"""Version of the lists accounts were compared with, None where they never were."""

COMPARED_UPTO = _number("compared_upto")
"""Highest row that was compared with lists; what changed since is in ``compare_pending``."""

COMPARED_WITH = _lists("compared_with")
"""The lists all accounts were compared with, None where some were not."""

COMPARE_BEGAN = _lists("compare_began")
"""The lists an unfinished comparison of all accounts began with."""

COMPARE_RUN: Watermark[FullRun | None] = Watermark("compare_run", None, _parsed_run, _rendered_run)
"""How far a comparison of all accounts came, None where none is unfinished."""

AUDIENCE: Watermark[CountedAudience | None] = Watermark("audience", None, _parsed_audience, _as_json)
"""What was counted of all accounts, None where nothing was."""

COMPARE_RATE = _number("compare_rate")
"""Accounts compared a second in the last long run, 0 where there was none."""

NOTED_ALIASES: Watermark[tuple[EntityAlias, ...]] = Watermark(
    "noted_aliases", (), lambda text: _parsed_aliases(json.loads(text)), lambda aliases: _as_json(_lines(aliases))
)
"""Learned aliases whose accounts were queued for another comparison."""

EARLY_CALLS: Watermark[EarlyCalls | None] = Watermark(
    "early_calls", None, lambda text: EarlyCalls(*json.loads(text)), _as_json
)
"""Calls and clicks made while the clock was behind the readings in the store, None where it never was."""

CLAUSE_WORDS: Watermark[tuple[ClauseWord, ...]] = Watermark(
    "clause_words", (), lambda text: tuple(ClauseWord(*line) for line in json.loads(text)), _as_json
)
"""Clauses a person said are not their entities."""

PROFILE_HANDLE = _text("profile_handle")
"""Handle of the company whose followers these are, without @."""

PROFILE_ID = _optional_number("profile_x_id")
"""X id of that company's account, None where no source named it."""

PROFILE_COUNTS_AT = _optional_number("profile_counts_at")
"""When X was last asked for the profile's counts, epoch seconds UTC."""

PROFILE_COUNTS = {direction: _optional_number(f"profile_count_{direction}") for direction in ("follower", "following")}
"""Direction -> the profile's own count then."""

DEMO: Watermark[DemoState | None] = Watermark("demo", None, _parsed_demo, _rendered_demo)
"""The demo this store holds, None for a person's own store."""

PROPOSED = _text("proposed")
"""What Today rested on when playbooks proposed into it last."""

DROPPED_RELEASES = _number("dropped_releases")
"""Releases a migration dropped because they named no guard."""

IMPORT_REVERSAL: Watermark[list[Any]] = Watermark("import_reversal", [], json.loads, _as_json)
"""Fields of the unfinished undo or redo of an import; ``audience.reversal_notes`` names them."""


def unreadable(con: sqlite3.Connection) -> list[str]:
    """Names of values that do not read as what they are; those without which a store is none, where missing."""
    texts = dict(con.execute("SELECT name, value FROM meta").fetchall())
    found = [one.name for one in (STORE_ID, TEXT_UPTO) if not texts.get(one.name)]
    for one in _declared():
        try:
            if one.name in texts:
                one.parse(texts[one.name])
        except (ValueError, TypeError, KeyError, IndexError, RecursionError):
            found.append(one.name)
    return found


def _declared() -> list[Watermark[Any]]:
    return [one for one in globals().values() if isinstance(one, Watermark)] + list(PROFILE_COUNTS.values())


def lists_changed(store: Store) -> None:
    """Move ``LISTS_VERSION`` on: every comparison up to now was with other lists."""
    LISTS_VERSION.write(store, LISTS_VERSION.read(store) + 1)


def forget_aliases(store: Store) -> None:
    """Take the text of aliases that are no longer known out of every value that remembers them."""
    known = set(store.con.execute("SELECT entity_id, type, value FROM alias"))

    def cleared(aliases: Sequence[EntityAlias]) -> tuple[EntityAlias, ...]:
        """Aliases with the text of unknown ones taken out."""
        return tuple(
            alias
            if (alias.entity_id, alias.type, alias.value) in known
            else EntityAlias(alias.entity_id, alias.type, PURGED)
            for alias in aliases
        )

    NOTED_ALIASES.write(store, cleared(NOTED_ALIASES.read(store)))
    for remembered in (COMPARED_WITH, COMPARE_BEGAN):
        lists = remembered.read(store)
        if lists is not None:
            remembered.write(store, lists._replace(aliases=cleared(lists.aliases)))
