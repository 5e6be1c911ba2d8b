"""Lists as other programs, languages and systems write what one was seen to write."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from one_by_one import read_archive, read_list

from followertui.domain.account import AccountRecord
from followertui.domain.lists import ListEntry
from followertui.sources.recognising import recognise

PERSON = {"crm_id": "1001", "first_name": "Lena", "last_name": "Brandt", "emails": ("lena@nordkai.example",),
          "company": "Nordkai Logistik GmbH", "title": "Head of Logistics", "city": "Hamburg",
          "country": "Germany"}  # fmt: skip
ROW = ("1001", "Lena", "Brandt", "lena@nordkai.example", "Nordkai Logistik GmbH", "Head of Logistics",
       "Hamburg", "Germany")  # fmt: skip
OTHER = ("1002", "Omar", "Fitouri", "omar@carthage.example", "Carthage Tech SARL", "Founder", "Tunis", "Tunisia")


class Way(NamedTuple):
    """A file and what must be read of it: the first entry, how many there are, and its code page."""

    file: str
    content: bytes
    first: dict[str, Any]
    count: int
    codec: str = ""


def table(header: tuple[str, ...], *rows: tuple[Any, ...], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([header, *rows])
    return out.getvalue()


HEADERS = {
    "Danish": ("Record-id", "Fornavn", "Efternavn", "E-mail", "Virksomhedsnavn", "Jobtitel", "", "Land/område"),
    "Norwegian":
        ("Post-ID", "Fornavn", "Etternavn", "E-post", "Firmanavn", "Stillingstittel", "Poststed", "Land/region"),
    "Czech":
        ("ID záznamu", "Křestní jméno", "Příjmení", "E-mail", "Název společnosti", "Pracovní pozice", "Město", "Země"),
    "Turkish": ("Kayıt Kimliği", "Ad", "Soyad", "E-posta", "Şirket Adı", "İş Unvanı", "Şehir", "Ülke/Bölge"),
    "Russian":
        ("ID записи", "Имя", "Фамилия", "Электронная почта", "Название компании", "Должность", "Город", "Страна"),
    "Ukrainian": ("ID запису", "Ім'я", "Прізвище", "Електронна пошта", "Назва компанії", "Посада", "Місто", "Країна"),
    "Korean": ("레코드 ID", "이름", "성", "이메일", "회사 이름", "직책", "도시", "국가/지역"),
    "Chinese": ("记录 ID", "名字", "姓氏", "电子邮件", "公司名称", "职位", "城市", "国家/地区"),
    "traditional Chinese": ("記錄 ID", "名字", "姓氏", "電子郵件", "公司名稱", "職稱", "城市", "國家/地區"),
    "Hungarian": ("Rekordazonosító", "Keresztnév", "Vezetéknév", "E-mail", "Cégnév", "Beosztás", "Város", "Ország"),
    "Romanian": ("ID înregistrare", "Prenume", "Nume", "E-mail", "Numele companiei", "Funcție", "Oraș", "Țară"),
    "Greek": ("Αναγνωριστικό", "Όνομα", "Επώνυμο", "Email", "Όνομα εταιρείας", "Θέση εργασίας", "Πόλη", "Χώρα"),
    "Arabic":
        ("معرف السجل", "الاسم الأول", "اسم العائلة", "البريد الإلكتروني", "اسم الشركة", "المسمى الوظيفي",
         "المدينة", "البلد"),
    "Hebrew": ("מזהה", "שם פרטי", "שם משפחה", 'דוא"ל', "שם החברה", "תפקיד", "עיר", "מדינה"),
    "Finnish":
        ("Tietueen tunnus", "Etunimi", "Sukunimi", "Sähköposti", "Yrityksen nimi", "Tehtävänimike", "Kaupunki", "Maa"),
    "Polish": ("Identyfikator", "Imię", "Nazwisko", "Adres e-mail", "Nazwa firmy", "Stanowisko", "Miasto", "Kraj"),
    "German Salesforce":
        ("Kontakt-ID", "Vorname", "Nachname", "E-Mail", "Accountname", "Titel", "Ort (Postanschrift)", "Land"),
    "French Salesforce":
        ("ID du contact", "Prénom", "Nom de famille", "Adresse e-mail", "Nom du compte", "Titre", "Ville", "Pays"),
}  # fmt: skip
"""Headers of contacts, in the order of ``ROW``; "" where a language's word says too little."""


