"""The probability that a match is right, and the band it falls into.

Owns the way from points to a probability. It adds no evidence. Source: a match weight is the
logarithm of prior odds times the likelihood ratios of the evidence (Splink, theory of the
Fellegi-Sunter model). ``matcher`` uses it.
"""

from __future__ import annotations

from math import log2

from followertui.domain.match import Band, MatchRelation
from followertui.matching.evidence import EvidenceSet
from followertui.matching.rarity import USUAL_SHARE
from followertui.matching.weights import Weights, default_weights

_MOST_SHIFT = 40

_KNOWN_ACCOUNT = ("handle_listed", "handle_former", "mail_listed")
"""Evidence that names one account, in whatever audience."""

_CONTRADICTED = ("rival", "ambiguous", "place_conflict_local", "unit")
_SETTLING = ("site_domain", "site_page", "bio_domain", "bio_mail", "affiliation")
_CONTESTED = 0.5
"""Most that a match is worth that another entry or another place contests, unless an address settles it."""


def chance(found: EvidenceSet, relation: MatchRelation, is_company: bool, share: float, weights: Weights) -> float:
    """The probability that a match is right.

    Args:
        found: all evidence of it.
        relation: what the account would be.
        is_company: it would be a company's account or brand; the chance of people and employers
            rests on their evidence alone.
        share: share of the companies on lists that are expected in the audience, 0-1.
        weights: points, and how many of them double the odds.

    Returns:
        0-1.
    """
    points = found.points
    if found.has(*_KNOWN_ACCOUNT):
        points = max(points, found.score)
    elif is_company and relation is not MatchRelation.WORKS_AT:
        points += round(shift(share, weights))
    if relation is MatchRelation.WORKS_AT and found.has("past", "not_employer"):
        # However much says that they meant this company: they do not work there.
        points = min(points, round(weights.scale["even_chance"]))
    odds: float = 2.0 ** ((points - weights.scale["even_chance"]) / weights.scale["points_a_bit"])
    probability = odds / (1 + odds)
    return min(probability, _CONTESTED) if found.has(*_CONTRADICTED) and not found.has(*_SETTLING) else probability


def bits_of(points: int) -> float:
    """Points as bits: how often they double the odds that a match is right, to a tenth; below 0 against it."""
    return round(points / default_weights().scale["points_a_bit"], 1)


def shift(share: float, weights: Weights) -> float:
    """Points that the share of listed companies in an audience is worth: none at the usual share.

    Args:
        share: 0-1.
        weights: how many points double the odds.

    Returns:
        Below 0 where fewer are there.
    """
    points = weights.scale["points_a_bit"] * log2(max(share, 1e-6) / USUAL_SHARE)
    return max(-_MOST_SHIFT, min(_MOST_SHIFT, points))


def band_of(found: EvidenceSet, probability: float, weights: Weights) -> Band | None:
    """The band of a match: a range of its probability; certain asks for evidence of its own besides.

    Args:
        found: all evidence of it.
        probability: 0-1.
        weights: lowest points of the bands.

    Returns:
        None where it is not worth showing.
    """
    if max(found.score, found.points + found.conceded) < weights.bands[Band.POSSIBLE.value]:
        return None
    if probability >= weights.scale["certain_from"] and found.score >= weights.scale["certain_points"]:
        return Band.CERTAIN
    return Band.LIKELY if probability >= weights.scale["likely_from"] else Band.POSSIBLE
