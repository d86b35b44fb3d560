"""Choosing a record by its name, or naming a new one: teachers, places.

A new one is given back as `NEW` and the name; who saves makes the record.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, Qt

from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import render
from learnsite_desktop.ui.widgets.choices import Adding, CodeChoice, CodeChoices, Option, matching

if TYPE_CHECKING:
    _Base = CodeChoice
else:
    _Base = object

NEW: Final = "="


def _called(option: Option) -> str:
    """Return an option's line: codes are ids here, which nobody reads."""
    if option.code.startswith(NEW):
        return render(N_("New: %(name)s"), {"name": option.label})
    return option.label


def _fitting(options: Sequence[Option], text: str) -> list[Option]:
    """Return the options whose name a text may mean, the likeliest first; nobody types ids."""
    named = {one.label: one for one in reversed(options)}
    return [named[one.label] for one in matching([Option(name, name) for name in named], text)]


def _offered(options: Sequence[Option], text: str) -> list[Option]:
    name = text.strip()
    if not name:
        return []
    found = _fitting(options, text)
    if not any(option.label == name for option in options):
        found.append(Option(NEW + name, name))
    return found


def _read(options: Sequence[Option], text: str) -> str | None:
    """Return the record of exactly this name, else a new one.

    Letters that fit names there are were meant to find one: the only one that fits, or none yet.
    """
    name = text.strip()
    if not name:
        return ""
    exact = next((one.code for one in options if one.label == name), "")
    fitting = _fitting(options, name) if name.isascii() else []
    if exact or not fitting:
        return exact or NEW + name
    return fitting[0].code if len(fitting) == 1 else None


class _Naming(_Base):
    """What makes a choice of codes one of names; Qt wants it to be no widget of its own."""

    _picked = ""

    def read(self, text: str) -> str | None:
        """Return the record of a name, `NEW` and the name if there is none."""
        for known in (self._picked, self._value):
            if known and text == self.shown(known):
                return known
        return _read(self._options, text)

    def _take(self, index: QModelIndex) -> None:
        """Take what was picked from the list, even a new name that looks like others' initials."""
        self._picked = str(index.data(Qt.ItemDataRole.UserRole))
        super()._take(index)
        self._picked = ""

    def shown(self, value: str) -> str:
        """Return the name."""
        return value.removeprefix(NEW) if value.startswith(NEW) else super().shown(value)

    def line(self, option: Option) -> str:
        """Return how an option stands in the list."""
        return _called(option)

    def offers(self, text: str) -> list[Option]:
        """Return the names that fit, then the new one."""
        return _offered(self._options, text)


class NameChoice(_Naming, CodeChoice):
    """One of the names there are, or a new one."""


class _AddingName(_Naming, Adding):
    """The field of several names."""


class NameChoices(CodeChoices):
    """Several names; new ones by typing."""

    def adding(self, name: str, options: Sequence[Option]) -> Adding:
        """Return a field that takes new names."""
        return _AddingName(name, options)

    def word(self, code: str) -> str:
        """Return the name."""
        return code.removeprefix(NEW) if code.startswith(NEW) else super().word(code)