def languages() -> Iterator[tuple[str, Way]]:
    """Contacts with the headers a CRM gives them in other languages."""
    for name, header in HEADERS.items():
        first = {key: value for (key, value), word in zip(PERSON.items(), header, strict=True) if word}
        yield f"in {name}", Way("contacts.csv", table(header, ROW, OTHER).encode(), first, 2)


def encodings() -> Iterator[tuple[str, Way]]:
    """23 and 24: code pages of spreadsheets."""
    firms = [(f"日本運輸{n}株式会社", "山田 太郎", "東京都") for n in range(30)]
    first = {"company": "日本運輸0株式会社", "city": "東京都"}
    for name, header, codec in (
        ("23 Shift JIS", ("会社名", "担当者名", "都市"), "shift_jis"),
        ("23 EUC", ("会社名", "氏名", "都市"), "euc_jp"),
        ("23 with a mark", ("会社名", "担当者名", "都市"), "utf-16"),
    ):
        codec_read = {"shift_jis": "cp932"}.get(codec, codec)
        yield name, Way("list.csv", table(header, *firms).encode(codec), first, 30, codec_read)
    cafes = [("Café Müller GmbH", f"Orléans {n}", "Señor Niño") for n in range(50)]
    first = {"company": "Café Müller GmbH", "city": "Orléans 0", "person": "Señor Niño"}
    for name, header, delimiter, codec in (
        ("24 Mac, semicolons", ("Société", "Ville", "Contact"), ";", "mac_roman"),
        ("24 Mac, tabs", ("Firma", "Stadt", "Ansprechpartner"), "\t", "mac_roman"),
        ("24 Mac, old line ends", ("Company", "City", "Contact"), ",", "mac_roman"),
        ("24 Windows", ("Firma", "Stadt", "Ansprechpartner"), ";", "cp1252"),
    ):
        text = table(header, *cafes, delimiter=delimiter)
        text = text.replace("\r\n", "\r") if "old" in name else text
        yield name, Way("list.csv", text.encode(codec), first, 50, codec)


def contacts() -> Iterator[tuple[str, Way]]:
    """26 and 30: contacts with a date of talk, and address books."""
    for name, word in (("26 HubSpot", "Last Contacted"), ("26 Apollo", "Last contacted"),
                       ("26 a date alone", "Last activity date"),
                       ("26 German", "Zuletzt kontaktiert")):  # fmt: skip
        header = ("Record ID", "First Name", "Last Name", "Email", "Company", "Job Title", "City", "Country", word)
        rows = [(*ROW, "2026-09-01"), (*OTHER, "2026-10-01")]
        yield name, Way("contacts.csv", table(header, *rows).encode(), PERSON, 2)
    both = ("lena@nordkai.example", "l.brandt@home.example")
    site = "https://x.com/lena_brandt"
    first = {"company": "Nordkai", "emails": both, "handles": ("lena_brandt",)}
    google = ("Name", "E-mail 1 - Type", "E-mail 1 - Value", "Organization 1 - Name", "Website 1 - Value")
    yield (
        "30 addresses in a cell",
        Way("c.csv", table(google, ("Lena Brandt", "* Work", " ::: ".join(both), "Nordkai", site)).encode(), first, 1),
    )
    newer = (
        "First Name",
        "Last Name",
        "Organization Name",
        "E-mail 1 - Value",
        "E-mail 2 - Value",
        "Website 1 - Value",
    )
    yield "30 of today", Way("c.csv", table(newer, ("Lena", "Brandt", "Nordkai", *both, site)).encode(), first, 1)
    lines = ("Name", "Organization 1 - Name", "E-mail 1 - Value", "Website 1 - Value")
    yield (
        "30 lines in a cell",
        Way("c.csv", table(lines, ("Lena Brandt", "Nordkai", "\n".join(both), site)).encode(), first, 1),
    )


