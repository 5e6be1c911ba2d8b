"""Bytes to text: what a file is at first sight, and which encoding it is written in.

Owns byte order marks and the refusal of files that hold no text. Does not own which code page
a text is in (``text.encodings``), tables or JSON. Imported by the readers of this room.
"""

from __future__ import annotations

import codecs
import hashlib
import os
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple, TextIO

from followertui.domain.errors import BadInput
from followertui.text.cleaning import clean_text
from followertui.text.encodings import HALVES, JOINED, Evidence, Guess, Reading, codec_called, encodings_known

SAMPLE_BYTES = 256 * 1024
_CHUNK_BYTES = 1 << 20
_TAIL_BYTES = 4096
_ZIP = b"PK\x03\x04"
_X_SCRIPTS = (b"window.YTD", b"window.__THAR", b"YTD.")
_OLE = b"\xd0\xcf\x11\xe0"

_SHIFTS = (b"\x1b$B", b"\x1b$@")
"""What begins Japanese letters in the seven-bit encoding of e-mail."""

_IS_TABLE = re.compile(
    rb"<table[\s>].*?<t[dr][\s>]|<(?:ss:)?workbook[\s>].*?<(?:ss:)?row[\s>/]", re.IGNORECASE | re.DOTALL
)
"""A table in a page, or a sheet in the XML of Excel 2003."""

