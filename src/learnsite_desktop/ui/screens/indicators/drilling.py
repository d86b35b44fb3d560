"""From a figure to its records, and on to the sign-in row or the record's own page.

A person that counts once leads to the marks of that person, and these to the sign-in rows.
"""

from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services import figures
from learnsite_desktop.services.figure_views.excluded import excluded
from learnsite_desktop.services.figure_views.facts import facts_of
from learnsite_desktop.services.figure_views.table import Ask
from learnsite_desktop.ui.desk import Desk
from learnsite_desktop.ui.screens.indicators import presenter
from learnsite_desktop.ui.screens.indicators.presenter import Figure
from learnsite_desktop.ui.screens.indicators.records import Record, RecordsPage

_PAGE: Final = 200
_PART_WORDS: Final = {"numerator": N_("numerator"), "denominator": N_("denominator")}


@dataclass(frozen=True, slots=True)
class _Persons:
    """The list that a person was chosen from, to come back to: what it showed, and where."""

    title: str
    rows: tuple[Record, ...]
    total: int
    row: int
    chosen: Record


class Drilling(QObject):
    """The page of records; `closed` says that the table is wanted again.

    `unit_wanted` brings the code of a unit that was chosen among the records.
    """

    closed = Signal()
    turned = Signal()
    """Other records are listed: F3 means something else."""
    unit_wanted = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._persons: _Persons | None = None
        self._left_out: Any = ()
        self._desk = desk
        self._value: Figure | None = None
        self._name, self._part, self._asked = "", figures.PARTS[0], 0
        self._ask = Ask("", "2000")
        self.page = RecordsPage()
        self.page.closed.connect(self._back)
        self.page.chosen.connect(self._choose)
        self.page.model.wanted.connect(self._more)
        self.page.list.moved.connect(self.page.facts.hide)

    def begin(self, value: Figure, name: str, ask: Ask) -> None:
        """Show the records of a figure of the unit called `name`."""
        self._value, self._name, self._ask = value, name, ask
        self._part, self._persons = figures.PARTS[0], None
        self.page.how.setText(presenter.detail_of(value, name, ask).basis)
        self._read()

    def turn(self) -> None:
        """Show the other part of the figure: what it is divided by, or what is divided.

        Over a person's marks, that person's card.
        """
        value = self._value
        if self._persons is not None:
            self._desk.go("learner", str(self._persons.chosen["id"]))
        elif value is not None and value["denominator"] is not None:
            self._part = figures.PARTS[1 - figures.PARTS.index(self._part)]
            self._read()

    def other_part(self) -> str:
        """Return the words of the part that F3 would show, "only one part" for a plain count."""
        value = self._value
        if self._persons is not None:
            return _("Learner's card")
        if value is None or value["denominator"] is None:
            return _("Numerator only")
        other = figures.PARTS[1 - figures.PARTS.index(self._part)]
        return render(_("Show the %(part)s"), {"part": _(_PART_WORDS[other])})

    def _question(self, offset: int) -> Any:
        value, part = self._value, self._part
        person = str(self._persons.chosen["id"]) if self._persons is not None else ""

        def asked(workspace: Any, _progress: Any) -> Any:
            assert value is not None  # noqa: S101 - a figure is chosen first
            return figures.drill(
                workspace,
                str(value["id"]),
                period=str(value["period"]),
                unit=str(value["unit"]),
                cell=str(value["cell"]),
                part=part,
                basis=str(value["basis"]),
                tree=self._ask.tree,
                person=person,
                limit=_PAGE,
                offset=offset,
            )

        return asked

    def _read(self) -> None:
        self._asked += 1
        mine, value = self._asked, self._value
        if value is None:
            return
        names = self._desk.read(presenter.names)
        self.page.show_records(_("Reading the records…"), (), 0, names)

        def came(found: Any) -> None:
            if mine == self._asked:
                title = self._title(found["total"])
                self.page.show_records(title, found["records"], found["total"], names)

        def left_out(found: Any) -> None:
            if mine == self._asked:
                self._left_out = found
                self.page.show_excluded(found)

        self._desk.look_up(_("Reading the records"), self._question(0), came)
        self._desk.look_up(
            "",
            lambda workspace, _progress: excluded(
                workspace,
                str(value["id"]),
                period=str(value["period"]),
                unit=str(value["unit"]),
                basis=str(value["basis"]),
                tree=self._ask.tree,
            ),
            left_out,
        )

    def _title(self, total: int) -> str:
        assert self._value is not None  # noqa: S101 - a figure is chosen first
        said = {
            "figure": presenter.detail_of(self._value, self._name, self._ask).title,
            "part": _(_PART_WORDS[self._part]),
            "count": f"{total:,}",
        }
        return render(_("%(figure)s — %(part)s: %(count)s entries"), said)

    def _more(self, offset: int) -> None:
        mine = self._asked

        def came(found: Any) -> None:
            if mine == self._asked:
                self.page.model.add(found["records"])

        self._desk.look_up(_("Reading the records"), self._question(offset), came)

    def _choose(self, record: Record) -> None:
        """Go on to the sign-in row, to a person's marks, to the unit; else show the fields."""
        kind = str(record["kind"])
        session = record.get("session")
        if session:
            self._desk.go("roll_call", f"{session} look:{record.get('learner') or ''}")
        elif kind == "learner":
            self._marks_of(record)
        elif kind == "unit":
            self.unit_wanted.emit(str(record["unit"]))
        elif kind == "policy":
            self._desk.go("preferences")
        else:
            self.page.show_facts(self._desk.read(lambda ws: facts_of(ws, str(record["id"]))))

    # A person's marks

    def _marks_of(self, record: Record) -> None:
        """List the marks by which a person counts; without any, go on to the person's card."""
        page = self.page
        self._persons = _Persons(
            page.title.text(),
            tuple(page.model.rows),
            page.model.total,
            page.list.currentIndex().row(),
            record,
        )
        self._asked += 1
        mine = self._asked

        def came(found: Any) -> None:
            if mine != self._asked:
                return
            if not found["total"]:
                self._persons = None
                self._desk.go("learner", str(record["id"]))
                return
            said = {"name": record["label"], "count": f"{found['total']:,}"}
            title = render(_("%(name)s: present %(count)s times in this figure"), said)
            names = self._desk.read(presenter.names)
            page.show_records(title, found["records"], found["total"], names)
            self.turned.emit()

        self._desk.look_up(_("Reading the records"), self._question(0), came)

    def _back(self) -> None:
        """Esc: from a person's marks to the persons, from the records to the table."""
        held, self._persons = self._persons, None
        self._asked += 1
        if held is None:
            self.closed.emit()
            return
        page = self.page
        page.show_records(held.title, held.rows, held.total, self._desk.read(presenter.names))
        page.show_excluded(self._left_out)
        page.list.setCurrentIndex(page.model.index(held.row, 0))
        self.turned.emit()
