"""The matcher: compares accounts with all list entries, one batch at a time.

Owns the resident index of the entries and the steps from an account to its proposals:
blocking, comparing, weighing rivals. It stores nothing and decides nothing. ``services``
imports it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from followertui.domain.account import ProfileColumns
from followertui.domain.lists import EntityAlias, ListEntry
from followertui.domain.match import ClauseWord, Evidence, MatchRelation, Proposal
from followertui.matching.blocking import Blocks
from followertui.matching.chances import band_of, chance
from followertui.matching.clauses import without_clauses
from followertui.matching.companies import company_finding
from followertui.matching.contacts import is_person
from followertui.matching.distinctiveness import rate_companies
from followertui.matching.evidence import EvidenceSet, add_listed_handle
from followertui.matching.forms import (
    AccountForm,
    CompanyForm,
    HandleForm,
    PersonForm,
    company_form,
    handle_form,
    person_form,
)
from followertui.matching.individuals import namesake_key, person_finding, weigh_namesakes
from followertui.matching.limits import MOST_OF_ACCOUNT, groups_of, limited
from followertui.matching.mention_index import Mention, MentionIndex
from followertui.matching.mentions import may_work_at, works_at_finding
from followertui.matching.rarity import Audience
from followertui.matching.rivals import Scored, weigh_rivals
from followertui.matching.sources import sourced
from followertui.matching.strangers import weigh_company, weigh_person
from followertui.matching.weights import Weights, default_weights


class Matcher:
    """All list entries, kept in memory to be compared with accounts.

    Args:
        entries: entries of all lists; proposals carry their ``id`` and ``entity_id``. An entry
            with a person is compared as that person, one with a company as that, any other by
            its handles. ``contacts.as_compared`` prepares the entries of a store.
        aliases: learned from confirmed matches.
        weights: points of the signals; None for the package's own.
        companies_only: ids of lists whose people must not be searched for (third-party lists);
            their companies are entries of their own.
        namesakes: number of accounts per name, from ``individuals.shared_names``.
        refused: clauses a person said are not their entities; no match rests on them.
        audience: what is known of all accounts; None for an unknown audience of usual size. It may
            be set later, from what ``counting`` finds.
    """

    def __init__(
        self,
        entries: Sequence[ListEntry],
        aliases: Sequence[EntityAlias] = (),
        weights: Weights | None = None,
        companies_only: frozenset[int] = frozenset(),
        namesakes: Mapping[str, int] | None = None,
        refused: Collection[ClauseWord] = (),
        audience: Audience | None = None,
    ) -> None:
        self.entries = entries
        self.audience = audience or Audience()
        self._refused = frozenset(refused)
        self._refused_of = frozenset(clause.entity_id for clause in refused)
        self._groups = groups_of(entries)
        self.aliases = aliases
        self.companies_only = companies_only
        self.namesakes = namesakes or {}
        self.weights = weights if weights is not None else default_weights()
        learned = by_entity(aliases)
        self.companies: dict[int, CompanyForm] = {}
        self.people: dict[int, PersonForm] = {}
        self.others: dict[int, HandleForm] = {}
        for at, entry in enumerate(entries):
            form = form_of(at, entry, learned.get(entry.entity_id, ()), companies_only)
            if isinstance(form, PersonForm):
                self.people[at] = form
            elif isinstance(form, HandleForm):
                self.others[at] = form
            elif form is not None:
                self.companies[at] = form
        rate_companies(list(self.companies.values()))
        self.blocks = Blocks(self.companies, self.people, self.others)
        self._mentions = MentionIndex(self.companies.values())
        self.spread: dict[str, int] = {
            text: len({entries[at].entity_id for at in ats}) for text, ats in self.blocks.domains.items()
        }

    def propose(self, columns: ProfileColumns) -> list[Proposal]:
        """Proposed matches of a batch of accounts; one account is a batch of one.

        Args:
            columns: profiles; accounts without name and handle match nothing.

        Returns:
            At most one proposal per account, entity and group of relations (is or brand_of,
            works_at), in account order, strongest first; within ``limits``.
        """
        accounts = [AccountForm(columns, at) for at in range(len(columns))]
        near = self.blocks.near_entries(accounts)
        mentions = self._mentions.mentions(accounts)
        found: list[Proposal] = []
        for at, account in enumerate(accounts):
            if account.name or account.handle:
                found.extend(self._proposals(account, near.get(at, ()), mentions.get(at, {})))
        return found

    def _proposals(
        self, account: AccountForm, near: Iterable[int], mentions: dict[int, list[Mention]]
    ) -> list[Proposal]:
        candidates = self.blocks.candidates(account, near)
        # In list order: the result of merging must not depend on the order of a set.
        everyone = sorted(candidates | mentions.keys())
        if not everyone:
            return []
        found = (self._identity(account, at, mentions.get(at, ())) for at in everyone)
        scored = [item for item in found if item is not None and self._stands(account, item)]
        weigh_rivals(account, scored, self.companies, self.weights)
        employers = list(self._employers(account, everyone, mentions, scored))
        weigh_rivals(account, employers, self.companies, self.weights)
        scored.extend(employers)
        return self._united(account, scored)

    def _listed(self, company: CompanyForm) -> int:
        """Number of companies that list the company's most shared domain."""
        return most_shared(company, self.spread)

    def _identity(self, account: AccountForm, at: int, mentions: Sequence[Mention]) -> Scored | None:
        """Evidence that the account is the entry, or None."""
        company = self.companies.get(at)
        if company is not None:
            finding = company_finding(account, company, self.weights, self._listed(company), mentions)
            if finding is None:
                return None
            weigh_company(finding.evidence_set, account, company, self.audience, self._listed(company))
            return Scored(at, finding.relation, finding.evidence_set, " ".join(sorted(company.core)))
        person = self.people.get(at)
        if person is None:
            return self._listed_handle(account, at)
        evidence_set = person_finding(account, person, self.weights)
        if not evidence_set.found:
            return None
        if self.namesakes:
            weigh_namesakes(evidence_set, account, self.namesakes.get(namesake_key(account.name), 0))
        weigh_person(evidence_set, account, person, self.audience.size)
        return Scored(at, MatchRelation.IS, evidence_set, "")

    def _listed_handle(self, account: AccountForm, at: int) -> Scored | None:
        """Evidence that an entry without a name gives the account's handle, or None."""
        found = EvidenceSet(self.weights.company)
        other = self.others.get(at)
        if other is None or not add_listed_handle(found, account.handle, account.former_handles, other.handles):
            return None
        return Scored(at, MatchRelation.IS, found, "")

    def _employers(
        self,
        account: AccountForm,
        everyone: Sequence[int],
        mentions: dict[int, list[Mention]],
        scored: Sequence[Scored],
    ) -> Iterator[Scored]:
        """Evidence that the account works at companies it is not itself."""
        itself = {
            self.entries[item.at].entity_id
            for item in scored
            if item.evidence_set.score >= self.weights.bands["possible"]
        }
        for at in everyone:
            company = self.companies.get(at)
            if (
                company is None
                or company.entry.entity_id in itself
                or not (at in mentions or may_work_at(account, company))
            ):
                continue
            spread = self._listed(company)
            evidence_set = works_at_finding(account, company, self.weights, mentions.get(at, ()), spread, self.audience)
            item = Scored(at, MatchRelation.WORKS_AT, evidence_set, " ".join(sorted(company.core)))
            if evidence_set.found and self._stands(account, item):
                yield item

    def _form(self, at: int) -> PersonForm | CompanyForm | HandleForm:
        """The entry at a position as it is compared."""
        return self.companies.get(at) or self.people.get(at) or self.others[at]

    def _stands(self, account: AccountForm, item: Scored) -> bool:
        """Whether a pair rests on more than clauses that were refused; those are taken out of its evidence."""
        entity_id = self.entries[item.at].entity_id
        if entity_id not in self._refused_of:
            return True
        form = self._form(item.at)
        return without_clauses(item.evidence_set, entity_id, self._refused, lambda piece: sourced(piece, account, form))

    def _united(self, account: AccountForm, scored: Sequence[Scored]) -> list[Proposal]:
        """The best entry per entity and group of relations, with the evidence of all its entries."""
        best: dict[tuple[int, bool], Proposal] = {}
        for item in scored:
            score = item.evidence_set.score
            is_company = item.at in self.companies
            probability = round(
                chance(item.evidence_set, item.relation, is_company, self.audience.share, self.weights), 4
            )
            band = band_of(item.evidence_set, probability, self.weights)
            if band is None:
                continue
            entry = self.entries[item.at]
            form = self._form(item.at)
            evidence = tuple(sourced(piece, account, form) for piece in item.evidence_set.evidence())
            proposal = Proposal(
                account.row, entry.id, entry.entity_id, item.relation, score, band, evidence, probability
            )
            key = (entry.entity_id, item.relation is MatchRelation.WORKS_AT)
            other = best.get(key)
            best[key] = proposal if other is None else _merged(proposal, other)
        found = sorted(best.values(), key=lambda proposal: (-proposal.score, proposal.entry_id))
        return limited(found, self._groups) if len(found) > MOST_OF_ACCOUNT else found


