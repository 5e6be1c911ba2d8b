"""Figures of ``quality``: how well bots are told, who is hurt, which waves are found, how fast.

Run ``python tests/benchmarks/bench_quality.py [--scale 1000000]``. Labelled data is looked
for in ``../shared/data`` beside the checkout; what is absent is said and skipped.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "quality"))

import labelled_profiles as labelled
import made_audience as made
import numpy as np
import read_bios
from numpy.typing import NDArray

from followertui.domain.account import PROFILE_FIELDS, ProfileColumns
from followertui.quality.brand import OwnBrand, brand_measures
from followertui.quality.crowd import find_waves
from followertui.quality.judging import judge, measure, points_for
from followertui.quality.reading import Measure
from followertui.quality.signals import SIGNALS
from followertui.quality.weights import load_weights
from followertui.store.audience import pages
from followertui.store.file.connection import Store

WEIGHTS = load_weights()
HOW = WEIGHTS.scores["bot"]
TARGETS = {"bots-cresci2015": 0.985, "bots-nyu": 0.935, "bots-multilingual": 0.855}
_BRANDS = 200
_CHUNK = 4_000
Truth = NDArray[np.bool_]


@dataclass(frozen=True)
class Case:
    """A labelled set, measured once."""

    name: str
    columns: ProfileColumns
    is_bot: Truth
    now: datetime
    measures: dict[str, Measure]


def auc(scores: Measure, is_bot: Truth) -> float:
    """Area under the ROC curve, ties halved; an unknown score is the lowest."""
    _, place, count = np.unique(np.nan_to_num(scores, nan=-1.0), return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[place]
    bots, others = int(is_bot.sum()), int((~is_bot).sum())
    return float((rank[is_bot].sum() - bots * (bots + 1) / 2) / (bots * others))


def at_false_positives(scores: Measure, is_bot: Truth, share: float) -> tuple[float, float, float]:
    """Lowest cut with at most this share of false positives: (cut, precision, recall)."""
    best = (float("inf"), float("nan"), 0.0)
    for cut in np.unique(scores[~np.isnan(scores)])[::-1]:
        named = scores >= cut
        if named[~is_bot].mean() > share:
            break
        best = (float(cut), float(is_bot[named].mean()), float(named[is_bot].mean()))
    return best


def mcc(named: Truth, is_bot: Truth) -> float:
    """Matthews correlation of a yes-or-no rule."""
    tp, fp = float((named & is_bot).sum()), float((named & ~is_bot).sum())
    fn, tn = float((~named & is_bot).sum()), float((~named & ~is_bot).sum())
    below = ((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)) ** 0.5
    return (tp * tn - fp * fn) / below if below else 0.0


def cases() -> Iterator[Case]:
    for name in labelled.AS_OF:
        found = labelled.labelled_set(name)
        if found is None:
            print(f"{name}: absent, skipped")
            continue
        sheet = measure(found.columns, found.now)
        yield Case(name, found.columns, np.array(found.is_bot), found.now, sheet.measures)


def scores_of(case: Case) -> Measure:
    return np.array([j.bot for j in judge(case.columns, WEIGHTS, case.now)], dtype=float)


def show_scores(case: Case) -> None:
    scores, bots = scores_of(case), case.is_bot
    print(f"\n== {case.name}: {len(scores)} accounts, {bots.mean():.0%} bots, as of {case.now:%Y-%m-%d}")
    print(f"bot score alone   AUC {auc(scores, bots):.4f}   (target {TARGETS[case.name]})")
    for share in (0.01, 0.05):
        cut, precision, recall = at_false_positives(scores, bots, share)
        print(f"at {share:.0%} false positives: precision {precision:.3f}, recall {recall:.3f} (score >= {cut:.0f})")
    named = scores >= HOW.threshold
    print(
        f"from the default threshold {HOW.threshold}: precision {bots[named].mean():.3f}, "
        f"recall {named[bots].mean():.3f}, false positives {named[~bots].mean():.2%}"
    )
    caught, hurt = named[bots].mean(), named[~bots].mean()
    for share in (0.02, 0.10, 0.50):
        precision = share * caught / (share * caught + (1 - share) * hurt)
        print(f"kind:bot where {share:.0%} are bots: precision {precision:.3f}, recall {caught:.3f}")
    print("calibration: score band, accounts, share of bots")
    for low in range(0, 101, 10):
        band = (scores >= low) & (scores < (low + 10 if low < 90 else 101))
        if band.any() and low < 100:
            print(f"  {low:3d}-{low + 9 if low < 90 else 100:<3d} {band.sum():6d}  {bots[band].mean():6.1%}")


def _yes(values: Measure) -> Truth:
    return np.nan_to_num(values) > 0


def socialbakers(m: dict[str, Measure]) -> Measure:
    """Rules 1, 2 (bio instead of posts), 6, 7 and 8; one point each, as points are not published."""
    empty = np.isnan(m["bio_length"]) & np.isnan(m["has_place"]) & (m["following"] > 100)
    rules = [
        m["following_per_follower"] >= 50,
        _yes(m["words_scam"]),
        _yes(m["never_posted"]),
        _yes(m["lasting_default_picture"]),
        empty,
    ]
    return np.sum(rules, axis=0).astype(float)


def camisani_calzolari(m: dict[str, Measure]) -> Measure:
    """Rules 2-7, 9 and 19 of 22: bot points less human points."""
    human = [
        ~_yes(m["default_picture"]),
        _yes(m["has_place"]),
        ~np.isnan(m["bio_length"]),
        m["followers"] >= 30,
        _yes(m["listed"]),
        m["posts"] >= 50,
        _yes(m["has_link"]),
        2 * m["followers"] >= m["following"],
    ]
    return len(human) - 2.0 * np.sum(human, axis=0)


def xactions(m: dict[str, Measure]) -> Measure:
    """The open weights of XActions' find-fake-followers; fake from 60."""
    ratio, followers, following = m["following_per_follower"], m["followers"], m["following"]
    words = _yes(np.fmax.reduce([m["words_scam"], m["words_adult"], m["words_follow-trade"], m["words_contact"]]))
    return (
        np.where(ratio >= 100, 40, np.where(ratio >= 50, 25, 0))
        + 20 * _yes(m["default_picture"])
        + 15 * np.isnan(m["bio_length"])
        + 25 * words
        + 15 * (m["handle_digits"] >= 5)
        + np.where(following > 5000, 25, np.where(following > 3000, 15, 0))
        + np.where(followers == 0, 20, np.where(followers < 10, 10, 0))
    ).astype(float)


