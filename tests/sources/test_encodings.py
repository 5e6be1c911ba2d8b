"""Lists in the code pages their users have: read back exactly, or asked, never silently different."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from followertui.domain.errors import BadInput
from followertui.sources.account_exports import read_account_batches
from followertui.sources.formats import inspect_table, read_batches
from followertui.sources.lists import read_list_batches
from followertui.sources.text_files import FirstLook, look_at
from followertui.text.encodings import Evidence, codec_called

FIRMS = {
    "German": (
        "Brüder Löwenzahn Gärtnerei,Weißenfelser Türenwerk,Bläser & Höfler Blechbau,"
        "Kürbishof Ährenfeld,Grünspecht Möbel,"
        "Süßwarenfabrik Nößler,Flüssiggas Überland,"
        "Ölmühle Rügen,Kälteanlagen Jüterbog,Schäfchen & Mäuse Spielwaren",
        ["cp1252", "mac_roman", "cp850"],
    ),
    "French": (
        "Boulangerie du Chêne,Épicerie Bélanger,Menuiserie Prévôt,"
        "Les Câbleries de l'Isère,Crémerie Déesse,Hôtel des Alizés,"
        "Forêts et Rivières,Ateliers Gâtinais,Éclairage Lumière Brûlée,Transports Évasion Française",
        ["cp1252", "mac_roman", "iso8859_15"],
    ),
    "Spanish": (
        "Panificadora Ñandú,Cerámicas Alarcón,Bodegas Peñafiel,"
        "Jabones Aragón,Muebles Nuñomoral,Acuñaciones Málaga,"
        "Imprenta Díaz Ordóñez,Óptica Cámara,Señalización Viñedo,Refrigeración Güímar",
        ["cp1252", "mac_roman"],
    ),
    "Polish": (
        "Piekarnia Pod Dębem,Łęg Meble,Żwirownia Błonie,"
        "Stolarnia Jaśmin,Wózki Dziecięce Źródełko,Hurtownia Ćmielów,"
        "Księgarnia Sówka,Młyn nad Strugą,Szkło Krośnieńskie,Usługi Dźwigowe Kołodziej",
        ["cp1250", "iso8859_2", "mac_latin2"],
    ),
    "Czech": (
        "Truhlářství Bělohlávek,Pekárna U Řeky,Zámečnictví Šilhavý,"
        "Květinářství Růženka,Autodíly Žďár,Lékárna Čtyřlístek,"
        "Pivnice Na Růžku,Stavitelství Hřebíček,Elektro Mužík,Sklo Jablonečák",
        ["cp1250", "iso8859_2"],
    ),
    "Turkish": (
        "Güneşli Halı Dokuma,Çınaraltı Lokantası,İpekyolu Kumaş,Şarköy Bağcılık,Işıklar Tuğla,Özgür Yayıncılık,"
        "Gümüşsuyu Kuyumculuk,Değirmen Un Fabrikası,Ağaçlı Mobilya,Köşk Çiçekçilik",
        ["cp1254", "mac_turkish"],
    ),
    "Cyrillic": (
        "Булочная на Садовой,Мебельная фабрика Берёзка,Строймонтаж Поволжье,"
        "Кондитерская Ласточка,Автосервис Гараж,"
        "Типография Печатник,Аптека Ромашка,Рыбный двор Балтика,Швейная мастерская Игла,Оконный завод Стекло",
        ["cp1251", "koi8_r", "cp866", "mac_cyrillic", "iso8859_5"],
    ),
    "Greek": (
        "Αρτοποιείο Η Γωνιά,Επιπλοποιία Δρυς,Κτήμα Ελαιώνας,"
        "Ναυπηγείο Γλάρος,Ζαχαροπλαστείο Μέλι,Βιβλιοπωλείο Σελίδα,"
        "Υφαντουργία Κλωστή,Φαρμακείο Υγεία,Οινοποιείο Αμπέλι,Ξυλουργείο Πεύκο",
        ["cp1253", "iso8859_7", "mac_greek"],
    ),
    "Hebrew": (
        "מאפיית הכיכר,נגריית האלון,דפוס השרון,מוסך הצפון,פרחי הגליל,"
        "אופטיקה מבט,יקב ההר,מכון הבניין,ספרי הנמל,חשמל האור",
        ["cp1255"],
    ),
    "Arabic": (
        "مخبز الزاوية,نجارة السنديان,مطبعة الشمال,ورشة الجسر,أزهار الوادي,"
        "بصريات النظر,مزارع الجبل,مكتبة الميناء,كهرباء النور,"
        "صيدلية الشفاء",
        ["cp1256"],
    ),
    "Thai": (
        "ร้านขนมปังมุมถนน,โรงไม้สักทอง,โรงพิมพ์เหนือ,อู่ซ่อมรถสะพาน,ดอกไม้หุบเขา,แว่นตาใส,ไร่องุ่นภูเขา,ร้านหนังสือท่าเรือ,"
        "ไฟฟ้าแสงสว่าง,ร้านยาสุขภาพ",
        ["cp874"],
    ),
    "Japanese": (
        "角のパン屋,檜木工房株式会社,北の印刷所,橋本自動車整備,谷間の花店,"
        "眼鏡のひとみ,山のぶどう園,港の書店,あかり電器,やすらぎ薬局",
        ["cp932", "euc_jp"],
    ),
    "Simplified Chinese": (
        "街角面包店,红松家具有限公司,北方印刷厂,桥头汽车修理,山谷花店,"
        "明亮眼镜,高山葡萄园,港口书店,光明电器,安康药房",
        ["gb18030", "gbk"],
    ),
    "Traditional Chinese": (
        "街角麵包店,紅檜傢俱有限公司,北方印刷廠,橋頭汽車修理,山谷花店,"
        "明亮眼鏡行,高山葡萄園,港口書店,光明電器,安康藥局",
        ["cp950", "big5"],
    ),
    "Korean": (
        "모퉁이 빵집,소나무 가구,북쪽 인쇄소,다리 자동차 정비,골짜기 꽃집,"
        "맑은 안경원,산속 포도원,항구 서점,밝은 조명,편안한 약국",
        ["cp949", "euc_kr"],
    ),
}  # fmt: skip
"""Made-up firms by who wrote them, and the code pages these people's programs write."""

