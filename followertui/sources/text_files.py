"""Bytes to text: what a file is at first sight, and which encoding it is written in.

Owns encodings, byte order marks and the refusal of files that hold no text. Does not own
tables or JSON. Imported by the readers of this room.
"""

from __future__ import annotations

import codecs
import hashlib
import os
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple, TextIO

from followertui.domain.errors import BadInput
from followertui.text.cleaning import clean_text

SAMPLE_BYTES = 256 * 1024
_CHUNK_BYTES = 1 << 20
_TAIL_BYTES = 4096
_ZIP = b"PK\x03\x04"
_X_SCRIPTS = (b"window.YTD", b"window.__THAR", b"YTD.")
_OLE = b"\xd0\xcf\x11\xe0"

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
        errors: "strict", or "replace" where a mostly UTF-8 file has broken bytes.
    """

    name: str
    errors: str = "strict"


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
        form: "js" or "zip" for a part or the whole of an X archive, else how its table is written:
            "workbook", "json" or "text".
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
    form: str = "text"

    @property
    def is_packed(self) -> bool:
        """Whether it is a zip or an old workbook, and no text."""
        return self.sample.startswith((_ZIP, _OLE))


def look_at(path: Path) -> FirstLook:
    """Read a file through once.

    Raises:
        BadInput: when it cannot be read, is a folder, is empty, is a damaged zip or one that is
            no X archive, or holds no table: a picture, a web page, something packed or binary.
    """
    try:
        with path.open("rb") as file:
            first = _look(path, file)
        if first.is_packed:
            is_zip = first.members is not None and not _is_workbook(path, first.members)
            return first._replace(form="zip" if is_zip else "workbook")
        _refuse_other_formats(first)
        encoding = _detect_encoding(first)
        return first._replace(encoding=encoding, form=_text_form(first.sample, encoding))
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
    is_zip = False
    while chunk := file.read(_CHUNK_BYTES):
        if not size:
            first, is_zip = chunk, chunk.startswith(_ZIP)
        size += len(chunk)
        digest.update(chunk)
        tail = (tail + chunk)[-_TAIL_BYTES:]
        if broken is None and not is_zip:
            broken = _not_utf8(decoder, chunk)
    if broken is None and not is_zip and _not_utf8(decoder, b"", is_end=True) is not None:
        broken = first
    sample = first[:SAMPLE_BYTES]
    if not sample.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        raise BadInput(f"{shown_name(path)}: the file is empty; export it again.")
    members = _members(path, file) if is_zip else None
    return FirstLook(path, size, modified_ns, digest.hexdigest(), sample, tail, broken, members)


def _not_utf8(decoder: codecs.IncrementalDecoder, chunk: bytes, *, is_end: bool = False) -> bytes | None:
    try:
        decoder.decode(chunk, is_end)
    except UnicodeDecodeError:
        return chunk
    return None


def _members(path: Path, file: BinaryIO) -> tuple[str, ...]:
    try:
        with zipfile.ZipFile(file) as zipped:
            return tuple(zipped.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise BadInput(f"{shown_name(path)}: the zip is damaged or cut off; download it again.") from None


def _is_workbook(path: Path, names: Sequence[str]) -> bool:
    """Whether a zip with these files in it is a workbook; else it is an archive, or refused."""
    if any(name.startswith("xl/") or name == "content.xml" for name in names):
        return True
    tables = [name for name in names if name.lower().endswith((".csv", ".xlsx", ".json")) and "/data/" not in name]
    if tables and not any(name.lower().endswith(".js") for name in names):
        inside = shown_name(Path(next((name for name in tables if "connections" in name.lower()), tables[0])))
        raise BadInput(f"{shown_name(path)}: a zip that is no X archive; unpack it and import {inside}.")
    return False


def _text_form(sample: bytes, encoding: Encoding) -> str:
    if sample.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(_X_SCRIPTS):
        return "js"
    text = sample.decode(encoding.name, "replace").lstrip("\ufeff \t\r\n")
    return "json" if text[:1] in ("[", "{") else "text"


def _refuse_other_formats(first: FirstLook) -> None:
    path, sample = first.path, first.sample
    for magic, what in _MAGIC.items():
        if sample.startswith(magic):
            raise BadInput(f"{shown_name(path)}: this is {what}; followertui reads CSV, XLSX, JSON and X archives.")
    start = sample[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<?xml", b"<script")):
        raise BadInput(
            f"{shown_name(path)}: this is a web page, not an export (often a login page saved by mistake); "
            "sign in and export again as CSV or JSON."
        )
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or _looks_utf16(sample):
        return
    odd = sum(sample.count(byte) for byte in _ODD_BYTES)
    if odd > len(sample) // 10:
        raise BadInput(f"{shown_name(path)}: this is a binary file; export it as CSV, XLSX or JSON.")


_ODD_BYTES = tuple(bytes((code,)) for code in range(32) if code not in (9, 10, 12, 13, 27))


def _looks_utf16(sample: bytes) -> str | None:
    """The UTF-16 codec where every second byte is zero and no mark says so, else None."""
    if len(sample) < 4:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > half * 0.6 and even < half * 0.1:
        return "utf-16-le"
    if even > half * 0.6 and odd < half * 0.1:
        return "utf-16-be"
    return None


def _detect_encoding(first: FirstLook) -> Encoding:
    """The encoding of a text file: its mark, else UTF-8 if all of it is, else Windows or Latin-1."""
    for mark, name in _BOMS:
        if first.sample.startswith(mark):
            return Encoding(name, "replace")
    wide = _looks_utf16(first.sample)
    if wide is not None:
        return Encoding(wide, "replace")
    if first.broken is None:
        return Encoding("utf-8")
    # Bytes that decode as many-byte UTF-8 rarely do so by chance: more good than bad means UTF-8.
    text = first.broken.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = sum(1 for char in text if ord(char) > 0x7F) - bad
    if good > bad:
        return Encoding("utf-8", "replace")
    try:
        first.broken.decode("cp1252")
    except UnicodeDecodeError:
        return Encoding("latin-1")
    return Encoding("cp1252", "replace")


def open_text(path: Path, encoding: Encoding) -> TextIO:
    """The file as text, line ends as they stand; the caller closes it."""
    return path.open(encoding=encoding.name, errors=encoding.errors, newline="")