def twot(m: dict[str, Measure]) -> Measure:
    """twot's defaults as far as a profile goes; kick from 0.85."""
    return (
        1.0 * _yes(m["default_picture"])
        + 0.3 * np.isnan(m["bio_length"])
        + 0.5 * (m["following"] < 20)
        + 0.2 * np.isnan(m["has_place"])
        + np.where(m["followers"] >= 25_000, 0.7, np.where(m["followers"] >= 10_000, 0.2, 0.0))
        + np.where(m["posts"] == 0, 0.5, np.where(m["posts"] < 10, 0.3, 0.0))
        + 0.3 * (m["following"] >= 5000)
    )


PUBLISHED: dict[str, tuple[Callable[[dict[str, Measure]], Measure], float]] = {
    "followers < 30 (Cresci CC5)": (lambda m: (m["followers"] < 30).astype(float), 1),
    "posts < 50 (Cresci CC7)": (lambda m: (m["posts"] < 50).astype(float), 1),
    "never listed (Cresci CC6)": (lambda m: _yes(m["never_listed"]).astype(float), 1),
    "friends:followers >= 50 (SB1)": (lambda m: (m["following_per_follower"] >= 50).astype(float), 1),
    "friends / followers squared": (lambda m: m["following_per_follower_squared"], 1),
    "Socialbakers, profile rules": (socialbakers, 1),
    "Camisani-Calzolari, profile rules": (camisani_calzolari, 0.5),
    "XActions open weights": (xactions, 60),
    "twot open weights": (twot, 0.85),
}