PAGES = [(who, page) for who, (_, pages) in FIRMS.items() for page in pages]


def rows_of(who: str, count: int, seed: int = 0) -> list[str]:
    """Rows of a list, most of them with a name of those people, some in plain ASCII."""
    names = FIRMS[who][0].split(",")
    chosen = random.Random(f"{who} {seed}")
    first = chosen.sample(names, min(count, len(names)))
    more = [f"{chosen.choice(names)} {number}" for number in range(count - len(first))]
    rows = [f"{name};firm{number}.example" for number, name in enumerate([*first, *more])]
    return [row if number % 4 else f"Plain Goods {number};plain{number}.example" for number, row in enumerate(rows)]


def written(path: Path, rows: list[str], page: str) -> Path:
    path.write_bytes("\r\n".join(["Company;Website", *rows, ""]).encode(page))
    return path


def cells(first: FirstLook) -> list[str]:
    return [";".join(row) for batch in read_batches(inspect_table(first)) for row in batch.rows]


@pytest.mark.parametrize(("who", "page"), PAGES)
def test_fifty_rows_are_read_back_exactly_without_a_question(who: str, page: str, tmp_path: Path) -> None:
    rows = rows_of(who, 50)
    first = look_at(written(tmp_path / "firms.csv", rows, page))
    assert not first.readings
    assert cells(first) == rows


@pytest.mark.parametrize("count", [1, 2, 3, 6, 12])
@pytest.mark.parametrize(("who", "page"), PAGES)
def test_few_rows_are_read_back_exactly_or_asked(who: str, page: str, count: int, tmp_path: Path) -> None:
    for seed in range(4):
        rows = rows_of(who, count + 1, seed)
        first = look_at(written(tmp_path / "firms.csv", rows, page))
        assert first.readings or cells(first) == rows
        assert len(first.readings) in (0, 3)


@pytest.mark.parametrize(("who", "page"), PAGES)
def test_a_word_among_a_thousand_plain_rows_is_read_exactly_or_asked(who: str, page: str, tmp_path: Path) -> None:
    rows = [f"Plain Goods {number};plain{number}.example" for number in range(1000)]
    rows[900] = rows_of(who, 2)[1]
    first = look_at(written(tmp_path / "firms.csv", rows, page))
    assert first.readings or cells(first) == rows


@pytest.mark.parametrize(("who", "page"), PAGES)
def test_what_a_person_says_is_what_is_read(who: str, page: str, tmp_path: Path) -> None:
    rows = rows_of(who, 3)
    first = look_at(written(tmp_path / "firms.csv", rows, page), page)
    assert not first.readings
    assert cells(first) == rows


