"""The look of the window: Fusion, a palette from the tokens, a few lines for containers.

Everything can change while the window is open: `apply` sets palette, font and style sheet, and
`signals().changed` tells those who paint or hold icons.
"""

from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPalette
from PySide6.QtWidgets import QApplication

from learnsite_desktop.ui.tokens import DARK, LIGHT, Tokens

FAMILIES: Final = (
    "Microsoft YaHei UI",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
    "sans-serif",
)
POINTS: Final = (10, 12, 14, 16)
"""The sizes of letters, in points; Ctrl + and Ctrl - go from one to the next."""

ICON_LINES: Final = 1.1
"""The side of an icon beside text, in heights of a line."""

_OUTLINED: Final = ("QCheckBox", "QRadioButton", "QComboBox", "QAbstractSpinBox", "QProgressBar")
_FUSION_DARKER: Final = 140

# Containers and lines only: a rule on a combo box, spin box or scroll bar would break its arrows.
_SHEET: Final = """
QToolTip {{ background: {base}; color: {text}; border: 1px solid {edge}; padding: {s}px; }}
QStatusBar {{ background: {window}; border-top: 1px solid {line}; }}
QStatusBar::item {{ border: none; }}
QStatusBar QLabel {{ padding: 0 {m}px; }}
QToolBar {{ border: none; spacing: {s}px; padding: {s}px; icon-size: {icon}px; }}
QFrame[role="card"] {{ background: {base}; border: 1px solid {line}; border-radius: {r}px; }}
QFrame[role="line"] {{ background: {line}; border: none; max-height: 1px; }}
QFrame[tone="error"] {{ background: {error}; border: 1px solid {error_t}; border-radius: {r}px; }}
QFrame[tone="warning"] {{
    background: {warning}; border: 1px solid {warning_t}; border-radius: {r}px; }}
QFrame[tone="ok"] {{ background: {ok}; border: 1px solid {ok_t}; border-radius: {r}px; }}
QFrame[tone="note"] {{ background: {note}; border: 1px solid {note_t}; border-radius: {r}px; }}
QLabel[role="muted"] {{ color: {muted}; }}
QLabel[tone="error"] {{ color: {error_t}; background: transparent; border: none; }}
QLabel[tone="warning"] {{ color: {warning_t}; background: transparent; border: none; }}
QLabel[tone="ok"] {{ color: {ok_t}; background: transparent; border: none; }}
QLabel[role="title"] {{ font-size: {title}pt; font-weight: bold; }}
QLabel[role="heading"] {{ font-weight: bold; }}
QAbstractItemView {{ border: 1px solid {line}; border-radius: {r}px;
    selection-background-color: {accent_bg}; selection-color: {text}; }}
QLineEdit, QPlainTextEdit {{ border: 1px solid {edge}; border-radius: {r}px; padding: {s}px; }}
QLineEdit {{ icon-size: {icon}px; }}
QLineEdit:focus, QPlainTextEdit:focus {{ border: 2px solid {accent}; padding: {s1}px; }}
QLineEdit[tone="error"] {{ background: {error}; border-color: {error_t}; }}
QAbstractSpinBox QLineEdit, QComboBox QLineEdit {{ border: none; padding: 0; }}
QComboBox, QAbstractSpinBox {{ min-height: {row}px; }}
QCheckBox::indicator, QRadioButton::indicator {{ width: {box}px; height: {box}px; }}
QListView[role="nav"] {{ background: {window}; border: none; border-right: 1px solid {line}; }}
QHeaderView {{ background: {window}; }}
QHeaderView::section {{ background: {window}; color: {muted}; border: none;
    border-bottom: 1px solid {line}; border-right: 1px solid {line}; padding: {s}px {m}px; }}
QPushButton {{ background: {button}; border: 1px solid {edge}; border-radius: {r}px;
    padding: {s}px {l}px; min-height: {row}px; }}
QPushButton:hover {{ background: {accent_bg}; }}
QPushButton:pressed {{ background: {line}; }}
QTabBar::tab {{ background: {window}; border: 1px solid {line}; padding: {s}px {l}px;
    border-top-left-radius: {r}px; border-top-right-radius: {r}px; }}
QPushButton:checked, QTabBar::tab:selected {{
    background: {accent_bg}; border-color: {accent}; color: {link}; }}
QPushButton:focus {{ border: 2px solid {accent}; }}
QPushButton[role="primary"] {{ background: {accent}; border-color: {accent}; color: {on_accent}; }}
QPushButton[role="primary"]:hover {{ background: {accent_hover}; }}
QPushButton[role="primary"]:focus {{ border: 2px solid {text}; }}
QLineEdit:disabled, QPushButton:disabled, QPushButton[role="primary"]:disabled {{
    color: {disabled}; border-color: {line}; background: {window}; }}
"""


class Signals(QObject):
    """Tells that the look has changed: new colours, another size of letters, or both."""

    changed = Signal()


class _Look:
    """What is applied at present."""

    tokens: Tokens = LIGHT
    points: int = POINTS[1]
    signals: Signals | None = None


