"""What confirming a match teaches, and the evidence hash of a decision.

Owns the aliases learned from a confirmed match and the hash that tells whether the evidence
of a decision has changed since. It stores nothing. ``services`` imports it.
"""

from __future__ import annotations

import hashlib
import unicodedata

from followertui.domain.account import ProfileColumns
from followertui.domain.lists import EntityAlias, ListEntry
from followertui.domain.match import MatchRelation
from followertui.matching.forms import entry_domains
from followertui.matching.normalising import comparison_key, name_parts, native_key
from followertui.text.domains import own_domain
from followertui.text.folding import squeezed

_PART = "\x1f"


def learned_aliases(
    account: ProfileColumns, entry: ListEntry, relation: MatchRelation = MatchRelation.IS, at: int = 0
) -> list[EntityAlias]:
    """Aliases learned from a confirmed match: names, handle and domain the entry does not give.

    An employee or a brand teaches nothing about the company's name; a brand teaches its handle.

    Args:
        account: the account confirmed.
        entry: the entry it was confirmed with.
        relation: what the account was confirmed to be.
        at: the account's position in the columns.

    Returns:
        The aliases, handle first.
    """
    if relation is MatchRelation.WORKS_AT:
        return []
    found: list[EntityAlias] = []
    handle = (account.handle[at] or "").lower()
    if handle and handle not in entry.handles:
        found.append(EntityAlias(entry.entity_id, "handle", handle))
    if relation is MatchRelation.BRAND_OF:
        return found
    name = squeezed(name_parts(account.name[at] or "")[0])
    person = entry.person or f"{entry.first_name} {entry.last_name}".strip()
    known = {comparison_key(text) for text in (person or entry.company,)} | {""}
    if comparison_key(name) not in known or (
        native_key(name) and native_key(name) != native_key(person or entry.company)
    ):
        found.append(EntityAlias(entry.entity_id, "name", name))
    domain = own_domain(account.site[at] or "")
    if domain is not None and domain not in entry_domains(entry):
        found.append(EntityAlias(entry.entity_id, "domain", domain))
    return found


def basis_fingerprint(account: ProfileColumns, entry: ListEntry, at: int = 0) -> str:
    """The evidence hash of a decision: it changes when the evidence changes.

    Case, spacing, order of links, counts and dates do not affect it.

    Args:
        account: profiles as columns.
        entry: the entry decided on.
        at: the account's position in the columns.

    Returns:
        32 hexadecimal digits over name, bio and site of the account and what identifies the entry.
    """
    site = account.site[at] or account.url[at] or ""
    parts = [account.name[at] or "", account.bio[at] or "", site.rstrip("/")]
    parts += [entry.company, entry.person, entry.first_name, entry.middle_name, entry.last_name, entry.suffix]
    parts += [" ".join(sorted(values)) for values in (entry.domains, entry.emails, entry.handles)]
    parts += [entry.city, entry.region, entry.country]
    text = _PART.join(squeezed(unicodedata.normalize("NFC", part)).casefold() for part in parts)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