def show_published(case: Case) -> None:
    print("beside it, published   AUC    MCC  precision  recall")
    ours = scores_of(case)
    rows = [("(ours, above threshold)", ours, ours >= HOW.threshold)]
    for name, (rule, cut) in PUBLISHED.items():
        scores = rule(case.measures)
        rows.append((name, scores, scores >= cut))
    for name, scores, named in rows:
        precision = case.is_bot[named].mean() if named.any() else float("nan")
        print(
            f"  {name:34s} {auc(scores, case.is_bot):.3f}  {mcc(named, case.is_bot):+.3f}  "
            f"{precision:.3f}  {named[case.is_bot].mean():.3f}"
        )


def _summed(case: Case, without: str | None = None) -> Measure:
    total = np.full(len(case.is_bot), float(HOW.start))
    for code, steps in HOW.points.items():
        if code != without:
            total += points_for(case.measures[SIGNALS[code].measure], steps)
    return np.clip(total, 0, 100)


def show_ablation(found: list[Case]) -> None:
    print("\n== ablation: AUC change x 10,000 when one signal is taken out (negative: it helps)")
    base = [auc(_summed(case), case.is_bot) for case in found]
    print(f"  {'signal':22s}" + "".join(f"{case.name[5:]:>14s}" for case in found))
    for code in HOW.points:
        change = [10_000 * (auc(_summed(c, code), c.is_bot) - b) for c, b in zip(found, base, strict=True)]
        print(f"  {code:22s}" + "".join(f"{x:+14.0f}" for x in change))


def show_genuine() -> None:
    groups = labelled.genuine_profiles()
    if groups is None:
        print("\nmatch-benchmark: absent, skipped")
        return
    print("\n== genuine organisations and people of match-benchmark, at most 1% may be above the threshold")
    rnd = random.Random(17)
    fields = sorted(set(ProfileColumns.__dataclass_fields__) - {"rows", "handle"})
    for name, profiles in groups.items():
        bots = [_bot(p, p["as_of"]) for p in profiles]
        over = sum(b >= HOW.threshold for b in bots)
        counted = sum(p["followers"] is not None for p in profiles)
        risen = 0
        for profile, bot in zip(profiles, bots, strict=True):
            less = {**profile, **dict.fromkeys(rnd.sample(fields, rnd.randint(1, len(fields))))}
            risen += bot < HOW.threshold <= _bot(less, profile["as_of"])
        print(
            f"  {name:26s} {len(profiles):5d} ({counted:4d} with counts)  above {over:3d} = {over / len(profiles):.2%}"
            f"   risen above by blanking fields: {risen}"
        )


def show_newcomers(found: list[Case]) -> None:
    """How many labelled humans would be called bots, were their account days old and its counts in proportion."""
    print("\n== genuine people as they would have been in their first days")
    for case in found:
        humans = labelled.humans_of(case.columns, case.is_bot.tolist())
        for days in (1, 3, 7):
            young = [labelled.in_first_days(human, days, case.now) for human in humans]
            bots = [_bot(human, case.now) >= HOW.threshold for human in young]
            print(f"  {case.name:18s} {days} days old: {sum(bots)} of {len(bots)} called bots")


def _bot(profile: dict[str, Any], now: datetime) -> int:
    return judge(labelled.columns_of([profile]), WEIGHTS, now)[0].bot or 0