_MAGIC = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x1f\x8b": "packed with gzip; unpack it first",
    b"7z\xbc\xaf": "packed with 7-Zip; unpack it first",
    b"Rar!": "packed with RAR; unpack it first",
    b"SQLite format 3": "a SQLite database; export its users table as CSV",
}
_YAML = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:[ \t\r]*(?:(?:#|---)[^\n]*)?\n){0,50}"
    rb"(?:[\w-]+:[ \t]*\r?\n[ \t]*- |- (?:id|id_str|name|user|username|screen_name|handle): )"
)
"""A list under a key, or a list of objects that begin with who they are."""

_IN_ZIPS = (
    ".csv", ".tsv", ".txt", ".md", ".xlsx", ".xls", ".ods", ".json", ".jsonl", ".ndjson", ".har", ".vcf", ".zip", ".gz",
)  # fmt: skip
_IN_ARCHIVES = re.compile(r"(?:^|/)data/|(?:^|/)(?:readme|licen[cs]e)[^/]*$", re.IGNORECASE)
_NAMED = 3
"""Files of a zip that are named in a message."""

_PYTHON = re.compile(rb"[\[{(]\s*(?:\{\s*)?'")
"""A list or dict as Python prints it."""

_LDIF = re.compile(rb"(?:version: ?1\s+)?dn::? ?\S", re.IGNORECASE)
_ROOTS = {
    b"graphml": "a graph (GraphML); export its edges as CSV, source and target",
    b"gexf": "a graph (GEXF); export its edges as CSV, source and target",
    b"opml": "a list of feeds (OPML); save the accounts in it as text, one @handle a line",
    b"office:document": "a flat sheet of OpenDocument; save it as .ods, .xlsx or CSV",
    b"rss": "a feed; export the accounts as CSV or JSON",
    b"feed": "a feed; export the accounts as CSV or JSON",
}
"""Root of an XML file without a table -> what it is."""

_CARD = re.compile(r"BEGIN[ \t]*:[ \t]*VCARD\s", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Encoding(NamedTuple):
    """How a file's bytes become text.

    Attributes:
        name: Python's name of the codec.
        errors: "strict", "replace" where bytes may be broken, or ``encodings.JOINED``.
        is_damaged: whether some bytes are not of this encoding; they show as a replacement character.
    """

    name: str
    errors: str = "strict"
    is_damaged: bool = False


def shown_name(path: Path) -> str:
    """The file's name, safe for a message."""
    return clean_text(path.name, limit=120) or "the file"


class FirstLook(NamedTuple):
    """What one pass over a file's bytes tells; everything that asks of bytes asks this.

    Attributes:
        path: the file.
        size: bytes.
        modified_ns: when it was changed, nanoseconds since 1970.
        sha256: of all bytes, 64 hexadecimal digits.
        sample: the first bytes, at most ``SAMPLE_BYTES``.
        tail: the last bytes, at most 4,096.
        broken: the first chunk that is not UTF-8, None where all of it is.
        members: names inside a zip, None where it is none.
        encoding: how its text is written; UTF-8 for a workbook or zip.
        evidence: of its code page, None where all of it is UTF-8.
        readings: where the code page is not certain, the text as the likeliest ones have it.
        form: "js" or "zip" for a part or the whole of an X archive, else how its table is written:
            "workbook", "markup", "json", "vcard" or "text".
    """

    path: Path
    size: int
    modified_ns: int
    sha256: str
    sample: bytes
    tail: bytes
    broken: bytes | None
    members: tuple[str, ...] | None
    encoding: Encoding = Encoding("utf-8")
    evidence: Evidence | None = None
    readings: tuple[Reading, ...] = ()
    form: str = "text"

    @property
    def is_packed(self) -> bool:
        """Whether it is a zip or an old workbook, and no text."""
        return self.sample.startswith((_ZIP, _OLE))


def look_at(path: Path, encoding: str | None = None) -> FirstLook:
    """Read a file through once.

    Args:
        path: the file.
        encoding: how its text is written, as a person says it; None leaves it to the file.

    Raises:
        BadInput: when it cannot be read, is a folder, is empty, is a damaged zip or one that is
            no X archive, or holds no table: a picture, a web page, something packed or binary;
            there is no encoding of that name.
    """
    codec = None if encoding is None else _codec(encoding)
    try:
        with path.open("rb") as file:
            first = _look(path, file)
        if first.is_packed:
            is_zip = first.members is not None and not _is_workbook(path, first.members)
            return first._replace(form="zip" if is_zip else "workbook")
        _refuse_other_formats(first)
        first = _with_encoding(first) if codec is None else first._replace(encoding=_said(path, codec))
        return first._replace(form=_text_form(first.sample, first.encoding))
    except FileNotFoundError:
        raise BadInput(f"{shown_name(path)}: there is no such file; check the name.") from None
    except IsADirectoryError:
        raise BadInput(f"{shown_name(path)}: this is a folder; name a file in it.") from None
    except OSError as error:
        raise BadInput(f"{shown_name(path)}: cannot be read ({error.strerror}).") from None


def _look(path: Path, file: BinaryIO) -> FirstLook:
    modified_ns = os.fstat(file.fileno()).st_mtime_ns
    digest, decoder = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")()
    size = 0
    first = tail = b""
    broken: bytes | None = None
    evidence: Evidence | None = None
    is_zip = False
    while chunk := file.read(_CHUNK_BYTES):
        if not size:
            first, is_zip = chunk, chunk.startswith(_ZIP)
        size += len(chunk)
        digest.update(chunk)
        tail = (tail + chunk)[-_TAIL_BYTES:]
        if broken is None and not is_zip:
            broken = _not_utf8(decoder, chunk)
            evidence = None if broken is None else Evidence()
        if evidence is not None:
            evidence.look(chunk)
    if broken is None and not is_zip and _not_utf8(decoder, b"", is_end=True) is not None:
        broken, evidence = first, Evidence()
        evidence.look(tail)
    sample = first[:SAMPLE_BYTES]
    if not sample.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        raise BadInput(f"{shown_name(path)}: the file is empty; export it again.")
    members = _members(path, file) if is_zip else None
    return FirstLook(path, size, modified_ns, digest.hexdigest(), sample, tail, broken, members, evidence=evidence)


def _not_utf8(decoder: codecs.IncrementalDecoder, chunk: bytes, *, is_end: bool = False) -> bytes | None:
    try:
        decoder.decode(chunk, is_end)
    except UnicodeDecodeError:
        return chunk
    return None


def _members(path: Path, file: BinaryIO) -> tuple[str, ...]:
    try:
        with zipfile.ZipFile(file) as zipped:
            return tuple(name.replace("\\", "/") for name in zipped.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise BadInput(f"{shown_name(path)}: the zip is damaged or cut off; download it again.") from None


def _is_workbook(path: Path, names: Sequence[str]) -> bool:
    """Whether a zip with these files in it is a workbook; else it is an archive, or refused."""
    if any(name.startswith("xl/") or name == "content.xml" for name in names):
        return True
    if any(name.endswith(".iwa") for name in names):
        raise BadInput(f"{shown_name(path)}: a sheet of Numbers; export it as CSV or Excel.")
    tables = [name for name in names if name.lower().endswith(_IN_ZIPS) and not _IN_ARCHIVES.search(name)]
    if tables and not any(name.lower().endswith(".js") for name in names):
        # LinkedIn packs many tables, of which one is of people.
        people = [name for name in tables if "connections" in name.lower()] or tables
        inside = ", ".join(shown_name(Path(name)) for name in people[:_NAMED])
        more = f" and {len(people) - _NAMED} more" if len(people) > _NAMED else ""
        each = ", each by itself" if len(people) > 1 else ""
        raise BadInput(f"{shown_name(path)}: a zip that is no X archive; unpack it and import {inside}{more}{each}.")
    return False


def _is_markup(sample: bytes) -> bool:
    """Whether a text begins as a web page or XML does."""
    start = sample[:4096].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    return start.startswith(
        (b"<!doctype html", b"<html", b"<head", b"<?xml", b"<script", b"<table", b"<meta", b"<style")
    )


def _text_form(sample: bytes, encoding: Encoding) -> str:
    if sample.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(_X_SCRIPTS):
        return "js"
    if _is_markup(sample):
        return "markup"
    text = sample.decode(encoding.name, "replace").lstrip("\ufeff \t\r\n")
    if _CARD.match(text):
        return "vcard"
    return "json" if text[:1] in ("[", "{") else "text"


def _refuse_other_formats(first: FirstLook) -> None:
    path, sample = first.path, first.sample
    for magic, what in _MAGIC.items():
        if sample.startswith(magic):
            raise BadInput(f"{shown_name(path)}: this is {what}; followertui reads CSV, XLSX, JSON and X archives.")
    if _YAML.match(sample) or (path.suffix.lower() in (".yaml", ".yml") and sample.lstrip()[:1] not in (b"[", b"{")):
        raise BadInput(
            f"{shown_name(path)}: this is YAML; turn it into JSON first, as with: yq -o json {shown_name(path)}"
        )
    if _LDIF.match(sample):
        raise BadInput(f"{shown_name(path)}: an address book as LDIF; export the contacts as vCard or CSV.")
    if _PYTHON.match(sample.lstrip()):
        raise BadInput(f"{shown_name(path)}: written as Python prints it, which is no JSON; save it with json.dump.")
    if _is_markup(sample):
        _refuse_markup_without_table(path, sample.replace(b"\0", b""))
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or _looks_utf16(sample):
        return
    odd = sum(sample.count(byte) for byte in _ODD_BYTES)
    if odd > len(sample) // 10:
        raise BadInput(f"{shown_name(path)}: this is a binary file; export it as CSV, XLSX or JSON.")


def _refuse_markup_without_table(path: Path, sample: bytes) -> None:
    name = shown_name(path)
    found = re.search(rb"<(?![?!])([\w:.-]+)", sample[:4096])
    root = found[1].lower() if found else b""
    if root in _ROOTS:
        raise BadInput(f"{name}: this is {_ROOTS[root]}.")
    if _IS_TABLE.search(sample):
        return
    if sample.lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").startswith(b"<?xml") and root != b"html":
        raise BadInput(f"{name}: XML that holds no table; export it again as CSV or JSON.")
    raise BadInput(
        f"{name}: this is a web page, not an export (often a login page saved by mistake); "
        "sign in and export again as CSV or JSON."
    )


_ODD_BYTES = tuple(bytes((code,)) for code in range(32) if code not in (9, 10, 12, 13, 27))


def _looks_utf16(sample: bytes) -> str | None:
    """The UTF-16 codec where zero bytes stand as it has them and no mark says so, else None."""
    sample = sample[: len(sample) & ~1]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) < 2 or min(even, odd) * 10 > max(even, odd):
        return None
    codec = "utf-16-le" if odd > even else "utf-16-be"
    try:
        text = codecs.getincrementaldecoder(codec)().decode(sample)
    except UnicodeDecodeError:
        return None
    # A stray zero byte in a text of single bytes makes no line end of two.
    ends = sample.count(b"\n") + sample.count(b"\r")
    is_text = 2 * (text.count("\n") + text.count("\r")) >= ends and "\0" not in text
    return codec if is_text and (ends or max(even, odd) * 3 > len(text)) else None


def _codec(encoding: str) -> str:
    codec = codec_called(encoding)
    if codec is None:
        raise BadInput(f"--encoding {encoding!r}: no encoding is called that; there are {encodings_known()}.")
    return codec


def _said(path: Path, codec: str) -> Encoding:
    """An encoding that was not proven by reading the whole file in it."""
    return Encoding(codec, "replace", not _decodes(path, codec))


def _with_encoding(first: FirstLook) -> FirstLook:
    """The look with how the text is written: its mark, else UTF-8 if all of it is, else the likeliest code page."""
    for mark, name in _BOMS:
        if first.sample.startswith(mark):
            is_damaged = first.broken is not None if name == "utf-8-sig" else not _decodes(first.path, name)
            return first._replace(encoding=Encoding(name, "replace", is_damaged))
    wide = _looks_utf16(first.sample)
    if wide is not None:
        return first._replace(encoding=_said(first.path, wide))
    if first.broken is None or first.evidence is None:
        is_shifted = any(mark in first.sample for mark in _SHIFTS) and _decodes(first.path, "iso2022_jp")
        return first._replace(encoding=Encoding("iso2022_jp" if is_shifted else "utf-8"))
    # Bytes that decode as many-byte UTF-8 rarely do so by chance: many more good than bad means UTF-8.
    errors = JOINED if HALVES.search(first.broken) else "replace"
    text = first.broken.decode("utf-8", errors)
    bad = text.count("\ufffd")
    if sum(1 for char in text if ord(char) > 0x7F) - bad > 3 * bad:
        return first._replace(encoding=Encoding("utf-8", errors, errors == "replace" or _is_damaged(first.path)))
    guess: Guess = first.evidence.guess()
    found = first._replace(encoding=_said(first.path, guess.name))
    return found if guess.is_certain else found._replace(readings=guess.readings)


def _is_damaged(path: Path) -> bool:
    """Whether bytes of a file are neither UTF-8 nor halves of a sign."""
    with path.open(encoding="utf-8", errors=JOINED, newline="") as file:
        return any("\ufffd" in part for part in iter(lambda: file.read(_CHUNK_BYTES), ""))


def _decodes(path: Path, codec: str) -> bool:
    """Whether all of a file is text in an encoding."""
    decoder = codecs.getincrementaldecoder(codec)()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                return False
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def open_text(path: Path, encoding: Encoding) -> TextIO:
    """The file as text, line ends as they stand; the caller closes it."""
    return path.open(encoding=encoding.name, errors=encoding.errors, newline="")


def whole_lines(first: FirstLook) -> str:
    """The lines of the sample of a file, without one that is cut off."""
    text = first.sample.decode(first.encoding.name, "replace")
    return text if first.size <= len(first.sample) else text[: text.rfind("\n") + 1] or text
