"""A match in one plain sentence, from its evidence.

Owns the words for every signal. It returns plain text and escapes nothing; callers do.
``services`` and everyone above may import it.
"""

from __future__ import annotations

from followertui.domain.lists import ListEntry
from followertui.domain.match import CHOSEN, MOVED, Evidence, MatchRelation, Proposal
from followertui.matching.common_words import rests_on_same_words
from followertui.matching.limits import MORE_ALIKE
from followertui.text.folding import squeezed

_LONGEST_QUOTE = 48

QUOTED: dict[str, str] = {
    "handle_listed": "@{account} is the handle on record",
    "handle_former": "it was @{account} before, the handle on record",
    "mail_listed": "{entry} appears in the bio",
    "name_equal": "same name: {account}",
    "name_native": "same name in its own script: {account}",
    "name_within": "name contains {account}",
    "name_prefix": "name is the beginning of {entry_text}",
    "name_part": "name is part of {entry_text}",
    "name_domain": "name is their domain {entry}",
    "name_like": "name shares {account}",
    "name_code": "name begins with their code {account}",
    "handle_code": "@{handle} is their code {entry}",
    "handle_equal": "@{handle} is their name",
    "handle_equal domain": "@{handle} is their domain {entry_text}",
    "handle_equal email": "@{handle} is their domain in {entry_text}",
    "handle_domain": "@{handle} is their domain {entry_text}",
    "handle_within": "@{handle} begins with {account}",
    "handle_full": "@{handle} is their full name",
    "handle_alone": "nothing but @{handle} is known, and it is their name",
    "handle_surname": "@{handle} contains the family name {entry}",
    "site_domain": "site {account} is their domain",
    "site_page": "site {account} is the address on the list",
    "bio_domain": "bio links to {account}",
    "bio_mail": "bio gives an email address at {entry}",
    "site_label": "site {account_text} carries their name {entry}",
    "bio_name": "bio names {account}",
    "bio_handle": "bio mentions {account}",
    "bio_official": "bio says it is the official account of {account}",
    "bio_parent": "bio says it is part of {account}",
    "affiliation": "{account} vouches for the account on X",
    "place_agree": "same place: {account}",
    "place_local": "same place: {account}",
    "region_agree": "both in {account}",
    "region_local": "both in {account}",
    "person_full": "same name: {account}",
    "person_native": "same name in its own script: {account}",
    "person_surname": "same family name: {account}",
    "field_agree": "bio says {account}, as the list does",
    "office_agree": "{account} is the office on the list",
    "role_agree": "bio mentions {account}, as in the title {entry_text}",
    "company_in_bio": "bio names their company {account}",
    "company_domain": "site {account} is their employer's domain",
    "middle_agree": "same middle name: {account}",
    "bio_at_handle": "{account} in bio beside a role",
    "bio_at_name": "bio says they work at {account}",
    "name_at": "name ends with {account}",
}
"""Signal -> words where both sides hold the same words, which the clause quotes."""

INFERRED: dict[str, str] = {
    "handle_former": "it was @{account} before, which reads as the handle on record",
    "name_equal": "name {account} reads as {entry}",
    "name_native": "name {account} reads as {entry} in its own script",
    "name_within": "name {account} seems to contain {entry}",
    "name_prefix": "name {account} may be short for {entry}",
    "name_part": "name {account} may be part of {entry}",
    "name_short": "name {account} seems short for {entry}",
    "name_domain": "name {account} reads as their domain {entry}",
    "name_close": "name {account} is spelled almost as {entry}",
    "name_like": "name {account} resembles {entry}",
    "name_acronym": "{account} may be the initials of {entry}",
    "handle_equal": "@{handle} reads as {entry}",
    "handle_domain": "@{handle} reads as their domain {entry}",
    "handle_within": "@{handle} seems to begin with {entry}",
    "handle_acronym": "@{handle} may be the initials of {entry}",
    "handle_short": "@{handle} seems to abbreviate {entry}",
    "handle_full": "@{handle} seems made of {entry}",
    "handle_alone": "nothing but @{handle} is known, and it reads as {entry}",
    "handle_initial": "@{handle} seems made of an initial and {entry}",
    "handle_office": "@{handle} seems made of an office and {entry}",
    "handle_surname": "@{handle} seems to contain {entry}",
    "site_domain": "site {account} may be their domain",
    "site_label": "site {account} reads as {entry}",
    "bio_name": "bio seems to name {entry}: {account}",
    "bio_handle": "bio mentions {account}, which reads as {entry}",
    "bio_at_handle": "{account} in bio beside a role reads as {entry}",
    "bio_at_name": "bio says they work at {account}, which reads as {entry}",
    "bio_official": "bio says it is the official account of {account}, which reads as {entry}",
    "bio_parent": "bio says it is part of {account}, which reads as {entry}",
    "name_at": "name ends with {account}, which reads as {entry}",
    "affiliation": "{account} vouches for the account on X and reads as {entry}",
    "place_agree": "{account} seems to be the place {entry}",
    "place_local": "{account} seems to be the place {entry}",
    "region_agree": "{account} seems to be in {entry}",
    "region_local": "{account} seems to be in {entry}",
    "region_agree city": "{account} seems to be in the same country or state as {entry}",
    "region_local city": "{account} seems to be in the same country or state as {entry}",
    "person_full": "name {account} reads as {entry}",
    "person_native": "name {account} reads as {entry} in its own script",
    "person_short": "name {account} may be a form of {entry}",
    "person_nick": "name {account} may be short for {entry}",
    "person_close": "name {account} is spelled almost as {entry}",
    "person_initial": "name {account} may be initial and family name of {entry}",
    "person_surname": "name {account} seems to hold the family name of {entry}",
    "office_said": "{account} is an office, as {entry} may hold",
    "office_agree": "{account} reads like the office {entry}",
    "company_in_bio": "{account} reads as their company {entry}",
    "middle_agree": "{account} may stand for the middle name {entry}",
    "role": "{account} reads like a role",
    "company_like": "{account} reads like an organisation's account",
    "company_like verified": "X verified it as {account}, so an organisation's account, it seems",
    "person_like": "{account} reads like a person's account",
}
"""Signal -> words where the sides hold different words, or one side alone was read."""

