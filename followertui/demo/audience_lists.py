"""The lists of Acme Analytics, as its CRM would export them.

Owns rows with HubSpot-like columns and the spelling variants of such lists: legal forms,
capitals, stray spaces, missing domains. Imported by ``demo.audience`` only.
"""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

from followertui.demo.audience_profiles import SPECIALS, Archetype, contact
from followertui.demo.words_companies import LEGAL_FORMS, Company
from followertui.demo.words_people import people

MAX_CONTACTS = 200
"""Most contacts on one list who are on X: as many as 20,000 accounts give. A CRM does not grow with the crowd."""

OWNERS = ("Kim Delgado", "Priya Anand", "Tom Becker")

COLUMNS: tuple[str, ...] = (
    "Record ID", "Company name", "Company Domain Name", "First Name", "Last Name", "Job Title", "Email",
    "Twitter Handle", "City", "Country/Region", "Company owner", "Lifecycle Stage",
)  # fmt: skip
"""Columns of every row, in order."""


class CrmList:
    """Builds the rows of one list.

    Args:
        seed: decides spellings and gaps.
        stage: value of "Lifecycle Stage".
    """

    def __init__(self, seed: int, stage: str) -> None:
        self._rnd = Random(f"{seed}:list:{stage}")
        self._stage = stage
        self._first_id = self._rnd.randrange(10**9, 9 * 10**9)
        self.rows: list[dict[str, str]] = []

    def add_companies(self, companies: Iterable[Company]) -> None:
        """One row per company; about every eighth without its domain."""
        for firm in companies:
            rnd = self._rnd
            self._add(
                firm,
                {
                    "Company name": _spelled(rnd, firm),
                    "Company Domain Name": _domain(rnd, firm),
                    "Twitter Handle": f"@{firm.slug}" if rnd.random() < 0.08 else "",
                },
            )

    def add_contacts(self, archetype: Archetype, companies: list[Company], blocks: int) -> None:
        """Every second account of a people archetype, and as many people who are not on X.

        Args:
            archetype: whose people.
            companies: where the ``n``-th works, as in the audience.
            blocks: how many blocks of accounts the audience has.
        """
        rnd = self._rnd
        for ordinal in range(0, min(blocks * SPECIALS[archetype], 2 * MAX_CONTACTS), 2):
            who, firm = contact(archetype, ordinal), companies[ordinal % len(companies)]
            handle = f"@{who.handle}" if rnd.random() < 0.05 else ""
            self._add_person(firm, who.person.first, who.person.last, who.title, handle)
            stranger = rnd.choice(people())
            self._add_person(rnd.choice(companies), stranger.first, stranger.last, "", "")

    def _add_person(self, firm: Company, first: str, last: str, title: str, handle: str) -> None:
        rnd = self._rnd
        email = f"{first}.{last}".lower().replace(" ", "") + f"@{firm.domain}" if rnd.random() < 0.7 else ""
        cells = {
            "Company name": _spelled(rnd, firm),
            "First Name": first.upper() if rnd.random() < 0.04 else first,
            "Last Name": last,
            "Job Title": title,
            "Email": email,
            "Twitter Handle": handle,
        }
        self._add(firm, cells)

    def _add(self, firm: Company, cells: dict[str, str]) -> None:
        rnd = self._rnd
        known = {
            "Record ID": str(self._first_id + len(self.rows)),
            "City": firm.city if rnd.random() < 0.8 else "",
            "Country/Region": firm.country,
            "Company owner": rnd.choice(OWNERS),
            "Lifecycle Stage": self._stage,
        }
        self.rows.append({column: cells.get(column, known.get(column, "")) for column in COLUMNS})


def _spelled(rnd: Random, firm: Company) -> str:
    """The name as typed into a CRM."""
    forms = LEGAL_FORMS.get(firm.country, ("Ltd",))
    style = rnd.randrange(10)
    if style < 4:
        return firm.name
    if style < 7:
        return f"{firm.name} {rnd.choice(forms)}"
    if style == 7:
        return firm.name.upper()
    if style == 8:
        return f" {firm.name},  {rnd.choice(forms)} "
    return f"{firm.name} ({firm.country})"


def _domain(rnd: Random, firm: Company) -> str:
    style = rnd.randrange(8)
    if style == 0:
        return ""
    if style == 1:
        return f"https://www.{firm.domain}/"
    if style == 2:
        return f"{firm.domain}; shop.{firm.domain}"
    return firm.domain
