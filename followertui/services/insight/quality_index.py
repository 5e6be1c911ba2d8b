"""The quality index: its parts, their weights, and what it is at a moment.

Owns the formula, which the help and the screen print. Pure but for ``reached_at``, which reads the
store. ``services.insight.reporting`` and ``cleaning_up`` use it.
"""

from __future__ import annotations

from collections.abc import Sequence

from followertui.domain.kind import Kind
from followertui.services.insight.values import IndexPart
from followertui.services.session import Session
from followertui.store.lists import listings, lists

INDEX_WEIGHTS = (("qualified", 40.0), ("not fake", 20.0), ("customers and prospects who follow", 40.0))
"""Parts of the quality index and what each adds at most."""

REACHED_KINDS: tuple[str, ...] = (Kind.CUSTOMER.value, Kind.PROSPECT.value)
"""Kinds of the lists whose share that follows counts."""


def parts(total: int, qualified: int, fake: int, reached: int, entries: int) -> tuple[IndexPart, ...]:
    """The parts that can be told: without followers none, without a list of customers the first two.

    Args:
        total: followers.
        qualified: those of a qualified kind.
        fake: bots and harmful ones among them.
        reached: entries of the lists of ``REACHED_KINDS`` that follow us.
        entries: all entries of these lists.
    """
    if not total:
        return ()
    shares = [qualified / total, 1 - fake / total]
    if entries:
        # Of those known to be on X all follow where only followers were brought in: of the whole list it is a figure.
        shares.append(reached / entries)
    return tuple(IndexPart(name, share, weight) for (name, weight), share in zip(INDEX_WEIGHTS, shares, strict=False))


def value(found: Sequence[IndexPart]) -> float | None:
    """The index of some parts, 0 to 100; None without any."""
    weight = sum(part.weight for part in found)
    return 100 * sum(part.share * part.weight for part in found) / weight if weight else None


def reached_at(session: Session, moment: int) -> tuple[int, int]:
    """Entries of customer and prospect lists that followed us at a moment (epoch seconds UTC), and all of them."""
    evaluator = session.evaluator
    wanted = {info.name for info in lists.lists(session.store) if info.kind and info.kind.value in REACHED_KINDS}
    with evaluator.columns.hold():
        follows = evaluator.spells.relation_at(moment) & 1
    reached = entries = 0
    for name, size, ties in listings.sure_ties(session.store):
        if name in wanted:
            entries += size
            reached += len({entry for entry, row in ties if row < len(follows) and follows[row]})
    return reached, entries
