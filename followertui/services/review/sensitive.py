"""What no rule may sort people by: X's developer policy forbids to derive or store it of its users.

Owns the words that give such a rule away, in the languages most names are written in. It refuses
only what is plain; who writes it in other words is bound by the policy all the same.

Source: X Developer Policy, "Sensitive information": health (pregnancy included), negative financial
status, political affiliation, racial or ethnic origin, religion, sex life and orientation, trade
union membership, alleged or actual crime.
"""

from __future__ import annotations

from followertui.domain.errors import BadInput
from followertui.text.folding import words

_SUBJECTS: dict[str, tuple[str, ...]] = {
    "health": (
        "health", "gesundheit", "salud", "sante", "illness*",
        "sick", "sickness", "disease*", "cancer*", "diabet*", "hiv", "aids", "pregnan*",
        "depress*", "anxiety", "autis*", "adhd", "bipolar", "schizo*", "disab*", "addict*", "alcoholic*",
        "krank", "kranke", "krankheit*", "schwanger*", "behinder*", "malad*", "enceinte", "enferm*", "embaraz*",
        "doenc*", "gravida",
    ),
    "money trouble": (
        "debt", "debts", "indebted", "bankrupt*", "insolven*", "broke", "poor", "poverty", "unemploy*", "jobless",
        "payday", "evict*", "foreclos*", "schulden*", "pleite", "arbeitslos*", "armut", "dette*", "chomage", "chomeur*",
        "deuda*", "desemple*", "quiebra", "divida*",
    ),
    "politics": (
        "politic*", "politik*", "politiq*", "democrat*", "republican*", "conservative*", "liberal*", "socialist*",
        "communist*", "leftist*", "leftwing", "rightwing", "maga", "trump*", "biden*", "labour", "tory", "tories",
        "gop", "afd", "cdu", "spd", "antifa", "nationalist*", "voter*", "voted", "votes", "linke", "rechte", "grune*",
    ),
    "ethnicity": (
        "race", "racial", "ethnic*", "black", "blacks", "white", "whites", "asian*", "latino*", "latina*", "hispanic*",
        "arab", "arabs", "african*", "roma", "gypsy", "gypsies", "jewish", "immigrant*", "migrant*", "refugee*",
        "ausland*", "fluchtling*", "etni*",
    ),
    "religion": (
        "religio*", "christian*", "muslim*", "islam*", "jew", "jews", "judais*", "hindu*", "buddhis*", "sikh*",
        "atheis*", "catholic*", "protestant*", "evangelical*", "mormon*", "church*", "mosque*", "synagog*", "kirche*",
        "katholi*", "chretien*", "cristian*", "musulman*",
    ),
    "sex life": (
        "sex", "sexual*", "sexuality", "gay", "gays", "lesbian*", "homosexual*", "bisexual*", "transgender*", "trans",
        "queer*", "lgbt*", "hetero*", "straight", "polyamor*", "fetish*", "schwul*", "lesb*", "lesbienne*",
    ),
    "trade union": (
        "union", "unions", "unionis*", "unioniz*", "teamster*", "gewerkschaft*", "verdi", "syndica*", "sindica*",
    ),
    "crime": (
        "crime*", "criminal*", "convict*", "felon*", "felony", "arrest*", "prison*", "inmate*", "jail*", "offender*",
        "thief", "thieves", "murder*", "kriminell*", "straftat*", "verbrech*", "gefangnis*", "criminel*", "delincuen*",
    ),
}  # fmt: skip
"""Subject -> whole words, and beginnings of words marked with a star."""

_NOT_MEANT = frozenset(
    (
        "health", "gesundheit", "salud", "sante", "labour", "union", "white", "black", "race", "trans", "straight",
        "broke", "linke", "roma", "verdi", "poor",
    )
)  # fmt: skip
"""Words that say it in the name of a tag, and mostly something else in a query ("European Union", "white paper")."""


def subject_of(text: str, is_tag: bool = False) -> str:
    """What forbidden subject a text is about, "" for none.

    Args:
        text: a query, or the name of a tag or view.
        is_tag: whether it is a name, where a word stands for what it says.
    """
    said = words(text)
    for subject, signs in _SUBJECTS.items():
        for sign in signs:
            if not is_tag and sign in _NOT_MEANT:
                continue
            beginning = sign.rstrip("*")
            if any(word.startswith(beginning) if sign.endswith("*") else word == beginning for word in said):
                return subject
    return ""


def refuse(tag: str, query: str) -> None:
    """Refuse a rule that would sort people by what X forbids.

    Args:
        tag: what it would tag people with.
        query: whom.

    Raises:
        BadInput: it would; the line names X's rule.
    """
    subject = subject_of(tag, is_tag=True) or subject_of(query)
    if subject:
        raise BadInput(
            f"a rule may not tag people by {subject}: X's developer policy (Sensitive information) forbids to derive "
            "or store it; tag people by what they do for you instead. Nothing was changed"
        )
