"""Qt's own texts: its Chinese, and ours where that has gaps."""

from typing import Final

from PySide6.QtCore import QLibraryInfo, QLocale, QSettings, QTranslator
from PySide6.QtWidgets import QApplication

from learnsite_desktop.platform import i18n
from learnsite_desktop.platform.i18n import LANGUAGES
from learnsite_desktop.platform.resources import resource_root

_KEY: Final = "language"
_installed: Final[list[QTranslator]] = []


def install(app: QApplication, lang: str) -> None:
    """Show Qt's standard dialogs, menus and dates in `lang` ("zh" or "en") from now on.

    Dialogs that are open keep their language. Raises KeyError for a language that we do not have.
    """
    name = LANGUAGES[lang]
    while _installed:
        app.removeTranslator(_installed.pop())
    QLocale.setDefault(QLocale(name if lang != "en" else "en_GB"))
    if lang == "en":
        return
    qt_folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    # The one installed last is asked first.
    for folder, file in (
        (qt_folder, f"qtbase_{name}"),
        (str(resource_root() / "locale" / name), "qt_overlay"),
    ):
        translator = QTranslator()
        if translator.load(file, folder):
            app.installTranslator(translator)
            _installed.append(translator)


def speak(preferences: QSettings, lang: str) -> None:
    """Use `lang` from now on and at the next start; what is on the screen must be made anew."""
    preferences.setValue(_KEY, lang)
    i18n.use(lang)
    app = QApplication.instance()
    if isinstance(app, QApplication):
        install(app, lang)


def remembered(preferences: QSettings) -> str:
    """Return the language chosen here, "" when none was."""
    found = str(preferences.value(_KEY, ""))
    return found if found in LANGUAGES else ""
