"""Whether the clauses of matches are so: a fault for each that quotes what stands nowhere.

``python -m tests.matching.clause_checking`` prints, for every set of matches there is here, how
many clauses were held against their sources and how many have none.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations
from pathlib import Path
from string import Formatter

FOLDER = Path(__file__).resolve().parent
sys.path[:0] = [str(FOLDER), str(FOLDER.parent / "benchmarks")]

import bench  # noqa: E402
import match_data  # noqa: E402

from followertui.domain.account import ProfileColumns  # noqa: E402
from followertui.domain.lists import EntityAlias, ListEntry  # noqa: E402
from followertui.domain.match import Evidence, Proposal  # noqa: E402
from followertui.matching.entry_texts import ALIAS, entry_texts  # noqa: E402
from followertui.matching.explaining import QUOTED, template_of, words_for  # noqa: E402
from followertui.matching.individuals import shared_names  # noqa: E402
from followertui.matching.matcher import Matcher  # noqa: E402
from followertui.matching.normalising import comparison_key, without_asides  # noqa: E402
from followertui.matching.sources import COUNTED  # noqa: E402
from followertui.services.session import Session  # noqa: E402
from followertui.store.audience import pages  # noqa: E402
from followertui.store.lists import listings, lists, matches  # noqa: E402
from followertui.text.folding import native, squeezed, words  # noqa: E402

_QUOTE = re.compile(r'"([^"]*)"')


def profile_texts(columns: ProfileColumns, at: int) -> dict[str, tuple[str, ...]]:
    """Field -> what stands in it; a handle may be one held before."""
    former = tuple(columns.former_handles[at] or ()) if columns.former_handles else ()
    return {
        "name": (columns.name[at] or "",),
        "handle": (columns.handle[at] or "", *former),
        "bio": (columns.bio[at] or "",),
        "location": (columns.location[at] or "",),
        "site": (columns.site[at] or columns.url[at] or "",),
        "affiliation": (columns.affiliation[at] or "",),
        "verified": (columns.verified[at] or "",),
    }


def faults_of(
    piece: Evidence, profile: Mapping[str, Sequence[str]], entry: ListEntry, learned: Iterable[str] = ()
) -> Iterator[str]:
    """What of one clause has no source.

    Args:
        piece: the clause.
        profile: field of the account -> the texts that may stand in it.
        entry: the entry it speaks of.
        learned: names, handles and domains learned for its entity.

    Yields:
        One line per fault.
    """
    if piece.signal not in COUNTED:
        if piece.account_text not in profile.get(piece.field, ()):
            yield "the account's field does not hold that text"
        sides = {(side.column, side.text) for side in entry_texts(entry)} | {(ALIAS, text) for text in learned}
        if (piece.column, piece.entry_text) not in sides:
            yield "the entry's column does not hold that text"
        yield from (f"{side} span" for side in _bad_spans(piece))
    elif piece.column or piece.entry_span is not None:
        yield "a count quotes the entry"
    template = template_of(piece)
    if not template:
        yield "worded as quoted, though both sides hold other words" if piece.signal in QUOTED else "no words for it"
        return
    yield from _misquoted(piece, template)
    for phrase, fields in FIELDS.items():
        if phrase.search(template) and piece.field not in fields:
            yield f"speaks of {' or '.join(sorted(fields))}, rests on {piece.field}"
    for phrase, columns in COLUMNS.items():
        if phrase.search(template) and not (
            piece.column in columns or (CODE in columns and piece.column in entry.fields)
        ):
            yield f"speaks of the list's {' or '.join(sorted(columns))}, rests on {piece.column or 'none'}"


def _misquoted(piece: Evidence, template: str) -> Iterator[str]:
    """Quotes of one clause that do not stand on the side its words say they are from.

    Where the words quote one side for both, the other side's words are held against it too.
    """
    sides = {
        side: squeezed(text).replace('"', "'")
        for side, text in (("account", piece.account_text), ("entry", piece.entry_text))
    }
    plain = piece._replace(
        account_text=piece.account_text.replace('"', "'"), entry_text=piece.entry_text.replace('"', "'")
    )
    named = [name for _, name, _, _ in Formatter().parse(template) if name]
    quoted = [name for name in named if name in _SIDE and f"@{{{name}}}" not in template]
    quotes = _QUOTE.findall(words_for(plain))
    if len(quotes) != len(quoted):
        yield "says other quotes than its words have room for"
    for name, quote in zip(quoted, quotes, strict=False):
        if quote.rstrip("…").rstrip() not in sides[_SIDE[name]]:
            yield f"quotes as the {_SIDE[name]}'s what does not stand there"
    if template in QUOTED.values() and quoted:
        own, others = (
            _plain_words(text, span)
            for text, span in ((piece.account_text, piece.account_span), (piece.entry_text, piece.entry_span))
        )
        if own != others:
            yield "quotes both sides at once, which hold other words"


_ANDS = frozenset({"and", "und", "et", "y", "e", "och", "og", "en", "i"})


def _plain_words(text: str, span: tuple[int, int] | None) -> list[str]:
    """The letters a side contributes, in any order of its words: folded, without those for "and"."""
    part = text[slice(*span)] if span else text
    found = [word for word in words(part) if word not in _ANDS]
    return sorted("".join(found)) if found else sorted(filter(str.isalnum, native(part)))


_SIDE = {"account": "account", "account_text": "account", "entry": "entry", "entry_text": "entry"}
"""What a clause's words quote -> the side it stands on; a handle is no quote, a count neither."""

CODE = "a column of the file"

