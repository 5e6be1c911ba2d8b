"""Quality of matching on the labelled data: per list, per signal, beside simpler ways."""

from __future__ import annotations

import importlib.util
import logging
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import log2
from typing import Any

from match_data import DATA, Labelled, Pair, audience_of, columns_of, labelled, rows_of

from followertui.domain.lists import ListEntry
from followertui.domain.match import Band, MatchRelation, Proposal
from followertui.matching.explaining import explain
from followertui.matching.individuals import shared_names
from followertui.matching.matcher import Matcher
from followertui.matching.measured import measured
from followertui.matching.normalising import comparison_key
from followertui.matching.weights import default_weights
from followertui.text.domains import own_domain
from followertui.text.folding import words

_COUNTED_FROM = 50
"""Lists with fewer required pairs are reported but not averaged."""


def show(title: str, data: Labelled, chosen: set[Pair]) -> None:
    """Print recall and precision per list and over all counted lists."""
    chosen = chosen - data.excluded
    print(f"\n{title}")
    hit = need = right = wrong = 0
    for name in sorted(data.required):
        required = data.required[name]
        here = {pair for pair in chosen if data.lists[pair[1]] == name}
        good, met = len(here & data.right), len(here & required)
        counted = len(required) >= _COUNTED_FROM
        print(
            f"  {name:26} required {len(required):5}  recall {met / len(required):.3f}"
            f"  precision {good / max(1, len(here)):.3f}  proposed {len(here):5}{'' if counted else '  (not counted)'}"
        )
        if counted:
            hit, need, right, wrong = hit + met, need + len(required), right + good, wrong + len(here) - good
    hard = len(chosen & data.hard)
    print(
        f"  {'micro':26} required {need:5}  recall {hit / need:.3f}  precision {right / max(1, right + wrong):.3f}"
        f"  per right pair {(right + wrong) / max(1, right):.2f}  hard negatives {hard} of {len(data.hard)}"
        f" ({hard / len(data.hard):.1%})"
    )


def micro(data: Labelled, chosen: set[Pair]) -> tuple[float, float]:
    """Micro recall and precision over the counted lists."""
    counted = {name for name, pairs in data.required.items() if len(pairs) >= _COUNTED_FROM}
    required = set().union(*(data.required[name] for name in counted))
    here = {pair for pair in chosen - data.excluded if data.lists[pair[1]] in counted}
    return len(here & required) / len(required), len(here & data.right) / max(1, len(here))


def run() -> None:
    """Quality table, baselines, ablation and what works_at proposes."""
    if not (DATA / "match-benchmark").exists():
        print("quality: ../shared/data/match-benchmark is absent, skipped")
        return
    data = labelled()
    weights = default_weights()
    namesakes = shared_names(name or "" for name in data.columns.name)
    matcher = Matcher(data.entries, weights=weights, namesakes=namesakes)
    matcher.audience = audience_of(data.entries, data.columns)
    proposals = matcher.propose(data.columns)
    identity = [p for p in proposals if p.relation is not MatchRelation.WORKS_AT]
    chosen: set[Pair] = set()
    for at, band in enumerate(Band, start=1):
        chosen = chosen | _pairs(data, [p for p in identity if p.band is band])
        show("followertui, " + " + ".join(item.value for item in list(Band)[:at]), data, chosen)
    _bands(data, identity)
    show("plain equality of name, domain or handle", data, _equal(data))
    show("rapidfuzz token_sort_ratio >= 90 on names", data, _rapidfuzz(data))
    _string_grouper(data)
    _splink(data)
    _ablation(data, identity)
    _works_at(data, [p for p in proposals if p.relation is MatchRelation.WORKS_AT])


def _pairs(data: Labelled, proposals: Iterable[Proposal]) -> set[Pair]:
    """Proposals as pairs of handle and source entry id."""
    names = {entry.id: entry.crm_id for entry in data.entries}
    return {(data.columns.handle[p.row] or "", names[p.entry_id]) for p in proposals}


