"""People of the demo: given and family names of many countries and scripts.

Owns the name pools and nothing else. A name is ``latin`` or ``latin=own script``; the Latin
form also makes the handle. Imported by ``demo.audience`` only.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import NamedTuple

_LETTERS = str.maketrans({"ø": "o", "ł": "l", "ß": "ss", "æ": "ae", "đ": "d", "ı": "i", "þ": "th", "å": "a"})

CULTURES: tuple[tuple[str, str, bool], ...] = (
    # given names; family names; whether the family name comes first in the own script
    ("Dana Alice Grace Henry Owen Ruby Miles Tessa Colin Wendy Frank Nora Hugo Clara Ralph Edith",
     "Ortiz Barlow Finch Hale Pratt Quill Marsh Thorne Wicks Penrose Ashby Lowell Croft Dunn Vance Sayer", False),
    ("Jörg Käthe Anja Lutz Heike Uwe Birgit Sönke Gräta Ralf Ilse Detlef Antje Bodo",
     "Müller Weiß Krüger Schäfer Vogt Jäger Böhm Lindt Kranz Görtz Hübner Stolz Brandt Ziegler", False),
    ("Élodie Rémi Chloé Benoît Agnès Thierry Zoé Gaël Maëlle Cédric Solène Yves",
     "Dubois Lefèvre Garnier Moreau Perrin Chénier Blanchet Roche Besson Faure Noël Vidal", False),
    ("Íñigo Begoña Andrés Lucía Raúl Inés Óscar Pilar Nicolás Martín Sofía Elena",
     "Núñez Ibáñez Peña Gálvez Ríos Salas Muñoz Vega Cano Luna Serra Prieto", False),
    ("João Inês Thaís Caio Luísa Otávio Célia Rui Marta Vasco Lara Davi",
     "Gonçalves Araújo Brandão Leitão Nunes Prado Moura Teles Cunha Rocha Pires Matos", False),
    ("Łukasz Zofia Paweł Kinga Wojtek Agata Marek Ewa Tomasz Hania",
     "Wójcik Żak Nowak Lis Gajda Sowa Dębski Krawiec Pająk Bielak", False),
    ("Søren Åse Bjørn Freja Lars Signe Mads Tuva Øyvind Linnéa",
     "Ødegård Hansen Lykke Berg Ström Holm Dahl Lund Åkesson Nygård", False),
    ("Özge Emre İpek Kaan Derya Çağla Tolga Selin Mert Ayşe",
     "Yıldız Öztürk Çelik Demir Aksoy Güneş Kaya Şahin Arslan Tekin",
     False),
    ("Aarav Ishita Rohan Meera Kavya Arjun Nisha Vikram Priya Sanjay Anika Dev",
     "Rao Iyer Menon Bhatt Kulkarni Sethi Nair Joshi Mehra Banerji Das Pillai", False),
    ("kenji=健二 yuki=由紀 hiro=浩 aiko=愛子 taro=太郎 mika=美香 sota=颯太 rin=凛",
     "tanaka=田中 sato=佐藤 mori=森 ueda=上田 ogawa=小川 kimura=木村 hara=原 minami=南", True),
    ("wei=伟 lan=兰 jun=军 mei=美 hao=浩 xin=欣 ming=明 yan=燕",
     "zhang=张 liu=刘 chen=陈 zhao=赵 sun=孙 gao=高 lin=林 tang=唐", True),
    ("minjun=민준 seoyeon=서연 jiho=지호 hana=하나 dohyun=도현 yuna=유나",
     "kim=김 lee=이 park=박 choi=최 jung=정 kang=강", True),
    ("omar=عمر layla=ليلى yusuf=يوسف noor=نور khalid=خالد salma=سلمى",
     "haddad=حداد nasser=ناصر aziz=عزيز mansour=منصور saleh=صالح farouk=فاروق", False),
    ("noam=נועם tamar=תמר eitan=איתן yael=יעל gal=גל", "peretz=פרץ biton=ביטון golan=גולן shalev=שלו baruch=ברוך",
     False),
    ("olga=Ольга pavel=Павел irina=Ирина maxim=Максим daria=Дарья oleg=Олег",
     "orlov=Орлов belova=Белова gromov=Громов titov=Титов lebedev=Лебедев", False),
    ("nikos=Νίκος eleni=Ελένη petros=Πέτρος zoi=Ζωή", "pappas=Παππάς ioannou=Ιωάννου vlachos=Βλάχος kostas=Κώστας",
     False),
    ("somchai=สมชาย malee=มาลี niran=นิรันดร์ ploy=พลอย", "srisuk=ศรีสุข boonmee=บุญมี chaiya=ไชยา", False),
    ("Minh Linh Tuấn Hương Đức Thảo Quân", "Nguyễn Trần Phạm Đặng Võ Bùi", True),
    ("Amara Kofi Zuri Chidi Thandi Sipho Abena Tunde", "Okafor Mensah Dlamini Mwangi Adeyemi Banda Nkosi Diallo",
     False),
)  # fmt: skip


class Person(NamedTuple):
    """A made-up name.

    Attributes:
        first, last: as a list would hold them, Latin script.
        shown: as the person writes it, own script where there is one.
        slug_first, slug_last: lower-case letters a-z, for handles.
    """

    first: str
    last: str
    shown: str
    slug_first: str
    slug_last: str


def slug(text: str) -> str:
    """A text reduced to lower-case a-z and digits, without diacritics."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    return "".join(c for c in plain if c.isascii() and c.isalnum())


@cache
def people() -> tuple[Person, ...]:
    """Every given name with every family name of its culture, cultures in turn."""
    made: list[list[Person]] = []
    for firsts, lasts, is_family_first in CULTURES:
        pairs = [(_name(f), _name(s)) for f in firsts.split() for s in lasts.split()]
        made.append([_person(first, last, is_family_first) for first, last in pairs])
    longest = max(len(group) for group in made)
    return tuple(group[i] for i in range(longest) for group in made if i < len(group))


def _name(text: str) -> tuple[str, str]:
    latin, _, own = text.partition("=")
    return (latin.title() if own else latin), own


def _person(first: tuple[str, str], last: tuple[str, str], is_family_first: bool) -> Person:
    if first[1]:
        shown = last[1] + first[1] if is_family_first else f"{first[1]} {last[1]}"
    else:
        shown = f"{last[0]} {first[0]}" if is_family_first else f"{first[0]} {last[0]}"
    return Person(first[0], last[0], shown, slug(first[0]), slug(last[0]))
