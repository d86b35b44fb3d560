"""What drawing knows of this computer: Qt, screens, fonts. No font is named that anybody made."""

import os
from typing import Any, Final

from PySide6.QtCore import qVersion
from PySide6.QtGui import QFont, QFontDatabase, QFontInfo, QGuiApplication

from learnsite_desktop.paint.booklet import drawing_application
from learnsite_desktop.paint.pages import FAMILIES

_KNOWN: Final = frozenset(
    (
        *FAMILIES,
        *("Noto Serif CJK SC", "Source Han Serif SC", "Noto Sans SC", "AR PL UMing CN"),
        *("AR PL UKai CN", "SimHei", "KaiTi", "FangSong", "DengXian", "NSimSun", "STSong"),
        *("STHeiti", "Heiti SC", "Songti SC", "DejaVu Sans", "Liberation Sans"),
    )
)
_INPUT: Final = ("fcitx", "fcitx5", "ibus", "xim", "compose", "wayland")


def chinese_fonts() -> int:
    """Return how many fonts this computer has for simplified Chinese."""
    _application = drawing_application()
    return len(QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese))


def facts() -> dict[str, Any]:
    """Return versions, screens and fonts; to be asked in the thread that owns the application."""
    application = drawing_application()
    every = set(QFontDatabase.families())
    used = QFontInfo(QFont(application.font())).family()
    module = os.environ.get("QT_IM_MODULE", "")
    return {
        "qt": qVersion(),
        "platform": application.platformName(),
        "screens": [
            {
                "width": screen.size().width(),
                "height": screen.size().height(),
                "dots_per_inch": round(screen.logicalDotsPerInch()),
                "ratio": round(screen.devicePixelRatio(), 2),
            }
            for screen in QGuiApplication.screens()
        ],
        "fonts": len(every),
        "chinese_fonts": chinese_fonts(),
        "known_fonts": sorted(every & _KNOWN),
        "font_in_use": used if used in _KNOWN else "another",
        "font_points": application.font().pointSize(),
        "input_method": module if module in _INPUT else "another" if module else "",
    }
