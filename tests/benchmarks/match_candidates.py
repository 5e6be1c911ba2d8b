"""Candidates of entries that the matcher proposes nobody for: how often the right account is among the first three."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Collection

from match_data import DATA, Labelled, Pair, audience_of, labelled

from followertui.matching.candidates import MOST, Discovery
from followertui.matching.forms import entry_domains
from followertui.matching.individuals import shared_names
from followertui.matching.matcher import Matcher


def run() -> None:
    """Print, per list, the pairs not proposed and those whose account is among the first three candidates."""
    if not (DATA / "match-benchmark").exists():
        print("candidates: ../shared/data/match-benchmark is absent, skipped")
        return
    data = labelled()
    matcher = Matcher(data.entries, namesakes=shared_names(name or "" for name in data.columns.name))
    matcher.audience = audience_of(data.entries, data.columns)
    entries = {entry.id: entry.crm_id for entry in data.entries}
    proposed = {(data.columns.handle[p.row] or "", entries[p.entry_id]) for p in matcher.propose(data.columns)}
    missed = data.right - proposed
    began = time.process_time()
    first = _first_three(data, missed, proposed)
    took = time.process_time() - began
    print(f"\ncandidates of entries the matcher proposes nobody for, {took:.1f} s of processor time")
    show("handle given by the list's source", data, missed & set().union(*data.required.values()), first)
    show("all right pairs", data, missed, first)


def _first_three(data: Labelled, missed: Collection[Pair], proposed: Collection[Pair]) -> set[Pair]:
    """The pairs that the search puts first; what was proposed already is no candidate."""
    by_code = {entry.crm_id: entry for entry in data.entries}
    rows = {handle or "": row for row, handle in enumerate(data.columns.handle)}
    known = defaultdict(set)
    for handle, code in proposed:
        for domain in entry_domains(by_code[code]):
            known[domain].add(rows[handle])
    wanted = sorted({code for _, code in missed})
    taken = {(by_code[code].id, rows[handle]) for handle, code in proposed}
    discovery = Discovery([by_code[code] for code in wanted], known=known, taken=taken)
    discovery.count(data.columns)
    discovery.look(data.columns)
    return {
        (data.columns.handle[candidate.row] or "", code)
        for at, code in enumerate(wanted)
        for candidate in discovery.of(at)
    }


def show(title: str, data: Labelled, pairs: Collection[Pair], first: Collection[Pair]) -> None:
    """Print one table; an entry with more right accounts than there are places cannot have all of them."""
    of_entry = Counter(code for _, code in pairs)
    most = sum(min(MOST, count) for count in of_entry.values())
    found = len(set(pairs) & set(first))
    print(f"  {title}: {found} of {len(pairs)} ({found / max(1, len(pairs)):.3f}), {most} could be")
    for name in sorted(set(data.lists.values())):
        here = {pair for pair in pairs if data.lists[pair[1]] == name}
        if here:
            print(f"    {name:26} {len(here & set(first)):4} of {len(here):4}")