@pytest.mark.parametrize("page", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("who", FIRMS)
def test_unicode_is_never_asked(who: str, page: str, tmp_path: Path) -> None:
    rows = rows_of(who, 6)
    first = look_at(written(tmp_path / "firms.csv", rows, page))
    assert not first.readings
    assert cells(first) == rows


@pytest.mark.parametrize("page", ["mac_roman", "cp1252", "cp932", "utf-8"])
def test_lines_that_end_in_a_lone_carriage_return(page: str, tmp_path: Path) -> None:
    rows = rows_of("Japanese" if page == "cp932" else "German", 12)
    path = tmp_path / "firms.csv"
    path.write_bytes("\r".join(["Company;Website", *rows, ""]).encode(page))
    first = look_at(path)
    assert not first.readings
    assert cells(first) == rows


def test_japanese_of_seven_bits_is_no_ascii(tmp_path: Path) -> None:
    rows = rows_of("Japanese", 3)
    assert cells(look_at(written(tmp_path / "firms.csv", rows, "iso2022_jp"))) == rows


def test_stray_zero_bytes_make_no_utf_16(tmp_path: Path) -> None:
    path = tmp_path / "firms.csv"
    path.write_bytes(
        b"Company,Website\r\nAc\0me,acme.example\r\nGlo\0bex,globex.example\r\nIn\0itech,initech.example\r\n"
    )
    assert cells(look_at(path)) == ["Acme;acme.example", "Globex;globex.example", "Initech;initech.example"]


def test_a_letter_that_comes_late_in_a_long_file_counts(tmp_path: Path) -> None:
    early = [f"Müllerei {number};firm{number}.example" for number in range(70_000)]
    rows = [*early, *rows_of("Polish", 50)]
    first = look_at(written(tmp_path / "firms.csv", rows, "cp1250"))
    assert first.size > 2 << 20
    assert first.readings or cells(first) == rows


def test_utf_8_with_one_line_of_another_page_stays_utf_8_and_is_told(tmp_path: Path) -> None:
    rows = rows_of("German", 20)
    path = written(tmp_path / "firms.csv", rows, "utf-8")
    path.write_bytes(path.read_bytes() + "Brüder Grün;g.example\r\n".encode("cp1252"))
    first = look_at(path)
    assert cells(first)[:20] == rows
    assert [problem.reason for problem in inspect_table(first).problems] == [
        "some bytes are not UTF-8; they show as \ufffd"
    ]


def test_a_letter_cut_in_two_is_told(tmp_path: Path) -> None:
    rows = rows_of("Japanese", 50)
    path = written(tmp_path / "firms.csv", rows, "cp932")
    path.write_bytes(path.read_bytes() + "港".encode("cp932")[:1] + b";cut.example\r\n")
    first = look_at(path)
    assert first.encoding.name == "cp932"
    assert cells(first)[:50] == rows
    assert ["Japanese, Shift JIS" in problem.reason for problem in inspect_table(first).problems] == [True]


def test_a_question_shows_what_differs(tmp_path: Path) -> None:
    path = tmp_path / "firms.csv"
    path.write_bytes("Company;City\r\nPlain;Köln\r\n".encode("mac_roman"))
    first = look_at(path)
    assert "Köln" in [cell for reading in first.readings for cell in reading.sample]
    assert len({reading.sample for reading in first.readings}) == 3


@pytest.mark.parametrize(
    ("said", "codec"),
    [("windows-1250", "cp1250"), ("Shift_JIS", "cp932"), ("macintosh", "mac_roman"), ("UTF-16LE", "utf-16-le"),
     ("iso-8859-2", "iso8859_2"), ("Big5", "cp950"), ("gbk", "gb18030"), ("euc-kr", "cp949")],
)  # fmt: skip
def test_an_encoding_has_many_names(said: str, codec: str) -> None:
    assert codec_called(said) == codec


@pytest.mark.parametrize("said", ["rot13", "base64", "undefined", "idna", "klingon", "", "\0"])
def test_what_is_no_encoding_of_text_is_refused(said: str, tmp_path: Path) -> None:
    path = written(tmp_path / "firms.csv", ["Acme;acme.example"], "utf-8")
    with pytest.raises(BadInput, match="no encoding is called that"):
        look_at(path, said)


def test_spreadsheet_errors_in_any_language_are_no_values(tmp_path: Path) -> None:
    path = tmp_path / "followers.csv"
    errors = [
        "#REF!",
        "#NAME?",
        "#N/A",
        "#NV",
        "#BEZUG!",
        "#NOM?",
        "#¡REF!",
        "#N/D",
        "#ССЫЛКА!",
        "#Н/Д",
        "#YOK",
        "Err:502",
    ]
    lines = [f"{1000 + at},person_{at},{error},{error},{error}" for at, error in enumerate(errors)]
    path.write_text(
        "id,screen_name,name,bio,followers_count\n" + "\n".join(lines) + "\n1999,last,#winning!,#1 team,5\n"
    )
    records = [record for batch in read_account_batches(inspect_table(look_at(path))) for record in batch.records]
    assert len(records) == 13
    assert {(record.name, record.bio, record.followers) for record in records[:-1]} == {(None, None, None)}
    assert (records[-1].name, records[-1].bio, records[-1].followers) == ("#winning!", "#1 team", 5)


def test_spreadsheet_errors_name_no_company(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Company,Website\nAcme,acme.example\n#NAME?,globex.example\n#VALEUR!,#N/D\n")
    batches = list(read_list_batches(inspect_table(look_at(path))))
    assert [(entry.company, entry.domains) for batch in batches for entry in batch.entries] == [
        ("Acme", ("acme.example",)),
        ("", ("globex.example",)),
    ]


def test_words_that_all_code_pages_read_the_same_are_certain() -> None:
    """Found by the fuzzer: there was no second reading to compare the first with."""
    assert Evidence().guess().is_certain


def test_a_hundred_blank_lines_before_the_table_are_no_error(tmp_path: Path) -> None:
    """Found by the fuzzer: there was no row to count the cells of."""
    path = tmp_path / "blank.csv"
    path.write_text("\n" * 120 + "id,username\n5,abc\n")
    first = look_at(path)
    assert (first.encoding.name, first.readings) == ("utf-8", ())
