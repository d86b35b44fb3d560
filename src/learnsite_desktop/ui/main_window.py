"""The window: the list of screens, the bar of messages, the screen, the status line."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QMainWindow, QStatusBar

from learnsite_desktop.platform.i18n import _
from learnsite_desktop.ui import theme
from learnsite_desktop.ui.navigation import LISTED, entries_for, entry_named

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings
    from PySide6.QtGui import QCloseEvent, QPaintEvent
    from PySide6.QtWidgets import QStackedWidget, QWidget

    from learnsite_desktop.ui.desk import Desk, Place
    from learnsite_desktop.ui.feedback import Feedback
    from learnsite_desktop.ui.navigation import Entry
    from learnsite_desktop.ui.screen import Screen
    from learnsite_desktop.ui.status import StatusLine
    from learnsite_desktop.ui.widgets.nav_list import NavList

FIRST: Final = "today"
HELP: Final = "manual"
"""Lies over the screen it explains: that one is not left, nor opened anew by Esc."""
SIZE: Final = (1366, 700)


class MainWindow(QMainWindow):
    """One window over one workspace. Without a desk it is an empty frame, quickly shown."""

    painted = Signal()
    """The frame is on the screen for the first time."""
    begun = Signal()
    """The day's work, or the first run, can begin: what stands in the window has changed."""

    nav: "NavList"
    feedback: "Feedback"

    def __init__(self, preferences: "QSettings") -> None:
        super().__init__()
        self.preferences = preferences
        self.desk: Desk | None = None
        self.status: StatusLine | None = None
        self._painted = False
        self.furnished = False
        self._places: QStackedWidget | None = None
        self._screens: dict[str, Screen] = {}
        self._trail: list[Place] = []
        self.resize(*SIZE)

    def furnish(self) -> None:
        """Put in what stands around the screens; once, when the frame is on the screen."""
        from learnsite_desktop.ui.furniture import Furniture  # noqa: PLC0415 - after the paint

        self.setWindowTitle(_("Learning site log"))  # loads the catalogue: after the paint
        parts = Furniture(self)
        self.furnished = True
        self.nav, self.feedback = parts.nav, parts.feedback
        self._title, self._stack, self._places = parts.title, parts.stack, parts.places
        self._above, self._below = parts.above, parts.below
        self.nav.chosen.connect(lambda name: self.go(str(name)))
        self.show_nav("village")

    def paintEvent(self, event: "QPaintEvent") -> None:
        """Paint, and say so the first time."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            self.painted.emit()

    # Showing

    def show_nav(self, tier: str) -> None:
        """List the screens that a tier's desk has."""
        from learnsite_desktop.ui.furniture import nav_items  # noqa: PLC0415 - after the paint

        self.nav.set_items(nav_items(tier))

    def attach(self, desk: "Desk") -> None:
        """Begin to work at a desk: all keys, the status line, the first screen."""
        from learnsite_desktop.ui.ahead import Ahead  # noqa: PLC0415 - after the paint
        from learnsite_desktop.ui.entering_ribbon import EnteringRibbon  # noqa: PLC0415
        from learnsite_desktop.ui.feedback import ProgressStrip  # noqa: PLC0415
        from learnsite_desktop.ui.operators import Operators  # noqa: PLC0415
        from learnsite_desktop.ui.recovery import recover  # noqa: PLC0415
        from learnsite_desktop.ui.status import StatusLine  # noqa: PLC0415

        self.desk = desk
        self.setWindowTitle(_("Learning site log"))
        self.show_nav(desk.tier)
        for lane in (desk.writer, desk.reader):
            self._below.addWidget(ProgressStrip(lane))
        status = StatusLine(desk)
        self.status = status
        self.setStatusBar(status)
        self.operators = Operators(desk, status)
        status.operator_wanted.connect(self.operators.choose)
        desk.wanted.connect(self._go_to)
        if desk.tier != "village":
            self.put_above(EnteringRibbon(desk))
        self._add_keys(desk)
        recover(desk)
        self.go(FIRST)
        status.renew()
        Ahead(desk, status)

    def put_above(self, ribbon: "QWidget") -> None:
        """Show something over every screen as long as the desk is attached."""
        self._above.addWidget(ribbon)

    def detach(self) -> None:
        """Close the desk and be an empty frame again; what is queued is finished first."""
        if self.desk is None:
            return
        self.desk.close()
        self.desk = None
        self._trail.clear()
        self.feedback.clear()
        for screen in self._screens.values():
            self._stack.removeWidget(screen)
            screen.deleteLater()
        self._screens.clear()
        for action in self.actions():
            self.removeAction(action)
            action.deleteLater()
        for layout in (self._above, self._below):
            while layout.count():
                layout.takeAt(0).widget().deleteLater()
        self.setStatusBar(QStatusBar())
        self.status = None

    def stand_in(self, page: "QWidget | None") -> None:
        """Show `page` in the place of everything else; None ends that, and the page."""
        places, former = self._places, self.standing_in()
        if places is None:
            return
        if former is not None:
            places.removeWidget(former)
            former.deleteLater()
        if page is not None:
            places.addWidget(page)
            places.setCurrentWidget(page)

    def standing_in(self) -> "QWidget | None":
        """The page shown in the place of everything else, None usually."""
        places = self._places
        return places.widget(1) if places is not None and places.count() > 1 else None

    def _add_keys(self, desk: "Desk") -> None:
        for number, entry in enumerate(entries_for(desk.tier)[:9], start=1):
            self._key(f"Alt+{number}", partial(self.go, entry.name))
        self._key("Alt+0", self.nav.setFocus)
        self._key("Ctrl+Z", self._take_back)
        self._key("Ctrl+Y", partial(self._take_back, again=True))
        self._key("Ctrl+S", lambda: self.current().finish())
        self._key("Ctrl+Return", lambda: self.current().finish_and_new())
        self._key("Ctrl+Enter", lambda: self.current().finish_and_new())
        self._key("Ctrl+F", lambda: self.current().search())
        self._key("Ctrl+P", lambda: self.current().print_page())
        self._key("F8", self._next_problem)
        self._key("F1", lambda: self.go(HELP, self._trail[-1].screen))
        self._key("F2", self.operators.choose)
        self._key("Escape", self.back)
        self._key("Ctrl+Q", self.close)
        self._key("Ctrl++", lambda: self._resize_letters(1))
        self._key("Ctrl+=", lambda: self._resize_letters(1))
        self._key("Ctrl+-", lambda: self._resize_letters(-1))

    def _key(self, keys: str, deed: Callable[[], object]) -> None:
        action = QAction(self)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda *_: deed())
        self.addAction(action)

    # Going about

    def go(self, name: str, about: str = "") -> None:
        """Show the screen that the person chose, unless the present one wants to be finished.

        News that something went well has been read by then.
        """
        from learnsite_desktop.ui.desk import Place  # noqa: PLC0415

        self.feedback.forget_good_news()
        self._go_to(Place(name, about))

    def _go_to(self, place: "Place") -> None:
        if place.screen == HELP:
            self.current().take_stale()
        elif not self._left():
            self.nav.select(self._listed())
            return
        self._trail = [old for old in self._trail if old.screen not in (place.screen, HELP)]
        if place.screen == FIRST:
            self._trail.clear()
        self._trail.append(place)
        self._show(place)

    def back(self) -> None:
        """Esc: close the message, else the screen; nothing that was typed is lost."""
        if self.feedback.text:
            self.feedback.clear()
            return
        if len(self._trail) > 1 and (self._trail[-1].screen == HELP or self.current().leave()):
            gone = self._trail.pop()
            self._show(self._trail[-1], again=gone.screen == HELP)

    def _left(self) -> bool:
        """Leave what is shown and what lies under the help; a screen that may not be is shown."""
        helped = len(self._trail) > 1 and self._trail[-1].screen == HELP
        if helped:
            self._trail.pop()
        if not self._trail or self.current().leave():
            return True
        if helped:
            self._show(self._trail[-1], again=True)
        return False

    def _show(self, place: "Place", *, again: bool = False) -> None:
        entry = entry_named(place.screen)
        screen = self._screen_of(entry)
        line: QWidget | None = screen.focusWidget()
        self._stack.setCurrentWidget(screen)
        self.nav.select(self._listed())
        if again and line is not None and not screen.take_stale():
            line.setFocus()
        else:
            screen.open(place.about)
        self._title.setText(screen.heading() or _(entry.label))

    def _screen_of(self, entry: "Entry") -> "Screen":
        found = self._screens.get(entry.name)
        if found is None:
            assert self.desk is not None  # noqa: S101 - screens exist only at a desk
            found = entry.load()(self.desk)
            self._screens[entry.name] = found
            self._stack.addWidget(found)
        return found

    def _listed(self) -> str:
        """Return the listed screen that the present one belongs to."""
        assert self.desk is not None  # noqa: S101 - screens exist only at a desk
        listed = LISTED[self.desk.tier]
        return next((one.screen for one in reversed(self._trail) if one.screen in listed), FIRST)

    def current(self) -> "Screen":
        """The screen that is shown."""
        return self._screens[self._trail[-1].screen]

    def showing(self) -> str:
        """The name of the screen that is shown."""
        return self._trail[-1].screen

    def _take_back(self, *, again: bool = False) -> None:
        """Ctrl+Z and Ctrl+Y: what is not saved yet first, then the desk's changes."""
        screen, desk = self.current(), self.desk
        if desk is not None and not (screen.redo() if again else screen.undo()):
            (desk.redo if again else desk.undo)()

    def _next_problem(self) -> None:
        if self.desk is not None and not self.current().next_problem():
            self.desk.say(_("There is nothing to put right here."))

    def _resize_letters(self, step: int) -> None:
        self.set_look(points=theme.next_points(theme.points(), step))

    def set_look(self, *, points: int = 0, dark: bool | None = None) -> None:
        """Change the size of letters or between light and dark, at once and for next time."""
        points = points or theme.points()
        if dark is None:
            dark = bool(self.preferences.value("dark", defaultValue=False, type=bool))
        self.preferences.setValue("points", points)
        self.preferences.setValue("dark", dark)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, dark=dark, points=points)

    def closeEvent(self, event: "QCloseEvent") -> None:
        """Keep what is on the screen, finish what is queued, then close the workspace."""
        if self.desk is not None:
            if not self._left():
                event.ignore()
                return
            self.hide()
            self.desk.back_up("exit")
            self.desk.close()
            self.desk = None
        event.accept()
