"""Makes inputs by number: files, queries and command lines, cut and mended out of a small corpus."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from followertui.domain.fields import FIELDS, FLAGS

CORPUS = Path(__file__).parent / "corpus"
SEEDS = {path.name: path.read_bytes() for path in sorted(CORPUS.iterdir()) if path.suffix not in (".md",)}
QUERIES = SEEDS.pop("queries.txt").decode().splitlines()
LINES = SEEDS.pop("arguments.txt").decode().splitlines()

NASTY = (
    '"', "'", "\x1b]52;c;aGk=\x07", "\x1b[2J", "\x9b31m", "\u202e", "\u2066", "\u200b", "\ud800", "\udce9",
    "\U000e0041", "\r", "\n", "\t", "\x0b", "\x85", "\u2028", "\x7f", "=cmd|' /C calc'!A0", "-1", "+1", "@", "1e400",
    "-1e400", "nan", "inf", "9" * 25, str(2**63), str(2**64), "0", "-0", "1e18", "true", "null", "{}", "[]", "[" * 50,
    "(" * 60, ")", "..", "a..b", ":", "::", "is:", "OR", "NOT", "--", "--json", "-", "%s", "%00", "../../etc/passwd",
    "file:x.db", "~", "[@click=app.quit]x[/]", "<script>", "9999-99-99", "0000-00-00", "2026-13-45T99:99:99Z",
    "x" * 3000, "ß", "e\u0301" * 9,
)  # fmt: skip
"""Words that broke something somewhere."""

_SHEET = "xl/worksheets/s0.xml"


class Input(NamedTuple):
    """One input: the arguments of a command line, in which ``FILE`` stands for a file of this content."""

    kind: str
    arguments: tuple[str, ...]
    content: bytes = b""
    ending: str = ""


def made(rng: random.Random, workbook: bytes) -> Input:
    """One input.

    Args:
        rng: decides everything.
        workbook: a good workbook, to be mutated from the inside.
    """
    kind = rng.choices(("query", "file", "arguments", "workbook"), (55, 35, 9.7, 0.3))[0]
    if kind == "query":
        return Input(kind, ("accounts", query(rng), "--count"))
    if kind == "arguments":
        name, content = _file(rng)
        return Input(kind, command_line(rng), content, Path(name).suffix)
    if kind == "workbook":
        return Input(kind, ("import", "FILE", "--dry-run"), _inside(rng, workbook, _SHEET), ".xlsx")
    name, content = _file(rng)
    if name.endswith(".js") and rng.random() < 0.7:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr(f"data/{name}", content)
        return Input(kind, ("import", "FILE", "--dry-run"), packed.getvalue(), ".zip")
    return Input(kind, ("import", "FILE", "--dry-run"), content, Path(name).suffix)


def query(rng: random.Random) -> str:
    """A query: terms side by side, some of them nonsense."""
    if rng.random() < 0.3:
        return _cut(rng, rng.choice(QUERIES))
    terms = []
    for _ in range(rng.randint(1, 5)):
        field = rng.choice((*FIELDS, "sort", "is", "has"))
        value = rng.choice(
            (rng.choice(list(FLAGS)), str(rng.randint(-5, 10**6)), rng.choice(NASTY), "1k..", "..90d", "7d")
        )
        terms.append(rng.choice(("", "-", "NOT ", "(", "OR ")) + f"{field}{rng.choice((':', ':>', ':..', ' '))}{value}")
    return " ".join(terms)


def command_line(rng: random.Random) -> tuple[str, ...]:
    """A command line with its places filled in."""
    fillings: dict[str, Callable[[], str]] = {
        "query": lambda: query(rng),
        "number": lambda: rng.choice((str(rng.randint(-3, 5)), str(2 ** rng.randint(0, 80)), rng.choice(NASTY))),
        "word": lambda: rng.choice((rng.choice(NASTY), _cut(rng, "Globex customers out"), "partner", "keep", "hand")),
        "account": lambda: rng.choice(("@globex", "1002", "initech_hq", rng.choice(NASTY))),
        "decision": lambda: rng.choice(("keep", "out", "later", "none", "engage", "follow", rng.choice(NASTY))),
        "file": lambda: "FILE",
        "path": lambda: f"OUT{rng.randint(0, 10**9)}",
    }
    parts = []
    for part in rng.choice(LINES).split():
        for name, fill in fillings.items():
            while f"{{{name}}}" in part:
                part = part.replace(f"{{{name}}}", fill(), 1)
        parts.append(part)
    if rng.random() < 0.2:
        parts.insert(rng.randint(0, len(parts)), rng.choice(NASTY))
    # What no process can be given is no input: zero bytes, surrogates that stand for no byte.
    return tuple(part.replace("\0", "").replace("\ud800", "") for part in parts)


def _file(rng: random.Random) -> tuple[str, bytes]:
    name = rng.choice(list(SEEDS))
    return name, _mutated(rng, SEEDS[name])


def _inside(rng: random.Random, whole: bytes, favourite: str) -> bytes:
    """A zip with one part mutated."""
    with zipfile.ZipFile(io.BytesIO(whole)) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    name = favourite if rng.random() < 0.7 else rng.choice(list(parts))
    parts[name] = _mutated(rng, parts[name])
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        for part, text in parts.items():
            book.writestr(part, text)
    return packed.getvalue()


def _mutated(rng: random.Random, content: bytes) -> bytes:
    """Bytes with a few places changed."""
    for _ in range(rng.randint(1, 5)):
        at = rng.randint(0, len(content))
        end = min(len(content), at + rng.randint(0, 40))
        what = rng.randrange(8)
        if what == 0:
            content = content[:at] + content[end:]
        elif what == 1:
            content = content[:at] + content[at:end] * rng.choice((2, 10, 300)) + content[end:]
        elif what in (2, 3):
            word = rng.choice(NASTY).encode("utf-8", "surrogatepass") * rng.choice((1, 1, 1, 200))
            content = content[:at] + word + content[rng.choice((at, end)) :]
        elif what == 4:
            content = content[:at] + bytes(rng.choices(range(256), k=rng.randint(1, 8))) + content[end:]
        elif what == 5:
            content = content[:at] + rng.choice(list(SEEDS.values()))[rng.randint(0, 200) :]
        elif what == 6:
            content = content.replace(
                *rng.choice(((b",", b";"), (b",", b"\t"), (b"\n", b"\r"), (b'"', b""), (b"}", b"")))
            )
        elif rng.random() < 0.3:
            codec = rng.choice(("utf-16", "utf-16-le", "utf-32", "latin-1"))
            content = content.decode("utf-8", "replace").encode(codec, "replace")
    return content


def _cut(rng: random.Random, text: str) -> str:
    """A text with a few characters changed."""
    for _ in range(rng.randint(0, 4)):
        at = rng.randint(0, len(text))
        text = (
            text[:at]
            + rng.choice(("", rng.choice(NASTY), rng.choice('":()-<>=.,|@ ')))
            + text[at + rng.randint(0, 3) :]
        )
    return text