def _bands(data: Labelled, identity: Sequence[Proposal]) -> None:
    """How often each band was right, by kind of entity, beside the probability that was said."""
    people = {entry.id for entry in data.entries if entry.last_name or entry.person}
    print("\nbands by kind of entity (right: in gold; employers: among strangers, read by hand)")
    for kind in ("company", "person"):
        for band in Band:
            some = [p for p in identity if p.band is band and (p.entry_id in people) == (kind == "person")]
            pairs = _pairs(data, some) - data.excluded
            said = sum(p.probability or 0.0 for p in some) / max(1, len(some))
            right = len(pairs & data.right) / max(1, len(pairs))
            print(f"  {kind:8} {band.value:9} pairs {len(pairs):5}  right {right:.3f}  probability said {said:.3f}")
    for one in measured().bands:
        if one.kind == "employers":
            share = one.right / max(1, one.pairs)
            print(f"  employer {one.band:9} pairs {one.pairs:5}  right {share:.3f}  {one.data}, as the help has it")


def _one_word(text: str) -> str:
    """How a name becomes a handle or a domain."""
    return "".join(words(text))


def _entry_name(entry: ListEntry) -> str:
    return entry.person or f"{entry.first_name} {entry.last_name}".strip() or entry.company


def _equal(data: Labelled) -> set[Pair]:
    """Pairs whose normalised name, domain or handle is equal."""
    by: dict[str, list[str]] = defaultdict(list)
    for entry in data.entries:
        name = _entry_name(entry)
        keys = {f"n {comparison_key(name)}", f"h {_one_word(name)}"}
        keys |= {f"d {domain}" for text in entry.domains if (domain := own_domain(text)) and entry.company == name}
        for key in keys:
            by[key].append(entry.crm_id)
    found: set[Pair] = set()
    columns = data.columns
    for at, handle in enumerate(columns.handle):
        keys = {f"n {comparison_key(columns.name[at] or '')}", f"h {_one_word(handle or '')}"}
        keys.add(f"d {own_domain(columns.site[at] or '')}")
        found |= {(handle or "", entry) for key in keys for entry in by.get(key, ())}
    return found


def _rapidfuzz(data: Labelled) -> set[Pair]:
    import numpy as np
    from rapidfuzz import fuzz, process

    ours = [comparison_key(name or "") for name in data.columns.name]
    theirs = [comparison_key(_entry_name(entry)) for entry in data.entries]
    ratio = process.cdist(ours, theirs, scorer=fuzz.ratio, score_cutoff=90, dtype=np.float32, workers=-1)
    found = zip(*np.nonzero(ratio >= 90), strict=True)
    return {(data.columns.handle[a] or "", data.entries[b].crm_id) for a, b in found if ours[a] and theirs[b]}


def _string_grouper(data: Labelled) -> None:
    """TF-IDF of letter triples on normalised names; best of a few thresholds."""
    if importlib.util.find_spec("string_grouper") is None:
        print("\nstring_grouper: not installed here, skipped")
        return
    import pandas as pd
    from string_grouper import match_strings

    found = match_strings(
        pd.Series([comparison_key(_entry_name(entry)) or " " for entry in data.entries]),
        pd.Series([comparison_key(text or "") or " " for text in data.columns.name]),
        min_similarity=min(_SIMILARITIES),
    )
    lines = zip(found["left_index"].tolist(), found["right_index"].tolist(), found["similarity"].tolist(), strict=True)
    pairs = {(data.columns.handle[b] or "", data.entries[a].crm_id): score for a, b, score in lines}
    best = _best(data, pairs, _SIMILARITIES)
    chosen = {pair for pair, score in pairs.items() if score >= best}
    show(f"string_grouper, similarity >= {best} (its best of {len(_SIMILARITIES)} by F1)", data, chosen)


_SIMILARITIES = (0.6, 0.7, 0.8, 0.85, 0.9, 0.95)