def real_genuine(count: int) -> list[dict[str, Any]] | None:
    """Real genuine profiles, filled up by crossing them: text of one with the counts of another."""
    pool: list[dict[str, Any]] = []
    for name in labelled.AS_OF:
        found = labelled.labelled_set(name)
        if found is None:
            return None
        fields = [f for f in ProfileColumns.__dataclass_fields__ if f != "rows"]
        columns = found.columns
        keep = [i for i, is_bot in enumerate(found.is_bot) if not is_bot]
        pool += [{f: getattr(columns, f)[i] for f in fields} for i in keep]
    pool += [p for p in labelled.joined((labelled.genuine_profiles() or {}).values()) if p["bio"]]
    rnd = random.Random(23)
    text = ("bio", "location", "site", "url")
    crossed = list(pool)
    while len(crossed) < count:
        one, other = rnd.choice(pool), rnd.choice(pool)
        later = one["created_at"] and one["created_at"] + rnd.randrange(-100, 100) * made.DAY
        crossed.append({**one, **{f: other.get(f) for f in text}, "created_at": later})
    crossed = crossed[:count]
    rnd.shuffle(crossed)
    return crossed


def show_waves() -> None:
    print("\n== bought waves planted in 20,000 genuine accounts: by crowd signals alone, 3 seeds each")
    for what, people in (("made-up people", made.genuine(20_000)), ("real genuine profiles", real_genuine(20_000))):
        if people is None:
            print(f"  {what}: absent, skipped")
            continue
        unplanted = find_waves(made.columns_of(people), range(len(people)), [0] * len(people))
        print(f"  {what}: {len(unplanted)} waves claimed before planting", [(w.trait, w.size) for w in unplanted])
        for seed in (2, 3, 4):
            _show_planted(people, seed)


def _show_planted(people: list[dict[str, Any]], seed: int) -> None:
    audience = made.with_waves(people, seed)
    waves = find_waves(made.columns_of(audience.profiles), audience.order, audience.first_seen)
    for trait, members in sorted(audience.planted.items()):
        best = max(waves, key=lambda wave: len(members & set(wave.rows)), default=None)
        common = len(members & set(best.rows)) if best else 0
        if trait == "none":
            print(f"    seed {seed} without a trait: {common} of {len(members)} claimed")
        elif best:
            precision, recall = common / best.size, common / len(members)
            print(f"    seed {seed} {trait:16s} {len(members):4d}  P {precision:.3f}  R {recall:.3f}  {best.text[:60]}")
    named = {row for wave in waves for row in wave.rows}
    bought = set().union(*(members for trait, members in audience.planted.items() if trait != "none"))
    common = len(named & bought)
    print(f"    seed {seed} all waves: P {common / len(named):.3f}  R {common / len(bought):.3f}")


def show_posing() -> None:
    print(
        "\n== posing as us: each real company as the brand in turn, its own accounts known, all others real strangers"
    )
    profiles = labelled.joined((labelled.genuine_profiles() or {}).values())
    if not profiles:
        print("  match-benchmark: absent, skipped")
        return
    columns = made.columns_of(profiles)
    now = datetime.now(tz=UTC)
    rnd = random.Random(31)
    brands = [p for p in profiles if p["name"] and p["handle"] and len(p["handle"]) >= 3]
    rnd.shuffle(brands)
    brands = brands[:_BRANDS]
    hurt = named = caught = planted = 0
    for own in brands:
        brand = OwnBrand((own["name"],), (own["handle"].lower(),))
        measures = brand_measures(columns, brand)
        both = ~np.isnan(measures["impersonates_name"]) & ~np.isnan(measures["copies_our_handle"])
        either = ~np.isnan(measures["impersonates_name"]) | ~np.isnan(measures["copies_our_handle"])
        hurt, named = hurt + int(both.sum()), named + int(either.sum())
        impostors = [{"name": name, "handle": handle} for name, handle in _impostors(own["name"], own["handle"])]
        found = judge(made.columns_of(impostors), WEIGHTS, now, brand=brand)
        planted += len(found)
        caught += sum((j.harmful or 0) >= WEIGHTS.scores["harmful"].threshold for j in found)
    others = len(profiles) - 1
    print(
        f"  {len(brands)} brands x {others:,} strangers = {len(brands) * others:,}: {hurt} bear name and handle,"
        f" {named} either"
    )
    print(f"  planted impostors above the threshold: {caught} of {planted}")


