"""One page of the web, asked for on purpose: what it calls itself.

Owns the one request, how much of an answer is read, and where a title stands in it. Nothing is kept and no
cookie sent. Imports requests.
"""

from __future__ import annotations

import html
import re
from urllib.parse import urlsplit

import requests

from followertui.domain.errors import BadInput
from followertui.text.cleaning import clean_text
from followertui.text.encodings import codec_called

SECONDS = 10.0
"""Longest wait for the site, and for each piece of its answer."""

_MOST_BYTES = 512_000
_MOST_REDIRECTS = 5
_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w-]{2,40})""", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_META = re.compile(r"<meta\b[^>]*>", re.IGNORECASE)
_OPEN_GRAPH = re.compile(r"""property\s*=\s*["']?og:title["'\s]""", re.IGNORECASE)
_CONTENT = re.compile(r"""content\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)


def title_of(url: str) -> str:
    """What a page calls itself, "" where it says nothing.

    Args:
        url: http or https.

    Raises:
        BadInput: the site did not answer, or not with a page.
    """
    host = urlsplit(url).hostname or url
    try:
        with requests.Session() as session:
            session.max_redirects = _MOST_REDIRECTS
            headers = {"User-Agent": "followertui", "Accept": "text/html"}
            with session.get(url, headers=headers, timeout=SECONDS, stream=True) as answer:
                if not answer.ok:
                    raise BadInput(f"{host}: answered {answer.status_code}; the title was not filled in")
                kind = answer.headers.get("Content-Type", "")
                if "html" not in kind:
                    raise BadInput(f"{host}: sent no page ({kind.partition(';')[0] or 'nothing said'})")
                body = b""
                for piece in answer.iter_content(65_536):
                    body += piece
                    if len(body) >= _MOST_BYTES or b"</head" in body.lower():
                        break
    except requests.RequestException as problem:
        raise BadInput(f"{host}: did not answer ({type(problem).__name__}); the title was not filled in") from None
    said = _CHARSET.search(kind) or _CHARSET.search(body[:2_048].decode("ascii", "replace"))
    return _title(body.decode((codec_called(said[1]) if said else None) or "utf-8", "replace"))


def _title(page: str) -> str:
    graph = next((meta for meta in _META.findall(page) if _OPEN_GRAPH.search(meta)), "")
    content = _CONTENT.search(graph)
    plain = _TITLE.search(page)
    found = (content[1] or content[2] or "") if content else plain[1] if plain else ""
    return " ".join(clean_text(html.unescape(found), limit=200).split())
