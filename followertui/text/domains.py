"""Registrable domains, and the domains shared by many.

Owns the public suffix rules (private section included) and the table of free mail, shorteners,
social networks and hosting. It fetches nothing. Anyone above may import it.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain
from typing import TYPE_CHECKING, Literal, cast

from followertui.late import late

if TYPE_CHECKING:
    import publicsuffixlist
else:
    publicsuffixlist = late("publicsuffixlist")

DomainCategory = Literal["", "freemail", "shortener", "social", "hosting"]

MADE_UP = ("example",)
"""Endings set aside for what is made up, such as the demo's sites: they are domains like any other.

Source: RFC 2606, section 2.
"""

_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\Z")
_PLAIN_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_ENDS = re.compile(r"[/?#\\\s]")
_DOTS = dict.fromkeys(map(ord, "。．｡"), ".")
_SLASH_SCHEME = re.compile(r"\A[a-z][a-z0-9+.-]*:/+", re.IGNORECASE)
_PLAIN_SCHEME = re.compile(r"\A(?:mailto|https?):", re.IGNORECASE)


def host_of(url_or_host: str) -> str | None:
    """The host of a link, a mail address or a bare host name, in ASCII.

    Args:
        url_or_host: ``https://www.globex.com/a?b``, ``dana@globex.com`` or ``globex.com``.

    Returns:
        The host in lower case (international names as ``xn--``), without port and trailing dot;
        None where there is none or it is an IP address.
    """
    if len(url_or_host) <= 253 and _PLAIN_HOST.fullmatch(url_or_host):
        return url_or_host
    text = url_or_host.strip().translate(_DOTS)
    stripped = _SLASH_SCHEME.sub("", text, count=1)
    if stripped == text:
        stripped = _PLAIN_SCHEME.sub("", text, count=1).removeprefix("//")
    host = _ENDS.split(stripped, maxsplit=1)[0].rpartition("@")[2]
    host = host.partition(":")[0].strip(".").lower()
    if "." not in host:
        return None
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii").lower()
        except (UnicodeError, ValueError):
            return None
    labels = host.split(".")
    if len(host) > 253 or labels[-1].isdigit() or not all(_LABEL.match(label) for label in labels):
        return None
    return host


def registrable_domain(url_or_host: str) -> str | None:
    """The registrable domain of a link: ``blog.globex.co.uk`` gives globex.co.uk.

    Tenants of a host whose suffix is in the private section are their own domain
    (``dana.github.io``). Junk gives None; nothing is raised.

    Args:
        url_or_host: link, mail address or host name, with or without scheme.

    Returns:
        The registrable domain in lower-case ASCII, or None.
    """
    host = host_of(url_or_host)
    return None if host is None else _registrable(host)


def domain_category(domain: str) -> DomainCategory:
    """What a domain is shared for, such as free mail, if it is shared by many.

    Args:
        domain: host, registrable domain, link or mail address.

    Returns:
        "" for a domain with one owner, else what it is shared for.
    """
    host = host_of(domain)
    if host is None:
        return ""
    table = _shared_domains()
    labels = host.split(".")
    for start in range(len(labels) - 1):
        category = table.get(".".join(labels[start:]))
        if category is not None:
            return category
    return ""


@lru_cache(maxsize=65536)
def own_domain(url_or_host: str) -> str | None:
    """The registrable domain of a link if it identifies an owner, else None.

    A tenant of a hosting service (``dana.github.io``) is its own domain; free mail, shorteners,
    networks and the hosting services themselves identify no owner.

    Args:
        url_or_host: link, mail address or host name.

    Returns:
        The registrable domain, or None.
    """
    host = host_of(url_or_host)
    domain = _registrable(host) if host is not None else None
    if host is None or domain is None:
        return None
    category = domain_category(host)
    if not category:
        return domain
    return domain if category == "hosting" and domain not in _shared_domains() else None


@lru_cache(maxsize=65536)
def _registrable(host: str) -> str | None:
    return _suffixes().privatesuffix(host)


@cache
def _suffixes() -> publicsuffixlist.PublicSuffixList:
    with open(publicsuffixlist.PSLFILE, encoding="utf-8") as lines:
        return publicsuffixlist.PublicSuffixList(
            map(_as_hosts_have_it, chain(lines, MADE_UP)), accept_unknown=False, accept_encoded_idn=False
        )


def _as_hosts_have_it(line: str) -> str:
    """A line of the list of suffixes; the library would encode every rule, which only those beyond ASCII need."""
    if line.isascii() or line.startswith("//"):
        return line
    rule = line.partition(" ")[0].strip()
    return "!"[: rule.startswith("!")] + rule.lstrip("!").lower().encode("idna").decode("ascii")


@cache
def _shared_domains() -> dict[str, DomainCategory]:
    """The table of the package: domain -> what it is shared for."""
    table: dict[str, DomainCategory] = {}
    text = (files("followertui.text") / "shared_domains.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            category, _, names = line.partition("\t")
            table.update(dict.fromkeys(names.split(), cast(DomainCategory, category)))
    return table