CONTRARY: dict[str, str] = {
    "place_conflict": "{account} seems to be elsewhere than {entry}",
    "place_conflict_local": "{account} seems to be elsewhere than {entry}",
    "site_other": "site {account}, not {entry}",
    "site_other bio": "bio gives {account}, not {entry}",
    "person_like": "{account} reads like a person's account",
    "company_like": "{account} reads like an organisation's account",
    "strangers": "others are likely to carry {account} too",
    "everyday_word": "bios here use {account} as an everyday word",
    "own_name": "has the company's own name: {account}",
    "handle_rest": "the handle @{handle} goes on with other words",
    "other_kind": "the name speaks of another kind of organisation: {account}",
    "person_name": "named like a person: {account}",
    "strange_words": "more words in the name: {account}",
    "unit": "the list means a part of it: {entry}",
    "left_out": "the name leaves out words of {entry}",
    "one_of": "one of {entry} entries that share this site",
    "other_town": "the list's address says {entry}",
    "no_name": "neither name nor handle is {entry}",
    "nothing_said": "no bio, site or place to check against",
    "rival": "another entry of this name fits better",
    "ambiguous": "one of {count} entries of this name that fit as well",
    "given_conflict": "another given name: {account}",
    "common_name": "a common name",
    "namesakes": "other accounts here share this name",
    "extra_words": "more words in the name: {account}",
    "middle_conflict": "another middle name: {account}",
    "suffix_conflict": "another generation: {account}",
    "role_conflict": "{account} reads like another line of work than {entry}",
    "past": "{account} reads as past",
    "not_employer": "{account} reads as something else than an employer",
}
"""Signal -> words where it contradicts a match."""

NOTES: dict[str, str] = {
    MOVED: "was at {entry}, now says {account}",
    MORE_ALIKE: "and {count} more alike",
    CHOSEN: "@{handle} was chosen for {entry} by hand",
}
"""Signal -> words where it carries no points."""


ONE_SIDED = frozenset(
    {"role", "company_like", "person_like", "rival", "ambiguous", "common_name", "namesakes", "extra_words",
     "past", "not_employer"}
)  # fmt: skip
"""Signals that read one side alone: their words say it, the other side's text would say nothing."""


def template_of(piece: Evidence) -> str:
    """The words of a clause with the names of what they quote: ``account`` and ``entry`` in their spans, or all of it.

    Args:
        piece: with the spans of both sides.

    Returns:
        A format string of ``account``, ``account_text``, ``handle``, ``entry``, ``entry_text`` and ``count``;
        empty where the signal has no words.
    """
    if piece.weight < 0:
        table = CONTRARY
    elif piece.weight == 0:
        table = NOTES
    else:
        table = QUOTED if rests_on_same_words(piece) and piece.signal in QUOTED else INFERRED
    special = table.get(f"{piece.signal} {piece.column}") or table.get(f"{piece.signal} {piece.field}")
    return special or table.get(piece.signal, "")


def words_for(piece: Evidence) -> str:
    """The clause of one piece of evidence: it quotes what stands on either side, and says so where it infers.

    Args:
        piece: with the spans of both sides.
    """
    words = template_of(piece) or piece.signal.replace("_", " ")
    account, entry = (
        text if span is None else text[slice(*span)]
        for text, span in ((piece.account_text, piece.account_span), (piece.entry_text, piece.entry_span))
    )
    is_handle = piece.field == "handle" and "@{account}" in words
    return words.format(
        account=account if is_handle else _quoted(account),
        account_text=_quoted(piece.account_text),
        entry=_quoted(entry),
        entry_text=_quoted(piece.entry_text),
        handle=piece.account_text,
        count=piece.entry_text,
    )


def explain(proposal: Proposal, entry: ListEntry) -> str:
    """One plain sentence: why a match is proposed and what contradicts it.

    Args:
        proposal: the match.
        entry: its entry.

    Returns:
        Reasons joined by " · ", strongest first, then "against:" and the contradictions.
    """
    speaking = [words_for(item) for item in proposal.evidence if item.weight > 0]
    contrary = [words_for(item) for item in proposal.evidence if item.weight < 0]
    name = entry.person or " ".join(part for part in (entry.first_name, entry.last_name) if part) or entry.company
    lead = {
        MatchRelation.IS: "",
        MatchRelation.BRAND_OF: f"part or brand of {_quoted(name)}",
        MatchRelation.WORKS_AT: f"may work at {_quoted(name)}",
    }[proposal.relation]
    news = [words_for(item) for item in proposal.evidence if item.signal in (MOVED, CHOSEN)]
    parts = [part for part in (*news, lead, *dict.fromkeys(speaking)) if part]
    if contrary:
        parts.append("against: " + ", ".join(dict.fromkeys(contrary)))
    parts += [words_for(item) for item in proposal.evidence if item.signal == MORE_ALIKE]
    return " · ".join(parts)


def _quoted(text: str) -> str:
    """A text in quotes, on one line and cut to a readable length."""
    plain = squeezed(text)
    if len(plain) > _LONGEST_QUOTE:
        plain = plain[: _LONGEST_QUOTE - 1].rstrip() + "…"
    return f'"{plain}"'