def _impostors(name: str, handle: str) -> list[tuple[str, str]]:
    """The ways impostors dress: something added, a letter swapped, letters of another script."""
    swapped = handle.lower().translate(str.maketrans("oils", "0115"))
    room = handle[:13]
    return [
        (f"{name} Support", f"{handle}_help" if len(handle) <= 10 else f"{room}_1"),
        (name.upper(), f"_{room}_"),
        (name.translate(str.maketrans("aceop", "асеор")), f"{room}HQ"),
        (f"{name} ✅", swapped if swapped != handle.lower() else f"{room}{room[-1]}"),
    ]


def show_bios() -> None:
    print("\n== role, seniority and type of real bios, beside labels given by reading")
    parts = {what: (part,) for part, what in read_bios.PARTS.items()}
    for what, some in {**parts, **read_bios.LANGUAGES}.items():
        bios = [bio for part in some for bio in read_bios.read_bios(part) or ()]
        if not bios:
            print("  wild-audience: absent, skipped")
            return
        for fact, figure in read_bios.figures(bios).items():
            print(
                f"  {what:22s} {fact:9s} precision {figure.precision:.3f} of {figure.given}"
                f"   recall {figure.recall:.3f} of {figure.due}"
            )


def show_speed(scale: int) -> None:
    print(f"\n== speed at {scale:,} accounts (processor seconds)")
    fields = [f for f in PROFILE_FIELDS if f in ProfileColumns.__dataclass_fields__]
    now = datetime.fromtimestamp(made.NOW, tz=UTC)
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "speed.db")
        insert = f"INSERT INTO account (row, {', '.join(fields)}, first_import) VALUES ({'?, ' * (len(fields) + 1)}1)"
        with store.write() as con:
            con.execute(
                "INSERT INTO import_run(id, what, source, source_rank, sha256, choices, as_of, started_at, state, path)"
                " VALUES (1, 'accounts', 'made up', 1, '', '{}', ?, ?, 'done', '')",
                [made.NOW, made.NOW],
            )
        for start in range(0, scale, 20_000):
            people = made.genuine(min(20_000, scale - start), seed=start)
            with store.write() as con:
                con.executemany(
                    insert, ([start + n, *(p.get(f) for f in fields)] for n, p in enumerate(people, start=1))
                )
        began = time.process_time()
        for start in range(1, scale + 1, _CHUNK):
            pages.profiles_between(store, start, min(start + _CHUNK - 1, scale))
        reading = time.process_time() - began
        columns = pages.profiles_between(store, 1, scale)
        store.close()
    began = time.process_time()
    judge(columns, WEIGHTS, now)
    judging = time.process_time() - began
    began = time.process_time()
    find_waves(columns, range(scale), [0] * scale)
    waves = time.process_time() - began
    one = made.columns_of(made.genuine(1))
    began = time.process_time()
    for _ in range(200):
        judge(one, WEIGHTS, now)
    single = (time.process_time() - began) * 5
    print(f"  read once from the store {reading:.1f} s, judged {judging:.1f} s, crowd signals {waves:.1f} s")
    print(f"  ratio to reading once: {(judging + waves) / reading:.1f}; one changed profile {single:.2f} ms")


def main() -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=int, default=100_000, help="accounts of the speed measurement, 0 for none")
    scale = parser.parse_args().scale
    print(f"weights {WEIGHTS.version}: bot starts at {HOW.start}, threshold {HOW.threshold}, {len(HOW.points)} signals")
    found = list(cases())
    for case in found:
        show_scores(case)
        show_published(case)
    if found:
        show_ablation(found)
    show_genuine()
    show_newcomers(found)
    show_bios()
    show_posing()
    show_waves()
    if scale:
        show_speed(scale)


if __name__ == "__main__":
    main()