def reports() -> Iterator[tuple[str, Way]]:
    """29 and 32: reports with a footer, and HTML called .xls."""
    head, rows = ("Account ID", "Account Name", "Website"), [
        ("001A000001LeNaA", "Nordkai", "nordkai.example"), ("001A000001LeNaa", "Carthage", "carthage.example"),
        ("001A000001LeNab", "Hana", "hana.example"),
    ]  # fmt: skip
    first = {"crm_id": "001A000001LeNaA", "company": "Nordkai", "domains": ("nordkai.example",)}
    for name, footer in (
        ("29 English", '\n\n"Customers, all"\n"Copyright (c) 2000-2026 salesforce.com, inc."\n"Generated By:  Ann"\n'),
        ("29 German", '\n"Gesamtsumme (3 Datensätze)"\n"Vertrauliche Informationen"\n"Erstellt von: Ann"\n'),
        ("29 a total only", "\nTotal: 3\n"),
    ):  # fmt: skip
        yield name, Way("report.csv", (table(head, *rows) + footer).encode(), first, 3)

    def cells(row: tuple[str, ...], tag: str = "td") -> str:
        return "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in row) + "</tr>"

    body = cells(head, "th") + "".join(map(cells, rows))
    yield "32 a table alone", Way("report.xls", f"<table>{body}</table>".encode(), first, 3)
    start = '<html><head><meta charset="utf-8"><style>td{}</style></head><body><h1>R</h1>'
    page = f"{start}<table>{body}</table></body></html>"
    yield "32 a page", Way("report.xls", page.encode(), first, 3)
    yield "32 in UTF-16", Way("report.xls", page.encode("utf-16"), first, 3)

    def xml(row: tuple[str, ...]) -> str:
        data = "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in row)
        return f"<Row>{data}</Row>"

    sheet = (
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="r"><Table>'
        f"{xml(head)}{''.join(map(xml, rows))}</Table></Worksheet></Workbook>"
    )
    yield "32 XML of Excel 2003", Way("report.xls", sheet.encode(), first, 3)


WAYS = {name: way for some in (languages, encodings, contacts, reports) for name, way in some()}


def test_each_kind_has_three_variations_at_least() -> None:
    kinds = [name.split()[0] for name in WAYS]
    assert {kind: kinds.count(kind) for kind in kinds if kinds.count(kind) < 3} == {}
    assert set(kinds) == {"in", "23", "24", "26", "29", "30", "32"}


@pytest.mark.parametrize("name", WAYS)
def test_a_list_is_read_as_its_program_means_it(tmp_path: Path, name: str) -> None:
    way = WAYS[name]
    path = tmp_path / way.file
    path.write_bytes(way.content)
    seen = recognise(path)
    assert seen.what == "list", seen.columns
    assert seen.readings == ()
    assert seen.table is not None
    assert not way.codec or seen.table.encoding.name == way.codec
    entries = [one for one in read_list(path) if isinstance(one, ListEntry) and not one.is_behind]
    assert len(entries) == way.count
    assert {key: getattr(entries[0], key) for key in way.first} == way.first


@pytest.mark.parametrize("name", ["Nombre", "Имя", "Navn", "이름", "Nume", "Όνομα", "שם", "名字"])
def test_a_bare_name_beside_a_company_is_a_person_s_in_any_language(tmp_path: Path, name: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text(table((name, "Company"), ("Lena Brandt", "Nordkai"), ("Omar Fitouri", "Carthage")))
    entries = [one for one in read_list(path) if isinstance(one, ListEntry)]
    assert [(one.person, one.company) for one in entries] == [("Lena Brandt", "Nordkai"), ("Omar Fitouri", "Carthage")]


ZIPS = {
    "backslashes": ("data\\follower.js", "data\\manifest.js"),
    "a folder with backslashes": ("twitter-2026\\data\\follower.js", "twitter-2026\\data\\manifest.js"),
    "both kinds": ("twitter-2026/data\\follower.js", "twitter-2026/data\\manifest.js"),
    "no folder": ("follower.js", "manifest.js"),
}


@pytest.mark.parametrize("name", ZIPS)
def test_21_an_archive_packed_again_is_read_whatever_parts_its_folders(tmp_path: Path, name: str) -> None:
    path = tmp_path / "twitter.zip"
    followers, manifest = ZIPS[name]
    with zipfile.ZipFile(path, "w") as zipped:
        for inside, text in (
            (
                followers,
                'window.YTD.follower.part0 = [{"follower": {"accountId": "11"}}, {"follower": {"accountId": "12"}}]',
            ),
            (manifest, 'window.__THAR_CONFIG = {"userInfo": {"accountId": "7", "userName": "acme"}}'),
        ):
            # ZipInfo turns the system's own separator into slashes; here the name is kept as it is.
            info = zipfile.ZipInfo("x")
            info.filename = inside
            zipped.writestr(info, text)
    seen = recognise(path)
    assert seen.archive is not None
    assert seen.archive.own_handle == "acme"
    found = [one.x_id for one in read_archive(path, "follower") if isinstance(one, AccountRecord)]
    assert found == [11, 12]