def by_entity(aliases: Iterable[EntityAlias]) -> dict[int, list[EntityAlias]]:
    """Learned aliases by entity id."""
    learned: dict[int, list[EntityAlias]] = {}
    for alias in aliases:
        learned.setdefault(alias.entity_id, []).append(alias)
    return learned


def form_of(
    at: int, entry: ListEntry, aliases: Sequence[EntityAlias], companies_only: frozenset[int]
) -> PersonForm | CompanyForm | HandleForm | None:
    """An entry in the form it is compared in: a person, a company, or handles alone.

    Args:
        at: its position.
        entry: the entry.
        aliases: learned aliases of its entity.
        companies_only: ids of lists whose people must not be searched for.

    Returns:
        The form; None where the entry names nobody, or a person who must not be searched for.
    """
    if is_person(entry):
        if entry.list_id in companies_only or entry.opted_in is False:
            return None
        return person_form(at, entry, aliases) or handle_form(at, entry, aliases)
    return company_form(at, entry, aliases) or handle_form(at, entry, aliases)


def most_shared(company: CompanyForm, spread: Mapping[str, int]) -> int:
    """Number of entries that list the most shared domain of a company.

    Args:
        company: the company.
        spread: domain -> number of companies that list it, each once whatever the lists it is on.

    Returns:
        At least 1.
    """
    return max((spread.get(domain, 1) for domain in company.domains), default=1)


def _merged(one: Proposal, other: Proposal) -> Proposal:
    """Merge two proposals of one entity: the better entry, the evidence of both."""
    first, second = (one, other) if (one.score, -one.entry_id) >= (other.score, -other.entry_id) else (other, one)
    seen = {item.signal for item in first.evidence}
    evidence: list[Evidence] = [*first.evidence]
    other_entry = second.entry_id if second.entry_id != first.entry_id else 0
    evidence += [
        item._replace(entry_id=item.entry_id or other_entry)
        for item in second.evidence
        if item.signal not in seen and item.weight > 0
    ]
    return first._replace(evidence=tuple(sorted(evidence, key=lambda item: -item.weight)))
