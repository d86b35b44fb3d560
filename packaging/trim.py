"""What of Qt the program needs: the list that keeps a release small. Used by learnsite.spec."""

import re
from collections.abc import Iterable
from typing import Final

Entry = tuple[str, str, str]
"""As PyInstaller keeps them: the name in the release, the file here, the kind."""

PLUGINS: Final = {
    "platforms": {"qxcb", "qoffscreen", "qwayland", "qwindows", "qminimal"},
    "platforminputcontexts": {
        "ibusplatforminputcontextplugin",
        "composeplatforminputcontextplugin",
    },
    "platformthemes": {"qxdgdesktopportal"},
    "imageformats": {"qjpeg", "qsvg", "qico", "qwebp"},
    "iconengines": {"qsvgicon"},
    "printsupport": {"cupsprintersupport"},
    "xcbglintegrations": set[str](),
    "styles": {"qmodernwindowsstyle"},
    "wayland-shell-integration": {"xdg-shell"},
    "wayland-decoration-client": {"bradient"},
    "wayland-graphics-integration-client": set[str](),
}
"""Kept plugins by folder, as the file is called without `lib`, ending and Windows' `d`."""
MODULES: Final = {
    "Core", "DBus", "Gui", "Network", "OpenGL", "PrintSupport", "Svg", "SvgWidgets",
    "WaylandClient", "WaylandEglClientHwIntegration", "Widgets", "XcbQpa",
}  # fmt: skip
"""Kept libraries of Qt; Network for the talk between two starts of the program."""
BINDINGS: Final = {"QtCore", "QtGui", "QtNetwork", "QtPrintSupport", "QtSvg", "QtWidgets"}
TRANSLATIONS: Final = {"qtbase_zh_CN.qm", "qt_zh_CN.qm"}
STRAY: Final = re.compile(
    r"libgtk-3|libgdk|libcairo|libpango|libatk|libgcrypt|libgpg-error|libepoxy|libtiff|libreadline|libtinfo|libncurses"
    r"|opengl32sw|d3dcompiler|vcamp140|vcomp140|vccorlib140|pyside6qml"
)
"""What comes in by accident, through plugins that are not kept."""
SYSTEM: Final = re.compile(
    r"^(libfontconfig|libfreetype|libX11|libX11-xcb|libxkbcommon|libxkbcommon-x11|"
    r"lib(?:glib|gio|gobject|gmodule|gthread)-2\.0|libEGL|libGL|libGLdispatch|libGLX|libOpenGL|libdrm|libgbm|libdbus-1|libexpat|"
    r"libuuid|libpng16|libpcre|libsystemd|libcups|libavahi-.*|libgnutls|libstdc\+\+|libgcc_s|"
    r"libwayland-.*|libxcb|libgssapi_krb5|libkrb5|libkrb5support|libk5crypto|libcom_err|libkeyutils)"
    r"\.so"
)
"""What must be the target system's own: it fits its drivers and its settings."""


def kept(entries: Iterable[Entry]) -> list[Entry]:
    """Return the files that belong into a release."""
    return [one for one in entries if _is_wanted(one[0].replace("\\", "/"))]


def _is_wanted(name: str) -> bool:
    file = name.rpartition("/")[2]
    if STRAY.search(file) or SYSTEM.match(file) or "openssl/" in name or "_tkinter" in file:
        return False
    if "stdnum/" in name:
        return "stdnum/cn/" in name
    if "PySide6/" not in name and not file.startswith(("libQt6", "Qt6")):
        return True
    if "/translations/" in name:
        return file in TRANSLATIONS
    plugin = re.search(r"/plugins/([^/]+)/(?:lib)?([^/.]+)\.", name)
    if plugin:
        return plugin[2].removesuffix("-generic").removesuffix("-egl") in PLUGINS.get(
            plugin[1], set()
        )
    library = re.match(r"(?:lib)?Qt6([A-Za-z0-9]+)\.", file)
    if library:
        return library[1] in MODULES
    binding = re.match(r"(Qt[A-Za-z0-9]+)\.(?:abi3|pyd)", file)
    if binding:
        return binding[1] in BINDINGS
    return "/qml/" not in name and "/typesystems/" not in name and not file.endswith(".pyi")
