"""Companies of the demo: well-known ones from fiction, and invented names.

Owns the company pools. None of them is a real company, every domain ends in ``.example``.
Imported by ``demo.audience`` only.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from followertui.demo.words_people import slug

CLASSICS: tuple[str, ...] = (
    "Globex", "Initech", "Umbrella", "Hooli", "Soylent", "Tyrell", "Cyberdyne", "Massive Dynamic",
    "Vandelay Industries",
    "Pied Piper", "Bluth Homes", "Oceanic Airways", "Sirius Cybernetics", "Black Mesa", "Weyland-Yutani",
    "Nakatomi Trading",
    "Virtucon", "Prestige Worldwide", "Buy n Large", "Rekall", "Spacely Sprockets", "Cogswell Cogs", "MomCorp",
    "Planet Express", "Wernham Hogg", "Veridian Dynamics", "Tessier-Ashpool", "Blue Sun", "Lumon Industries", "Delos",
    "Gekko & Co", "Strickland Propane", "Kwik Freight", "Monarch Solutions", "Ono-Sendai", "Yoyodyne",
    "Zorg Industries",
    "Chotchkie's", "Praxis Haulage", "Vehement Capital",
)  # fmt: skip

_OWN_SCRIPT: tuple[tuple[str, str], ...] = (
    ("株式会社ミナモリ運輸", "minamori"), ("深瀚物流有限公司", "shenhan"), ("한빛가람물류", "hangaram"),
    ("شركة نورام للشحن", "noramcargo"),
    ("ООО «Вектрис Логистик»", "vektris"), ("Αιγιαλός Μεταφορές", "aigialos"), ("Çağdaş Nakliyat A.Ş.",
    "cagdasnakliyat"),
    ("Škvorec & Žďár Špedice", "skvorec"), ("L'Étoile-du-Nord Frêt", "etoilefret"), ("Ørnevang Søfart", "ornevang"),
)  # fmt: skip

_STEMS: tuple[str, ...] = (
    "Brindlewick", "Quorvane", "Zelphin", "Thrennic", "Oddlemar", "Vexley", "Harrowfen", "Pluvion",
    "Tarnquist", "Mirefold", "Corvessa", "Dunwhistle", "Eldermoss", "Fennigan", "Gralloch", "Hexworth", "Ingleby",
    "Jastrow", "Kestrelan", "Lorvik", "Mossingale", "Nymbria", "Ostrander", "Pellicane", "Quillanto", "Rookwend",
    "Saltmere", "Tindervale", "Umbrelle", "Vorstad", "Wexcombe", "Xandrel", "Yarrowby", "Zinnober", "Alderquay",
    "Bexmoor", "Crumholt", "Driftwane", "Emberlow", "Foxglen", "Gryphonel", "Hollowmere", "Isenquist", "Juniperon",
    "Kilnworth", "Larkspire", "Mendlesham", "Netherby", "Orlvane", "Pinnacore", "Quaymont", "Ravensole",
    "Stonewhit", "Trelawick", "Undermill", "Valderoy", "Winterquell", "Yewbarrow", "Zephyrine",
)  # fmt: skip

_SECTORS: tuple[str, ...] = (
    "Logistics", "Freight", "Haulage", "Cargo Systems", "Software", "Warehousing", "Supply", "Forwarding",
    "Parcel", "Robotics", "Cold Chain", "Shipping", "Rail", "Air Cargo", "Customs", "Pallets", "Packaging",
    "Fleet", "Routing", "Dispatch", "Labs", "Group", "Foods", "Pharma", "Textiles", "Motors", "Energy",
    "Materials", "Retail", "Furniture", "Chemicals", "Trading", "Cloud", "Payments", "Telematics", "Maps",
    "Drones", "Containers", "Ports", "Outdoor",
)  # fmt: skip

COMPETITORS: tuple[str, ...] = (
    "Loglumetrics", "Cargolensa", "Funnelyard", "Trackorbit Insights", "Palletiq Metrics", "Shipsonde", "Eventquarry",
    "Metricarn",
)  # fmt: skip

MARKET: tuple[str, ...] = (
    "logistics", "freight", "supply chain", "warehouse", "shipping", "fleet", "product analytics",
)  # fmt: skip
"""Words of the market they are in."""

VENDORS: tuple[str, ...] = (
    "Paperwhale Hosting", "Inkmoth Design", "Tallyfern Payroll", "Boltgrove Cloud", "Quietdesk Support",
    "Nimbuskettle",
    "Formwren Surveys", "Mailtern Delivery", "Adventurine Ads", "Recruitle Talent", "Clauseworth Legal", "Snackroute",
)  # fmt: skip

NEWSROOMS: tuple[str, ...] = (
    "The Harbour Ledger", "Freight Morning", "Supply Lantern", "Pallet & Quay", "The Dock Examiner", "Laststop Weekly",
    "Container Courier", "Codewharf", "The Product Gazetteer", "Analytics Almanac",
)  # fmt: skip

_PLACES: tuple[tuple[str, str], ...] = (
    ("Lisbon", "Portugal"), ("Munich", "Germany"), ("Rotterdam", "Netherlands"), ("Leeds", "United Kingdom"),
    ("Austin", "United States"), ("Lyon", "France"), ("Gdańsk", "Poland"), ("São Paulo", "Brazil"), ("Osaka", "Japan"),
    ("Pune", "India"), ("Nairobi", "Kenya"), ("Malmö", "Sweden"), ("Toronto", "Canada"), ("Seoul", "South Korea"),
    ("Izmir", "Türkiye"), ("Athens", "Greece"), ("Dubai", "United Arab Emirates"), ("Melbourne", "Australia"),
)  # fmt: skip

LEGAL_FORMS: dict[str, tuple[str, ...]] = {
    "Germany": ("GmbH", "AG", "GmbH & Co. KG"),
    "United Kingdom": ("Ltd", "Limited", "PLC"),
    "United States": ("Inc.", "LLC", "Corp."),
    "France": ("S.A.S.", "SARL"),
    "Poland": ("Sp. z o.o.",),
    "Netherlands": ("B.V.",),
    "Sweden": ("AB",),
    "Brazil": ("Ltda.",),
    "Portugal": ("Lda",),
    "Japan": ("K.K.",),
    "India": ("Pvt. Ltd.",),
    "Australia": ("Pty Ltd",),
    "Türkiye": ("A.Ş.",),
    "Greece": ("A.E.",),
}


class Company(NamedTuple):
    """A made-up company.

    Attributes:
        name: as it calls itself, without legal form.
        slug: lower-case letters, at most 13, its handle and the start of its domain.
        domain: its site's host.
        city, country: where it sits.
    """

    name: str
    slug: str
    domain: str
    city: str
    country: str


@cache
def companies() -> tuple[Company, ...]:
    """Every company that may be a customer, prospect or partner; those of fiction first."""
    named = [(name, slug(name)) for name in CLASSICS]
    named += _OWN_SCRIPT
    for turn in range(len(_SECTORS)):
        for i, stem in enumerate(_STEMS):
            sector = _SECTORS[(turn + i) % len(_SECTORS)]
            named.append((f"{stem} {sector}", slug(stem + sector)))
    return tuple(_distinct(named))


def company(name: str) -> Company:
    """A company outside the pool: vendors, competitors, newsrooms, ourselves."""
    return _placed(name, slug(name)[:13], len(name))


def _distinct(named: list[tuple[str, str]]) -> list[Company]:
    made: list[Company] = []
    taken: set[str] = set()
    for name, letters in named:
        short = letters[:13]
        if short in taken:
            short = letters[:8] + letters[-5:]
        if short not in taken:
            taken.add(short)
            made.append(_placed(name, short, len(made)))
    return made


def _placed(name: str, letters: str, number: int) -> Company:
    city, country = _PLACES[number % len(_PLACES)]
    return Company(name, letters, f"{letters}.example", city, country)
