from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_audience import NOW, columns_of

from followertui.domain.judgement import ROLES, SENIORITIES, AccountType
from followertui.quality.judging import judge
from followertui.quality.lexicon import Lexicon, plain, tokens_of
from followertui.quality.market import MarketWords, learn_market, relevance_of
from followertui.quality.weights import load_weights

NOON = datetime.fromtimestamp(NOW, tz=UTC)


def read(bio: str, name: str = "Dana Ortiz", **more: object) -> tuple[AccountType, str, str]:
    (judged,) = judge(columns_of([{"handle": "dana", "bio": bio, "name": name, **more}]), load_weights(), NOON)
    return judged.type, judged.role, judged.seniority


@pytest.mark.parametrize(
    ("bio", "role", "seniority"),
    [
        ("VP Marketing at Globex", "marketing", "vp"),
        ("Head of Sales @globex. Dad of two.", "sales", "director"),
        ("Co-Founder & CEO, Initech", "founder", "owner"),
        ("Former CFO, now angel investor", "investor", ""),
        ("ex-journalist turned software engineer", "engineering", ""),
        ("Gründerin und Geschäftsführerin bei Globex", "founder", "owner"),
        ("Vertriebsleiter im Maschinenbau", "sales", "director"),
        ("Directrice marketing chez Globex, maman", "marketing", "director"),
        ("Développeur logiciel à Lyon", "engineering", ""),
        ("Periodista y madre", "press", ""),
        ("Gerente de producto en Globex", "product", "manager"),
        ("Engenheira de software", "engineering", ""),
        ("Responsabile marketing presso Globex", "marketing", "manager"),
        ("Avvocato a Milano", "legal", ""),
        ("Inkoper bij Globex", "operations", ""),
        ("株式会社グロベックスの代表取締役社長です", "executive", "chief"),
        ("都内のエンジニア。猫が好き", "engineering", ""),
        ("I like rain", "", ""),
    ],
)
def test_role_and_seniority(bio: str, role: str, seniority: str) -> None:
    found = read(bio)
    assert found[1:] == (role, seniority)
    assert found[1] in ROLES
    assert found[2] in SENIORITIES


@pytest.mark.parametrize(
    ("bio", "name", "type_"),
    [
        ("We help factories run. Our customers are in 40 countries.", "Globex", AccountType.COMPANY),
        ("Lösungen für den Mittelstand. Impressum: globex.example", "Globex", AccountType.COMPANY),
        ("Covering Barry County since 1899", "The Monett Times", AccountType.MEDIA),
        ("Noticias de Lisboa", "Agora", AccountType.MEDIA),
        ("A community of data people, monthly", "Data Porto", AccountType.COMMUNITY),
        ("", "Globex Foundation", AccountType.COMMUNITY),
        ("Automated price alerts every hour", "Prices", AccountType.FEED),
        ("CEO at Globex", "Dana Ortiz", AccountType.PERSON),
        ("I write my own tweets, she/her", "Dana", AccountType.PERSON),
        ("", "Dana", AccountType.UNKNOWN),
    ],
)
def test_account_type(bio: str, name: str, type_: AccountType) -> None:
    assert read(bio, name)[0] is type_


def test_a_business_badge_is_a_company() -> None:
    assert read("Rain or shine", "Globex", verified="business")[0] is AccountType.COMPANY


def test_phrases_accents_and_running_scripts_are_found() -> None:
    lexicon = Lexicon({"work": ["head of sales", "développeur"], "ja": ["営業"]})
    assert [hit[:2] for hit in lexicon.found("Développeur, then HEAD of Sales")] == [
        ("work", "développeur"),
        ("work", "head of sales"),
    ]
    for text, bits in (("developpeur", 1), ("ahead of sales", 0), ("大阪で営業してます", 2), ("", 0)):
        assert lexicon.bits_of(plain(text), tokens_of(plain(text))) == bits


@given(st.text(max_size=120))
def test_the_quick_look_and_the_close_one_agree(text: str) -> None:
    lexicon = Lexicon({"a": ["i", "head of", "ab"], "b": ["公式", "a"]})
    tidy = plain(text)
    close = {hit.category for hit in lexicon.found(text)}
    quick = lexicon.bits_of(tidy, tokens_of(tidy))
    assert close == {name for n, name in enumerate(lexicon.names) if quick >> n & 1}


def test_market_words_count_once_each() -> None:
    market = MarketWords(topics={"supply chain": 30, "logistics": 25}, titles={"buyer": 20}, places={"Lisbon": 15})
    columns = columns_of([{"bio": "Buyer. Supply chain, supply chain!", "location": "Lisbon, PT", "handle": "d"}])
    assert relevance_of(columns, market).tolist() == [30 + 20 + 15]


def test_market_terms_are_counted_over_bios() -> None:
    bios = ["Supply chain at Globex", "Head of supply chain. 2024", "supply chain and logistics", "Logistics, the best"]
    assert learn_market(bios) == [("supply chain", 3), ("logistics", 2)]
    assert learn_market([]) == []


