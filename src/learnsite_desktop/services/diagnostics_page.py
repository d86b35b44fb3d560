"""The page that lies on top in a diagnostics pack: what it is, what is in it, what is not."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from html import escape
from typing import Final

from learnsite_desktop import __version__
from learnsite_desktop.domain.impersonal import sieved
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, language, render
from learnsite_desktop.services import checkup

WHAT_IT_IS: Final = N_(
    "This pack tells whoever supports the program how this computer and the program are. It is "
    "made on this computer only; nothing is sent by itself."
)
WHAT_IS_NOT_IN_IT: Final = N_(
    "Not in it: names, telephone and ID numbers, addresses, entries and notes of any kind, names "
    "of files, operators, units, user names, keys and passwords."
)
WHAT_TO_DO: Final = N_(
    "Look through it, save it, and send the file by chat, mail or stick to whoever supports you. "
    "On the phone, read out the codes of the check."
)
_STYLE: Final = (
    "body{font-family:'Microsoft YaHei','Noto Sans CJK SC',sans-serif;max-width:52em;margin:1em "
    "auto;padding:0 1em;line-height:1.6}td,th{text-align:left;padding:.2em 1em .2em 0;"
    "vertical-align:top}th{font-weight:600}"
)
Entry = tuple[str, str, int]
"""A file of the pack: name, what it is (a message id), how many bytes."""


def index_page(members: Sequence[Entry], findings: Sequence[checkup.Finding], now: datetime) -> str:
    """Return the page as HTML that needs nothing else, in the language in use."""
    title = _("Diagnostics pack")
    said = {"version": __version__, "at": f"{now:%Y-%m-%d %H:%M}"}
    parts = [
        f"<h1>{escape(title)}</h1>",
        *_paragraphs(
            (
                render(N_("learnsite %(version)s, made %(at)s."), said),
                _(WHAT_IT_IS),
                _(WHAT_IS_NOT_IN_IT),
                _(WHAT_TO_DO),
            )
        ),
        f"<h2>{escape(_('Results of the check'))}</h2>",
        f"<p>{escape(checkup.verdict(findings))}</p>" if findings else "",
        _table(
            (_("Code to say"), _("State"), _("What is so"), _("What to do next")),
            [(one.code, one.word, *_impersonal(one)) for one in findings],
        ),
        f"<h2>{escape(_('What is in it'))}</h2>",
        _table(
            (_("File"), _("What it is"), _("Bytes")),
            [(name, _(about), str(size)) for name, about, size in members],
        ),
    ]
    inside = "\n".join(part for part in parts if part)
    return (
        f'<!doctype html>\n<html lang="{escape(language())}"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n<body>\n{inside}\n"
        "</body></html>\n"
    )


def _impersonal(finding: checkup.Finding) -> tuple[str, str]:
    """Return message and remedy with such values only as may be told to strangers."""
    params = {name: sieved(str(value)) for name, value in finding.params.items()}
    remedy = render(finding.remedy, params) if finding.remedy else ""
    return render(finding.message, params), remedy


def _paragraphs(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield f"<p>{escape(text)}</p>"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return ""
    heads = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    lines = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>\n" for row in rows
    )
    return f"<table><tr>{heads}</tr>\n{lines}</table>"
