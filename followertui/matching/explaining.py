"""A match in one plain sentence, from its evidence.

Owns the words for every signal. It returns plain text and escapes nothing; callers do.
``services`` and everyone above may import it.
"""

from __future__ import annotations

from followertui.domain.lists import ListEntry
from followertui.domain.match import Evidence, MatchRelation, Proposal
from followertui.matching.limits import MORE_ALIKE
from followertui.matching.moves import MOVED
from followertui.text.domains import registrable_domain
from followertui.text.folding import squeezed

_LONGEST_QUOTE = 48

SPEAKING: dict[str, str] = {
    "handle_listed": "@{account} is the handle on record",
    "handle_former": "it was @{account} before, the handle on record",
    "mail_listed": "{entry} appears in the bio",
    "name_equal": "same name: {account}",
    "name_native": "same name in its own script: {account}",
    "name_within": "name contains {common}",
    "name_prefix": "name is the beginning of {entry}",
    "name_part": "name is part of {entry}",
    "name_short": "name is short for {entry}",
    "name_domain": "name is their domain {entry}",
    "name_close": "name is spelled almost the same: {account}",
    "name_like": "name shares {common}",
    "name_acronym": "name is the initials of {entry}",
    "handle_equal": "@{account} is their name",
    "handle_domain": "@{account} is their domain",
    "handle_within": "@{account} begins with their name",
    "handle_acronym": "@{account} is their initials",
    "handle_short": "@{account} abbreviates their name",
    "site_domain": "site {domain} is their domain",
    "site_page": "site {entry} is the address on the list",
    "bio_domain": "bio links to {entry}",
    "bio_mail": "bio gives an email address at {entry}",
    "site_label": "site {domain} carries their name",
    "bio_name": "bio names {common}",
    "bio_handle": "bio mentions {common}",
    "bio_official": "bio says it is the official account of {common}",
    "bio_parent": "bio says it is part of {common}",
    "affiliation": "{entry} vouches for the account on X",
    "place_agree": "same place: {entry}",
    "place_local": "same place: {entry}",
    "region_agree": "both in {entry}",
    "region_local": "both in {entry}",
    "person_full": "same name: {account}",
    "person_native": "same name in its own script: {account}",
    "person_short": "a form of the same name: {account}",
    "person_nick": "short forms that may be the same name: {account}",
    "person_close": "name is spelled almost the same: {account}",
    "person_initial": "initial and family name: {account}",
    "person_surname": "same family name: {account}",
    "handle_full": "@{account} is their full name",
    "handle_initial": "@{account} is initial and family name",
    "handle_office": "@{account} is office and family name",
    "handle_surname": "@{account} contains the family name",
    "office_said": "names an office with the family name",
    "field_agree": "bio says {entry}",
    "office_agree": "mentions the office {entry}",
    "role_agree": "bio mentions the title {entry}",
    "company_in_bio": "bio names their company {entry}",
    "company_domain": "site {domain} is their employer's domain",
    "middle_agree": "middle name agrees",
    "bio_at_handle": "{common} in bio beside a role",
    "bio_at_name": "bio says they work at {common}",
    "name_at": "name ends with {common}",
    "role": "states a role",
    "company_like": "writes as an organisation",
    "person_like": "is a person's account",
}
"""Signal -> words where it supports a match."""

CONTRARY: dict[str, str] = {
    "place_conflict": "{account} / {entry}",
    "place_conflict_local": "{account} / {entry}",
    "site_other": "site {account}, not {entry}",
    "person_like": "reads like a person's account",
    "company_like": "reads like an organisation's account",
    "rival": "another entry of this name fits better",
    "ambiguous": "another entry of this name fits as well",
    "given_conflict": "another given name: {account}",
    "common_name": "a common name",
    "namesakes": "other accounts here share this name",
    "extra_words": "more words in the name: {account}",
    "middle_conflict": "another middle name: {account}",
    "suffix_conflict": "another generation: {account}",
    "role_conflict": "a different line of work from {entry}",
    "past": 'says "ex-" or "former"',
    "not_employer": "names them, but not as an employer",
}
"""Signal -> words where it contradicts a match."""


def explain(proposal: Proposal, entry: ListEntry) -> str:
    """One plain sentence: why a match is proposed and what contradicts it.

    Args:
        proposal: the match.
        entry: its entry.

    Returns:
        Reasons joined by " · ", strongest first, then "against:" and the contradictions.
    """
    speaking = [_said(item, SPEAKING) for item in proposal.evidence if item.weight > 0]
    contrary = [_said(item, CONTRARY) for item in proposal.evidence if item.weight < 0]
    name = entry.person or " ".join(part for part in (entry.first_name, entry.last_name) if part) or entry.company
    lead = {
        MatchRelation.IS: "",
        MatchRelation.BRAND_OF: f"part or brand of {_quoted(name)}",
        MatchRelation.WORKS_AT: f"may work at {_quoted(name)}",
    }[proposal.relation]
    news = [_moved(item) for item in proposal.evidence if item.signal == MOVED]
    parts = [part for part in (*news, lead, *dict.fromkeys(speaking)) if part]
    if contrary:
        parts.append("against: " + ", ".join(dict.fromkeys(contrary)))
    parts += [f"and {item.entry_text} more alike" for item in proposal.evidence if item.signal == MORE_ALIKE]
    return " · ".join(parts)


def _moved(item: Evidence) -> str:
    """That someone works elsewhere now, in words."""
    now = item.account_text[slice(*item.account_span)] if item.account_span else ""
    return f"was at {_quoted(item.entry_text)}, now says {_quoted(now)}"


def _said(item: Evidence, phrases: dict[str, str]) -> str:
    """One piece of evidence in words."""
    span = item.account_span
    common = item.account_text[span[0] : span[1]] if span is not None else item.entry_text
    account = item.account_text if item.field == "handle" else _quoted(item.account_text)
    return phrases.get(item.signal, item.signal.replace("_", " ")).format(
        account=account,
        entry=_quoted(item.entry_text),
        common=_quoted(common),
        domain=registrable_domain(item.account_text) or _quoted(item.account_text),
    )


def _quoted(text: str) -> str:
    """A text in quotes, on one line and cut to a readable length."""
    plain = squeezed(text)
    if len(plain) > _LONGEST_QUOTE:
        plain = plain[: _LONGEST_QUOTE - 1].rstrip() + "…"
    return f'"{plain}"'
