"""The card of targets: what figures are measured against, who said so, and how to begin."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPushButton

from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.figure_views.catalogue import measure_words
from learnsite_desktop.services.figure_views.compare import class_words
from learnsite_desktop.ui import icons
from learnsite_desktop.ui.forms.card import Card
from learnsite_desktop.ui.screens.indicators.presenter import TIER_WORDS
from learnsite_desktop.ui.widgets.row_list import RowList


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One target in the list; see `widgets.row_list.ListRow`."""

    key: str
    kind: str
    cells: tuple[str, ...]
    status: str
    word: str


def rows_of(found: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> list[TargetRow]:
    """Return the targets as rows: indicator, for whom, year, source; the value as chip."""
    return [
        TargetRow(
            key=str(number),
            kind="target",
            cells=(
                f"{one['indicator']} {one['name']}",
                _for_whom(one, names),
                str(one["year"]),
                str(one["source"]),
            ),
            status="note",
            word=f"{'≤' if one['sense'] == 'at_most' else '≥'} {one['value']} "
            f"{measure_words(str(one['unit_of_measure']))}",
        )
        for number, one in enumerate(found)
    ]


def _for_whom(one: Mapping[str, Any], names: Mapping[str, str]) -> str:
    unit = names.get(str(one["unit"]), str(one["unit"]))
    if one["class"]:
        return render(N_("%(class)s of %(unit)s"),
                      {"class": class_words(f"kind:{one['class']}"), "unit": unit})  # fmt: skip
    if one["tier"]:
        tier = _(TIER_WORDS[str(one["tier"])])
        return render(N_("%(class)s of %(unit)s"), {"class": tier, "unit": unit})
    return unit


class TargetsCard(Card):
    """Lists the targets in force; `issued` wants the published ones issued as they are."""

    issued = Signal()
    saved = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.title.setText(_("Targets in force"))
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.note.setProperty("role", "muted")
        self.list: RowList[TargetRow] = RowList(
            _("Targets"),
            (_("Indicator"), _("Applies to"), _("Year"), _("Source"), _("Value")),
            wide=(0, 3),
        )
        self.body.addWidget(self.note)
        self.body.addWidget(self.list, 1)
        self.body.addStretch(0)
        self.issue = self.add_button(QPushButton(_("Issue these (Ctrl+S)")))
        icons.tint(self.issue, "indicators")
        self.issue.clicked.connect(self.issued.emit)
        self.keep = self.add_button(QPushButton(_("Save as table (Ctrl+E)")))
        icons.tint(self.keep, "excel")
        self.keep.clicked.connect(self.saved.emit)
        self.close_ = self.add_button(QPushButton(_("Close (Esc)")))
        self.close_.clicked.connect(self.shut)

    def begin(
        self, found: Sequence[Mapping[str, Any]], names: Mapping[str, str], *, may_issue: bool
    ) -> None:
        """Show the targets; only a desk that may issue some is offered to."""
        self.list.show_rows(rows_of(found, names))
        self.list.setVisible(bool(found))
        self.issue.setVisible(may_issue and not found)
        self.keep.setVisible(may_issue)
        if found:
            said = _(
                "Each figure is measured against the closest of them, the lowest issuer's first."
            )
        elif may_issue:
            said = _(
                "No target is in force. Begin with the published national and local ones, or save "
                "their table, change it, and issue it under publishing."
            )
        else:
            said = _("No target is in force. The county or township issues them.")
        self.note.setText(said)
        self.show()
        if found:
            self.list.setFocus()
        else:
            (self.issue if may_issue else self.close_).setFocus()