def _best(data: Labelled, pairs: dict[Pair, float], thresholds: Sequence[float]) -> float:
    """The threshold at which a peer does best by F1 on the labels themselves, which favours it."""

    def f1(lowest: float) -> float:
        recall, precision = micro(data, {pair for pair, score in pairs.items() if score >= lowest})
        return 2 * recall * precision / max(1e-9, recall + precision)

    return max(thresholds, key=f1)


def _splink(data: Labelled) -> None:
    """Fellegi-Sunter on name, domain and handle, trained as its documentation starts; best of a few thresholds."""
    if importlib.util.find_spec("splink") is None:
        print("\nsplink: not installed here, skipped")
        return
    import splink.comparison_library as compare
    from splink import Linker, SettingsCreator, block_on
    from splink.backends.duckdb import DuckDBAPI

    logging.disable(logging.CRITICAL)
    base = DuckDBAPI()
    sides = [base.register(_splink_table(lines)) for lines in (_splink_entries(data), _splink_accounts(data))]
    rules = [block_on("name"), block_on("domain"), block_on("compact"), block_on("substr(name, 1, 5)")]
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            compare.JaroWinklerAtThresholds("name", [0.97, 0.92, 0.85]),
            compare.ExactMatch("domain"),
            compare.JaroWinklerAtThresholds("compact", [0.97, 0.9]),
        ],
        blocking_rules_to_generate_predictions=rules,
    )
    linker = Linker(sides, settings, log_level=None)
    training = linker.training
    training.estimate_probability_two_random_records_match(rules[:3], recall=0.8)
    training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    training.estimate_parameters_using_expectation_maximisation(block_on("domain"))
    training.estimate_parameters_using_expectation_maximisation(block_on("name"))
    scored = linker.inference.predict(threshold_match_probability=0.5).as_pandas_dataframe()
    ids = zip(scored["unique_id_l"], scored["unique_id_r"], scored["match_probability"], strict=True)
    pairs = {_splink_pair(data, str(one), str(other)): float(score) for one, other, score in ids}

    best = _best(data, pairs, (0.5, 0.8, 0.9, 0.95, 0.99, 0.999))
    chosen = {pair for pair, score in pairs.items() if score >= best}
    show(f"splink, probability >= {best} (its best of six by F1)", data, chosen)


def _splink_table(lines: list[tuple[str, str | None, str | None, str | None]]) -> Any:
    import pandas as pd

    return pd.DataFrame(lines, columns=["unique_id", "name", "domain", "compact"])


def _splink_entries(data: Labelled) -> list[tuple[str, str | None, str | None, str | None]]:
    lines = []
    for at, entry in enumerate(data.entries):
        name = _entry_name(entry)
        domain = next((found for text in entry.domains if (found := own_domain(text))), None)
        lines.append((f"e{at}", comparison_key(name) or None, domain, _one_word(name) or None))
    return lines


def _splink_accounts(data: Labelled) -> list[tuple[str, str | None, str | None, str | None]]:
    columns = data.columns
    sides = zip(columns.name, columns.site, columns.handle, strict=True)
    return [
        (f"a{at}", comparison_key(name or "") or None, own_domain(site or ""), _one_word(handle or "") or None)
        for at, (name, site, handle) in enumerate(sides)
    ]


def _splink_pair(data: Labelled, one: str, other: str) -> Pair:
    account, entry = (one, other) if one.startswith("a") else (other, one)
    return data.columns.handle[int(account[1:])] or "", data.entries[int(entry[1:])].crm_id


