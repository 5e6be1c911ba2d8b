"""Speed of matching as ratios taken in one run, on made-up names of any number."""

from __future__ import annotations

import importlib.util
import random
import sqlite3
import statistics
import time
from collections.abc import Callable
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection

import match_whole
import numpy as np
from match_data import columns_of
from match_names import Names
from rapidfuzz import fuzz, process

from followertui.domain.lists import ListEntry
from followertui.matching.joining import KeySet, near_pairs
from followertui.matching.matcher import Matcher
from followertui.matching.normalising import comparison_key, native_key
from followertui.matching.phrases import PhraseTable

_ACCOUNTS, _ENTRIES, _CUT = 1_000_000, 50_000, 90.0
_SAMPLE_ROWS = 2_000
_GROUPER_MATCHES = 50
"""Best matches string_grouper keeps of a name; it reserves room for all of them at once."""
_GROUPER_SECONDS = 900


def run(scale: float, repeats: int) -> None:
    """All speed figures at a share of the full size."""
    accounts, entries = int(_ACCOUNTS * scale), max(1_000, int(_ENTRIES * scale))
    print(f"\nspeed: {accounts:,} accounts x {entries:,} entries, median of {repeats}")
    for script in ("latin", "greek"):
        maker = Names(script, seed=7)
        names = [maker.one() for _ in range(accounts)]
        wanted = [maker.noisy(name) for name in random.Random(3).sample(names, entries // 3)]
        wanted += [maker.one() for _ in range(entries - len(wanted))]
        key = comparison_key if script == "latin" else native_key
        _join(script, list(dict.fromkeys(map(key, names))), list(dict.fromkeys(map(key, wanted))), repeats)
        _reverse(script, names, wanted[: max(100, int(1_000 * scale))], repeats)
        _one(script, names[:50], [key(text) for text in wanted], repeats)
    _phrases(accounts, entries, repeats)
    _resident(entries)
    match_whole.run(scale)


def _timed(work: Callable[[], object], repeats: int) -> float:
    """Median seconds of a piece of work."""
    taken = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def _brute(keys: list[str], wanted: list[str]) -> set[tuple[int, int]]:
    """Near pairs by comparing every text, in blocks that fit memory."""
    found: set[tuple[int, int]] = set()
    for first in range(0, len(keys), 500):
        part = keys[first : first + 500]
        ratio = process.cdist(part, wanted, scorer=fuzz.ratio, score_cutoff=_CUT, dtype=np.float32, workers=-1)
        found |= {(first + int(a), int(b)) for a, b in zip(*np.nonzero(ratio), strict=True) if ratio[a, b] >= _CUT}
    return found


def _join(script: str, keys: list[str], wanted: list[str], repeats: int) -> None:
    """G13 and G14: everything against everything, nothing lost."""
    ours = _timed(lambda: near_pairs(KeySet(keys), KeySet(wanted), _CUT), repeats)
    pairs = near_pairs(KeySet(keys), KeySet(wanted), _CUT)
    sample = random.Random(5).sample(range(len(keys)), min(_SAMPLE_ROWS, len(keys)))
    texts = [keys[at] for at in sample]
    brute_seconds = _timed(lambda: _cdist(texts, wanted), min(3, repeats)) * len(keys) / len(texts)
    truth = {(sample[a], b) for a, b in _brute(texts, wanted)}
    chosen = set(sample)
    found = {(a, b) for a, b in zip(pairs.left.tolist(), pairs.right.tolist(), strict=True) if a in chosen}
    print(f"G13 {script:6} join {ours:8.2f} s, {len(pairs.left):,} pairs of {len(keys):,} x {len(wanted):,} names")
    print(
        f"    cdist on all cores {brute_seconds:8.1f} s (scaled from {len(texts):,} rows): {brute_seconds / ours:6.1f}x"
    )
    print(f"    of brute force on the sample found {len(found & truth)} of {len(truth)}, too many {len(found - truth)}")
    slow = _timed(lambda: process.extractOne(texts[0], wanted, scorer=fuzz.WRatio), 3) * len(keys)
    print(f"G14 {script:6} extractOne(WRatio) {slow:10.0f} s (scaled from one row): {slow / ours:8.0f}x")
    _grouper(keys, wanted, ours, truth, sample)


def _cdist(texts: list[str], wanted: list[str]) -> None:
    for first in range(0, len(texts), 500):
        process.cdist(texts[first : first + 500], wanted, scorer=fuzz.ratio, dtype=np.uint8, workers=-1)


def _grouper(keys: list[str], wanted: list[str], ours: float, truth: set[tuple[int, int]], sample: list[int]) -> None:
    """string_grouper on the same names, in a process of its own: at full size it may run out of memory."""
    if importlib.util.find_spec("string_grouper") is None:
        print("    string_grouper: not installed here, skipped")
        return
    answers, own = Pipe(duplex=False)
    peer = get_context("spawn").Process(target=_grouped, args=(own, keys, wanted, sample), daemon=True)
    peer.start()
    own.close()
    try:
        if not answers.poll(_GROUPER_SECONDS):
            print(f"    string_grouper: not done after {_GROUPER_SECONDS:,} s, {_GROUPER_SECONDS / ours:.1f}x and more")
            return
        taken, found = answers.recv()
    except EOFError:
        print("    string_grouper: its process died, as where it runs out of memory")
        return
    finally:
        peer.kill()
        peer.join()
    recall = len(found & truth) / max(1, len(truth))
    print(f"    string_grouper {taken:8.2f} s: {taken / ours:5.1f}x, recall {recall:.3f}")


def _grouped(answer: Connection, keys: list[str], wanted: list[str], sample: list[int]) -> None:
    """Send the seconds string_grouper takes, and its pairs of the sampled rows."""
    import pandas as pd
    from string_grouper import match_strings

    start = time.perf_counter()
    found = match_strings(
        pd.Series(keys),
        pd.Series(wanted),
        min_similarity=0.6,
        max_n_matches=_GROUPER_MATCHES,
        normalize_to_ascii=keys[0].isascii(),
    )
    taken = time.perf_counter() - start
    chosen = set(sample)
    pairs = zip(found["left_index"].tolist(), found["right_index"].tolist(), strict=True)
    answer.send((taken, {(a, b) for a, b in pairs if a in chosen}))


def _reverse(script: str, names: list[str], new: list[str], repeats: int) -> None:
    """G15: new entries against all accounts, whose keys are resident."""
    ours = brute = 0.0
    for key in (comparison_key, native_key) if script != "latin" else (comparison_key,):
        resident, wanted = KeySet(list(map(key, names))), list(map(key, new))
        ours += _timed(lambda resident=resident, wanted=wanted: near_pairs(KeySet(wanted), resident, _CUT), repeats)
        sample, keys = [key(name) for name in names[:20_000]], [key(name) for name in new]
        brute += (
            _timed(lambda sample=sample, keys=keys: _cdist(sample, keys), min(3, repeats)) * len(names) / len(sample)
        )
    print(
        f"G15 {script:6} {len(new):,} new entries against {len(names):,} accounts {ours:7.3f} s, "
        f"cdist {brute:7.2f} s: {brute / ours:5.1f}x"
    )


def _one(script: str, names: list[str], keys: list[str], repeats: int) -> None:
    """G16: one new follower against all entries, resident."""
    key = comparison_key if script == "latin" else native_key
    resident = KeySet(keys)
    asked = [key(name) for name in names]
    ours = _timed(lambda: [near_pairs(KeySet([text]), resident, _CUT) for text in asked], repeats) / len(asked)
    brute = _timed(lambda: [process.cdist([text], keys, scorer=fuzz.ratio, workers=1) for text in asked[:20]], repeats)
    extract = _timed(lambda: process.extract(asked[0], keys, scorer=fuzz.WRatio), repeats)
    print(
        f"G16 {script:6} one against {len(keys):,} {ours * 1e3:7.3f} ms, cdist {brute / 20 * 1e3:7.3f} ms: "
        f"{brute / 20 / ours:5.1f}x, extract(WRatio) {extract * 1e3:7.2f} ms: {extract / ours:5.0f}x"
    )


def _phrases(accounts: int, entries: int, repeats: int) -> None:
    """G17: companies named in bios."""
    maker = Names("latin", seed=11)
    rng = random.Random(12)
    companies = list(dict.fromkeys(comparison_key(maker.one()) for _ in range(entries)))
    filler = [maker.word() for _ in range(3_000)]
    bios = []
    for _ in range(accounts):
        said = rng.choices(filler, k=14)
        if rng.random() < 0.2:
            said[5:5] = ["engineer", "at", rng.choice(companies)]
        bios.append(" ".join(said))
    table = PhraseTable(companies)
    ours = _timed(lambda: table.find(bios), repeats)
    hits = table.find(bios)
    base = sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE bio USING fts5(text, detail=full)")
    base.executemany("INSERT INTO bio VALUES (?)", ((text,) for text in bios))
    asked = companies[: max(200, len(companies) // 20)]

    def by_index() -> None:
        for phrase in asked:
            base.execute("SELECT count(*) FROM bio WHERE bio MATCH ?", (f'"{phrase}"',)).fetchone()

    peer = _timed(by_index, min(3, repeats)) * len(companies) / len(asked)
    base.close()
    print(
        f"G17 {len(companies):,} companies in {len(bios):,} bios {ours:7.2f} s, {len(hits.text):,} hits, "
        f"FTS5 phrases {peer:7.2f} s (scaled, index given): {peer / ours:5.1f}x"
    )


def _resident(entries: int) -> None:
    """The matcher itself: building it, and one account against all entries with evidence."""
    maker = Names("latin", seed=21)
    companies = [maker.one() for _ in range(entries)]
    listed = [
        ListEntry(line=at, company=name, domains=(f"{name.replace(' ', '').lower()}.com",), id=at, entity_id=at)
        for at, name in enumerate(companies, start=1)
    ]
    start = time.perf_counter()
    matcher = Matcher(listed)
    built = time.perf_counter() - start
    one = columns_of([{"handle": "someone", "name": maker.noisy(companies[0]), "bio": f"at {companies[1]}"}])
    taken = _timed(lambda: matcher.propose(one), 21)
    print(f"matcher of {entries:,} entries built in {built:.2f} s; one account {taken * 1e3:.2f} ms, evidence included")
