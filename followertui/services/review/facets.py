"""Counting rows by a field, and the ways of being like one account.

Owns what ``#`` and ``=`` offer. Every count opens the rows it counts: each line carries the
query that selects them. Reads only.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, tzinfo
from typing import TYPE_CHECKING, Any

from followertui.domain.clock import day_of, epoch, from_epoch, start_of_day
from followertui.domain.decision import ACTION_ORDER, DECISION_ORDER
from followertui.domain.errors import BadInput
from followertui.domain.fields import COUNT_FIELDS, FIELDS
from followertui.domain.guards import kind_of
from followertui.domain.judgement import ROLES, SENIORITIES, TYPE_ORDER
from followertui.domain.kind import KIND_ORDER, Kind
from followertui.domain.match import MatchState
from followertui.domain.query import Equals, FieldType, Query
from followertui.late import late
from followertui.query.unparsing import unparse
from followertui.services.phrases import ACTION_WORDS, one_line
from followertui.services.review import blinding
from followertui.services.scoring.judging import accusing, weights_of
from followertui.services.session import Session
from followertui.services.values import CountLine, Likeness
from followertui.store.audience import pages, scores, waves
from followertui.store.index import facets
from followertui.store.lists import matches
from followertui.text.clauses import clauses_said

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from followertui.quality import sentences, signals
else:
    sentences = late("followertui.quality.sentences")
    signals = late("followertui.quality.signals")
    np = late("numpy")

_MOST_LINES = 200
_MOST_BIOS = 60
"""Bios looked for among many: each costs a search of its own."""
_BIO_LETTERS = 60


def fields() -> list[tuple[str, str]]:
    """Fields one can count by: (name, help)."""
    return [(name, FIELDS[name].help) for name in COUNT_FIELDS]


def count_by(session: Session, rows: Sequence[int], field: str) -> list[CountLine]:
    """How rows spread over a field's values, most first; dates by month.

    Raises:
        BadInput: one cannot count by this field.
    """
    if field not in COUNT_FIELDS:
        raise BadInput(f'cannot count by "{field}"; one of {", ".join(COUNT_FIELDS)}')
    chosen = np.asarray(rows, dtype=np.int64)
    if not len(chosen):
        return []
    if field == "like":
        return _like(session, chosen)
    if FIELDS[field].type is FieldType.DATE:
        return _months(session, chosen, field)
    closed = _closed(session, field)
    if closed is not None:
        values, words = closed
        counts = np.bincount(values[chosen], minlength=len(words))
        lines = [
            CountLine(word or "unknown", f"{field}:{word}" if word else f"-{field}:{','.join(words[1:])}", int(count))
            for word, count in zip(words, counts, strict=False)
            if count
        ]
        return sorted(lines, key=lambda line: -line.count)
    if field == "wave":
        return _waves(session, chosen)
    if field in ("plan", "match", "reason"):
        return _terms(session, chosen, field)
    return _open(session, chosen, field)


def _closed(session: Session, field: str) -> tuple[NDArray[Any], Sequence[str]] | None:
    columns = session.evaluator.columns
    if field == "kind":
        return columns.kinds()[0], [kind.value for kind in KIND_ORDER]
    words: dict[str, Sequence[str]] = {
        "type": [t.value for t in TYPE_ORDER],
        "decision": [d.value for d in DECISION_ORDER],
        "role": ROLES,
        "seniority": SENIORITIES,
    }
    return (columns.get(field), words[field]) if field in words else None


def _months_between(first: int, last: int, zone: tzinfo) -> list[date]:
    """The first days of the months from one moment's (epoch seconds) to another's, in order."""
    begin, end = (day_of(from_epoch(moment), zone) for moment in (first, last))
    count = (end.year - begin.year) * 12 + end.month - begin.month + 1
    return [date(begin.year + (begin.month - 1 + n) // 12, (begin.month - 1 + n) % 12 + 1, 1) for n in range(count)]


def _months(session: Session, chosen: NDArray[np.int64], field: str) -> list[CountLine]:
    moments = session.evaluator.number(field, session.now)[chosen]
    known = moments[moments >= 0]
    lines = []
    if len(known):
        months = _months_between(int(known.min()), int(known.max()), session.zone)
        starts = [epoch(start_of_day(month, session.zone)) for month in months]
        counts = np.bincount(np.searchsorted(starts, known, side="right") - 1, minlength=len(months)).tolist()
        lines = [
            CountLine(f"{month:%Y-%m}", f"{field}:{month:%Y-%m}", count)
            for month, count in zip(reversed(months), reversed(counts), strict=True)
            if count
        ]
    unknown = len(chosen) - len(known)
    if unknown:
        lines.append(CountLine("unknown", f"-{field}:1970..", unknown))
    return lines[:_MOST_LINES]


def _terms(session: Session, chosen: NDArray[np.int64], field: str) -> list[CountLine]:
    words: Sequence[str]
    if field == "plan":
        words = [action.value for action in ACTION_ORDER] + ["none"]
    elif field == "match":
        words = [word for word in FIELDS["match"].choices if word != "any"]
    else:
        traits = dict.fromkeys(wave.trait for wave in waves.waves(session.store))
        any_wave = [waves.ANY] if traits else []
        words = list(dict.fromkeys([*scores.reason_codes(session.store).values(), *any_wave, *traits]))
    speaking_for = _speaking_for(session) if field == "reason" else frozenset()
    counts = [(word, _count(session, chosen, f"{field}:{word}")) for word in words]
    found = [(word, count) for word, count in counts if count]
    found.sort(key=lambda one: (one[0] in speaking_for, -one[1]))
    return [CountLine(_in_words(field, word), f"{field}:{word}", count) for word, count in found]


def _in_words(field: str, word: str) -> str:
    """What a count calls a value: a sentence for a reason, whose code says little, else the value itself."""
    if field == "reason":
        return reason_in_words(word)
    known = next((action for action in ACTION_ORDER if field == "plan" and action.value == word), None)
    return ACTION_WORDS[known] if known is not None else word


def reason_in_words(code: str) -> str:
    """What a reason says of any account: figures left open."""
    if code == waves.ANY:
        return "came in a wave"
    if code in signals.WAVE_TRAITS:
        return f"came in a wave: {signals.WAVE_TRAITS[code]}"
    return sentences.general(signals.SIGNALS[code].text) if code in signals.SIGNALS else code


def _like(session: Session, chosen: NDArray[np.int64]) -> list[CountLine]:
    """Bios that several of the rows share or nearly share, each asked for by one of its accounts."""
    lines: list[CountLine] = []
    left = chosen
    for row, asked, bio in facets.shared_bios(session.store, chosen.astype("uint32").tobytes(), _MOST_BIOS):
        if row not in left:
            continue
        mask = session.evaluator.mask(Equals("like", asked), session.now)
        lines.append(CountLine(one_line(bio, _BIO_LETTERS), _term("like", asked), int(mask[chosen].sum())))
        left = left[~mask[left]]
    return sorted(lines, key=lambda line: -line.count)


def _waves(session: Session, chosen: NDArray[np.int64]) -> list[CountLine]:
    found = [
        CountLine(f"{wave.number}: {wave.text}", f"wave:{wave.number}", count)
        for wave, count in waves.counts(session.store, chosen.tolist())
    ]
    return sorted(found, key=lambda line: -line.count)


def _speaking_for(session: Session) -> frozenset[str]:
    """Reasons that only favour an account: listed after those against it."""
    weights = weights_of(session)
    against = frozenset[str]().union(*(accusing(weights, kind) for kind in (Kind.BOT, Kind.HARMFUL, Kind.OFFTOPIC)))
    return frozenset(code for score in weights.scores.values() for code in score.points) - against


def _open(session: Session, chosen: NDArray[np.int64], field: str) -> list[CountLine]:
    """Open sets of names (tags, lists, companies, places): counted by the store."""
    found = facets.values_among(session.store, chosen.astype("uint32").tobytes(), field, _MOST_LINES)
    return [CountLine(value, _term(field, value), count) for value, count in found]


def _term(field: str, value: str) -> str:
    """The query term that asks for a value as it is written."""
    return unparse(Query(Equals(field, value)))


def _count(session: Session, chosen: NDArray[np.int64], query: str) -> int:
    mask = session.evaluator.mask(session.parse(query).where, session.now)
    return int(mask[chosen].sum())


def alike(session: Session, rows: Sequence[int], row: int) -> list[Likeness]:
    """The ways other accounts in view are like one account, nearest first; only those with results."""
    found = pages.page(session.store, [row])
    detail = pages.detail(session.store, row)
    if not found or detail is None:
        return []
    line, chosen = found[0], np.asarray(rows, dtype=np.int64)
    offers: list[tuple[str, str]] = []
    ties = [match for match in matches.matches_of(session.store, [row]) if match.state.value != "rejected"]
    companies = {_term("company", match.company): match.company for match in ties if match.company}
    offers += [(f"company {name}", term) for term, name in companies.items()]
    for clause in dict.fromkeys(said for match in ties for said in clauses_said(match.evidence)[:1]):
        offers.append((f"a match rests on {clause}", _term("clause", clause)))
    if line.match is not None:
        facts = line.match.facts
        said = facts.band.value if facts.state is MatchState.UNREVIEWED else facts.state.value
        offers.append((f"a {said} match", f"match:{said}"))
    lists = dict.fromkeys(name for match in ties for name, _ in match.lists)
    offers += [(f"list {name}", _term("list", name)) for name in lists]
    for wave in waves.waves_of(session.store, row):
        offers.append((f"wave {wave.number}: {wave.text}", f"wave:{wave.number}"))
    domain = detail.fields["domain"]
    if domain:
        offers.append((f"site at {domain}", _term("domain", str(domain))))
    if detail.fields["bio"]:
        bio = " ".join(str(detail.fields["bio"]).split())
        offers.append((f"the same bio: {bio}", _term("bio", bio)))
        if line.handle:
            offers.append((f"nearly the same bio: {bio}", _term("like", f"@{line.handle}")))
    kind, _ = kind_of(line.facts)
    offers.append((f"kind {kind}", f"kind:{kind}"))
    for code in scores.reasons_of(session.store, row):
        offers.append((reason_in_words(code), f"reason:{code}"))
    created = detail.fields["created_at"]
    if isinstance(created, int):
        month = f"{day_of(from_epoch(created), session.zone):%Y-%m}"
        offers.append((f"made in {month}", f"created:{month}"))
    if detail.fields["location"]:
        place = str(detail.fields["location"])
        offers.append((f"place {place}", _term("location", place)))
    relation = {"←": "fan", "→": "leader", "↔": "mutual"}.get(("", "←", "→", "↔")[line.bits], "")
    if relation:
        offers.append((relation, f"is:{relation}"))
    ways: list[Likeness] = []
    for title, query in offers:
        if blinding.gives_away(query, session.hidden):
            continue
        mask = session.evaluator.mask(session.parse(query).where, session.now)
        count = int(mask[chosen].sum())
        if count > 1 and mask[row]:
            ways.append(Likeness(title, query, count, companies.get(query, "")))
    return ways
