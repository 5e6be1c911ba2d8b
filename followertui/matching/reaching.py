"""Which accounts a change of the lists can affect, so that only those are matched again.

Owns two questions: of which entries matches may change after lists or learned aliases
changed (new entries, and old ones whose name or domain is now shared by more or fewer, or was
learned), and which accounts are candidates for any of these. Both answers err on the wide
side: an account that is not returned keeps exactly its proposals. ``services`` imports it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from followertui.domain.account import ProfileColumns
from followertui.domain.lists import EntityAlias, ListEntry
from followertui.matching.blocking import FEW, MOST_PER_KEY, Blocks, Index
from followertui.matching.distinctiveness import rate_companies
from followertui.matching.forms import AccountForm, CompanyForm, HandleForm, PersonForm
from followertui.matching.matcher import Matcher, by_entity, form_of, most_shared
from followertui.matching.mention_index import MentionIndex


class EntryState(NamedTuple):
    """An entry and its learned aliases, before or after a change.

    Attributes:
        entry: the entry.
        aliases: learned aliases of its entity.
        is_company_only: its list's people must not be searched for.
    """

    entry: ListEntry
    aliases: tuple[EntityAlias, ...]
    is_company_only: bool


class Reach:
    """Finds the accounts that are candidates for some entries by any blocking key of the matcher.

    Args:
        entry_states: the entries; a changed one is given twice, as it was and as it is.
    """

    def __init__(self, entry_states: Sequence[EntryState]) -> None:
        forms = _forms(entry_states)
        self._blocks = Blocks(*forms, is_limited=False)
        self._mentions = MentionIndex(forms.companies.values())

    def rows(self, columns: ProfileColumns) -> list[int]:
        """Row numbers of the accounts that are candidates for one of the entries.

        Args:
            columns: profiles.

        Returns:
            Row numbers, in the order of the columns.
        """
        accounts = [AccountForm(columns, at) for at in range(len(columns))]
        near = self._blocks.near_entries(accounts)
        mentions = self._mentions.mentions(accounts)
        return [
            account.row
            for at, account in enumerate(accounts)
            if at in near or at in mentions or self._blocks.candidates(account)
        ]


def changed_entry_states(
    matcher: Matcher, is_new: Collection[int], aliases_before: Sequence[EntityAlias]
) -> list[EntryState]:
    """Entries whose matches may change after entries were added or aliases changed.

    Args:
        matcher: all entries and aliases as they are now.
        is_new: positions of the added entries; all others are unchanged.
        aliases_before: the aliases as they were.

    Returns:
        The states to hand to ``Reach``.
    """
    now, then = by_entity(matcher.aliases), by_entity(aliases_before)
    entries = matcher.entries
    learned = {
        at
        for at, entry in enumerate(entries)
        if at not in is_new and now.get(entry.entity_id, ()) != then.get(entry.entity_id, ())
    }
    own = sorted({*is_new, *learned})
    after = [_entry_state(matcher, at, now) for at in own]
    before = [_entry_state(matcher, at, then) for at in sorted(learned)]
    touched = (
        _rated_again(matcher, is_new, dict(zip(sorted(learned), before, strict=True)))
        | _listed_again(matcher, own, before)
        | _over_block_limit(matcher, before, after)
    )
    return [*after, *before, *(_entry_state(matcher, at, now) for at in sorted(touched.difference(own)))]


def _entry_state(matcher: Matcher, at: int, learned: dict[int, list[EntityAlias]]) -> EntryState:
    entry = matcher.entries[at]
    return EntryState(entry, tuple(learned.get(entry.entity_id, ())), entry.list_id in matcher.companies_only)


class _Forms(NamedTuple):
    """Forms of some entry states, by position: companies, people, and entries with handles only."""

    companies: dict[int, CompanyForm]
    people: dict[int, PersonForm]
    others: dict[int, HandleForm]


def _forms(entry_states: Iterable[EntryState]) -> _Forms:
    """The forms of some entry states, by position."""
    found = _Forms({}, {}, {})
    for at, (entry, aliases, is_company_only) in enumerate(entry_states):
        form = form_of(at, entry, aliases, frozenset({entry.list_id} if is_company_only else ()))
        if isinstance(form, PersonForm):
            found.people[at] = form
        elif isinstance(form, HandleForm):
            found.others[at] = form
        elif form is not None:
            found.companies[at] = form
    return found


def _rated_again(matcher: Matcher, is_new: Collection[int], before: dict[int, EntryState]) -> set[int]:
    """Companies whose name became more or less distinctive, or is shared by more or fewer."""
    learned = _forms(before.values()).companies
    own = {at: form for place, at in enumerate(before) if (form := learned.get(place)) is not None}
    old = {
        at: own[at] if at in own else replace(form)
        for at, form in matcher.companies.items()
        if at not in is_new and (at in own or at not in before)
    }
    rate_companies(list(old.values()))
    return {
        at
        for at, form in old.items()
        if (now := matcher.companies.get(at)) is not None
        and (form.distinctive, form.shared) != (now.distinctive, now.shared)
    }


def _listed_again(matcher: Matcher, own: Collection[int], before: Sequence[EntryState]) -> set[int]:
    """Companies one of whose domains is now listed by more or fewer of them."""
    listed, changed = matcher.blocks.domains, frozenset(own)
    then: dict[str, set[int]] = {}
    for form in _forms(before).companies.values():
        for domain in form.domains:
            then.setdefault(domain, set()).add(form.entry.entity_id)
    touched = {domain for at in own if at in matcher.companies for domain in matcher.companies[at].domains} | {*then}
    for domain in touched:
        others = (matcher.entries[at].entity_id for at in listed.get(domain, ()) if at not in changed)
        then.setdefault(domain, set()).update(others)
    earlier = {**matcher.spread, **{domain: len(then[domain]) for domain in touched}}
    at_risk = {at for domain in touched for at in listed.get(domain, ())}
    return {
        at
        for at in at_risk
        if most_shared(matcher.companies[at], earlier) != most_shared(matcher.companies[at], matcher.spread)
    }


def _over_block_limit(matcher: Matcher, before: Sequence[EntryState], after: Sequence[EntryState]) -> set[int]:
    """Entries under a blocking key that crossed the block limit, either way."""
    gone, came = (Blocks(*_forms(side), is_limited=False) for side in (before, after))
    blocks = matcher.blocks
    found: set[int] = set()

    def look(one: Index, other: Index, every: Index, few: bool, most: bool) -> None:
        """Collect the entries whose key crosses a block limit."""
        for key in {*one, *other}:
            now = every.get(key, ())
            then = len(now) - len(other.get(key, ())) + len(one.get(key, ()))
            if (few and (then <= FEW) != (len(now) <= FEW)) or (most and max(then, len(now)) > MOST_PER_KEY):
                found.update(now)

    for name in ("rare", "starts", "person_domains"):
        look(getattr(gone, name), getattr(came, name), getattr(blocks, name), few=True, most=False)
    for name in ("joined", "person_handles"):
        look(getattr(gone, name), getattr(came, name), getattr(blocks, name), few=False, most=True)
    look(gone.lone_surnames, came.lone_surnames, blocks.lone_surnames, few=True, most=True)
    return found