def test_a_paper_run_by_students_is_media_without_a_role() -> None:
    assert read("The student-run newspaper of Globex College", "The Daily Globe") == (AccountType.MEDIA, "", "")


@pytest.mark.parametrize(
    ("bio", "role", "seniority"),
    [
        ("Vice President at Globex", "", "vp"),
        ("Reporter at Globex. Board member of the press club", "press", ""),
        ("We end senior hunger in 40 towns", "", ""),
        ("Grace School, junior kindergarten to 12th grade", "", ""),
        ("Senior China and Japan correspondent", "press", "senior"),
        ("Sr. Dir Customer Care, Globex", "", "director"),
        ("Principal at Initech, formerly Globex", "", "senior"),
        ("Principal @ Hill Elementary", "", ""),
        ("Principal Officer Larry Griffith speaks here", "", ""),
        ("Actor, director, baritone", "creator", ""),
        ("Writer. Director of communications at Globex", "creator", "director"),
        ("Past: investigative reporter; senior correspondent for Globex", "", ""),
        ("Alum: senior advisor @globex, VP @initech", "", ""),
        ("Until recently senior reporter at Globex", "", ""),
        ("Certified spiritual director", "", ""),
        ("Vice President of Sales, Globex", "sales", "vp"),
        ("Senior Vice President, Communications", "marketing", "vp"),
        ("Product Owner at Globex", "product", "manager"),
        ("Chief Information Security Officer at Globex", "engineering", "chief"),
        ("Chief Impact Officer at Globex", "executive", "chief"),
        ("News Director at Globex Radio", "press", "director"),
        ("Account Exec for Globex", "sales", ""),
        ("Eng Manager", "engineering", "manager"),
        ("Technical Lead at Globex", "engineering", "senior"),
        ("devrel at Globex", "engineering", ""),
        ("Follow our CEO @dana for more", "", ""),
        ("Married to a senior engineer", "", ""),
        ("Assistant to the Director", "", "junior"),
        ("Still believe in President Iversen", "", ""),
        ("Written with love by CEO Michael Silva", "", ""),
        ("High school senior. Proud dog owner", "", ""),
        ("Former journalist & columnist", "", ""),
        ("I think that marketing has changed the way we all live now", "", ""),
        ("Marketing | Lisbon", "marketing", ""),
        ("Some marketing people confuse this humble software engineer at Globex", "engineering", ""),
        ("Leiterin Marketing bei Globex", "marketing", "director"),
        ("Pressesprecher der Stadt Kiel", "marketing", ""),
        ("Directeur commercial chez Globex", "sales", "director"),
        ("Gerente de ventas en Globex", "sales", "manager"),
        ("Diretora financeira na Globex", "finance", "director"),
        ("Direttore tecnico presso Globex", "engineering", "director"),
        ("Hoofd marketing bij Globex", "marketing", "director"),
        ("元エンジニア。いまは営業", "sales", ""),
        ("Press @globex | dad of two", "marketing", ""),
        ("Runner. Prensa en Globex", "marketing", ""),
        ("Assessoria de imprensa @globex", "marketing", ""),
        ("Freedom of the press at any cost", "", ""),
        ("Bench press at dawn", "", ""),
        ("Press at 5pm, pasta at 7", "", ""),
        ("La prensa en crisis", "", ""),
        ("Press: hello@globex.example", "", ""),
    ],
)
def test_titles_are_read_longest_first_and_only_the_accounts_own(bio: str, role: str, seniority: str) -> None:
    assert read(bio)[1:] == (role, seniority)


def test_a_title_before_the_accounts_own_name_is_its_own() -> None:
    assert read("Senator Lena Iversen, serving district 4", "Lena Iversen")[1] == "politics"
    assert read("Senator Lena Iversen, serving district 4", "Dana Ortiz")[1] == ""


@pytest.mark.parametrize(
    ("bio", "name", "type_"),
    [
        ("Engineer at the Globex Foundation", "Dana Ortiz", AccountType.PERSON),
        ("Reporter for The Monett Times", "D. Ortiz", AccountType.PERSON),
        ("Official account of the City of Agora police department", "Agora Police", AccountType.COMMUNITY),
        ("Second largest public school district of the county", "Barry Public Schools", AccountType.COMMUNITY),
        ("Your latest news, weather and sports", "BarryTownNews", AccountType.MEDIA),
        ("Agora Rides is a walking advocacy group", "Agora Rides", AccountType.COMMUNITY),
        ("Tweets by our CEO. We make pumps.", "Globex Pumps Inc", AccountType.COMPANY),
        ("quiet storm", "tracy lindqvist", AccountType.PERSON),
    ],
)
def test_the_type_is_what_the_account_is_not_for_whom_it_works(bio: str, name: str, type_: AccountType) -> None:
    assert read(bio, name)[0] is type_
