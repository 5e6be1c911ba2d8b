"""The handover as one HTML page, to be printed or passed on.

Owns the page. It needs nothing from elsewhere, and says so in its Content-Security-Policy;
foreign text is escaped here.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

from followertui import private_files
from followertui.domain.errors import BadInput
from followertui.services.insight.handing_over import Handover, Section
from followertui.text.escaping import safe_line

_CSS = """
:root{color-scheme:light dark;--fg:#1c232b;--bg:#fff;--line:#ccd3da;--dim:#545b63}
@media (prefers-color-scheme:dark){:root{--fg:#d8dee6;--bg:#10141b;--line:#2c3644;--dim:#9ba4af}}
body{margin:0 auto;max-width:70rem;padding:1rem;background:var(--bg);color:var(--fg);
font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
h1{font-size:1.5rem;line-height:1.25}h2{font-size:1.15rem;margin:2rem 0 .5rem;break-after:avoid}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9rem}tr{break-inside:avoid}
th,td{padding:.25rem .5rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}p{color:var(--dim)}
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def write(handover: Handover, path: Path) -> None:
    """Write the page, replacing what is there in one step.

    Raises:
        BadInput: it cannot be written.
    """
    try:
        private_files.replace(path, page(handover).encode())
    except OSError as problem:
        raise BadInput(f"{path}: cannot be written ({problem.strerror}); name another file") from None


def page(handover: Handover) -> str:
    """The whole page, UTF-8 text."""
    title = _text(f"Handover{f' of @{handover.profile}' if handover.profile else ''}, {handover.as_of}")
    body = "".join(_section(section) for section in handover.sections)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        f"<title>{title}</title><style>{_CSS}</style></head><body><h1>{title}</h1>{body}</body></html>\n"
    )


def _section(section: Section) -> str:
    if not section.rows:
        return f"<section><h2>{_text(section.title)}</h2><p>{_text(section.empty)}</p></section>"
    heads = "".join(f'<th scope="col">{_text(head)}</th>' for head in section.heads)
    rows = "".join(f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in row)}</tr>" for row in section.rows)
    more = f"<p>and {section.more:,} more</p>" if section.more else ""
    return (
        f'<section><h2>{_text(section.title)}</h2><div class="wide"><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>{more}</section>"
    )


def _text(text: str) -> str:
    """Foreign text as text of the page."""
    return escape(safe_line(text))
