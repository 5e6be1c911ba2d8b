"""Entries that compete for one account: one account is one company.

Owns what is added against an entry where another fits the account better, or as well. It
weighs nothing else. Only ``matching`` imports it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from followertui.domain.match import MatchRelation
from followertui.matching.evidence import EvidenceSet
from followertui.matching.forms import AccountForm, CompanyForm
from followertui.matching.places import compared
from followertui.matching.weights import Weights
from followertui.text.folding import words

_LEAD = 15
_TIED = 8
_SHORTEST = 4
"""Letters of a word that tells addresses of one domain apart."""


class Scored(NamedTuple):
    """One entry with its evidence for an account.

    Attributes:
        at: the entry's position.
        relation: what the account would be to it.
        evidence_set: the evidence so far.
        key: core words of a company, sorted; "" for anything else.
    """

    at: int
    relation: MatchRelation
    evidence_set: EvidenceSet
    key: str


def weigh_rivals(
    account: AccountForm, scored: Sequence[Scored], companies: Mapping[int, CompanyForm], weights: Weights
) -> None:
    """Add contradicting evidence where a rival of the same name fits the account better, or as well.

    Entries that share a domain count as the same company and are not rivals, unless their
    addresses differ by a word the account says; neither are entries of a distinctive name,
    unless they are in different places.

    Args:
        account: the account.
        scored: its entries; their evidence is added to.
        companies: company forms by position.
        weights: points and bands.
    """
    same: dict[str, list[Scored]] = {}
    for item in scored:
        if item.key:
            same.setdefault(item.key, []).append(item)
    for group in same.values():
        if len(group) > 1:
            _weigh_group(account, group, companies, weights)
    _weigh_settled(scored, companies)


def _weigh_settled(scored: Sequence[Scored], companies: Mapping[int, CompanyForm]) -> None:
    """One account is one company: where an address says which, entries of other names are rivals that lost.

    A parent of the company is none: its name is part of the company's.
    """
    own = [item for item in scored if item.at in companies and item.evidence_set.has(*_SETTLING)]
    for item in scored:
        company = companies.get(item.at)
        if company is None or item.evidence_set.has(*_SETTLING, "rival", "handle_former", "bio_parent"):
            continue
        for other in own:
            settled = companies[other.at]
            if (
                item.evidence_set.points + _LEAD <= other.evidence_set.points
                and settled.entry.entity_id != company.entry.entity_id
                and settled.domains.isdisjoint(company.domains)
                and not frozenset(company.core) <= frozenset(settled.core)
            ):
                name = next(iter(item.evidence_set.found.values()))
                item.evidence_set.add("rival", name.field, name.account_text, name.entry_text)
                break


_SETTLING = ("site_domain", "site_page", "handle_listed", "affiliation")
"""Evidence by which an account is one company and no other."""


def _weigh_group(
    account: AccountForm, group: Sequence[Scored], companies: Mapping[int, CompanyForm], weights: Weights
) -> None:
    """Weigh the entries of one name against each other."""
    scores = [item.evidence_set.score for item in group]
    said = [_said_in_address(account, companies[item.at]) for item in group]
    for item, score, own in zip(group, scores, said, strict=True):
        company = companies[item.at]
        others = [
            other_score
            for other, other_score in zip(group, scores, strict=True)
            if other is not item and _are_rivals(company, companies[other.at])
        ]
        best = max(others, default=0)
        name = next(iter(item.evidence_set.found.values()))
        if not own and any(
            address and not company.domains.isdisjoint(companies[other.at].domains)
            for other, address in zip(group, said, strict=True)
        ):
            item.evidence_set.add("rival", name.field, name.account_text, name.entry_text)
        elif best < weights.bands["possible"]:
            continue
        elif score + _LEAD <= best:
            item.evidence_set.add("rival", name.field, name.account_text, name.entry_text)
        elif score <= best + _TIED:
            tied = 1 + sum(other + _LEAD > score for other in others)
            item.evidence_set.add("ambiguous", name.field, name.account_text, f"{tied:,}")


def _said_in_address(account: AccountForm, company: CompanyForm) -> bool:
    """Whether a word of the account's name or handle, beside the company's own, stands in the entry's address."""
    known = {word for _, core in company.names for word in core}
    plain = account.handle_plain
    pieces = (piece for text in company.entry.domains for piece in words(text.partition("://")[2] or text))
    own = {piece for piece in pieces if len(piece) >= _SHORTEST and piece not in known and piece not in company.labels}
    return any(piece in plain for piece in own) or not own.isdisjoint(words(account.name))


def _are_rivals(one: CompanyForm, other: CompanyForm) -> bool:
    """Whether two companies of the same name count as different ones."""
    if one.entry.entity_id == other.entry.entity_id or not one.domains.isdisjoint(other.domains):
        return False
    return one.is_generic or compared(one.places, other.places) == "conflict"
