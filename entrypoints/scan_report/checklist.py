"""What to remove, as a list to tick off: in Markdown, and as a page of its own."""

import re
from collections.abc import Iterable, Iterator
from html import escape

from domain.enforcement.report import ScanReport
from domain.enforcement.scan import Hit
from domain.shared.library_export.item import ItemKind
from domain.shared.library_export.reading import TITLES
from entrypoints.scan_report.words import found_in_words, is_play, link_of, read_in_words, why

_SECTIONS = (
    ("Unfollow", ItemKind.ARTIST),
    ("Albums to remove", ItemKind.ALBUM),
    ("Shows to unfollow", ItemKind.SHOW),
    ("Tracks to remove", ItemKind.TRACK),
)
_MARKDOWN = re.compile(r"([\\`*_\[\]<>&~|$#])")
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}"
    "li{list-style:none}label:has(:checked){opacity:.5;text-decoration:line-through}"
)

Named = Iterable[tuple[str | None, ScanReport]]


def as_markdown(reports: Named) -> Iterator[str]:
    """CommonMark with the boxes of GitHub's task lists."""
    yield "# Removal checklist\n"
    for name, report in reports:
        yield f"\n{_md(_heading(name, report))}\n"
        for title, hits in _sections(report):
            yield f"\n## {title}\n\n"
            for hit in hits:
                link = link_of(hit)
                label = _md(_label(hit))
                shown = f"[{label}]({link})" if link else label
                box = "" if is_play(hit) else "[ ] "
                yield f"- {box}{shown} ({_md(hit.item.place)}): {_md(_reasons(hit))}\n"


def as_html(reports: Named) -> Iterator[str]:
    """One page without scripts, to open in a browser and to print."""
    yield '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
    yield f"<title>Removal checklist</title>\n<style>{_STYLE}</style>\n<h1>Removal checklist</h1>\n"
    for name, report in reports:
        yield f"<p>{escape(_heading(name, report))}</p>\n"
        for title, hits in _sections(report):
            yield f"<h2>{title}</h2>\n<ul>\n"
            for hit in hits:
                link = link_of(hit)
                label = escape(_label(hit))
                shown = f'<a href="{escape(link)}">{label}</a>' if link else label
                said = f"{shown} <small>({escape(hit.item.place)}): {escape(_reasons(hit))}</small>"
                box = said if is_play(hit) else f'<label><input type="checkbox"> {said}</label>'
                yield f"<li>{box}</li>\n"
            yield "</ul>\n"
    yield "</html>\n"


def _heading(name: str | None, report: ScanReport) -> str:
    file = f"{name} ({TITLES[report.format]})" if name else TITLES[report.format]
    return f"{file}: {found_in_words(report.hits)} on the list, of {read_in_words(report)}."


def _sections(report: ScanReport) -> Iterator[tuple[str, list[Hit]]]:
    for title, kind in _SECTIONS:
        hits = [hit for hit in report.hits if hit.item.kind is kind and not is_play(hit)]
        if hits:
            yield title, hits
    if plays := [hit for hit in report.hits if is_play(hit)]:
        yield "Listened to (nothing to remove)", plays


def _label(hit: Hit) -> str:
    item = hit.item
    names = ", ".join(item.artists)
    return item.title if item.kind is ItemKind.ARTIST or not names else f"{item.title} – {names}"


def _reasons(hit: Hit) -> str:
    times = f", {hit.times:,} times" if hit.times > 1 else ""
    return "; ".join(why(reason) for reason in hit.reasons) + times


def _md(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)
