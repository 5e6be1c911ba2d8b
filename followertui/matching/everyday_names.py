"""Employers named by a word that others than one company use.

Owns what such a name costs a match, by the store's own bios and by the shipped frequencies. Weights
are in ``weights.toml``. Only ``matching`` imports it.
"""

from __future__ import annotations

from followertui.matching.evidence import EvidenceSet
from followertui.matching.forms import CompanyForm
from followertui.matching.normalising import core_words
from followertui.matching.rarity import Audience, background, everyday_bits
from followertui.text.folding import words

_NAMED = ("bio_at_handle", "bio_handle", "bio_at_name", "bio_name", "name_at")
_ADDRESSED = ("site_domain", "bio_mail", "bio_domain", "affiliation")
"""What tells which bearer of a name is meant."""

_KNOWN = 2.0**-17
"""Share of accounts with a word in their name from which others than one company use it."""


def weigh_everyday(found: EvidenceSet, company: CompanyForm, audience: Audience) -> None:
    """Add that the store's bios use the one word that names an employer as any word.

    Args:
        found: the evidence that someone works at the company; added to.
        company: the company.
        audience: what was counted of the store.
    """
    piece = next((found.found[signal] for signal in _NAMED if signal in found.found), None)
    if piece is None or piece.account_span is None or not audience.plain or found.has(*_ADDRESSED):
        return
    said = words(piece.account_text[slice(*piece.account_span)].replace("_", ""))
    if len(said) != 1 or piece.account_text[slice(*piece.account_span)].lstrip("@").lower() in company.handles:
        return
    bits = 0.0 if is_in_address(said[0], company) else everyday_bits(said[0], audience)
    before = found.points
    found.add("everyday_word", piece.field, piece.account_text, piece.entry_text, share=bits, span=piece.account_span)
    found.conceded += before - found.points


def is_common_handle(handle: str, company: CompanyForm) -> bool:
    """Whether a handle nobody listed may be another's: a common name, in none of the company's addresses.

    Args:
        handle: as the bio writes it, without the ``@``.
        company: whose name it is.
    """
    plain = "".join(words(handle.replace("_", "")))
    if is_in_address(plain, company):
        return False
    is_short = plain != "".join(core_words(company.entry.bare_company or company.entry.company))
    return (bool(company.domains) and company.is_generic) or (is_short and background(plain) >= _KNOWN)


def is_in_address(word: str, company: CompanyForm) -> bool:
    """Whether a word stands in one of the addresses the list gives."""
    return any(word in "".join(words(text)) for text in company.entry.domains)