def signals() -> Signals:
    """Return the object whose `changed` is emitted after every `apply`."""
    if _Look.signals is None:
        _Look.signals = Signals()
    return _Look.signals


def tokens() -> Tokens:
    """Return the colours in use."""
    return _Look.tokens


def points() -> int:
    """Return the size of letters in use, in points."""
    return _Look.points


def next_points(now: int, step: int) -> int:
    """Return the size one `step` (1 larger, -1 smaller) from `now`; the last one stays."""
    place = min(range(len(POINTS)), key=lambda number: abs(POINTS[number] - now))
    return POINTS[max(0, min(len(POINTS) - 1, place + step))]


def apply(app: QApplication, *, dark: bool, points: int) -> None:
    """Give the whole program this look; may be called again at any time."""
    _Look.tokens = DARK if dark else LIGHT
    _Look.points = points
    if app.style().name() != "fusion":
        app.setStyle("Fusion")
    font = font_of(points)
    app.setPalette(palette(_Look.tokens))
    special = {name: _outlined(_Look.tokens) for name in _OUTLINED}
    special["QMenu"] = _of_menus(_Look.tokens)
    for name, made in special.items():
        # The stubs ask for bytes, which PySide refuses.
        app.setPalette(made, name)  # type: ignore[arg-type]
    app.setFont(font)
    app.setStyleSheet(sheet(_Look.tokens, font))
    signals().changed.emit()


def be_calm() -> None:
    """Let nothing fade or slide: on an old computer that is waiting.

    Called when the first frame is on the screen: the enumerations of `Qt` take a tenth of a start.
    """
    from PySide6.QtCore import Qt  # noqa: PLC0415

    effect = Qt.UIEffect
    for one in (
        effect.UI_General,
        effect.UI_AnimateMenu,
        effect.UI_FadeMenu,
        effect.UI_AnimateCombo,
        effect.UI_AnimateTooltip,
        effect.UI_FadeTooltip,
        effect.UI_AnimateToolBox,
    ):
        QApplication.setEffectEnabled(one, False)


def font_of(points: int) -> QFont:
    """Return the font of the window in a size."""
    font = QFont(list(FAMILIES), points)
    font.setStyleHint(QFont.StyleHint.SansSerif)
    return font


def sheet(look: Tokens, font: QFont) -> str:
    """Return the style sheet of containers; lengths follow from the font."""
    height = QFontMetrics(font).height()
    return _SHEET.format(
        **{
            name: getattr(look, name)
            for name in look.__slots__
            if isinstance(getattr(look, name), str)
        },
        **{name: pair.back for name, pair in look.notices.items()},
        **{f"{name}_t": pair.text for name, pair in look.notices.items()},
        r=look.radius,
        s=max(2, height // 6),
        s1=max(1, height // 6 - 1),
        m=height // 3,
        l=height // 2 + 2,
        icon=round(height * ICON_LINES),
        row=round(height * 1.25),
        box=round(height * 0.8),
        title=round(font.pointSize() * 1.5),
    )


def _outlined(look: Tokens) -> QPalette:
    """Return the palette of controls: Fusion draws their outline as a darker window colour."""
    made = palette(look)
    made.setColor(QPalette.ColorRole.Window, QColor(look.edge).lighter(_FUSION_DARKER))
    return made


def _of_menus(look: Tokens) -> QPalette:
    """Return the palette of menus: icons keep their colour, so the line below them is pale."""
    made = palette(look)
    made.setColor(QPalette.ColorRole.Highlight, QColor(look.accent_bg))
    made.setColor(QPalette.ColorRole.HighlightedText, QColor(look.text))
    made.setColor(
        QPalette.ColorGroup.Disabled, QPalette.ColorRole.HighlightedText, QColor(look.disabled)
    )
    return made


def palette(look: Tokens) -> QPalette:
    """Return the palette of a set of colours."""
    role = QPalette.ColorRole
    made = QPalette()
    for name, colour in (
        (role.Window, look.window),
        (role.WindowText, look.text),
        (role.Base, look.base),
        (role.AlternateBase, look.zebra),
        (role.Text, look.text),
        (role.PlaceholderText, look.muted),
        (role.Button, look.button),
        (role.ButtonText, look.text),
        (role.BrightText, look.notices["error"].text),
        (role.ToolTipBase, look.base),
        (role.ToolTipText, look.text),
        (role.Highlight, look.accent),
        (role.HighlightedText, look.on_accent),
        (role.Accent, look.accent),
        (role.Link, look.link),
        (role.LinkVisited, look.link),
        (role.Light, look.base),
        (role.Midlight, look.line),
        (role.Mid, look.edge),
        (role.Dark, look.edge),
        (role.Shadow, look.edge),
    ):
        made.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        made.setColor(QPalette.ColorGroup.Disabled, name, QColor(look.disabled))
    made.setColor(QPalette.ColorGroup.Disabled, role.Base, QColor(look.window))
    made.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(look.line))
    return made