def _ablation(data: Labelled, proposals: Sequence[Proposal]) -> None:
    """What certain and likely lose or gain when one signal is worth nothing."""
    scale = default_weights().scale
    names = {entry.id: entry.crm_id for entry in data.entries}
    likely_odds = log2(scale["likely_from"] / (1 - scale["likely_from"]))
    rows, kept = [], {}
    for p in proposals:
        chance = min(max(p.probability or 0.0, 1e-6), 1 - 1e-6)
        spare = (log2(chance / (1 - chance)) - likely_odds) * scale["points_a_bit"]
        kept[data.columns.handle[p.row] or "", names[p.entry_id]] = (spare, {e.signal: e.weight for e in p.evidence})
    recall, precision = micro(data, {pair for pair, (spare, _) in kept.items() if spare >= 0})
    print("\nablation (micro of certain + likely; what changes when a signal is left out)")
    print(f"  {'all signals':22} recall {recall:.3f}  precision {precision:.3f}")
    for signal in sorted({signal for _, own in kept.values() for signal in own}):
        left = {pair for pair, (spare, own) in kept.items() if spare - own.get(signal, 0) >= 0}
        other_recall, other_precision = micro(data, left)
        used = sum(signal in own for _, own in kept.values())
        rows.append((other_recall - recall, other_precision - precision, signal, used))
    for gain, precise, signal, used in sorted(rows):
        print(f"  without {signal:22} recall {gain:+.4f}  precision {precise:+.4f}  in {used:5} pairs")


def _works_at(data: Labelled, proposals: list[Proposal]) -> None:
    """How many works_at proposals there are, and fifty of them to be read."""
    sure = [p for p in proposals if p.band is not Band.POSSIBLE]
    names = {entry.id: entry for entry in data.entries}
    pairs = {(data.columns.handle[p.row] or "", names[p.entry_id].crm_id) for p in sure}
    print(f"\nworks_at: {len(sure)} certain or likely, {len(data.works & pairs)} of {len(data.works)} labelled pairs")
    for p in random.Random(4).sample(sure, min(50, len(sure))):
        bio = " ".join((data.columns.bio[p.row] or "").split())[:110]
        entry = names[p.entry_id]
        print(f"  {p.score:3} @{data.columns.handle[p.row]} | {entry.company} | {bio} | {explain(p, entry)[:120]}")


def pairs() -> None:
    """Precision and recall of the name alone, on variants and on labelled pairs."""
    _variants()
    _labelled_pairs()


def _variants() -> None:
    path = DATA / "company-name-variants" / "name_variants.csv"
    if not path.exists():
        print("pairs: ../shared/data/company-name-variants is absent, skipped")
        return
    groups: dict[str, list[str]] = defaultdict(list)
    for row in rows_of(path):
        if row["name"] not in groups[row["entity_id"]]:
            groups[row["entity_id"]].append(row["name"])
    groups = {key: names for key, names in groups.items() if len(names) > 1}
    owner = dict(enumerate(groups, start=1))
    entries = [ListEntry(line=i, company=groups[key][0], id=i, entity_id=i) for i, key in owner.items()]
    asked = [(name, key) for key, names in groups.items() for name in names[1:]]
    found = Matcher(entries).propose(columns_of([{"name": name} for name, _ in asked]))
    print(f"\nname alone, company-name-variants: {len(asked)} variants of {len(groups)} companies")
    for band, lowest in default_weights().bands.items():
        chosen = {(p.row, owner[p.entity_id]) for p in found if p.score >= lowest and p.relation != "works_at"}
        good = sum(asked[row][1] == key for row, key in chosen)
        print(f"  {band:9} and better: recall {good / len(asked):.3f}  precision {good / max(1, len(chosen)):.3f}")
    plain = sum(comparison_key(name) == comparison_key(groups[key][0]) for name, key in asked)
    print(f"  equality of normalised names: recall {plain / len(asked):.3f}")


def _labelled_pairs() -> None:
    path = DATA / "company-name-variants" / "pairs_company_name_matcher.csv"
    if not path.exists():
        return
    rows = rows_of(path)
    outcome: dict[tuple[bool, bool], int] = defaultdict(int)
    for row in rows:
        entry = ListEntry(line=1, company=row["Name_y"], id=1, entity_id=1)
        found = Matcher([entry]).propose(columns_of([{"name": row["Name_x"]}]))
        outcome[(row["Targets"] == "1", any(p.relation != "works_at" for p in found))] += 1
    right = outcome[(True, True)]
    print(
        f"name alone, {len(rows)} labelled pairs: recall {right / max(1, right + outcome[(True, False)]):.3f}"
        f"  precision {right / max(1, right + outcome[(False, True)]):.3f}"
    )
