"""What is counted of all accounts before they are compared: words of lists, and how much of a list is there.

Owns which words are worth counting, and the strict rule by which a company's own account is
there. It scores nothing. ``services`` imports it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from followertui.domain.lists import EntityAlias, ListEntry
from followertui.matching.contacts import is_person
from followertui.matching.distinctiveness import rate_companies
from followertui.matching.forms import CompanyForm, company_form
from followertui.matching.normalising import acronym, core_variants, core_words, other_names, short_core, without_asides
from followertui.matching.rarity import USUAL_SHARE, Audience, count_bios, count_names
from followertui.text.domains import own_domain
from followertui.text.folding import words

_SAMPLE = 2_000
"""Companies looked at to estimate how many of a list are there."""

_ASSUMED = 400
"""Companies the usual share is worth beside those looked at."""

_SHORTEST = 6
"""Letters of a name from which its very handle and name mean the company."""


def counted(
    entries: Sequence[ListEntry],
    aliases: Iterable[EntityAlias],
    names: Iterable[str],
    name_of: Callable[[str], str | None],
    share: float | None = None,
    bios: Iterable[str] = (),
) -> Audience:
    """Count how many accounts of a store have the words of the companies on lists.

    Args:
        entries: current entries of all lists.
        aliases: learned names of theirs.
        names: display names, one an account, in any order.
        name_of: gives the display name of the account with a handle, lower case; None where there is none.
        share: share of the companies that are there, where it is known; None to estimate it.
        bios: their bios, in any order.

    Returns:
        The audience; of its usual share where no company is listed.
    """
    companies = [entry for entry in entries if entry.company and not is_person(entry)]
    wanted_words, wanted_names = _wanted(companies, aliases)
    size, held, whole = count_names(names, wanted_words, wanted_names)
    plain, capital = count_bios(bios, wanted_words)
    if share is None:
        share = listed_share(companies, name_of)
    return Audience(size, held, whole, share, plain, capital)


def _wanted(companies: Iterable[ListEntry], aliases: Iterable[EntityAlias]) -> tuple[set[str], set[str]]:
    """Words and whole names worth counting, folded, a name as one word."""
    texts = [alias.value for alias in aliases if alias.type == "name"]
    names: set[str] = set()
    held: set[str] = set()
    for entry in companies:
        plain, asides = without_asides(entry.bare_company or entry.company)
        texts += [*other_names(plain), *asides]
        domains = (own_domain(text) for text in (*entry.domains, *entry.emails))
        names.update("".join(words(domain.partition(".")[0])) for domain in domains if domain)
    for text in dict.fromkeys(texts):
        for core in core_variants(text):
            held.update(core)
            names.add("".join(core))
            if len(core) > 1:
                names.add("".join(short_core(core)))
                names.add(acronym(core))
    names.discard("")
    return held | names, names


def listed_share(companies: Sequence[ListEntry], name_of: Callable[[str], str | None]) -> float:
    """The share of companies whose own account is in an audience, by a strict rule: their very handle and name.

    Args:
        companies: entries of companies.
        name_of: gives the display name of the account with a handle, lower case; None where there is none.

    Returns:
        0-1; drawn towards the usual share where few companies can be asked for.
    """
    sample = companies[:: max(1, len(companies) // _SAMPLE)]
    forms = [form for at, entry in enumerate(sample) if (form := company_form(at, entry, ())) is not None]
    rate_companies(forms)
    asked = [form for form in forms if not form.is_generic and len("".join(form.core)) >= _SHORTEST]
    found = sum(any(_is_named(form, name_of(handle)) for handle in form.joined | form.labels) for form in asked)
    return (found + _ASSUMED * USUAL_SHARE) / (len(asked) + _ASSUMED)


def _is_named(form: CompanyForm, name: str | None) -> bool:
    """Whether a display name is a company's."""
    return bool(name) and "".join(core_words(name or "")) in form.joined
