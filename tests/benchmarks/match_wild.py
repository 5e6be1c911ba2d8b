"""What certain and likely are worth among strangers: real profiles, hardly one of which is on any list.

The proposals were read by hand; ``wild_labels.json`` keeps what was found, by a hash of account
and company. Pairs nobody read are counted apart. Sets that were read while rules and weights were
chosen are summed apart from those that were read afterwards.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from pathlib import Path

from match_audiences import audience
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
    "tech": ("match-benchmark/lists/companies_tech.csv", "company", "website", "", ""),
    "variants": ("company-name-variants/name_variants.csv", "name", "", "", ""),
    "linkedin": ("linkedin-connections/connections.csv", "Company", "", "", ""),
}
"""Name -> file and its columns of name, site, city and state. Columns about X are not read."""


TUNED = [("wild", name) for name in ("landscape", "sec-tickers", "fortune1000", "sp500", "newspapers", "gleif")]
OTHERS = [
    *(("wild", name) for name in ("tech", "variants", "linkedin")),
    *(("okeneo", name) for name in ("landscape", "fortune1000", "tech", "newspapers")),
    *(("nyu", name) for name in ("landscape", "sec-tickers", "fortune1000")),
]
"""Audience and list of every set, read while rules were chosen, and afterwards."""


def entries_of(name: str) -> list[ListEntry]:
    """The companies of a list, each name once."""
    path, company, site, city, region = _LISTS[name]
    rows = {row[company]: row for row in rows_of(DATA / path) if row[company]}
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
    """Pairs, right ones and unread ones per audience and list, certain and likely, is and brand_of."""
    if not (DATA / "wild-audience").exists():
        print("wild: ../shared/data/wild-audience is absent, skipped")
        return
    print("\namong strangers; pairs read by hand, is and brand_of")
    for title, sets in (("read while rules were chosen", TUNED), ("read afterwards", OTHERS)):
        total: Counter[tuple[Band, str]] = Counter()
        print(f" {title}")
        for who, name in sets:
            total += measured(who, name)
        both = Counter[str]()
        for band in (Band.CERTAIN, Band.LIKELY):
            both.update({what: total[band, what] for what in ("right", "read")})
            right, read = total[band, "right"], total[band, "read"]
            print(f"  all of these, {band}: {right} of {read} right, {right / max(1, read):.3f}")
        print(
            f"  all of these, together: {both['right']} of {both['read']}, {both['right'] / max(1, both['read']):.3f}"
        )


def measured(who: str, name: str) -> Counter[tuple[Band, str]]:
    """Print and count the pairs of one audience and list.

    Args:
        who: the audience.
        name: the list.

    Returns:
        Pairs "found", "read" and "right" by band.
    """
    accounts = audience(who)
    columns = columns_of(accounts)
    entries = entries_of(name)
    labels = json.loads(LABELS.read_text(encoding="utf-8")).get(name if who == "wild" else f"{who} {name}", {})
    began = time.process_time()
    found = Matcher(entries, audience=audience_of(entries, columns)).propose(columns)
    took = time.process_time() - began
    companies = {entry.id: entry.bare_company or entry.company for entry in entries}
    counts: Counter[tuple[Band, str]] = Counter()
    for band in (Band.CERTAIN, Band.LIKELY):
        keys = {key_of(accounts[p.row]["id"], companies[p.entry_id]) for p in found if _is_asked(p, band)}
        read = [labels[key] for key in keys if key in labels]
        counts += Counter({(band, "found"): len(keys), (band, "read"): len(read), (band, "right"): sum(read)})
        share = f"{sum(read) / len(read):.3f}" if read else "  -  "
        print(f"  {who:9} x {name:12} {band:8} pairs {len(keys):3}  right {share}  not read {len(keys) - len(read)}")
    print(f"  {who:9} x {name:12} {len(accounts):,} accounts, {len(entries):,} entries, {took:.1f} s of processor")
    return counts


def _is_asked(proposal: Proposal, band: Band) -> bool:
    return proposal.band is band and proposal.relation is not MatchRelation.WORKS_AT
