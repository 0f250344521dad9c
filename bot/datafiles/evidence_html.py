"""The document of an evidence pack as one HTML page: nothing is loaded from anywhere, every word is escaped, it prints well."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from html import escape

from bot.replies.evidence import Document, Section, Table

STYLE = """
:root { color: #1b2733; font: 15px/1.5 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif }
body { max-width: 74rem; margin: 2rem auto; padding: 0 1.2rem }
h1 { font-size: 1.7rem; margin: 0 } h2 { font-size: 1.15rem; margin: 2.2rem 0 .5rem; border-bottom: 1px solid #dfe5eb }
p { margin: .35rem 0; overflow-wrap: anywhere } .made { color: #5f6f7f }
.warnings { border-left: 4px solid #e3b341; background: #fdf8ea; padding: .4rem .9rem; margin: 1rem 0 }
table { border-collapse: collapse; width: 100%; margin: .6rem 0; font-size: .85rem }
th, td { border: 1px solid #dfe5eb; padding: .25rem .5rem; text-align: left; vertical-align: top; overflow-wrap: anywhere }
th { background: #f5f7f9; font-weight: 600 } img { width: 100%; border: 1px solid #dfe5eb }
@media (max-width: 40rem) { table { display: block; overflow-x: auto } }
@media print {
  :root { font-size: 10pt } body { margin: 0; max-width: none } h2 { break-after: avoid } tr, img { break-inside: avoid }
  thead { display: table-header-group } @page { size: A4 landscape; margin: 12mm }
}
"""
NOTHING_ELSE = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
"""A page that may load nothing and run nothing, whatever words stand in it."""


def page(document: Document, picture: bytes) -> str:
    """The page; `picture` is a PNG."""
    return "\n".join(_lines(document, base64.b64encode(picture).decode())) + "\n"


def _lines(document: Document, picture: str) -> Iterator[str]:
    yield f'<!doctype html>\n<html lang="{escape(document.lang)}">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{escape(NOTHING_ELSE)}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{escape(document.title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>"
    yield f'<h1>{escape(document.title)}</h1>\n<p class="made">{escape(document.made)}</p>'
    yield f'<div class="warnings">{"".join(_paragraphs(document.warnings))}</div>'
    for section in document.sections:
        yield from _section(section, picture)
    yield "</body>\n</html>"


def _section(section: Section, picture: str) -> Iterator[str]:
    yield f"<section>\n<h2>{escape(section.title)}</h2>"
    yield from _paragraphs(section.lines)
    if section.picture:
        yield f'<img alt="{escape(section.picture)}" src="data:image/png;base64,{picture}">'
    for table in section.tables:
        yield _table(table)
    yield "</section>"


def _paragraphs(lines: Iterable[str]) -> Iterator[str]:
    return (f"<p>{escape(line)}</p>" for line in lines)


def _table(table: Table) -> str:
    head = "".join(f"<th>{escape(cell)}</th>" for cell in table.head)
    rows = "\n".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in table.rows)
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"
