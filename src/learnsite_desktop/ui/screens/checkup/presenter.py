"""What the self-check screen shows: lines with their codes, the files of a pack."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from learnsite_desktop import __version__
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.checkup import Finding, State
from learnsite_desktop.services.diagnostics import INDEX, Pack

PROBLEMS: Final = (State.ACT.value, State.NOTE.value)
_TONES: Final = {
    State.ACT: "error",
    State.NOTE: "warning",
    State.FINE: "ok",
    State.OPEN: "note",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the check; see `widgets.row_list.ListRow`. `key` is its code, `kind` its state."""

    key: str
    kind: str
    cells: tuple[str, ...]
    status: str
    word: str
    next_step: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file of a pack as it is looked at: what it is, how large, its text or page."""

    name: str
    title: str
    text: str
    is_page: bool = False


def rows(findings: Sequence[Finding]) -> tuple[Row, ...]:
    """Return the lines in the order given, numbered from 1."""
    return tuple(
        Row(
            key=one.code,
            kind=one.state.value,
            cells=(str(number), one.code, one.text),
            status=_TONES[one.state],
            word=one.word,
            next_step=one.next_step,
        )
        for number, one in enumerate(findings, start=1)
    )


def said_of(now: datetime) -> str:
    """Return version and clock, and what the codes are for."""
    said = {"version": __version__, "now": f"{now:%Y-%m-%d %H:%M}"}
    clock = render(N_("Version %(version)s; this computer's clock says %(now)s."), said)
    codes = _("On the phone, read out the codes (such as SJ1); they mean the same everywhere.")
    return f"{clock} {codes}"


def sheets(pack: Pack) -> tuple[Sheet, ...]:
    """Return the files of a pack, the page first."""
    page = Sheet(INDEX, _("What it is and what is in it"), pack.page, is_page=True)
    return (page, *(Sheet(one.name, _(one.title), one.text) for one in pack.members))
