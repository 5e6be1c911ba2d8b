"""What certain and likely are worth among strangers: real profiles, hardly one of which is on any list.

The proposals were read by hand; ``wild_labels.json`` keeps what was found, by a hash of account
and company. Pairs nobody read are counted apart. The first two lists were read while the
weights were chosen, the others afterwards.
"""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path

from match_data import DATA, audience_of, columns_of, rows_of

from followertui.domain.lists import ListEntry
from followertui.domain.match import Band, MatchRelation, Proposal
from followertui.matching.contacts import without_common_asides
from followertui.matching.matcher import Matcher
from followertui.matching.normalising import core_words

LABELS = Path(__file__).resolve().parent / "wild_labels.json"

_LISTS = {
    "landscape": ("companies-landscape/landscape_items.csv", "name", "homepage_url", "", ""),
    "sec-tickers": ("companies-sec-tickers/company_tickers.csv", "title", "", "", ""),
    "fortune1000": ("companies-fortune1000/fortune1000.csv", "company", "Website", "city", "state"),
    "sp500": ("companies-sp500-profiles/companies_with_x_profile.csv", "company", "website", "headquarters", ""),
    "newspapers": ("newspapers/newspapers.csv", "Name", "Website", "", "Geography"),
    "gleif": ("companies-gleif-legal-names/gleif_legal_names.csv", "Entity.LegalName", "", "", ""),
}
"""Name -> file and its columns of name, site, city and state. Columns about X are not read."""


def entries_of(name: str) -> list[ListEntry]:
    """The companies of a list, each name once."""
    path, company, site, city, region = _LISTS[name]
    rows = {row[company]: row for row in rows_of(DATA / path)}
    entries = [
        ListEntry(
            line=at,
            company=text,
            domains=(row[site],) if site and row[site] else (),
            city=row.get(city, ""),
            region=row.get(region, ""),
            id=at,
            list_id=1,
            entity_id=at,
        )
        for at, (text, row) in enumerate(rows.items(), start=1)
    ]
    return without_common_asides(entries)


def key_of(account_id: str, company: str) -> str:
    """The key under which a pair was read."""
    return hashlib.blake2b(f"{account_id} {' '.join(core_words(company))}".encode(), digest_size=8).hexdigest()


def run() -> None:
    """Pairs, right ones and unread ones per list, certain and likely, is and brand_of."""
    path = DATA / "wild-audience" / "accounts.csv"
    if not path.exists():
        print("wild: ../shared/data/wild-audience is absent, skipped")
        return
    accounts = rows_of(path)
    columns = columns_of(accounts)
    labels: dict[str, dict[str, int]] = json.loads(LABELS.read_text(encoding="utf-8"))
    total = good = 0
    print(f"\nwild audience: {len(accounts):,} strangers; pairs read by hand, is and brand_of")
    for name in _LISTS:
        entries = entries_of(name)
        began = time.process_time()
        found = Matcher(entries, audience=audience_of(entries, columns)).propose(columns)
        took = time.process_time() - began
        companies = {entry.id: entry.bare_company or entry.company for entry in entries}
        for band in (Band.CERTAIN, Band.LIKELY):
            keys = {key_of(accounts[p.row]["id"], companies[p.entry_id]) for p in found if _is_asked(p, band)}
            read = [labels.get(name, {})[key] for key in keys if key in labels.get(name, {})]
            total, good = total + len(read), good + sum(read)
            share = f"{sum(read) / len(read):.3f}" if read else "  -  "
            print(f"  {name:12} {band.value:8} pairs {len(keys):3}  right {share}  not read {len(keys) - len(read)}")
        print(f"  {name:12} {len(entries):,} entries, {took:.1f} s of processor")
    print(f"  all lists, certain + likely: {good} of {total} right, {good / max(1, total):.3f}")


def _is_asked(proposal: Proposal, band: Band) -> bool:
    return proposal.band is band and proposal.relation is not MatchRelation.WORKS_AT