FIELDS = {
    re.compile(r"\bbio\b(?!,)"): {"bio"},
    re.compile(r"^site "): {"site"},
    re.compile(r"^name |same name|same family name|same middle name|named like|\bthe name\b|another given"): {"name"},
    re.compile("@{(?:handle|account)}"): {"handle"},
    re.compile("vouches"): {"affiliation"},
    re.compile("X verified"): {"verified"},
    re.compile("reads like a role|as past|than an employer|line of work"): {"bio"},
}
"""What a clause says of the account -> the fields of which that can be said."""

_NAMES = {"company", "person", "first_name", "middle_name", "last_name", "nickname", ALIAS}
_NAMES |= {
    "+".join(parts) for size in (2, 3) for parts in combinations(("first_name", "middle_name", "last_name"), size)
}
_ADDRESSES = {"domain", "email", ALIAS}

COLUMNS = {
    re.compile("domain|address on the list|email address at|list's address|^site {account}, not"): _ADDRESSES,
    re.compile("handle on record"): {"handle", ALIAS},
    re.compile("same name|same family name|same middle name|is their name|full name"): _NAMES,
    re.compile("title"): {"title"},
    re.compile("their code"): {CODE},
    re.compile("their company"): {"company"},
    re.compile("same place|be the place|elsewhere"): {"city", "region", "country"},
    re.compile("both in|to be in"): {"city", "region", "country"},
}
"""What a clause says of the list -> the columns of which that can be said."""


def _bad_spans(piece: Evidence) -> Iterator[str]:
    for side, text, span in (
        ("account", piece.account_text, piece.account_span),
        ("entry", piece.entry_text, piece.entry_span),
    ):
        if span is None or not 0 <= span[0] < span[1] <= len(text) or not text[slice(*span)].strip():
            yield side


def walked(
    columns: ProfileColumns,
    entries: Sequence[ListEntry],
    proposals: Iterable[Proposal],
    aliases: Sequence[EntityAlias] = (),
) -> tuple[int, Counter[str]]:
    """How many clauses were looked at, and how often each fault was found."""
    at = {row: position for position, row in enumerate(columns.rows)}
    by_id = {entry.id: entry for entry in entries}
    seen, faults = 0, Counter[str]()
    for proposal in proposals:
        profile = profile_texts(columns, at[proposal.row])
        learned = [alias.value for alias in aliases if alias.entity_id == proposal.entity_id]
        for piece in proposal.evidence:
            seen += 1
            entry = by_id[piece.entry_id or proposal.entry_id]
            for fault in faults_of(piece, profile, entry, learned):
                faults[f"{piece.signal}: {fault}"] += 1
    return seen, faults


def of_store(session: Session) -> tuple[int, Counter[str]]:
    """The clauses of every match a store holds, those of stale ones too."""
    stored = [match for match in matches.all_matches(session.store) if not match.is_stale]
    columns = pages.profiles(session.store, sorted({match.row for match in stored}))
    proposals = [Proposal(m.row, m.entry_id, m.entity_id, m.relation, m.score, m.band, m.evidence) for m in stored]
    return walked(columns, list(lists.entries(session.store)), proposals, listings.aliases(session.store))


def of_bench() -> tuple[int, Counter[str]]:
    """The clauses of the made-up cases of the frozen bench."""
    seen, faults = 0, Counter[str]()
    for case in bench.cases():
        more, found = walked(case.columns, case.entries, bench.proposed(case))
        seen, faults = seen + more, faults + found
    return seen, faults


def of_benchmark() -> tuple[int, Counter[str]]:
    """The clauses of the labelled benchmark."""
    data = match_data.labelled()
    namesakes = shared_names(name or "" for name in data.columns.name)
    return walked(data.columns, data.entries, Matcher(data.entries, namesakes=namesakes).propose(data.columns))


WILD_LISTS = {
    "fortune1000": ("company", "Website", "city", "state"),
    "landscape": ("name", "homepage_url", "", ""),
    "sec-tickers": ("title", "", "", ""),
}
"""A company list of the shared data -> its columns of name, site, city and region."""


def wild_entries(name: str) -> list[ListEntry]:
    """A company list of the shared data as entries, numbered from 1; lines of one name are one company."""
    (path,) = (match_data.DATA / f"companies-{name}").glob("*.csv")
    company, site, city, region = WILD_LISTS[name]
    entities: dict[str, int] = {}
    return [
        ListEntry(
            line=number, company=row[company], domains=(row[site],) if row.get(site) else (),
            handles=(row["handle"].lower(),) if row.get("handle") else (), city=row.get(city, ""),
            region=row.get(region, ""), fields=row, id=number, list_id=1,
            entity_id=entities.setdefault(comparison_key(without_asides(row[company])[0]), number),
        )
        for number, row in enumerate(match_data.rows_of(path), start=1)
    ]  # fmt: skip


def of_wild(name: str) -> tuple[int, Counter[str]]:
    """The clauses of an audience of strangers and a company list."""
    columns = match_data.columns_of(match_data.rows_of(match_data.DATA / "wild-audience" / "accounts.csv"))
    entries = wild_entries(name)
    namesakes = shared_names(text or "" for text in columns.name)
    return walked(columns, entries, Matcher(entries, namesakes=namesakes).propose(columns))


def main() -> None:
    """Print the figure of every set there is here."""
    sets: dict[str, Callable[[], tuple[int, Counter[str]]]] = {"frozen bench": of_bench}
    if match_data.DATA.exists():
        sets["benchmark"] = of_benchmark
        sets |= {f"wild audience x {name}": partial(of_wild, name) for name in WILD_LISTS}
    for name, work in sets.items():
        seen, faults = work()
        print(f"{name}: {seen:,} clauses, {sum(faults.values()):,} without a source")
        print("".join(f"  {count:,} {fault}\n" for fault, count in faults.most_common()), end="")


if __name__ == "__main__":
    main()
